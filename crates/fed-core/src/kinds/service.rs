//! What is known of `v1 Service`?

use std::collections::BTreeMap;

use serde_json::Value;

use super::keep::Alike;
use super::paths::text;
use super::{
    Adds, ClusterStatus, Collects, Health, HealthRule, Immutable, Keep, Kind, Local, Manners,
    Misshapen, Needed, Noted, Reference, Scope, aggregate, health, reflect,
};
use crate::location::Pointer;

/// The name, the protocol and the number of a port.
const PORT: &[Alike] = &[
    Alike::by("name").or(""),
    Alike::by("protocol").or("TCP"),
    Alike::by("port"),
];

/// The same, without what the server fills in where nothing is said.
const PORT_AS_WRITTEN: &[Alike] = &[Alike::by("name"), Alike::by("protocol"), Alike::by("port")];

const TYPE: &str = "/spec/type";
const WITHOUT_ADDRESS: &[&str] = &["ExternalName"];
const WITHOUT_NODE_PORTS: &[&str] = &["ClusterIP", "ExternalName"];

/// Addresses and ports that the cluster gave. What people ask for themselves, a service without an
/// address included, stays as they ask.
static KEPT: &[Keep] = &[
    Keep::live("/spec/clusterIP")
        .text()
        .unless("/spec/clusterIP", &["None"]),
    Keep::live("/spec/clusterIPs")
        .texts()
        .unless("/spec/clusterIP", &["None"]),
    Keep::unsaid("/spec/ipFamilies")
        .texts()
        .unless(TYPE, WITHOUT_ADDRESS),
    Keep::unsaid("/spec/ipFamilyPolicy")
        .text()
        .unless(TYPE, WITHOUT_ADDRESS),
    Keep::unsaid("/spec/healthCheckNodePort")
        .port()
        .unless(TYPE, WITHOUT_NODE_PORTS),
    Keep::in_items("/spec/ports", PORT, "nodePort", false)
        .port()
        .unless(TYPE, WITHOUT_NODE_PORTS),
];

static KEPT_BY_KUBEFED: &[Keep] = &[
    Keep::live("/spec/clusterIP").text(),
    Keep::live("/spec/clusterIPs").texts(),
    Keep::live("/spec/healthCheckNodePort").port(),
    Keep::in_items("/spec/ports", PORT_AS_WRITTEN, "nodePort", true).port(),
];

static KEPT_BY_KARMADA: &[Keep] = &[
    Keep::live("/spec/clusterIP").text(),
    Keep::live("/spec/healthCheckNodePort").port(),
];

const COLLECTS: Collects = Collects {
    counts: &[],
    fields: &["loadBalancer"],
    native: &["conditions"],
    karmada_generation: Noted::Never,
};

static ADDS: &[Adds] = &[Adds::Addresses];

static IMMUTABLE: &[Immutable] = &[
    Immutable::at("/spec/clusterIP").if_said(),
    Immutable::at("/spec/loadBalancerClass").if_said(),
];

static LOCAL: &[Local] = &[
    Local::at("/spec/clusterIPs").unless("/spec/clusterIP", &["None"]),
    Local::at("/spec/clusterIP").unless("/spec/clusterIP", &["None"]),
];

/// One address for many pods.
#[derive(Clone, Copy, Debug)]
pub struct Service;

impl Kind for Service {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Service"
    }

    fn plural(&self) -> &'static str {
        "services"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn references(&self, object: &Value) -> Vec<Reference> {
        let path = Pointer::root().child("spec").child("selector");
        let labels = labels(path.resolve(object));
        if labels.is_empty() {
            Vec::new()
        } else {
            vec![Reference::new(path, Needed::Pods { labels })]
        }
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native => KEPT,
            Manners::KubeFed => KEPT_BY_KUBEFED,
            Manners::Karmada => KEPT_BY_KARMADA,
        }
    }

    fn health(&self, object: &Value, _manners: Manners) -> Health {
        let rule = if has_balancer(object) {
            HealthRule::Address
        } else {
            HealthRule::Exists
        };
        health::health(object, &rule, None)
    }

    fn collects(&self) -> Option<Collects> {
        Some(COLLECTS)
    }

    /// Only what has a load balancer has something to tell.
    fn reflect_status(&self, object: &Value, manners: Manners) -> Result<Option<Value>, Misshapen> {
        if !has_balancer(object) && manners != Manners::KubeFed {
            return Ok(None);
        }
        reflect::reflect(object, Some(COLLECTS), manners)
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }

    fn aggregate_status(
        &self,
        template: &Value,
        members: &[ClusterStatus<'_>],
        manners: Manners,
    ) -> Option<Value> {
        let adds_up = has_balancer(template) && manners != Manners::KubeFed;
        adds_up.then(|| aggregate::aggregate(template, members, ADDS, manners))
    }

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }

    fn local(&self, _manners: Manners) -> &[Local] {
        LOCAL
    }
}

/// The labels of a selector that is nothing but labels.
fn labels(selector: Option<&Value>) -> BTreeMap<String, String> {
    let labels = selector.and_then(Value::as_object).into_iter().flatten();
    labels
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn has_balancer(object: &Value) -> bool {
    text(object, TYPE) == "LoadBalancer"
}
