//! Is a text of the format that a schema names?

use std::net::{Ipv4Addr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;

/// Is a text of a format? Formats that are not known here are no demand, as in a real server those
/// that it does not know.
pub(super) fn is_of(format: &str, text: &str) -> bool {
    match format {
        "date" => text.len() == 10 && text.parse::<Date>().is_ok(),
        "date-time" | "datetime" => text.contains(['T', 't']) && text.parse::<Timestamp>().is_ok(),
        "duration" => is_duration(text),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "cidr" => is_cidr(text),
        "byte" => STANDARD.decode(text).is_ok(),
        "uuid" => is_uuid(text),
        _ => true,
    }
}

/// Numbers with units: `1h30m`, `-1.5s`, `2 days`.
fn is_duration(text: &str) -> bool {
    const UNITS: [&str; 24] = [
        "ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "w", "nano", "nanos", "micro", "micros",
        "milli", "millis", "sec", "secs", "min", "mins", "hour", "hours", "day", "days",
    ];
    let mut rest = text.trim_start_matches(['-', '+']);
    if rest == "0" {
        return true;
    }
    let mut is_some = false;
    while !rest.is_empty() {
        let number =
            rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        let digits = rest.len() - number.len();
        let after = number.trim_start();
        let end = after.find(|letter: char| !letter.is_alphabetic());
        let (unit, others) = after.split_at(end.unwrap_or(after.len()));
        if digits == 0 || !UNITS.contains(&unit) {
            return false;
        }
        is_some = true;
        rest = others.trim_start();
    }
    is_some
}

fn is_cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else {
        return false;
    };
    let most = if address.parse::<Ipv4Addr>().is_ok() {
        32
    } else if address.parse::<Ipv6Addr>().is_ok() {
        128
    } else {
        return false;
    };
    length.parse::<u8>().is_ok_and(|length| length <= most)
}

fn is_uuid(text: &str) -> bool {
    let digits = text.replace('-', "");
    let is_hex = digits.chars().all(|letter| letter.is_ascii_hexdigit());
    let is_grouped = matches!(text.len(), 32 | 36);
    is_hex && digits.len() == 32 && is_grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_of_formats_or_not() {
        for (format, right, wrong) in [
            ("date", "2030-01-31", "2030-02-31"),
            ("date-time", "2030-01-01T00:00:00Z", "2030-01-01"),
            ("duration", "1h30m", "soon"),
            ("duration", "-1.5s", "1"),
            ("ipv4", "10.0.0.1", "10.0.0.256"),
            ("ipv6", "::1", "10.0.0.1"),
            ("cidr", "10.0.0.0/8", "10.0.0.0/33"),
            ("byte", "YQ==", "%"),
            ("uuid", "123e4567-e89b-42d3-a456-426614174000", "123"),
        ] {
            assert!(is_of(format, right), "{format} {right}");
            assert!(!is_of(format, wrong), "{format} {wrong}");
        }
        assert!(is_of("of my own", "anything"));
    }
}
