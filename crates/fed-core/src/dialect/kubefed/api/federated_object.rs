//! What does `types.kubefed.io Federated<Kind>` look like, whatever the kind?

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::document::{document, object, silent_object};
use super::{ClusterStatus, ObjectMeta, OverrideEntry, Placement};

object! {
    /// An object of any kind, to be put into clusters.
    #[derive(Debug)]
    pub struct FederatedObject {
        /// The group and version, by default `types.kubefed.io/v1beta1`.
        api_version: String = "apiVersion",
        /// `Federated`, followed by the target's kind.
        kind: String = "kind",
        /// Its name and namespace are the target's, too.
        metadata: ObjectMeta = "metadata",
        /// What is asked for.
        #[schemars(required)]
        spec: FederatedSpec = "spec",
        /// What has come of it.
        status: FederatedStatus = "status",
    }
}

document!(FederatedObject);

object! {
    /// What must be in which clusters.
    pub struct FederatedSpec {
        /// The target object, without what names it: always a JSON object.
        #[serde(default, deserialize_with = "json_object")]
        #[schemars(with = "Option<Map<String, Value>>")]
        template: Value = "template",
        /// Into which clusters it goes.
        placement: Placement = "placement",
        /// What differs in some of them.
        overrides: Vec<OverrideEntry> = "overrides",
        /// Does each cluster keep its own number of replicas?
        retain_replicas: bool = "retainReplicas",
    }
}

// The target may be a Secret: its values are not for logs.
impl fmt::Debug for FederatedSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let template: Option<Vec<_>> = self
            .template
            .as_ref()
            .and_then(Value::as_object)
            .map(|template| template.keys().collect());
        f.debug_struct("FederatedSpec")
            .field("template", &template)
            .field("placement", &self.placement)
            .field("overrides", &self.overrides)
            .field("retain_replicas", &self.retain_replicas)
            .field("unknown", &self.unknown)
            .finish()
    }
}

fn json_object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    let fields = Option::<Map<String, Value>>::deserialize(deserializer)?;
    Ok(fields.map(Value::Object))
}

silent_object! {
    /// What has come of a federated object.
    #[derive(Debug)]
    pub struct FederatedStatus {
        /// The generation of the object that this is about.
        observed_generation: i64 = "observedGeneration",
        /// How it fares as a whole.
        conditions: Vec<FederatedCondition> = "conditions",
        /// How it fares in each cluster.
        clusters: Vec<FederatedClusterStatus> = "clusters",
    }
}

silent_object! {
    /// How a federated object fares as a whole.
    #[derive(Debug)]
    pub struct FederatedCondition {
        /// `Propagation`.
        #[schemars(required)]
        condition_type: String = "type",
        /// `True` or `False`.
        #[schemars(required)]
        status: String = "status",
        /// Why it is not `True`.
        reason: String = "reason",
        /// When the condition was last written.
        last_update_time: String = "lastUpdateTime",
        /// When its status last changed.
        last_transition_time: String = "lastTransitionTime",
    }
}

silent_object! {
    /// How a federated object fares in one cluster.
    pub struct FederatedClusterStatus {
        /// The cluster's name.
        #[schemars(required)]
        name: String = "name",
        /// How it fares; absent when all is well.
        status: ClusterStatus = "status",
        /// The `status` of the cluster's object.
        remote_status: Value = "remoteStatus",
    }
}

// What a kind of the user's own writes into its status is not for logs either.
impl fmt::Debug for FederatedClusterStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let remote_status = self.remote_status.as_ref().map(|_| format_args!(".."));
        f.debug_struct("FederatedClusterStatus")
            .field("name", &self.name)
            .field("status", &self.status)
            .field("remote_status", &remote_status)
            .field("unknown", &self.unknown)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::parse;
    use crate::location::Location;
    use serde_json::json;

    #[test]
    fn debug_output_never_shows_a_secret() {
        let document = json!({
            "kind": "FederatedSecret",
            "metadata": {"annotations": {"last-applied": "{\"token\": \"hunter2\"}"}},
            "spec": {
                "template": {"data": {"token": "hunter2"}},
                "overrides": [
                    {"clusterOverrides": [{"path": "/data/token", "value": "hunter2"}]},
                ],
            },
            "status": {"clusters": [{"name": "a", "remoteStatus": {"token": "hunter2"}}]},
        });
        let parsed: FederatedObject = parse(&document, &Location::in_code()).unwrap();
        let text = format!("{parsed:#?}");
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("last-applied") && text.contains("/data/token"));
    }

    #[test]
    fn absent_and_empty_stay_apart() {
        for placement in [
            json!({}),
            json!({"clusters": []}),
            json!({"clusterSelector": {}}),
        ] {
            let document = json!({"spec": {"placement": placement}});
            let parsed: FederatedObject = parse(&document, &Location::in_code()).unwrap();
            let placement = parsed.spec.clone().and_then(|spec| spec.placement).unwrap();
            assert_eq!(
                placement.clusters.is_some(),
                document.pointer("/spec/placement/clusters").is_some()
            );
            assert_eq!(serde_json::to_value(&parsed).unwrap(), document);
        }
    }
}
