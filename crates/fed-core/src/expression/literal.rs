//! Which number or text does a literal stand for?

use super::node::Constant;

/// The literal at the start of a text, and what follows it; `None` if there is none.
pub(super) fn literal(text: &str) -> Result<Option<(Constant, &str)>, String> {
    let first = text.chars().next().unwrap_or_default();
    let after_point = text.strip_prefix('.').and_then(|rest| rest.chars().next());
    if first.is_ascii_digit() || after_point.is_some_and(|digit| digit.is_ascii_digit()) {
        return number(text).map(Some);
    }
    let Some(prefix) = prefix(text) else {
        return Ok(None);
    };
    if prefix.contains(['b', 'B']) {
        return Err("bytes are not known here: write a text".to_owned());
    }
    let rest = text.get(prefix.len()..).unwrap_or_default();
    let (text, rest) = quoted(rest, !prefix.is_empty())?;
    Ok(Some((Constant::Text(text), rest)))
}

/// What stands before the quote that opens a text: nothing, `r` or `b`, or both.
fn prefix(text: &str) -> Option<&str> {
    let is_letter = |c: &char| matches!(c, 'r' | 'R' | 'b' | 'B');
    let letters = text.chars().take(2).take_while(is_letter).count();
    let (prefix, rest) = text.split_at_checked(letters)?;
    rest.starts_with(['\'', '"']).then_some(prefix)
}

fn number(text: &str) -> Result<(Constant, &str), String> {
    let is_hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let (digits, rest) = split(text, is_hexadecimal);
    let (is_unsigned, rest) = match rest.strip_prefix(['u', 'U']) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if rest.starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric()) {
        return Err("this is no number".to_owned());
    }
    let too_large = || "this number is too large".to_owned();
    let is_double = !is_hexadecimal && digits.contains(['.', 'e', 'E']);
    if is_double {
        let double: f64 = digits.parse().map_err(|_| "this is no number".to_owned())?;
        let is_fit = double.is_finite() && !is_unsigned;
        return is_fit
            .then_some((Constant::Double(double), rest))
            .ok_or_else(too_large);
    }
    let whole = match digits.get(2..).filter(|_| is_hexadecimal) {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    let whole = whole.map_err(|_| too_large())?;
    let constant = match i64::try_from(whole) {
        _ if is_unsigned => Constant::Uint(whole),
        Ok(whole) => Constant::Int(whole),
        Err(_) => return Err(too_large()),
    };
    Ok((constant, rest))
}

/// The digits of a number, and what follows them.
fn split(text: &str, is_hexadecimal: bool) -> (&str, &str) {
    let mut end = 0;
    let mut before = ' ';
    let mut has_point = is_hexadecimal;
    for c in text.chars() {
        let belongs = match c {
            'x' | 'X' => is_hexadecimal && end == 1,
            'e' | 'E' if !is_hexadecimal => before.is_ascii_digit() || before == '.',
            '+' | '-' => !is_hexadecimal && matches!(before, 'e' | 'E'),
            '.' => !std::mem::replace(&mut has_point, true) && followed_by_digit(text, end + 1),
            c => c.is_ascii_digit() || is_hexadecimal && c.is_ascii_hexdigit(),
        };
        if !belongs {
            break;
        }
        end += 1;
        before = c;
    }
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// `1.size()` is a call, and no number.
fn followed_by_digit(text: &str, at: usize) -> bool {
    let next = text.get(at..).and_then(|rest| rest.chars().next());
    next.is_some_and(|c| c.is_ascii_digit())
}

/// A text in quotes, and what follows it.
fn quoted(text: &str, is_raw: bool) -> Result<(String, &str), String> {
    let quote = ["'''", "\"\"\"", "'", "\""];
    let quote = quote.iter().find(|quote| text.starts_with(**quote));
    let quote = quote.copied().unwrap_or("'");
    let mut rest = text.get(quote.len()..).unwrap_or_default();
    let mut made = String::new();
    loop {
        if let Some(after) = rest.strip_prefix(quote) {
            return Ok((made, after));
        }
        let mut characters = rest.chars();
        match characters.next() {
            None => return Err("a quote is not closed".to_owned()),
            Some('\n' | '\r') if quote.len() == 1 => {
                return Err("a quote is not closed on its line: use three".to_owned());
            }
            Some('\\') if !is_raw => {
                let (c, after) = escaped(characters.as_str())?;
                made.push(c);
                rest = after;
            }
            Some(c) => {
                made.push(c);
                rest = characters.as_str();
            }
        }
    }
}

/// What a backslash makes of what follows it, and what comes then.
fn escaped(text: &str) -> Result<(char, &str), String> {
    let mut rest = text.chars();
    let simple = match rest.next() {
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('a') => '\u{7}',
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('v') => '\u{b}',
        Some(c @ ('\\' | '\'' | '"' | '`' | '?')) => c,
        Some('x' | 'X') => return code(rest.as_str(), 2, 16),
        Some('u') => return code(rest.as_str(), 4, 16),
        Some('U') => return code(rest.as_str(), 8, 16),
        Some('0'..='3') => return code(text, 3, 8),
        _ => return Err("this backslash has no meaning: write two for one".to_owned()),
    };
    Ok((simple, rest.as_str()))
}

fn code(text: &str, digits: usize, radix: u32) -> Result<(char, &str), String> {
    let fault = || "this is the number of no character".to_owned();
    let (digits, rest) = text.split_at_checked(digits).ok_or_else(fault)?;
    let is_digits = digits.chars().all(|c| c.is_digit(radix));
    let number = u32::from_str_radix(digits, radix)
        .ok()
        .filter(|_| is_digits);
    let found = number.and_then(char::from_u32).ok_or_else(fault)?;
    Ok((found, rest))
}
