//! How is a plain object federated? It becomes the template of its Federated kind, without what
//! belongs to the one cluster that it comes from.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use super::constants::{
    CORE_GROUP, FEDERATED_KIND_PREFIX, SCHEDULING_GROUP, TYPES_GROUP, TYPES_VERSION,
};
use super::{dropped_metadata, local_fields};
use crate::depth;
use crate::dialect::local_metadata::is_empty;
use crate::dialect::{native, read_type, text};
use crate::identity::{GroupVersionKind, ObjectId};
use crate::kinds::{Kinds, Scope};
use crate::location::Location;
use crate::problem::{Code, Problem};

/// Wraps plain objects into their Federated kinds, to be placed in all clusters.
///
/// ```
/// use fed_core::Location;
/// use fed_core::dialect::kubefed::Federator;
/// use fed_core::kinds::Kinds;
/// use serde_json::json;
///
/// let service = json!({
///     "apiVersion": "v1",
///     "kind": "Service",
///     "metadata": {"name": "web", "namespace": "shop", "labels": {"app": "web"}},
///     "spec": {"clusterIP": "10.0.0.7", "ports": [{"port": 80}]},
/// });
/// let federator = Federator::new(&Kinds::builtin());
/// let wrapped = federator.federate(&service, &Location::in_code())?;
/// assert_eq!(
///     wrapped.value,
///     json!({
///         "apiVersion": "types.kubefed.io/v1beta1",
///         "kind": "FederatedService",
///         "metadata": {"name": "web", "namespace": "shop"},
///         "spec": {
///             "placement": {"clusterSelector": {"matchLabels": {}}},
///             "template": {
///                 "metadata": {"labels": {"app": "web"}},
///                 "spec": {"ports": [{"port": 80}]},
///             },
///         },
///     })
/// );
/// assert_eq!(
///     wrapped.problems[0].message,
///     "spec.clusterIP is left out: each cluster gives the service an address of its own"
/// );
/// # Ok::<(), fed_core::Problem>(())
/// ```
#[derive(Clone, Debug)]
pub struct Federator {
    kinds: Kinds,
    takes_unknown_kinds: bool,
    types: BTreeMap<(String, String), GroupVersionKind>,
}

/// A federated object, and what is worth knowing of how it came to be.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Wrapped {
    /// The federated object.
    pub value: Value,
    /// What was left out, and what to do about it. Problems stand in the plain object.
    pub problems: Vec<Problem>,
}

// The object may be a Secret: its values are not for logs.
impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wrapped")
            .field("kind", &self.value.get("kind"))
            .field("metadata", &self.value.get("metadata"))
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

impl Federator {
    /// Federates objects of these kinds.
    pub fn new(kinds: &Kinds) -> Self {
        Self {
            kinds: kinds.clone(),
            takes_unknown_kinds: false,
            types: BTreeMap::new(),
        }
    }

    /// The same, and objects of any other kind, too. Whether one is in a namespace is told by the
    /// object alone.
    #[must_use]
    pub fn with_unknown_kinds(mut self) -> Self {
        self.takes_unknown_kinds = true;
        self
    }

    /// The same, but objects of the target's group and kind become `federated`, as a
    /// FederatedTypeConfig has it. Else the convention holds: `types.kubefed.io/v1beta1`, and
    /// `Federated` before the kind.
    #[must_use]
    pub fn with_type(mut self, target: &GroupVersionKind, federated: GroupVersionKind) -> Self {
        let key = (target.group().to_owned(), target.kind().to_owned());
        self.types.insert(key, federated);
        self
    }

    /// Federates the object that stands at `at`.
    ///
    /// Of its metadata only the labels go into the template, as in KubeFed. What else people write
    /// there is reported; what a server wrote is not missed.
    pub fn federate(&self, object: &Value, at: &Location) -> Result<Wrapped, Problem> {
        depth::check(object, at)?;
        let gvk = read_type(object, at)?;
        let federated = self.federated_type(&gvk, object, at)?;
        let name = text(object, at, "/metadata/name")?;
        let own_namespace = text(object, at, "/metadata/namespace")?;

        let mut problems = Vec::new();
        if name.is_none() {
            let message = "the object has no name: write metadata.name before it is used";
            problems.push(Problem::warning(Code::MissingField, message).at(at.child("metadata")));
        }
        let namespace = self.namespace(&gvk, name, own_namespace, at, &mut problems);
        let mut metadata = Map::new();
        for (field, value) in [("name", name), ("namespace", namespace)] {
            if let Some(value) = value {
                metadata.insert(field.to_owned(), value.into());
            }
        }
        let template = template(object, &gvk, at, &mut problems);
        let id = ObjectId::new(gvk, own_namespace, name.unwrap_or_default());
        Ok(Wrapped {
            value: json!({
                "apiVersion": federated.api_version(),
                "kind": federated.kind(),
                "metadata": metadata,
                "spec": {
                    "placement": {"clusterSelector": {"matchLabels": {}}},
                    "template": template,
                },
            }),
            problems: problems
                .into_iter()
                .map(|problem| problem.about(&id))
                .collect(),
        })
    }

