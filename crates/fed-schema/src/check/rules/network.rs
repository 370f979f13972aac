//! Do Services, Ingresses and `NetworkPolicies` say one thing, and all of it?

use serde_json::Value;

use super::Row;
use super::forms::{Form, network as read};
use super::spot::Spot;
use crate::check::violation::Rule;

pub(super) const RULES: &[Row] = &[
    ("api.core.v1.EndpointSubset", subset),
    ("api.core.v1.ServiceSpec", service),
    ("api.discovery.v1.EndpointSlice", slice),
    ("api.networking.v1.HTTPIngressPath", path),
    ("api.networking.v1.IPBlock", block),
    ("api.networking.v1.IngressBackend", backend),
    (
        "api.networking.v1.IngressClassParametersReference",
        parameters,
    ),
    ("api.networking.v1.IngressSpec", ingress),
    ("api.networking.v1.NetworkPolicyPeer", peer),
];

fn service(spot: &mut Spot<'_>) {
    let kind = spot.text("type");
    if kind == "ExternalName" {
        spot.want(
            "externalName",
            "as type is ExternalName: the host to lead to",
        );
        if !matches!(spot.text("clusterIP"), "" | "None") {
            spot.refuse("clusterIP", "must not be there, as type is ExternalName");
        }
    }
    if matches!(kind, "NodePort" | "LoadBalancer") && spot.text("clusterIP") == "None" {
        spot.refuse("clusterIP", format!("must not be None, as type is {kind}"));
    }
    if kind != "LoadBalancer" {
        for field in [
            "loadBalancerClass",
            "allocateLoadBalancerNodePorts",
            "loadBalancerSourceRanges",
        ] {
            if spot.has(field) {
                spot.refuse(field, "must not be there unless type is LoadBalancer");
            }
        }
    }
    let external =
        matches!(kind, "NodePort" | "LoadBalancer") || !spot.list("externalIPs").is_empty();
    if !external && !spot.text("externalTrafficPolicy").is_empty() {
        spot.refuse(
            "externalTrafficPolicy",
            "must not be there unless type is NodePort or LoadBalancer",
        );
    }
    if spot.text("sessionAffinity") == "None" && spot.has("sessionAffinityConfig") {
        spot.refuse(
            "sessionAffinityConfig",
            "must not be there, as sessionAffinity is None",
        );
    }
    let address = spot.text("clusterIP");
    if !matches!(address, "" | "None")
        && let Some(message) = Form::Address.fault_of(address)
    {
        spot.say("clusterIP", Rule::Value, format!("{message}, or None"));
    }
    families(spot);
}

fn families(spot: &mut Spot<'_>) {
    let families = spot.list("ipFamilies");
    if let [first, second, ..] = families
        && first == second
    {
        spot.refuse("ipFamilies/1", "must not be the same as the first");
    }
    if families.len() > 2 {
        spot.refuse("ipFamilies", "must be two at most");
    }
}

fn subset(spot: &mut Spot<'_>) {
    if spot.list("addresses").is_empty() && spot.list("notReadyAddresses").is_empty() {
        spot.refuse("", "must have addresses or notReadyAddresses");
    }
}

fn slice(spot: &mut Spot<'_>) {
    let form = match spot.text("addressType") {
        "IPv4" | "IPv6" => Form::Address,
        "FQDN" => Form::Subdomain,
        _ => return,
    };
    for (index, endpoint) in spot.list("endpoints").iter().enumerate() {
        let addresses = endpoint.get("addresses").and_then(Value::as_array);
        for (at, address) in addresses.into_iter().flatten().enumerate() {
            if let Some(message) = form.fault_of(address.as_str().unwrap_or_default()) {
                spot.say(
                    &format!("endpoints/{index}/addresses/{at}"),
                    Rule::Value,
                    message,
                );
            }
        }
    }
    spot.unique("ports", "name", Rule::Port);
}

fn ingress(spot: &mut Spot<'_>) {
    if spot.list("rules").is_empty() && !spot.has("defaultBackend") {
        spot.refuse("", "must have rules or a defaultBackend");
    }
    for (index, rule) in spot.list("rules").iter().enumerate() {
        let host = rule.get("host").and_then(Value::as_str).unwrap_or_default();
        if Form::Address.fault_of(host).is_none() {
            spot.say(
                &format!("rules/{index}/host"),
                Rule::Value,
                "must be a host name, not an address",
            );
        }
    }
}

fn path(spot: &mut Spot<'_>) {
    let path = spot.text("path");
    if !matches!(spot.text("pathType"), "Exact" | "Prefix") {
        return;
    }
    if path.is_empty() {
        spot.say("path", Rule::Value, "must be there, and begin with '/'");
    }
    for part in ["//", "/./", "/../", "%2f", "%2F"] {
        if path.contains(part) {
            spot.say("path", Rule::Value, format!("must not contain {part}"));
        }
    }
    for end in ["/..", "/."] {
        if path.ends_with(end) {
            spot.say("path", Rule::Value, format!("must not end with {end}"));
        }
    }
}

fn backend(spot: &mut Spot<'_>) {
    spot.exactly_one(&["service", "resource"]);
    let Some(service) = spot.object("service") else {
        return;
    };
    if service.get("port").is_none_or(Value::is_null) {
        spot.say("service/port", Rule::Port, "must have a number or a name");
    }
}

fn parameters(spot: &mut Spot<'_>) {
    match (spot.text("scope"), spot.has("namespace")) {
        ("Namespace", false) => spot.refuse("namespace", "must be there, as scope is Namespace"),
        ("" | "Cluster", true) => {
            spot.refuse("namespace", "must not be there unless scope is Namespace");
        }
        _ => {}
    }
}

fn peer(spot: &mut Spot<'_>) {
    let selectors = spot.has("podSelector") || spot.has("namespaceSelector");
    match (spot.has("ipBlock"), selectors) {
        (true, true) => spot.refuse(
            "ipBlock",
            "cannot stand beside podSelector or namespaceSelector",
        ),
        (false, false) => spot.refuse(
            "",
            "must have a podSelector, a namespaceSelector or an ipBlock",
        ),
        _ => {}
    }
}

fn block(spot: &mut Spot<'_>) {
    let Some((whole, length, is_v4)) = read(spot.text("cidr")) else {
        return;
    };
    if whole & !u128::MAX.checked_shl(128 - length).unwrap_or(0) != 0 {
        spot.say(
            "cidr",
            Rule::Value,
            "must have no bits of an address after those of the network",
        );
    }
    for (index, except) in spot.list("except").iter().enumerate() {
        let Some((part, bits, part_is_v4)) = except.as_str().and_then(read) else {
            continue;
        };
        let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
        if bits <= length || is_v4 != part_is_v4 || (whole ^ part) & mask != 0 {
            let message = "must be a part of cidr, and smaller";
            spot.say(&format!("except/{index}"), Rule::Value, message);
        }
    }
}
