//! What is known of `apiextensions.k8s.io/v1 CustomResourceDefinition`?

use super::{Adds, HealthRule, Immutable, Keep, Kind, Manners, Scope};

/// What injects it, injects it into each cluster's own object.
static KEPT: &[Keep] = &[Keep::unsaid(
    "/spec/conversion/webhook/clientConfig/caBundle",
)];

static ADDS: &[Adds] = &[Adds::Conditions];

static IMMUTABLE: &[Immutable] = &[
    Immutable::at("/spec/group"),
    Immutable::at("/spec/names/kind"),
    Immutable::at("/spec/names/plural"),
    Immutable::at("/spec/scope"),
];

/// A type that users add to the API.
#[derive(Clone, Copy, Debug)]
pub struct CustomResourceDefinition;

impl Kind for CustomResourceDefinition {
    fn group(&self) -> &'static str {
        "apiextensions.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "CustomResourceDefinition"
    }

    fn plural(&self) -> &'static str {
        "customresourcedefinitions"
    }

    fn scope(&self) -> Scope {
        Scope::Cluster
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native => KEPT,
            Manners::KubeFed | Manners::Karmada => &[],
        }
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Ready("Established".into())
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }

    fn immutable(&self) -> &[Immutable] {
        IMMUTABLE
    }
}
