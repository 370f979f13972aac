//! Has a volume one source, and does that say what it must?

use serde_json::Value;

use super::Row;
use super::forms::Form;
use super::spot::{Fields, Spot};
use crate::check::violation::Rule;

pub(super) const RULES: &[Row] = &[
    ("api.core.v1.CSIPersistentVolumeSource", driver),
    ("api.core.v1.DownwardAPIVolumeFile", downward),
    ("api.core.v1.HostPathVolumeSource", host_path),
    ("api.core.v1.ISCSIVolumeSource", iscsi),
    ("api.core.v1.NFSVolumeSource", nfs),
    ("api.core.v1.Volume", volume),
    ("api.core.v1.VolumeMount", mount),
    ("api.core.v1.VolumeProjection", projection),
];

fn volume(spot: &mut Spot<'_>) {
    one_source(spot, "a volume has one source");
}

fn projection(spot: &mut Spot<'_>) {
    one_source(spot, "a projection has one source");
}

fn one_source(spot: &mut Spot<'_>, why: &str) {
    let sources: Vec<_> = spot.members().collect();
    if let [first, second, ..] = sources[..] {
        spot.refuse(second, format!("cannot stand beside {first}: {why}"));
    }
}

fn downward(spot: &mut Spot<'_>) {
    spot.exactly_one(&["fieldRef", "resourceFieldRef"]);
    if let Some(resource) = spot.object("resourceFieldRef")
        && super::spot::text(resource, "containerName").is_empty()
    {
        spot.refuse(
            "resourceFieldRef/containerName",
            "must be there: a volume belongs to no container",
        );
    }
}

fn mount(spot: &mut Spot<'_>) {
    if spot.text("mountPath").contains(':') {
        spot.say("mountPath", Rule::Usable, "must not contain ':'");
    }
    if !spot.text("subPath").is_empty() && !spot.text("subPathExpr").is_empty() {
        spot.refuse(
            "subPathExpr",
            "cannot stand beside subPath: keep one of them",
        );
    }
}

fn host_path(spot: &mut Spot<'_>) {
    if spot.text("path").split('/').any(|part| part == "..") {
        spot.say("path", Rule::Value, "must not contain '..'");
    }
}

fn nfs(spot: &mut Spot<'_>) {
    let path = spot.text("path");
    if let Some(message) = Form::AbsolutePath
        .fault_of(path)
        .filter(|_| !path.is_empty())
    {
        spot.say("path", Rule::Value, message);
    }
}

fn iscsi(spot: &mut Spot<'_>) {
    let name = spot.text("iqn");
    if !name.is_empty()
        && !["iqn.", "eui.", "naa."]
            .iter()
            .any(|start| name.starts_with(start))
    {
        spot.say("iqn", Rule::Value, "must begin with iqn., eui. or naa.");
    }
}

/// The secrets that a driver of persistent volumes may be given.
const SECRETS: [&str; 5] = [
    "controllerExpandSecretRef",
    "controllerPublishSecretRef",
    "nodeExpandSecretRef",
    "nodePublishSecretRef",
    "nodeStageSecretRef",
];

fn driver(spot: &mut Spot<'_>) {
    let is_there = |secret: &Fields, part: &str| {
        secret
            .get(part)
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty())
    };
    for field in SECRETS {
        let Some(secret) = spot.object(field) else {
            continue;
        };
        for part in ["name", "namespace"] {
            if !is_there(secret, part) {
                spot.refuse(&format!("{field}/{part}"), "must be there");
            }
        }
    }
}
