//! Which packed documents are there? Written by `cargo xtask schema`; do not edit.

/// The Kubernetes version that published the documents.
pub const KUBERNETES_VERSION: &str = "1.36";

/// A name and the gzipped JSON that it stands for, by name.
#[rustfmt::skip]
pub(crate) static PARTS: &[(&str, &[u8])] = &[
    ("discovery", include_bytes!("../data/discovery.json.gz")),
    ("openapi-v2", include_bytes!("../data/openapi-v2.json.gz")),
    ("openapi-v3/api/v1", include_bytes!("../data/openapi-v3/api/v1.json.gz")),
    ("openapi-v3/apis/admissionregistration.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/admissionregistration.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/apiextensions.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/apiextensions.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/apiregistration.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/apiregistration.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/apps/v1", include_bytes!("../data/openapi-v3/apis/apps/v1.json.gz")),
    ("openapi-v3/apis/authentication.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/authentication.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/authorization.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/authorization.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/autoscaling/v1", include_bytes!("../data/openapi-v3/apis/autoscaling/v1.json.gz")),
    ("openapi-v3/apis/autoscaling/v2", include_bytes!("../data/openapi-v3/apis/autoscaling/v2.json.gz")),
    ("openapi-v3/apis/batch/v1", include_bytes!("../data/openapi-v3/apis/batch/v1.json.gz")),
    ("openapi-v3/apis/certificates.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/certificates.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/coordination.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/coordination.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/discovery.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/discovery.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/events.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/events.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/flowcontrol.apiserver.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/flowcontrol.apiserver.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/networking.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/networking.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/node.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/node.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/policy/v1", include_bytes!("../data/openapi-v3/apis/policy/v1.json.gz")),
    ("openapi-v3/apis/rbac.authorization.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/rbac.authorization.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/resource.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/resource.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/scheduling.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/scheduling.k8s.io/v1.json.gz")),
    ("openapi-v3/apis/storage.k8s.io/v1", include_bytes!("../data/openapi-v3/apis/storage.k8s.io/v1.json.gz")),
    ("openapi-v3/other", include_bytes!("../data/openapi-v3/other.json.gz")),
    ("table-columns", include_bytes!("../data/table-columns.json.gz")),
];
