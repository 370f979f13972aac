//! What does an explicit tag make of a scalar? The tags kubectl honours, and the rest.

use std::borrow::Cow;

use granit_parser::Tag;

use super::scalar::{Plain, kubernetes};

/// The prefix that `!!` stands for.
pub(super) const YAML: &str = "tag:yaml.org,2002:";

/// Why a tag cannot be honoured.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TagError {
    /// Kubernetes has no such tag.
    Unknown,
    /// The text is not what the tag says.
    Mismatch(String),
}

/// What `text` under this tag means.
pub(super) fn resolve<'s>(tag: &Tag, text: &'s str) -> Result<(Plain, Cow<'s, str>), TagError> {
    let name = tag.suffix_in_namespace(YAML);
    let plain = kubernetes(text);
    let is_float = plain.is_written_as_float(text);
    let fits = match name.as_deref() {
        Some("str" | "timestamp" | "merge") => return Ok((Plain::Text, text.into())),
        Some("binary") => return binary(text).map(|text| (Plain::Text, text.into())),
        Some("int") => matches!(plain, Plain::Integer(_) | Plain::Large(_)) && !is_float,
        Some("float") => matches!(plain, Plain::Integer(_) | Plain::Large(_) | Plain::Float(_)),
        Some("bool") => matches!(plain, Plain::Bool(_)),
        Some("null") => plain == Plain::Null,
        _ if is_unspecific(tag) => return Ok((Plain::Text, text.into())),
        _ => return Err(TagError::Unknown),
    };
    if fits {
        return Ok((plain, text.into()));
    }
    let name = name.unwrap_or_default();
    Err(TagError::Mismatch(format!(
        "this value is not what its tag `!!{name}` says; correct the value, or remove the tag"
    )))
}

/// Is this a tag that means nothing on a sequence or mapping?
pub(super) fn is_unknown(tag: &Tag) -> bool {
    let name = tag.suffix_in_namespace(YAML);
    let known = matches!(
        name.as_deref(),
        Some("map" | "seq" | "omap" | "set" | "pairs")
    );
    !known && !is_unspecific(tag)
}

/// `!` alone: a scalar under it is text.
fn is_unspecific(tag: &Tag) -> bool {
    tag.original() == "!"
}

/// The text that standard base64 with padding stands for; bytes that are not UTF-8 are replaced,
/// as JSON cannot hold them.
fn binary(text: &str) -> Result<String, TagError> {
    let wrong =
        || TagError::Mismatch("this value is tagged `!!binary` but is not valid base64".to_owned());
    let encoded: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .collect();
    let content = encoded.strip_suffix(b"==").or(encoded.strip_suffix(b"="));
    let content = content.unwrap_or(&encoded);
    if !encoded.len().is_multiple_of(4) {
        return Err(wrong());
    }
    let mut bytes = Vec::with_capacity(encoded.len() / 4 * 3);
    for group in content.chunks(4) {
        let digits = group.iter().map(|byte| base64_digit(*byte));
        let bits = digits
            .enumerate()
            .try_fold(0_u32, |bits, (at, digit)| {
                Some(bits | digit? << (18 - 6 * at))
            })
            .ok_or_else(wrong)?;
        let whole = group.len() * 6 / 8;
        bytes.extend(bits.to_be_bytes().into_iter().skip(1).take(whole));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn base64_digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
