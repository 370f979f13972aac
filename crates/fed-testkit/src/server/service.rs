//! Which addresses and ports does a Service get? What the server chooses, and what stays when a
//! Service is changed.

use fed_schema::Kind;
use serde_json::{Map, Value, json};

use super::random::Random;
use super::status::{FieldFault, Sort};
use super::store::{Store, Stored};
use super::target::Resource;

/// The first port of nodes that is given, and how many there are.
const NODE_PORTS: (u64, u64) = (30_000, 2_768);

/// How many addresses there are.
const ADDRESSES: u64 = 256 * 254;

type Fields = Map<String, Value>;

/// Gives a Service what it has not said itself; other kinds are left alone.
pub(super) fn allocate(
    random: &mut Random,
    store: &Store,
    kind: Kind<'_>,
    object: &mut Value,
    old: Option<&Value>,
) {
    if (kind.group(), kind.kind()) != ("", "Service") {
        return;
    }
    let before = old
        .and_then(|old| old.get("spec"))
        .and_then(Value::as_object);
    let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) else {
        return;
    };
    if let Some(before) = before {
        keep(spec, before);
        let_go(spec, before);
    }
    address(random, store, spec);
    node_ports(random, store, spec);
}

/// What a Service asks for and cannot have: an address or a port of nodes that another has.
pub(super) fn refused(store: &Store, kind: Kind<'_>, object: &Value) -> Vec<FieldFault> {
    if (kind.group(), kind.kind()) != ("", "Service") {
        return Vec::new();
    }
    let same = |other: &Value, pointer: &str| other.pointer(pointer) == object.pointer(pointer);
    let others: Vec<Fields> = objects(store)
        .filter(|other| !same(other, "/metadata/uid"))
        .filter_map(spec_of)
        .collect();
    let Some(spec) = object.get("spec").and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    let ip = spec
        .get("clusterIP")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let has_it = |other: &Fields| other.get("clusterIP").and_then(Value::as_str) == Some(ip);
    if !matches!(ip, "" | "None") && others.iter().any(has_it) {
        let message = format!("failed to allocate IP {ip}: provided IP is already allocated");
        faults.push(FieldFault::new("spec.clusterIPs", Sort::Invalid, message).of(json!([ip])));
    }
    let (first, count) = NODE_PORTS;
    for (index, port) in ports(spec).iter().enumerate() {
        let Some(number) = port.get("nodePort").filter(|number| **number != 0) else {
            continue;
        };
        let has_it = |other: &Fields| {
            ports(other)
                .iter()
                .any(|port| port.get("nodePort") == Some(number))
        };
        let is_given = number
            .as_u64()
            .is_some_and(|number| (first..first + count).contains(&number));
        let message = if !is_given {
            let last = first + count - 1;
            format!(
                "provided port is not in the valid range. The range of valid ports is {first}-{last}"
            )
        } else if others.iter().any(has_it) {
            "provided port is already allocated".to_owned()
        } else {
            continue;
        };
        let field = format!("spec.ports[{index}].nodePort");
        faults.push(FieldFault::new(field, Sort::Invalid, message).of(number.clone()));
    }
    faults
}

/// Who stays with nobody needs no word on how long: a default that takes away.
pub(super) fn after_defaults(kind: Kind<'_>, object: &mut Value) {
    if (kind.group(), kind.kind()) != ("", "Service") {
        return;
    }
    let spec = object.get_mut("spec").and_then(Value::as_object_mut);
    if let Some(spec) = spec.filter(|spec| spec.get("sessionAffinity") == Some(&json!("None"))) {
        spec.remove("sessionAffinityConfig");
    }
}

fn sort(spec: &Fields) -> &str {
    spec.get("type")
        .and_then(Value::as_str)
        .unwrap_or("ClusterIP")
}

fn has_address(spec: &Fields) -> bool {
    sort(spec) != "ExternalName"
}

fn has_node_ports(spec: &Fields) -> bool {
    match sort(spec) {
        "NodePort" => true,
        "LoadBalancer" => spec.get("allocateLoadBalancerNodePorts") != Some(&json!(false)),
        _ => false,
    }
}

fn checks_health(spec: &Fields) -> bool {
    sort(spec) == "LoadBalancer" && spec.get("externalTrafficPolicy") == Some(&json!("Local"))
}

fn is_external(spec: &Fields) -> bool {
    let has_ips = spec
        .get("externalIPs")
        .and_then(Value::as_array)
        .is_some_and(|ips| !ips.is_empty());
    matches!(sort(spec), "NodePort" | "LoadBalancer") || (sort(spec) == "ClusterIP" && has_ips)
}

/// What was given once is kept by who does not say otherwise.
fn keep(spec: &mut Fields, before: &Fields) {
    if has_address(spec) && has_address(before) {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if let (false, Some(value)) = (spec.contains_key(field), before.get(field)) {
                spec.insert(field.to_owned(), value.clone());
            }
        }
    }
    // Who changes the address alone means the first of the list.
    let is_changed = |field: &str| spec.get(field) != before.get(field);
    if is_changed("clusterIP") && !is_changed("clusterIPs") {
        spec.remove("clusterIPs");
    }
    if has_node_ports(spec) && has_node_ports(before) {
        let given = ports(before);
        for port in items(spec, "ports") {
            let same = |other: &&Value| {
                other["port"] == port["port"] && other["protocol"] == port["protocol"]
            };
            let before = given
                .iter()
                .find(same)
                .and_then(|other| other.get("nodePort"));
            let before = before.cloned();
            if let (Some(number), Some(fields)) = (before, port.as_object_mut()) {
                fields.entry("nodePort").or_insert(number);
            }
        }
    }
    if checks_health(spec)
        && checks_health(before)
        && let (false, Some(value)) = (
            spec.contains_key("healthCheckNodePort"),
            before.get("healthCheckNodePort"),
        )
    {
        spec.insert("healthCheckNodePort".to_owned(), value.clone());
    }
}

