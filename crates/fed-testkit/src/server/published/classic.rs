//! Which kinds are served? As clients asked before there was one document: first for the groups,
//! then for the resources of each version. All of it is drawn from the aggregated documents.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fed_schema::Schemas;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::aggregated;
use crate::server::store::Store;
use crate::server::write::fields;

/// The versions of the core group. Where the server is, it does not know.
pub(super) fn core() -> Value {
    json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
}

/// All groups but the core one.
pub(super) fn groups(schemas: &Schemas) -> Value {
    let document = aggregated::groups(schemas);
    let groups: Vec<Value> = list(&document, "items").iter().map(described).collect();
    json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
}

/// One group.
pub(super) fn group(schemas: &Schemas, name: &str) -> Option<Value> {
    let mut group = described(&aggregated::group(schemas, name)?);
    let fields = fields(&mut group);
    fields.insert("kind".to_owned(), json!("APIGroup"));
    fields.insert("apiVersion".to_owned(), json!("v1"));
    Some(group)
}

fn described(item: &Value) -> Value {
    let name = aggregated::name_of(item);
    let versions: Vec<Value> = list(item, "versions")
        .iter()
        .map(|version| {
            let version = text(version, "version");
            json!({"groupVersion": format!("{name}/{version}"), "version": version})
        })
        .collect();
    let preferred = versions.first().cloned().unwrap_or_default();
    json!({"name": name, "versions": versions, "preferredVersion": preferred})
}

/// The resources of a version of a group, if it is served.
pub(super) fn resources(
    schemas: &Schemas,
    store: &Store,
    group: &str,
    version: &str,
) -> Option<Value> {
    let item = aggregated::group(schemas, group)?;
    let mut versions = list(&item, "versions").iter();
    let found = versions.find(|item| text(item, "version") == version)?;
    let place = Place {
        store,
        group,
        version,
    };
    let resources = list(found, "resources").iter();
    let resources: Vec<Value> = resources
        .flat_map(|resource| place.all_of(resource))
        .collect();
    let name = match group {
        "" => version.to_owned(),
        group => format!("{group}/{version}"),
    };
    let mut answer = json!({
        "kind": "APIResourceList", "groupVersion": name, "resources": resources,
    });
    // The core group's list is older than the version of its own kind.
    if !group.is_empty() {
        fields(&mut answer).insert("apiVersion".to_owned(), json!("v1"));
    }
    Some(answer)
}

/// The version whose resources are told.
struct Place<'a> {
    store: &'a Store,
    group: &'a str,
    version: &'a str,
}

impl Place<'_> {
    /// A resource and all that is served beside it.
    fn all_of(&self, resource: &Value) -> Vec<Value> {
        let plural = text(resource, "resource");
        let is_namespaced = text(resource, "scope") == "Namespaced";
        let mut all = Vec::new();
        // Some subresources stand beside nothing.
        if let Some(kind) = resource.pointer("/responseKind/kind") {
            let mut told = self.described(plural, resource, is_namespaced);
            told.insert("singularName".into(), resource["singularResource"].clone());
            for field in ["shortNames", "categories"] {
                if let Some(names) = resource.get(field) {
                    told.insert(field.into(), names.clone());
                }
            }
            if list(resource, "verbs").iter().any(|verb| verb == "watch") {
                let kind = kind.as_str().unwrap_or_default();
                told.insert("storageVersionHash".into(), self.hash(plural, kind).into());
            }
            all.push(Value::Object(told));
        }
        all.extend(list(resource, "subresources").iter().map(|subresource| {
            let name = format!("{plural}/{}", text(subresource, "subresource"));
            let mut told = self.described(&name, subresource, is_namespaced);
            told.insert("singularName".into(), json!(""));
            Value::Object(told)
        }));
        all
    }

    fn described(&self, name: &str, item: &Value, is_namespaced: bool) -> Map<String, Value> {
        let mut told = Map::new();
        let mut put = |field: &str, value: Value| told.insert(field.to_owned(), value);
        put("name", json!(name));
        put("namespaced", json!(is_namespaced));
        put("verbs", item["verbs"].clone());
        let answered = &item["responseKind"];
        put("kind", answered["kind"].clone());
        let (group, version) = (text(answered, "group"), text(answered, "version"));
        let is_own = version.is_empty() || (group, version) == (self.group, self.version);
        if !is_own {
            put("group", json!(group));
            put("version", json!(version));
        }
        told
    }

    /// What tells clients that objects are stored in another version than before.
    fn hash(&self, plural: &str, kind: &str) -> String {
        let own = (self.group.to_owned(), self.version.to_owned());
        let (group, version) = self.stored(plural).unwrap_or(own);
        let digest = Sha256::digest(format!("{group}/{version}/{kind}"));
        let (start, _) = digest.split_at(8);
        STANDARD.encode(start)
    }

    /// The group and version in which objects are stored, where it is not the served one.
    fn stored(&self, plural: &str) -> Option<(String, String)> {
        // What a server of this release says of the built-in kinds.
        const ELSEWHERE: [(&str, &str, &str, &str); 5] = [
            ("events.k8s.io", "events", "", "v1"),
            (
                "autoscaling",
                "horizontalpodautoscalers",
                "autoscaling",
                "v2",
            ),
            (
                "admissionregistration.k8s.io",
                "mutatingadmissionpolicies",
                "admissionregistration.k8s.io",
                "v1beta1",
            ),
            (
                "admissionregistration.k8s.io",
                "mutatingadmissionpolicybindings",
                "admissionregistration.k8s.io",
                "v1beta1",
            ),
            (
                "apiextensions.k8s.io",
                "customresourcedefinitions",
                "apiextensions.k8s.io",
                "v1beta1",
            ),
        ];
        let known = ELSEWHERE
            .iter()
            .find(|(group, name, ..)| (*group, *name) == (self.group, plural));
        if let Some((_, _, group, version)) = known {
            return Some(((*group).to_owned(), (*version).to_owned()));
        }
        let definition = super::definition(self.store, self.group, plural)?;
        let mut versions = definition.pointer("/spec/versions")?.as_array()?.iter();
        let stored = versions.find(|version| version["storage"] == true)?;
        Some((self.group.to_owned(), text(stored, "name").to_owned()))
    }
}

fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    let list = value.get(field).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
