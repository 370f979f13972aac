//! Does a text match a regular expression?

use regex::{Regex, RegexBuilder};

use super::Failure;
use super::budget::Budget;
use super::node::{Constant, Node};

/// How many bytes a pattern may take once it was read.
const LARGEST: usize = 1 << 18;

/// How many steps it is worth to read a pattern, beside those for each of its bytes.
const READING: usize = 10_000;
const READING_BYTE: usize = 1_000;

/// How many steps it is worth to search a byte.
const SEARCHING_BYTE: usize = 16;

/// A regular expression.
#[derive(Debug)]
pub(super) enum Pattern {
    /// One that stands in the text, and was read with it.
    Read(Regex),
    /// One that has to be made first.
    Made(Node),
}

impl Pattern {
    pub(super) fn new(node: Node) -> Result<Self, String> {
        match &node {
            Node::Constant(Constant::Text(pattern)) => read(pattern).map(Self::Read),
            _ => Ok(Self::Made(node)),
        }
    }
}

/// Reads a pattern that stands in no text.
pub(super) fn made(pattern: &str, budget: &Budget) -> Result<Regex, Failure> {
    budget.parts(READING)?;
    budget.parts(pattern.len().saturating_mul(READING_BYTE))?;
    read(pattern).map_err(Failure::new)
}

/// Does the text match? It is searched once, however the pattern is made.
pub(super) fn matches(pattern: &Regex, text: &str, budget: &Budget) -> Result<bool, Failure> {
    budget.parts(text.len().saturating_mul(SEARCHING_BYTE))?;
    Ok(pattern.is_match(text))
}

fn read(pattern: &str) -> Result<Regex, String> {
    let mut builder = RegexBuilder::new(pattern);
    let built = builder.size_limit(LARGEST).dfa_size_limit(LARGEST).build();
    built.map_err(|fault| match fault {
        regex::Error::CompiledTooBig(_) => "this pattern is too large".to_owned(),
        _ => "this is no pattern of a regular expression".to_owned(),
    })
}