    /// What the object becomes, unless it is none to federate.
    fn federated_type(
        &self,
        gvk: &GroupVersionKind,
        object: &Value,
        at: &Location,
    ) -> Result<GroupVersionKind, Problem> {
        let refuse = |code, message: String| Err(Problem::error(code, message).at(at.clone()));
        if gvk.kind().ends_with("List") && object.get("items").is_some_and(Value::is_array) {
            let message = "a list is not federated: federate each of its items";
            return refuse(Code::NotAnObject, message.to_owned());
        }
        if self.is_federated(gvk) {
            return refuse(Code::InvalidValue, format!("{gvk} is federated already"));
        }
        if [CORE_GROUP, SCHEDULING_GROUP, native::GROUP].contains(&gvk.group()) {
            let message = format!("{gvk} tells how to federate, and is not federated itself");
            return refuse(Code::InvalidValue, message);
        }
        let key = (gvk.group().to_owned(), gvk.kind().to_owned());
        if let Some(federated) = self.types.get(&key) {
            return Ok(federated.clone());
        }
        if !self.takes_unknown_kinds && self.kinds.find(gvk.group(), gvk.kind()).is_none() {
            let message = format!(
                "nothing is known of the kind {gvk}: declare it, or allow kinds that are not known"
            );
            return refuse(Code::UnknownKind, message);
        }
        let kind = format!("{FEDERATED_KIND_PREFIX}{}", gvk.kind());
        Ok(GroupVersionKind::new(TYPES_GROUP, TYPES_VERSION, &kind))
    }

    fn is_federated(&self, gvk: &GroupVersionKind) -> bool {
        gvk.group() == TYPES_GROUP && gvk.kind().starts_with(FEDERATED_KIND_PREFIX)
            || self.types.values().any(|known| known.same_kind(gvk))
    }

    /// The namespace of the federated object: a namespace's own is the one that it makes.
    fn namespace<'o>(
        &self,
        gvk: &GroupVersionKind,
        name: Option<&'o str>,
        stated: Option<&'o str>,
        at: &Location,
        problems: &mut Vec<Problem>,
    ) -> Option<&'o str> {
        if gvk.group().is_empty() && gvk.kind() == "Namespace" {
            return name;
        }
        let kind = self.kinds.find(gvk.group(), gvk.kind());
        let cluster_wide = kind.is_some_and(|kind| kind.scope() == Scope::Cluster);
        if cluster_wide && stated.is_some() {
            let message = format!("metadata.namespace is left out: no {} has one", gvk.kind());
            let at = at.child("metadata").child("namespace");
            problems.push(Problem::note(Code::FieldDropped, message).at(at));
        }
        stated.filter(|_| !cluster_wide)
    }
}

