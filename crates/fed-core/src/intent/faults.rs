//! What is wrong with a placement or a division in itself, whatever the clusters?

use std::collections::BTreeSet;

use super::division::{Division, DivisionMethod, ShareRule};
use super::placement::{Placement, Spread, SpreadBy};
use super::selector::LabelSelector;
use crate::fleet::Toleration;
use crate::location::Pointer;
use crate::names;
use crate::problem::Code;

/// A fault, at a place below the placement or division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) path: Pointer,
    pub(crate) code: Code,
    pub(crate) message: String,
}

impl Fault {
    fn new(path: Pointer, message: impl Into<String>) -> Self {
        Self {
            path,
            code: Code::InvalidValue,
            message: message.into(),
        }
    }
}

impl Placement {
    /// What is wrong with it, beside its own selector. With any fault it chooses nothing: what was
    /// meant cannot be known.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (i, group) in self.affinities.iter().enumerate() {
            let at = Pointer::root().child("affinities").child(i);
            faults.extend(of_selector(group.cluster_selector.as_ref(), &at));
        }
        for (i, preferred) in self.preferred.iter().enumerate() {
            let at = Pointer::root().child("preferred").child(i);
            faults.extend(of_selector(preferred.cluster_selector.as_ref(), &at));
        }
        for (i, toleration) in self.tolerations.iter().enumerate() {
            let at = Pointer::root().child("tolerations").child(i);
            faults.extend(of_toleration(toleration, &at));
        }
        for (i, spread) in self.spread.iter().enumerate() {
            let at = Pointer::root().child("spread").child(i);
            faults.extend(of_spread(spread, &at));
        }
        if self.limit == Some(0) {
            let message = "limit must be at least 1; for no cluster at all write `clusters: []`";
            faults.push(Fault::new(Pointer::root().child("limit"), message));
        }
        faults
    }
}

fn of_selector(selector: Option<&LabelSelector>, at: &Pointer) -> Option<Fault> {
    let fault = selector?.check().err()?;
    Some(Fault {
        path: at.child("clusterSelector").join(fault.path.as_str()),
        code: Code::InvalidSelector,
        message: fault.message,
    })
}

fn of_toleration(toleration: &Toleration, at: &Pointer) -> Option<Fault> {
    match (toleration.operator.as_str(), toleration.key.as_str()) {
        ("" | "Equal", "") => Some(Fault::new(
            at.clone(),
            "a toleration without a key needs `operator: Exists`",
        )),
        ("Exists", _) if !toleration.value.is_empty() => Some(Fault::new(
            at.child("value"),
            "with `operator: Exists` a toleration has no value",
        )),
        ("" | "Equal" | "Exists", _) => None,
        (other, _) => Some(Fault::new(
            at.child("operator"),
            format!("{other:?} is no operator: use Equal or Exists"),
        )),
    }
}

fn of_spread(spread: &Spread, at: &Pointer) -> Option<Fault> {
    match (spread.by, &spread.label) {
        (SpreadBy::Label, None) => {
            return Some(Fault::new(at.clone(), "spread by Label needs a label"));
        }
        (SpreadBy::Label, Some(key)) => {
            if let Err(message) = names::label_key(key) {
                return Some(Fault::new(at.child("label"), message));
            }
        }
        (by, Some(_)) => {
            let message = format!("a label has no effect beside by: {}", by.as_str());
            return Some(Fault::new(at.child("label"), message));
        }
        (_, None) => {}
    }
    match (spread.min.unwrap_or(1), spread.max) {
        (_, Some(0)) => Some(Fault::new(at.child("max"), "max must be at least 1")),
        (min, Some(max)) if min > max => Some(Fault::new(
            at.child("min"),
            format!("min is {min} and max is {max}: no number is both"),
        )),
        _ => None,
    }
}

impl Division {
    /// What is wrong with it. A fault of a rule takes its effect away, and nothing else.
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.replicas.is_some_and(i64::is_negative) {
            let at = Pointer::root().child("replicas");
            faults.push(Fault::new(at, "replicas cannot be negative; 0 is taken"));
        }
        for (i, rule) in self.weights.iter().enumerate() {
            let at = Pointer::root().child("weights").child(i);
            faults.extend(of_selector(rule.cluster_selector.as_ref(), &at));
            faults.extend(of_rule(rule, &at));
        }
        faults.extend(self.repeated());
        faults
    }
}

impl Division {
    /// The fields that have no effect with its method.
    pub(crate) fn ineffective(&self, placement: &Placement) -> Vec<Fault> {
        let ignored = |path: Pointer, field: &str| Fault {
            path,
            code: Code::FieldIgnored,
            message: format!(
                "{field} has no effect with the method {}",
                self.method.as_str()
            ),
        };
        let mut faults = Vec::new();
        let by_weight = matches!(
            self.method,
            DivisionMethod::Fair | DivisionMethod::KubeFed | DivisionMethod::KarmadaWeights
        );
        let bounded = matches!(self.method, DivisionMethod::Fair | DivisionMethod::KubeFed);
        if self.steady && !bounded {
            faults.push(ignored(Pointer::root().child("steady"), "steady"));
        }
        let weights = Pointer::root().child("weights");
        if !by_weight && !self.weights.is_empty() {
            faults.push(ignored(weights, "weights"));
        } else if !bounded {
            for (i, rule) in self.weights.iter().enumerate() {
                let bounds = [("min", rule.min), ("max", rule.max)];
                let set = bounds.into_iter().filter(|(_, bound)| bound.is_some());
                let at = weights.child(i);
                faults.extend(set.map(|(field, _)| ignored(at.child(field), field)));
            }
        }
        if self.method == DivisionMethod::KarmadaWeights && !placement.spread.is_empty() {
            let path = Pointer::root().child("method");
            faults.push(ignored(path, "spread of the placement"));
        }
        faults
    }

    /// Rules that never count, as others are about the same clusters.
    fn repeated(&self) -> Vec<Fault> {
        let mut seen = BTreeSet::new();
        let mut faults = Vec::new();
        for (i, rule) in self.weights.iter().enumerate() {
            let at = Pointer::root().child("weights").child(i);
            if rule
                .cluster
                .as_ref()
                .is_some_and(|name| name.as_str().is_empty())
            {
                faults.push(Fault::new(at.child("cluster"), "cluster must not be empty"));
            } else if rule.cluster_selector.is_none() && !seen.insert(rule.cluster.as_ref()) {
                let about = match &rule.cluster {
                    Some(name) => format!("cluster {name}"),
                    None => "all other clusters".to_owned(),
                };
                let message =
                    format!("a rule before this one is about {about}: this one never counts");
                faults.push(Fault::new(at, message));
            }
        }
        faults
    }
}

fn of_rule(rule: &ShareRule, at: &Pointer) -> Option<Fault> {
    if rule.cluster.is_some() && rule.cluster_selector.is_some() {
        let message = "a rule is about one cluster or about a selector: the selector has no effect";
        return Some(Fault::new(at.child("clusterSelector"), message));
    }
    let numbers = [
        ("weight", Some(rule.weight)),
        ("min", rule.min),
        ("max", rule.max),
    ];
    let negative = numbers
        .into_iter()
        .find(|(_, number)| number.is_some_and(i64::is_negative));
    negative.map(|(field, _)| {
        let message = format!("{field} cannot be negative; 0 is taken");
        Fault::new(at.child(field), message)
    })
}
