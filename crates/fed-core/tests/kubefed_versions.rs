//! Are the versions of templates, overrides and objects those that KubeFed recorded, and do they
//! tell when an object must be written again?

mod common;

use common::{Case, Miss, same, table};
use fed_core::dialect::kubefed::versions::{
    needs_update, object_version, overrides_version, propagated_version_name, template_version,
};
use serde_json::json;

#[test]
fn the_table_of_versions_holds() {
    table!("kubefed_versions").run(|case| match case.group {
        "unitTemplateHash" | "derivedHash" => hashes(case),
        "derivedNames" => {
            let name = propagated_version_name(case.text("targetKind"), case.text("name"));
            same("name", &name, &case.text("propagatedVersionName"))
        }
        "derivedNeedsUpdate" => update(case),
        other => Err(Miss::Wrong(format!("no test runs the group {other}"))),
    });
}

fn hashes(case: &Case<'_>) -> Result<(), Miss> {
    let object = case.get("object");
    same(
        "template",
        &template_version(object),
        &case.text("templateVersion"),
    )?;
    match case.get("overridesVersion").as_str() {
        Some(expected) => same("overrides", &overrides_version(object), &expected),
        None => Ok(()),
    }
}

fn update(case: &Case<'_>) -> Result<(), Miss> {
    let desired = json!({"metadata": case.get("desiredMeta")});
    let held = json!({"metadata": case.get("clusterMeta")});
    same(
        "version",
        &object_version(&held),
        &case.text("clusterVersion"),
    )?;
    let recorded = Some(case.text("recordedVersion")).filter(|version| !version.is_empty());
    same(
        "needs update",
        &Some(needs_update(&desired, &held, recorded)),
        &case.get("needsUpdate").as_bool(),
    )
}
