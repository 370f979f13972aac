//! Which forms do names, numbers and addresses have?

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::cron;
use crate::check::violation::Rule;

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Lower-case letters, digits and `-`, at most 63.
    Label,
    /// The same, beginning with a letter.
    LetterLabel,
    /// Labels with dots between them, at most 253.
    Subdomain,
    /// The same, perhaps with a dot at its end.
    Host,
    /// The same, perhaps with `*.` before it.
    WildcardSubdomain,
    /// A name that may stand in a path.
    PathSegment,
    /// The key of a label: a name, perhaps with a domain and `/` before it.
    LabelKey,
    /// The value of a label.
    LabelValue,
    /// The key of data in a `ConfigMap` or Secret.
    DataKey,
    /// The name of an environment variable.
    EnvironmentName,
    /// The name of an HTTP header.
    HeaderName,
    /// The number of a port.
    Port,
    /// The name of a port.
    PortName,
    /// The number or the name of a port.
    PortReference,
    /// The same, or zero for the port beside it.
    TargetPort,
    /// The key of a label, whose domain may be in capitals.
    AnyCaseKey,
    /// Labels with dots between them, in capitals or not.
    AnyCaseSubdomain,
    /// A number between two, inclusive.
    Between(i64, i64),
    /// A number or a percentage that is not negative.
    CountOrPercent,
    /// A path from the root.
    AbsolutePath,
    /// A path without `..`, and not from the root.
    RelativePath,
    /// An address.
    Address,
    /// A network: an address, `/` and a number of bits.
    Network,
    /// When a `CronJob` runs.
    Schedule,
    /// The name of a time zone.
    TimeZone,
    /// A quantity that is not negative.
    Amount,
    /// Not the empty text.
    Filled,
    /// A group and version, or a version of the core group.
    GroupVersion,
    /// A domain that names are looked for in.
    Search,
}

/// At least this number.
pub(super) const fn at_least(least: i64) -> Form {
    Form::Between(least, i64::MAX)
}

/// What users and groups of processes are numbered with.
pub(super) const USER: Form = Form::Between(0, i32::MAX as i64);

/// Permissions of files, as a decimal number.
pub(super) const MODE: Form = Form::Between(0, 0o777);

const LABEL: &str =
    "must be lower-case letters, digits and '-', at most 63, with a letter or digit at both ends";
const SUBDOMAIN: &str = "must be lower-case letters, digits, '-' and '.', at most 253, with a letter or digit at both ends of each part";
const LABEL_KEY: &str = "must be letters, digits, '-', '_' and '.', at most 63, with a letter or digit at both ends; a domain and '/' may stand before it";

