//! Do ports have numbers and names that fit together, and does what refers to one find it?

use serde_json::Value;

use super::Row;
use super::spot::{Fields, Spot, list, text};
use crate::check::violation::Rule;

pub(super) const RULES: &[Row] = &[
    ("api.core.v1.Container", container),
    ("api.core.v1.PodSpec", pod),
    ("api.core.v1.ServiceSpec", service),
    ("api.networking.v1.NetworkPolicyPort", range),
    ("api.networking.v1.ServiceBackendPort", backend),
];

fn container(spot: &mut Spot<'_>) {
    spot.unique("ports", "name", Rule::Port);
    named_ports(spot);
}

/// Where a probe or a hook names a port of its container.
const REFERENCES: [&str; 9] = [
    "livenessProbe/httpGet",
    "livenessProbe/tcpSocket",
    "readinessProbe/httpGet",
    "readinessProbe/tcpSocket",
    "startupProbe/httpGet",
    "startupProbe/tcpSocket",
    "lifecycle/postStart/httpGet",
    "lifecycle/preStop/httpGet",
    "lifecycle/preStop/tcpSocket",
];

fn named_ports(spot: &mut Spot<'_>) {
    let ports = spot.list("ports");
    for place in REFERENCES {
        let mut steps = place.split('/');
        let first = steps.next().and_then(|step| spot.fields.get(step));
        let action = steps.fold(first, |here, step| here?.get(step));
        let Some(name) = action
            .and_then(|action| action.get("port"))
            .and_then(Value::as_str)
        else {
            continue;
        };
        let is_there = ports
            .iter()
            .any(|port| port.get("name").and_then(Value::as_str) == Some(name));
        if !is_there {
            spot.say(
                &format!("{place}/port"),
                Rule::Usable,
                format!("no port of this container is named {name}: name one, or use its number"),
            );
        }
    }
}

/// Two ports of a pod that want the same port of its node.
fn pod(spot: &mut Spot<'_>) {
    let on_host = spot.get("hostNetwork") == Some(&Value::Bool(true));
    let mut taken: Vec<(i64, &str, &str)> = Vec::new();
    for (index, container) in spot.list("containers").iter().enumerate() {
        let Some(container) = container.as_object() else {
            continue;
        };
        for (at, port) in list(container, "ports").iter().enumerate() {
            let Some(port) = port.as_object() else {
                continue;
            };
            let number = |field: &str| {
                port.get(field)
                    .and_then(Value::as_i64)
                    .filter(|number| *number != 0)
            };
            let (host, inside) = (number("hostPort"), number("containerPort"));
            if on_host && host.is_some() && host != inside {
                let place = format!("containers/{index}/ports/{at}/hostPort");
                spot.say(
                    &place,
                    Rule::Port,
                    "must be the same as containerPort on the host's network",
                );
            }
            let Some(number) = host.or(inside.filter(|_| on_host)) else {
                continue;
            };
            let key = (number, protocol(port), text(port, "hostIP"));
            if taken.contains(&key) {
                let place = format!("containers/{index}/ports/{at}/hostPort");
                spot.say(&place, Rule::Port, "is taken by another port of this pod");
            }
            taken.push(key);
        }
    }
}

fn protocol(port: &Fields) -> &str {
    Some(text(port, "protocol"))
        .filter(|protocol| !protocol.is_empty())
        .unwrap_or("TCP")
}

/// The numbers that a server gives to ports of its nodes unless it is told others.
const NODE_PORTS: std::ops::RangeInclusive<i64> = 30000..=32767;

fn service(spot: &mut Spot<'_>) {
    let kind = spot.text("type");
    let ports = spot.list("ports");
    spot.unique("ports", "name", Rule::Port);
    let mut taken: Vec<(i64, &str)> = Vec::new();
    let mut nodes: Vec<(i64, &str)> = Vec::new();
    let nothing = Fields::new();
    for (index, port) in ports.iter().enumerate() {
        let port = port.as_object().unwrap_or(&nothing);
        if ports.len() > 1 && text(port, "name").is_empty() {
            spot.say(
                &format!("ports/{index}/name"),
                Rule::Port,
                "must be there, as the Service has several ports",
            );
        }
        let number = |field: &str| port.get(field).and_then(Value::as_i64).unwrap_or_default();
        let key = (number("port"), protocol(port));
        if taken.contains(&key) {
            let message = "is the same port and protocol as an earlier one: each may be there once";
            spot.say(&format!("ports/{index}"), Rule::Port, message);
        }
        taken.push(key);
        let node = number("nodePort");
        if node <= 0 {
            continue;
        }
        let place = format!("ports/{index}/nodePort");
        if !matches!(kind, "NodePort" | "LoadBalancer") {
            spot.say(
                &place,
                Rule::Port,
                "must not be there: only NodePort and LoadBalancer Services have one",
            );
        } else if !NODE_PORTS.contains(&node) {
            spot.say(
                &place,
                Rule::Usable,
                "is not between 30000 and 32767: only a server that is told so gives it",
            );
        }
        if nodes.contains(&(node, key.1)) {
            spot.say(
                &place,
                Rule::Port,
                "is taken by an earlier port of this Service",
            );
        }
        nodes.push((node, key.1));
    }
    let headless = spot.text("clusterIP") == "None";
    if ports.is_empty() && !headless && kind != "ExternalName" {
        spot.say(
            "ports",
            Rule::Port,
            "must not be empty: name the ports of the pods to reach",
        );
    }
}

fn range(spot: &mut Spot<'_>) {
    let Some(end) = spot.number("endPort") else {
        return;
    };
    match spot.get("port") {
        None => spot.say("endPort", Rule::Port, "must not be there without port"),
        Some(Value::String(_)) => spot.say(
            "endPort",
            Rule::Port,
            "must not be there beside a port's name",
        ),
        Some(port) if port.as_i64().is_some_and(|port| port > end) => {
            spot.say("endPort", Rule::Port, "must not be less than port");
        }
        Some(_) => {}
    }
}

fn backend(spot: &mut Spot<'_>) {
    let number = spot.number("number").is_some_and(|number| number != 0);
    match (number, !spot.text("name").is_empty()) {
        (true, true) => spot.say(
            "name",
            Rule::Port,
            "cannot stand beside number: keep one of them",
        ),
        (false, false) => spot.say("", Rule::Port, "must have a number or a name"),
        _ => {}
    }
}
