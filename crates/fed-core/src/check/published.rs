//! Schemas as an API server publishes them: those of a Kubernetes release, and of the
//! CustomResourceDefinitions of the input.

use serde_json::Value;

use super::{Fault, Schemas, Violation};
use crate::dialect::{Document, objects};
use crate::identity::GroupVersionKind;
use crate::kinds::{DeclaredKind, Kinds, Scope};
use crate::location::{Location, Pointer};
use crate::problem::{Code, Problem, Severity};

/// The schemas of the built-in kinds, and of every CustomResourceDefinition among the documents.
/// What of those cannot be read, or is not checked, is a problem.
///
/// ```
/// use fed_core::check::{Schemas, published};
/// use serde_json::json;
///
/// let (schemas, problems) = published(&[]);
/// assert!(problems.is_empty());
/// let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"count": 3}});
/// let violations = Schemas::violations(&schemas, &config).unwrap();
/// assert!(violations.iter().any(|violation| violation.path.as_str() == "/data/count"));
/// ```
pub fn published(documents: &[Document<'_>]) -> (fed_schema::Schemas, Vec<Problem>) {
    let mut schemas = fed_schema::Schemas::builtin();
    let mut problems = Vec::new();
    for found in objects(documents) {
        let (at, object) = (found.at, found.value);
        if !is_definition(object) {
            continue;
        }
        match schemas.with_crd(object) {
            Ok(more) => schemas = more,
            Err(error) => {
                let message = format!("the schema of this definition cannot be read: {error}");
                problems.push(Problem::warning(Code::NotChecked, message).at(at));
                continue;
            }
        }
        problems.extend(not_checked(&schemas, object, &at));
    }
    (schemas, problems)
}

fn is_definition(object: &Value) -> bool {
    let text = |field| {
        object
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    text("kind") == "CustomResourceDefinition"
        && text("apiVersion").starts_with("apiextensions.k8s.io/")
}

/// Tells which demands of a definition are not checked.
fn not_checked(
    schemas: &fed_schema::Schemas,
    definition: &Value,
    at: &Location,
) -> Option<Problem> {
    let text = |path| {
        definition
            .pointer(path)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (group, kind) = (text("/spec/group"), text("/spec/names/kind"));
    let mut demands: Vec<_> = schemas
        .unchecked()
        .filter(|(of, _)| of.group() == group && of.kind() == kind)
        .map(|(_, demand)| demand.keyword)
        .collect();
    demands.sort_unstable();
    demands.dedup();
    if demands.is_empty() {
        return None;
    }
    let message = format!(
        "objects of kind {kind} are held against their types, but not against: {}",
        demands.join(", ")
    );
    Some(Problem::note(Code::NotChecked, message).at(at.clone()))
}

impl Schemas for fed_schema::Schemas {
    fn violations(&self, object: &Value) -> Option<Vec<Violation>> {
        Some(
            self.check(object)?
                .into_iter()
                .map(Violation::from)
                .collect(),
        )
    }

    fn served(&self, group: &str, kind: &str) -> Option<GroupVersionKind> {
        let served = self.preferred(group, kind)?;
        Some(GroupVersionKind::new(
            served.group(),
            served.version(),
            served.kind(),
        ))
    }
}

impl From<fed_schema::Violation> for Violation {
    fn from(violation: fed_schema::Violation) -> Self {
        Self::new(
            Pointer::from_text(violation.path),
            Fault::from(violation.fault),
        )
    }
}

impl From<fed_schema::Fault> for Fault {
    fn from(fault: fed_schema::Fault) -> Self {
        match fault {
            fed_schema::Fault::WrongType { wanted, found } => Self::WrongType {
                wanted: wanted.to_owned(),
                found: found.to_owned(),
            },
            fed_schema::Fault::Missing { field } => Self::Missing { field },
            fed_schema::Fault::NotAllowed { allowed } => Self::NotAllowed { allowed },
            fed_schema::Fault::Unknown { meant, belongs } => Self::Unknown {
                meant,
                belongs: belongs.map(Pointer::from_text),
            },
            fed_schema::Fault::DuplicateItem { keys, first } => Self::DuplicateItem { keys, first },
            fed_schema::Fault::Rule { rule, message } => Self::Rule {
                // A server takes what will hardly work.
                severity: match rule {
                    fed_schema::Rule::Usable => Severity::Warning,
                    _ => Severity::Error,
                },
                code: code(rule),
                message,
            },
            other => Self::Rule {
                severity: Severity::Error,
                code: Code::InvalidValue,
                message: format!("{other:?}"),
            },
        }
    }
}

const fn code(rule: fed_schema::Rule) -> Code {
    match rule {
        fed_schema::Rule::Name => Code::InvalidName,
        fed_schema::Rule::SelectorMatchesLabels => Code::SelectorMismatchesLabels,
        fed_schema::Rule::Port => Code::InvalidPort,
        fed_schema::Rule::Quantity => Code::InvalidQuantity,
        fed_schema::Rule::Combination => Code::InvalidCombination,
        _ => Code::InvalidValue,
    }
}

impl Kinds {
    /// The same kinds, and all those that have a schema. What is known of a kind already stays.
    #[must_use]
    pub fn with_schemas(mut self, schemas: &fed_schema::Schemas) -> Self {
        for kind in schemas.kinds() {
            // Of the versions of a kind the preferred one comes first.
            if self.find(kind.group(), kind.kind()).is_none() {
                self = self.with(declared(kind));
            }
        }
        self
    }
}

fn declared(kind: fed_schema::Kind<'_>) -> DeclaredKind {
    let gvk = GroupVersionKind::new(kind.group(), kind.version(), kind.kind());
    let scope = match kind.scope() {
        fed_schema::Scope::Cluster => Scope::Cluster,
        fed_schema::Scope::Namespaced => Scope::Namespaced,
    };
    let declared = DeclaredKind::new(gvk, kind.plural(), scope);
    match kind.replicas_path() {
        Some(path) => declared.with_replicas_path(Pointer::from_text(path)),
        None => declared,
    }
}
