//! Which kinds are served? All in two documents (`apidiscovery.k8s.io/v2`): the core group's, and
//! that of all others.

use std::collections::BTreeMap;

use fed_schema::{Kind, Origin, Schemas, Scope, documents, newest_first};
use serde_json::{Map, Value, json};

/// The document of the core group.
pub(super) fn core() -> Value {
    told("api")
}

/// The document of all other groups: the built-in ones in the server's order, then those of
/// CustomResourceDefinitions by name.
pub(super) fn groups(schemas: &Schemas) -> Value {
    let mut document = told("apis");
    if let Some(items) = document.get_mut("items").and_then(Value::as_array_mut) {
        items.extend(custom(schemas));
    }
    document
}

fn told(root: &str) -> Value {
    let mut documents = documents::discovery();
    documents.get_mut(root).map(Value::take).unwrap_or_default()
}

/// The item of one group; the empty text is the core group.
pub(super) fn group(schemas: &Schemas, name: &str) -> Option<Value> {
    let mut document = match name {
        "" => core(),
        _ => groups(schemas),
    };
    let items = document.get_mut("items")?.as_array_mut()?;
    let found = items.iter_mut().find(|item| name_of(item) == name)?;
    Some(found.take())
}

/// The name of a group; the core group has none.
pub(super) fn name_of(item: &Value) -> &str {
    let name = item.pointer("/metadata/name").and_then(Value::as_str);
    name.unwrap_or_default()
}

fn custom(schemas: &Schemas) -> Vec<Value> {
    let mut groups: BTreeMap<&str, Vec<Kind<'_>>> = BTreeMap::new();
    for kind in schemas
        .kinds()
        .filter(|kind| kind.origin() == Origin::Custom)
    {
        groups.entry(kind.group()).or_default().push(kind);
    }
    let items = groups
        .into_iter()
        .map(|(name, kinds)| json!({"metadata": {"name": name}, "versions": versions(&kinds)}));
    items.collect()
}

fn versions(kinds: &[Kind<'_>]) -> Vec<Value> {
    let mut names: Vec<&str> = kinds.iter().map(|kind| kind.version()).collect();
    names.sort_by(|one, other| newest_first(one, other));
    names.dedup();
    let versions = names.into_iter().map(|name| {
        let mut of_version: Vec<_> = kinds.iter().filter(|kind| kind.version() == name).collect();
        of_version.sort_by_key(|kind| kind.plural());
        let resources: Vec<Value> = of_version.into_iter().map(|kind| resource(*kind)).collect();
        json!({"version": name, "resources": resources, "freshness": "Current"})
    });
    versions.collect()
}

fn resource(kind: Kind<'_>) -> Value {
    let mut resource = Map::new();
    let mut put = |field: &str, value: Value| resource.insert(field.to_owned(), value);
    put("resource", json!(kind.plural()));
    put(
        "responseKind",
        answered(kind.group(), kind.version(), kind.kind()),
    );
    let scope = match kind.scope() {
        Scope::Namespaced => "Namespaced",
        Scope::Cluster => "Cluster",
    };
    put("scope", json!(scope));
    put("singularResource", json!(kind.singular()));
    put("verbs", kind.verbs().collect());
    if kind.short_names().len() > 0 {
        put("shortNames", kind.short_names().collect());
    }
    if kind.categories().len() > 0 {
        put("categories", kind.categories().collect());
    }
    if !kind.subresources().is_empty() {
        let all = kind.subresources().iter().map(|subresource| {
            let (group, version, kind) = &subresource.answers;
            json!({
                "subresource": subresource.name,
                "responseKind": answered(group, version, kind),
                "verbs": subresource.verbs,
            })
        });
        put("subresources", all.collect());
    }
    Value::Object(resource)
}

fn answered(group: &str, version: &str, kind: &str) -> Value {
    json!({"group": group, "version": version, "kind": kind})
}
