//! What do KindDefinitions declare? Kinds, without a line of Rust.

use std::cell::OnceCell;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::dialect::unknown::{Field, fields, fields_of};
use crate::dialect::{Entry, field_name, parse};
use crate::kinds::{KindDocument, Kinds, Misdeclared};
use crate::problem::{Code, Problem};

/// A whole `fed.dev/v1alpha1 KindDefinition`, as far as it is read: what there is to know of one
/// kind of objects. It comes before what is built in.
///
/// ```
/// use fed_core::dialect::{self, Document};
/// use fed_core::{Assumptions, DocumentId, kinds::Kinds};
/// use serde_json::json;
///
/// let definition = json!({
///     "apiVersion": "fed.dev/v1alpha1", "kind": "KindDefinition",
///     "metadata": {"name": "trainingruns.ml.example.com"},
///     "spec": {
///         "group": "ml.example.com", "version": "v1", "kind": "TrainingRun",
///         "plural": "trainingruns", "scope": "Namespaced", "replicasPath": "/spec/workers",
///     },
/// });
/// let documents = [Document::new(DocumentId(0), &definition)];
/// let reading = dialect::read(&documents, &Kinds::builtin(), Assumptions::lenient());
/// let kind = reading.kinds.find("ml.example.com", "TrainingRun").expect("declared");
/// assert_eq!(kind.replicas(&json!({"spec": {"workers": 3}})), Some(3));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct KindDefinition {
    /// What there is to know of the kind.
    pub spec: KindDocument,
}

/// The kinds, with those that are declared. A definition that declares none is a problem, and
/// changes nothing else.
pub(crate) fn declare(
    definitions: &[Entry<'_>],
    kinds: &Kinds,
    problems: &mut Vec<Problem>,
) -> Kinds {
    // By name, so that the order of the input does not tell which of two counts.
    let mut definitions: Vec<_> = definitions.iter().collect();
    definitions.sort_by_key(|entry| (&entry.name, &entry.namespace));
    let mut declared: Vec<(KindDocument, &Entry<'_>)> = Vec::new();
    let mut kinds = kinds.clone();
    // Made once, and only where there is a definition.
    let fields = OnceCell::new();
    for entry in definitions {
        let unknown = unknown(entry, fields.get_or_init(fields_of::<KindDocument>));
        if !unknown.is_empty() {
            problems.extend(unknown);
            continue;
        }
        let document = match parse::<KindDefinition>(entry.value, &entry.at) {
            Ok(definition) => definition.spec,
            Err(problem) => {
                problems.push(problem.about(&entry.id()));
                continue;
            }
        };
        let is_same = |(other, _): &&(KindDocument, &Entry<'_>)| {
            (&other.group, &other.kind) == (&document.group, &document.kind)
        };
        if let Some((_, other)) = declared.iter().find(is_same) {
            problems.push(twice(entry, other));
            continue;
        }
        match document.clone().declare() {
            Ok(kind) => kinds = kinds.with(kind),
            Err(faults) => {
                problems.extend(faults.iter().map(|fault| misdeclared(entry, fault)));
            }
        }
        declared.push((document, entry));
    }
    kinds
}

/// The fields that no kind has. A rule that is misspelt is a rule that is missing, so that none of
/// the others is followed.
fn unknown(entry: &Entry<'_>, known: &Value) -> Vec<Problem> {
    let spec = entry.get("/spec").unwrap_or(&Value::Null);
    let tell = |field: Field| {
        let name = field_name(&field.path);
        let message = format!("spec.{name} is not a known field: {}", field.advice());
        Problem::error(Code::UnknownField, message)
            .at(entry.at.child("spec").join(field.path.as_str()))
            .about(&entry.id())
    };
    fields(spec, known).into_iter().map(tell).collect()
}

fn twice(entry: &Entry<'_>, other: &Entry<'_>) -> Problem {
    let (id, other_id) = (entry.id(), other.id());
    let message = format!("{id} has no effect: {other_id} declares its kind already");
    Problem::error(Code::ConflictingObjects, message)
        .at(entry.at.clone())
        .about(&id)
        .see_also(other.at.clone())
}

fn misdeclared(entry: &Entry<'_>, fault: &Misdeclared) -> Problem {
    let message = format!("{} declares no kind: spec.{fault}", entry.id());
    Problem::error(Code::InvalidValue, message)
        .at(entry.at.child("spec").join(fault.path.as_str()))
        .about(&entry.id())
}
