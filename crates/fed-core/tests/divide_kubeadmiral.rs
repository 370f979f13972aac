//! Are replicas divided as by KubeAdmiral's planners?

mod common;

use std::collections::BTreeMap;

use common::{Case, Miss, check, same, table};
use fed_core::ClusterName;
use fed_core::divide::Candidate;
use fed_core::divide::kubeadmiral::{KubeAdmiralDivision, Options, Strategy, divide};
use serde::de::DeserializeOwned;
use serde_json::Value;

type Numbers = BTreeMap<ClusterName, i64>;

/// Which flags each of a case's results is for: to avoid disruption, and to keep unschedulable.
const FLAGS: [(&str, bool, bool); 4] = [
    ("noAvoid_noKeep", false, false),
    ("noAvoid_keep", false, true),
    ("avoid_noKeep", true, false),
    ("avoid_keep", true, true),
];

#[test]
fn the_table_holds() {
    table!("kubeadmiral_planner").run(|case| settles_by_all_flags(case, &Options::default()));
}

#[test]
fn the_table_of_binpack_holds() {
    let cases = table!("kubeadmiral_planner").list("/binpack/cases");
    cases.run(|case| {
        let mut options = Options::default().strategy(Strategy::Binpack);
        options.scheduled = read(case.get("scheduledReplicas"))?;
        let clusters: Vec<ClusterName> = read(case.get("clusters"))?;
        let running: Numbers = read(case.get("existing"))?;
        options.lost_clusters = running.keys().any(|name| !clusters.contains(name));
        settles_by_all_flags(case, &options)
    });
}

#[test]
fn the_table_of_what_binpack_desires_holds() {
    let cases = table!("kubeadmiral_planner").list("/binpack/desiredPlanCases");
    cases.run(|case| {
        let mut options = Options::default().strategy(Strategy::Binpack);
        options.limited_capacity = read(case.get("limitedCapacity"))?;
        let capacity: Numbers = read(case.get("estimatedCapacity"))?;
        let mut candidates = Vec::new();
        for bin in read::<Vec<Value>>(case.get("order"))? {
            let mut candidate = Candidate::new(read::<ClusterName>(&bin["cluster"])?, 0);
            candidate.minimum = read(&bin["min"])?;
            candidate.maximum = read(&bin["max"])?;
            candidate.capacity = capacity.get(&candidate.name).copied();
            candidates.push(candidate);
        }
        let division = divide(read(case.get("total"))?, &options, &candidates, "");
        compare(&candidates, &division, case.value)
    });
}

/// With each combination of flags, beside what else is chosen.
fn settles_by_all_flags(case: &Case<'_>, options: &Options) -> Result<(), Miss> {
    for (name, avoid, keep) in FLAGS {
        let mut options = options
            .clone()
            .avoid_disruption(avoid)
            .keep_unschedulable_replicas(keep);
        options.limited_capacity = read(case.get("limitedCapacity"))?;
        let expected = &case.get("expect")[name];
        settles(case, &options, expected).map_err(|miss| match miss {
            Miss::Wrong(why) => Miss::Wrong(format!("{name}: {why}")),
            other @ Miss::LeftOut(_) => other,
        })?;
    }
    Ok(())
}

/// Divides until what is asked for does not change: what did not fit is known from then on.
fn settles(case: &Case<'_>, options: &Options, expected: &Value) -> Result<(), Miss> {
    let mut running: Numbers = read(case.get("existing"))?;
    for _ in 0..4 {
        let candidates = candidates(case, options, &running)?;
        let total = read(case.get("replicas"))?;
        let division = divide(total, options, &candidates, "");
        let mut asked = named(&candidates, &division.replicas);
        for (name, number) in named_overflow(&candidates, &division) {
            *asked.entry(name).or_default() += number;
        }
        let before = std::mem::replace(&mut running, asked);
        if before == running {
            check(!candidates.is_empty(), || "has no candidates".to_owned())?;
            return compare(&candidates, &division, expected);
        }
    }
    Err(Miss::Wrong("does not settle".to_owned()))
}

fn compare(
    candidates: &[Candidate],
    division: &KubeAdmiralDivision,
    expected: &Value,
) -> Result<(), Miss> {
    let plan = named(candidates, &division.replicas);
    same("plan", &plan, &read(&expected["plan"])?)?;
    let overflow = named_overflow(candidates, division);
    same("overflow", &overflow, &read(&expected["overflow"])?)
}

fn named(candidates: &[Candidate], numbers: &[i64]) -> Numbers {
    let names = candidates.iter().map(|candidate| candidate.name.clone());
    names.zip(numbers.iter().copied()).collect()
}

fn named_overflow(candidates: &[Candidate], division: &KubeAdmiralDivision) -> Numbers {
    let mut overflow = named(candidates, &division.overflow);
    overflow.retain(|_, number| *number != 0);
    overflow
}

fn candidates(
    case: &Case<'_>,
    options: &Options,
    running: &Numbers,
) -> Result<Vec<Candidate>, Miss> {
    let capacity: Numbers = read(case.get("actualCapacity"))?;
    let wanted = case.get("preferences");
    let mut candidates = Vec::new();
    for name in read::<Vec<ClusterName>>(case.get("clusters"))? {
        let wanted = wanted.get(name.as_str()).or(wanted.get("*"));
        // Binpack knows every cluster.
        if wanted.is_none() && options.strategy == Strategy::Spread {
            continue;
        }
        let field = |name| wanted.map_or(&Value::Null, |wanted| &wanted[name]);
        let weight: Option<i64> = read(field("weight"))?;
        let minimum: Option<i64> = read(field("min"))?;
        let mut candidate = Candidate::new(name.clone(), weight.unwrap_or(0));
        candidate.minimum = minimum.unwrap_or(0);
        candidate.maximum = read(field("max"))?;
        candidate.current = running.get(&name).copied();
        let runs = candidate.current.unwrap_or(0);
        candidate.capacity = capacity.get(&name).copied().filter(|room| runs > *room);
        candidates.push(candidate);
    }
    Ok(candidates)
}

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Miss> {
    T::deserialize(value).map_err(|error| Miss::Wrong(format!("{error} in {value}")))
}
