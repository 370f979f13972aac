//! How much room does a quota leave? Karmada's estimator of resource quotas.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Component, requests};
use crate::capacity::field;
use crate::capacity::resources::Resources;
use crate::location::Location;
use crate::problem::Problem;

/// What a ResourceQuota leaves, and of which pods.
///
/// Karmada looks at the requests of `cpu`, `memory` and extended resources, and at the scope
/// `PriorityClass` alone: every other scope is taken to hold for no pod. One scope that holds is
/// enough, where Kubernetes wants all; without scopes the quota is for all pods.
///
/// ```
/// use fed_core::capacity::karmada::{Component, Quota};
/// use fed_core::capacity::{Demand, Resources};
/// use serde_json::json;
///
/// let quota = Quota::of_object(&json!({
///     "status": {"hard": {"requests.cpu": "1"}, "used": {"requests.cpu": "200m"}},
/// }))?;
/// let pod = Component::new(1, Demand::new(Resources::new(200, 1 << 30)));
/// assert_eq!(quota.sets(&[pod], &[]), Some(4));
/// # Ok::<(), fed_core::Problem>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quota {
    /// What it leaves of each resource that it limits: thousandths of `cpu`, and else whole ones.
    pub free: BTreeMap<String, i64>,
    scopes: Vec<Scope>,
}

/// For which priority classes a quota is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Scope {
    In(Vec<String>),
    NotIn(Vec<String>),
    Any,
    None,
    /// A scope that Karmada does not look at.
    Other,
}

impl Quota {
    /// What a ResourceQuota leaves, by its status: of what is hard, what is not used. What has not
    /// been counted yet is no limit.
    pub fn of_object(quota: &Value) -> Result<Self, Problem> {
        let at = Location::in_code().child("status");
        let status = field(quota, "status");
        let mut free: BTreeMap<String, i64> = BTreeMap::new();
        for prefix in ["", "requests."] {
            let [hard, used] = ["hard", "used"].map(|name| (requested(status, name, prefix), name));
            let names: Vec<&str> = (hard.0.keys().map(String::as_str))
                .filter(|name| used.0.contains_key(*name))
                .collect();
            let amounts = |(list, name): &(Map<String, Value>, &str)| {
                Resources::of_list(&Value::Object(list.clone()), &at.child(name))
            };
            let left = amounts(&hard)?.without(&amounts(&used)?);
            for name in names {
                let least = free.entry(name.to_owned()).or_insert(i64::MAX);
                *least = left.amount(name).min(*least);
            }
        }
        let scopes = scopes(field(quota, "spec"));
        Ok(Self { free, scopes })
    }

    /// How many sets of these components it leaves room for; `None` if it does not limit them.
    /// What is `assumed` is in the same namespace, and takes its part first.
    pub fn sets(&self, components: &[Component], assumed: &[Vec<Component>]) -> Option<i64> {
        let one = requests(self.concerned(components));
        let taken = requests(self.concerned(assumed.iter().flatten()));
        let sets = self.free.iter().filter_map(|(name, free)| {
            let wanted = one.amount(name);
            let left = free.saturating_sub(taken.amount(name)).max(0);
            (wanted > 0).then(|| left / wanted)
        });
        sets.min()
    }

    /// The components that the quota is for.
    fn concerned<'c>(
        &self,
        components: impl IntoIterator<Item = &'c Component>,
    ) -> impl Iterator<Item = &'c Component> {
        components.into_iter().filter(|component| {
            let class = component.priority_class.as_str();
            self.scopes.is_empty() || self.scopes.iter().any(|scope| scope.holds(class))
        })
    }
}

impl Scope {
    fn holds(&self, class: &str) -> bool {
        let listed = |classes: &[String]| classes.iter().any(|one| one == class);
        match self {
            Self::In(classes) => !class.is_empty() && listed(classes),
            Self::NotIn(classes) => class.is_empty() || !listed(classes),
            Self::Any => !class.is_empty(),
            Self::None => class.is_empty(),
            Self::Other => false,
        }
    }

