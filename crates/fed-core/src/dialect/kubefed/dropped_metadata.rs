//! What of an object's metadata does its federated object not have? Only labels go into its template.

use serde_json::Value;

use crate::dialect::local_metadata::{
    LOCAL_ANNOTATIONS, LOCAL_METADATA, SERVER_METADATA, is_empty,
};
use crate::dialect::type_of;
use crate::location::Location;
use crate::problem::{Code, Problem};

/// What people wrote into the metadata and will miss.
pub(super) fn report(metadata: &Value, at: &Location, problems: &mut Vec<Problem>) {
    let Some(fields) = metadata.as_object() else {
        let message = format!("metadata must be an object, not {}", type_of(metadata));
        problems.push(Problem::warning(Code::InvalidValue, message).at(at.clone()));
        return;
    };
    for (field, value) in fields {
        let served = SERVER_METADATA.contains(&field.as_str());
        if served || is_empty(value) || KEPT.contains(&field.as_str()) {
            continue;
        }
        let of_a_nameless = field == "generateName" && !fields.contains_key("name");
        let local = LOCAL_METADATA
            .iter()
            .find(|(name, _)| name == field && !of_a_nameless);
        let problem = match (field.as_str(), local) {
            ("annotations", _) => match annotations(value) {
                Some(problem) => problem,
                None => continue,
            },
            (_, Some((_, why))) => Problem::note(Code::FieldDropped, *why),
            (other, None) => {
                let message = format!("metadata.{other} is left out: only labels are kept");
                Problem::warning(Code::FieldDropped, message)
            }
        };
        problems.push(problem.at(at.child(field)));
    }
}

/// The metadata that the federated object has, too.
const KEPT: &[&str] = &["labels", "name", "namespace"];

fn annotations(annotations: &Value) -> Option<Problem> {
    let keys = annotations.as_object()?.keys().map(String::as_str);
    let missed: Vec<_> = keys
        .filter(|key| !LOCAL_ANNOTATIONS.contains(key))
        .collect();
    let (noun, verb) = match missed.len() {
        0 => return None,
        1 => ("annotation", "is"),
        _ => ("annotations", "are"),
    };
    let message = format!(
        "the {noun} {} {verb} left out: write what clusters need into \
         spec.template.metadata.annotations",
        missed.join(", ")
    );
    Some(Problem::warning(Code::FieldDropped, message))
}
