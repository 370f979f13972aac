//! Do overrides do to an object what Karmada's overriders do? Its input is translated here.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod common;

use common::{Case, Miss, check, same, table};
use fed_core::customize::{
    ImageName, ImageOverride, ImagePart, KeysOverride, Override, OverrideSet, WordsOverride,
};
use fed_core::{Cluster, Location, Problem};
use serde_json::{Value, json};

const NO_REPOSITORY: &str = "an image without a repository, which cannot be asked for here";

#[test]
fn karmada_overrides_images() {
    table!("karmada_override_image").run(|case| match case.group {
        "imageoverride/TestParseJSONPatchesByImageOverrider" => image(case),
        "parser/TestParse" => parsed(case),
        "parser/TestSplitHostname" => {
            let name = ImageName::parse(case.text("input"));
            same("registry", &name.registry(), &case.text("expectedHostname"))?;
            let repository = case.text("expectedRepository");
            same("repository", &name.repository(), &repository)
        }
        other => Err(format!("no translation for {other}").into()),
    });
}

#[test]
fn karmada_overrides_commands_and_arguments() {
    table!("karmada_override_commandargs").run(|case| match case.group {
        "commandargsoverride/TestParseJSONPatchesByCommandOverrider" => words(case, "command"),
        "commandargsoverride/TestParseJSONPatchesByArgsOverrider" => words(case, "args"),
        other => Err(format!("no translation for {other}").into()),
    });
}

#[test]
fn karmada_overrides_labels_and_annotations() {
    table!("karmada_override_labels_annotations").run(|case| match case.group {
        "labelannotationoverrider/Test_applyLabelsOverriders" => keys(case, "labels"),
        "labelannotationoverrider/Test_applyAnnotationsOverriders" => keys(case, "annotations"),
        other => Err(format!("no translation for {other}").into()),
    });
}

fn parsed(case: &Case<'_>) -> Result<(), Miss> {
    let name = ImageName::parse(case.text("image"));
    same("registry", &name.registry(), &case.text("expectHostname"))?;
    let repository = case.text("expectRepository");
    same("repository", &name.repository(), &repository)?;
    same("tag", &name.tag(), &case.text("expectTag"))?;
    // Karmada keeps no digest beside a tag.
    let digest = if name.tag().is_empty() {
        name.digest()
    } else {
        ""
    };
    same("digest", &digest, &case.text("expectDigest"))
}

/// What native overrides make of the object of a case.
fn overridden(object: &Value, overrides: &[Override]) -> Result<Value, Problem> {
    let set = OverrideSet::native(overrides, &Location::in_code());
    let mut changed = object.clone();
    set.apply(&Cluster::new("member"), &mut changed)?;
    Ok(changed)
}

/// The object of a case with the patches applied that Karmada makes of it.
fn wanted(case: &Case<'_>, object: &Value) -> Value {
    let mut wanted = object.clone();
    if !case.get("want").is_null() {
        let patch: json_patch::Patch = serde_json::from_value(case.get("want").clone()).unwrap();
        json_patch::patch(&mut wanted, &patch).unwrap();
    }
    wanted
}

fn image(case: &Case<'_>) -> Result<(), Miss> {
    let args = case.get("args");
    let (object, overrider) = (&args["rawObj"], &args["imageOverrider"]);
    let Some(change) = image_change(object, overrider) else {
        return Err(Miss::LeftOut(NO_REPOSITORY));
    };
    let mut source = Override::default();
    source.image.push(change);
    let found = overridden(object, &[source]);
    if case.get("wantErr") == &json!(true) {
        return check(found.is_err(), || "it does not fail".to_owned());
    }
    match found {
        Ok(found) => same("object", &found, &wanted(case, object)),
        // What leaves everything as it is in Karmada without a word fails here, and says so.
        Err(problem) => check(wanted(case, object) == *object, || problem.to_string()),
    }
}

