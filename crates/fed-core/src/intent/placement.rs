//! In which clusters should the object be? The native placement, as anybody can embed it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::selector::LabelSelector;
use crate::fleet::Toleration;
use crate::identity::ClusterName;
use crate::schema::list_of_texts;

/// In which clusters an object should be.
///
/// A cluster can be chosen when it meets every condition that is given. Without any condition
/// nothing is chosen; an empty list chooses nothing, and an empty selector everything. Of the
/// clusters that can be chosen all are, unless `affinities`, `spread` or `limit` want fewer.
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
    /// The clusters that are never chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<ClusterName>,
    /// Groups of clusters: the first one that can hold the object is taken, and no other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affinities: Vec<Affinity>,
    /// The taints that do not keep the object off a cluster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tolerations: Vec<Toleration>,
    /// Over how many regions, zones and so on the clusters are spread.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spread: Vec<Spread>,
    /// Which clusters come first where not all are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferred: Vec<Preferred>,
    /// Which properties of clusters make them come first where not all are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<PropertyScore>,
    /// At most so many clusters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i32>", range(min = 1))]
    pub limit: Option<u32>,
}

/// A group of clusters to try.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Affinity {
    /// What people call it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The clusters by name. Absent, names do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clusters: Option<Vec<ClusterName>>,
    /// What the labels of a cluster must match. Absent, labels do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_selector: Option<LabelSelector>,
    /// The clusters that are not in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<ClusterName>,
}

/// How clusters are spread over groups of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Spread {
    /// What makes the groups. A cluster that has nothing of the kind is not chosen.
    pub by: SpreadBy,
    /// The label, where it is one that makes the groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// In at least so many groups; 1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i32>", range(min = 1))]
    pub min: Option<u32>,
    /// In at most so many groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i32>", range(min = 1))]
    pub max: Option<u32>,
}

/// What makes the groups over which clusters are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SpreadBy {
    /// Each cluster is a group.
    Cluster,
    /// The zones of clusters.
    Zone,
    /// The regions of clusters.
    Region,
    /// The providers of clusters.
    Provider,
    /// The values of one label of clusters.
    Label,
}

impl SpreadBy {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Cluster,
        Self::Zone,
        Self::Region,
        Self::Provider,
        Self::Label,
    ];

    /// The name as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cluster => "Cluster",
            Self::Zone => "Zone",
            Self::Region => "Region",
            Self::Provider => "Provider",
            Self::Label => "Label",
        }
    }
}

list_of_texts!(SpreadBy);

/// Clusters that come before others, or, with a negative weight, after them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Preferred {
    /// The clusters by name. Absent, names do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clusters: Option<Vec<ClusterName>>,
    /// What the labels of a cluster must match. Absent, labels do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_selector: Option<LabelSelector>,
    /// What it adds to the score of such a cluster.
    pub weight: i64,
}

/// A property of clusters that adds to their scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PropertyScore {
    /// The name of the property. A cluster without it has 0 of it.
    pub property: String,
    /// By what it is multiplied: negative where less is better, such as with costs.
    pub weight: i64,
}

impl Placement {
    /// The placement that chooses nothing, as nothing is asked for.
    pub fn nowhere() -> Self {
        Self::default()
    }

    /// Every cluster of the fleet.
    pub fn everywhere() -> Self {
        Self::selector(LabelSelector::default())
    }

    /// The clusters of these names.
    pub fn clusters<N: Into<ClusterName>>(names: impl IntoIterator<Item = N>) -> Self {
        Self {
            clusters: Some(names.into_iter().map(Into::into).collect()),
            ..Self::default()
        }
    }

    /// The clusters whose labels match.
    pub fn selector(selector: LabelSelector) -> Self {
        Self {
            cluster_selector: Some(selector),
            ..Self::default()
        }
    }

    /// The same, but never these.
    #[must_use]
    pub fn except<N: Into<ClusterName>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.exclude = names.into_iter().map(Into::into).collect();
        self
    }

    /// The same, in the first of these groups that can hold the object.
    #[must_use]
    pub fn within(mut self, groups: impl IntoIterator<Item = Affinity>) -> Self {
        self.affinities = groups.into_iter().collect();
        self
    }

    /// The same, in spite of these taints.
    #[must_use]
    pub fn tolerating(mut self, tolerations: impl IntoIterator<Item = Toleration>) -> Self {
        self.tolerations = tolerations.into_iter().collect();
        self
    }

    /// The same, spread like this.
    #[must_use]
    pub fn spread(mut self, spread: impl IntoIterator<Item = Spread>) -> Self {
        self.spread = spread.into_iter().collect();
        self
    }

    /// The same, in at most so many clusters.
    #[must_use]
    pub fn at_most(mut self, clusters: u32) -> Self {
        self.limit = Some(clusters);
        self
    }

    /// Does it choose among the clusters that could be taken?
    pub(crate) fn is_choosy(&self) -> bool {
        !self.affinities.is_empty() || !self.spread.is_empty() || self.limit.is_some()
    }

    /// Does nothing in it choose any cluster?
    pub(crate) fn selects_nothing(&self) -> bool {
        self.clusters.is_none() && self.cluster_selector.is_none() && self.affinities.is_empty()
    }

    /// The names it lists, in their order.
    pub fn names(&self) -> &[ClusterName] {
        self.clusters.as_deref().unwrap_or_default()
    }
}

impl Affinity {
    /// The group of the clusters of these names.
    pub fn clusters<N: Into<ClusterName>>(names: impl IntoIterator<Item = N>) -> Self {
        Self {
            clusters: Some(names.into_iter().map(Into::into).collect()),
            ..Self::default()
        }
    }

    /// The group of the clusters whose labels match.
    pub fn selector(selector: LabelSelector) -> Self {
        Self {
            cluster_selector: Some(selector),
            ..Self::default()
        }
    }

    /// What people call it: its name, else its number, from 1.
    pub(crate) fn title(&self, position: usize) -> String {
        match self.name.as_str() {
            "" => format!("group {}", position + 1),
            name => format!("group {name:?}"),
        }
    }

    /// The same group under this name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

impl Spread {
    /// Over groups of this kind, at least one.
    pub const fn by(by: SpreadBy) -> Self {
        Self {
            by,
            label: None,
            min: None,
            max: None,
        }
    }

    /// Over the values of this label, at least one.
    pub fn by_label(key: impl Into<String>) -> Self {
        Self {
            label: Some(key.into()),
            ..Self::by(SpreadBy::Label)
        }
    }

    /// The same, over at least so many.
    #[must_use]
    pub const fn at_least(mut self, groups: u32) -> Self {
        self.min = Some(groups);
        self
    }

    /// The same, over at most so many.
    #[must_use]
    pub const fn at_most(mut self, groups: u32) -> Self {
        self.max = Some(groups);
        self
    }
}
