//! What does a template of pods need? The objects that its volumes, environments and accounts name.

use serde_json::Value;

use super::reference::Reference;
use crate::location::Pointer;

/// What the pods of the template at `path` of an object need. What is said to be optional is not
/// needed.
pub(super) fn references(object: &Value, path: &str) -> Vec<Reference> {
    let at = Pointer::from_text(path).child("spec");
    let Some(spec) = at.resolve(object) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (i, volume) in items(spec, "volumes") {
        volume_sources(volume, &at.child("volumes").child(i), &mut found);
    }
    for list in ["initContainers", "containers"] {
        for (i, container) in items(spec, list) {
            environment(container, &at.child(list).child(i), &mut found);
        }
    }
    for (i, secret) in items(spec, "imagePullSecrets") {
        named(
            secret,
            &at.child("imagePullSecrets").child(i),
            "Secret",
            "name",
            &mut found,
        );
    }
    named(
        spec,
        &at,
        "ServiceAccount",
        "serviceAccountName",
        &mut found,
    );
    found
}

fn volume_sources(volume: &Value, at: &Pointer, found: &mut Vec<Reference>) {
    let sources = [
        ("configMap", "ConfigMap", "name"),
        ("secret", "Secret", "secretName"),
        (
            "persistentVolumeClaim",
            "PersistentVolumeClaim",
            "claimName",
        ),
    ];
    for (field, kind, name) in sources {
        if let Some(source) = volume.get(field) {
            named(source, &at.child(field), kind, name, found);
        }
    }
    let projected = at.child("projected").child("sources");
    for (i, source) in volume
        .get("projected")
        .into_iter()
        .flat_map(|p| items(p, "sources"))
    {
        for (field, kind) in [("configMap", "ConfigMap"), ("secret", "Secret")] {
            if let Some(source) = source.get(field) {
                named(
                    source,
                    &projected.child(i).child(field),
                    kind,
                    "name",
                    found,
                );
            }
        }
    }
}

fn environment(container: &Value, at: &Pointer, found: &mut Vec<Reference>) {
    for (i, variable) in items(container, "env") {
        let at = at.child("env").child(i).child("valueFrom");
        for (field, kind) in [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")] {
            if let Some(source) = variable.get("valueFrom").and_then(|from| from.get(field)) {
                named(source, &at.child(field), kind, "name", found);
            }
        }
    }
    for (i, variables) in items(container, "envFrom") {
        let at = at.child("envFrom").child(i);
        for (field, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
            if let Some(source) = variables.get(field) {
                named(source, &at.child(field), kind, "name", found);
            }
        }
    }
}

fn named(
    source: &Value,
    at: &Pointer,
    kind: &'static str,
    field: &str,
    found: &mut Vec<Reference>,
) {
    let is_optional = source.get("optional").and_then(Value::as_bool) == Some(true);
    if let Some(name) = source.get(field).and_then(Value::as_str)
        && !is_optional
        && !name.is_empty()
    {
        found.push(Reference::core(at.child(field), kind, name));
    }
}

fn items<'v>(value: &'v Value, field: &str) -> impl Iterator<Item = (usize, &'v Value)> {
    value
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_that_is_named_is_needed_unless_it_is_optional() {
        let object = json!({"spec": {"template": {"spec": {
            "serviceAccountName": "reader",
            "imagePullSecrets": [{"name": "registry"}],
            "volumes": [
                {"name": "a", "configMap": {"name": "settings"}},
                {"name": "b", "secret": {"secretName": "token", "optional": true}},
                {"name": "c", "persistentVolumeClaim": {"claimName": "data"}},
                {"name": "d", "projected": {"sources": [{"secret": {"name": "cert"}}]}},
            ],
            "containers": [{
                "env": [{"name": "X", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "x"}}}],
                "envFrom": [{"configMapRef": {"name": "more"}}],
            }],
        }}}});
        let found: Vec<_> = references(&object, "/spec/template")
            .into_iter()
            .map(|reference| {
                let super::super::Needed::Object { kind, name, .. } = reference.needed else {
                    panic!("only objects are named");
                };
                assert_eq!(reference.path.resolve(&object), Some(&json!(name)));
                format!("{kind} {name}")
            })
            .collect();
        assert_eq!(
            found,
            [
                "ConfigMap settings",
                "PersistentVolumeClaim data",
                "Secret cert",
                "Secret keys",
                "ConfigMap more",
                "Secret registry",
                "ServiceAccount reader",
            ]
        );
    }
}
