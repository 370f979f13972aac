//! What is known of `batch/v1 Job`?

use super::{Kind, Scope};

/// Pods that run until their work is done; as many at once as `parallelism` says.
#[derive(Clone, Copy, Debug)]
pub struct Job;

impl Kind for Job {
    fn group(&self) -> &'static str {
        "batch"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Job"
    }

    fn plural(&self) -> &'static str {
        "jobs"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn replicas_path(&self) -> Option<&str> {
        Some("/spec/parallelism")
    }

    fn ready_path(&self) -> &'static str {
        "/status/active"
    }

    fn pod_template_path(&self) -> Option<&str> {
        Some("/spec/template")
    }
}
