//! How does a user declare a kind in a document, without writing Rust?

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::computed::Computed;
use super::dependencies::Names;
use super::expressions::KindExpressions;
use super::keep::{Keep, is_identity};
use super::local::Local;
use super::replace::Immutable;
use super::{Adds, DeclaredKind, HealthRule, Scope};
use crate::dialect::field_name;
use crate::identity::GroupVersionKind;
use crate::location::Pointer;

/// A kind as a user declares it: where things stand, as JSON Pointers, and what paths cannot say as
/// [expressions](KindExpressions). What neither can say, such as rules that differ by
/// [`Manners`](super::Manners), only a [`Kind`](super::Kind) can.
///
/// ```
/// use fed_core::kinds::{Kind, Kinds, KindDocument, Manners};
/// use serde_json::json;
///
/// let document: KindDocument = serde_json::from_value(json!({
///     "group": "ml.example.com", "version": "v1", "kind": "TrainingRun",
///     "plural": "trainingruns", "scope": "Namespaced",
///     "replicasPath": "/spec/workers",
///     "keep": ["/spec/queueSlot"],
///     "readyCondition": "Trained",
///     "dependencies": [{"kind": "Secret", "path": "/spec/registry/secretName"}],
///     "sums": ["epochs"],
///     "immutable": ["/spec/dataset"],
/// })).expect("well formed");
/// let kinds = Kinds::builtin().with(document.declare().expect("paths"));
/// let kind = kinds.find("ml.example.com", "TrainingRun").expect("just added");
/// let run = json!({"spec": {"workers": 3, "registry": {"secretName": "pull"}}});
/// assert_eq!(kind.replicas(&run), Some(3));
/// assert_eq!(kind.references(&run).len(), 1);
/// assert!(!kind.health(&run, Manners::Native).is_healthy());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct KindDocument {
    /// The API group, empty for the core group.
    pub group: String,
    /// The version to prefer.
    pub version: String,
    /// The name of the kind.
    pub kind: String,
    /// The plural, as it stands in the paths of the API.
    pub plural: String,
    /// Do its objects live in a namespace?
    pub scope: Scope,
    /// Where an object says how many replicas it wants, as in the `/scale` of its definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas_path: Option<String>,
    /// Where an object that runs says how many of its replicas are ready; absent,
    /// `/status/readyReplicas`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_replicas_path: Option<String>,
    /// Where an object has a number that is divided along with its replicas, in the same
    /// proportions, such as the completions of a Job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub divided_along_path: Option<String>,
    /// Where an object has the template of its pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_template_path: Option<String>,
    /// Fields that clusters fill in where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// Fields in which an object speaks of the one cluster that it was taken from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub local: Vec<String>,
    /// The condition that tells whether an object is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_condition: Option<String>,
    /// Where objects name others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<DependencyRule>,
    /// Numbers of the status that add up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<String>,
    /// Fields that cannot be changed once an object is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub immutable: Vec<String>,
    /// What is computed, where paths are not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expressions: Option<KindExpressions>,
}

/// A place where objects of a declared kind name others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct DependencyRule {
    /// The API group of what is named, empty for the core group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The kind of what is named.
    pub kind: String,
    /// Where the name stands; `*` stands for every element of a list.
    pub path: String,
}

/// Why a document declares no kind: one of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Misdeclared {
    /// Where in the document.
    pub path: Pointer,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for Misdeclared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", field_name(&self.path), self.message)
    }
}

impl std::error::Error for Misdeclared {}

impl KindDocument {
    /// The kind, or all that is wrong with the document. Expressions are read here, once.
    pub fn declare(self) -> Result<DeclaredKind, Vec<Misdeclared>> {
        let mut faults = Faults::default();
        faults.of_fields(&self);
        let mut kind = DeclaredKind::new(
            GroupVersionKind::new(&self.group, &self.version, &self.kind),
            self.plural,
            self.scope,
        );
        if let Some(path) = faults.path("replicasPath", self.replicas_path) {
            kind = kind.with_replicas_path(path);
        }
        if let Some(path) = faults.path("readyReplicasPath", self.ready_replicas_path) {
            kind.ready_path = path;
        }
        kind.divided_along = faults.path("dividedAlongPath", self.divided_along_path);
        kind.pod_template_path = faults.path("podTemplatePath", self.pod_template_path);
        kind.kept = faults.paths("keep", self.keep, Keep::declared);
        kind.local = faults.paths("local", self.local, Local::declared);
        kind.immutable = faults.paths("immutable", self.immutable, Immutable::declared);
        kind.names = faults.dependencies(self.dependencies);
        if let Some(condition) = self.ready_condition {
            kind.health = HealthRule::Ready(condition.into());
        }
        if !self.sums.is_empty() {
            let sums = self.sums.into_iter().map(|field| Adds::Sum(field.into()));
            kind.adds = sums.chain([Adds::Conditions, Adds::Generation]).collect();
        }
        if let Some(expressions) = self.expressions {
            kind.computed = Computed::read(expressions, &mut |name, fault| {
                let at = Pointer::root().child("expressions").child(name);
                faults.tell(at, fault.to_string());
            });
        }
        if faults.0.is_empty() {
            Ok(kind)
        } else {
            Err(faults.0)
        }
    }
}

