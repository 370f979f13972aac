//! Does dividing in Karmada's way do what the tests of Karmada say? Its input is translated here.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod common;

use std::collections::BTreeMap;

use common::{Case, Miss, same, table};
use fed_core::divide::Candidate;
use fed_core::divide::karmada::{Options, Party, Strategy, TieBreak, divide, webster};
use serde_json::Value;

/// A seed of the kind that puts the larger name first: its hash is odd.
const DESCENDING: &str = "d43fdeeb-d750-4e2b-bee3-64eb94534f4c";

const LIST: &str = "a list that Karmada keeps in Go, without a decision";
const TRIGGER: &str = "when to schedule, not how to divide";
const ESTIMATE: &str = "what clusters have room for, not how to divide";
const COMPONENTS: &str = "what is written for workloads of several components, not divided";
const COMPLETIONS: &str = "how completions are read from and written into a Job";
const WRITING: &str = "how the result is written: a division here names every candidate";
const STRATEGY: &str = "a strategy that does not exist, which the type here cannot express";

#[test]
fn karmada_division() {
    assert_eq!(TieBreak::of_seed(DESCENDING), TieBreak::NameDescending);
    table!("karmada_division").run(run);
}

fn run(case: &Case<'_>) -> Result<(), Miss> {
    match case.group {
        "webstermethod/TestAllocateWebsterSeats" => seats(case),
        "binding/Test_dispenser_AllocateByWeight" => weights(case),
        "binding/TestDispenseReplicasByTargetClusters" => {
            let args = case.get("args");
            let parties = numbers(args, "clusters", "name", "replicas");
            any_of(
                case,
                &dispensed(&args["sum"], &parties, &BTreeMap::new(), ""),
            )
        }
        "common/Test_divideReplicasByJobCompletions" => {
            let Some(completions) = case.get("workload").pointer("/spec/completions") else {
                return Err(Miss::LeftOut(COMPLETIONS));
            };
            let parallel = numbers(case.value, "clusters", "name", "replicas");
            let found = dispensed(completions, &parallel, &BTreeMap::new(), "");
            same("completions", &found, &targets(case.get("want")))
        }
        "assignment/Test_assignByStaticWeightStrategy" => {
            let candidates = candidates(case.get("clusters"), case.get("weightPreference"), None);
            let options = Options::new(Strategy::StaticWeights);
            let found = divided(&case.value["replicas"], &candidates, &options)?;
            same(
                "replicas",
                &found,
                &without_zeros(targets(case.get("want"))),
            )
        }
        "assignment/Test_assignByDuplicatedStrategy" => duplicated(case),
        "division_algorithm/Test_dynamicDivideReplicas" => dynamic_step(case),
        "assignment/Test_dynamicScale" | "assignment/Test_dynamicScaleUp" => {
            assigned(case, case.get("candidates"), case.get("object"))
        }
        "common/TestAssignReplicas" => assigned(case, case.get("clusters"), case.get("spec")),
        "generic_scheduler/Test_DistributionOfReplicas" => {
            assigned(case, case.get("clusters"), case.get("object"))
        }
        "binding/TestGetWeightSum"
        | "binding/TestNewDispenser"
        | "binding/TestDone"
        | "binding/TestGetStaticWeightInfoListByTargetClusters"
        | "binding/TestGetSumOfReplicas"
        | "binding/TestMergeTargetClusters" => Err(Miss::LeftOut(LIST)),
        "common/TestAssignComponentSchedulingResults" => Err(Miss::LeftOut(COMPONENTS)),
        "util/Test_attachZeroReplicasCluster" => Err(Miss::LeftOut(WRITING)),
        "estimation/Test_isMultiTemplateSchedulingApplicable"
        | "estimation/Test_calculateMultiTemplateAvailableSets" => Err(Miss::LeftOut(ESTIMATE)),
        "binding/TestIsBindingReplicasChanged"
        | "binding/TestIsBindingReplicasChanged/componentTests"
        | "binding/TestRescheduleRequired" => Err(Miss::LeftOut(TRIGGER)),
        "common/Test_needReviseJobCompletions"
        | "common/TestBuildJobCompletionsMap"
        | "common/TestApplyJobCompletions" => Err(Miss::LeftOut(COMPLETIONS)),
        other => Err(format!("no translation for {other}").into()),
    }
}

