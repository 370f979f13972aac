//! What do the checks say of an object, and where does that differ from a server's answer?

use std::fmt;

use fed_schema::{Fault, Schemas, Violation};
use serde_json::Value;

use crate::answers::{Answer, Verdict};

/// What the checks say of an object.
pub(crate) struct Opinion {
    violations: Vec<Violation>,
}

/// How an opinion differs from an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// An object is called invalid that the server takes.
    TooStrict,
    /// An object is not called invalid whose shape the server refuses.
    TooLax,
    /// An object is not called invalid that the server refuses for anything else.
    MissedRule,
    /// Fields are called unknown that the server knows, or the other way round.
    Unknown(Vec<String>),
}

impl Opinion {
    pub(crate) fn of(schemas: &Schemas, object: &Value) -> Self {
        let violations = schemas.check(object).unwrap();
        Self { violations }
    }

    pub(crate) fn difference(&self, answer: &Answer) -> Option<Difference> {
        let is_grave = self.violations.iter().any(Violation::is_grave);
        let unknown = self.unknown();
        match answer.verdict() {
            Verdict::Taken if is_grave => Some(Difference::TooStrict),
            Verdict::Misshapen if !is_grave => Some(Difference::TooLax),
            Verdict::AgainstRules if !is_grave => Some(Difference::MissedRule),
            _ if answer.is_decoded() && unknown != answer.unknown() => {
                Some(Difference::Unknown(unknown))
            }
            _ => None,
        }
    }

    /// The unknown fields as the server would write them.
    fn unknown(&self) -> Vec<String> {
        let unknown = |violation: &&Violation| matches!(violation.fault, Fault::Unknown { .. });
        let found = self.violations.iter().filter(unknown);
        let mut fields: Vec<_> = found.map(|violation| dotted(&violation.path)).collect();
        fields.sort_unstable();
        fields
    }
}

impl Difference {
    pub(crate) fn is_missed_rule(&self) -> bool {
        *self == Self::MissedRule
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

impl fmt::Display for Opinion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "checks: {:?}", self.violations)
    }
}

/// A JSON Pointer in the manner of a server: `spec.containers[0].image`.
fn dotted(pointer: &str) -> String {
    let segments = pointer.split('/').skip(1);
    let dotted: String = segments
        .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
        .map(|segment| match segment.parse::<usize>() {
            Ok(index) => format!("[{index}]"),
            Err(_) => format!(".{segment}"),
        })
        .collect();
    dotted.trim_start_matches('.').to_owned()
}
