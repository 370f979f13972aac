//! Where are services, and what is behind them? In the words of their cells.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{at, first_few, items, joined, number, text};

/// The cells of a Service.
pub(super) fn service(column: &str, object: &Value, _: Timestamp) -> Value {
    let told = match column {
        "Type" => text(object, "/spec/type").to_owned(),
        "Cluster-IP" => match text(object, "/spec/clusterIP") {
            "" => "<none>".to_owned(),
            address => address.to_owned(),
        },
        "External-IP" => external(object),
        "Port(s)" => {
            let ports: Vec<String> = items(object, "/spec/ports").iter().map(port).collect();
            joined(ports.iter().map(String::as_str), ",", "<none>")
        }
        _ => return Value::Null,
    };
    json!(told)
}

fn port(port: &Value) -> String {
    let (own, protocol) = (number(port, "/port"), text(port, "/protocol"));
    match number(port, "/nodePort") {
        0 => format!("{own}/{protocol}"),
        node => format!("{own}:{node}/{protocol}"),
    }
}

fn external(object: &Value) -> String {
    let own = items(object, "/spec/externalIPs")
        .iter()
        .filter_map(Value::as_str);
    match text(object, "/spec/type") {
        "ExternalName" => text(object, "/spec/externalName").to_owned(),
        "LoadBalancer" => {
            let given = balancer(object);
            joined(
                given.iter().map(String::as_str).chain(own),
                ",",
                "<pending>",
            )
        }
        _ => joined(own, ",", "<none>"),
    }
}

/// Where a load balancer stands.
pub(super) fn balancer(object: &Value) -> Vec<String> {
    let places = items(object, "/status/loadBalancer/ingress").iter();
    let mut places: Vec<String> = places
        .map(|place| match text(place, "/ip") {
            "" => text(place, "/hostname").to_owned(),
            address => address.to_owned(),
        })
        .filter(|place| !place.is_empty())
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The hosts of an Ingress.
pub(super) fn ingress_hosts(object: &Value) -> String {
    const MOST: usize = 3;
    let rules = items(object, "/spec/rules");
    let hosts: Vec<&str> = rules.iter().map(|rule| text(rule, "/host")).collect();
    let named = hosts.iter().copied().filter(|host| !host.is_empty());
    let shown = joined(named.take(MOST), ",", "*");
    // What is left is counted among all rules, with a host or without.
    let is_cut = hosts.iter().filter(|host| !host.is_empty()).count() >= MOST && rules.len() > MOST;
    if is_cut {
        format!("{shown} + {} more...", rules.len() - MOST)
    } else {
        shown
    }
}

/// What is behind a Service, as its Endpoints tell it.
pub(super) fn endpoints(object: &Value) -> String {
    let subsets = items(object, "/subsets");
    if subsets.is_empty() {
        return "<none>".to_owned();
    }
    let mut all = Vec::new();
    for subset in subsets {
        let addresses = || {
            items(subset, "/addresses")
                .iter()
                .map(|address| text(address, "/ip"))
        };
        let ports = items(subset, "/ports");
        if ports.is_empty() {
            all.extend(addresses().map(str::to_owned));
        }
        for port in ports {
            let port = number(port, "/port");
            all.extend(addresses().map(|address| {
                if address.contains(':') {
                    format!("[{address}]:{port}")
                } else {
                    format!("{address}:{port}")
                }
            }));
        }
    }
    first_few(&all, 3, "")
}

/// What is behind a Service, as an EndpointSlice tells it.
pub(super) fn endpoint_addresses(object: &Value) -> String {
    let endpoints = items(object, "/endpoints").iter();
    let all =
        endpoints.flat_map(|endpoint| at(endpoint, "/addresses").as_array().into_iter().flatten());
    let all: Vec<String> = all.filter_map(Value::as_str).map(str::to_owned).collect();
    first_few(&all, 3, "<unset>")
}
