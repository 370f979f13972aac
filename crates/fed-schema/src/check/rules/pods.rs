//! Do the parts of a pod fit together? Containers, their environment, probes, mounts.

use serde_json::Value;

use super::Row;
use super::spot::{Fields, Spot, list, text};
use crate::check::violation::Rule;

pub(super) const RULES: &[Row] = &[
    ("api.core.v1.Container", container),
    ("api.core.v1.EnvFromSource", environment_source),
    ("api.core.v1.EnvVar", environment),
    ("api.core.v1.EnvVarSource", value_source),
    ("api.core.v1.LifecycleHandler", handler),
    ("api.core.v1.PodSecurityContext", pod_security),
    ("api.core.v1.PodSpec", pod),
    ("api.core.v1.Probe", probe),
    ("api.core.v1.SeccompProfile", seccomp),
    ("api.core.v1.Toleration", toleration),
];

/// The lists of containers of a pod.
const CONTAINERS: [&str; 2] = ["containers", "initContainers"];

fn pod(spot: &mut Spot<'_>) {
    let mut names: Vec<&str> = Vec::new();
    for field in CONTAINERS {
        for (index, container) in spot.list(field).iter().enumerate() {
            let Some(container) = container.as_object() else {
                continue;
            };
            let name = text(container, "name");
            if !name.is_empty() && names.contains(&name) {
                spot.say(
                    &format!("{field}/{index}/name"),
                    Rule::Name,
                    "is the same as that of another container: it must be unique in the pod",
                );
            }
            names.push(name);
            mounts(spot, container, &format!("{field}/{index}"));
        }
    }
    spot.unique("volumes", "name", Rule::Name);
    spreads(spot);
    if !spot.list("ephemeralContainers").is_empty() {
        spot.refuse(
            "ephemeralContainers",
            "must not be there: they are added to running pods",
        );
    }
    initial_probes(spot);
    let nameservers = spot
        .object("dnsConfig")
        .map_or(&[][..], |config| list(config, "nameservers"));
    if spot.text("dnsPolicy") == "None" && nameservers.is_empty() {
        spot.refuse(
            "dnsConfig/nameservers",
            "must not be empty, as dnsPolicy is None",
        );
    }
}

/// What a container mounts is there, and it mounts one thing at a place.
fn mounts(spot: &mut Spot<'_>, container: &Fields, place: &str) {
    let volumes = spot.list("volumes");
    for (field, at) in [
        ("volumeMounts", "mountPath"),
        ("volumeDevices", "devicePath"),
    ] {
        let mut taken: Vec<&str> = Vec::new();
        for (index, mount) in list(container, field).iter().enumerate() {
            let Some(mount) = mount.as_object() else {
                continue;
            };
            let name = text(mount, "name");
            // A StatefulSet's claims are volumes too: its own rule looks at them.
            let is_there = spot.kind == "StatefulSet"
                || volumes
                    .iter()
                    .any(|volume| volume.get("name").and_then(Value::as_str) == Some(name));
            if !is_there && !name.is_empty() {
                let message = format!("no volume of this pod is named {name}: add it to volumes");
                spot.say(
                    &format!("{place}/{field}/{index}/name"),
                    Rule::Combination,
                    message,
                );
            }
            let path = text(mount, at);
            if !path.is_empty() && taken.contains(&path) {
                let message = "is taken by another mount of this container";
                spot.say(
                    &format!("{place}/{field}/{index}/{at}"),
                    Rule::Combination,
                    message,
                );
            }
            taken.push(path);
        }
    }
}

/// A container that ends before the others start is not probed.
fn initial_probes(spot: &mut Spot<'_>) {
    for (index, container) in spot.list("initContainers").iter().enumerate() {
        if container.get("restartPolicy").and_then(Value::as_str) == Some("Always") {
            continue;
        }
        for field in [
            "lifecycle",
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
        ] {
            if container.get(field).is_some_and(|value| !value.is_null()) {
                let message = "must not be there, unless this container's restartPolicy is Always";
                spot.refuse(&format!("initContainers/{index}/{field}"), message);
            }
        }
    }
}

fn spreads(spot: &mut Spot<'_>) {
    let spreads = spot.list("topologySpreadConstraints");
    let key = |spread: &Value| {
        let text = |field: &str| spread.get(field).and_then(Value::as_str).map(str::to_owned);
        (text("topologyKey"), text("whenUnsatisfiable"))
    };
    for (index, spread) in spreads.iter().enumerate() {
        if spreads
            .iter()
            .take(index)
            .any(|earlier| key(earlier) == key(spread))
        {
            spot.refuse(
                &format!("topologySpreadConstraints/{index}"),
                "has the same topologyKey and whenUnsatisfiable as an earlier one",
            );
        }
    }
}

