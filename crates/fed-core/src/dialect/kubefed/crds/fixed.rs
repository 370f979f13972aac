//! What are the CustomResourceDefinitions of KubeFed's fixed kinds?

use serde_json::{Value, json};

use crate::crd::{Column, Definition, map_by, one_of, schema_of};
use crate::dialect::kubefed::api::{
    ClusterPropagatedVersion, FederatedServiceStatus, FederatedTypeConfig, KubeFedCluster,
    KubeFedConfig, PropagatedVersion, ReplicaSchedulingPreference,
};
use crate::identity::GroupVersionKind;
use crate::kinds::Scope;

/// The CustomResourceDefinitions of KubeFed's fixed kinds, as an API server takes them.
pub fn fixed() -> Vec<Value> {
    FIXED.iter().map(Fixed::crd).collect()
}

/// One of the fixed kinds.
struct Fixed {
    api_version: &'static str,
    kind: &'static str,
    plural: &'static str,
    short_names: &'static [&'static str],
    scope: Scope,
    has_status: bool,
    columns: &'static [Column],
    schema: fn() -> Value,
}

impl Fixed {
    fn crd(&self) -> Value {
        let short_names = self.short_names.iter();
        Definition {
            gvk: GroupVersionKind::from_api_version(self.api_version, self.kind),
            plural: self.plural.to_owned(),
            short_names: short_names.map(|name| (*name).to_owned()).collect(),
            scope: self.scope,
            has_status: self.has_status,
            columns: self.columns,
            schema: (self.schema)(),
        }
        .into_value()
    }
}

const FIXED: &[Fixed] = &[
    Fixed {
        api_version: KubeFedCluster::API_VERSION,
        kind: KubeFedCluster::KIND,
        plural: "kubefedclusters",
        short_names: &["kfc"],
        scope: Scope::Namespaced,
        has_status: true,
        columns: &[
            Column::new("age", "date", ".metadata.creationTimestamp"),
            Column::text("ready", ".status.conditions[?(@.type==\"Ready\")].status"),
            Column::text("kubernetes-version", ".status.kubernetesVersion"),
        ],
        schema: cluster,
    },
    Fixed {
        api_version: KubeFedConfig::API_VERSION,
        kind: KubeFedConfig::KIND,
        plural: "kubefedconfigs",
        short_names: &[],
        scope: Scope::Namespaced,
        has_status: false,
        columns: &[Column::text("Scope", ".spec.scope"), Column::AGE],
        schema: config,
    },
    Fixed {
        api_version: FederatedTypeConfig::API_VERSION,
        kind: FederatedTypeConfig::KIND,
        plural: "federatedtypeconfigs",
        short_names: &["ftc"],
        scope: Scope::Namespaced,
        has_status: true,
        columns: &[
            Column::text("Federated", ".spec.federatedType.kind"),
            Column::text("Propagation", ".spec.propagation"),
            Column::AGE,
        ],
        schema: type_config,
    },
    Fixed {
        api_version: PropagatedVersion::API_VERSION,
        kind: PropagatedVersion::KIND,
        plural: "propagatedversions",
        short_names: &[],
        scope: Scope::Namespaced,
        has_status: true,
        columns: &[],
        schema: propagated_version,
    },
    Fixed {
        api_version: ClusterPropagatedVersion::API_VERSION,
        kind: ClusterPropagatedVersion::KIND,
        plural: "clusterpropagatedversions",
        short_names: &[],
        scope: Scope::Cluster,
        has_status: true,
        columns: &[],
        schema: cluster_propagated_version,
    },
    Fixed {
        api_version: FederatedServiceStatus::API_VERSION,
        kind: FederatedServiceStatus::KIND,
        plural: "federatedservicestatuses",
        short_names: &[],
        scope: Scope::Namespaced,
        // Its status is no field of that name.
        has_status: false,
        columns: &[],
        schema: service_status,
    },
    Fixed {
        api_version: ReplicaSchedulingPreference::API_VERSION,
        kind: ReplicaSchedulingPreference::KIND,
        plural: "replicaschedulingpreferences",
        short_names: &["rsp"],
        scope: Scope::Namespaced,
        has_status: false,
        columns: &[
            Column::text("Target", ".spec.targetKind"),
            Column::new("Replicas", "integer", ".spec.totalReplicas"),
            Column::AGE,
        ],
        schema: preference,
    },
];

const SWITCH: &[&str] = &["Enabled", "Disabled"];
const SCOPES: &[&str] = &["Cluster", "Namespaced"];

fn cluster() -> Value {
    let time = json!({"format": "date-time"});
    schema_of::<KubeFedCluster>(&[
        ("/spec/caBundle", json!({"format": "byte"})),
        (
            "/spec/disabledTLSValidations",
            json!({"x-kubernetes-list-type": "set"}),
        ),
        (
            "/spec/disabledTLSValidations/*",
            one_of(&["*", "SubjectName", "ValidityPeriod"]),
        ),
        ("/status/conditions", map_by("type")),
        ("/status/conditions/*/lastProbeTime", time.clone()),
        ("/status/conditions/*/lastTransitionTime", time),
    ])
}

fn config() -> Value {
    schema_of::<KubeFedConfig>(&[
        ("/spec/scope", one_of(SCOPES)),
        ("/spec/featureGates", map_by("name")),
        ("/spec/featureGates/*/configuration", one_of(SWITCH)),
        ("/spec/syncController/adoptResources", one_of(SWITCH)),
    ])
}

fn type_config() -> Value {
    schema_of::<FederatedTypeConfig>(&[
        ("/spec/targetType/scope", one_of(SCOPES)),
        ("/spec/federatedType/scope", one_of(SCOPES)),
        ("/spec/statusType/scope", one_of(SCOPES)),
        ("/spec/propagation", one_of(SWITCH)),
        ("/spec/statusCollection", one_of(SWITCH)),
    ])
}

fn propagated_version() -> Value {
    schema_of::<PropagatedVersion>(&[("/status/clusterVersions", map_by("clusterName"))])
}

fn cluster_propagated_version() -> Value {
    schema_of::<ClusterPropagatedVersion>(&[("/status/clusterVersions", map_by("clusterName"))])
}

fn service_status() -> Value {
    let any_object = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    schema_of::<FederatedServiceStatus>(&[
        ("/clusterStatus", map_by("clusterName")),
        ("/clusterStatus/*/status", any_object),
    ])
}

fn preference() -> Value {
    schema_of::<ReplicaSchedulingPreference>(&[
        ("/spec/totalReplicas", json!({"format": "int32"})),
        ("/status", json!({"type": "object", "nullable": null})),
    ])
}
