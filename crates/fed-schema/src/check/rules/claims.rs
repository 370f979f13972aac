//! Do claims and volumes ask for storage in a way that can be met?

use serde_json::Value;

use super::Row;
use super::spot::Spot;
use crate::check::violation::Rule;
use crate::check::written::quantity;

pub(super) const RULES: &[Row] = &[
    ("api.core.v1.PersistentVolumeClaimSpec", claim),
    ("api.core.v1.PersistentVolumeSpec", volume),
    ("api.resource.v1.DeviceConstraint", constraint),
    ("api.resource.v1.DeviceRequest", request),
    ("api.resource.v1.ResourceSliceSpec", slice),
    ("api.storage.v1.VolumeAttachmentSource", source),
];

fn claim(spot: &mut Spot<'_>) {
    let resources = spot.object("resources");
    let asked = resources.and_then(|resources| resources.get("requests")?.get("storage"));
    match asked {
        None | Some(Value::Null) => {
            spot.say(
                "resources/requests/storage",
                Rule::Combination,
                "must be there: how much to ask for",
            );
        }
        Some(asked) if quantity(asked).is_some_and(|amount| amount <= 0) => {
            spot.say(
                "resources/requests/storage",
                Rule::Quantity,
                "must be more than 0",
            );
        }
        Some(_) => {}
    }
    modes(spot);
}

fn modes(spot: &mut Spot<'_>) {
    let modes = spot.list("accessModes");
    if modes.len() > 1 && modes.iter().any(|mode| mode == "ReadWriteOncePod") {
        spot.refuse(
            "accessModes",
            "must be ReadWriteOncePod alone, or without it",
        );
    }
}

/// What is no source of a volume among the fields of its spec.
const OTHERS: [&str; 3] = ["capacity", "claimRef", "nodeAffinity"];

fn volume(spot: &mut Spot<'_>) {
    modes(spot);
    let sources: Vec<_> = spot
        .members()
        .filter(|field| !OTHERS.contains(field))
        .collect();
    match sources[..] {
        [] => spot.refuse("", "must have a source, such as csi, nfs or hostPath"),
        [first, second, ..] => {
            spot.refuse(
                second,
                format!("cannot stand beside {first}: a volume has one source"),
            );
        }
        [_] => {}
    }
    let capacity = spot.object("capacity");
    for resource in capacity.into_iter().flatten().map(|(resource, _)| resource) {
        if resource != "storage" {
            spot.say_of_key(
                "capacity",
                resource,
                Rule::Combination,
                "must be storage: a volume has nothing else",
            );
        }
    }
    if capacity.is_some_and(|capacity| !capacity.is_empty() && !capacity.contains_key("storage")) {
        spot.refuse("capacity/storage", "must be there: how large the volume is");
    }
    if capacity
        .and_then(|capacity| capacity.get("storage"))
        .and_then(quantity)
        .is_some_and(|amount| amount <= 0)
    {
        spot.say("capacity/storage", Rule::Quantity, "must be more than 0");
    }
    if spot.has("local") && !spot.has("nodeAffinity") {
        spot.refuse(
            "nodeAffinity",
            "must be there for a local volume: the node that has it",
        );
    }
}

fn constraint(spot: &mut Spot<'_>) {
    spot.exactly_one(&["distinctAttribute", "matchAttribute"]);
}

fn request(spot: &mut Spot<'_>) {
    match (spot.has("exactly"), spot.list("firstAvailable").is_empty()) {
        (true, false) => spot.refuse(
            "firstAvailable",
            "cannot stand beside exactly: keep one of them",
        ),
        (false, true) => spot.refuse("", "must have exactly or firstAvailable"),
        _ => {}
    }
}

fn slice(spot: &mut Spot<'_>) {
    let is_set = |field: &&str| match spot.get(field) {
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Bool(flag)) => *flag,
        value => value.is_some(),
    };
    let fields = [
        "allNodes",
        "nodeName",
        "nodeSelector",
        "perDeviceNodeSelection",
    ];
    if fields.iter().filter(|field| is_set(field)).count() != 1 {
        spot.refuse(
            "",
            format!("must have exactly one of: {}", fields.join(", ")),
        );
    }
}

fn source(spot: &mut Spot<'_>) {
    spot.exactly_one(&["inlineVolumeSpec", "persistentVolumeName"]);
    if spot
        .get("persistentVolumeName")
        .is_some_and(|name| name == "")
    {
        spot.refuse("persistentVolumeName", "must not be empty");
    }
}
