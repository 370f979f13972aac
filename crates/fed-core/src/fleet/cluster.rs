//! What is known of one cluster?

use std::collections::{BTreeMap, BTreeSet};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::Taint;
use crate::capacity::Capacity;
use crate::identity::ClusterName;

/// One member cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Cluster {
    name: ClusterName,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    readiness: Readiness,
    #[serde(default, skip_serializing_if = "Topology::is_unknown")]
    topology: Topology,
    #[serde(flatten)]
    facts: ClusterFacts,
}

/// Where a cluster is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Topology {
    /// Who runs it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider: String,
    /// The region it is in.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// The zones that its nodes are in.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub zones: BTreeSet<String>,
}

impl Topology {
    /// A place in this region of this provider.
    pub fn new(provider: impl Into<String>, region: impl Into<String>) -> Self {
        Self {
            provider: provider.into(),
            region: region.into(),
            zones: BTreeSet::new(),
        }
    }

    /// The same place, in these zones.
    #[must_use]
    pub fn in_zones<Z: Into<String>>(mut self, zones: impl IntoIterator<Item = Z>) -> Self {
        self.zones = zones.into_iter().map(Into::into).collect();
        self
    }

    fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// What planning may want to know of a cluster beside its name, labels and place. All of it is
/// optional.
///
/// It is what the annotation `fed.dev/cluster` of a KubeFedCluster holds, as JSON.
///
/// ```
/// use fed_core::ClusterFacts;
///
/// let facts: ClusterFacts = serde_json::from_str(
///     r#"{"taints": [{"key": "maintenance", "effect": "NoSchedule"}], "properties": {"cost": 12}}"#,
/// )?;
/// assert_eq!(facts.properties["cost"], 12);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClusterFacts {
    /// What keeps objects off it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taints: Vec<Taint>,
    /// Numbers by which clusters can be scored, such as a cost or a latency.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, i64>,
    /// The kinds that it serves, as `apps/v1/Deployment` or `v1/ConfigMap`. Absent, it is taken to
    /// serve all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<String>>")]
    pub served: Option<BTreeSet<String>>,
    /// What its nodes have free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
}

/// Can the cluster be reached and worked with?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Readiness {
    /// It was seen, and is well.
    Ready,
    /// It was seen to be unwell, or could not be seen.
    NotReady,
    /// It is gone for good.
    Lost,
    /// Nobody has said.
    #[default]
    Unknown,
}

// By hand: a derived schema of documented variants has `oneOf` and `const`, which a structural
// schema of Kubernetes cannot have.
impl JsonSchema for Readiness {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Readiness".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": ["Ready", "NotReady", "Lost", "Unknown"] })
    }
}

impl Cluster {
    /// A cluster that is ready and of which nothing else is known.
    pub fn new(name: impl Into<ClusterName>) -> Self {
        Self {
            name: name.into(),
            labels: BTreeMap::new(),
            readiness: Readiness::Ready,
            topology: Topology::default(),
            facts: ClusterFacts::default(),
        }
    }

    /// The same cluster with one more label.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// The same cluster with these labels instead of its own.
    #[must_use]
    pub fn with_labels(mut self, labels: BTreeMap<String, String>) -> Self {
        self.labels = labels;
        self
    }

    /// The same cluster in this state.
    #[must_use]
    pub fn with_readiness(mut self, readiness: Readiness) -> Self {
        self.readiness = readiness;
        self
    }

    /// The same cluster at this place.
    #[must_use]
    pub fn located(mut self, topology: Topology) -> Self {
        self.topology = topology;
        self
    }

    /// The same cluster with one more taint.
    #[must_use]
    pub fn taint(mut self, taint: Taint) -> Self {
        self.facts.taints.push(taint);
        self
    }

    /// The same cluster with these facts instead of its own.
    #[must_use]
    pub fn with_facts(mut self, facts: ClusterFacts) -> Self {
        self.facts = facts;
        self
    }

    /// Its name.
    pub fn name(&self) -> &ClusterName {
        &self.name
    }

    /// Its labels, which selectors look at.
    pub fn labels(&self) -> &BTreeMap<String, String> {
        &self.labels
    }

    /// Its state.
    pub fn readiness(&self) -> Readiness {
        self.readiness
    }

    /// Where it is.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// What else is known of it.
    pub fn facts(&self) -> &ClusterFacts {
        &self.facts
    }

    /// Is it known to be ready?
    pub fn is_ready(&self) -> bool {
        self.readiness == Readiness::Ready
    }
}
