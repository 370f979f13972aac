//! What does a server say of a text that has not the form it must have? fed-schema says it in words
//! of its own, and once; a server says each fault.

type Tell = fn(&str) -> Vec<String>;

/// How fed-schema's messages begin, and who says it as the server does.
const FORMS: &[(&str, Tell)] = &[
    (
        "must be lower-case letters, digits, '-' and '.', at most 253",
        subdomain,
    ),
    (
        "must be lower-case letters, digits and '-', at most 63, with",
        label,
    ),
    (
        "the key must be letters, digits, '-', '_' and '.', at most 63",
        key,
    ),
    (
        "must be letters, digits, '-', '_' and '.', at most 63, with a letter or digit at both ends, or",
        value,
    ),
    (
        "must be lower-case letters, digits and single '-' in between, at most 15",
        port_name,
    ),
];

const SUBDOMAIN: &str = r"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const NAME: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const KEY: &str = "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
const VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/// What the server says of this text, where it says something else than fed-schema.
pub(super) fn told(message: &str, text: &str) -> Option<Vec<String>> {
    let form = FORMS.iter().find(|(begins, _)| message.starts_with(begins));
    form.map(|(_, tell)| tell(text))
}

/// The sentences whose condition holds.
fn held(faults: &[(bool, &str)]) -> Vec<String> {
    let held = faults.iter().filter(|(holds, _)| *holds);
    held.map(|(_, said)| (*said).to_owned()).collect()
}

fn is_label(text: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_inner) && !text.starts_with('-') && !text.ends_with('-')
}

fn is_name(text: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    is_end(text.as_bytes().first()) && is_end(text.as_bytes().last()) && text.bytes().all(is_inner)
}

fn subdomain(text: &str) -> Vec<String> {
    held(&[
        (text.len() > 253, "must be no more than 253 characters"),
        (!text.split('.').all(is_label), SUBDOMAIN),
    ])
}

fn label(text: &str) -> Vec<String> {
    let is_dotted = text.contains('.') && text.split('.').all(is_label);
    held(&[
        (text.len() > 63, "must be no more than 63 characters"),
        (is_dotted, "must not contain dots"),
        (!is_dotted && !is_label(text), LABEL),
    ])
}

/// Faults of a name, perhaps with a domain before it.
pub(super) fn key(text: &str) -> Vec<String> {
    let (domain, name) = match text.split_once('/') {
        Some((_, name)) if name.contains('/') => return vec![KEY.to_owned()],
        Some((domain, name)) => (Some(domain), name),
        None => (None, text),
    };
    let mut faults = match domain {
        Some("") => vec!["prefix part must be non-empty".to_owned()],
        Some(domain) => subdomain(domain)
            .iter()
            .map(|fault| format!("prefix part {fault}"))
            .collect(),
        None => Vec::new(),
    };
    faults.extend(held(&[
        (name.is_empty(), "name part must be non-empty"),
        (name.len() > 63, "name part must be no more than 63 bytes"),
        (!is_name(name), NAME),
    ]));
    faults
}

fn value(text: &str) -> Vec<String> {
    held(&[
        (text.len() > 63, "must be no more than 63 bytes"),
        (!text.is_empty() && !is_name(text), VALUE),
    ])
}

fn port_name(text: &str) -> Vec<String> {
    let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    held(&[
        (text.len() > 15, "must be no more than 15 characters"),
        (
            !text.bytes().all(is_known),
            "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
        ),
        (
            !text.bytes().any(|byte| byte.is_ascii_lowercase()),
            "must contain at least one letter (a-z)",
        ),
        (text.contains("--"), "must not contain consecutive hyphens"),
        (
            text.starts_with('-') || text.ends_with('-'),
            "must not begin or end with a hyphen",
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use fed_schema::Schemas;
    use serde_json::json;

    #[test]
    fn every_fault_of_a_text_is_said() {
        assert_eq!(label("a.b"), ["must not contain dots"]);
        assert_eq!(subdomain(&"a".repeat(254)).len(), 1);
        assert_eq!(key("a/").len(), 2);
        assert_eq!(key("/a"), ["prefix part must be non-empty"]);
        assert!(key("a.b/c").is_empty() && value("").is_empty());
        assert_eq!(port_name("X").len(), 2);
    }

    #[test]
    fn the_messages_of_the_schemas_begin_so() {
        let schemas = Schemas::builtin();
        let object = json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": "A_", "labels": {"a b": "a b"}},
        });
        let violations = schemas.check(&object).expect("a kind that is known");
        let messages: Vec<_> = violations
            .iter()
            .map(|violation| format!("{:?}", violation.fault))
            .collect();
        for (begins, tell) in FORMS.get(1..4).unwrap_or_default() {
            assert!(
                messages.iter().any(|message| message.contains(begins)),
                "{begins}: {messages:?}"
            );
            assert!(!tell("a b").is_empty());
        }
    }
}
