//! Is a federated object placed where KubeFed would place it?

mod common;

use std::collections::BTreeSet;

use common::docs::{cluster_in, config, federated, namespace};
use common::{Case, Miss, check, same, show, table};
use fed_core::dialect::kubefed::{api, placement::select_by_selector};
use fed_core::dialect::parse;
use fed_core::{Assumptions, Cluster, Code, Fleet, Location, Readiness, Severity, plan};
use serde_json::{Value, json};

/// The fields of a case, all of which are looked at.
const FIELDS: &[&str] = &[
    "name",
    "placement",
    "namespacePlacement",
    "namespacedControlPlane",
    "selectorOnly",
    "clusters",
    "expected",
    "expectedError",
];

#[test]
fn the_table_of_placements_holds() {
    table!("kubefed_placement").run(|case| {
        every_field_is_known(case)?;
        match case.get("selectorOnly") {
            Value::Bool(true) => by_selector(case),
            _ => by_documents(case),
        }
    });
}

fn every_field_is_known(case: &Case<'_>) -> Result<(), Miss> {
    let fields = case.value.as_object().into_iter().flatten();
    let unknown: Vec<_> = fields
        .map(|(field, _)| field.as_str())
        .filter(|field| !FIELDS.contains(field) && !field.starts_with("note"))
        .collect();
    same(
        "fields that this test does not know",
        &unknown,
        &Vec::<&str>::new(),
    )
}

/// The clusters of the case itself, or of its group.
fn clusters_of<'t>(case: &Case<'t>) -> Result<Vec<&'t Value>, Miss> {
    let of_group = || case.table.get(format!("{}Clusters", case.group));
    let clusters = case.get("clusters").as_array();
    let clusters = clusters.or_else(|| of_group()?.as_array());
    let clusters = clusters.ok_or_else(|| Miss::Wrong("no clusters".to_owned()))?;
    Ok(clusters.iter().collect())
}

fn name_of(cluster: &Value) -> &str {
    cluster["name"].as_str().unwrap_or_default()
}

fn is_ready(cluster: &Value) -> bool {
    cluster["ready"] != json!(false)
}

/// The placement of the object's namespace: none at all where it is not federated.
fn namespace_of<'t>(case: &Case<'t>) -> Option<&'t Value> {
    Some(case.get("namespacePlacement")).filter(|placement| placement.is_object())
}

fn scope_of(case: &Case<'_>) -> Option<&'static str> {
    let namespaced = case.get("namespacedControlPlane").as_bool()?;
    Some(if namespaced { "Namespaced" } else { "Cluster" })
}

/// The case as documents, read and planned. Where it says nothing of a namespace, none may have a
/// part in it: then the object has no namespace, or is under a control plane that ignores them.
fn by_documents(case: &Case<'_>) -> Result<(), Miss> {
    if case.get("namespacePlacement").is_null() {
        planned(case, "FederatedClusterRole", scope_of(case))?;
        return planned(case, "FederatedConfigMap", Some("Namespaced"));
    }
    planned(case, "FederatedConfigMap", scope_of(case))
}

fn planned(case: &Case<'_>, kind: &str, scope: Option<&str>) -> Result<(), Miss> {
    let clusters = clusters_of(case)?;
    let mut documents: Vec<_> = clusters
        .iter()
        .map(|cluster| {
            let ready = if is_ready(cluster) { "True" } else { "False" };
            cluster_in(name_of(cluster), cluster["labels"].clone(), Some(ready))
        })
        .collect();
    documents.extend(scope.map(config));
    documents.extend(namespace_of(case).map(|placement| namespace("shop", placement.clone())));
    documents.push(federated(
        kind,
        "case",
        json!({"template": {}, "placement": case.get("placement")}),
    ));

    let reading = show::read(&documents, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let object = plan
        .objects()
        .find(|object| object.source().kind() == kind)
        .ok_or_else(|| Miss::Wrong(format!("{kind} is not planned")))?;
    let placed: BTreeSet<_> = object
        .placed()
        .map(|placed| placed.cluster().name().as_str())
        .collect();
    same(kind, &placed, &expected(case)?)?;

    for placed in object.placed() {
        let name = placed.cluster().name().as_str();
        let told = placed
            .reasons()
            .iter()
            .any(|reason| reason.code == Code::ClusterNotReady);
        let ready = clusters
            .iter()
            .any(|cluster| name_of(cluster) == name && is_ready(cluster));
        same("a word on readiness", &told, &!ready)?;
    }
    let errors: Vec<_> = reading
        .problems
        .iter()
        .chain(plan.problems())
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| problem.code)
        .collect();
    same("errors", &errors, &expected_errors(case))
}

fn expected<'t>(case: &Case<'t>) -> Result<BTreeSet<&'t str>, Miss> {
    match (case.get("expected"), case.text("expectedError")) {
        (Value::Array(names), "") => Ok(names.iter().filter_map(Value::as_str).collect()),
        (Value::Null, "ComputePlacementFailed") => Ok(BTreeSet::new()),
        _ => Err(Miss::Wrong(
            "neither clusters nor a known error are expected".to_owned(),
        )),
    }
}

/// What KubeFed calls a failure to compute a placement has two causes.
fn expected_errors(case: &Case<'_>) -> Vec<Code> {
    if case.text("expectedError").is_empty() {
        return Vec::new();
    }
    let readable = [Some(case.get("placement")), namespace_of(case)]
        .into_iter()
        .flatten()
        .all(|placement| parse::<api::Placement>(placement, &Location::in_code()).is_ok());
    vec![if readable {
        Code::InvalidSelector
    } else {
        Code::InvalidValue
    }]
}

/// The case as the selection by selectors alone, which a ReplicaSchedulingPreference can ask for.
fn by_selector(case: &Case<'_>) -> Result<(), Miss> {
    let read = |value: &Value| {
        parse::<api::Placement>(value, &Location::in_code())
            .map_err(|problem| Miss::Wrong(problem.message))
    };
    let fleet = fleet(case)?;
    let own = read(case.get("placement"))?;
    let namespace = match (case.get("namespacePlacement"), scope_of(case)) {
        (Value::Null, _) | (_, Some("Namespaced")) => namespace_of(case).map(read),
        // A namespace that is not federated is placed nowhere.
        (Value::String(_), _) => Some(Ok(api::Placement::default())),
        (placement, _) => Some(read(placement)),
    };
    let chosen = select_by_selector(&own, namespace.transpose()?.as_ref(), &fleet);
    check(
        chosen.is_ok() == case.text("expectedError").is_empty(),
        || format!("{chosen:?}"),
    )?;
    let chosen = chosen.unwrap_or_default();
    let names: BTreeSet<_> = fleet
        .of(&chosen)
        .map(|cluster| cluster.name().as_str())
        .collect();
    same("selected", &names, &expected(case)?)
}

fn fleet(case: &Case<'_>) -> Result<Fleet, Miss> {
    let cluster = |cluster: &&Value| {
        let labels = cluster["labels"].as_object().into_iter().flatten();
        let readiness = if is_ready(cluster) {
            Readiness::Ready
        } else {
            Readiness::NotReady
        };
        labels.fold(
            Cluster::new(name_of(cluster)).with_readiness(readiness),
            |cluster, (key, value)| cluster.label(key, value.as_str().unwrap_or_default()),
        )
    };
    Ok(clusters_of(case)?.iter().map(cluster).collect())
}
