//! How does a server write an amount? `1000m` is read and answered as `1`.

use serde_json::Value;

/// Billionths, in which every amount is a whole number.
const UNIT: i128 = 1_000_000_000;
const DECIMAL: [(&str, i128); 10] = [
    ("E", 1_000_000_000_000_000_000 * UNIT),
    ("P", 1_000_000_000_000_000 * UNIT),
    ("T", 1_000_000_000_000 * UNIT),
    ("G", 1_000_000_000 * UNIT),
    ("M", 1_000_000 * UNIT),
    ("k", 1_000 * UNIT),
    ("", UNIT),
    ("m", UNIT / 1_000),
    ("u", UNIT / 1_000_000),
    ("n", 1),
];
const BINARY: [(&str, i128); 6] = [
    ("Ei", (1 << 60) * UNIT),
    ("Pi", (1 << 50) * UNIT),
    ("Ti", (1 << 40) * UNIT),
    ("Gi", (1 << 30) * UNIT),
    ("Mi", (1 << 20) * UNIT),
    ("Ki", (1 << 10) * UNIT),
];

/// The amount as a server writes it; `None` for what is no amount, or one out of reach.
pub(super) fn canonical(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let split = text.find(|character: char| !matches!(character, '0'..='9' | '.' | '+' | '-'));
    let (number, suffix) = text.split_at(split.unwrap_or(text.len()));
    let (scale, family): (i128, &[(&str, i128)]) =
        if let Some((_, scale)) = BINARY.iter().find(|(name, _)| *name == suffix) {
            (*scale, &BINARY)
        } else if let Some((_, scale)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
            (*scale, &DECIMAL)
        } else {
            // With an exponent an amount stays as it is written.
            return None;
        };
    let amount = scaled(number, scale)?;
    if amount == 0 {
        return Some("0".to_owned());
    }
    let is_small = amount.abs() < 1024 * UNIT;
    let family = if is_small { &DECIMAL } else { family };
    let fits = |unit: &&(&str, i128)| amount % unit.1 == 0;
    let (name, unit) = family.iter().chain(&DECIMAL).find(fits)?;
    Some(format!("{}{name}", amount / unit))
}

fn scaled(number: &str, scale: i128) -> Option<i128> {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.len() > 18 {
        return None;
    }
    let read = |text: &str| {
        if text.is_empty() {
            Some(0)
        } else {
            text.parse::<i128>().ok()
        }
    };
    let tens = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let above = read(whole)?.checked_mul(scale)?;
    let below = read(fraction)?.checked_mul(scale)?;
    // What is finer than a billionth is rounded up.
    let below = below / tens + i128::from(below % tens != 0);
    above.checked_add(below)?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_the_largest_suffix_that_leaves_whole_numbers() {
        let table = [
            ("1000m", Some("1")),
            ("0.5", Some("500m")),
            ("1", Some("1")),
            ("1500", Some("1500")),
            ("2000", Some("2k")),
            ("1024Mi", Some("1Gi")),
            ("1.5Gi", Some("1536Mi")),
            ("512Ki", Some("512Ki")),
            ("0.5Ki", Some("512")),
            ("-0.1", Some("-100m")),
            ("0", Some("0")),
            ("1e3", None),
            ("", None),
            ("x", None),
        ];
        for (text, expected) in table {
            assert_eq!(canonical(&text.into()).as_deref(), expected, "{text}");
        }
        assert_eq!(canonical(&2.into()).as_deref(), Some("2"));
    }
}
