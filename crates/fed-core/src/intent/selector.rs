//! Which labels match? Kubernetes' label selectors, checked as Kubernetes checks them.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::location::Pointer;
use crate::names;

/// A label selector: all of it must hold. The empty selector matches everything.
///
/// ```
/// use fed_core::LabelSelector;
/// use std::collections::BTreeMap;
///
/// let selector = LabelSelector::labels([("env", "prod")]);
/// let labels = BTreeMap::from([("env".to_owned(), "dev".to_owned())]);
/// let mismatch = selector.mismatch(&labels).unwrap();
/// assert_eq!(mismatch, r#"its label env is "dev", not "prod""#);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(
    description = "A label selector: all of it must hold. The empty selector matches everything."
)]
#[non_exhaustive]
pub struct LabelSelector {
    /// Labels that must have exactly these values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub match_labels: BTreeMap<String, String>,
    /// Further requirements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<LabelRequirement>,
}

/// One requirement on one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LabelRequirement {
    /// The label's key.
    pub key: String,
    /// How the label is compared with the values: `In`, `NotIn`, `Exists` or `DoesNotExist`.
    #[schemars(extend("enum" = ["In", "NotIn", "Exists", "DoesNotExist"]))]
    pub operator: String,
    /// The values for `In` and `NotIn`; none for the other operators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// Why a selector is not valid, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidSelector {
    /// Where in the selector.
    pub path: Pointer,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for InvalidSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidSelector {}

impl LabelRequirement {
    /// A requirement. Whether it is valid is told by [`LabelSelector::check`].
    pub fn new<V: Into<String>>(
        key: impl Into<String>,
        operator: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self {
            key: key.into(),
            operator: operator.into(),
            values: values.into_iter().map(Into::into).collect(),
        }
    }

    fn check(&self, at: &Pointer) -> Result<(), InvalidSelector> {
        let invalid = |path: Pointer, message: String| Err(InvalidSelector { path, message });
        match (self.operator.as_str(), self.values.is_empty()) {
            ("In" | "NotIn", false) | ("Exists" | "DoesNotExist", true) => {}
            ("In" | "NotIn", true) => {
                return invalid(
                    at.child("values"),
                    format!("{} needs values", self.operator),
                );
            }
            ("Exists" | "DoesNotExist", false) => {
                return invalid(
                    at.child("values"),
                    format!("{} takes no values", self.operator),
                );
            }
            (other, _) => {
                return invalid(
                    at.child("operator"),
                    format!("{other:?} is no operator: use In, NotIn, Exists or DoesNotExist"),
                );
            }
        }
        check_key(&self.key, &at.child("key"))?;
        self.values
            .iter()
            .enumerate()
            .try_for_each(|(i, value)| check_value(value, &at.child("values").child(i)))
    }

    fn mismatch(&self, labels: &BTreeMap<String, String>) -> Option<String> {
        let key = &self.key;
        match (self.operator.as_str(), labels.get(key)) {
            ("In" | "Exists", None) => Some(format!("it has no label {key}")),
            ("In", Some(value)) if !self.values.contains(value) => Some(format!(
                "its label {key} is {value:?}, not one of {}",
                list(&self.values)
            )),
            ("NotIn", Some(value)) if self.values.contains(value) => {
                Some(format!("its label {key} is {value:?}"))
            }
            ("DoesNotExist", Some(_)) => Some(format!("it has a label {key}")),
            _ => None,
        }
    }
}

impl LabelSelector {
    /// A selector of labels with exactly these values.
    pub fn labels<K: Into<String>, V: Into<String>>(
        labels: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        Self {
            match_labels: labels
                .into_iter()
                .map(|(k, v)| (k.into(), v.into()))
                .collect(),
            match_expressions: Vec::new(),
        }
    }

    /// The same selector with one more requirement.
    #[must_use]
    pub fn and(mut self, requirement: LabelRequirement) -> Self {
        self.match_expressions.push(requirement);
        self
    }

