//! How does one write an override? The native types, to be put into any CRD.

mod containers;
mod image;
mod keys;
mod patch;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::identity::ClusterName;
use crate::intent::LabelSelector;
pub use containers::{EnvOverride, EnvVar, WordsOverride};
pub use image::{ImageOverride, ImagePart, ImageParts, ImageSuffixes};
pub use keys::{FieldFormat, FieldOverride, KeysOverride};
pub use patch::{PatchOp, PatchOperation};

/// Changes to the object in some clusters, or its absence there.
///
/// It concerns the clusters that meet all of `clusters`, `clusterSelector` and `exclude`; without
/// any of them, every cluster in which the object is placed.
///
/// Overrides apply in the order in which they are listed, each to what the one before it left. The
/// changes inside one override apply in the order of its fields here: `image`, `command`, `args`,
/// `env`, `labels`, `annotations`, `fields`, `patches`. All of it applies, or none.
///
/// # Variables
///
/// The texts that an override writes may tell of the cluster: `$(cluster.name)`,
/// `$(cluster.region)`, `$(cluster.zone)`, `$(cluster.provider)` and
/// `$(cluster.labels['KEY'])`. What a cluster does not have fails the override there.
/// `$$(cluster.name)` is the text `$(cluster.name)`. Everything else with a dollar stays as it is:
/// `$(POD_IP)` and `$$(POD_IP)` are Kubernetes' own.
///
/// ```
/// use fed_core::customize::{Override, OverrideSet};
/// use fed_core::{Cluster, Location};
/// use serde_json::json;
///
/// let overrides: Vec<Override> = serde_json::from_value(json!([
///     {
///         "clusterSelector": {"matchLabels": {"env": "prod"}},
///         "exclude": ["us-east"],
///         "image": [{"set": {"registry": "$(cluster.region).example.com"}}],
///         "env": [{"set": [{"name": "CLUSTER", "value": "$(cluster.name)"}]}],
///         "labels": {"set": {"tier": "gold"}, "remove": ["canary"]},
///     },
///     {"clusters": ["lab"], "absent": true},
/// ]))?;
/// let overrides = OverrideSet::native(&overrides, &Location::in_code());
/// assert!(overrides.leaves_out(&Cluster::new("lab")).is_some());
///
/// let region = fed_core::Topology::new("acme", "eu");
/// let west = Cluster::new("eu-west").label("env", "prod").located(region);
/// let mut pod = json!({
///     "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},
///     "spec": {"containers": [{"name": "web", "image": "docker.io/shop/web:1"}]},
/// });
/// overrides.apply(&west, &mut pod)?;
/// assert_eq!(pod["spec"]["containers"][0]["image"], "eu.example.com/shop/web:1");
/// assert_eq!(pod["spec"]["containers"][0]["env"][0]["value"], "eu-west");
/// assert_eq!(pod["metadata"]["labels"]["tier"], "gold");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(
    inline,
    description = "Changes to the object in some clusters, or its absence there."
)]
#[non_exhaustive]
pub struct Override {
    /// The clusters by name. Absent, names do not matter; empty, it concerns no cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "clusters_schema")]
    pub clusters: Option<Vec<ClusterName>>,
    /// What the labels of a cluster must match. Absent, labels do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_selector: Option<LabelSelector>,
    /// The clusters that it does not concern.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<ClusterName>,
    /// The object is not placed in these clusters, whatever the placement says. No other override
    /// puts it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
    /// Parts of the images of containers, such as their registry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image: Vec<ImageOverride>,
    /// The commands of containers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<WordsOverride>,
    /// The arguments of containers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<WordsOverride>,
    /// The environments of containers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvOverride>,
    /// The labels of the object. Those of its pods are changed with `patches`.
    #[serde(default, skip_serializing_if = "KeysOverride::is_empty")]
    pub labels: KeysOverride,
    /// The annotations of the object.
    #[serde(default, skip_serializing_if = "KeysOverride::is_empty")]
    pub annotations: KeysOverride,
    /// Documents inside of texts, such as a file in a ConfigMap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldOverride>,
    /// Anything else, as an RFC 6902 JSON Patch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patches: Vec<PatchOperation>,
}

impl Override {
    /// Changes in every cluster in which the object is placed.
    pub fn new(patches: impl IntoIterator<Item = PatchOperation>) -> Self {
        Self {
            patches: patches.into_iter().collect(),
            ..Self::default()
        }
    }

