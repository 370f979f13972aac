//! Are the data of a `ConfigMap` or Secret in order? Values of Secrets are never told.

use serde_json::Value;

use super::spot::Spot;
use crate::Kind;
use crate::check::violation::Rule;
use crate::check::written::decoded_length;

/// No `ConfigMap` or Secret is larger.
const LARGEST: usize = 1 << 20;

/// The keys that Secrets of a type must have.
const KEYS: [(&str, &[&str]); 5] = [
    ("kubernetes.io/dockercfg", &[".dockercfg"]),
    ("kubernetes.io/dockerconfigjson", &[".dockerconfigjson"]),
    ("kubernetes.io/ssh-auth", &["ssh-privatekey"]),
    ("kubernetes.io/tls", &["tls.crt", "tls.key"]),
    ("bootstrap.kubernetes.io/token", &[]),
];

const BASIC: &str = "kubernetes.io/basic-auth";
const TOKEN: &str = "kubernetes.io/service-account-token";
const SERVICE_ACCOUNT: &str = "kubernetes.io/service-account.name";

/// Says what is wrong with the data of an object, if it is one with data.
pub(super) fn check(kind: Kind<'_>, spot: &mut Spot<'_>) {
    match (kind.group(), kind.kind()) {
        ("", "ConfigMap") => config_map(spot),
        ("", "Secret") => secret(spot),
        _ => {}
    }
}

fn config_map(spot: &mut Spot<'_>) {
    let data = spot.object("data");
    let in_both = spot
        .object("binaryData")
        .into_iter()
        .flatten()
        .filter(|(key, _)| data.is_some_and(|data| data.contains_key(*key)));
    for (key, _) in in_both {
        spot.say_of_key(
            "binaryData",
            key,
            Rule::Combination,
            "stands in data as well: keep one of them",
        );
    }
    size(spot, "data", "binaryData");
}

fn secret(spot: &mut Spot<'_>) {
    size(spot, "stringData", "data");
    let kind = spot.text("type");
    for key in KEYS
        .iter()
        .filter(|(name, _)| *name == kind)
        .flat_map(|(_, keys)| *keys)
    {
        if !has(spot, key) {
            let message = format!("must have the key {key}, as the type is {kind}");
            spot.say("data", Rule::Combination, message);
        }
    }
    if kind == BASIC && !has(spot, "username") && !has(spot, "password") {
        let message = format!("must have the key username or password, as the type is {kind}");
        spot.say("data", Rule::Combination, message);
    }
    if kind == TOKEN {
        let account = spot
            .fields
            .get("metadata")
            .and_then(|metadata| metadata.get("annotations"));
        let account = account.and_then(|annotations| annotations.get(SERVICE_ACCOUNT));
        if account.and_then(Value::as_str).is_none_or(str::is_empty) {
            let message = format!("must have {SERVICE_ACCOUNT}, as the type is {kind}");
            spot.say("metadata/annotations", Rule::Combination, message);
        }
    }
    for key in [".dockerconfigjson", ".dockercfg"] {
        let text = spot.object("stringData").and_then(|data| data.get(key));
        let is_json =
            |text: &str| serde_json::from_str::<Value>(text).is_ok_and(|json| json.is_object());
        let is_of_kind = kind.strip_prefix("kubernetes.io/") == key.strip_prefix('.');
        if let Some(text) = text.filter(|_| is_of_kind)
            && !is_json(text.as_str().unwrap_or_default())
        {
            spot.say_of_key("stringData", key, Rule::Value, "must be a JSON object");
        }
    }
}

fn has(spot: &Spot<'_>, key: &str) -> bool {
    ["data", "stringData"].iter().any(|field| {
        spot.object(field)
            .is_some_and(|data| data.contains_key(key))
    })
}

fn size(spot: &mut Spot<'_>, plain: &str, encoded: &str) {
    let sum = |field: &str, length: fn(&str) -> usize| -> usize {
        let values = spot.object(field).into_iter().flatten();
        values
            .filter_map(|(_, value)| value.as_str())
            .map(length)
            .sum()
    };
    if sum(plain, str::len) + sum(encoded, decoded_length) > LARGEST {
        spot.say("", Rule::Value, "must be no larger than 1 MiB in all");
    }
}
