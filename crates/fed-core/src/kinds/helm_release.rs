//! What is known of `helm.toolkit.fluxcd.io/v2 HelmRelease`?

use super::{Adds, Collects, HealthRule, Keep, Kind, Manners, Names, Noted, Scope};

/// Who holds it back in one cluster, means that cluster.
static KEPT: &[Keep] = &[Keep::unsaid("/spec/suspend")];

static KEPT_BY_KARMADA: &[Keep] = &[Keep::live("/spec/suspend")];

static NAMES: &[Names] = &[
    Names::core("ConfigMap", "/spec/valuesFrom/*/name").only("apiGroup"),
    Names::core("Secret", "/spec/valuesFrom/*/name").only("apiGroup"),
    Names::core("Secret", "/spec/chart/spec/verify/secretRef/name"),
    Names::core("Secret", "/spec/kubeConfig/secretRef/name"),
    Names::core("ServiceAccount", "/spec/serviceAccountName"),
];

const COLLECTS: Collects = Collects {
    counts: &["observedGeneration"],
    fields: &[
        "conditions",
        "failures",
        "helmChart",
        "installFailures",
        "lastAppliedRevision",
        "lastAttemptedRevision",
        "lastAttemptedValuesChecksum",
        "lastReleaseRevision",
        "upgradeFailures",
    ],
    native: &[],
    karmada_generation: Noted::IfSaid,
};

static ADDS: &[Adds] = &[
    Adds::Last("helmChart"),
    Adds::Last("lastAppliedRevision"),
    Adds::Last("lastAttemptedRevision"),
    Adds::Last("lastAttemptedValuesChecksum"),
    Adds::Last("lastReleaseRevision"),
    Adds::sum("failures"),
    Adds::sum("installFailures"),
    Adds::sum("upgradeFailures"),
    Adds::Conditions,
    Adds::Generation,
];

/// A Helm chart that Flux keeps installed.
#[derive(Clone, Copy, Debug)]
pub struct HelmRelease;

impl Kind for HelmRelease {
    fn group(&self) -> &'static str {
        "helm.toolkit.fluxcd.io"
    }

    fn version(&self) -> &'static str {
        "v2"
    }

    fn kind(&self) -> &'static str {
        "HelmRelease"
    }

    fn plural(&self) -> &'static str {
        "helmreleases"
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
