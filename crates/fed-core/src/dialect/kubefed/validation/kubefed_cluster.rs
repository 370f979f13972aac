//! Which KubeFedClusters does KubeFed refuse?

use super::Validate;
use super::endpoint;
use super::field::Field;
use super::rules;
use crate::dialect::kubefed::api::{
    ClusterCondition, KubeFedCluster, KubeFedClusterSpec, KubeFedClusterStatus,
};
use crate::location::Location;
use crate::problem::Problem;

/// What may be left unchecked of a cluster's certificate; the first stands for everything.
const TLS_VALIDATIONS: &[&str] = &[ALL_TLS_VALIDATIONS, "SubjectName", "ValidityPeriod"];
const ALL_TLS_VALIDATIONS: &str = "*";
const CONDITION_TYPES: &[&str] = &["Ready", "Offline", "ConfigMalformed"];
const CONDITION_STATUSES: &[&str] = &["True", "False", "Unknown"];

/// How Go writes a time that was never set.
const NO_TIME: &str = "0001-01-01T00:00:00Z";

impl Validate for KubeFedCluster {
    fn validate(&self, _old: Option<&Self>, at: &Location) -> Vec<Problem> {
        let mut problems = Vec::new();
        let none = KubeFedClusterSpec::default();
        let spec = self.spec.as_ref().unwrap_or(&none);
        validate_spec(spec, &Field::of(at, "spec"), &mut problems);
        problems
    }

    fn validate_status(&self, at: &Location) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(status) = &self.status {
            validate_conditions(status, &Field::of(at, "status"), &mut problems);
        }
        problems
    }
}

fn validate_spec(spec: &KubeFedClusterSpec, at: &Field, problems: &mut Vec<Problem>) {
    endpoint::api_endpoint(
        &at.child("apiEndpoint"),
        spec.api_endpoint.as_deref(),
        problems,
    );
    if let Some(bundle) = &spec.ca_bundle
        && !is_base64(bundle)
    {
        let why = "must be base64, as `base64 < ca.crt` writes it";
        problems.push(at.child("caBundle").malformed(why));
    }
    let secret = spec.secret_ref.as_ref();
    rules::subdomain(
        &at.child("secretRef").child("name"),
        secret.and_then(|secret| secret.name.as_deref()),
        "the name of the secret with the cluster's token",
        problems,
    );
    let disabled = spec.disabled_tls_validations.as_deref().unwrap_or_default();
    tls_validations(disabled, &at.child("disabledTLSValidations"), problems);
    endpoint::proxy_url(&at.child("proxyURL"), spec.proxy_url.as_deref(), problems);
}

fn tls_validations(disabled: &[String], at: &Field, problems: &mut Vec<Problem>) {
    for (index, one) in disabled.iter().enumerate() {
        rules::one_of(&at.element(index), Some(one), TLS_VALIDATIONS, problems);
    }
    if disabled.len() > 1 && disabled.iter().any(|one| one == ALL_TLS_VALIDATIONS) {
        let why = "when * is specified, it is expected to be the only option in list";
        problems.push(at.invalid(&disabled.join(", "), why));
    }
}

fn validate_conditions(status: &KubeFedClusterStatus, at: &Field, problems: &mut Vec<Problem>) {
    let conditions = status.conditions.as_deref().unwrap_or_default();
    for (index, one) in conditions.iter().enumerate() {
        condition(one, &at.child("conditions").element(index), problems);
    }
}

fn condition(condition: &ClusterCondition, at: &Field, problems: &mut Vec<Problem>) {
    let kind = condition.condition_type.as_deref();
    rules::one_of(&at.child("type"), kind, CONDITION_TYPES, problems);
    let status = condition.status.as_deref();
    rules::one_of(&at.child("status"), status, CONDITION_STATUSES, problems);
    let probed = condition.last_probe_time.as_deref();
    rules::required(
        &at.child("lastProbeTime"),
        probed.filter(|time| *time != NO_TIME),
        "write when the cluster was last asked",
        problems,
    );
}

/// Is it base64 with padding? Line ends count for nothing.
fn is_base64(text: &str) -> bool {
    let text = text.trim_end_matches(['\r', '\n']);
    let digits = text.trim_end_matches(['=', '\r', '\n']);
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let counted = |text: &str| text.bytes().filter(|byte| !is_line_end(byte)).count();
    let padding = counted(text) - counted(digits);
    padding <= 2
        && counted(text) % 4 == 0
        && digits
            .bytes()
            .all(|byte| is_line_end(&byte) || is_digit(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_told_from_other_text() {
        for good in ["", "YQ==", "YWI=", "YWJj", "YW\nJj\r\nYQ==\n", "+/+/"] {
            assert!(is_base64(good), "{good:?}");
        }
        for bad in [
            "YQ",
            "YQ=",
            "Y===",
            "====",
            "YQ==YQ==",
            "-----BEGIN",
            "Y Q=",
            "ü===",
            "_-_-",
        ] {
            assert!(!is_base64(bad), "{bad:?}");
        }
    }
}
