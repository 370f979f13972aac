//! Which nodes may a pod run on? Kubernetes' required node affinity.

use std::collections::BTreeMap;

use serde_json::Value;

use super::field;
use crate::location::Location;
use crate::problem::{Code, Problem};

/// The only field of a node that terms can ask for.
pub(super) const NAME: &str = "metadata.name";

/// The nodes that a pod may run on: those that one of its terms matches.
///
/// ```
/// use fed_core::Location;
/// use fed_core::capacity::NodeAffinity;
/// use serde_json::json;
/// use std::collections::BTreeMap;
///
/// let selector = json!({"nodeSelectorTerms": [
///     {"matchExpressions": [{"key": "generation", "operator": "Gt", "values": ["6"]}]},
/// ]});
/// let affinity = NodeAffinity::of_selector(&selector, &Location::in_code())?;
/// let labels = |generation: &str| BTreeMap::from([("generation".to_owned(), generation.to_owned())]);
/// assert!(affinity.admits("a", &labels("10")));
/// assert!(!affinity.admits("b", &labels("6")));
/// # Ok::<(), fed_core::Problem>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeAffinity {
    terms: Vec<Term>,
}

/// Requirements that must all be met. A term without any matches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    labels: Vec<Requirement>,
    names: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    In(Vec<String>),
    NotIn(Vec<String>),
    Exists,
    DoesNotExist,
    Above(i64),
    Below(i64),
}

/// What is known of a label, or of the name of a node.
#[derive(Clone, Copy)]
pub(super) enum Known<'n> {
    /// It has this value, or is not there.
    Is(Option<&'n str>),
    /// It may have any value: nothing can be promised.
    Forgotten,
}

impl NodeAffinity {
    /// What `requiredDuringSchedulingIgnoredDuringExecution` of a pod's node affinity says.
    /// Problems name places below `at`.
    pub fn of_selector(selector: &Value, at: &Location) -> Result<Self, Problem> {
        let at = at.child("nodeSelectorTerms");
        let terms = list(field(selector, "nodeSelectorTerms"), &at, Term::of)?;
        Ok(Self { terms })
    }

    /// May the pod run on a node of this name and with these labels?
    pub fn admits(&self, name: &str, labels: &BTreeMap<String, String>) -> bool {
        self.admits_known(Known::Is(Some(name)), |key| {
            Known::Is(labels.get(key).map(String::as_str))
        })
    }

    /// What it asks for: labels by their keys, and [`NAME`] for the name.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        let requirements = self
            .terms
            .iter()
            .flat_map(|term| term.labels.iter().chain(&term.names));
        requirements.map(|one| one.key.as_str())
    }

    pub(super) fn admits_known<'n>(
        &self,
        name: Known<'n>,
        label: impl Fn(&str) -> Known<'n>,
    ) -> bool {
        self.terms.iter().any(|term| {
            let is_empty = term.labels.is_empty() && term.names.is_empty();
            !is_empty
                && term.names.iter().all(|wanted| wanted.test.holds(name))
                && term
                    .labels
                    .iter()
                    .all(|wanted| wanted.test.holds(label(&wanted.key)))
        })
    }
}

impl Term {
    fn of(term: &Value, at: &Location) -> Result<Self, Problem> {
        let labels = at.child("matchExpressions");
        let names = at.child("matchFields");
        Ok(Self {
            labels: list(field(term, "matchExpressions"), &labels, Requirement::of)?,
            names: list(field(term, "matchFields"), &names, Requirement::of_name)?,
        })
    }
}

impl Requirement {
    fn of(requirement: &Value, at: &Location) -> Result<Self, Problem> {
        let key = text(field(requirement, "key"), &at.child("key"))?;
        let values = list(field(requirement, "values"), &at.child("values"), text)?;
        let test = Test::of(field(requirement, "operator"), values, at)?;
        Ok(Self { key, test })
    }