/// The object without what names it, and without what belongs to one cluster.
fn template(
    object: &Value,
    gvk: &GroupVersionKind,
    at: &Location,
    problems: &mut Vec<Problem>,
) -> Value {
    let mut template = object.clone();
    let Some(fields) = template.as_object_mut() else {
        return template;
    };
    for field in ["apiVersion", "kind", "status"] {
        fields.remove(field);
    }
    if let Some(metadata) = fields.remove("metadata") {
        let labels = metadata.get("labels").filter(|value| !is_empty(value));
        if let Some(labels) = labels {
            fields.insert("metadata".to_owned(), json!({"labels": labels}));
        }
        dropped_metadata::report(&metadata, &at.child("metadata"), problems);
    }
    local_fields::remove(&mut template, gvk, at, problems);
    template
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::{Document, read};
    use crate::{Assumptions, DocumentId, Severity};

    fn told(wrapped: &Wrapped) -> Vec<(Severity, &str)> {
        let problems = wrapped.problems.iter();
        problems
            .map(|problem| (problem.severity, problem.at.as_ref().unwrap().path.as_str()))
            .collect()
    }

    #[test]
    fn whatever_is_federated_is_read_as_the_same_object() {
        let kinds = Kinds::builtin();
        for kind in kinds.iter() {
            let gvk = kind.gvk();
            let namespace = (kind.scope() == Scope::Namespaced).then_some("shop");
            let object = json!({
                "apiVersion": gvk.api_version(), "kind": gvk.kind(),
                "metadata": {"name": "a", "namespace": namespace, "labels": {"app": "a"}},
                "spec": {"x": 1}, "data": {"y": "z"},
            });
            let wrapped = Federator::new(&kinds)
                .federate(&object, &Location::in_code())
                .unwrap();
            let documents = [Document::new(DocumentId(0), &wrapped.value)];
            let reading = read(&documents, &kinds, Assumptions::none());
            let [intent] = reading.intents.as_slice() else {
                panic!("{gvk}: {:?}", reading.problems)
            };
            assert!(reading.problems.is_empty(), "{:?}", reading.problems);
            assert_eq!(intent.target(), &ObjectId::new(gvk, namespace, "a"));
            let template = intent.template().to_value();
            for part in ["/metadata/labels", "/spec", "/data"] {
                assert_eq!(template.pointer(part), object.pointer(part), "{part}");
            }
        }
    }

    #[test]
    fn what_people_wrote_and_is_left_out_is_told() {
        let object = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": {
                "name": "a", "namespace": "shop", "uid": "1", "labels": {}, "generateName": "",
                "annotations": {"team": "x", "kubectl.kubernetes.io/last-applied-configuration": "{}"},
                "finalizers": ["a/b"], "ownerReferences": [{}], "clusterName": "old",
            },
            "rules": [],
            "status": {},
        });
        let federator = Federator::new(&Kinds::builtin());
        let wrapped = federator.federate(&object, &Location::in_code()).unwrap();
        let expected = [
            (Severity::Note, "/metadata/namespace"),
            (Severity::Warning, "/metadata/annotations"),
            (Severity::Warning, "/metadata/clusterName"),
            (Severity::Note, "/metadata/finalizers"),
            (Severity::Note, "/metadata/ownerReferences"),
        ];
        assert_eq!(told(&wrapped), expected);
        assert_eq!(wrapped.value["spec"]["template"], json!({"rules": []}));
        assert_eq!(wrapped.value["metadata"], json!({"name": "a"}));
    }

    #[test]
    fn what_tells_how_to_federate_is_not_federated() {
        let own = GroupVersionKind::new("fed.example.com", "v2", "PlacedWidget");
        let widget = GroupVersionKind::new("example.com", "v1", "Widget");
        let federator = Federator::new(&Kinds::builtin())
            .with_unknown_kinds()
            .with_type(&widget, own);
        let federate = |api_version: &str, kind: &str| {
            let object = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}, "items": []});
            federator.federate(&object, &Location::in_code())
        };
        for (api_version, kind) in [
            ("v1", "List"),
            ("types.kubefed.io/v1beta1", "FederatedSecret"),
            ("fed.example.com/v1", "PlacedWidget"),
            ("core.kubefed.io/v1beta1", "KubeFedCluster"),
            (
                "scheduling.kubefed.io/v1alpha1",
                "ReplicaSchedulingPreference",
            ),
            ("fed.dev/v1alpha1", "Propagation"),
        ] {
            assert!(federate(api_version, kind).is_err(), "{kind}");
        }
        let wrapped = federate("example.com/v1", "Widget").unwrap();
        assert_eq!(wrapped.value["apiVersion"], "fed.example.com/v2");
        assert_eq!(wrapped.value["kind"], "PlacedWidget");
    }

    #[test]
    fn a_kind_that_is_not_known_is_federated_only_on_request() {
        let object = json!({"apiVersion": "a.b/v1", "kind": "Odd", "metadata": {"name": "a"}});
        let federator = Federator::new(&Kinds::builtin());
        let problem = federator
            .federate(&object, &Location::in_code())
            .unwrap_err();
        assert_eq!(problem.code, Code::UnknownKind);
        let wrapped = federator
            .with_unknown_kinds()
            .federate(&object, &Location::in_code());
        assert_eq!(wrapped.unwrap().value["kind"], "FederatedOdd");
    }

    #[test]
    fn debug_output_shows_no_value() {
        let object = json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"},
            "stringData": {"password": "hunter2"},
        });
        let federator = Federator::new(&Kinds::builtin());
        let wrapped = federator.federate(&object, &Location::in_code()).unwrap();
        assert!(!format!("{wrapped:?}").contains("hunter2"));
    }
}
