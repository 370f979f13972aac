//! What is known of `v1 Pod`?

use serde_json::Value;

use super::health;
use super::keep::Alike;
use super::paths::{items, text};
use super::{
    Adds, Health, HealthRule, HealthState, Immutable, Keep, Kind, Manners, Reference, Scope,
    pod_template,
};

const BY_NAME: &[Alike] = &[Alike::by("name")];

/// Where it runs, and what the cluster adds to it when it is made.
static KEPT: &[Keep] = &[
    Keep::live("/spec/nodeName"),
    Keep::live("/spec/serviceAccountName"),
    Keep::live("/spec/volumes"),
    Keep::in_items("/spec/initContainers", BY_NAME, "volumeMounts", true),
    Keep::in_items("/spec/containers", BY_NAME, "volumeMounts", true),
];

static STATES: &[(&str, HealthState)] = &[
    ("Succeeded", HealthState::Healthy),
    ("Pending", HealthState::Progressing),
    ("Failed", HealthState::Degraded),
];

/// Why a container waits that will not start by waiting.
const STUCK: &[&str] = &[
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "CreateContainerError",
    "ErrImageNeverPull",
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "RunContainerError",
];

const TOLD: &[&str] = &["ready", "state"];

static ADDS: &[Adds] = &[
    Adds::Phase(&["Failed", "Pending", "Running", "Succeeded"], "Pending"),
    Adds::Fields("initContainerStatuses", TOLD),
    Adds::Fields("containerStatuses", TOLD),
];

static IMMUTABLE: &[Immutable] = &[Immutable::all_but(
    "/spec",
    &[
        "/activeDeadlineSeconds",
        "/containers/*/image",
        "/initContainers/*/image",
        "/schedulingGates",
        "/tolerations",
    ],
)];

/// Containers that run together on one node.
#[derive(Clone, Copy, Debug)]
pub struct Pod;

impl Kind for Pod {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Pod"
    }

    fn plural(&self) -> &'static str {
        "pods"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native | Manners::Karmada => KEPT,
            Manners::KubeFed => &[],
        }
    }

    fn replicas(&self, _object: &Value) -> Option<i64> {
        Some(1)
    }

    fn health(&self, object: &Value, _manners: Manners) -> Health {
        if let Some(health) = health::terminating(object) {
            return health;
        }
        if let Some(reason) = stuck(object) {
            let message = "a container does not start";
            return Health::new(HealthState::Degraded, reason.to_owned(), message);
        }
        let rule = if text(object, "/status/phase") == "Running" {
            HealthRule::Ready("Ready".into())
        } else {
            HealthRule::Phases {
                path: "/status/phase",
                states: STATES,
            }
        };
        let mut health = health::health(object, &rule, None);
        // A pod that runs is not ready while it starts.
        let is_starting = text(object, "/status/phase") == "Running";
        if is_starting && health.state == HealthState::Degraded {
            health.state = HealthState::Progressing;
        }
        health
    }

    fn references(&self, object: &Value) -> Vec<Reference> {
        pod_template::references(object, "")
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }
}

/// Why a container of the pod will not start by waiting, if so.
fn stuck(object: &Value) -> Option<&str> {
    let lists = ["/status/initContainerStatuses", "/status/containerStatuses"];
    let containers = lists.into_iter().flat_map(|list| items(object, list));
    let reasons = containers.map(|container| text(container, "/state/waiting/reason"));
    reasons.into_iter().find(|reason| STUCK.contains(reason))
}
