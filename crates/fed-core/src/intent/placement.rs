//! In which clusters should the object be? The native placement, as anybody can embed it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::selector::LabelSelector;
use crate::identity::ClusterName;

/// In which clusters an object should be.
///
/// A cluster is chosen when it meets every condition that is given. Without any condition nothing
/// is chosen; an empty list chooses nothing, and an empty selector everything.
///
/// It can stand in the spec of any custom resource: it is `serde` and `schemars`, and its schema
/// is a structural one.
///
/// ```
/// use fed_core::{LabelSelector, Placement};
///
/// let named = Placement::clusters(["us-east", "eu-west"]);
/// let selected = Placement::selector(LabelSelector::labels([("env", "prod")]));
/// let read: Placement = serde_json::from_str(r#"{"clusters": ["us-east", "eu-west"]}"#)?;
/// assert_eq!(read, named);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(
    description = "In which clusters the object should be: those that meet every condition given."
)]
#[non_exhaustive]
pub struct Placement {
    /// The clusters by name. Absent, names do not matter; empty, no cluster is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clusters: Option<Vec<ClusterName>>,
    /// What the labels of a cluster must match. The empty selector matches every cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_selector: Option<LabelSelector>,
}

impl Placement {
    /// The placement that chooses nothing, as nothing is asked for.
    pub const fn nowhere() -> Self {
        Self {
            clusters: None,
            cluster_selector: None,
        }
    }

    /// Every cluster of the fleet.
    pub fn everywhere() -> Self {
        Self::selector(LabelSelector::default())
    }

    /// The clusters of these names.
    pub fn clusters<N: Into<ClusterName>>(names: impl IntoIterator<Item = N>) -> Self {
        Self {
            clusters: Some(names.into_iter().map(Into::into).collect()),
            cluster_selector: None,
        }
    }

    /// The clusters whose labels match.
    pub const fn selector(selector: LabelSelector) -> Self {
        Self {
            clusters: None,
            cluster_selector: Some(selector),
        }
    }

    /// The names it lists, in their order.
    pub fn names(&self) -> &[ClusterName] {
        self.clusters.as_deref().unwrap_or_default()
    }
}
