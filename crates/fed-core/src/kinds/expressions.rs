//! What may a document say of a kind in expressions, where paths are not enough?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What of a declared kind is computed, by expressions in CEL. See
/// [`expression`](crate::expression) for the language and its limits; without the feature `cel`,
/// none of these can be given.
///
/// An expression that has no value for an object changes nothing by that: the health of the object
/// is unknown, keeping and collecting fail with the reason, and all else is as without the
/// expression, with a remark.
///
/// ```
/// # #[cfg(feature = "cel")] {
/// use fed_core::kinds::{HealthState, Kind, KindDocument, Manners, Retention};
/// use serde_json::json;
///
/// let document: KindDocument = serde_json::from_value(json!({
///     "group": "batch.volcano.sh", "version": "v1alpha1", "kind": "Job",
///     "plural": "jobs", "scope": "Namespaced", "replicasPath": "/spec/minAvailable",
///     "expressions": {
///         "health": "{
///             'state': object.status.state.phase in ['Running', 'Completed'] ? 'Healthy' : 'Degraded',
///             'reason': object.status.state.phase,
///         }",
///         "retain": "{?'/spec/queue': live.?spec.?queue}",
///         "dependencies": "object.spec.tasks.map(task, task.template.spec.?serviceAccountName.orValue(''))
///             .filter(name, name != '')
///             .map(name, {'kind': 'ServiceAccount', 'name': name})",
///         "aggregate": "{'running': clusters.map(one, one.?status.?running.orValue(0)).sum()}",
///     },
/// })).expect("well formed");
/// let kind = document.declare().expect("paths and expressions");
///
/// let live = json!({"spec": {"queue": "night"}, "status": {"state": {"phase": "Aborted"}}});
/// assert_eq!(kind.health(&live, Manners::Native).state, HealthState::Degraded);
/// let mut desired = json!({"spec": {"queue": "day"}});
/// kind.retain(&mut desired, &live, &Retention::default()).expect("it has a value");
/// assert_eq!(desired["spec"]["queue"], "night");
///
/// let health = kind.health(&json!({}), Manners::Native);
/// assert_eq!(health.state, HealthState::Unknown);
/// assert_eq!(health.message, "the expression health has no value: object has no field status");
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct KindExpressions {
    /// How many replicas `object` wants: a whole number. They are written to `replicasPath`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<String>,
    /// How `object` is: Healthy, Progressing, Degraded or Unknown, or a map of that as `state`, with
    /// a `reason` in one word and a `message`. One that is being deleted is Progressing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// May a rollout go on to the next cluster, as far as `object` is concerned? True or false;
    /// absent, when it is healthy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<String>,
    /// What an update of `live` to `desired` must keep: a map from JSON Pointers to the values that
    /// are written there, where null takes away what is written as a whole. To keep twice must be to
    /// keep once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retain: Option<String>,
    /// Which others `object` needs: a list of maps with `kind`, `name` and, where it is not the core
    /// one, `group`; `scope` is Cluster for what has no namespace, `optional` is true for what it
    /// works without, and `path` is the JSON Pointer to where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependencies: Option<String>,
    /// What of the status of `object` is collected: a map, or null for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The status of `object` as a whole, by `clusters`: a list, ordered by name, of maps with
    /// `name`, `current` (does it speak of the newest form of the object?) and, once there is one,
    /// `status`. A map that is laid over what adds up without it; null takes a field away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<String>,
    /// Which field hinders an update from `before` to `after`, so that the object has to be made
    /// anew: its JSON Pointer, or an empty text for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<String>,
}
