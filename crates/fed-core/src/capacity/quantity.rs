//! How much does a quantity of Kubernetes say? Read exactly, and rounded up as Kubernetes rounds.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

/// Parts of one that are counted: Kubernetes knows nothing smaller than a billionth.
const NANOS: i128 = 1_000_000_000;
/// The parts of one in a thousandth.
const NANOS_OF_MILLI: i128 = 1_000_000;
/// The largest quantity. Kubernetes takes what is larger for it.
const LARGEST: i128 = i64::MAX as i128;
/// More decimal places than any number up to the largest has, counted in billionths.
const PLACES: u64 = 40;

/// A quantity of Kubernetes, such as `1500m`, `2Gi` or `1e3`.
///
/// It is exact down to a billionth; what is finer is rounded up, as is whatever does not come out
/// even in the unit that is asked for. More than 2^63 - 1 is 2^63 - 1.
///
/// ```
/// use fed_core::capacity::Quantity;
///
/// let cpu: Quantity = "1.5".parse()?;
/// assert_eq!((cpu.millis(), cpu.units()), (1500, 2));
/// let memory: Quantity = "1.5Gi".parse()?;
/// assert_eq!(memory.units(), 1_610_612_736);
/// assert!("1.5 GB".parse::<Quantity>().is_err());
/// # Ok::<(), fed_core::capacity::InvalidQuantity>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    nanos: i128,
}

/// A text that is no quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidQuantity {
    /// The text.
    pub text: String,
}

impl fmt::Display for InvalidQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no quantity: write a number with or without one of the suffixes n, u, m, k, \
             M, G, T, P, E, Ki, Mi, Gi, Ti, Pi or Ei, or with an exponent such as e3",
            self.text
        )
    }
}

impl std::error::Error for InvalidQuantity {}

impl Quantity {
    /// So many, or so many bytes.
    pub const fn of_units(units: i64) -> Self {
        Self::capped(units as i128 * NANOS)
    }

    /// So many thousandths, as CPUs are counted.
    pub const fn of_millis(millis: i64) -> Self {
        Self::capped(millis as i128 * NANOS_OF_MILLI)
    }

    const fn capped(nanos: i128) -> Self {
        let largest = LARGEST * NANOS;
        let nanos = if nanos > largest { largest } else { nanos };
        let nanos = if nanos < -largest { -largest } else { nanos };
        Self { nanos }
    }

    /// In whole ones, rounded up, away from zero.
    pub fn units(self) -> i64 {
        self.in_parts_of(NANOS)
    }

    /// In thousandths, rounded up, away from zero. More than there are numbers is the largest.
    pub fn millis(self) -> i64 {
        self.in_parts_of(NANOS_OF_MILLI)
    }

    fn in_parts_of(self, nanos: i128) -> i64 {
        let whole = self.nanos / nanos;
        let parts = match (self.nanos % nanos).signum() {
            0 => whole,
            sign => whole.saturating_add(sign),
        };
        let bound = if parts < 0 { i64::MIN } else { i64::MAX };
        i64::try_from(parts).unwrap_or(bound)
    }

    /// What a value of a document says: text, or a number, or nothing, which is zero.
    pub fn of_value(value: &Value) -> Result<Self, InvalidQuantity> {
        match value {
            Value::String(text) => text.parse(),
            Value::Number(number) => number.to_string().parse(),
            Value::Null => Ok(Self::default()),
            other => Err(InvalidQuantity {
                text: other.to_string(),
            }),
        }
    }
}

impl FromStr for Quantity {
    type Err = InvalidQuantity;