    /// That the object is not there. Say where.
    ///
    /// ```
    /// use fed_core::Override;
    /// let not_in_the_lab = Override::absence().in_clusters(["lab"]);
    /// assert_eq!(serde_json::to_string(&not_in_the_lab)?, r#"{"clusters":["lab"],"absent":true}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn absence() -> Self {
        Self {
            absent: true,
            ..Self::default()
        }
    }

    /// The same changes, in these clusters alone.
    #[must_use]
    pub fn in_clusters<C: Into<ClusterName>>(
        mut self,
        clusters: impl IntoIterator<Item = C>,
    ) -> Self {
        self.clusters = Some(clusters.into_iter().map(Into::into).collect());
        self
    }

    /// The same changes, where the labels of a cluster match.
    #[must_use]
    pub fn where_labels(mut self, selector: LabelSelector) -> Self {
        self.cluster_selector = Some(selector);
        self
    }

    /// The same changes, but not in these clusters.
    #[must_use]
    pub fn except<C: Into<ClusterName>>(mut self, clusters: impl IntoIterator<Item = C>) -> Self {
        self.exclude = clusters.into_iter().map(Into::into).collect();
        self
    }

    /// Does it change anything, where it holds?
    pub(super) fn has_changes(&self) -> bool {
        *self
            != Self {
                clusters: self.clusters.clone(),
                cluster_selector: self.cluster_selector.clone(),
                exclude: self.exclude.clone(),
                absent: self.absent,
                ..Self::default()
            }
    }
}

fn clusters_schema(generator: &mut SchemaGenerator) -> Schema {
    let name = generator.subschema_for::<ClusterName>();
    json_schema!({ "type": "array", "items": name, "nullable": true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::structural_schema;
    use serde_json::json;

    #[test]
    fn an_absent_list_of_clusters_is_not_an_empty_one() {
        let everywhere = json!({"patches": [{"op": "remove", "path": "/a"}]});
        let mut nowhere = everywhere.clone();
        nowhere["clusters"] = json!([]);
        for document in [everywhere, nowhere] {
            let read = Override::deserialize(&document).unwrap();
            assert_eq!(serde_json::to_value(&read).unwrap(), document);
        }
    }

    #[test]
    fn every_field_is_written_as_it_is_read() {
        let document = json!({
            "clusters": ["a"],
            "clusterSelector": {"matchLabels": {"env": "prod"}},
            "exclude": ["b"],
            "absent": true,
            "image": [{
                "containers": ["web"], "podSpec": "/spec",
                "set": {"registry": "r.io", "repository": "a", "tag": "1", "digest": "d"},
                "remove": ["Registry", "Tag", "Digest"],
                "append": {"registry": ".eu", "repository": "/b", "tag": "-x"},
            }, {"path": "/spec/image"}],
            "command": [{"container": "web", "set": ["a"], "remove": ["b"], "append": ["c"]}],
            "args": [{"container": "web", "podSpec": "/spec", "append": ["c"]}],
            "env": [{
                "containers": ["web"], "podSpec": "/spec",
                "set": [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"x": 1}}],
                "remove": ["C"],
            }],
            "labels": {"set": {"a": "b"}, "replace": {"c": "d"}, "remove": ["e"]},
            "annotations": {"remove": ["e"]},
            "fields": [
                {"path": "/data/a", "format": "Json", "patches": []},
                {"path": "/data/a", "format": "Yaml", "patches": []},
            ],
            "patches": [{"op": "remove", "path": "/a"}],
        });
        let read = Override::deserialize(&document).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), document);
        assert!(read.has_changes() && !Override::absence().has_changes());
    }

    #[test]
    fn the_schema_lists_what_may_be_written() {
        let schema = structural_schema::<Override>();
        let at = |pointer: &str| schema.pointer(pointer).cloned().unwrap_or_default();
        let operation = at("/properties/patches/items");
        assert_eq!(
            operation["properties"]["op"]["enum"],
            json!(["add", "remove", "replace", "move", "copy", "test"])
        );
        assert_eq!(operation["required"], json!(["op", "path"]));
        let value = &operation["properties"]["value"];
        assert_eq!(value["x-kubernetes-preserve-unknown-fields"], json!(true));
        assert_eq!(value["nullable"], json!(true));
        assert!(value.get("type").is_none());
        assert_eq!(schema.get("required"), None);
        assert_eq!(
            at("/properties/image/items/properties/remove/items/enum"),
            json!(["Registry", "Tag", "Digest"])
        );
        assert_eq!(
            at("/properties/fields/items/properties/format/enum"),
            json!(["Json", "Yaml"])
        );
        assert_eq!(
            at("/properties/command/items/required"),
            json!(["container"])
        );
    }

    #[test]
    fn debug_output_shows_no_values() {
        let secret = "aHVudGVyMg";
        let document = json!({
            "image": [{"set": {"tag": secret}, "append": {"tag": secret}}],
            "command": [{"container": "web", "set": [secret], "remove": [secret], "append": [secret]}],
            "env": [{"set": [{"name": "A", "value": secret, "valueFrom": secret}]}],
            "labels": {"set": {"a": secret}, "replace": {"c": secret}},
            "fields": [{"path": "/data/a", "format": "Json", "patches": [
                {"op": "add", "path": "/a", "value": secret},
            ]}],
        });
        let shown = format!("{:?}", Override::deserialize(&document).unwrap());
        assert!(
            shown.contains("/data/a") && !shown.contains(secret),
            "{shown}"
        );
    }
}