impl Form {
    /// The sort of rule that it is.
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::Port | Self::PortName | Self::PortReference | Self::TargetPort => Rule::Port,
            Self::Amount => Rule::Quantity,
            Self::Label
            | Self::LetterLabel
            | Self::Subdomain
            | Self::WildcardSubdomain
            | Self::PathSegment
            | Self::LabelKey
            | Self::LabelValue => Rule::Name,
            _ => Rule::Value,
        }
    }

    /// What is wrong with a value, if anything. One of another type is not looked at.
    pub(super) fn fault(self, value: &Value) -> Option<String> {
        match (self, value) {
            (Self::Between(least, most), Value::Number(number)) => {
                let number = number.as_i64()?;
                let is_within = (least..=most).contains(&number);
                (!is_within).then(|| between(least, most))
            }
            (Self::Port, value) => Self::Between(1, 65535).fault(value),
            (Self::TargetPort, Value::Number(number)) if number.as_i64() == Some(0) => None,
            (Self::TargetPort, value) => Self::PortReference.fault(value),
            (Self::PortReference, Value::Number(_)) => Self::Port.fault(value),
            (Self::CountOrPercent, Value::Number(_)) => at_least(0).fault(value),
            (Self::Amount, value) => {
                let amount = crate::check::written::quantity(value)?;
                (amount < 0).then(|| "must not be negative".to_owned())
            }
            (form, Value::String(text)) => form.fault_of(text),
            _ => None,
        }
    }

    /// What is wrong with a text, if anything.
    pub(super) fn fault_of(self, text: &str) -> Option<String> {
        let said = |holds: bool, message: &str| (!holds).then(|| message.to_owned());
        match self {
            Self::Label => said(is_label(text), LABEL),
            Self::LetterLabel => said(
                is_label(text) && !text.starts_with(|first: char| first.is_ascii_digit()),
                "must be lower-case letters, digits and '-', at most 63, beginning with a letter and ending with a letter or digit",
            ),
            Self::Subdomain => said(is_subdomain(text), SUBDOMAIN),
            Self::Host => said(
                is_subdomain(text.strip_suffix('.').unwrap_or(text)),
                SUBDOMAIN,
            ),
            Self::WildcardSubdomain => said(
                is_subdomain(text.strip_prefix("*.").unwrap_or(text)),
                "must be a host name in lower case, perhaps with '*.' before it",
            ),
            Self::PathSegment => said(
                !matches!(text, "." | "..") && !text.contains(['/', '%']),
                "must not be '.' or '..', and have no '/' or '%'",
            ),
            Self::LabelKey => said(is_label_key(text), LABEL_KEY),
            Self::LabelValue => said(
                text.is_empty() || is_name(text),
                "must be letters, digits, '-', '_' and '.', at most 63, with a letter or digit at both ends, or empty",
            ),
            Self::DataKey => said(
                is_data_key(text),
                "must be letters, digits, '-', '_' and '.', at most 253, and neither '.' nor begin with '..'",
            ),
            Self::EnvironmentName => said(
                !text.is_empty()
                    && text
                        .chars()
                        .all(|one| (' '..='~').contains(&one) && one != '='),
                "must be printable ASCII without '='",
            ),
            Self::HeaderName => said(
                !text.is_empty()
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
                "must be letters, digits and '-'",
            ),
            Self::PortName => said(
                is_port_name(text),
                "must be lower-case letters, digits and single '-' in between, at most 15, with at least one letter",
            ),
            Self::CountOrPercent => said(
                text.strip_suffix('%').is_some_and(is_number),
                "must be a whole number or a percentage such as 25%",
            ),
            Self::AbsolutePath => said(text.starts_with('/'), "must begin with '/'"),
            Self::RelativePath => said(
                !text.starts_with('/') && !text.split('/').any(|part| part == ".."),
                "must be a relative path without '..'",
            ),
            Self::Address => said(
                is_address(text),
                "must be an IP address such as 10.0.0.1 or fd00::1",
            ),
            Self::Network => said(
                is_network(text.trim()),
                "must be a network such as 10.0.0.0/8 or fd00::/8",
            ),
            Self::Schedule => cron::fault(text),
            Self::TimeZone => said(
                !text.is_empty() && text != "Local" && !text.contains([' ', '!']),
                "must be the name of a time zone such as Etc/UTC or Europe/Berlin",
            ),
            Self::GroupVersion => said(
                text.split('/').count() <= 2 && text.split('/').all(is_subdomain),
                "must be a group and version such as apps/v1, or a version such as v1",
            ),
            Self::Search => said(
                text == "."
                    || is_subdomain(&text.strip_suffix('.').unwrap_or(text).replace('_', "-")),
                "must be a domain such as example.com",
            ),
            Self::Filled => said(!text.is_empty(), "must not be empty"),
            Self::PortReference | Self::TargetPort => Self::PortName.fault_of(text),
            Self::AnyCaseKey => Self::LabelKey.fault_of(&text.to_lowercase()),
            Self::AnyCaseSubdomain => Self::Subdomain.fault_of(&text.to_lowercase()),
            Self::Port | Self::Between(..) | Self::Amount => None,
        }
    }
}

