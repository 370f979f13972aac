//! Do these two APIs serve the same objects? Kubernetes moved some kinds between groups and served
//! them in both for years; only one of the two may be federated.

/// The APIs that served the objects of a plural.
const MOVED: &[(&str, &[&str])] = &[
    (
        "daemonsets",
        &["apps/v1", "apps/v1beta2", "extensions/v1beta1"],
    ),
    (
        "deployments",
        &[
            "apps/v1",
            "apps/v1beta1",
            "apps/v1beta2",
            "extensions/v1beta1",
        ],
    ),
    (
        "ingresses",
        &[
            "networking.k8s.io/v1",
            "networking.k8s.io/v1beta1",
            "extensions/v1beta1",
        ],
    ),
    (
        "networkpolicies",
        &["networking.k8s.io/v1", "extensions/v1beta1"],
    ),
    (
        "podsecuritypolicies",
        &["policy/v1beta1", "extensions/v1beta1"],
    ),
    (
        "replicasets",
        &[
            "apps/v1",
            "apps/v1beta1",
            "apps/v1beta2",
            "extensions/v1beta1",
        ],
    ),
    ("statefulsets", &["apps/v1", "apps/v1beta1", "apps/v1beta2"]),
];

/// Would federating `new` federate the objects of `existing` a second time? Both are written as
/// `apiVersion`s of kinds with this plural.
///
/// As in KubeFed only `new` must be one of the APIs that were moved: a group of somebody else that
/// has the same plural counts as `existing`, too. No API is equivalent to itself.
///
/// ```
/// use fed_core::dialect::kubefed::equivalent_apis;
///
/// assert!(equivalent_apis("deployments", "apps/v1", "extensions/v1beta1"));
/// assert!(!equivalent_apis("deployments", "apps/v1", "apps/v1"));
/// assert!(!equivalent_apis("widgets", "a.example.com/v1", "b.example.com/v1"));
/// ```
pub fn equivalent_apis(plural: &str, existing: &str, new: &str) -> bool {
    let moved = |(name, apis): &(&str, &[&str])| *name == plural && apis.contains(&new);
    existing != new && MOVED.iter().any(moved)
}
