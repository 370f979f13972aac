//! How does KubeFed bring objects to clusters and take them away? What its configuration and the
//! annotations of a federated object say of it, as options.

use serde::Deserialize;
use serde_json::Value;

use super::constants::{CONFIG_NAME, DELETE_OPTIONS_ANNOTATION, ORPHAN_ANNOTATION};
use crate::dialect::{Entry, later};
use crate::identity::ObjectId;
use crate::location::Location;
use crate::problem::{Code, Problem};
use crate::reconcile::{Adoption, Options, Removal};

/// What stands in the annotation: Kubernetes' `DeleteOptions`, as far as KubeFed took it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeleteOptions {
    grace_period_seconds: Option<u32>,
    propagation_policy: Option<PropagationPolicy>,
}

#[derive(Deserialize)]
enum PropagationPolicy {
    Background,
    Foreground,
    Orphan,
}

/// The options of a federated object, and where it says something of them itself.
pub(super) fn options(
    entry: &Entry<'_>,
    adoption: Adoption,
    source: &ObjectId,
    problems: &mut Vec<Problem>,
) -> (Options, Option<Location>) {
    let mut options = Options::kubefed();
    options.adoption = adoption;
    let mut said = None;
    if let Some(text) = entry.annotation(DELETE_OPTIONS_ANNOTATION) {
        let at = entry.annotation_at(DELETE_OPTIONS_ANNOTATION);
        match text.as_str().map(serde_json::from_str::<DeleteOptions>) {
            Some(Ok(asked)) => {
                options.grace_period_seconds = asked.grace_period_seconds;
                options.removal = match asked.propagation_policy {
                    Some(PropagationPolicy::Foreground) => Removal::Foreground,
                    Some(PropagationPolicy::Orphan) => Removal::LeaveOwned,
                    Some(PropagationPolicy::Background) | None => Removal::Background,
                };
            }
            _ => problems.push(not_understood(&at).about(source)),
        }
        let ignored = without_effect(text, &at).into_iter();
        problems.extend(ignored.map(|problem| problem.about(source)));
        said = Some(at);
    }
    if entry.annotation(ORPHAN_ANNOTATION).and_then(Value::as_str) == Some("true") {
        options.withdrawal = Some(Removal::Orphan);
        said = Some(entry.annotation_at(ORPHAN_ANNOTATION));
    }
    (options, said)
}

/// Tells which of the options of a deletion have no effect yet.
fn without_effect(annotation: &Value, at: &Location) -> Vec<Problem> {
    let asked = annotation
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok());
    let asked: Value = asked.unwrap_or_default();
    let fields = asked
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.keys());
    fields
        .filter(|field| !["propagationPolicy", "gracePeriodSeconds"].contains(&field.as_str()))
        .map(|field| {
            let what =
                format!("{field} in the annotation {DELETE_OPTIONS_ANNOTATION} has no effect yet");
            later::not_yet(what).at(at.clone())
        })
        .collect()
}

fn not_understood(at: &Location) -> Problem {
    let message = format!(
        "the annotation {DELETE_OPTIONS_ANNOTATION} has no effect: it must hold JSON such as \
         {{\"propagationPolicy\":\"Foreground\",\"gracePeriodSeconds\":30}}"
    );
    Problem::error(Code::InvalidValue, message).at(at.clone())
}

