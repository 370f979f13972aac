//! Which fields of a kind does each cluster fill in by itself? They are no part of a template.

use serde_json::Value;

use crate::dialect::field_name;
use crate::dialect::local_metadata::is_empty;
use crate::identity::GroupVersionKind;
use crate::location::{Location, Pointer};
use crate::problem::{Code, Problem};

/// Fields of kinds of the core group, with the reason why they are left out. `*` stands for every
/// element of a list.
const LOCAL_FIELDS: &[(&str, &[&str], &str)] = &[
    (
        "Namespace",
        &["spec", "finalizers"],
        "each cluster keeps its own",
    ),
    (
        "ServiceAccount",
        &["secrets"],
        "each cluster makes tokens of its own",
    ),
    (
        "Service",
        &["spec", "clusterIP"],
        "each cluster gives the service an address of its own",
    ),
    (
        "Service",
        &["spec", "clusterIPs"],
        "each cluster gives the service addresses of its own",
    ),
    (
        "Service",
        &["spec", "ports", "*", "nodePort"],
        "each cluster gives the service a port of its own",
    ),
];

/// The address of a service that wants none. People choose it, so that it is the same everywhere.
const HEADLESS: &str = "None";

/// Removes what clusters fill in from an object of this type that stands at `at`.
pub(super) fn remove(
    object: &mut Value,
    gvk: &GroupVersionKind,
    at: &Location,
    problems: &mut Vec<Problem>,
) {
    let headless = object
        .pointer("/spec/clusterIP")
        .is_some_and(|ip| ip == HEADLESS);
    for (kind, path, why) in LOCAL_FIELDS {
        let is_address = matches!(path, ["spec", "clusterIP" | "clusterIPs"]);
        if !gvk.group().is_empty() || gvk.kind() != *kind || is_address && headless {
            continue;
        }
        let mut removed = Vec::new();
        remove_at(object, path, &Pointer::root(), &mut removed);
        problems.extend(removed.into_iter().map(|place| {
            let message = format!("{} is left out: {why}", field_name(&place));
            Problem::note(Code::FieldDropped, message).at(at.join(place.as_str()))
        }));
    }
}

/// Removes all that is at `path` of `value`; what said nothing goes without a word.
fn remove_at(value: &mut Value, path: &[&str], at: &Pointer, removed: &mut Vec<Pointer>) {
    match (path, value) {
        (["*", rest @ ..], Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                remove_at(item, rest, &at.child(index), removed);
            }
        }
        ([field], Value::Object(fields)) => {
            let gone = fields.remove(*field);
            if gone.is_some_and(|gone| !is_empty(&gone)) {
                removed.push(at.child(field));
            }
        }
        ([field, rest @ ..], Value::Object(fields)) => {
            if let Some(value) = fields.get_mut(*field) {
                remove_at(value, rest, &at.child(field), removed);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn removed(kind: &str, mut object: Value) -> (Value, Vec<String>) {
        let mut problems = Vec::new();
        let gvk = GroupVersionKind::new("", "v1", kind);
        remove(&mut object, &gvk, &Location::in_code(), &mut problems);
        let places = problems
            .into_iter()
            .map(|problem| problem.at.unwrap().path.to_string());
        (object, places.collect())
    }

    #[test]
    fn every_element_of_a_list_loses_its_field() {
        let ports = json!([{"port": 1, "nodePort": 2}, 7, {"port": 3}, {"nodePort": null}]);
        let (left, places) = removed("Service", json!({"spec": {"ports": ports}}));
        assert_eq!(
            left,
            json!({"spec": {"ports": [{"port": 1}, 7, {"port": 3}, {}]}})
        );
        assert_eq!(places, ["/spec/ports/0/nodePort"]);
    }

    #[test]
    fn a_service_without_an_address_stays_without_one() {
        let headless = json!({"spec": {"clusterIP": "None", "clusterIPs": ["None"]}});
        assert_eq!(removed("Service", headless.clone()), (headless, Vec::new()));
    }

    #[test]
    fn other_kinds_and_other_shapes_stay_as_they_are() {
        let secrets = json!({"secrets": [{"name": "t"}]});
        assert_eq!(removed("ConfigMap", secrets.clone()).0, secrets);
        for odd in [
            json!({"spec": 1}),
            json!({"spec": {"ports": "x"}}),
            json!([]),
        ] {
            assert_eq!(removed("Service", odd.clone()), (odd, Vec::new()));
        }
    }
}