    fn of(requirement: &Value) -> Self {
        if field(requirement, "scopeName") != "PriorityClass" {
            return Self::Other;
        }
        let values = field(requirement, "values")
            .as_array()
            .into_iter()
            .flatten();
        let values: Vec<String> = values
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect();
        match (field(requirement, "operator").as_str(), values.is_empty()) {
            (Some("In"), false) => Self::In(values),
            (Some("NotIn"), false) => Self::NotIn(values),
            (Some("Exists"), true) => Self::Any,
            (Some("DoesNotExist"), true) => Self::None,
            _ => Self::Other,
        }
    }
}

/// What is said of the resources that Karmada looks at, where their names begin so.
fn requested(status: &Value, list: &str, prefix: &str) -> Map<String, Value> {
    let amounts = field(status, list).as_object().into_iter().flatten();
    let requested = amounts.filter_map(|(name, amount)| {
        let name = name.strip_prefix(prefix)?;
        is_limited(name).then(|| (name.to_owned(), amount.clone()))
    });
    requested.collect()
}

fn is_limited(name: &str) -> bool {
    let is_prefixed = name.starts_with("requests.") || name.starts_with("limits.");
    let is_extended = name.contains('/') && !name.contains("kubernetes.io/") && !is_prefixed;
    matches!(name, "cpu" | "memory") || is_extended
}

fn scopes(spec: &Value) -> Vec<Scope> {
    let named = field(spec, "scopes").as_array().into_iter().flatten();
    let named = named.map(|name| match name.as_str() {
        Some("PriorityClass") => Scope::Any,
        _ => Scope::Other,
    });
    let selector = field(field(spec, "scopeSelector"), "matchExpressions").as_array();
    let selected = selector.into_iter().flatten().map(Scope::of);
    named.chain(selected).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::Demand;
    use serde_json::json;

    fn quota(scopes: &Value) -> Quota {
        let expressions = json!({ "matchExpressions": scopes });
        Quota::of_object(&json!({
            "spec": {"scopeSelector": expressions},
            "status": {
                "hard": {"cpu": "1", "requests.cpu": "2", "limits.cpu": "1m", "pods": "1",
                    "requests.example.com/gpu": "3", "example.com/new": "1"},
                "used": {"cpu": "400m", "requests.cpu": "500m", "limits.cpu": "1m", "pods": "1",
                    "requests.example.com/gpu": "1"},
            },
        }))
        .unwrap()
    }

    fn pod(class: &str) -> Component {
        Component::new(1, Demand::new(Resources::new(100, 1))).of_priority(class)
    }

    #[test]
    fn requests_are_limited_under_both_of_their_names() {
        let quota = quota(&json!([]));
        let expected = [("cpu", 600), ("example.com/gpu", 2)];
        let expected = expected.map(|(name, amount)| (name.to_owned(), amount));
        assert_eq!(quota.free, BTreeMap::from(expected));
        assert_eq!(quota.sets(&[pod("")], &[]), Some(6));
        assert_eq!(quota.sets(&[pod("")], &[vec![pod("a"), pod("b")]]), Some(4));
        assert_eq!(quota.sets(&[pod("")], &[vec![pod("a"); 9]]), Some(0));
        let idle = Component::new(1, Demand::new(Resources::new(0, 5)));
        assert_eq!(quota.sets(&[idle], &[]), None);
    }

    #[test]
    fn a_quota_is_for_the_pods_of_its_scopes() {
        let of = |operator, values| json!({"scopeName": "PriorityClass", "operator": operator, "values": values});
        let none: [&str; 0] = [];
        for (scopes, concerned) in [
            (json!([of("In", json!(["high"]))]), [true, false, false]),
            (json!([of("NotIn", json!(["high"]))]), [false, true, true]),
            (json!([of("Exists", json!(none))]), [true, true, false]),
            (
                json!([of("DoesNotExist", json!(none))]),
                [false, false, true],
            ),
            (json!([of("In", json!(none))]), [false; 3]),
            (
                json!([{"scopeName": "NotTerminating", "operator": "Exists"}]),
                [false; 3],
            ),
            (
                json!([{"scopeName": "BestEffort"}, of("In", json!(["high"]))]),
                [true, false, false],
            ),
        ] {
            let quota = quota(&scopes);
            let found = ["high", "low", ""].map(|class| quota.sets(&[pod(class)], &[]).is_some());
            assert_eq!(found, concerned, "{scopes}");
        }
    }
}
