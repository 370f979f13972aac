//! Is this value of a field right? The rules that many fields share.

use super::field::Field;
use crate::dialect::kubefed::go_duration;
use crate::names;
use crate::problem::Problem;

/// What a DNS-1035 label may look like.
const LABEL: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', \
                     start with an alphabetic character, and end with an alphanumeric character \
                     (such as 'my-name'), and have at most 63 characters";

/// What a DNS subdomain may look like.
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric \
                         characters, '-' or '.', must start and end with an alphanumeric \
                         character (such as 'example.com'), and have at most 253 characters";

/// A text that must be there: the text, or the problem of its absence.
pub(super) fn required<'t>(
    field: &Field,
    text: Option<&'t str>,
    advice: &str,
    problems: &mut Vec<Problem>,
) -> Option<&'t str> {
    match text {
        None => problems.push(field.missing(advice)),
        Some("") => problems.push(field.empty(advice)),
        Some(text) => return Some(text),
    }
    None
}

/// A part of the object that must be there.
pub(super) fn section<'v, T>(
    field: &Field,
    value: Option<&'v T>,
    problems: &mut Vec<Problem>,
) -> Option<&'v T> {
    if value.is_none() {
        problems.push(field.missing("defaults fill it in when the object is created"));
    }
    value
}

/// One of a few texts.
pub(super) fn one_of(
    field: &Field,
    text: Option<&str>,
    supported: &[&str],
    problems: &mut Vec<Problem>,
) {
    let advice = format!("write {}", supported.join(" or "));
    if let Some(text) = required(field, text, &advice, problems)
        && !supported.contains(&text)
    {
        problems.push(field.unsupported(text, supported));
    }
}

/// A DNS-1035 label, such as the name of a version or a plural.
pub(super) fn label(field: &Field, text: Option<&str>, what: &str, problems: &mut Vec<Problem>) {
    if let Some(text) = required(field, text, &advice(what), problems)
        && !names::is_label_1035(text)
    {
        problems.push(field.invalid(text, LABEL));
    }
}

/// A DNS-1035 label but for its capitals, such as the name of a kind.
pub(super) fn mixed_case_label(
    field: &Field,
    text: Option<&str>,
    what: &str,
    problems: &mut Vec<Problem>,
) {
    if let Some(text) = required(field, text, &advice(what), problems)
        && !names::is_label_1035(&text.to_lowercase())
    {
        let why = format!("may have mixed case, but should otherwise match: {LABEL}");
        problems.push(field.invalid(text, why));
    }
}

/// A DNS subdomain that must be there, such as the name of a secret.
pub(super) fn subdomain(
    field: &Field,
    text: Option<&str>,
    what: &str,
    problems: &mut Vec<Problem>,
) {
    if let Some(text) = required(field, text, &advice(what), problems) {
        subdomain_text(field, text, problems);
    }
}

/// A DNS subdomain.
pub(super) fn subdomain_text(field: &Field, text: &str, problems: &mut Vec<Problem>) {
    if names::subdomain(text).is_err() {
        problems.push(field.invalid(text, SUBDOMAIN));
    }
}

/// A number above 0 that must be there.
pub(super) fn positive(field: &Field, number: Option<i64>, problems: &mut Vec<Problem>) {
    match number {
        None => problems.push(field.missing("write a number greater than 0")),
        Some(number) if number <= 0 => {
            problems.push(field.invalid_number(number, "must be greater than 0"));
        }
        Some(_) => {}
    }
}

/// A time above 0 that must be there: its nanoseconds, where it is right.
pub(super) fn duration(
    field: &Field,
    text: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Option<i64> {
    let text = required(
        field,
        text,
        "write a time greater than 0, such as 20s",
        problems,
    )?;
    match go_duration::nanoseconds(text) {
        None => {
            let why = "must be a time, such as 1m30s: numbers, each with ns, us, ms, s, m or h";
            problems.push(field.invalid(text, why));
        }
        Some(time) if time > 0 => return Some(time),
        Some(_) => problems.push(field.invalid(text, "must be greater than 0")),
    }
    None
}

fn advice(what: &str) -> String {
    format!("write {what}")
}
