//! What is known of `serving.knative.dev/v1 Service`?

use super::{Adds, HealthRule, Kind, Manners, Scope};

static ADDS: &[Adds] = &[Adds::Last("url"), Adds::Conditions, Adds::Generation];

/// Pods that come and go with the requests.
#[derive(Clone, Copy, Debug)]
pub struct KnativeService;

impl Kind for KnativeService {
    fn group(&self) -> &'static str {
        "serving.knative.dev"
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

    fn pod_template_path(&self) -> Option<&str> {
        Some("/spec/template")
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Ready("Ready".into())
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }
}
