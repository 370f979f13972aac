//! The table of resource and cluster selectors.

use std::collections::BTreeMap;

use fed_core::dialect::karmada::{Precision, ResourceSelector, distinct_types, precision};
use fed_core::place::karmada::Affinity;
use fed_core::{Cluster, GroupVersionKind, LabelRequirement, ObjectId, Topology};
use serde_json::{Value, json};

use crate::common::{Case, Miss, check, same, table};
use crate::translate::{self, items, text};

#[test]
fn karmada_selectors() {
    table!("karmada_selectors").run(|case| match case.group {
        "selector/TestResourceMatches" => {
            let found = means(case, &[&case.get("args")["rs"]]);
            same("matches", &json!(found.is_some()), case.get("want"))
        }
        "selector/TestResourceSelectorPriority" => {
            let found = means(case, &[&case.get("args")["rs"]]);
            same("priority", &json!(priority(found)), case.get("want"))
        }
        "selector/TestResourceMatchSelectors" => {
            let found = means(
                case,
                &items(&case.get("args")["selectors"]).collect::<Vec<_>>(),
            );
            same("matches", &json!(found.is_some()), case.get("want"))
        }
        "selector/TestResourceMatchSelectorsPriority" => {
            let found = means(
                case,
                &items(&case.get("args")["selectors"]).collect::<Vec<_>>(),
            );
            same("priority", &json!(priority(found)), case.get("want"))
        }
        "selector/TestClusterMatches" => {
            let cluster = match case.get("cluster") {
                Value::Null => &context(case)["cluster"],
                own => own,
            };
            let affinity = translate::affinity(case.get("affinity"));
            let found = affinity.matches(&translate::cluster(cluster));
            same("matches", &json!(found), case.get("want"))
        }
        "selector/Test_extractClusterFields" => fields(case),
        "selector/Test_matchZones" => {
            let place = Topology::default().in_zones(items(case.get("zones")).map(text));
            let expression = case.get("zoneMatchExpression").clone();
            let expression: LabelRequirement = serde_json::from_value(expression).unwrap();
            let affinity = Affinity::default().with_field(expression);
            let found = affinity.matches(&Cluster::new("a").located(place));
            same("matches", &json!(found), case.get("matched"))
        }
        "selector/TestExtractUniqueNamespacedSelectors" => {
            let found = distinct_types(&selectors(items(case.get("selectors"))));
            same("types", &found, &selectors(items(case.get("want"))))
        }
        other => Err(format!("no translation for {other}").into()),
    });
}

/// What all cases of the suite share.
fn context<'t>(case: &Case<'t>) -> &'t Value {
    let mut suites = items(&case.table["suites"]);
    let suite = suites.find(|suite| suite["suite"] == case.group);
    &suite.unwrap()["context"]
}

fn selectors<'v>(list: impl IntoIterator<Item = &'v Value>) -> Vec<ResourceSelector> {
    let read = |of: &Value| serde_json::from_value(of.clone()).unwrap();
    list.into_iter().map(read).collect()
}

/// How precisely the selectors mean the resource of the case.
fn means(case: &Case<'_>, list: &[&Value]) -> Option<Precision> {
    let resource = match &case.get("args")["resource"] {
        Value::Null => &context(case)["resource"],
        own => own,
    };
    let gvk =
        GroupVersionKind::from_api_version(text(&resource["apiVersion"]), text(&resource["kind"]));
    let metadata = &resource["metadata"];
    let object = ObjectId::new(gvk, metadata["namespace"].as_str(), text(&metadata["name"]));
    let labels = metadata["labels"].as_object().into_iter().flatten();
    let labels: BTreeMap<String, String> = labels
        .map(|(key, value)| (key.clone(), text(value).to_owned()))
        .collect();
    precision(&selectors(list.iter().copied()), &object, &labels)
}

fn priority(found: Option<Precision>) -> i64 {
    match found {
        None => 0,
        Some(Precision::Kind) => 1,
        Some(Precision::Labels) => 2,
        Some(Precision::Name) => 3,
        Some(other) => panic!("{other:?}?"),
    }
}

/// A field that a cluster has is in a list of its value, and one that it has not does not exist.
fn fields(case: &Case<'_>) -> Result<(), Miss> {
    let cluster = translate::cluster(&case.get("args")["cluster"]);
    for field in ["provider", "region"] {
        let expected = match case.get("want")[field].as_str() {
            Some(value) => LabelRequirement::new(field, "In", [value]),
            None => LabelRequirement::new(field, "DoesNotExist", [""; 0]),
        };
        let holds = Affinity::default().with_field(expected).matches(&cluster);
        check(holds, || format!("{field} of {cluster:?}"))?;
    }
    Ok(())
}
