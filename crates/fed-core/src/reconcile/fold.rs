//! Whose fields become ours when the way of writing changes? A server keeps apart what one manager
//! applied and what it updated: what it wrote the one way does not go away when it is left out the
//! other way. So the older entry is folded into the newer one.

use serde_json::{Map, Value, json};

use super::options::Write;

/// The names under which fields are, and were, written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Managers {
    /// Ours.
    pub ours: String,
    /// Those that wrote what is marked as ours before us, and write no more.
    pub earlier: Vec<String>,
}

impl Default for Managers {
    /// `fed.dev`, after KubeFed: a server calls who updates without a name by its program.
    fn default() -> Self {
        Self {
            ours: "fed.dev".to_owned(),
            earlier: ["controller-manager", "hyperfed"]
                .map(str::to_owned)
                .to_vec(),
        }
    }
}

const fn operation(write: Write) -> &'static str {
    match write {
        Write::Apply => "Apply",
        Write::Update => "Update",
    }
}

/// The `managedFields` of an object after what was written the other way, by us or before us, is
/// folded into what we write this way; nothing if there is none of it.
pub(super) fn folded(live: &Value, managers: Option<&Managers>, into: Write) -> Option<Value> {
    let usual;
    let managers = match managers {
        Some(managers) => managers,
        None => {
            usual = Managers::default();
            &usual
        }
    };
    let entries = live.pointer("/metadata/managedFields")?.as_array()?;
    let other = match into {
        Write::Apply => Write::Update,
        Write::Update => Write::Apply,
    };
    let text = |entry: &Value, field: &str| {
        let text = entry.get(field).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let is_main = |entry: &Value| text(entry, "subresource").is_empty();
    let is_old = |entry: &Value| {
        let manager = text(entry, "manager");
        is_main(entry)
            && text(entry, "operation") == operation(other)
            && (manager == managers.ours || managers.earlier.contains(&manager))
    };
    let is_ours = |entry: &Value| {
        is_main(entry)
            && text(entry, "operation") == operation(into)
            && text(entry, "manager") == managers.ours
    };
    let (old, mut rest): (Vec<Value>, Vec<Value>) = entries.iter().cloned().partition(is_old);
    for old in old {
        let same = |entry: &&mut Value| {
            is_ours(entry)
                && (into == Write::Apply || text(entry, "apiVersion") == text(&old, "apiVersion"))
        };
        match rest.iter_mut().find(same) {
            Some(entry) => unite(entry, &old),
            None => rest.push(renamed(old, managers, into)),
        }
    }
    (rest != *entries).then(|| rest.into())
}

/// The patch that gives an object these `managedFields`, if nobody changed it since.
pub(super) fn patch(live: &Value, managed_fields: &Value) -> Value {
    let version = live.pointer("/metadata/resourceVersion");
    json!([
        {"op": "replace", "path": "/metadata/managedFields", "value": managed_fields},
        {"op": "replace", "path": "/metadata/resourceVersion", "value": version},
    ])
}

fn renamed(mut entry: Value, managers: &Managers, into: Write) -> Value {
    if let Some(fields) = entry.as_object_mut() {
        fields.insert("manager".to_owned(), managers.ours.clone().into());
        fields.insert("operation".to_owned(), operation(into).into());
    }
    entry
}

/// Adds the fields of one entry to those of another.
fn unite(entry: &mut Value, old: &Value) {
    let Some(Value::Object(old)) = old.get("fieldsV1") else {
        return;
    };
    let fields = entry.as_object_mut().map(|entry| {
        let fields = entry.entry("fieldsV1");
        fields.or_insert_with(|| Map::new().into())
    });
    if let Some(Value::Object(fields)) = fields {
        unite_fields(fields, old);
    }
}

fn unite_fields(fields: &mut Map<String, Value>, old: &Map<String, Value>) {
    for (key, value) in old {
        match (fields.get_mut(key), value) {
            (Some(Value::Object(fields)), Value::Object(old)) => unite_fields(fields, old),
            (Some(_), _) => {}
            (None, value) => {
                fields.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(manager: &str, operation: &str, fields: &Value) -> Value {
        json!({
            "manager": manager, "operation": operation, "apiVersion": "v1",
            "fieldsType": "FieldsV1", "fieldsV1": fields,
        })
    }

    fn live(entries: &Value) -> Value {
        json!({"metadata": {"resourceVersion": "7", "managedFields": entries}})
    }

    #[test]
    fn what_was_updated_is_folded_into_what_is_applied_and_back() {
        let theirs = entry("kubectl", "Update", &json!({"f:data": {"f:c": {}}}));
        let both = live(&json!([
            entry("fed.dev", "Apply", &json!({"f:data": {"f:a": {}}})),
            entry(
                "controller-manager",
                "Update",
                &json!({"f:data": {".": {}, "f:b": {}}})
            ),
            theirs,
        ]));
        let united = json!({"f:data": {".": {}, "f:a": {}, "f:b": {}}});
        assert_eq!(
            folded(&both, None, Write::Apply),
            Some(json!([entry("fed.dev", "Apply", &united), theirs]))
        );
        assert_eq!(
            folded(&both, None, Write::Update),
            Some(json!([
                both["metadata"]["managedFields"][1],
                theirs,
                entry("fed.dev", "Update", &json!({"f:data": {"f:a": {}}})),
            ]))
        );
    }

    #[test]
    fn what_others_wrote_and_subresources_stay() {
        let mut status = entry("fed.dev", "Update", &json!({"f:status": {}}));
        status["subresource"] = "status".into();
        let others = entry("kube-controller-manager", "Update", &json!({"f:spec": {}}));
        let nothing = live(&json!([status, others]));
        assert_eq!(folded(&nothing, None, Write::Apply), None);
        assert_eq!(folded(&json!({}), None, Write::Apply), None);
    }

    #[test]
    fn the_patch_holds_only_for_the_version_that_was_seen() {
        let patch = patch(&live(&json!([])), &json!([1]));
        assert_eq!(patch[0]["value"], json!([1]));
        assert_eq!(patch[1]["value"], "7");
    }
}