fn container(spot: &mut Spot<'_>) {
    let image = spot.text("image");
    if image.trim() != image {
        // A template's image is looked at when the first pod is made.
        let rule = if spot.kind == "Pod" {
            Rule::Value
        } else {
            Rule::Usable
        };
        spot.say("image", rule, "must have no blanks around it");
    }
    let context = spot.object("securityContext");
    let is = |field: &str, wanted: bool| {
        context
            .and_then(|context| context.get(field))
            .and_then(Value::as_bool)
            == Some(wanted)
    };
    if is("privileged", true) && is("allowPrivilegeEscalation", false) {
        spot.refuse(
            "securityContext/allowPrivilegeEscalation",
            "must not be false for a privileged container",
        );
    }
    for probe in ["livenessProbe", "startupProbe"] {
        let threshold = spot
            .object(probe)
            .and_then(|probe| probe.get("successThreshold"))
            .and_then(Value::as_i64);
        if threshold.is_some_and(|threshold| threshold > 1) {
            spot.say(
                &format!("{probe}/successThreshold"),
                Rule::Value,
                "must be 1 here",
            );
        }
    }
}

const HANDLERS: [&str; 4] = ["exec", "grpc", "httpGet", "tcpSocket"];

fn probe(spot: &mut Spot<'_>) {
    spot.exactly_one(&HANDLERS);
}

fn handler(spot: &mut Spot<'_>) {
    spot.exactly_one(&["exec", "httpGet", "sleep", "tcpSocket"]);
}

fn environment(spot: &mut Spot<'_>) {
    if !spot.text("value").is_empty() && spot.has("valueFrom") {
        spot.refuse("valueFrom", "cannot stand beside value: keep one of them");
    }
}

fn value_source(spot: &mut Spot<'_>) {
    spot.exactly_one(&[
        "configMapKeyRef",
        "fieldRef",
        "fileKeyRef",
        "resourceFieldRef",
        "secretKeyRef",
    ]);
    let field = spot
        .object("fieldRef")
        .map_or("", |field| text(field, "fieldPath"));
    if !field.is_empty() && !is_field(field) {
        spot.say(
            "fieldRef/fieldPath",
            Rule::Value,
            format!(
                "must be one of {}, or metadata.labels['KEY'] or metadata.annotations['KEY']",
                FIELDS.join(", ")
            ),
        );
    }
}

const FIELDS: [&str; 10] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
    "spec.host",
];

fn is_field(field: &str) -> bool {
    let is_key = |start: &str| field.starts_with(start) && field.ends_with("']");
    FIELDS.contains(&field) || is_key("metadata.labels['") || is_key("metadata.annotations['")
}

fn environment_source(spot: &mut Spot<'_>) {
    spot.exactly_one(&["configMapRef", "secretRef"]);
}

fn toleration(spot: &mut Spot<'_>) {
    let operator = spot.text("operator");
    let (key, value) = (spot.text("key"), spot.text("value"));
    if key.is_empty() && operator != "Exists" {
        spot.refuse("operator", "must be Exists where there is no key");
    }
    if operator == "Exists" && !value.is_empty() {
        spot.refuse("value", "must not be there, as operator is Exists");
    }
    if matches!(operator, "" | "Equal")
        && let Some(message) = super::forms::Form::LabelValue.fault_of(value)
    {
        spot.say("value", Rule::Value, message);
    }
    if spot.has("tolerationSeconds") && spot.text("effect") != "NoExecute" {
        spot.refuse("effect", "must be NoExecute beside tolerationSeconds");
    }
}

fn pod_security(spot: &mut Spot<'_>) {
    spot.unique("sysctls", "name", Rule::Name);
    for (index, sysctl) in spot.list("sysctls").iter().enumerate() {
        let name = sysctl
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let is_inner = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_./".contains(&byte)
        };
        if !name.is_empty() && !name.bytes().all(is_inner) {
            let message = "must be lower-case letters, digits, '-', '_' and '.'";
            spot.say(&format!("sysctls/{index}/name"), Rule::Name, message);
        }
    }
}

fn seccomp(spot: &mut Spot<'_>) {
    match (spot.text("type"), spot.has("localhostProfile")) {
        ("Localhost", false) => {
            spot.refuse("localhostProfile", "must be there, as type is Localhost");
        }
        ("Localhost", true) | (_, false) => {}
        (_, true) => spot.refuse(
            "localhostProfile",
            "must not be there unless type is Localhost",
        ),
    }
}