    fn from_str(text: &str) -> Result<Self, InvalidQuantity> {
        let (negative, number) = match text.strip_prefix(['+', '-']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        let nanos = nanos(number).ok_or_else(|| InvalidQuantity {
            text: text.to_owned(),
        })?;
        Ok(Self::capped(if negative { -nanos } else { nanos }))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [
            (NANOS, ""),
            (NANOS_OF_MILLI, "m"),
            (NANOS / NANOS_OF_MILLI, "u"),
        ];
        let unit = units.into_iter().find(|(unit, _)| self.nanos % unit == 0);
        let (unit, suffix) = unit.unwrap_or((1, "n"));
        write!(f, "{}{suffix}", self.nanos / unit)
    }
}

/// A number of bytes as people write it: in the largest binary unit that it is a whole number of.
pub(super) fn bytes(count: i64) -> String {
    let units = ["Ei", "Pi", "Ti", "Gi", "Mi", "Ki"];
    let powers = (1_u32..=6).rev().map(|power| 1_i64 << (10 * power));
    let unit = powers
        .zip(units)
        .find(|(size, _)| count != 0 && count % size == 0);
    match unit {
        Some((size, suffix)) => format!("{}{suffix}", count / size),
        None => count.to_string(),
    }
}

/// A number without its sign, in billionths and rounded up; at most a little more than the largest.
fn nanos(text: &str) -> Option<i128> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, suffix) = text.split_at(end.unwrap_or(text.len()));
    let (before, after) = number.split_once('.').unwrap_or((number, ""));
    if after.contains('.') || (before.is_empty() && after.is_empty()) {
        return None;
    }
    let (shift, size) = scale(suffix)?;
    let size = size * NANOS;
    let digits = || before.bytes().chain(after.bytes()).map(digit);
    let length = before.len() + after.len();
    // Where the decimal point stands among the digits once the power of ten is applied.
    let point = i64::try_from(before.len()).ok()?.saturating_add(shift);
    let whole_digits = usize::try_from(point.max(0))
        .unwrap_or(usize::MAX)
        .min(length);
    let zeros_behind = u64::try_from(point).map_or(0, |point| point - whole_digits as u64);
    let zeros_before = point.min(0).unsigned_abs();

    let zeros = (0..zeros_behind.min(PLACES)).map(|_| 0);
    let whole = digits()
        .take(whole_digits)
        .chain(zeros)
        .fold(0_i128, |whole, digit| (whole * 10 + digit).min(LARGEST + 1));
    let fraction: Vec<i128> = digits().skip(whole_digits).collect();
    let places = fraction.into_iter().rev();
    let places = places.chain((0..zeros_before.min(PLACES)).map(|_| 0));
    // From the last place on, each is a tenth of what is behind it; nothing is lost but a rest.
    let (part, rest) = places.fold((0_i128, false), |(behind, rest), digit| {
        let here = digit * size + behind;
        (here / 10, rest || here % 10 != 0)
    });
    let sum = whole.saturating_mul(size).saturating_add(part);
    Some(sum.saturating_add(i128::from(rest)))
}

fn digit(byte: u8) -> i128 {
    i128::from(byte.saturating_sub(b'0'))
}

/// The power of ten, and the number beside it, that a suffix stands for.
fn scale(suffix: &str) -> Option<(i64, i128)> {
    let tens = |shift| Some((shift, 1));
    let twos = |power: u32| Some((0, 1_i128 << (10 * power)));
    match suffix {
        "" => tens(0),
        "n" => tens(-9),
        "u" => tens(-6),
        "m" => tens(-3),
        "k" => tens(3),
        "M" => tens(6),
        "G" => tens(9),
        "T" => tens(12),
        "P" => tens(15),
        "E" => tens(18),
        "Ki" => twos(1),
        "Mi" => twos(2),
        "Gi" => twos(3),
        "Ti" => twos(4),
        "Pi" => twos(5),
        "Ei" => twos(6),
        _ => tens(exponent(suffix.strip_prefix(['e', 'E'])?)?),
    }
}