/// What is wrong with a document.
#[derive(Default)]
struct Faults(Vec<Misdeclared>);

impl Faults {
    fn tell(&mut self, path: Pointer, message: impl Into<String>) {
        let message = message.into();
        self.0.push(Misdeclared { path, message });
    }

    /// What is missing, and what only makes sense beside another field.
    fn of_fields(&mut self, document: &KindDocument) {
        let at = |field: &str| Pointer::root().child(field);
        for (field, text) in [
            ("version", &document.version),
            ("kind", &document.kind),
            ("plural", &document.plural),
        ] {
            if text.is_empty() {
                self.tell(at(field), "must not be empty");
            }
        }
        let Some(expressions) = &document.expressions else {
            return;
        };
        let at = |field: &str| Pointer::root().child("expressions").child(field);
        if document.group.is_empty() && document.kind == "Secret" {
            let message = "the kind of Secrets takes no expressions, so that no message quotes one";
            self.tell(Pointer::root().child("expressions"), message);
        }
        if expressions.replicas.is_some() && document.replicas_path.is_none() {
            let message =
                "needs replicasPath beside it, where the replicas of each cluster are written";
            self.tell(at("replicas"), message);
        }
        if expressions.health.is_some() && document.ready_condition.is_some() {
            self.tell(
                at("health"),
                "stands for readyCondition: remove one of them",
            );
        }
    }

    /// A path into an object that does not lead to what tells which object it is.
    fn checked(&mut self, at: Pointer, path: String) -> Option<Pointer> {
        if path.starts_with('/') && !is_identity(&path) {
            return Some(Pointer::from_text(path));
        }
        let message = "must be a JSON Pointer such as /spec/field, and not lead to the name or type of \
                       the object";
        self.tell(at, message);
        None
    }

    fn path(&mut self, field: &str, path: Option<String>) -> Option<Pointer> {
        self.checked(Pointer::root().child(field), path?)
    }

    fn paths<T>(&mut self, field: &str, paths: Vec<String>, declare: fn(String) -> T) -> Vec<T> {
        let at = Pointer::root().child(field);
        let checked = paths.into_iter().enumerate();
        let checked = checked.filter_map(|(i, path)| self.checked(at.child(i), path));
        checked
            .map(|path| declare(path.as_str().to_owned()))
            .collect()
    }

    fn dependencies(&mut self, rules: Vec<DependencyRule>) -> Vec<Names> {
        let at = Pointer::root().child("dependencies");
        let rules = rules.into_iter().enumerate();
        let names = rules.filter_map(|(i, rule)| {
            let path = self.checked(at.child(i).child("path"), rule.path)?;
            Some(Names::declared(
                rule.group,
                rule.kind,
                path.as_str().to_owned(),
            ))
        });
        names.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(more: &serde_json::Value) -> KindDocument {
        let mut document = json!({
            "group": "ml.example.com", "version": "v1", "kind": "TrainingRun",
            "plural": "trainingruns", "scope": "Namespaced",
        });
        let more = more.as_object().unwrap().clone();
        document.as_object_mut().unwrap().extend(more);
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let faults = document(&json!({
            "plural": "",
            "keep": ["/spec/a", "/metadata/name"],
            "local": ["status"],
            "immutable": [""],
            "replicasPath": "spec.workers",
            "dependencies": [{"kind": "Secret", "path": "x"}],
        }));
        let faults = faults.declare().unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| fault.path.as_str()).collect();
        let expected = [
            "/plural",
            "/replicasPath",
            "/keep/1",
            "/local/0",
            "/immutable/0",
            "/dependencies/0/path",
        ];
        assert_eq!(places, expected);
        assert_eq!(faults[0].to_string(), "plural: must not be empty");
    }

    #[cfg(not(feature = "cel"))]
    #[test]
    fn an_expression_is_refused_where_none_can_be_read() {
        let with = |expressions| document(&json!({"expressions": expressions})).declare();
        assert!(with(json!({})).is_ok());
        let faults = with(json!({"health": "'Healthy'"})).unwrap_err();
        assert_eq!(faults[0].path.as_str(), "/expressions/health");
        assert!(faults[0].message.contains("feature cel"), "{}", faults[0]);
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let unknown = json!({
            "group": "", "version": "v1", "kind": "A", "plural": "as", "scope": "Cluster",
            "health": "true",
        });
        assert!(serde_json::from_value::<KindDocument>(unknown).is_err());
    }
}