/// The native form of an image overrider; nothing where there is none.
fn image_change(object: &Value, overrider: &Value) -> Option<ImageOverride> {
    let value = overrider["value"].as_str().map(str::to_owned);
    let operator = overrider["operator"].as_str().unwrap();
    let mut change = ImageOverride::default();
    change.path = overrider
        .pointer("/predicate/path")
        .and_then(Value::as_str)
        .map(str::to_owned);
    if change.path.is_none() {
        // Karmada leaves init containers as they are.
        let path = match object["kind"].as_str() {
            Some("Pod") => "/spec/containers",
            _ => "/spec/template/spec/containers",
        };
        let containers = object.pointer(path).and_then(Value::as_array);
        let names = containers.into_iter().flatten();
        let names = names.map(|one| one["name"].as_str().unwrap_or_default().to_owned());
        change.containers = containers.is_some().then(|| names.collect());
    }
    match (overrider["component"].as_str().unwrap(), operator) {
        ("Registry", "add") => change.append.registry = value,
        ("Registry", "replace") => change.set.registry = value,
        ("Registry", "remove") => change.remove = vec![ImagePart::Registry],
        ("Repository", "add") => change.append.repository = value,
        ("Repository", "replace") => change.set.repository = value,
        ("Repository", _) => return None,
        // Behind a tag that is not there, Karmada sets one.
        ("Tag", "add") if !has_tag(object) => change.set.tag = value,
        ("Tag", "add") => change.append.tag = value,
        // One component for both: what it is shows in its colon.
        ("Tag", "replace") if value.as_ref().is_some_and(|value| value.contains(':')) => {
            change.set.digest = value;
        }
        ("Tag", "replace") => change.set.tag = value,
        _ => change.remove = vec![ImagePart::Tag, ImagePart::Digest],
    }
    Some(change)
}

/// Does an image of the object have a tag?
fn has_tag(object: &Value) -> bool {
    match object {
        Value::Object(fields) => fields.iter().any(|(name, value)| match value {
            Value::String(image) if name == "image" => !ImageName::parse(image).tag().is_empty(),
            _ => has_tag(value),
        }),
        Value::Array(items) => items.iter().any(has_tag),
        _ => false,
    }
}

fn words(case: &Case<'_>, field: &str) -> Result<(), Miss> {
    let args = case.get("args");
    let (object, overrider) = (&args["rawObj"], &args["commandArgsOverrider"]);
    let values: Vec<String> = serde_json::from_value(overrider["value"].clone()).unwrap();
    let change = WordsOverride::of(overrider["containerName"].as_str().unwrap());
    let change = match overrider["operator"].as_str().unwrap() {
        "add" => change.append(values),
        _ => change.remove(values),
    };
    let mut source = Override::default();
    match field {
        "command" => source.command.push(change),
        _ => source.args.push(change),
    }
    let found = overridden(object, &[source]).map_err(|problem| problem.to_string())?;
    same("object", &found, &wanted(case, object))
}

fn keys(case: &Case<'_>, field: &str) -> Result<(), Miss> {
    let args = case.get("args");
    let theirs = args["commandOverriders"].as_array().into_iter().flatten();
    let overrides: Vec<_> = theirs
        .map(|overrider| {
            let values = overrider["value"].as_object().into_iter().flatten();
            let values = values.map(|(key, value)| (key.as_str(), value.as_str().unwrap()));
            let change = match overrider["operator"].as_str().unwrap() {
                "add" => KeysOverride::set(values),
                "replace" => KeysOverride::default().replace(values),
                _ => KeysOverride::default().remove(values.map(|(key, _)| key)),
            };
            let mut source = Override::default();
            match field {
                "labels" => source.labels = change,
                _ => source.annotations = change,
            }
            source
        })
        .collect();
    let found = overridden(&args["rawObj"], &overrides).map_err(|problem| problem.to_string())?;
    let found = found["metadata"].get(field).cloned();
    let is_empty = |keys: &Value| keys.as_object().is_none_or(serde_json::Map::is_empty);
    let found = found.filter(|keys| !is_empty(keys));
    let wanted = Some(case.get("want").clone()).filter(|keys| !is_empty(keys));
    same(field, &found, &wanted)
}
