//! Which versions were written last, and as what? KubeFed's records, read and written.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::api::{ClusterObjectVersion, PropagatedVersionStatus};
use super::{overrides_version, template_version};

/// The two hashes of a federated object.
///
/// ```
/// use fed_core::dialect::kubefed::versions::Hashes;
///
/// let federated = serde_json::json!({"spec": {"template": {"data": {"sky": "blue"}}}});
/// let status = Hashes::of(&federated).propagated(None, [("us-east", "rv:77")]);
/// let status = status.expect("nothing was recorded before");
/// assert_eq!(Hashes::of(&federated).propagated(Some(&status), [("us-east", "rv:77")]), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashes {
    /// Of its template.
    pub template: String,
    /// Of its overrides.
    pub overrides: String,
}

impl Hashes {
    /// The hashes of a federated object, of which the placement asks for no replicas.
    pub fn of(federated: &Value) -> Self {
        Self {
            template: template_version(federated),
            overrides: overrides_version(federated),
        }
    }

    /// The clusters and versions that were recorded, as far as they count for these hashes.
    pub fn recorded<'r>(
        &self,
        recorded: &'r PropagatedVersionStatus,
    ) -> impl Iterator<Item = (&'r str, &'r str)> + use<'r> {
        let same =
            |recorded: &Option<String>, now: &str| recorded.as_deref().unwrap_or_default() == now;
        let counts = same(&recorded.template_version, &self.template)
            && same(&recorded.overrides_version, &self.overrides);
        let clusters = recorded.cluster_versions.iter().flatten();
        clusters
            .filter(move |_| counts)
            .filter_map(|one| Some((one.cluster_name.as_deref()?, one.version.as_deref()?)))
    }

    /// The status of the PropagatedVersion once clusters hold
    /// [these versions](crate::reconcile::Desired::versions_written), by name; nothing if that is
    /// what it says already.
    pub fn propagated<'v>(
        &self,
        previous: Option<&PropagatedVersionStatus>,
        versions: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Option<PropagatedVersionStatus> {
        let versions: BTreeMap<_, _> = versions.into_iter().collect();
        let version = |(cluster, version): (&str, &str)| ClusterObjectVersion {
            cluster_name: Some(cluster.to_owned()),
            version: Some(version.to_owned()),
            ..ClusterObjectVersion::default()
        };
        let status = PropagatedVersionStatus {
            template_version: Some(self.template.clone()),
            overrides_version: Some(self.overrides.clone()),
            cluster_versions: Some(versions.into_iter().map(version).collect()),
            ..previous.cloned().unwrap_or_default()
        };
        (previous != Some(&status)).then_some(status)
    }
}

/// The version that was recorded when this cluster's object was last written. It counts only as
/// long as neither the template nor any override has changed since: then nothing is recorded of
/// any cluster.
pub fn recorded_version<'r>(
    recorded: &'r PropagatedVersionStatus,
    template_version: &str,
    overrides_version: &str,
    cluster: &str,
) -> Option<&'r str> {
    let hashes = Hashes {
        template: template_version.to_owned(),
        overrides: overrides_version.to_owned(),
    };
    let mut clusters = hashes.recorded(recorded);
    clusters
        .find(|(name, _)| *name == cluster)
        .map(|(_, version)| version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_recorded_counts_as_long_as_both_hashes_do() {
        let recorded: PropagatedVersionStatus = serde_json::from_value(json!({
            "templateVersion": "t",
            "overridesVersion": "o",
            "clusterVersions": [
                {"clusterName": "a", "version": "gen:1"},
                {"clusterName": "b", "version": "rv:2"},
            ],
        }))
        .unwrap();
        let of = |template, overrides, cluster| {
            recorded_version(&recorded, template, overrides, cluster)
        };
        assert_eq!(of("t", "o", "b"), Some("rv:2"));
        assert_eq!(of("t", "o", "c"), None);
        assert_eq!(of("T", "o", "b"), None);
        assert_eq!(of("t", "", "b"), None);
        let nothing = PropagatedVersionStatus::default();
        assert_eq!(recorded_version(&nothing, "", "", "b"), None);
    }

    #[test]
    fn what_is_recorded_stands_by_name_and_is_written_only_if_it_is_news() {
        let hashes = Hashes::of(&json!({"spec": {"template": {}}}));
        let written = hashes.propagated(None, [("b", "gen:2"), ("a", "rv:1")]);
        let written = written.unwrap();
        let told = serde_json::to_value(&written).unwrap();
        assert_eq!(
            told["clusterVersions"],
            json!([
                {"clusterName": "a", "version": "rv:1"},
                {"clusterName": "b", "version": "gen:2"},
            ])
        );
        let again = hashes.propagated(Some(&written), [("a", "rv:1"), ("b", "gen:2")]);
        assert_eq!(again, None);
        let back: Vec<_> = hashes.recorded(&written).collect();
        assert_eq!(back, [("a", "rv:1"), ("b", "gen:2")]);
        assert!(hashes.propagated(Some(&written), [("a", "rv:1")]).is_some());
    }
}
