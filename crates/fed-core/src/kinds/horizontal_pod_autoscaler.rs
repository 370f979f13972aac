//! What is known of `autoscaling/v2 HorizontalPodAutoscaler`?

use super::{Kind, Scope};

/// How many replicas a workload has, by its load.
#[derive(Clone, Copy, Debug)]
pub struct HorizontalPodAutoscaler;

impl Kind for HorizontalPodAutoscaler {
    fn group(&self) -> &'static str {
        "autoscaling"
    }

    fn version(&self) -> &'static str {
        "v2"
    }

    fn kind(&self) -> &'static str {
        "HorizontalPodAutoscaler"
    }

    fn plural(&self) -> &'static str {
        "horizontalpodautoscalers"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }
}