/// An exponent, as far as it matters: beyond a few dozens, everything is the largest or next to
/// nothing.
fn exponent(text: &str) -> Option<i64> {
    let far = i64::from(i32::MAX);
    text.parse().ok().map(|number: i64| number.clamp(-far, far))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Quantity {
        text.parse()
            .unwrap_or_else(|error: InvalidQuantity| panic!("{error}"))
    }

    #[test]
    fn quantities_are_read_as_kubernetes_reads_them() {
        let cases: [(&str, i64, i64); 30] = [
            ("0", 0, 0),
            ("1", 1, 1000),
            ("+1", 1, 1000),
            ("-1500m", -2, -1500),
            ("100m", 1, 100),
            ("1.5", 2, 1500),
            (".5", 1, 500),
            ("5.", 5, 5000),
            ("1n", 1, 1),
            ("999999u", 1, 1000),
            ("0.1n", 1, 1),
            ("12k", 12_000, 12_000_000),
            ("1M", 1_000_000, 1_000_000_000),
            ("2G", 2_000_000_000, 2_000_000_000_000),
            ("1T", 1_000_000_000_000, 1_000_000_000_000_000),
            ("1E", 1_000_000_000_000_000_000, i64::MAX),
            ("1Ki", 1024, 1_024_000),
            ("1.5Gi", 1_610_612_736, 1_610_612_736_000),
            ("0.0000001Ki", 1, 1),
            ("7Ei", 7 << 60, i64::MAX),
            ("8Ei", i64::MAX, i64::MAX),
            ("-8Ei", -i64::MAX, i64::MIN),
            ("1e3", 1000, 1_000_000),
            ("1E3", 1000, 1_000_000),
            ("1e-3", 1, 1),
            ("1500e-3", 2, 1500),
            ("1e+2", 100, 100_000),
            ("1e9223372036854775807", i64::MAX, i64::MAX),
            ("0e9223372036854775807", 0, 0),
            ("1e-9223372036854775808", 1, 1),
        ];
        for (text, units, millis) in cases {
            let found = read(text);
            assert_eq!((found.units(), found.millis()), (units, millis), "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for text in [
            "",
            ".",
            "-",
            "1.2.3",
            "m",
            "1K",
            "1mi",
            "1 Gi",
            " 1",
            "1e",
            "1e+",
            "1ei",
            "1e1.5",
            "1e9223372036854775808",
            "0x10",
            "--1",
            "1Gi1",
            "½",
            "∞",
            "1é",
        ] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
    }

    #[test]
    fn long_numbers_are_exact_to_the_last_place() {
        let long = format!("{}1.{}1", "0".repeat(100), "0".repeat(100));
        assert_eq!(read(&long).millis(), 1001);
        assert_eq!(read(&"9".repeat(200)).units(), i64::MAX);
        // 2^30 times this is exactly one.
        let even = "0.000000000931322574615478515625";
        assert_eq!(read(&format!("{even}Gi")), Quantity::of_units(1));
        assert!(read(&format!("{even}0001Gi")) > Quantity::of_units(1));
        assert_eq!(read("9223372036854775807").units(), i64::MAX);
        assert_eq!(read("9223372036854775806.5").units(), i64::MAX);
        assert_eq!(read("9223372036854775805.5").units(), i64::MAX - 1);
    }

    fn quantity() -> impl Strategy<Value = Quantity> {
        let nanos = (any::<i64>(), 0_u32..10)
            .prop_map(|(number, power)| Quantity::capped(i128::from(number) * 10_i128.pow(power)));
        prop_oneof![nanos, any::<i64>().prop_map(Quantity::of_millis)]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(quantity in quantity()) {
            prop_assert_eq!(read(&quantity.to_string()), quantity);
        }

        #[test]
        fn bytes_are_read_again(count in any::<i64>(), power in 0_u32..7) {
            let count = (count >> (10 * power)).max(-i64::MAX) << (10 * power);
            let count = count.max(-i64::MAX);
            prop_assert_eq!(read(&bytes(count)).units(), count);
        }

        #[test]
        fn order_is_kept_by_every_unit(one in quantity(), other in quantity()) {
            let (one, other) = (one.min(other), one.max(other));
            prop_assert!(one.units() <= other.units());
            prop_assert!(one.millis() <= other.millis());
            if let Some(millis) = one.units().checked_mul(1000) {
                prop_assert!(one.millis().abs() <= millis.abs());
            }
        }

        #[test]
        fn every_way_to_write_a_number_says_the_same(number in 0_i64..1 << 40, power in 0_usize..8) {
            let plain = read(&number.to_string());
            let zeros = "0".repeat(power);
            prop_assert_eq!(read(&format!("{number}{zeros}e-{power}")), plain);
            prop_assert_eq!(read(&format!("{number}.{zeros}")), plain);
            prop_assert_eq!(read(&format!("{number}000m")), plain);
            let thousands = i128::from(number) * 1024 * 1000;
            prop_assert_eq!(read(&format!("{number}000Ki")), read(&thousands.to_string()));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-+]?[0-9.]{0,60}[a-zA-Z]{0,2}[-+]?[0-9]{0,25}") {
            let _ = text.parse::<Quantity>();
        }
    }
}
