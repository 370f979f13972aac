//! What becomes of an object whose replicas are set through its `scale` subresource?

use fed_schema::Origin;
use serde_json::{Map, Value, json};

use super::patch::{json_patched, merge_patched};
use super::read::{self, check_name};
use super::track::{managers, set_managers};
use super::update::unreadable;
use super::{Call, metadata, text};
use crate::server::Server;
use crate::server::answer::Answer;
use crate::server::fields::{FieldSet, Manager, Managers, Operation, Owned};
use crate::server::status::{FieldFault, Refusal, Sort};

const VERSION: &str = "autoscaling/v1";

impl Server {
    pub(super) fn scale(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let existing = self.existing(call)?;
        let before = shown(call, &existing.object)?;
        let mut after = wanted(call, &before)?;
        check_name(call, &mut after)?;
        let wanted = after
            .pointer("/spec/replicas")
            .and_then(Value::as_i64)
            .unwrap_or_default();
        // Custom resources are looked at as a whole.
        if wanted < 0 && call.target.kind.origin() == Origin::Builtin {
            let fault = FieldFault::new(
                "spec.replicas",
                Sort::Invalid,
                "must be greater than or equal to 0",
            );
            let faults = [fault.of(json!(wanted))];
            return Err(Refusal::invalid(
                "autoscaling",
                "Scale",
                &call.target.name,
                &faults,
            ));
        }
        let mut object = existing.object.clone();
        let seen = after
            .pointer("/metadata/resourceVersion")
            .cloned()
            .unwrap_or_default();
        metadata(&mut object).insert("resourceVersion".to_owned(), seen);
        track(call, &mut object, &before, &after);
        if let Some(scale) = call.target.kind.scale() {
            put(&mut object, &scale.spec_replicas, json!(wanted));
        }
        let updated = self.update_object(call, &existing, object)?;
        let updated = Answer::of(200, updated).json();
        Ok(Answer::new(200, of_parent(call, &updated)))
    }
}

/// The scale that an object shows. A custom object has none where it does not say its replicas.
pub(super) fn shown(call: &Call<'_>, object: &Value) -> Result<Value, Refusal> {
    let scale = call.target.kind.scale();
    let pointer = scale.map(|scale| scale.spec_replicas.as_str());
    let missing = pointer.filter(|pointer| {
        let is_custom = call.target.kind.origin() == Origin::Custom;
        is_custom && object.pointer(pointer).is_none_or(Value::is_null)
    });
    match missing {
        Some(pointer) => {
            let field = pointer.replace('/', ".");
            let why = format!("the spec replicas field {field:?} does not exist");
            Err(Refusal::internal_error(&why))
        }
        None => Ok(of_parent(call, object)),
    }
}

/// What the subresource shows of an object.
fn of_parent(call: &Call<'_>, object: &Value) -> Value {
    let mut shown = Map::new();
    for field in [
        "name",
        "namespace",
        "uid",
        "resourceVersion",
        "creationTimestamp",
    ] {
        if let Some(value) = object.pointer(&format!("/metadata/{field}")) {
            shown.insert(field.to_owned(), value.clone());
        }
    }
    let mut spec = Map::new();
    let mut status = Map::from_iter([("replicas".to_owned(), json!(0))]);
    if let Some(scale) = call.target.kind.scale() {
        let number = |pointer: &str| {
            object
                .pointer(pointer)
                .and_then(Value::as_i64)
                .unwrap_or_default()
        };
        let replicas = number(&scale.spec_replicas);
        if replicas != 0 {
            spec.insert("replicas".to_owned(), json!(replicas));
        }
        status.insert("replicas".to_owned(), json!(number(&scale.status_replicas)));
        let selector = scale
            .selector
            .as_deref()
            .and_then(|pointer| object.pointer(pointer));
        if let Some(selector) = selector
            .and_then(selector_text)
            .filter(|text| !text.is_empty())
        {
            status.insert("selector".to_owned(), json!(selector));
        }
    }
    json!({
        "kind": "Scale", "apiVersion": VERSION, "metadata": shown, "spec": spec, "status": status,
    })
}

/// A selector as a text: `app=web,tier in (a,b)`.
fn selector_text(selector: &Value) -> Option<String> {
    if let Some(text) = selector.as_str() {
        return Some(text.to_owned());
    }
    let fields = selector.as_object()?;
    let is_structured =
        fields.contains_key("matchLabels") || fields.contains_key("matchExpressions");
    let labels = if is_structured {
        fields.get("matchLabels")
    } else {
        Some(selector)
    };
    let labels = labels.and_then(Value::as_object).into_iter().flatten();
    let mut parts: Vec<String> = labels
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    let expressions = fields.get("matchExpressions").and_then(Value::as_array);
    for expression in expressions.into_iter().flatten() {
        let key = text(expression, "/key");
        let values = expression
            .get("values")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let mut values: Vec<&str> = values.filter_map(Value::as_str).collect();
        values.sort_unstable();
        let values = values.join(",");
        parts.push(match text(expression, "/operator") {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "Exists" => key.to_owned(),
            _ => format!("!{key}"),
        });
    }
    parts.sort();
    Some(parts.join(","))
}

