//! How is memory stored? As little as can be, so that it fits beside other things in an object.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Kept, Leader, Remembered, Version};
use crate::identity::ClusterName;
use crate::reconcile::Options;

/// What is stored of one object.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Stored {
    version: Version,
    #[serde(skip_serializing_if = "is_default")]
    options: Options,
    #[serde(skip_serializing_if = "Option::is_none")]
    defines: Option<(String, String)>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    leaders: BTreeSet<Leader>,
    #[serde(skip_serializing_if = "is_default")]
    is_abandoned: bool,
    #[serde(skip_serializing_if = "is_default")]
    is_ending: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    clusters: BTreeMap<ClusterName, Kept>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl From<Stored> for Remembered {
    fn from(stored: Stored) -> Self {
        Self {
            version: stored.version,
            saved: stored.version,
            is_confirmed: false,
            options: stored.options,
            defines: stored.defines,
            leaders: stored.leaders,
            is_abandoned: stored.is_abandoned,
            is_ending: stored.is_ending,
            clusters: stored.clusters,
        }
    }
}

impl From<Remembered> for Stored {
    fn from(remembered: Remembered) -> Self {
        Self {
            version: remembered.version,
            options: remembered.options,
            defines: remembered.defines,
            leaders: remembered.leaders,
            is_abandoned: remembered.is_abandoned,
            is_ending: remembered.is_ending,
            clusters: remembered.clusters,
        }
    }
}
