//! What does a server call a broken rule? fed-schema says it in words of its own.

use fed_schema::Kind;

use super::status::Sort;

/// What a server calls a broken rule.
pub(super) struct Words {
    /// How the message of the rule begins,
    begins: &'static str,
    /// and how the field ends that it is about.
    ends: &'static str,
    pub(super) sort: Sort,
    /// What the server says; nothing where it says nothing but the sort.
    pub(super) message: &'static str,
    /// How much of the field's end the server leaves out.
    pub(super) above: &'static str,
}

const fn words(
    begins: &'static str,
    ends: &'static str,
    sort: Sort,
    message: &'static str,
) -> Words {
    Words {
        begins,
        ends,
        sort,
        message,
        above: "",
    }
}

impl Words {
    const fn told_above(self, above: &'static str) -> Self {
        Self { above, ..self }
    }

    /// The words for a rule with this message about this field, if the server has its own.
    pub(super) fn of(message: &str, field: &str) -> Option<&'static Self> {
        WORDS
            .iter()
            .find(|words| message.starts_with(words.begins) && field.ends_with(words.ends))
    }
}

const BOTH: &str = "minAvailable and maxUnavailable cannot be both set";
const KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

// A table, the first that fits counts: one line a rule.
#[rustfmt::skip]
static WORDS: &[Words] = &[
    words("must not be there: only a ClusterRole", "", Sort::Invalid, "namespaced rules cannot apply to non-resource URLs"),
    words("", ".template.metadata.labels", Sort::Invalid, "`selector` does not match template `labels`"),
    words("is the same as that of", "", Sort::Duplicate, ""),
    words("is the same port and protocol", "", Sort::Duplicate, ""),
    words("has the same", "", Sort::Duplicate, ""),
    words("stands in the list already", "", Sort::Duplicate, ""),
    words("must not be empty", "", Sort::Required, ""),
    words("must be there, as completionMode", "", Sort::Required, "when completion mode is Indexed"),
    words("must be there", "", Sort::Required, ""),
    words("must have a number or a name", ".service.port", Sort::Required, "port name or number is required").told_above(".service.port"),
    words("must have", "", Sort::Required, ""),
    words("must be at least 1", "spec.maxReplicas", Sort::Required, "must be set and greater than 0"),
    words("must not be less than minReplicas", "spec.maxReplicas", Sort::Invalid, "must be greater than or equal to `minReplicas`"),
    words("must not be there", "externalTrafficPolicy", Sort::Invalid, "may only be set for externally-accessible services"),
    words("must not be there", "strategy.rollingUpdate", Sort::Forbidden, "may not be specified when strategy `type` is 'Recreate'"),
    words("must not be there", "updateStrategy.rollingUpdate", Sort::Invalid, "only allowed for updateStrategy 'RollingUpdate'"),
    words("must not be there", "", Sort::Forbidden, "may not be set"),
    words("cannot stand beside", "spec.maxUnavailable", Sort::Invalid, BOTH).told_above(".maxUnavailable"),
    words("cannot stand beside", "spec.minAvailable", Sort::Invalid, BOTH).told_above(".minAvailable"),
    words("cannot stand beside", "", Sort::Forbidden, "may not specify more than 1 volume type"),
    words("must be Always, or not be there", "", Sort::NotSupported, "supported values: \"Always\""),
    words("must be Never or OnFailure", "", Sort::Required, "valid values: \"OnFailure\", \"Never\""),
    words("must not be 0 where maxSurge is 0", "", Sort::Invalid, "may not be 0 when `maxSurge` is 0"),
    words("no volume of this pod is named", "", Sort::NotFound, ""),
    words("must be 100% at most", "", Sort::Invalid, "must not be greater than 100%"),
    words("must be no longer than 52", "metadata.name", Sort::Invalid, "must be no more than 52 characters"),
    words("must begin with '/'", ".path", Sort::Invalid, "must be an absolute path"),
    words("must name one controller", "", Sort::Invalid, "Only one reference can have Controller set to true."),
    words("must not be negative", "", Sort::Invalid, "must be greater than or equal to 0"),
    words("must be at least 1", "", Sort::Invalid, "must be greater than 0"),
    words("", "replicas", Sort::Invalid, "must be greater than or equal to 0"),
    words("the key", "]", Sort::Invalid, KEY),
];

/// Of what is missing, the server sometimes says more: of which kind (all where it is empty), how the
/// field ends, and what.
#[rustfmt::skip]
pub(super) const REQUIRED: &[(&str, &str, &str)] = &[
    ("", ".pathType", "pathType must be specified"),
    ("", "].verbs", "verbs must contain at least one value"),
    ("", "metadata.name", "name or generateName is required"),
    ("ClusterRole", "].apiGroups", "resource rules must supply at least one api group"),
    ("ClusterRole", "].resources", "resource rules must supply at least one resource"),
    ("PersistentVolume", "spec", "must specify a volume type"),
    ("PersistentVolumeClaim", "spec.accessModes", "at least 1 access mode is required"),
    ("Role", "].apiGroups", "resource rules must supply at least one api group"),
    ("Role", "].resources", "resource rules must supply at least one resource"),
];

/// What is said of a change that cannot be: of which kind, how the field begins, which field is told,
/// and what.
#[rustfmt::skip]
pub(super) const FROZEN: &[(&str, &str, &str, &str)] = &[
    ("PersistentVolumeClaim", "spec", "spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"),
    ("Pod", "spec", "spec", "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"),
    ("PriorityClass", "value", "value", "may not be changed in an update."),
    ("StatefulSet", "spec", "spec", "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"),
];

/// The orders that a server tells values in, where that is not the alphabet's.
pub(super) const ORDERS: &[&[&str]] = &[
    &["Always", "OnFailure", "Never"],
    &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
    &["Role", "ClusterRole"],
    &["ServiceAccount", "User", "Group"],
];

/// What is warned of whoever asks for a kind that should not be used any more.
pub(super) fn deprecation(kind: Kind<'_>) -> Option<String> {
    let said = match (kind.group(), kind.kind()) {
        ("", "ComponentStatus") => "v1 ComponentStatus is deprecated in v1.19+",
        ("", "Endpoints") => {
            "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"
        }
        _ => kind.deprecation()?,
    };
    Some(said.to_owned())
}
