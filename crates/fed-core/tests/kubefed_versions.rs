//! Are the versions of templates and overrides those that KubeFed recorded?

mod common;

use common::{Case, Miss, same, table};
use fed_core::dialect::kubefed::versions::{
    overrides_version, propagated_version_name, template_version,
};

#[test]
fn the_table_of_versions_holds() {
    table!("kubefed_versions").run(|case| match case.group {
        "unitTemplateHash" | "derivedHash" => hashes(case),
        "derivedNames" => {
            let name = propagated_version_name(case.text("targetKind"), case.text("name"));
            same("name", &name, &case.text("propagatedVersionName"))
        }
        "derivedNeedsUpdate" => Err(Miss::LeftOut("belongs to the comparison with a cluster")),
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