    /// Is this a selector that Kubernetes would take?
    pub fn check(&self) -> Result<(), InvalidSelector> {
        let labels = Pointer::root().child("matchLabels");
        for (key, value) in &self.match_labels {
            check_key(key, &labels.child(key))?;
            check_value(value, &labels.child(key))?;
        }
        let expressions = Pointer::root().child("matchExpressions");
        self.match_expressions
            .iter()
            .enumerate()
            .try_for_each(|(i, requirement)| requirement.check(&expressions.child(i)))
    }

    /// Do these labels match?
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.match_labels
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
            && self
                .match_expressions
                .iter()
                .all(|requirement| requirement.matches(labels))
    }

    /// Why these labels do not match: the first requirement that fails, as the end of a sentence.
    pub fn mismatch(&self, labels: &BTreeMap<String, String>) -> Option<String> {
        self.match_labels
            .iter()
            .find_map(|(key, wanted)| match labels.get(key) {
                None => Some(format!("it has no label {key}")),
                Some(value) if value != wanted => {
                    Some(format!("its label {key} is {value:?}, not {wanted:?}"))
                }
                Some(_) => None,
            })
            .or_else(|| {
                self.match_expressions
                    .iter()
                    .find_map(|r| r.mismatch(labels))
            })
    }
}

impl LabelRequirement {
    fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        let value = labels.get(&self.key);
        match self.operator.as_str() {
            "In" => value.is_some_and(|value| self.values.contains(value)),
            "NotIn" => value.is_none_or(|value| !self.values.contains(value)),
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => false,
        }
    }
}

fn check_key(key: &str, at: &Pointer) -> Result<(), InvalidSelector> {
    names::label_key(key).map_err(|message| InvalidSelector {
        path: at.clone(),
        message,
    })
}

fn check_value(value: &str, at: &Pointer) -> Result<(), InvalidSelector> {
    names::label_value(value).map_err(|message| InvalidSelector {
        path: at.clone(),
        message,
    })
}

fn list(values: &[String]) -> String {
    values
        .iter()
        .map(|value| format!("{value:?}"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    fn requirement(operator: &str, values: &[&str]) -> LabelSelector {
        LabelSelector::default().and(LabelRequirement::new("env", operator, values.to_vec()))
    }

    #[test]
    fn invalid_requirements_name_the_place() {
        let cases = [
            (
                requirement("Equals", &["x"]),
                "/matchExpressions/0/operator",
            ),
            (requirement("In", &[]), "/matchExpressions/0/values"),
            (requirement("Exists", &["x"]), "/matchExpressions/0/values"),
            (
                requirement("In", &["ok", "not ok"]),
                "/matchExpressions/0/values/1",
            ),
            (LabelSelector::labels([("a b", "x")]), "/matchLabels/a b"),
            (
                LabelSelector::labels([("example.com/a", "-x")]),
                "/matchLabels/example.com~1a",
            ),
        ];
        for (selector, path) in cases {
            assert_eq!(selector.check().unwrap_err().path.as_str(), path);
        }
        assert_eq!(LabelSelector::default().check(), Ok(()));
    }

    proptest! {
        #[test]
        fn a_mismatch_is_told_exactly_when_there_is_one(
            operator in prop_oneof!["In", "NotIn", "Exists", "DoesNotExist"],
            values in proptest::collection::vec("[ab]", 1..3),
            env in proptest::option::of("[ab]"),
            wanted in proptest::option::of("[ab]"),
        ) {
            let values = if operator.ends_with("In") { values } else { Vec::new() };
            let mut selector = LabelSelector::default()
                .and(LabelRequirement::new("env", operator, values));
            selector.match_labels.extend(wanted.map(|value| ("env".to_owned(), value)));
            prop_assert_eq!(selector.check(), Ok(()));
            let labels = env.iter().map(|env| ("env".to_owned(), env.clone())).collect();
            prop_assert_eq!(selector.matches(&labels), selector.mismatch(&labels).is_none());
        }
    }

    #[test]
    fn a_missing_label_is_not_in_any_list() {
        assert!(requirement("NotIn", &["prod"]).matches(&labels(&[])));
        assert!(!requirement("NotIn", &["prod"]).matches(&labels(&[("env", "prod")])));
        assert!(!requirement("In", &["prod"]).matches(&labels(&[])));
    }
}
