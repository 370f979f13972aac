//! Where would this field have been right? People lay the spec of pods directly under a workload's.

use serde_json::Value;

use super::structure::{fits, push};
use crate::shape::Shape;
use crate::types::Type;

/// How many levels below its place a field is looked for: from a `CronJob`'s spec to its pods'.
const LEVELS: usize = 5;

/// Where below an object a field of this name and value is known: a JSON Pointer, if there is one
/// place only that is nearest.
pub(super) fn right_place(of: Type<'_>, name: &str, value: &Value) -> Option<String> {
    let mut level = vec![(String::new(), of)];
    for _ in 0..LEVELS {
        level = below(&level);
        let places: Vec<_> = level
            .iter()
            .filter(|(_, place)| {
                place
                    .field(name)
                    .is_some_and(|field| fits(field.shape(), value))
            })
            .collect();
        match places[..] {
            [] => {}
            [(place, _)] => return Some(joined(place, name)),
            _ => return None,
        }
    }
    None
}

/// The objects one level below these that an object has once: not those in lists or maps.
fn below<'a>(level: &[(String, Type<'a>)]) -> Vec<(String, Type<'a>)> {
    let fields_of = |(path, of): &(String, Type<'a>)| {
        let path = path.clone();
        of.fields()
            .filter(|(_, field)| field.shape() == Shape::Object)
            // Nobody means the metadata or the status.
            .filter(|(name, _)| !matches!(*name, "metadata" | "status"))
            .map(move |(name, field)| (joined(&path, name), field))
            .collect::<Vec<_>>()
    };
    level.iter().flat_map(fields_of).collect()
}

fn joined(path: &str, name: &str) -> String {
    let mut joined = path.to_owned();
    push(&mut joined, name);
    joined
}