fn between(least: i64, most: i64) -> String {
    match (least, most) {
        (0, i64::MAX) => "must not be negative".to_owned(),
        (least, i64::MAX) => format!("must be at least {least}"),
        (least, most) => format!("must be between {least} and {most}"),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn is_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(is_inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

pub(super) fn is_subdomain(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(is_inner)
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(is_part)
}

fn is_name(text: &str) -> bool {
    let is_end = |byte: &u8| byte.is_ascii_alphanumeric();
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let bytes = text.as_bytes();
    text.len() <= 63
        && bytes.first().is_some_and(is_end)
        && bytes.last().is_some_and(is_end)
        && text.bytes().all(is_inner)
}

pub(super) fn is_label_key(text: &str) -> bool {
    match text.split_once('/') {
        Some((domain, name)) => is_subdomain(domain) && is_name(name),
        None => is_name(text),
    }
}

fn is_data_key(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=253).contains(&text.len())
        && text.bytes().all(is_inner)
        && text != "."
        && !text.starts_with("..")
}

pub(super) fn is_port_name(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=15).contains(&text.len())
        && text.bytes().all(is_inner)
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && !text.contains("--")
        && !text.starts_with('-')
        && !text.ends_with('-')
}

pub(super) fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

pub(super) fn is_network(text: &str) -> bool {
    network(text).is_some()
}

/// The first address of a network as bits of an IPv6 one, its length, and whether it is IPv4.
pub(super) fn network(text: &str) -> Option<(u128, u32, bool)> {
    let (address, bits) = text.split_once('/')?;
    let bits: u32 = Some(bits).filter(|bits| is_number(bits))?.parse().ok()?;
    match address.parse().ok()? {
        IpAddr::V4(address) => {
            (bits <= Ipv4Addr::BITS).then(|| (u128::from(address.to_bits()) << 96, bits, true))
        }
        IpAddr::V6(address) => (bits <= Ipv6Addr::BITS).then(|| (address.to_bits(), bits, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_texts() {
        let long = "a".repeat(64);
        let table: [(Form, &[&str], &[&str]); 14] = [
            (
                Form::Label,
                &["web", "1-a"],
                &["", "Web", "a_b", "-a", "a-", "a.b", &long],
            ),
            (Form::LetterLabel, &["web"], &["1web", ""]),
            (
                Form::Subdomain,
                &["web", "a.b", &long],
                &["", "A", "a..b", "a.-b", ".a"],
            ),
            (
                Form::WildcardSubdomain,
                &["*.a.b", "a"],
                &["*", "a.*", "*a"],
            ),
            (
                Form::LabelKey,
                &["a", "a.b/c", "A_b"],
                &["", "/a", "a/", "a/b/c", "A/b"],
            ),
            (Form::LabelValue, &["", "A_b.c"], &["a b", "-a", &long]),
            (
                Form::DataKey,
                &["a.b", "_", ".a"],
                &["", ".", "..", "..a", "a/b"],
            ),
            (
                Form::EnvironmentName,
                &["A", "a-b.c", "1 a"],
                &["", "a=b", "ü"],
            ),
            (
                Form::PortName,
                &["http", "a-1"],
                &["", "80", "a--b", "HTTP", "abcdefghijklmnop"],
            ),
            (Form::PortReference, &["http"], &["80"]),
            (
                Form::CountOrPercent,
                &["25%", "100%"],
                &["25", "%", "-1%", "1.5%"],
            ),
            (
                Form::Address,
                &["10.0.0.1", "::1"],
                &["10.0.0", "010.0.0.1", ""],
            ),
            (
                Form::Network,
                &["10.0.0.0/8", "::/0"],
                &["10.0.0.0", "10.0.0.0/33", "::/129"],
            ),
            (Form::RelativePath, &["a/b", "a..b"], &["/a", "a/../b"]),
        ];
        for (form, right, wrong) in table {
            for text in right {
                assert_eq!(form.fault_of(text), None, "{form:?} {text:?}");
            }
            for text in wrong {
                assert!(form.fault_of(text).is_some(), "{form:?} {text:?}");
            }
        }
    }

    #[test]
    fn forms_of_numbers() {
        let fault = |form: Form, number: i64| form.fault(&number.into());
        assert_eq!(fault(Form::Port, 65535), None);
        assert!(fault(Form::PortReference, 0).is_some());
        assert_eq!(
            fault(at_least(0), -1).as_deref(),
            Some("must not be negative")
        );
        assert_eq!(
            Form::Port.fault(&"80".into()),
            None,
            "its type is told elsewhere"
        );
    }
}
