//! Which of the webhooks' refusals matter to a document in a file? It has no status yet, and
//! planning goes on without much of what an API server insists on.

use super::Validate;
use crate::dialect::Entry;
use crate::problem::{Code, Problem, Severity};

/// The refusals of a document that was read from a file, each as grave as `weigh` takes it;
/// `None` leaves it out. Its status is not looked at.
pub(in crate::dialect::kubefed) fn refused<T: Validate>(
    document: &T,
    entry: &Entry<'_>,
    weigh: impl Fn(&Problem) -> Option<Severity>,
) -> Vec<Problem> {
    let problems = document.validate(None, &entry.at).into_iter();
    problems
        .filter_map(|problem| Some(of_kubefed(weigh(&problem)?, problem, entry)))
        .collect()
}

/// The refusals of the status of a document that was read from a file, as warnings. What is
/// missing is not missed: controllers write it.
pub(in crate::dialect::kubefed) fn refused_status<T: Validate>(
    document: &T,
    entry: &Entry<'_>,
) -> Vec<Problem> {
    let problems = document.validate_status(&entry.at).into_iter();
    problems
        .filter(|problem| problem.code != Code::MissingField)
        .map(|problem| of_kubefed(Severity::Warning, problem, entry))
        .collect()
}

fn of_kubefed(severity: Severity, mut problem: Problem, entry: &Entry<'_>) -> Problem {
    problem.severity = severity;
    problem.message = format!("KubeFed refuses {}: {}", entry.id(), problem.message);
    problem.about(&entry.id())
}

/// Does the problem stand at `path` of the entry, or in it?
pub(in crate::dialect::kubefed) fn stands_in(
    problem: &Problem,
    entry: &Entry<'_>,
    path: &str,
) -> bool {
    let place = entry.at.join(path);
    problem
        .at
        .as_ref()
        .is_some_and(|at| at.path.starts_with(&place.path))
}

#[cfg(test)]
mod tests {
    use crate::dialect::{Document, Reading, read};
    use crate::{Assumptions, DocumentId, Severity, kinds::Kinds};
    use serde_json::{Value, json};

    fn reading(kind: &str, name: &str, spec: &Value, status: &Value) -> Reading {
        let mut document = json!({
            "apiVersion": "core.kubefed.io/v1beta1", "kind": kind,
            "metadata": {"name": name, "namespace": "kube-federation-system"},
        });
        for (field, value) in [("spec", spec), ("status", status)] {
            if !value.is_null() {
                document[field] = value.clone();
            }
        }
        let documents = [Document::new(DocumentId(0), &document)];
        read(&documents, &Kinds::default(), Assumptions::lenient())
    }

    /// What KubeFed refuses: how grave it is, and where it stands.
    fn refused(reading: &Reading) -> Vec<(Severity, &str)> {
        let of_kubefed = |message: &str| message.starts_with("KubeFed refuses ");
        reading
            .problems
            .iter()
            .filter(|problem| of_kubefed(&problem.message))
            .map(|problem| (problem.severity, problem.at.as_ref().unwrap().path.as_str()))
            .collect()
    }

    #[test]
    fn a_cluster_need_not_say_how_it_is_reached() {
        let told = json!({"conditions": [{"type": "Ready", "status": "True"}]});
        let quiet = reading("KubeFedCluster", "a", &json!(null), &told);
        assert!(refused(&quiet).is_empty());
        assert!(quiet.problems.is_empty());
    }

    #[test]
    fn what_a_cluster_says_wrongly_is_a_warning_and_it_is_planned_for() {
        let spec = json!({"apiEndpoint": "tcp://a", "proxyURL": "http://proxy"});
        let status = json!({"conditions": [{"type": "Ready", "status": "true"}]});
        let reading = reading("KubeFedCluster", "a", &spec, &status);
        let expected = [
            (Severity::Warning, "/spec/apiEndpoint"),
            (Severity::Warning, "/spec/secretRef"),
            (Severity::Warning, "/status/conditions/0/status"),
        ];
        assert_eq!(refused(&reading), expected);
        assert_eq!(reading.fleet.len(), 1);
    }

    #[test]
    fn a_configuration_is_judged_after_its_defaults_and_its_scope_is_told_once() {
        let short = reading(
            "KubeFedConfig",
            "kubefed",
            &json!({"scope": "Cluster"}),
            &json!(null),
        );
        assert!(refused(&short).is_empty());
        let spec = json!({"scope": "cluster", "leaderElect": {"leaseDuration": "5s"}});
        let wrong = reading("KubeFedConfig", "kubefed", &spec, &json!(null));
        assert_eq!(
            refused(&wrong),
            [(Severity::Warning, "/spec/leaderElect/leaseDuration")]
        );
        let about_scope = |path: &str| path == "/spec/scope" || path == "/spec";
        for reading in [
            &wrong,
            &reading("KubeFedConfig", "kubefed", &json!({}), &json!(null)),
        ] {
            let told = reading
                .problems
                .iter()
                .filter_map(|problem| problem.at.as_ref());
            assert_eq!(told.filter(|at| about_scope(at.path.as_str())).count(), 1);
        }
    }

    #[test]
    fn a_type_is_declared_though_kubefed_would_ask_for_more() {
        let target = json!({"version": "v1", "kind": "Widget", "scope": "Namespaced"});
        let federated = json!({"version": "v1", "kind": "FederatedWidget", "group": "a.example"});
        let spec =
            json!({"targetType": target, "federatedType": federated, "propagation": "disabled"});
        let reading = reading(
            "FederatedTypeConfig",
            "widgets.example.com",
            &spec,
            &json!(null),
        );
        let expected = [
            (Severity::Warning, "/spec/federatedType"),
            (Severity::Warning, "/spec/federatedType"),
            (Severity::Error, "/spec/propagation"),
            (Severity::Warning, "/spec/targetType"),
        ];
        assert_eq!(refused(&reading), expected);
    }
}
