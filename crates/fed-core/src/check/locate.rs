//! Where did people write what stands here in a manifest? In an override, if one put it there, else
//! in the template.

use crate::identity::ClusterName;
use crate::intent::Intent;
use crate::location::{Location, Pointer};

/// The place of `path` in the manifest for a cluster, and whether an override put it there.
pub(super) fn locate(intent: &Intent, cluster: &ClusterName, path: &Pointer) -> Place {
    let overridden = intent
        .overrides()
        .operations_for(cluster)
        .filter_map(|operation| Some((operation.at(), below(path, operation.path())?)))
        .last();
    if let Some((operation, rest)) = overridden {
        return Place::Override(operation.child("value").join(&rest));
    }
    let origin = intent.origin();
    // The object that asks gives the manifest these.
    if ["/kind", "/metadata/name", "/metadata/namespace"].contains(&path.as_str()) {
        return Place::Source(origin.source.join(path.as_str()));
    }
    Place::Template(origin.template.join(path.as_str()))
}

/// Where something in a manifest was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the object that asks, which gives the manifest its identity.
    Source(Location),
    /// In the template.
    Template(Location),
    /// In an override.
    Override(Location),
}

impl Place {
    pub(super) fn into_location(self) -> Location {
        match self {
            Self::Source(at) | Self::Template(at) | Self::Override(at) => at,
        }
    }
}

/// The way from `above` down to `path`, if `path` is there or below.
fn below(path: &Pointer, above: &str) -> Option<String> {
    let above = Pointer::from_text(above);
    let is_below = above.as_str().starts_with('/') && path.starts_with(&above);
    is_below.then(|| {
        path.as_str()
            .get(above.as_str().len()..)
            .unwrap_or_default()
            .to_owned()
    })
}
