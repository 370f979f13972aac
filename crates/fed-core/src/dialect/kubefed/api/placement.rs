//! How does a federated object say into which clusters it goes?

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::object;

object! {
    /// Into which clusters an object goes. A list, even an empty one, makes the selector void.
    #[derive(Debug)]
    pub struct Placement {
        /// The clusters by name.
        clusters: Vec<ClusterReference> = "clusters",
        /// The clusters by their labels.
        cluster_selector: LabelSelector = "clusterSelector",
    }
}

object! {
    /// One cluster of a list.
    #[derive(Debug)]
    pub struct ClusterReference {
        /// Its name.
        #[schemars(required)]
        name: String = "name",
        /// How many replicas it gets. KubeFed does not have this field, so that any value may
        /// stand here; one that is no number is a fault of this cluster alone.
        #[schemars(with = "Option<i64>")]
        replicas: Value = "replicas",
    }
}

object! {
    /// Which labels a cluster must have: all that is asked for.
    #[derive(Debug)]
    pub struct LabelSelector {
        /// Labels with their values.
        match_labels: BTreeMap<String, String> = "matchLabels",
        /// Other things that are asked of labels.
        match_expressions: Vec<LabelRequirement> = "matchExpressions",
    }
}

object! {
    /// What is asked of one label.
    #[derive(Debug)]
    pub struct LabelRequirement {
        /// The label.
        #[schemars(required)]
        key: String = "key",
        /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
        #[schemars(required)]
        operator: String = "operator",
        /// The values for `In` and `NotIn`.
        values: Vec<String> = "values",
    }
}
