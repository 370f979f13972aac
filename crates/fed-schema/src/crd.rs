//! What does a CustomResourceDefinition say of its kinds?

use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};
use thiserror::Error;

use crate::columns;
use crate::documents;
use crate::entry::{Columns, Entry, Origin, Scale, Schemata, Subresource, definitions};
use crate::registry::{array, text, texts};
use crate::shape::Scope;
use crate::table::{Builder, DEEPEST, Dialect, Node};
use crate::unchecked::unchecked;
use crate::version_order::newest_first;

/// Why a CustomResourceDefinition cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CrdError {
    /// It is something else.
    #[error(
        "this is {found}, not apiextensions.k8s.io/v1 CustomResourceDefinition; \
         give the definition as `kubectl get crd NAME -o yaml` prints it today"
    )]
    NotADefinition {
        /// What it says that it is.
        found: String,
    },
    /// A field is missing or of the wrong type.
    #[error("{path} must be {expected}")]
    Field {
        /// Where, as a JSON Pointer.
        path: String,
        /// What should be there.
        expected: &'static str,
    },
    /// No version is served, so that no object of the kind can be.
    #[error("/spec/versions serves no version of {kind}; set `served: true` on one")]
    NothingServed {
        /// The kind.
        kind: String,
    },
    /// Kubernetes itself defines the kind.
    #[error("{kind} of {group} is built into Kubernetes; a definition cannot replace it")]
    Builtin {
        /// The group.
        group: String,
        /// The kind.
        kind: String,
    },
    /// The definition is nested too deep to be lawful.
    #[error("the definition is nested deeper than {} levels", DEEPEST)]
    TooDeep,
}

/// Reads a definition: an entry for each served version.
pub(crate) fn read(definition: &Value) -> Result<Vec<Arc<Entry>>, CrdError> {
    if !is_shallow(definition, DEEPEST) {
        return Err(CrdError::TooDeep);
    }
    let found = (text(definition, "/apiVersion"), text(definition, "/kind"));
    if found != ("apiextensions.k8s.io/v1", "CustomResourceDefinition") {
        let found = format!("{} {}", found.0, found.1).trim().to_owned();
        let found = if found.is_empty() {
            "no Kubernetes object".to_owned()
        } else {
            found
        };
        return Err(CrdError::NotADefinition { found });
    }
    let names = Names::read(definition)?;
    let mut served: Vec<&Value> = Vec::new();
    for version in array(definition, "/spec/versions") {
        let name = text(version, "/name");
        let known = served.iter().any(|other| text(other, "/name") == name);
        if version.get("served") == Some(&Value::Bool(true)) && !name.is_empty() && !known {
            served.push(version);
        }
    }
    if served.is_empty() {
        let kind = names.kind.to_owned();
        return Err(CrdError::NothingServed { kind });
    }
    served.sort_by(|one, other| newest_first(text(one, "/name"), text(other, "/name")));
    let entries = served.iter().enumerate();
    Ok(entries
        .map(|(rank, version)| Arc::new(names.entry(rank, version)))
        .collect())
}

/// What is the same for all versions.
struct Names<'a> {
    definition: &'a Value,
    group: &'a str,
    kind: &'a str,
    plural: &'a str,
    scope: Scope,
}

impl<'a> Names<'a> {
    fn read(definition: &'a Value) -> Result<Self, CrdError> {
        let required = |path: &str| match text(definition, path) {
            "" => Err(CrdError::Field {
                path: path.to_owned(),
                expected: "a text that is not empty",
            }),
            found => Ok(found),
        };
        let scope = Scope::parse(required("/spec/scope")?).ok_or_else(|| CrdError::Field {
            path: "/spec/scope".to_owned(),
            expected: "Namespaced or Cluster",
        })?;
        Ok(Self {
            definition,
            group: required("/spec/group")?,
            kind: required("/spec/names/kind")?,
            plural: required("/spec/names/plural")?,
            scope,
        })
    }

