//! What can be asked for in a Propagation?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customize::Override;
use crate::intent::{Division, LabelSelector, Placement};
use crate::reconcile::Options;

/// The spec of a `fed.dev/v1alpha1 Propagation`: which objects go where, and what differs there.
///
/// ```
/// use fed_core::dialect::native::PropagationSpec;
/// use serde_json::json;
///
/// let spec: PropagationSpec = serde_json::from_value(json!({
///     "resources": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"}],
///     "placement": {"clusters": ["us-east", "eu-west"]},
/// }))?;
/// assert_eq!(spec.resources[0].name.as_deref(), Some("rating"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(description = "Which objects go where, and what differs there.")]
#[non_exhaustive]
pub struct PropagationSpec {
    /// The objects to propagate. A Federated object may stand here too: what it does not say
    /// itself is then taken from here.
    #[serde(default)]
    pub resources: Vec<ResourceSelector>,
    /// Where they should be.
    #[serde(default)]
    pub placement: Placement,
    /// How their replicas are divided. Absent, every cluster gets as many as the object says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<Division>,
    /// What differs from cluster to cluster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
    /// How the objects are brought to clusters, kept there and taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Options>,
}

/// Some objects of one kind, in the namespace of the Propagation where the kind has namespaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceSelector {
    /// Their `apiVersion`.
    pub api_version: String,
    /// Their kind.
    pub kind: String,
    /// The one object of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The objects with these labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_selector: Option<LabelSelector>,
}

/// A whole `fed.dev/v1alpha1 Propagation`, as far as it is read.
///
/// Fields that nothing honours yet have no place here; who writes a Propagation back writes the
/// document it was read from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Propagation {
    /// What is asked for.
    pub spec: PropagationSpec,
}
