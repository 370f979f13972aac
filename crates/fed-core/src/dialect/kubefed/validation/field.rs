//! How is a fault of a field told? In the words of the Kubernetes API, with a place in the document.

use std::fmt::Display;

use crate::location::Location;
use crate::problem::{Code, Problem};

/// A field to check: where it stands, and what messages call it.
#[derive(Clone, Debug)]
pub(super) struct Field {
    at: Location,
    name: String,
}

impl Field {
    /// The field of this name of the document at `at`.
    pub(super) fn of(at: &Location, name: &str) -> Self {
        Self {
            at: at.child(name),
            name: name.to_owned(),
        }
    }

    /// The field of this name in the value of this one.
    pub(super) fn child(&self, name: &str) -> Self {
        Self {
            at: self.at.child(name),
            name: format!("{}.{name}", self.name),
        }
    }

    /// The element of this list.
    pub(super) fn element(&self, index: usize) -> Self {
        Self {
            at: self.at.child(index),
            name: format!("{}[{index}]", self.name),
        }
    }

    /// The element of this list, for a list whose elements KubeFed does not number in messages.
    pub(super) fn unnumbered_element(&self, index: usize) -> Self {
        Self {
            at: self.at.child(index),
            name: self.name.clone(),
        }
    }

    /// It is not there. The problem stands where the field should be.
    pub(super) fn missing(&self, advice: &str) -> Problem {
        let at = Location {
            document: self.at.document,
            path: self.at.path.parent().unwrap_or_default(),
        };
        self.required(advice).at(at)
    }

    /// It is there, and empty.
    pub(super) fn empty(&self, advice: &str) -> Problem {
        self.required(advice).at(self.at.clone())
    }

    fn required(&self, advice: &str) -> Problem {
        let message = format!("{}: Required value: {advice}", self.name);
        Problem::error(Code::MissingField, message)
    }

    /// This text is not right, and why.
    pub(super) fn invalid(&self, text: &str, why: impl Display) -> Problem {
        self.wrong(&format!("Invalid value: {text:?}: {why}"))
    }

    /// This number is not right, and why.
    pub(super) fn invalid_number(&self, number: impl Display, why: impl Display) -> Problem {
        self.wrong(&format!("Invalid value: {number}: {why}"))
    }

    /// What stands there is not right, and why; it is not worth repeating.
    pub(super) fn malformed(&self, why: impl Display) -> Problem {
        self.wrong(&format!("Invalid value: {why}"))
    }

    /// This text is none of those that there are.
    pub(super) fn unsupported(&self, text: &str, supported: &[&str]) -> Problem {
        let supported: Vec<_> = supported.iter().map(|one| format!("{one:?}")).collect();
        let supported = supported.join(", ");
        self.wrong(&format!(
            "Unsupported value: {text:?}: supported values: {supported}"
        ))
    }

    /// This text stands there for the second time.
    pub(super) fn duplicate(&self, text: &str) -> Problem {
        self.wrong(&format!("Duplicate value: {text:?}: remove one of them"))
    }

    fn wrong(&self, fault: &str) -> Problem {
        let message = format!("{}: {fault}", self.name);
        Problem::error(Code::InvalidValue, message).at(self.at.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_the_field_and_stands_at_it() {
        let list = Field::of(&Location::in_code(), "spec").child("gates");
        let told = |problem: Problem| (problem.at.unwrap().path.to_string(), problem.message);
        assert_eq!(
            told(list.element(1).child("a/b").invalid("x", "no")),
            (
                "/spec/gates/1/a~1b".to_owned(),
                "spec.gates[1].a/b: Invalid value: \"x\": no".to_owned()
            )
        );
        assert_eq!(
            told(list.unnumbered_element(1).unsupported("x", &["y", "z"])),
            (
                "/spec/gates/1".to_owned(),
                "spec.gates: Unsupported value: \"x\": supported values: \"y\", \"z\"".to_owned()
            )
        );
    }

    #[test]
    fn what_is_missing_is_told_where_it_should_be_and_what_is_empty_where_it_is() {
        let name = Field::of(&Location::in_code(), "spec").child("name");
        let missing = name.missing("write one");
        let empty = name.empty("write one");
        assert_eq!(missing.message, "spec.name: Required value: write one");
        assert_eq!(missing.message, empty.message);
        assert_eq!(missing.at.unwrap().path.as_str(), "/spec");
        assert_eq!(empty.at.unwrap().path.as_str(), "/spec/name");
    }
}
