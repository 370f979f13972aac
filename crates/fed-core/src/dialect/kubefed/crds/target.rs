//! What must be known of a kind to make it federated?

use crate::identity::GroupVersionKind;
use crate::kinds::{Kind, Kinds, Scope};

/// What the definition of a Federated kind takes from its target.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TargetType {
    /// Group, version and kind.
    pub gvk: GroupVersionKind,
    /// The plural, as it stands in the paths of the API.
    pub plural: String,
    /// What people type for short.
    pub short_names: Vec<String>,
    /// Do its objects live in a namespace?
    pub scope: Scope,
    /// Is `spec.replicas` a whole number of 32 bits? Only then can replicas be retained.
    pub int32_replicas: bool,
}

impl TargetType {
    /// A kind without short names and replicas.
    pub fn new(gvk: GroupVersionKind, plural: impl Into<String>, scope: Scope) -> Self {
        Self {
            gvk,
            plural: plural.into(),
            short_names: Vec::new(),
            scope,
            int32_replicas: false,
        }
    }

    /// What the core knows of a kind: all but its short names.
    pub fn of(kind: &dyn Kind) -> Self {
        let mut target = Self::new(kind.gvk(), kind.plural(), kind.scope());
        target.int32_replicas = kind.replicas_path() == Some("/spec/replicas");
        target
    }

    /// The same, with these short names.
    #[must_use]
    pub fn with_short_names<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.short_names = names.into_iter().map(Into::into).collect();
        self
    }

    /// The same, with a `spec.replicas` of 32 bits or without.
    #[must_use]
    pub fn with_int32_replicas(mut self, has: bool) -> Self {
        self.int32_replicas = has;
        self
    }
}

/// Group, kind and short names.
const USUAL: &[(&str, &str, &[&str])] = &[
    ("rbac.authorization.k8s.io", "ClusterRole", &[]),
    ("", "ConfigMap", &["cm"]),
    ("apps", "Deployment", &["deploy"]),
    ("networking.k8s.io", "Ingress", &["ing"]),
    ("batch", "Job", &[]),
    ("", "Namespace", &["ns"]),
    ("apps", "ReplicaSet", &["rs"]),
    ("", "Secret", &[]),
    ("", "Service", &["svc"]),
    ("", "ServiceAccount", &["sa"]),
];

/// The ten kinds that an installation of KubeFed federates from the start.
pub fn usual_targets() -> Vec<TargetType> {
    let kinds = Kinds::builtin();
    let known = USUAL.iter().filter_map(|(group, kind, short_names)| {
        let kind = kinds.find(group, kind)?;
        Some(TargetType::of(kind.as_ref()).with_short_names(short_names.iter().copied()))
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_targets_are_all_known() {
        let targets = usual_targets();
        assert_eq!(targets.len(), USUAL.len());
        let with_replicas = targets.iter().filter(|target| target.int32_replicas);
        let with_replicas: Vec<_> = with_replicas.map(|target| target.gvk.kind()).collect();
        assert_eq!(with_replicas, ["Deployment", "ReplicaSet"]);
    }
}
