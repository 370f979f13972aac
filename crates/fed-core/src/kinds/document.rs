//! How does a user declare a kind in a document, without writing Rust?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::dependencies::Names;
use super::keep::{Keep, is_identity};
use super::replace::Immutable;
use super::{Adds, DeclaredKind, HealthRule, Misshapen, Scope};
use crate::identity::GroupVersionKind;
use crate::location::Pointer;

/// A kind as a user declares it: where things stand, as JSON Pointers. Rules that need more than
/// that, expressions above all, a document cannot hold yet: [`Kind`](super::Kind) can.
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
    /// Where an object has the template of its pods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pod_template_path: Option<String>,
    /// Fields that clusters fill in where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
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

impl KindDocument {
    /// The kind, or the first path that cannot be one.
    pub fn declare(self) -> Result<DeclaredKind, Misshapen> {
        let at = |field: &str| Pointer::root().child(field);
        let mut kind = DeclaredKind::new(
            GroupVersionKind::new(&self.group, &self.version, &self.kind),
            self.plural,
            self.scope,
        );
        if let Some(path) = self.replicas_path {
            kind = kind.with_replicas_path(checked(path, &at("replicasPath"))?);
        }
        if let Some(path) = self.pod_template_path {
            kind.pod_template_path = Some(checked(path, &at("podTemplatePath"))?);
        }
        let keep = self.keep.into_iter().enumerate();
        let keep = keep.map(|(i, path)| checked(path, &at("keep").child(i)));
        kind.kept = keep
            .map(|path| Ok(Keep::declared(path?.as_str().to_owned())))
            .collect::<Result<_, _>>()?;
        let immutable = self.immutable.into_iter().enumerate();
        let immutable = immutable.map(|(i, path)| checked(path, &at("immutable").child(i)));
        kind.immutable = immutable
            .map(|path| Ok(Immutable::declared(path?.as_str().to_owned())))
            .collect::<Result<_, _>>()?;
        let dependencies = self.dependencies.into_iter().enumerate();
        let dependencies = dependencies.map(|(i, rule)| {
            let path = checked(rule.path, &at("dependencies").child(i).child("path"))?;
            Ok(Names::declared(
                rule.group,
                rule.kind,
                path.as_str().to_owned(),
            ))
        });
        kind.names = dependencies.collect::<Result<_, _>>()?;
        if let Some(condition) = self.ready_condition {
            kind.health = HealthRule::Ready(condition.into());
        }
        if !self.sums.is_empty() {
            let sums = self.sums.into_iter().map(|field| Adds::Sum(field.into()));
            kind.adds = sums.chain([Adds::Conditions, Adds::Generation]).collect();
        }
        Ok(kind)
    }
}

/// A path into an object that does not lead to what tells which object it is.
fn checked(path: String, at: &Pointer) -> Result<Pointer, Misshapen> {
    if path.starts_with('/') && !is_identity(&path) {
        Ok(Pointer::from_text(path))
    } else {
        Err(Misshapen::new(
            at.as_str(),
            "a JSON Pointer such as /spec/field, and not to the name or type of the object",
        ))
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
    fn a_path_that_is_none_is_told_with_its_place() {
        for (more, at) in [
            (json!({"keep": ["/spec/a", "/metadata/name"]}), "/keep/1"),
            (json!({"immutable": [""]}), "/immutable/0"),
            (json!({"replicasPath": "spec.workers"}), "/replicasPath"),
            (
                json!({"dependencies": [{"kind": "Secret", "path": "x"}]}),
                "/dependencies/0/path",
            ),
        ] {
            let error = document(&more).declare().unwrap_err();
            assert_eq!(error.path.as_str(), at);
        }
    }

    #[test]
    fn an_unknown_field_is_refused() {
        let unknown = json!({
            "group": "", "version": "v1", "kind": "A", "plural": "as", "scope": "Cluster",
            "healthExpression": "true",
        });
        assert!(serde_json::from_value::<KindDocument>(unknown).is_err());
    }
}