    /// Of the fields of a node, Kubernetes compares the name with one other name.
    fn of_name(requirement: &Value, at: &Location) -> Result<Self, Problem> {
        let read = Self::of(requirement, at)?;
        match &read.test {
            _ if read.key != NAME => invalid(
                at.child("key"),
                format!(
                    "{:?} is no field that can be asked for: only {NAME} is",
                    read.key
                ),
            ),
            Test::In(names) | Test::NotIn(names) if names.len() == 1 => Ok(read),
            _ => invalid(
                at.clone(),
                format!("{NAME} can only be compared by In or NotIn, with one value"),
            ),
        }
    }
}

impl Test {
    fn of(operator: &Value, values: Vec<String>, at: &Location) -> Result<Self, Problem> {
        let operator = text(operator, &at.child("operator"))?;
        match (operator.as_str(), values.as_slice()) {
            ("In", [_, ..]) => Ok(Self::In(values)),
            ("NotIn", [_, ..]) => Ok(Self::NotIn(values)),
            ("Exists", []) => Ok(Self::Exists),
            ("DoesNotExist", []) => Ok(Self::DoesNotExist),
            ("Gt", [bound]) => Ok(Self::Above(number(bound, at)?)),
            ("Lt", [bound]) => Ok(Self::Below(number(bound, at)?)),
            ("In" | "NotIn", _) => invalid(at.child("values"), format!("{operator} needs values")),
            ("Exists" | "DoesNotExist", _) => {
                invalid(at.child("values"), format!("{operator} takes no values"))
            }
            ("Gt" | "Lt", _) => invalid(
                at.child("values"),
                format!("{operator} takes exactly one value"),
            ),
            _ => invalid(
                at.child("operator"),
                format!(
                    "{operator:?} is no operator: use In, NotIn, Exists, DoesNotExist, Gt or Lt"
                ),
            ),
        }
    }

    fn holds(&self, value: Known<'_>) -> bool {
        let Known::Is(value) = value else {
            return false;
        };
        let listed = |values: &[String]| values.iter().any(|one| Some(one.as_str()) == value);
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match self {
            Self::In(values) => listed(values),
            Self::NotIn(values) => !listed(values),
            Self::Exists => value.is_some(),
            Self::DoesNotExist => value.is_none(),
            Self::Above(bound) => number().is_some_and(|number| number > *bound),
            Self::Below(bound) => number().is_some_and(|number| number < *bound),
        }
    }
}

fn number(value: &str, at: &Location) -> Result<i64, Problem> {
    value.parse().or_else(|_| {
        invalid(
            at.child("values").child(0),
            format!("{value:?} is no whole number, as Gt and Lt need one"),
        )
    })
}

/// The text of a value; nothing is the empty text.
fn text(value: &Value, at: &Location) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Null => Ok(String::new()),
        _ => invalid(at.clone(), "this has to be a text".to_owned()),
    }
}

/// The items of a list, each read; nothing is the empty list.
pub(super) fn list<T>(
    value: &Value,
    at: &Location,
    read: impl Fn(&Value, &Location) -> Result<T, Problem>,
) -> Result<Vec<T>, Problem> {
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| read(item, &at.child(index)))
            .collect(),
        Value::Null => Ok(Vec::new()),
        _ => invalid(at.clone(), "this has to be a list".to_owned()),
    }
}

