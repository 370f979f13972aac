//! Which labels must an object have? Selectors as people write them in queries:
//! `app=web,tier in (a,b),!old`.

use std::collections::BTreeSet;

use super::names::{label_key_faults, label_value_faults};
use crate::server::status::{FieldFault, Refusal, Sort, listed};
use crate::server::store::Stored;

/// What all of an object's labels must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels(Vec<Demand>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Demand {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Exists,
    DoesNotExist,
    In(BTreeSet<String>),
    NotIn(BTreeSet<String>),
    Above(i64),
    Below(i64),
}

impl Labels {
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let tokens = tokens(text);
        let mut parser = Parser { tokens, place: 0 };
        parser.demands().map(Self).map_err(Refusal::bad_request)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn hold(&self, object: &Stored) -> bool {
        self.0.iter().all(|demand| demand.holds(object))
    }
}

impl Demand {
    fn holds(&self, object: &Stored) -> bool {
        let value = object.label(&self.key);
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match &self.test {
            Test::Exists => value.is_some(),
            Test::DoesNotExist => value.is_none(),
            Test::In(values) => value.is_some_and(|value| values.contains(value)),
            Test::NotIn(values) => value.is_none_or(|value| !values.contains(value)),
            Test::Above(bound) => number().is_some_and(|number| number > *bound),
            Test::Below(bound) => number().is_some_and(|number| number < *bound),
        }
    }
}

/// The words and signs of a selector, and at last the empty text for its end.
fn tokens(text: &str) -> Vec<&str> {
    let is_sign = |letter: char| "=!(),><".contains(letter);
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let ends = |letter: char| is_sign(letter) || letter.is_whitespace();
        let length = match rest.get(..2) {
            Some("==" | "!=") => 2,
            _ if is_sign(first) => first.len_utf8(),
            _ => rest.find(ends).unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at(length);
        tokens.push(token);
        rest = behind.trim_start();
    }
    tokens.push("");
    tokens
}

fn is_word(token: &str) -> bool {
    !matches!(
        token,
        "" | "=" | "==" | "!=" | "!" | "(" | ")" | "," | ">" | "<"
    )
}

struct Parser<'t> {
    tokens: Vec<&'t str>,
    place: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &'t str {
        self.tokens.get(self.place).copied().unwrap_or_default()
    }

    fn next(&mut self) -> &'t str {
        let token = self.peek();
        self.place += 1;
        token
    }

    fn demands(&mut self) -> Result<Vec<Demand>, String> {
        let mut demands = Vec::new();
        loop {
            match self.peek() {
                "" => return Ok(demands),
                token if is_word(token) || token == "!" => {
                    let demand = self.demand();
                    let wrong = |why| format!("unable to parse requirement: {why}");
                    demands.push(demand.map_err(wrong)?);
                }
                token => {
                    return Err(format!(
                        "found '{token}', expected: !, identifier, or 'end of string'"
                    ));
                }
            }
            match self.next() {
                "" => return Ok(demands),
                "," => {}
                token => {
                    return Err(format!("found '{token}', expected: ',' or 'end of string'"));
                }
            }
            let after = self.peek();
            if !is_word(after) && after != "!" {
                return Err(format!("found '{after}', expected: identifier after ','"));
            }
        }
    }

    fn demand(&mut self) -> Result<Demand, String> {
        let is_absent = self.peek() == "!";
        if is_absent {
            self.next();
        }
        let key = self.word()?;
        check(
            label_key_faults(key)
                .map(|fault| ("<nil>".to_owned(), key, fault))
                .into_iter()
                .collect(),
        )?;
        let test = match (is_absent, self.peek()) {
            (true, _) => Test::DoesNotExist,
            (false, "" | ",") => Test::Exists,
            _ => self.test(key)?,
        };
        Ok(Demand {
            key: key.to_owned(),
            test,
        })
    }

    fn word(&mut self) -> Result<&'t str, String> {
        match self.next() {
            token if is_word(token) => Ok(token),
            token => Err(format!("found '{token}', expected: identifier")),
        }
    }

    fn test(&mut self, key: &str) -> Result<Test, String> {
        let operator = self.next();
        let values: BTreeSet<&str> = match operator {
            "in" | "notin" => self.values()?,
            "=" | "==" | "!=" | ">" | "<" => [self.value()?].into(),
            token => {
                return Err(format!(
                    "found '{token}', expected: in, notin, =, ==, !=, gt, lt"
                ));
            }
        };
        let bound = match (operator, values.first()) {
            (">" | "<", Some(value)) => value.parse::<i64>().map_err(|_| {
                let fault = FieldFault::new(
                    "values[0]",
                    Sort::Invalid,
                    "for 'Gt', 'Lt' operators, the value must be an integer",
                );
                fault.of((*value).into()).to_text()
            })?,
            _ => 0,
        };
        let faults = values.iter().enumerate().filter_map(|(place, value)| {
            let fault = label_value_faults(value)?;
            Some((format!("values[{place}][{key}]"), *value, fault))
        });
        check(faults.collect())?;
        let values = values.into_iter().map(str::to_owned).collect();
        Ok(match operator {
            ">" => Test::Above(bound),
            "<" => Test::Below(bound),
            "notin" | "!=" => Test::NotIn(values),
            _ => Test::In(values),
        })
    }

    /// One value; the end is the empty one.
    fn value(&mut self) -> Result<&'t str, String> {
        match self.peek() {
            "" | "," => Ok(""),
            _ => self.word(),
        }
    }

    fn values(&mut self) -> Result<BTreeSet<&'t str>, String> {
        match self.next() {
            "(" => {}
            token => return Err(format!("found '{token}' expected: '('")),
        }
        match self.peek() {
            ")" | "," => {}
            token if is_word(token) => {}
            token => {
                return Err(format!("found '{token}', expected: ',', ')' or identifier"));
            }
        }
        let mut values = BTreeSet::new();
        loop {
            // Nothing before a comma, or before the end, is the empty value.
            let value = if matches!(self.peek(), "," | ")") {
                ""
            } else {
                self.next()
            };
            values.insert(value);
            match self.next() {
                ")" => return Ok(values),
                "," if matches!(self.peek(), "," | ")") || is_word(self.peek()) => {}
                "," => {
                    let token = self.peek();
                    return Err(format!("found '{token}', expected: ',', or identifier"));
                }
                token => return Err(format!("found '{token}', expected: ',' or ')'")),
            }
        }
    }
}

/// Where, what and why, of each fault.
fn check(faults: Vec<(String, &str, String)>) -> Result<(), String> {
    if faults.is_empty() {
        return Ok(());
    }
    let texts = faults.into_iter().map(|(place, value, why)| {
        let fault = FieldFault::new(place, Sort::Invalid, why);
        fault.of(value.into()).to_text()
    });
    Err(listed(&texts.collect::<Vec<_>>()))
}
