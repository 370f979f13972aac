//! How long is this time, as Go writes it: `1m30s`?

/// The nanoseconds of a duration; `None` if Go would not read it.
pub(super) fn nanoseconds(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let (part, after) = first_part(rest)?;
        total = total.checked_add(part)?;
        rest = after;
    }
    i64::try_from(sign * total).ok()
}

/// The first number with its unit, in nanoseconds, and what follows.
fn first_part(text: &str) -> Option<(i128, &str)> {
    let (whole, rest) = digits(text);
    let (fraction, rest) = rest.strip_prefix('.').map_or(("", rest), digits);
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let starts_number = |character: char| character.is_ascii_digit() || character == '.';
    let (name, rest) = rest.split_at(rest.find(starts_number).unwrap_or(rest.len()));
    let unit = unit(name)?;
    let whole = if whole.is_empty() {
        0
    } else {
        i128::from(whole.parse::<i64>().ok()?)
    };
    Some((whole * unit + share(fraction, unit), rest))
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|character: char| !character.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

/// What the digits behind the point are of a unit, rounded down. More than 18 of them are worth
/// less than a nanosecond.
fn share(fraction: &str, unit: i128) -> i128 {
    let digits = fraction
        .chars()
        .take(18)
        .filter_map(|digit| digit.to_digit(10));
    let (number, power) = digits.fold((0, 1), |(number, power), digit| {
        (number * 10 + i128::from(digit), power * 10)
    });
    number * unit / power
}

fn unit(name: &str) -> Option<i128> {
    Some(match name {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_go_reads_them() {
        for (text, expected) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("0s", Some(0)),
            ("1ns", Some(1)),
            ("1m30s", Some(90_000_000_000)),
            ("+1.5h", Some(5_400_000_000_000)),
            ("-2s", Some(-2_000_000_000)),
            (".5s", Some(500_000_000)),
            ("5.s", Some(5_000_000_000)),
            ("1µs1us", Some(2_000)),
            ("1.9ns", Some(1)),
            ("2562047h47m16.854775807s", Some(i64::MAX)),
            ("2562047h47m16.854775808s", None),
            ("99999999999999999999s", None),
            ("", None),
            ("-", None),
            ("5", None),
            ("s", None),
            (".s", None),
            ("1 s", None),
            ("1d", None),
            ("1S", None),
            ("--1s", None),
            ("1s-1s", None),
            ("1é", None),
        ] {
            assert_eq!(nanoseconds(text), expected, "{text:?}");
        }
    }
}