fn invalid<T>(at: Location, message: String) -> Result<T, Problem> {
    Err(Problem::error(Code::InvalidValue, message).at(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn affinity(terms: &Value) -> Result<NodeAffinity, Problem> {
        let selector = json!({ "nodeSelectorTerms": terms });
        NodeAffinity::of_selector(&selector, &Location::in_code())
    }

    fn admits(requirement: &Value, zone: Option<&str>) -> bool {
        let labels = zone.map(|zone| ("zone".to_owned(), zone.to_owned()));
        let terms = json!([{ "matchExpressions": [requirement] }]);
        affinity(&terms)
            .unwrap()
            .admits("n", &labels.into_iter().collect())
    }

    #[test]
    fn operators_mean_what_they_mean_in_kubernetes() {
        let cases = [
            (
                json!({"operator": "In", "values": ["a", "b"]}),
                [true, false, false],
            ),
            (
                json!({"operator": "NotIn", "values": ["a", "b"]}),
                [false, true, true],
            ),
            (json!({"operator": "Exists"}), [true, true, false]),
            (
                json!({"operator": "DoesNotExist", "values": []}),
                [false, false, true],
            ),
            (
                json!({"operator": "Gt", "values": ["6"]}),
                [false, true, false],
            ),
            (
                json!({"operator": "Lt", "values": ["8"]}),
                [false, true, false],
            ),
            (
                json!({"operator": "Gt", "values": ["7"]}),
                [false, false, false],
            ),
        ];
        for (mut requirement, expected) in cases {
            requirement["key"] = json!("zone");
            let found = [Some("a"), Some("7"), None].map(|zone| admits(&requirement, zone));
            assert_eq!(found, expected, "{requirement}");
        }
    }

    #[test]
    fn one_term_is_enough_and_an_empty_one_is_none() {
        let a = json!({"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a"]}]});
        let named = json!({"matchFields": [{"key": NAME, "operator": "In", "values": ["n"]}]});
        let nothing = BTreeMap::new();
        assert!(affinity(&json!([a, named])).unwrap().admits("n", &nothing));
        assert!(!affinity(&json!([a, named])).unwrap().admits("m", &nothing));
        for empty in [json!([]), json!([{}]), json!(null)] {
            assert!(!affinity(&empty).unwrap().admits("n", &nothing));
        }
    }

    #[test]
    fn what_is_forgotten_promises_nothing() {
        for operator in ["In", "NotIn"] {
            let terms = json!([{"matchExpressions": [
                {"key": "zone", "operator": operator, "values": ["a"]},
            ]}]);
            let affinity = affinity(&terms).unwrap();
            assert!(!affinity.admits_known(Known::Is(Some("n")), |_| Known::Forgotten));
        }
    }

    #[test]
    fn what_kubernetes_refuses_is_told_with_its_place() {
        let expression = |requirement| json!([{ "matchExpressions": [requirement] }]);
        let name = |requirement| json!([{ "matchFields": [requirement] }]);
        let at = "/nodeSelectorTerms/0";
        for (terms, path) in [
            (json!({}), "/nodeSelectorTerms".to_owned()),
            (
                expression(json!({"key": "a", "operator": "Equals"})),
                format!("{at}/matchExpressions/0/operator"),
            ),
            (
                expression(json!({"key": "a", "operator": "In"})),
                format!("{at}/matchExpressions/0/values"),
            ),
            (
                expression(json!({"key": "a", "operator": "Exists", "values": ["b"]})),
                format!("{at}/matchExpressions/0/values"),
            ),
            (
                expression(json!({"key": "a", "operator": "Gt", "values": ["1", "2"]})),
                format!("{at}/matchExpressions/0/values"),
            ),
            (
                expression(json!({"key": "a", "operator": "Lt", "values": ["many"]})),
                format!("{at}/matchExpressions/0/values/0"),
            ),
            (
                expression(json!({"key": 1, "operator": "Exists"})),
                format!("{at}/matchExpressions/0/key"),
            ),
            (
                name(json!({"key": "metadata.uid", "operator": "In", "values": ["b"]})),
                format!("{at}/matchFields/0/key"),
            ),
            (
                name(json!({"key": NAME, "operator": "In", "values": ["a", "b"]})),
                format!("{at}/matchFields/0"),
            ),
        ] {
            let problem = affinity(&terms).unwrap_err();
            assert_eq!(problem.at.unwrap().path.as_str(), path, "{terms}");
        }
    }
}
