//! Which fields does the server choose, so that nobody can know them before?

/// A field that the server fills in with something of its own choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerGiven {
    /// The kind's group; empty for the core group.
    pub group: &'static str,
    /// The kind; `*` is every kind of every group.
    pub kind: &'static str,
    /// The field, as a JSON Pointer; `*` stands for every item of a list.
    pub path: &'static str,
}

/// The fields of a kind that the server chooses.
pub fn server_given(group: &str, kind: &str) -> impl Iterator<Item = &'static ServerGiven> {
    SERVER_GIVEN
        .iter()
        .filter(move |field| field.kind == "*" || (field.group == group && field.kind == kind))
}

const fn field(group: &'static str, kind: &'static str, path: &'static str) -> ServerGiven {
    ServerGiven { group, kind, path }
}

// A table: one line a rule.
#[rustfmt::skip]
static SERVER_GIVEN: &[ServerGiven] = &[
    field("", "*", "/metadata/creationTimestamp"),
    field("", "*", "/metadata/deletionGracePeriodSeconds"),
    field("", "*", "/metadata/deletionTimestamp"),
    field("", "*", "/metadata/generation"),
    field("", "*", "/metadata/managedFields"),
    field("", "*", "/metadata/resourceVersion"),
    field("", "*", "/metadata/selfLink"),
    field("", "*", "/metadata/uid"),
    field("", "Service", "/spec/clusterIP"),
    field("", "Service", "/spec/clusterIPs"),
    field("", "Service", "/spec/healthCheckNodePort"),
    field("", "Service", "/spec/ipFamilies"),
    field("", "Service", "/spec/ipFamilyPolicy"),
    field("", "Service", "/spec/ports/*/nodePort"),
    field("", "PersistentVolume", "/status/lastPhaseTransitionTime"),
    field("", "PersistentVolumeClaim", "/spec/storageClassName"),
    field("", "PersistentVolumeClaim", "/spec/volumeName"),
    field("batch", "Job", "/metadata/labels/batch.kubernetes.io~1controller-uid"),
    field("batch", "Job", "/metadata/labels/batch.kubernetes.io~1job-name"),
    field("batch", "Job", "/metadata/labels/controller-uid"),
    field("batch", "Job", "/metadata/labels/job-name"),
    field("batch", "Job", "/spec/selector"),
    field("batch", "Job", "/spec/template/metadata/labels/controller-uid"),
    field("batch", "Job", "/spec/template/metadata/labels/job-name"),
    field("batch", "Job", "/spec/template/metadata/labels/batch.kubernetes.io~1controller-uid"),
    field("batch", "Job", "/spec/template/metadata/labels/batch.kubernetes.io~1job-name"),
    field("certificates.k8s.io", "CertificateSigningRequest", "/spec/extra"),
    field("certificates.k8s.io", "CertificateSigningRequest", "/spec/groups"),
    field("certificates.k8s.io", "CertificateSigningRequest", "/spec/uid"),
    field("certificates.k8s.io", "CertificateSigningRequest", "/spec/username"),
    field("networking.k8s.io", "Ingress", "/spec/ingressClassName"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Schemas;

    #[test]
    fn every_path_stands_on_a_kind_that_has_it() {
        let schemas = Schemas::builtin();
        for field in SERVER_GIVEN {
            let kind = if field.kind == "*" {
                "ConfigMap"
            } else {
                field.kind
            };
            let found = schemas.preferred(field.group, kind).expect(kind);
            assert!(
                found.root().at(&field.path.replace("/*", "/0")).is_some(),
                "{field:?}"
            );
        }
    }
}
