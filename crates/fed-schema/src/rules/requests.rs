//! What do a pod's containers ask for, where they only say limits?

use serde_json::{Map, Value};

use super::Object;

/// In a pod (not in a template), what is limited and not requested is requested at its limit.
pub(super) fn from_limits(pod: &mut Object) {
    let Some(spec) = pod.get_mut("spec") else {
        return;
    };
    for list in ["containers", "initContainers"] {
        let containers = spec.get_mut(list).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let resources = container
                .get_mut("resources")
                .and_then(Value::as_object_mut);
            if let Some(resources) = resources {
                request_limits(resources);
            }
        }
    }
}

fn request_limits(resources: &mut Object) {
    let Some(limits) = resources.get("limits").and_then(Value::as_object).cloned() else {
        return;
    };
    let requests = resources
        .entry("requests")
        .or_insert_with(|| Value::Object(Map::new()));
    if requests.is_null() {
        *requests = Value::Object(Map::new());
    }
    if let Some(requests) = requests.as_object_mut() {
        for (name, limit) in limits {
            requests.entry(name).or_insert(limit);
        }
    }
}

/// The class by which a node chooses whom to evict first.
pub(super) fn quality_of_service(pod: &Object) -> Option<Value> {
    let spec = pod.get("spec")?;
    let containers: Vec<&Value> = ["containers", "initContainers"]
        .iter()
        .filter_map(|list| spec.get(list)?.as_array())
        .flatten()
        .collect();
    let says_nothing = |container: &&Value| {
        ["limits", "requests"].iter().all(|part| {
            let amounts = container
                .pointer("/resources")
                .and_then(|all| all.get(part)?.as_object());
            amounts.is_none_or(|amounts| {
                !["cpu", "memory"]
                    .iter()
                    .any(|name| amounts.contains_key(*name))
            })
        })
    };
    let is_guaranteed = |container: &&Value| {
        ["cpu", "memory"].iter().all(|name| {
            let amount = |part: &str| container.pointer(&format!("/resources/{part}/{name}"));
            amount("limits").is_some() && amount("limits") == amount("requests")
        })
    };
    let class = if containers.iter().all(says_nothing) {
        "BestEffort"
    } else if containers.iter().all(is_guaranteed) {
        "Guaranteed"
    } else {
        "Burstable"
    };
    Some(class.into())
}

/// A `Container` item of a `LimitRange` fills its defaults from its limits, its requests from both.
pub(super) fn of_limit_range(item: &mut Object) {
    if item.get("type").and_then(Value::as_str) != Some("Container") {
        return;
    }
    let amounts = |item: &Object, field: &str| -> Object {
        let found = item.get(field).and_then(Value::as_object);
        found.cloned().unwrap_or_default()
    };
    let mut default = amounts(item, "default");
    for (name, amount) in amounts(item, "max") {
        default.entry(name).or_insert(amount);
    }
    let mut request = amounts(item, "defaultRequest");
    for (name, amount) in default.clone().into_iter().chain(amounts(item, "min")) {
        request.entry(name).or_insert(amount);
    }
    for (field, amounts) in [("default", default), ("defaultRequest", request)] {
        if !amounts.is_empty() {
            item.insert(field.to_owned(), Value::Object(amounts));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod(resources: &Value) -> Object {
        let pod = json!({"spec": {"containers": [{"name": "a", "resources": resources}]}});
        pod.as_object().cloned().expect("an object")
    }

    #[test]
    fn a_limit_is_requested_and_a_request_stays() {
        let mut pod =
            pod(&json!({"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1m"}}));
        from_limits(&mut pod);
        let requests = Value::Object(pod)
            .pointer("/spec/containers/0/resources/requests")
            .cloned();
        assert_eq!(requests, Some(json!({"cpu": "1m", "memory": "1Gi"})));
    }

    #[test]
    fn the_class_follows_from_the_resources() {
        let full = json!({"cpu": "1", "memory": "1Gi"});
        let cases = [
            (json!({}), "BestEffort"),
            (json!({"requests": {"cpu": "1"}}), "Burstable"),
            (json!({"requests": {"example.com/gpu": "1"}}), "BestEffort"),
            (json!({"requests": full, "limits": full}), "Guaranteed"),
        ];
        for (resources, expected) in cases {
            assert_eq!(
                quality_of_service(&pod(&resources)),
                Some(expected.into()),
                "{resources}"
            );
        }
    }

    #[test]
    fn a_limit_range_asks_for_what_it_limits() {
        let item = json!({"type": "Container", "max": {"cpu": "2"}, "min": {"memory": "1Mi"}});
        let mut item = item.as_object().cloned().expect("an object");
        of_limit_range(&mut item);
        assert_eq!(item.get("default"), Some(&json!({"cpu": "2"})));
        assert_eq!(
            item.get("defaultRequest"),
            Some(&json!({"cpu": "2", "memory": "1Mi"}))
        );
    }
}