/// What only the type before could have goes with it, unless somebody sets it anew.
fn let_go(spec: &mut Fields, before: &Fields) {
    type Can = fn(&Fields) -> bool;
    let fields: [(&str, Can); 6] = [
        ("clusterIP", has_address),
        ("clusterIPs", has_address),
        ("healthCheckNodePort", checks_health),
        ("externalTrafficPolicy", is_external),
        ("allocateLoadBalancerNodePorts", |spec| {
            sort(spec) == "LoadBalancer"
        }),
        ("loadBalancerClass", |spec| sort(spec) == "LoadBalancer"),
    ];
    for (field, can) in fields {
        if can(before) && !can(spec) && spec.get(field) == before.get(field) {
            spec.remove(field);
        }
    }
    if !has_node_ports(before) || has_node_ports(spec) {
        return;
    }
    let given = ports(before);
    for port in items(spec, "ports") {
        let number = port.get("nodePort").cloned();
        let was_given = given
            .iter()
            .any(|other| other.get("nodePort") == number.as_ref());
        if let (true, Some(fields)) = (was_given, port.as_object_mut()) {
            fields.remove("nodePort");
        }
    }
}

fn ports(spec: &Fields) -> Vec<Value> {
    let ports = spec.get("ports").and_then(Value::as_array);
    ports.cloned().unwrap_or_default()
}

fn items<'f>(spec: &'f mut Fields, list: &str) -> impl Iterator<Item = &'f mut Value> {
    let list = spec.get_mut(list).and_then(Value::as_array_mut);
    list.into_iter().flatten()
}

/// All Services.
fn objects(store: &Store) -> impl Iterator<Item = Value> {
    let services = Resource {
        group: String::new(),
        plural: "services".to_owned(),
    };
    let objects: Vec<_> = store.all(&services).map(Stored::object).collect();
    objects.into_iter()
}

fn spec_of(mut object: Value) -> Option<Fields> {
    match object.get_mut("spec").map(Value::take) {
        Some(Value::Object(spec)) => Some(spec),
        _ => None,
    }
}

/// The specs of all Services.
fn all(store: &Store) -> Vec<Fields> {
    objects(store).filter_map(spec_of).collect()
}

fn address(random: &mut Random, store: &Store, spec: &mut Fields) {
    if !has_address(spec) {
        return;
    }
    let is_set = spec
        .get("clusterIP")
        .and_then(Value::as_str)
        .is_some_and(|ip| !ip.is_empty());
    if !is_set {
        let others = all(store);
        let start = random.below(ADDRESSES);
        let mut ips = (0..ADDRESSES).map(|step| {
            let number = (start + step) % ADDRESSES;
            json!(format!("10.0.{}.{}", number / 254, 1 + number % 254))
        });
        let is_free = |ip: &Value| {
            !others
                .iter()
                .any(|other| other.get("clusterIP") == Some(ip))
        };
        // Where all are taken, one is given twice.
        let ip = ips.find(is_free).unwrap_or(json!("10.0.0.1"));
        spec.insert("clusterIP".to_owned(), ip);
    }
    let ip = spec.get("clusterIP").cloned().unwrap_or_default();
    // Without a selector nobody knows which families its addresses will have.
    if ip == "None" && !spec.contains_key("selector") {
        spec.entry("ipFamilies")
            .or_insert_with(|| json!(["IPv4", "IPv6"]));
        spec.entry("ipFamilyPolicy")
            .or_insert_with(|| json!("RequireDualStack"));
    }
    spec.entry("clusterIPs").or_insert_with(|| json!([ip]));
    spec.entry("ipFamilies").or_insert_with(|| json!(["IPv4"]));
    spec.entry("ipFamilyPolicy")
        .or_insert_with(|| json!("SingleStack"));
}

fn node_ports(random: &mut Random, store: &Store, spec: &mut Fields) {
    let mut port = |taken: &[Value]| {
        let others = all(store);
        let is_taken = |number: &Value| {
            let is_it = |port: &Value| port.get("nodePort") == Some(number);
            taken.contains(number) || others.iter().any(|other| ports(other).iter().any(is_it))
        };
        // Where all are taken, one is given twice rather than looked for without end.
        let (first, count) = NODE_PORTS;
        let start = random.below(count);
        let mut numbers = (0..count).map(|step| json!(first + (start + step) % count));
        numbers
            .find(|number| !is_taken(number))
            .unwrap_or(json!(first))
    };
    if has_node_ports(spec) {
        let mut taken: Vec<Value> = ports(spec)
            .iter()
            .filter_map(|port| port.get("nodePort").cloned())
            .collect();
        for item in items(spec, "ports").filter_map(Value::as_object_mut) {
            item.entry("nodePort").or_insert_with(|| {
                let number = port(&taken);
                taken.push(number.clone());
                number
            });
        }
    }
    if checks_health(spec) && !spec.contains_key("healthCheckNodePort") {
        let number = port(&ports(spec));
        spec.insert("healthCheckNodePort".to_owned(), number);
    }
}
