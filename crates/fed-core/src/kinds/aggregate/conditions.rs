//! What holds of the whole, by the conditions of its clusters?

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::health::Condition;
use super::super::manners::Manners;
use super::super::paths::{items, text};
use super::ClusterStatus;
use crate::words::few;

/// Conditions that tell of something bad: they hold of the whole where they hold of one cluster.
/// All others hold of the whole where they hold of every cluster.
const BAD: &[&str] = &[
    "Degraded",
    "Failed",
    "FailureTarget",
    "Reconciling",
    "ReplicaFailure",
    "Stalled",
    "Terminating",
];

/// The conditions of all clusters as those of one object. When they changed is not told: nobody
/// here knows the time.
pub(super) fn merged(members: &[ClusterStatus<'_>], manners: Manners) -> Option<Value> {
    let merged = match manners {
        Manners::Karmada => by_reason(members),
        Manners::Native | Manners::KubeFed => by_type(members),
    };
    (!merged.is_empty()).then_some(Value::Array(merged))
}

fn conditions<'a>(members: &[ClusterStatus<'a>]) -> impl Iterator<Item = (&'a str, &'a Value)> {
    members.iter().flat_map(|member| {
        let conditions = member
            .status
            .map_or(&[][..], |status| items(status, "/conditions"));
        let cluster = member.cluster;
        conditions.iter().map(move |condition| (cluster, condition))
    })
}

fn by_type(members: &[ClusterStatus<'_>]) -> Vec<Value> {
    let mut kinds: Vec<_> = conditions(members)
        .map(|(_, condition)| text(condition, "/type"))
        .filter(|kind| !kind.is_empty())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
        .into_iter()
        .map(|kind| of_type(kind, members))
        .collect()
}

/// The condition of this type: what decides is the status that the fewest clusters can outvote.
fn of_type(kind: &str, members: &[ClusterStatus<'_>]) -> Value {
    let is_bad = BAD.contains(&kind);
    let found = |member: &ClusterStatus<'_>| {
        let status = member.status?;
        let conditions = items(status, "/conditions");
        conditions
            .iter()
            .find(|condition| text(condition, "/type") == kind)
            .cloned()
    };
    let all: Vec<_> = members
        .iter()
        .map(|member| (member.cluster, found(member)))
        .collect();
    let status_of = |condition: &Option<Value>| {
        let unsaid = if is_bad { "False" } else { "Unknown" };
        condition
            .as_ref()
            .map_or(unsaid, |condition| text(condition, "/status"))
            .to_owned()
    };
    let order = if is_bad {
        ["True", "Unknown", "False"]
    } else {
        ["False", "Unknown", "True"]
    };
    let decides = |status: &&str| all.iter().any(|(_, one)| status_of(one) == **status);
    let status = order
        .iter()
        .copied()
        .find(|status| decides(status))
        .unwrap_or("Unknown");
    let deciding: Vec<_> = all
        .iter()
        .filter(|(_, one)| status_of(one) == status)
        .collect();
    let told = deciding.iter().find_map(|(_, one)| one.as_ref());
    let reason = told.map_or("NotReported", |condition| text(condition, "/reason"));
    let lines: Vec<_> = deciding
        .iter()
        .map(|(cluster, one)| {
            let message = one
                .as_ref()
                .map_or("not reported", |one| text(one, "/message"));
            if message.is_empty() {
                (*cluster).to_owned()
            } else {
                format!("{cluster}: {message}")
            }
        })
        .collect();
    let message = few(lines.iter().map(String::as_str));
    json!({"type": kind, "status": status, "reason": reason, "message": message})
}

/// One condition for each type, status and reason, and who says it.
fn by_reason(members: &[ClusterStatus<'_>]) -> Vec<Value> {
    let mut all: BTreeMap<_, (usize, Map<String, Value>, Vec<String>)> = BTreeMap::new();
    for (place, (cluster, condition)) in conditions(members).enumerate() {
        let key = ["/type", "/status", "/reason"].map(|field| text(condition, field));
        let fields = condition.as_object().cloned().unwrap_or_default();
        let (_, _, said) = all.entry(key).or_insert((place, fields, Vec::new()));
        said.push(format!("{cluster}={}", text(condition, "/message")));
    }
    let mut all: Vec<_> = all.into_values().collect();
    all.sort_by_key(|(place, ..)| *place);
    let write = |(_, mut fields, said): (usize, Map<String, Value>, Vec<String>)| {
        fields.insert("message".to_owned(), said.join(", ").into());
        Value::Object(fields)
    };
    all.into_iter().map(write).collect()
}

/// The conditions of something that ends: it failed where it failed in one cluster, and any other
/// end is reached where all clusters have reached it.
pub(in super::super) fn conclusion(
    members: &[ClusterStatus<'_>],
    failure: (&str, &str),
    ends: &[(&str, &str)],
) -> Vec<Value> {
    let has = |member: &ClusterStatus<'_>, kind: &str| {
        let conditions = member
            .status
            .map_or(&[][..], |status| items(status, "/conditions"));
        Condition::find_in(conditions, kind).is_some_and(|condition| condition.is("True"))
    };
    let (kind, reason) = failure;
    let mut failed: Vec<_> = members
        .iter()
        .filter(|member| has(member, kind))
        .map(|member| member.cluster)
        .collect();
    failed.sort_unstable();
    if !failed.is_empty() {
        let message = format!("it failed in {}", few(failed));
        return vec![json!({"type": kind, "status": "True", "reason": reason, "message": message})];
    }
    let mut reached = Vec::new();
    for (kind, reason) in ends {
        if members.is_empty() || !members.iter().all(|member| has(member, kind)) {
            break;
        }
        let message = "in every cluster";
        reached.push(json!({"type": kind, "status": "True", "reason": reason, "message": message}));
    }
    reached
}
