//! What does this plain text mean? Kubernetes' reading (YAML 1.1, as kubectl has it), and that of
//! YAML 1.2, to tell where the two differ.

use serde_json::{Number, Value};

/// What a plain scalar is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Integer(i64),
    /// An integer above the signed range.
    Large(u64),
    Float(f64),
    /// The text itself.
    Text,
}

/// What kubectl reads.
pub(super) fn kubernetes(text: &str) -> Plain {
    if let Some(word) = word(text) {
        return word;
    }
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Plain::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Plain::Bool(false),
        _ => match text.as_bytes().first() {
            Some(b'.') => fraction(text).unwrap_or(Plain::Text),
            Some(b'0'..=b'9' | b'+' | b'-') => kubernetes_number(text),
            _ => Plain::Text,
        },
    }
}

fn kubernetes_number(text: &str) -> Plain {
    let digits = text.replace('_', "");
    let (sign, magnitude) = split_sign(&digits);
    let (radix, rest) = match magnitude.get(..2) {
        Some("0x" | "0X") if magnitude.len() > 2 => (16, 2),
        Some("0o" | "0O") if magnitude.len() > 2 => (8, 2),
        Some("0b" | "0B") if magnitude.len() > 2 => (2, 2),
        Some(two) if two.starts_with('0') => (8, 1),
        _ => (10, 0),
    };
    let rest = magnitude.get(rest..).unwrap_or_default();
    integer(sign, rest, radix)
        .or_else(|| float(&digits))
        .unwrap_or(Plain::Text)
}

/// A number that begins with its point. Here, and only here, underscores must separate digits.
fn fraction(text: &str) -> Option<Plain> {
    let mut parts = text.split('_').peekable();
    while let (Some(part), Some(next)) = (parts.next(), parts.peek()) {
        if !part.ends_with(is_digit) || !next.starts_with(is_digit) {
            return None;
        }
    }
    float(&text.replace('_', ""))
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// What YAML 1.2 reads, by its core schema.
pub(super) fn yaml_1_2(text: &str) -> Plain {
    let prefixed = |prefix, radix| {
        let digits = text.strip_prefix(prefix)?;
        integer(None, digits, radix)
    };
    let (sign, magnitude) = split_sign(text);
    word(text)
        .or_else(|| prefixed("0o", 8))
        .or_else(|| prefixed("0x", 16))
        .or_else(|| integer(sign, magnitude, 10))
        .or_else(|| float(text))
        .unwrap_or(Plain::Text)
}

/// Is this plain text taken for text, and nothing else, whichever YAML is read?
pub fn reads_as_text(text: &str) -> bool {
    kubernetes(text) == Plain::Text && yaml_1_2(text) == Plain::Text && text != "<<" && text != "="
}

/// What this plain text says where it is the key of a mapping; `None` for what cannot be a key.
pub(crate) fn plain_key(text: &str) -> Option<String> {
    let plain = kubernetes(text);
    plain.key(text, plain.is_written_as_float(text))
}

/// Words that mean the same to both.
fn word(text: &str) -> Option<Plain> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Plain::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Plain::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Plain::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

fn split_sign(text: &str) -> (Option<char>, &str) {
    match text.chars().next() {
        Some(sign @ ('+' | '-')) => (Some(sign), text.get(1..).unwrap_or_default()),
        _ => (None, text),
    }
}

fn integer(sign: Option<char>, digits: &str, radix: u32) -> Option<Plain> {
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    match (sign, i64::try_from(magnitude)) {
        (Some('-'), _) => 0_i64.checked_sub_unsigned(magnitude).map(Plain::Integer),
        (_, Ok(signed)) => Some(Plain::Integer(signed)),
        (None, Err(_)) => Some(Plain::Large(magnitude)),
        (Some(_), Err(_)) => None,
    }
}

/// A decimal number with a point or an exponent, or an integer too large for the integers.
/// What no float can hold stays text, as it does for kubectl.
fn float(text: &str) -> Option<Plain> {
    let decimal = |character: char| character.is_ascii_digit() || "+-.eE".contains(character);
    let number: f64 = Some(text)
        .filter(|text| text.chars().all(decimal))?
        .parse()
        .ok()?;
    number.is_finite().then_some(Plain::Float(number).reduced())
}

impl Plain {
    /// The same number, as an integer where it is one: JSON does not tell `1.0` from `1`.
    #[expect(clippy::cast_possible_truncation, reason = "the bounds are checked")]
    fn reduced(self) -> Self {
        const EXACT: f64 = 9_223_372_036_854_775_808.0; // 2^63
        match self {
            Self::Float(number) if number.fract() == 0.0 && (-EXACT..EXACT).contains(&number) => {
                Self::Integer(number as i64)
            }
            other => other,
        }
    }

    /// The value in JSON; `None` for what JSON cannot say (`.inf`, `.nan`).
    pub(super) fn value(self, text: &str) -> Option<Value> {
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(bool) => Value::Bool(bool),
            Self::Integer(number) => Value::from(number),
            Self::Large(number) => Value::from(number),
            Self::Float(number) => Value::Number(Number::from_f64(number)?),
            Self::Text => Value::from(text),
        })
    }

    /// The value as the key of a mapping, in kubectl's spelling; `None` for what cannot be a key.
    pub(super) fn key(self, text: &str, is_float: bool) -> Option<String> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "keys have 32 bits of precision anyway"
        )]
        match self {
            Self::Null | Self::Large(_) => None,
            Self::Bool(bool) => Some(bool.to_string()),
            Self::Integer(number) if is_float => Some(float_key(number as f64)),
            Self::Integer(number) => Some(number.to_string()),
            Self::Float(number) => Some(float_key(number)),
            Self::Text => Some(text.to_owned()),
        }
    }

    /// Is this number written as a float, although its value may be a whole number?
    pub(super) fn is_written_as_float(self, text: &str) -> bool {
        let based = split_sign(text).1.starts_with(['0']) && text.contains(['x', 'X', 'b', 'B']);
        match self {
            Self::Float(_) => true,
            Self::Integer(_) if !based => text.contains(['.', 'e', 'E']),
            _ => false,
        }
    }

    /// How people read it in a sentence.
    pub(super) fn describe(self, text: &str) -> String {
        match self {
            Self::Text => format!("the string \"{text}\""),
            Self::Float(number) if !number.is_finite() => "a number that is not finite".to_owned(),
            other => match other.value(text) {
                Some(value) => value.to_string(),
                None => "a number".to_owned(),
            },
        }
    }
}

/// Shortest decimal with 32 bits of precision, and an exponent from a million on: what Go makes
/// of a float key.
fn float_key(number: f64) -> String {
    if number.is_nan() {
        return ".nan".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, reason = "kubectl rounds keys so")]
    let single = number as f32;
    if single.is_infinite() {
        return if single > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{single:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ => single.to_string(),
    }
}

/// Do the two versions of YAML read this text differently?
pub(super) fn versions_differ(text: &str) -> bool {
    match (kubernetes(text), yaml_1_2(text)) {
        (Plain::Float(left), Plain::Float(right)) => left.total_cmp(&right).is_ne(),
        (left, right) => left != right,
    }
}