type Replicas = BTreeMap<String, i64>;

/// A list of objects as a map from one field to another; a missing number is 0.
fn numbers(of: &Value, list: &str, name: &str, number: &str) -> Replicas {
    let items = of[list].as_array().into_iter().flatten();
    items
        .map(|item| {
            let name = item[name].as_str().unwrap().to_owned();
            (name, item[number].as_i64().unwrap_or(0))
        })
        .collect()
}

fn targets(list: &Value) -> Replicas {
    numbers(
        &serde_json::json!({ "list": list }),
        "list",
        "name",
        "replicas",
    )
}

fn without_zeros(mut replicas: Replicas) -> Replicas {
    replicas.retain(|_, replicas| *replicas > 0);
    replicas
}

fn map(of: &Value) -> Replicas {
    let fields = of.as_object().into_iter().flatten();
    fields
        .map(|(name, number)| (name.clone(), number.as_i64().unwrap()))
        .collect()
}

fn dispensed(seats: &Value, votes: &Replicas, before: &Replicas, seed: &str) -> Replicas {
    let names: Vec<&String> = votes
        .keys()
        .chain(before.keys().filter(|name| !votes.contains_key(*name)))
        .collect();
    let parties: Vec<Party<'_>> = names
        .iter()
        .map(|&name| {
            let votes = votes.get(name).copied().unwrap_or(0);
            let before = before.get(name).copied().unwrap_or(0);
            Party::new(name, votes.try_into().unwrap()).seated(before.try_into().unwrap())
        })
        .collect();
    let seats = seats.as_u64().unwrap().try_into().unwrap();
    let seats = webster(seats, &parties, TieBreak::of_seed(seed));
    let seats = seats.into_iter().map(|seats| seats.try_into().unwrap());
    names.into_iter().cloned().zip(seats).collect()
}

fn seats(case: &Case<'_>) -> Result<(), Miss> {
    let seed = match case.get("tieBreaker").as_str() {
        None => "",
        Some("name_desc_only") => DESCENDING,
        Some(other) => return Err(format!("no tie breaker {other} here").into()),
    };
    let votes = map(case.get("partyVotes"));
    let before = map(case.get("initialAssignments"));
    let found = dispensed(case.get("newSeats"), &votes, &before, seed);
    same(
        "seats",
        &found,
        &numbers(case.value, "expected", "name", "seats"),
    )
}

fn weights(case: &Case<'_>) -> Result<(), Miss> {
    let votes = numbers(case.value, "weightList", "clusterName", "weight");
    let before = numbers(case.value, "initialAssignment", "name", "replicas");
    let found = dispensed(case.get("newReplicas"), &votes, &before, case.text("uuid"));
    same("replicas", &found, &targets(case.get("desired")))
}

fn any_of(case: &Case<'_>, found: &Replicas) -> Result<(), Miss> {
    let wants: Vec<Replicas> = case
        .get("wants")
        .as_array()
        .unwrap()
        .iter()
        .map(targets)
        .collect();
    common::check(wants.contains(found), || {
        format!("found {found:?}, expected one of {wants:?}")
    })
}

/// What Karmada writes of a division, or that it refuses to divide.
fn divided(total: &Value, candidates: &[Candidate], options: &Options) -> Result<Replicas, Miss> {
    let total = total.as_i64().unwrap_or(0);
    let division = divide(total, candidates, options).map_err(|problem| problem.message)?;
    let names = candidates
        .iter()
        .map(|candidate| candidate.name.to_string());
    Ok(without_zeros(names.zip(division.replicas).collect()))
}

/// Candidates with their static weights, and with what `previous` assigned to them.
fn candidates(clusters: &Value, preference: &Value, previous: Option<&Replicas>) -> Vec<Candidate> {
    let rules = preference["staticWeightList"].as_array();
    let weight = |name: &str| {
        let rules = rules.into_iter().flatten();
        let matching = rules.filter(|rule| {
            let names = rule["targetCluster"]["clusterNames"].as_array().unwrap();
            names.iter().any(|listed| listed == name)
        });
        matching
            .filter_map(|rule| rule["weight"].as_i64())
            .max()
            .unwrap_or(0)
    };
    let clusters = clusters.as_array().into_iter().flatten();
    clusters
        .map(|cluster| {
            let name = cluster["name"].as_str().unwrap();
            let mut candidate = Candidate::new(name, weight(name));
            candidate.current = previous.and_then(|previous| previous.get(name).copied());
            // Karmada says what can be added; a candidate, what can be there.
            let free = cluster["allocatableReplicas"].as_i64();
            candidate.capacity = free.map(|free| free + candidate.current.unwrap_or(0));
            candidate
        })
        .collect()
}

