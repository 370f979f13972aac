//! Would Kubernetes take this as a name or a label? The rules of its names, each with a sentence
//! that says what would be right.

const NAME_MAX: usize = 253;
const LABEL_MAX: usize = 63;

/// A DNS-1123 subdomain: what most objects, clusters included, may be called.
pub(crate) fn subdomain(name: &str) -> Result<(), String> {
    let valid = name.len() <= NAME_MAX && name.split('.').all(is_dns_label);
    valid.then_some(()).ok_or_else(|| {
        format!(
            "{name:?} is not a valid name: lower-case letters, digits, '-' and '.', beginning and \
             ending with a letter or digit, at most {NAME_MAX} characters"
        )
    })
}

/// Is this a DNS-1035 label: what services, versions and plurals may be called?
pub(crate) fn is_label_1035(name: &str) -> bool {
    name.len() <= LABEL_MAX && is_dns_label(name) && name.starts_with(|c: char| c.is_alphabetic())
}

/// The key of a label: a name, with a DNS subdomain and a slash before it where it has one.
pub(crate) fn label_key(key: &str) -> Result<(), String> {
    let (prefix, name) = key
        .split_once('/')
        .map_or((None, key), |(p, n)| (Some(p), n));
    let valid = prefix.is_none_or(|prefix| subdomain(prefix).is_ok()) && is_label_text(name);
    valid.then_some(()).ok_or_else(|| {
        format!(
            "{key:?} is not a valid label key: letters, digits, '-', '_' and '.', at most \
             {LABEL_MAX} characters, with a DNS name and '/' before it where wanted"
        )
    })
}

/// The value of a label; it may be empty.
pub(crate) fn label_value(value: &str) -> Result<(), String> {
    (value.is_empty() || is_label_text(value)).then_some(()).ok_or_else(|| {
        format!(
            "{value:?} is not a valid label value: letters, digits, '-', '_' and '.', beginning \
             and ending with a letter or digit, at most {LABEL_MAX} characters"
        )
    })
}

fn is_dns_label(text: &str) -> bool {
    bounded_by_alphanumerics(text)
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_label_text(text: &str) -> bool {
    text.len() <= LABEL_MAX
        && bounded_by_alphanumerics(text)
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn bounded_by_alphanumerics(text: &str) -> bool {
    let alphanumeric = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    alphanumeric(text.as_bytes().first()) && alphanumeric(text.as_bytes().last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_as_kubernetes_does() {
        for good in ["a", "us-east-1", "a.b-c", "0", &"a".repeat(253)] {
            assert_eq!(subdomain(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "A",
            "-a",
            "a-",
            "a..b",
            "a_b",
            "a/b",
            "ä",
            &"a".repeat(254),
        ] {
            assert!(subdomain(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn labels_of_the_older_kind_begin_with_a_letter() {
        for good in ["a", "v1", "a-b", &"a".repeat(63)] {
            assert!(is_label_1035(good), "{good}");
        }
        for bad in ["", "1a", "A", "a-", "a.b", &"a".repeat(64)] {
            assert!(!is_label_1035(bad), "{bad}");
        }
    }

    #[test]
    fn labels_are_judged_as_kubernetes_does() {
        for good in ["a", "A_b.c", "example.com/a", "a-1"] {
            assert_eq!(label_key(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "/a",
            "a/",
            "a/b/c",
            "a b",
            "Example.com/a",
            &"a".repeat(64),
        ] {
            assert!(label_key(bad).is_err(), "{bad}");
        }
        assert!(label_value("").is_ok() && label_value("-a").is_err());
    }
}
