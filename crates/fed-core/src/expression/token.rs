//! Which words and signs is a text made of?

use super::Misspelt;
use super::literal;
use super::node::Constant;

/// A word or sign.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name that may be that of a variable, field or function.
    Name(String),
    /// A name in back quotes, which only fields have.
    Quoted(String),
    Literal(Constant),
    /// One of [`SIGNS`].
    Sign(&'static str),
    End,
}

/// The signs, longer ones first.
const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/", "%", "<", ">", "!", "?", ":", ".", ",",
    "(", ")", "[", "]", "{", "}",
];

/// The tokens of a text, each with the place where it starts. The last one is the end.
pub(super) fn tokens(source: &str) -> Result<Vec<(usize, Token)>, Misspelt> {
    let mut tokens = Vec::new();
    let mut rest = source;
    loop {
        rest = blank(rest);
        let at = source.len() - rest.len();
        if rest.is_empty() {
            tokens.push((at, Token::End));
            return Ok(tokens);
        }
        let (token, after) = token(rest).map_err(|message| misspelt(source, at, message))?;
        tokens.push((at, token));
        rest = after;
    }
}

/// A fault at this byte.
pub(super) fn misspelt(source: &str, at: usize, message: impl Into<String>) -> Misspelt {
    let before = source.get(..at).unwrap_or(source);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let at = (before.matches('\n').count() + 1, line.chars().count() + 1);
    Misspelt {
        at: Some(at),
        message: message.into(),
    }
}

/// What follows blanks and comments.
fn blank(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix("//") {
        let end = comment.find('\n').unwrap_or(comment.len());
        rest = comment.get(end..).unwrap_or_default().trim_start();
    }
    rest
}

/// The first token, and what follows it.
fn token(text: &str) -> Result<(Token, &str), String> {
    if let Some((constant, rest)) = literal::literal(text)? {
        return Ok((Token::Literal(constant), rest));
    }
    if let Some(quoted) = text.strip_prefix('`') {
        let (name, rest) = quoted.split_once('`').ok_or("a back quote is not closed")?;
        return Ok((Token::Quoted(name.to_owned()), rest));
    }
    if let Some(sign) = SIGNS.iter().find(|sign| text.starts_with(**sign)) {
        return Ok((
            Token::Sign(sign),
            text.get(sign.len()..).unwrap_or_default(),
        ));
    }
    let in_name = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let end = text.find(|c| !in_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or_default();
    let token = match name {
        "" => return Err("this character has no meaning here".to_owned()),
        "true" => Token::Literal(Constant::Bool(true)),
        "false" => Token::Literal(Constant::Bool(false)),
        "null" => Token::Literal(Constant::Null),
        name => Token::Name(name.to_owned()),
    };
    Ok((token, rest))
}