    fn entry(&self, rank: usize, version: &Value) -> Entry {
        let name = text(version, "/name");
        let singular = match text(self.definition, "/spec/names/singular") {
            "" => self.kind.to_lowercase(),
            singular => singular.to_owned(),
        };
        let schema = version
            .pointer("/schema/openAPIV3Schema")
            .unwrap_or(&Value::Null);
        Entry {
            group: self.group.into(),
            version: name.into(),
            kind: self.kind.into(),
            plural: self.plural.into(),
            singular: singular.into(),
            short_names: texts(self.definition, "/spec/names/shortNames"),
            categories: texts(self.definition, "/spec/names/categories"),
            verbs: VERBS.iter().map(|verb| (*verb).into()).collect(),
            scope: self.scope,
            subresources: self.subresources(version),
            scale: scale(version),
            rank,
            columns: Columns::Own(columns::of_version(version)),
            schemas: Arc::new(self.schemata(name, schema)),
            deprecation: self.deprecation(version),
            unchecked: unchecked(schema),
            origin: Origin::Custom,
        }
    }

    fn schemata(&self, version: &str, schema: &Value) -> Schemata {
        let mut builder = Builder::new(Dialect::Structural);
        builder.define(metadata());
        let mut root = if schema.is_object() {
            builder.read(schema, 0)
        } else {
            Node::anything()
        };
        builder.make_object(&mut root);
        let root = builder.push(root);
        builder.add_root(self.group, version, self.kind, root);
        Schemata::read(builder.finish())
    }

    fn subresources(&self, version: &Value) -> Vec<Subresource> {
        let own = (self.group, text(version, "/name"), self.kind);
        [("status", own), ("scale", ("autoscaling", "v1", "Scale"))]
            .into_iter()
            .filter(|(name, _)| {
                let subresources = version.get("subresources");
                subresources
                    .and_then(|all| all.get(name))
                    .is_some_and(Value::is_object)
            })
            .map(|(name, (group, version, kind))| Subresource {
                name: name.to_owned(),
                verbs: ["get", "patch", "update"].map(str::to_owned).to_vec(),
                answers: (group.to_owned(), version.to_owned(), kind.to_owned()),
            })
            .collect()
    }

    fn deprecation(&self, version: &Value) -> Option<Box<str>> {
        if version.get("deprecated") != Some(&Value::Bool(true)) {
            return None;
        }
        let said = match text(version, "/deprecationWarning") {
            "" => format!(
                "{}/{} {} is deprecated",
                self.group,
                text(version, "/name"),
                self.kind
            ),
            said => said.to_owned(),
        };
        Some(said.into())
    }
}

// What a server lets every custom resource be asked, in discovery's order.
const VERBS: [&str; 8] = [
    "delete",
    "deletecollection",
    "get",
    "list",
    "patch",
    "create",
    "update",
    "watch",
];

fn scale(version: &Value) -> Option<Scale> {
    let scale = version.pointer("/subresources/scale")?;
    Some(Scale {
        spec_replicas: pointer(text(scale, "/specReplicasPath"))?,
        status_replicas: pointer(text(scale, "/statusReplicasPath"))?,
        selector: pointer(text(scale, "/labelSelectorPath")),
    })
}

/// A path such as `.spec.replicas` as a JSON Pointer. Kubernetes allows no other notation there.
fn pointer(path: &str) -> Option<String> {
    let segments = path.strip_prefix('.')?;
    let lawful = |segment: &str| !segment.is_empty() && !segment.contains(['[', ']', '/', '~']);
    segments
        .split('.')
        .all(lawful)
        .then(|| format!("/{}", segments.replace('.', "/")))
}

/// The definitions of what stands under every object's `metadata`.
fn metadata() -> &'static Map<String, Value> {
    // A cache of constant data.
    static METADATA: OnceLock<Map<String, Value>> = OnceLock::new();
    METADATA.get_or_init(|| {
        // Any document holds them; this one is small.
        let part = documents::part_of("coordination.k8s.io", "v1");
        let mut all = part.map(definitions).unwrap_or_default();
        all.retain(|name, _| name.starts_with("io.k8s.apimachinery.pkg.apis.meta.v1."));
        all
    })
}

fn is_shallow(value: &Value, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return !(value.is_array() || value.is_object());
    };
    match value {
        Value::Array(items) => items.iter().all(|item| is_shallow(item, below)),
        Value::Object(fields) => fields.values().all(|field| is_shallow(field, below)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dotted_paths_become_pointers() {
        let cases = [
            (".spec.replicas", Some("/spec/replicas")),
            (".spec", Some("/spec")),
            ("spec.replicas", None),
            (".spec..replicas", None),
            (".spec.parts[0]", None),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(pointer(path).as_deref(), expected, "{path}");
        }
    }
}