fn strategy(placement: &Value) -> Option<Strategy> {
    let scheduling = &placement["replicaScheduling"];
    let dynamic = scheduling["weightPreference"]["dynamicWeight"].is_string();
    Some(
        match (
            scheduling["replicaSchedulingType"].as_str(),
            scheduling["replicaDivisionPreference"].as_str(),
        ) {
            (None | Some("Duplicated"), _) => Strategy::Duplicated,
            (Some("Divided"), Some("Aggregated")) => Strategy::Aggregated,
            (Some("Divided"), Some("Weighted")) if dynamic => Strategy::DynamicWeights,
            (Some("Divided"), Some("Weighted")) => Strategy::StaticWeights,
            _ => return None,
        },
    )
}

fn assigned(case: &Case<'_>, clusters: &Value, spec: &Value) -> Result<(), Miss> {
    let placement = &spec["placement"];
    let strategy = strategy(placement).ok_or(Miss::LeftOut(STRATEGY))?;
    let previous = targets(&spec["clusters"]);
    let preference = &placement["replicaScheduling"]["weightPreference"];
    let candidates = candidates(clusters, preference, Some(&previous));
    let tiers = clusters.as_array().into_iter().flatten();
    let tiers = tiers.map(|cluster| cluster["overflowOrder"].as_u64().unwrap_or(0));
    let options = Options::new(strategy).in_tiers(tiers.map(|tier| u32::try_from(tier).unwrap()));
    let found = divided(&spec["replicas"], &candidates, &options);
    if case.get("wantErr") == true || case.get("expectedError") == true {
        return match found {
            Err(_) => Ok(()),
            Ok(found) => Err(format!("found {found:?}, expected a refusal").into()),
        };
    }
    let found = found?;
    if case.get("wants").is_array() {
        return any_of(case, &found);
    }
    let expected = ["want", "result", "expectedResult"];
    let expected = expected.map(|field| case.get(field));
    let expected = expected.into_iter().find(|value| value.is_array());
    let expected = expected.ok_or_else(|| "no expectation".to_owned())?;
    same("replicas", &found, &without_zeros(targets(expected)))
}

fn duplicated(case: &Case<'_>) -> Result<(), Miss> {
    let state = case.get("state");
    let expected = targets(case.get("want"));
    let candidates = candidates(&state["candidates"], &Value::Null, None);
    if candidates.is_empty() {
        // Karmada refuses this before it comes to its strategy, as we do.
        return match divided(&state["spec"]["replicas"], &candidates, &Options::default()) {
            Err(_) => same("nothing", &expected.len(), &0),
            Ok(found) => Err(format!("found {found:?}, expected a refusal").into()),
        };
    }
    let found = divided(&state["spec"]["replicas"], &candidates, &Options::default())?;
    same("replicas", &found, &without_zeros(expected))
}

fn dynamic_step(case: &Case<'_>) -> Result<(), Miss> {
    let state = case.get("state");
    let strategy = match state["strategyType"].as_str() {
        Some("Aggregated") => Strategy::Aggregated,
        Some("DynamicWeight") => Strategy::DynamicWeights,
        other => return Err(format!("strategy {other:?}?").into()),
    };
    let available = state["availableClusters"].as_array().unwrap();
    let candidates: Vec<Candidate> = available
        .iter()
        .map(|cluster| {
            let name = cluster["name"].as_str().unwrap();
            Candidate::new(name, 1).with_capacity(cluster["replicas"].as_i64().unwrap())
        })
        .collect();
    let options = Options::new(strategy).fresh();
    let found = divided(&state["targetReplicas"], &candidates, &options)?;
    same(
        "replicas",
        &found,
        &without_zeros(targets(case.get("want"))),
    )
}