/// Does KubeFed take over what was there before? It does, unless a configuration says otherwise.
pub(crate) fn adoption(configs: &[Entry<'_>]) -> Adoption {
    let mut said = configs
        .iter()
        .filter(|entry| entry.name == CONFIG_NAME)
        .filter_map(|entry| entry.get("/spec/syncController/adoptResources")?.as_str());
    if said.any(|said| said == "Disabled") {
        Adoption::Never
    } else {
        Adoption::Always
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{Document, Reading, read};
    use crate::kinds::Kinds;
    use crate::location::DocumentId;
    use crate::reconcile::{Conflicts, Write};
    use crate::world::Assumptions;
    use serde_json::json;

    fn reading(documents: &[Value]) -> Reading {
        let documents: Vec<_> = (0..).zip(documents).collect();
        let documents: Vec<_> = documents
            .into_iter()
            .map(|(number, value)| Document::new(DocumentId(number), value))
            .collect();
        read(&documents, &Kinds::builtin(), Assumptions::lenient())
    }

    fn options_of(documents: &[Value]) -> Options {
        let reading = reading(documents);
        assert_eq!(reading.intents.len(), 1);
        reading.intents[0].options().clone()
    }

    fn federated(annotations: &Value) -> Value {
        json!({
            "apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedConfigMap",
            "metadata": {"name": "colours", "namespace": "shop", "annotations": annotations},
            "spec": {"template": {}, "placement": {"clusters": []}},
        })
    }

    #[test]
    fn kubefed_writes_as_a_whole_and_overwrites() {
        let options = options_of(&[federated(&json!({}))]);
        assert_eq!(options, Options::kubefed());
        assert_eq!(options.write, Write::Update);
        assert_eq!(options.conflicts, Conflicts::Overwrite);
    }

    #[test]
    fn the_configuration_says_whether_objects_are_adopted() {
        let adopting = |word: &str, name: &str| {
            let config = json!({
                "apiVersion": "core.kubefed.io/v1beta1", "kind": "KubeFedConfig",
                "metadata": {"name": name, "namespace": "kube-federation-system"},
                "spec": {"scope": "Cluster", "syncController": {"adoptResources": word}},
            });
            options_of(&[config, federated(&json!({}))]).adoption
        };
        assert_eq!(adopting("Disabled", "kubefed"), Adoption::Never);
        assert_eq!(adopting("Enabled", "kubefed"), Adoption::Always);
        assert_eq!(adopting("Disabled", "other"), Adoption::Always);
    }

    #[test]
    fn annotations_say_how_it_goes_away() {
        let asked = r#"{"propagationPolicy": "Foreground", "gracePeriodSeconds": 30}"#;
        let options = options_of(&[federated(&json!({
            "kubefed.io/deleteoption": asked, "kubefed.io/orphan": "true",
        }))]);
        assert_eq!(options.removal, Removal::Foreground);
        assert_eq!(options.grace_period_seconds, Some(30));
        assert_eq!(options.withdrawal, Some(Removal::Orphan));
        let kept = options_of(&[federated(&json!({"kubefed.io/orphan": "false"}))]);
        assert_eq!(kept.withdrawal, None);

        let more = r#"{"preconditions": {"uid": "1"}, "propagationPolicy": "Orphan"}"#;
        let more = reading(&[federated(&json!({"kubefed.io/deleteoption": more}))]);
        let ignored = |problem: &Problem| problem.code == Code::NotYetHonoured;
        assert_eq!(
            more.problems
                .iter()
                .filter(|problem| ignored(problem))
                .count(),
            1
        );
        let wrong = reading(&[federated(&json!({"kubefed.io/deleteoption": "Foreground"}))]);
        let problem = &wrong.problems[0];
        assert_eq!(problem.code, Code::InvalidValue);
        assert!(problem.message.contains("has no effect"), "{problem:?}");
    }

    #[test]
    fn clusters_decide_their_replicas_where_the_object_says_so() {
        let saying = |said: Value| {
            let mut object = federated(&json!({}));
            object["spec"]["retainReplicas"] = said;
            object
        };
        assert!(options_of(&[saying(json!(true))]).retain_replicas);
        assert!(!options_of(&[saying(json!(false))]).retain_replicas);
        let wrong = reading(&[saying(json!("yes"))]);
        assert!(!wrong.intents[0].options().retain_replicas);
        assert_eq!(wrong.problems[0].code, Code::InvalidValue);

        let adding = json!({
            "apiVersion": "fed.dev/v1alpha1", "kind": "Propagation",
            "metadata": {"name": "colours", "namespace": "shop"},
            "spec": {
                "resources": [{
                    "apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedConfigMap",
                    "name": "colours",
                }],
                "options": {"retainReplicas": false, "drift": "Report"},
            },
        });
        let both = reading(&[saying(json!(true)), adding]);
        let codes: Vec<_> = both.problems.iter().map(|it| it.code).collect();
        assert!(codes.contains(&Code::FieldSetTwice), "{codes:?}");
        assert!(both.intents[0].options().retain_replicas);
        assert_eq!(
            both.intents[0].options().drift,
            crate::reconcile::Drift::Report
        );
    }

    #[test]
    fn a_type_says_whether_statuses_are_collected() {
        let with = |collection: &str| {
            let resource = |kind: &str, plural: &str| json!({"version": "v1", "kind": kind, "pluralName": plural, "scope": "Namespaced"});
            let config = json!({
                "apiVersion": "core.kubefed.io/v1beta1", "kind": "FederatedTypeConfig",
                "metadata": {"name": "configmaps", "namespace": "kube-federation-system"},
                "spec": {
                    "targetType": resource("ConfigMap", "configmaps"),
                    "federatedType": {
                        "group": "types.kubefed.io", "version": "v1beta1",
                        "kind": "FederatedConfigMap", "pluralName": "federatedconfigmaps",
                        "scope": "Namespaced",
                    },
                    "propagation": "Enabled", "statusCollection": collection,
                },
            });
            options_of(&[config, federated(&json!({}))]).collect_status
        };
        assert!(with("Enabled"));
        assert!(!with("Disabled"));
    }

    #[test]
    fn a_propagation_adds_options_and_leaves_what_it_does_not_say() {
        let adding = json!({
            "apiVersion": "fed.dev/v1alpha1", "kind": "Propagation",
            "metadata": {"name": "colours", "namespace": "shop"},
            "spec": {
                "resources": [{
                    "apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedConfigMap",
                    "name": "colours",
                }],
                "options": {"suspended": true},
            },
        });
        let options = options_of(&[federated(&json!({})), adding.clone()]);
        assert!(options.suspended);
        assert_eq!(options.write, Write::Update);
        let both = [federated(&json!({"kubefed.io/orphan": "true"})), adding];
        let codes: Vec<_> = reading(&both).problems.iter().map(|it| it.code).collect();
        assert!(codes.contains(&Code::FieldSetTwice), "{codes:?}");
        assert!(!options_of(&both).suspended);
    }
}
