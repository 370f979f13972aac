//! Do the kinds of Flux do what Karmada's tests say, where Karmada's rules are asked for?

use fed_core::kinds::{Manners, Retention};
use serde_json::Value;

use crate::common::{Case, Miss, same, table};
use crate::translate::{aggregated, alike, kind_of, names_in, names_of};

const OTHER: &str = "a kind that is not built in: a user declares it";

#[test]
fn karmada_interpreter_thirdparty() {
    table!("karmada_interpreter_thirdparty").run(run);
}

fn run(case: &Case<'_>) -> Result<(), Miss> {
    let is_built_in = ["/HelmRelease/", "/Kustomization/"]
        .iter()
        .any(|kind| case.group.contains(kind));
    if !is_built_in {
        return Err(Miss::LeftOut(OTHER));
    }
    let (desired, observed) = (case.get("desiredObj"), case.get("observedObj"));
    let expected = case.get("output");
    match case.text("operation") {
        "AggregateStatus" => {
            let found = aggregated(desired, case.get("statusItems"))?;
            if expected.is_null() {
                return Ok(());
            }
            alike("aggregated", &found, &expected["aggregatedStatus"])
        }
        "InterpretDependency" => {
            let found = names_of(kind_of(desired)?.as_ref(), desired);
            same("dependencies", &found, &names_in(&expected["dependencies"]))
        }
        "InterpretHealth" => {
            let health = kind_of(observed)?.health(observed, Manners::Karmada);
            same(
                "healthy",
                &Value::from(health.is_healthy()),
                &expected["healthy"],
            )
        }
        "InterpretStatus" => {
            let found = kind_of(observed)?.reflect_status(observed, Manners::Karmada);
            let found = found.map_err(|error| error.to_string())?;
            let found = found.unwrap_or_else(|| Value::Object(serde_json::Map::new()));
            alike("status", &found, &expected["status"])
        }
        "Retain" => {
            let mut found = desired.clone();
            let how = Retention::by(Manners::Karmada);
            let kept = kind_of(desired)?.retain(&mut found, observed, &how);
            kept.map_err(|error| error.to_string())?;
            alike("retained", &found, &expected["retained"])
        }
        other => Err(format!("no translation for {other}").into()),
    }
}
