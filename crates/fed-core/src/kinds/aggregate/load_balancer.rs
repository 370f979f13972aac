//! Under which addresses can something be reached, said by many and told once?

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::paths::{items, number, text};

/// What tells addresses apart: IP, host name and the mode of the IP.
type Address<'v> = (&'v str, &'v str, &'v str);

/// What tells ports of an address apart: number, protocol and what is wrong with it.
type Port<'v> = (i64, &'v str, &'v str);

/// Each address once and with all its ports, in order.
pub(super) fn united<'v>(addresses: impl Iterator<Item = &'v Value>) -> Vec<Value> {
    let mut all: BTreeMap<Address<'v>, (&'v Value, BTreeMap<Port<'v>, &'v Value>)> =
        BTreeMap::new();
    for address in addresses.filter(|address| address.is_object()) {
        let key = (
            text(address, "/ip"),
            text(address, "/hostname"),
            text(address, "/ipMode"),
        );
        let (_, ports) = all.entry(key).or_insert((address, BTreeMap::new()));
        for port in items(address, "/ports") {
            let key = (
                number(port, "/port"),
                text(port, "/protocol"),
                text(port, "/error"),
            );
            ports.entry(key).or_insert(port);
        }
    }
    all.into_values()
        .map(|(address, ports)| with_ports(address, ports))
        .collect()
}

fn with_ports(address: &Value, ports: BTreeMap<Port<'_>, &Value>) -> Value {
    let mut address = address.clone();
    if let Value::Object(fields) = &mut address
        && !ports.is_empty()
    {
        let ports = ports.into_values().cloned().collect();
        fields.insert("ports".to_owned(), Value::Array(ports));
    }
    address
}
