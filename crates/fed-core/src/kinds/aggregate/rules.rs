//! How does one part of many statuses add up?

use serde_json::{Map, Value};

use super::super::manners::Manners;
use super::super::paths::{items, says_nothing, text};
use super::{Adds, ClusterStatus, conditions, load_balancer};

impl Adds {
    /// Adds this part of what the clusters tell to the whole.
    pub(super) fn add(
        &self,
        template: &Value,
        members: &[ClusterStatus<'_>],
        manners: Manners,
        whole: &mut Map<String, Value>,
    ) {
        let (field, value) = match self {
            Self::Sum(field) => (field.as_ref(), sum(members, field)),
            Self::Earliest(field) => {
                let all = all_times(members, field);
                (*field, first(all.unwrap_or_default()))
            }
            Self::Latest(field) => (*field, last(times(members, field))),
            Self::LatestOfAll(field) => {
                let all = all_times(members, field);
                (*field, last(all.unwrap_or_default()))
            }
            Self::Last(field) => {
                let told = told(members, field).filter(|value| !says_nothing(value));
                (*field, told.last().cloned())
            }
            Self::Concat(field) => {
                let all = told(members, field).filter_map(Value::as_array).flatten();
                (*field, listed(all.cloned().collect()))
            }
            Self::Fields(field, kept) => {
                let all = told(members, field).filter_map(Value::as_array).flatten();
                (*field, listed(all.map(|item| only(item, kept)).collect()))
            }
            Self::ByCluster(field) => (*field, by_cluster(members, field)),
            Self::Addresses => ("loadBalancer", Some(addresses(members))),
            Self::Phase(order, silent) => ("phase", phase(members, order, silent)),
            Self::Conditions => ("conditions", conditions::merged(members, manners)),
            Self::Generation => ("observedGeneration", generation(template, members)),
        };
        if let Some(value) = value {
            whole.insert(field.to_owned(), value);
        }
    }
}

fn generation(template: &Value, members: &[ClusterStatus<'_>]) -> Option<Value> {
    let path = if members.iter().all(|member| member.is_current) {
        "/metadata/generation"
    } else {
        "/status/observedGeneration"
    };
    let generation = template.pointer(path);
    generation.filter(|it| it.is_i64()).cloned()
}

fn told<'a>(members: &[ClusterStatus<'a>], field: &str) -> impl Iterator<Item = &'a Value> {
    let statuses = members.iter().filter_map(|member| member.status);
    statuses.filter_map(move |status| status.get(field))
}

fn sum(members: &[ClusterStatus<'_>], field: &str) -> Option<Value> {
    let numbers = told(members, field).filter_map(Value::as_i64);
    numbers.reduce(i64::saturating_add).map(Value::from)
}

/// The instant that a time says.
fn time(value: &Value) -> Option<jiff::Timestamp> {
    value.as_str()?.parse().ok()
}

fn times<'a>(members: &[ClusterStatus<'a>], field: &str) -> Vec<&'a Value> {
    let mut times: Vec<_> = told(members, field)
        .filter(|value| time(value).is_some())
        .collect();
    times.sort_by_key(|value| time(value));
    times
}

/// The times, if there are clusters and each tells one.
fn all_times<'a>(members: &[ClusterStatus<'a>], field: &str) -> Option<Vec<&'a Value>> {
    let times = times(members, field);
    (times.len() == members.len()).then_some(times)
}

fn first(values: Vec<&Value>) -> Option<Value> {
    values.into_iter().next().cloned()
}

fn last(values: Vec<&Value>) -> Option<Value> {
    values.into_iter().next_back().cloned()
}

fn listed(items: Vec<Value>) -> Option<Value> {
    (!items.is_empty()).then_some(Value::Array(items))
}

fn only(item: &Value, kept: &[&str]) -> Value {
    let fields = kept.iter().filter_map(|field| {
        let value = item.get(*field)?;
        Some(((*field).to_owned(), value.clone()))
    });
    Value::Object(fields.collect())
}

fn by_cluster(members: &[ClusterStatus<'_>], field: &str) -> Option<Value> {
    let mut all = Map::new();
    for member in members {
        let entries = member
            .status
            .and_then(|status| status.get(field)?.as_object());
        for (name, value) in entries.into_iter().flatten() {
            all.insert(format!("{}/{name}", member.cluster), value.clone());
        }
    }
    (!all.is_empty()).then_some(Value::Object(all))
}

fn addresses(members: &[ClusterStatus<'_>]) -> Value {
    let statuses = members.iter().filter_map(|member| member.status);
    let all = statuses.flat_map(|status| items(status, "/loadBalancer/ingress"));
    let all = load_balancer::united(all);
    let mut load_balancer = Map::new();
    if let Some(ingress) = listed(all) {
        load_balancer.insert("ingress".to_owned(), ingress);
    }
    Value::Object(load_balancer)
}

fn phase(members: &[ClusterStatus<'_>], order: &[&str], silent: &str) -> Option<Value> {
    let phases = members.iter().map(|member| {
        let told = member.status.map_or("", |status| text(status, "/phase"));
        if told.is_empty() { silent } else { told }
    });
    let rank = |phase: &&str| {
        let place = order.iter().position(|name| name == phase);
        place.unwrap_or(order.len())
    };
    phases.min_by_key(rank).map(Value::from)
}
