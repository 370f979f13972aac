//! Are replicas divided as by KubeAdmiral's planner?

mod common;

use std::collections::BTreeMap;

use common::{Case, Miss, check, same, table};
use fed_core::ClusterName;
use fed_core::divide::Candidate;
use fed_core::divide::kubeadmiral::{Options, divide};
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
    table!("kubeadmiral_planner").run(|case| {
        for (name, avoid, keep) in FLAGS {
            let mut options = Options::default()
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
    });
}

/// Divides until what is asked for does not change: what did not fit is known from then on.
fn settles(case: &Case<'_>, options: &Options, expected: &Value) -> Result<(), Miss> {
    let mut running: Numbers = read(case.get("existing"))?;
    for _ in 0..4 {
        let candidates = candidates(case, &running)?;
        let total = read(case.get("replicas"))?;
        let division = divide(total, options, &candidates, "");
        let names = || candidates.iter().map(|candidate| candidate.name.clone());
        let replicas: Numbers = names().zip(division.replicas).collect();
        let mut overflow: Numbers = names().zip(division.overflow).collect();
        overflow.retain(|_, number| *number != 0);
        let mut asked = replicas.clone();
        for (name, number) in &overflow {
            *asked.entry(name.clone()).or_default() += number;
        }
        let before = std::mem::replace(&mut running, asked);
        if before == running {
            let names = candidates.len();
            check(names > 0, || "has no candidates".to_owned())?;
            same("plan", &replicas, &read(&expected["plan"])?)?;
            return same("overflow", &overflow, &read(&expected["overflow"])?);
        }
    }
    Err(Miss::Wrong("does not settle".to_owned()))
}

fn candidates(case: &Case<'_>, running: &Numbers) -> Result<Vec<Candidate>, Miss> {
    let capacity: Numbers = read(case.get("actualCapacity"))?;
    let wanted = case.get("preferences");
    let mut candidates = Vec::new();
    for name in read::<Vec<ClusterName>>(case.get("clusters"))? {
        let Some(wanted) = wanted.get(name.as_str()).or(wanted.get("*")) else {
            continue;
        };
        let mut candidate = Candidate::new(name.clone(), read(&wanted["weight"])?);
        candidate.minimum = read(&wanted["min"])?;
        candidate.maximum = read(&wanted["max"])?;
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
