//! Where did people write what stands here in a manifest? In an override, if one put it there, else
//! in the template.

use serde_json::Value;

use crate::fleet::Cluster;
use crate::intent::{Among, Intent};
use crate::location::{Location, Pointer};

/// The place of `path` in the manifest for a cluster, and whether an override put it there.
pub(super) fn locate(
    intent: &Intent,
    cluster: &Cluster,
    manifest: &Value,
    path: &Pointer,
) -> Place {
    if let Some(at) = divided(intent, path) {
        return Place::Source(at);
    }
    let operations = || intent.overrides().operations_for(cluster);
    let overridden = operations()
        .filter_map(|operation| Some((operation, operation.written_at(manifest, path)?)))
        .last();
    if let Some((operation, written)) = overridden {
        return match operation.op() {
            "remove" => Place::Removed(operation.at()),
            _ => Place::Override(written),
        };
    }
    let origin = intent.origin();
    // The object that asks gives the manifest these.
    if ["/kind", "/metadata/name", "/metadata/namespace"].contains(&path.as_str()) {
        return Place::Source(origin.source.join(path.as_str()));
    }
    match in_template(intent, manifest, path) {
        Some(path) => Place::Template(origin.template.join(path.as_str()), path),
        // Operations moved it about: one that touched what it stands in is as near as can be told.
        None => operations()
            .filter(|operation| touches(operation.path(), path))
            .last()
            .map_or_else(
                || Place::Source(origin.source.clone()),
                |operation| Place::Override(operation.at()),
            ),
    }
}

/// Where it says how many replicas are divided, if that is the number at this path.
fn divided(intent: &Intent, path: &Pointer) -> Option<Location> {
    let total = intent.division()?.replicas;
    let at = intent.kind()?.replicas_path()?;
    (total.is_some() && path.as_str() == at).then(|| {
        let field = match intent.divided_among() {
            Among::Placed => "replicas",
            _ => "totalReplicas",
        };
        intent.origin().division.child(field)
    })
}

/// Where in the template stands what stands at `path` in the manifest? Overrides shift the items
/// of lists; an item is found again by its value.
fn in_template(intent: &Intent, manifest: &Value, path: &Pointer) -> Option<Pointer> {
    let mut ours = intent.template().get(&Pointer::root());
    let mut theirs = Some(manifest);
    let mut found = Pointer::root();
    for token in path.tokens() {
        let written = match (
            ours.and_then(Value::as_array),
            theirs.and_then(Value::as_array),
        ) {
            (Some(ours), Some(theirs)) => index(ours, theirs, &token)?.to_string(),
            _ => token.to_string(),
        };
        theirs = theirs.and_then(|value| child(value, &token));
        ours = ours.and_then(|value| child(value, &written));
        found = found.child(&written);
    }
    Some(found)
}

/// The place in the template's list of the item at this place of the manifest's.
fn index(template: &[Value], manifest: &[Value], token: &str) -> Option<usize> {
    let at = token.parse::<usize>().ok()?;
    let item = manifest.get(at);
    if template.len() == manifest.len() || template.get(at) == item {
        return Some(at);
    }
    template.iter().position(|ours| Some(ours) == item)
}

fn child<'v>(value: &'v Value, token: &str) -> Option<&'v Value> {
    match value {
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        other => other.get(token),
    }
}

/// Does an operation work in the list or object that `path` stands in?
fn touches(operation: &str, path: &Pointer) -> bool {
    let parent = Pointer::from_text(operation).parent();
    parent.is_some_and(|parent| path.starts_with(&parent))
}

/// Where something in a manifest was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the object that asks, which gives the manifest its identity.
    Source(Location),
    /// In the template, at this path of it.
    Template(Location, Pointer),
    /// In an override.
    Override(Location),
    /// Nowhere any more: an override removed it.
    Removed(Location),
}

impl Place {
    pub(super) fn into_location(self) -> Location {
        match self {
            Self::Source(at) | Self::Template(at, _) | Self::Override(at) | Self::Removed(at) => at,
        }
    }
}
