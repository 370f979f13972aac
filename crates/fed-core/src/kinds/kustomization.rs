//! What is known of `kustomize.toolkit.fluxcd.io/v1 Kustomization`?

use super::{Adds, Collects, HealthRule, Keep, Kind, Manners, Names, Noted, Scope};

/// Who holds it back in one cluster, means that cluster.
static KEPT: &[Keep] = &[Keep::unsaid("/spec/suspend")];

static KEPT_BY_KARMADA: &[Keep] = &[Keep::live("/spec/suspend")];

static NAMES: &[Names] = &[
    Names::core("Secret", "/spec/decryption/secretRef/name"),
    Names::core("Secret", "/spec/kubeConfig/secretRef/name"),
    Names::core("ServiceAccount", "/spec/serviceAccountName"),
];

const COLLECTS: Collects = Collects {
    counts: &["observedGeneration"],
    fields: &["conditions", "lastAppliedRevision", "lastAttemptedRevision"],
    native: &[],
    karmada_generation: Noted::IfSaid,
};

static ADDS: &[Adds] = &[
    Adds::Last("lastAppliedRevision"),
    Adds::Last("lastAttemptedRevision"),
    Adds::Conditions,
    Adds::Generation,
];

/// Manifests of a repository that Flux keeps applied.
#[derive(Clone, Copy, Debug)]
pub struct Kustomization;

impl Kind for Kustomization {
    fn group(&self) -> &'static str {
        "kustomize.toolkit.fluxcd.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Kustomization"
    }

    fn plural(&self) -> &'static str {
        "kustomizations"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native => KEPT,
            Manners::Karmada => KEPT_BY_KARMADA,
            Manners::KubeFed => &[],
        }
    }

    fn health_rule(&self, manners: Manners) -> HealthRule {
        match manners {
            Manners::Karmada => HealthRule::ReadyFor("Ready", "ReconciliationSucceeded"),
            Manners::Native | Manners::KubeFed => HealthRule::Ready("Ready".into()),
        }
    }

    fn names(&self) -> &[Names] {
        NAMES
    }

    fn collects(&self) -> Option<Collects> {
        Some(COLLECTS)
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }
}
