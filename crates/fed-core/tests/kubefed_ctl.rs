//! Are objects federated, and things named, as KubeFed's command line did it?

mod common;

use common::{Case, Miss, check, same, table};
use fed_core::Location;
use fed_core::dialect::kubefed::{
    Federator, JoinNames, ResourceNames, equivalent_apis, guess_plural,
};
use fed_core::kinds::Kinds;
use serde_json::Value;

#[test]
fn the_table_of_the_command_line_holds() {
    table!("kubefed_ctl").run(|case| match case.group {
        "federateUnit" => {
            let federated = federated(case)?;
            let expected = case.get("expected").as_object().into_iter().flatten();
            for (path, expected) in expected.filter(|(path, _)| *path != "count") {
                let pointer = format!("/{}", path.replace('.', "/"));
                let found = federated.pointer(&pointer).cloned();
                // Go reads what is absent as the empty text.
                same(path, &found.unwrap_or_else(|| "".into()), expected)?;
            }
            Ok(())
        }
        "federateDerived" => same("federated", &federated(case)?, case.get("output")),
        "equivalentAPIsUnit" | "equivalentAPIsDerived" => {
            let (base, other) = (
                api_version(case.get("base")),
                api_version(case.get("other")),
            );
            let found = equivalent_apis(case.text("pluralName"), &base, &other);
            same("equivalent", &found, case.get("equivalent"))
        }
        "pluralNameDerived" => same(
            "plural",
            &guess_plural(case.text("kind")),
            &case.text("plural"),
        ),
        "namesDerived" => names(case),
        "nameMatchDerived" => matches(case),
        "joinUnit" => Err(Miss::LeftOut(
            "joining speaks with clusters, and comes later",
        )),
        other => Err(Miss::Wrong(format!("no test runs the group {other}"))),
    });
}

fn federated(case: &Case<'_>) -> Result<Value, Miss> {
    let wrapped = Federator::new(&Kinds::builtin())
        .with_unknown_kinds()
        .federate(case.get("input"), &Location::in_code())
        .map_err(|problem| Miss::Wrong(problem.message))?;
    let annotations = case.get("input").pointer("/metadata/annotations");
    let warned = wrapped
        .problems
        .iter()
        .filter_map(|problem| problem.at.as_ref())
        .any(|at| at.path.as_str() == "/metadata/annotations");
    check(warned == annotations.is_some(), || {
        format!("annotations are not told of: {:?}", wrapped.problems)
    })?;
    Ok(wrapped.value)
}

/// The `apiVersion` of `{"group", "version"}`.
fn api_version(api: &Value) -> String {
    let part = |name| api.get(name).and_then(Value::as_str).unwrap_or_default();
    match part("group") {
        "" => part("version").to_owned(),
        group => format!("{group}/{}", part("version")),
    }
}

fn names(case: &Case<'_>) -> Result<(), Miss> {
    let names = JoinNames::new(
        case.text("joiningCluster"),
        case.text("host"),
        case.text("namespace"),
    );
    for (field, found) in [
        ("serviceAccount", &names.service_account),
        ("tokenSecret", &names.token_secret),
        ("role", &names.role),
        ("healthCheckRole", &names.health_check_role),
        ("hostSecretGenerateName", &names.host_secret_prefix),
    ] {
        same(field, found, &case.text(field))?;
    }
    Ok(())
}

fn matches(case: &Case<'_>) -> Result<(), Miss> {
    let resource = case.get("resource");
    let text = |name| {
        let value = resource.get(name).and_then(Value::as_str);
        value.unwrap_or_default()
    };
    let short = resource.get("shortNames").and_then(Value::as_array);
    let short: Vec<_> = short
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let names = ResourceNames {
        plural: text("name"),
        singular: text("singularName"),
        kind: text("kind"),
        short_names: &short,
        group: text("group"),
    };
    let found = names.matches(case.text("query"));
    same("matches", &found, case.get("matches"))
}
