//! Which kinds are there, and under which names? A sorted list of entries.

use std::sync::Arc;

use serde_json::Value;

use crate::documents;
use crate::entry::{Columns, Entry, Origin, Scale, Schemata, Subresource};
use crate::shape::Scope;

/// Kinds that can be found by kind and by plural.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    /// By group, kind and rank: the versions of a kind stand together, the preferred one first.
    entries: Vec<Arc<Entry>>,
    /// The places of the entries by group, plural and rank.
    plurals: Vec<usize>,
}

impl Registry {
    pub(crate) fn new(mut entries: Vec<Arc<Entry>>) -> Self {
        let kind = |entry: &Entry| (entry.group.clone(), entry.kind.clone(), entry.rank);
        entries.sort_by_cached_key(|entry| kind(entry));
        let mut plurals: Vec<usize> = (0..entries.len()).collect();
        plurals.sort_by_cached_key(|place| {
            let entry = entries.get(*place);
            entry.map(|entry| (entry.group.clone(), entry.plural.clone(), entry.rank))
        });
        Self { entries, plurals }
    }

    /// The built-in kinds: what aggregated discovery says.
    pub(crate) fn builtin() -> Self {
        let discovery: Value = documents::read("discovery");
        let mut entries = Vec::new();
        for group in ["/api/items", "/apis/items"]
            .iter()
            .flat_map(|list| array(&discovery, list))
        {
            let name = text(group, "/metadata/name");
            for (rank, version) in array(group, "/versions").iter().enumerate() {
                entries.extend(discovered(name, rank, version));
            }
        }
        Self::new(entries)
    }

    pub(crate) fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// The versions of a kind, the preferred one first.
    pub(crate) fn versions(&self, group: &str, kind: &str) -> &[Arc<Entry>] {
        let name = |entry: &Entry| {
            (*entry.group)
                .cmp(group)
                .then_with(|| (*entry.kind).cmp(kind))
        };
        let start = self.entries.partition_point(|entry| name(entry).is_lt());
        let found = self.entries.get(start..).unwrap_or_default();
        let length = found.iter().take_while(|entry| name(entry).is_eq()).count();
        found.get(..length).unwrap_or_default()
    }

    /// The preferred version of the resource with this plural.
    pub(crate) fn resource(&self, group: &str, plural: &str) -> Option<&Entry> {
        let entry = |place: &usize| self.entries.get(*place);
        let start = self.plurals.partition_point(|place| {
            entry(place).is_some_and(|entry| (&*entry.group, &*entry.plural) < (group, plural))
        });
        let found = self.plurals.get(start).and_then(entry)?;
        (&*found.group == group && &*found.plural == plural).then_some(found)
    }
}

fn discovered(group: &str, rank: usize, version: &Value) -> Vec<Arc<Entry>> {
    let version_name = text(version, "/version");
    let schemas = Arc::new(Schemata::packed(documents::part_of(group, version_name)));
    let entry = |resource: &Value| {
        let (kind_group, kind_version, kind) = answered(resource, group, version_name);
        Some(Arc::new(Entry {
            group: kind_group.into(),
            version: kind_version.into(),
            kind: kind.into(),
            plural: text(resource, "/resource").into(),
            singular: text(resource, "/singularResource").into(),
            short_names: texts(resource, "/shortNames"),
            categories: texts(resource, "/categories"),
            verbs: texts(resource, "/verbs"),
            scope: Scope::parse(text(resource, "/scope"))?,
            scale: builtin_scale(resource),
            subresources: array(resource, "/subresources")
                .iter()
                .map(|subresource| Subresource {
                    name: text(subresource, "/subresource").to_owned(),
                    verbs: texts(subresource, "/verbs")
                        .into_iter()
                        .map(Into::into)
                        .collect(),
                    answers: answered(subresource, group, version_name),
                })
                .collect(),
            rank,
            columns: Columns::Published,
            schemas: Arc::clone(&schemas),
            deprecation: None,
            unchecked: Vec::new(),
            origin: Origin::Builtin,
        }))
    };
    array(version, "/resources")
        .iter()
        .filter_map(entry)
        .collect()
}

/// Discovery leaves out the group and version that the resource itself has.
fn answered(resource: &Value, group: &str, version: &str) -> (String, String, String) {
    let kind = text(resource, "/responseKind/kind").to_owned();
    match text(resource, "/responseKind/version") {
        "" => (group.to_owned(), version.to_owned(), kind),
        other => (
            text(resource, "/responseKind/group").to_owned(),
            other.to_owned(),
            kind,
        ),
    }
}

// No document says where the built-in kinds keep their replicas; it is the same for all of them.
fn builtin_scale(resource: &Value) -> Option<Scale> {
    let mut subresources = array(resource, "/subresources").iter();
    subresources.find(|subresource| text(subresource, "/subresource") == "scale")?;
    Some(Scale {
        spec_replicas: "/spec/replicas".to_owned(),
        status_replicas: "/status/replicas".to_owned(),
        selector: Some("/spec/selector".to_owned()),
    })
}

pub(crate) fn array<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

pub(crate) fn texts(value: &Value, pointer: &str) -> Vec<Box<str>> {
    let items = array(value, pointer).iter();
    items.filter_map(Value::as_str).map(Into::into).collect()
}