/// The scale as the request wants it.
fn wanted(call: &Call<'_>, before: &Value) -> Result<Value, Refusal> {
    let body = read::json(call)?;
    let mut after = match (call.request.method.as_str(), call.request.media_type()) {
        ("PUT", _) => body,
        (_, "application/json-patch+json") => json_patched(before, body)?,
        (
            _,
            "application/merge-patch+json"
            | "application/strategic-merge-patch+json"
            | "application/apply-patch+yaml",
        ) => merge_patched(before, body),
        _ => return Err(Refusal::no_such_media()),
    };
    let replicas = after.pointer("/spec/replicas");
    if !after.is_object() || replicas.is_some_and(|number| !number.is_i64() && !number.is_null()) {
        let refusal = Refusal::bad_request(
            "Scale in version \"v1\" cannot be handled as a Scale: spec.replicas is no whole number",
        );
        return Err(match call.request.method.as_str() {
            "PATCH" => unreadable(refusal, &after.to_string()),
            _ => refusal,
        });
    }
    if let Some(spec) = after.get_mut("spec").and_then(Value::as_object_mut) {
        // To Go, 0 is absent.
        spec.retain(|_, value| !value.is_null() && *value != 0);
    }
    metadata(&mut after);
    Ok(after)
}

/// Who owns the replicas of the object then.
///
/// The server tells it of the scale, where 0 replicas are none: nobody comes to own those.
fn track(call: &Call<'_>, object: &mut Value, before: &Value, after: &Value) {
    let Some(scale) = call.target.kind.scale() else {
        return;
    };
    let names: Vec<&str> = scale.spec_replicas.split('/').skip(1).collect();
    let replicas = FieldSet::of_fields(&names);
    let number = |scale: &Value| scale.pointer("/spec/replicas").and_then(Value::as_i64);
    let wanted = number(after);
    let mut managers = managers(call, object);
    let owns = |owned: &Owned| !owned.fields.intersection(&replicas).is_empty();
    // What nobody owns, nobody comes to own by scaling.
    let is_owned = managers.iter().any(|(_, owned)| owns(owned));
    if !is_owned {
        return;
    }
    if number(before) == wanted {
        return split(object, managers, &replicas);
    }
    managers.lose(&replicas);
    if wanted.is_some() {
        let version = call.target.kind.api_version();
        let manager = Manager {
            name: call.manager().to_owned(),
            operation: Operation::Update,
            api_version: version.clone(),
            subresource: "scale".to_owned(),
        };
        let known = managers.get(&manager).cloned();
        let owned = Owned {
            fields: known
                .as_ref()
                .map_or(&FieldSet::new(), |owned| &owned.fields)
                .union(&replicas),
            api_version: version,
            // The server does not write down when.
            time: known.map(|owned| owned.time).unwrap_or_default(),
        };
        managers.insert(manager, owned);
    }
    set_managers(object, &managers);
}

/// What scaling to the same number does: the replicas of who updates get an entry of their own
/// beside the other, without a time. It is read first, so that the other takes its place: who
/// updated other fields too has lost the replicas with the next write.
fn split(object: &mut Value, mut managers: Managers, replicas: &FieldSet) {
    let owns = |owned: &Owned| !owned.fields.intersection(replicas).is_empty();
    let updaters: Vec<_> = managers
        .iter()
        .filter(|(manager, owned)| manager.operation == Operation::Update && owns(owned))
        .map(|(manager, owned)| (manager.clone(), owned.clone()))
        .collect();
    let mut beside = Managers::default();
    for (manager, owned) in updaters {
        let own = Owned {
            fields: replicas.clone(),
            time: String::new(),
            api_version: owned.api_version.clone(),
        };
        beside.insert(manager.clone(), own);
        let rest = Owned {
            fields: owned.fields.difference(replicas),
            ..owned
        };
        managers.insert(manager, rest);
    }
    managers.lose(&FieldSet::new());
    metadata(object).insert("managedFields".to_owned(), managers.encode_beside(&beside));
}

fn put(object: &mut Value, pointer: &str, value: Value) {
    let mut here = object;
    for name in pointer.split('/').skip(1) {
        if !here.is_object() {
            *here = json!({});
        }
        here = &mut here[name];
    }
    *here = value;
}
