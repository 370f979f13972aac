//! What is known of `v1 Secret`?

use super::{Adds, HealthRule, Immutable, Keep, Kind, Local, Manners, Scope};

static IMMUTABLE: &[Immutable] = &[
    Immutable::at("/type").if_said(),
    Immutable::at("/data").if_set(FROZEN),
    Immutable::at("/stringData").if_set(FROZEN),
    Immutable::at(FROZEN).if_set(FROZEN),
];

/// Whoever sets it wants the object to stay as it is.
const FROZEN: &str = "/immutable";

/// A secret of this type is filled in by the cluster, for an account of its own.
const TOKEN: &[&str] = &["kubernetes.io/service-account-token"];

static KEPT: &[Keep] = &[
    Keep::live("/data").when("/type", TOKEN),
    Keep::live("/metadata/annotations/kubernetes.io~1service-account.uid").when("/type", TOKEN),
];

static LOCAL: &[Local] = &[
    Local::at("/data").when("/type", TOKEN),
    Local::at("/metadata/annotations/kubernetes.io~1service-account.uid").when("/type", TOKEN),
];

/// Settings that nobody else may read.
#[derive(Clone, Copy, Debug)]
pub struct Secret;

impl Kind for Secret {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Secret"
    }

    fn plural(&self) -> &'static str {
        "secrets"
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

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Exists
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        &[]
    }

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }

    fn local(&self, _manners: Manners) -> &[Local] {
        LOCAL
    }
}
