//! Which versions did somebody else write before us? What takes a federation over need not write
//! what is as it must be already.

use std::collections::BTreeMap;

use crate::identity::{ClusterName, ObjectId};

/// Which versions of objects were written last, as whoever was there before recorded it: of
/// KubeFed, its PropagatedVersions. It counts where nothing else is remembered.
///
/// ```
/// use fed_core::dialect::kubefed::api::PropagatedVersionStatus;
/// use fed_core::dialect::kubefed::versions;
/// use fed_core::reconcile::Recorded;
/// use fed_core::{GroupVersionKind, ObjectId};
/// use serde_json::json;
///
/// let federated = json!({"spec": {"template": {"data": {"sky": "blue"}}}});
/// let hashes = versions::Hashes::of(&federated);
/// let status: PropagatedVersionStatus = serde_json::from_value(json!({
///     "templateVersion": hashes.template, "overridesVersion": hashes.overrides,
///     "clusterVersions": [{"clusterName": "us-east", "version": "rv:77"}],
/// }))?;
/// let object = ObjectId::new(GroupVersionKind::new("", "v1", "ConfigMap"), Some("shop"), "colours");
/// let recorded = Recorded::default().with(&object, hashes.recorded(&status));
/// assert_eq!(recorded.version(&object, &"us-east".into()), Some("rv:77"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    objects: BTreeMap<ObjectId, BTreeMap<ClusterName, String>>,
}

impl Recorded {
    /// The same, with the versions of an object in these clusters.
    #[must_use]
    pub fn with<'v>(
        mut self,
        object: &ObjectId,
        versions: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) -> Self {
        let versions = versions.into_iter();
        let owned = versions.map(|(cluster, version)| (cluster.into(), version.to_owned()));
        let of_object = self.objects.entry(object.versionless()).or_default();
        of_object.extend(owned);
        self
    }

    /// The version of an object that was written in a cluster.
    pub fn version(&self, object: &ObjectId, cluster: &ClusterName) -> Option<&str> {
        let versions = self.objects.get(&object.versionless())?;
        versions.get(cluster).map(String::as_str)
    }
}
