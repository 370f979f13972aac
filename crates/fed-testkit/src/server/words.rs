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
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

// A table, the first that fits counts: one line a rule.
#[rustfmt::skip]
static WORDS: &[Words] = &[
    words("", ".template.metadata.labels", Sort::Invalid, "`selector` does not match template `labels`"),
    words("is the same as that of", "", Sort::Duplicate, ""),
    words("is the same port and protocol", "", Sort::Duplicate, ""),
    words("has the same", "", Sort::Duplicate, ""),
    words("stands in the list already", "", Sort::Duplicate, ""),
    words("must not be empty", ".verbs", Sort::Required, "verbs must contain at least one value"),
    words("must not be empty", "", Sort::Required, ""),
    words("must be there", "", Sort::Required, ""),
    words("must have a number or a name", ".service.port", Sort::Required, "port name or number is required").told_above(".service.port"),
    words("must have rules or a defaultBackend", "spec", Sort::Invalid, "either `defaultBackend` or `rules` must be specified"),
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
    words("must be at least 1", "spec.leaseDurationSeconds", Sort::Invalid, "must be greater than 0"),
    words("must not be negative", "spec.leaseTransitions", Sort::Invalid, "must be greater than or equal to 0"),
    words("", "replicas", Sort::Invalid, "must be greater than or equal to 0"),
    words("the key", "]", Sort::Invalid, KEY),
    words("must be lower-case letters, digits, '-' and '.', at most 253", "", Sort::Invalid, SUBDOMAIN),
    words("must be lower-case letters, digits and '-', at most 63, with", "", Sort::Invalid, LABEL),
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
