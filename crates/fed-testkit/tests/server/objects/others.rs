//! Kinds that run nothing.

use serde_json::{Map, Value, json};

use super::{Random, put};

pub(super) fn ingress(random: &mut Random, spec: &mut Map<String, Value>) {
    let backend = json!({"service": {"name": random.pick(&["a", "b"]), "port": {"number": 80}}});
    if random.chance(50) {
        put(spec, "defaultBackend", backend.clone());
    }
    let hosts = random.some(&["a.example.com", "b.example.com"], 2);
    if !hosts.is_empty() {
        let rules: Vec<_> = hosts
            .iter()
            .map(|host| json!({"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}))
            .collect();
        put(spec, "rules", json!(rules));
    }
    if random.chance(20) {
        put(
            spec,
            "tls",
            json!([{"hosts": ["a.example.com"], "secretName": "t"}]),
        );
    }
}

pub(super) fn policy(random: &mut Random, spec: &mut Map<String, Value>) {
    put(
        spec,
        "podSelector",
        random.pick(&[json!({}), json!({"matchLabels": {"app": "web"}})]),
    );
    if random.chance(40) {
        put(
            spec,
            "ingress",
            json!([{"ports": [{"port": random.pick(&[json!(80), json!("web")])}]}]),
        );
    }
    if random.chance(40) {
        put(spec, "egress", json!([{}]));
    }
    if random.chance(30) {
        put(spec, "policyTypes", json!(["Ingress"]));
    }
}

pub(super) fn budget(random: &mut Random, spec: &mut Map<String, Value>) {
    put(
        spec,
        "selector",
        json!({"matchLabels": {"app": random.pick(&["a", "b"])}}),
    );
    if random.chance(60) {
        put(
            spec,
            "minAvailable",
            random.pick(&[json!(1), json!("50%"), json!(0)]),
        );
    } else if random.chance(55) {
        put(spec, "maxUnavailable", json!(1));
    }
}

pub(super) fn scaler(random: &mut Random, spec: &mut Map<String, Value>) {
    put(
        spec,
        "scaleTargetRef",
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": random.pick(&["a", "b"])}),
    );
    put(spec, "maxReplicas", json!(random.pick(&[3, 5, 0])));
    if random.chance(40) {
        put(spec, "minReplicas", json!(random.pick(&[1, 2])));
    }
    if random.chance(40) {
        let target = json!({"type": "Utilization", "averageUtilization": random.pick(&[50, 70])});
        put(
            spec,
            "metrics",
            json!([{"type": "Resource", "resource": {"name": "cpu", "target": target}}]),
        );
    }
}

pub(super) fn lease(random: &mut Random, spec: &mut Map<String, Value>) {
    if random.chance(70) {
        put(spec, "holderIdentity", json!(random.pick(&["a", "b"])));
    }
    if random.chance(50) {
        put(spec, "leaseDurationSeconds", json!(random.pick(&[15, 30])));
    }
    if random.chance(30) {
        put(spec, "leaseTransitions", json!(random.pick(&[0, 1])));
    }
}

pub(super) fn gadget(random: &mut Random, spec: &mut Map<String, Value>) {
    let mode = if random.chance(7) {
        "odd"
    } else {
        random.pick(&["on", "off"])
    };
    put(spec, "mode", json!(mode));
    if random.chance(45) {
        put(spec, "size", json!(random.pick(&[-1, 0, 2, 9, 9, 60])));
    }
    if random.chance(15) {
        put(spec, "limit", json!(random.pick(&[5, 100])));
    }
    if random.chance(12) {
        put(
            spec,
            "name",
            json!(random.pick(&["ok", "NotOk", "waytoolongname"])),
        );
    }
    if random.chance(35) {
        let names = random.some(&["p", "q", "r"], 3);
        let parts: Vec<_> = names
            .iter()
            .map(|name| {
                let mut part = json!({"name": name});
                if random.chance(50) {
                    part["n"] = json!(random.pick(&[1, 2, 3]));
                }
                if random.chance(40) {
                    part["tags"] = json!(random.some(&["x", "y", "z"], 2));
                }
                part
            })
            .collect();
        put(spec, "parts", json!(parts));
    }
    if random.chance(35) {
        let mut tags = random.some(&["s", "t", "u", "v"], 3);
        if random.chance(8) {
            tags.extend(["s", "s"]);
        }
        put(spec, "tags", json!(tags));
    }
    if random.chance(25) {
        let runs: Vec<_> = (0..random.below(3))
            .map(|_| json!({"run": random.pick(&["1", "2"])}))
            .collect();
        put(spec, "steps", json!(runs));
    }
    if random.chance(25) {
        let key = random.pick(&["a", "b"]);
        put(
            spec,
            "free",
            json!({key: {"c": [1, {"d": random.pick(&[json!(null), json!(true)])}]}}),
        );
    }
    if random.chance(25) {
        let key = random.pick(&["j", "k"]);
        put(spec, "opts", json!({key: random.pick(&["1", "2"])}));
    }
    if random.chance(18) {
        put(
            spec,
            "when",
            random.pick(&[json!(3), json!("5%"), json!(1.5)]),
        );
    }
    if random.chance(20) {
        let key = random.pick(&["a", "b"]);
        put(spec, "whole", json!({key: random.pick(&["1", "2"])}));
    }
    if random.chance(6) {
        put(spec, "unknown", json!({"x": 1}));
    }
}
