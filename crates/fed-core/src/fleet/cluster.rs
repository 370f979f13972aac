//! What is known of one cluster?

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

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
}

/// Can the cluster be reached and worked with?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Readiness {
    /// It was seen, and is well.
    Ready,
    /// It was seen to be unwell, or could not be seen.
    NotReady,
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
        json_schema!({ "type": "string", "enum": ["Ready", "NotReady", "Unknown"] })
    }
}

impl Cluster {
    /// A cluster that is ready and has no labels.
    pub fn new(name: impl Into<ClusterName>) -> Self {
        Self {
            name: name.into(),
            labels: BTreeMap::new(),
            readiness: Readiness::Ready,
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

    /// Is it known to be ready?
    pub fn is_ready(&self) -> bool {
        self.readiness == Readiness::Ready
    }
}
