//! What do texts stand for? Quantities, bytes and times as Kubernetes writes them.

use serde_json::Value;

/// Of one unit, that many nano units.
const UNIT: i128 = 1_000_000_000;

/// No quantity is larger: the server caps them at 2^63 - 1 units.
const LARGEST: i128 = i64::MAX as i128 * UNIT;

/// A quantity in billionths of its unit, rounded up as Kubernetes does; `None` if it cannot be
/// read.
pub(super) fn quantity(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => parse_quantity(&number.to_string()),
        Value::String(text) => parse_quantity(text),
        _ => None,
    }
}

fn parse_quantity(text: &str) -> Option<i128> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = rest
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(rest.len());
    let (number, suffix) = rest.split_at_checked(end)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let (factor, shift) = unit(suffix)?;
    let amount = scaled(whole, fraction, factor, shift)?;
    Some(if negative { -amount } else { amount })
}

/// What a suffix multiplies by: a factor, and a power of ten.
fn unit(suffix: &str) -> Option<(i128, i32)> {
    let binary = |power: u32| Some((1_i128 << (10 * power), 0));
    let decimal = |power| Some((1, power));
    match suffix {
        "" => decimal(0),
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        exponent => decimal(exponent.strip_prefix(['e', 'E'])?.parse().ok()?),
    }
}

/// The digits times the factor and the power of ten, in nano units. What is too large for that is
/// the largest.
fn scaled(whole: &str, fraction: &str, factor: i128, shift: i32) -> Option<i128> {
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(0);
    }
    let places = i32::try_from(fraction.len()).ok()?;
    let power = shift.checked_add(9)?.checked_sub(places)?;
    let Ok(number) = digits.parse::<i128>() else {
        return Some(LARGEST);
    };
    let Some(number) = number.checked_mul(factor) else {
        return Some(LARGEST);
    };
    let ten = 10_i128.checked_pow(power.unsigned_abs());
    let amount = match (ten, power >= 0) {
        (Some(ten), true) => number.checked_mul(ten).unwrap_or(LARGEST),
        (None, true) => LARGEST,
        (Some(ten), false) => number / ten + i128::from(number % ten != 0),
        (None, false) => 1,
    };
    Some(amount.min(LARGEST))
}

/// Can this be read as base64 with padding? Line ends are passed over.
pub(super) fn is_base64(text: &str) -> bool {
    let symbols = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n'));
    let length = symbols.clone().count();
    let padding = symbols
        .clone()
        .rev()
        .take_while(|byte| *byte == b'=')
        .count();
    let is_symbol = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    length.is_multiple_of(4) && padding <= 2 && symbols.take(length - padding).all(is_symbol)
}

/// How many bytes base64 text stands for.
pub(super) fn decoded_length(text: &str) -> usize {
    let symbols = text
        .bytes()
        .filter(|byte| !matches!(byte, b'\r' | b'\n' | b'='));
    symbols.count() * 3 / 4
}

/// Is this a point in time as RFC 3339 writes it?
pub(super) fn is_time(text: &str) -> bool {
    time(text).is_some()
}

/// Is this a point in time with microseconds, which Kubernetes wants all six digits of?
pub(super) fn is_micro_time(text: &str) -> bool {
    time(text).is_some_and(|fraction| fraction == 6)
}

/// The number of digits after the seconds.
fn time(text: &str) -> Option<usize> {
    let (date, rest) = text.split_once('T')?;
    let (year, rest_of_date) = date.split_once('-')?;
    let (month, day) = rest_of_date.split_once('-')?;
    let year = digits(year, 4)?;
    let month = digits(month, 2).filter(|month| (1..=12).contains(month))?;
    digits(day, 2).filter(|day| (1..=days(year, month)).contains(day))?;
    let clock = rest.get(..8)?;
    let mut parts = clock.split(':');
    for limit in [24, 60, 60] {
        digits(parts.next()?, 2).filter(|part| *part < limit)?;
    }
    let rest = rest.get(8..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|character: char| !character.is_ascii_digit())?;
            (end, rest.get(end..).filter(|_| end > 0)?)
        }
        None => (0, rest),
    };
    if zone != "Z" {
        let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
        digits(hours, 2).filter(|hours| *hours <= 24)?;
        digits(minutes, 2).filter(|minutes| *minutes <= 60)?;
    }
    Some(fraction)
}

fn digits(text: &str, count: usize) -> Option<u32> {
    let is_number = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_kubernetes_reads_them() {
        let table: [(&str, Option<i128>); 22] = [
            ("1", Some(UNIT)),
            ("100m", Some(UNIT / 10)),
            ("0.5", Some(UNIT / 2)),
            (".5", Some(UNIT / 2)),
            ("5.", Some(5 * UNIT)),
            ("1Ki", Some(1024 * UNIT)),
            ("1.5Gi", Some(3 * (1 << 29) * UNIT)),
            ("1k", Some(1000 * UNIT)),
            ("1e3", Some(1000 * UNIT)),
            ("1E3", Some(1000 * UNIT)),
            ("1E", Some(1_000_000_000_000_000_000 * UNIT)),
            ("-1", Some(-UNIT)),
            ("+1", Some(UNIT)),
            ("1e-9", Some(1)),
            ("0.1n", Some(1)),
            ("9999999999999999999999999999999999999999", Some(LARGEST)),
            ("", None),
            ("m", None),
            ("1 Gi", None),
            ("1gb", None),
            ("1.2.3", None),
            ("1K", None),
        ];
        for (text, expected) in table {
            assert_eq!(quantity(&text.into()), expected, "{text}");
        }
    }

    #[test]
    fn bytes_and_times_are_read_as_kubernetes_reads_them() {
        for (text, expected) in [
            ("", true),
            ("YQ==", true),
            ("YQ", false),
            ("YWJ\njZA==", true),
            ("a b=", false),
        ] {
            assert_eq!(is_base64(text), expected, "{text:?}");
        }
        let times = [
            ("2024-02-29T12:00:00Z", Some(0)),
            ("2023-02-29T12:00:00Z", None),
            ("2024-01-01T00:00:00.123456+01:00", Some(6)),
            ("2024-01-01", None),
            ("2024-01-01 00:00:00Z", None),
            ("", None),
        ];
        for (text, expected) in times {
            assert_eq!(time(text), expected, "{text:?}");
        }
    }
}
