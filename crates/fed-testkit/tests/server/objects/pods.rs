//! Workloads and their pods.

use serde_json::{Map, Value, json};

use super::{Random, put};

pub(super) fn container(random: &mut Random, name: &str) -> Value {
    let mut container = Map::new();
    put(&mut container, "name", json!(name));
    put(
        &mut container,
        "image",
        json!(random.pick(&["nginx:1", "nginx:2", "busybox"])),
    );
    if random.chance(30) {
        let numbers = random.some(&[80, 81, 90], 2);
        let ports: Vec<_> = numbers
            .iter()
            .map(|number| {
                let mut port = json!({"containerPort": number});
                if random.chance(50) {
                    port["protocol"] = json!(random.pick(&["TCP", "UDP"]));
                }
                if random.chance(40) {
                    port["name"] = json!(format!("p{number}"));
                }
                port
            })
            .collect();
        put(&mut container, "ports", json!(ports));
    }
    if random.chance(40) {
        let env = random.some(&["A", "B", "C"], 3);
        let env: Vec<_> = env
            .iter()
            .map(|name| json!({"name": name, "value": random.pick(&["1", "2", ""])}))
            .collect();
        put(&mut container, "env", json!(env));
    }
    if random.chance(30) {
        put(
            &mut container,
            "args",
            json!(random.some(&["-a", "-b", "-c"], 3)),
        );
    }
    if random.chance(25) {
        let limits = json!({"limits": {"cpu": random.pick(&["1", "1000m", "0.5"]), "memory": random.pick(&["1Gi", "1024Mi", "1e3"])}});
        put(&mut container, "resources", limits);
    }
    if random.chance(15) {
        put(
            &mut container,
            "readinessProbe",
            json!({"httpGet": {"port": random.pick(&[json!(80), json!("web")])}, "periodSeconds": random.pick(&[0, 5])}),
        );
    }
    Value::Object(container)
}

pub(super) fn template(random: &mut Random) -> Value {
    let mut names = random.some(&["web", "log", "side"], 2);
    if names.is_empty() {
        names.push("web");
    }
    let containers: Vec<_> = names.iter().map(|name| container(random, name)).collect();
    let mut labels = json!({"app": "web"});
    if random.chance(25) {
        labels["v"] = json!(random.pick(&["1", "2"]));
    }
    let mut spec = json!({"containers": containers});
    if random.chance(20) {
        spec["tolerations"] = json!([{"key": random.pick(&["k", "l"]), "operator": "Exists"}]);
    }
    if random.chance(25) {
        spec["volumes"] = json!([{"name": "v", "emptyDir": {}}]);
        if random.chance(50) {
            spec["volumes"] = json!([{"name": "v", "configMap": {"name": "c"}}]);
        }
    }
    if random.chance(15) {
        spec["hostNetwork"] = json!(random.chance(50));
    }
    if random.chance(15) {
        spec["terminationGracePeriodSeconds"] = json!(random.pick(&[0, 5]));
    }
    if random.chance(15) {
        spec["securityContext"] = json!({"runAsNonRoot": random.chance(50)});
    }
    json!({"metadata": {"labels": labels}, "spec": spec})
}

pub(super) fn workload(random: &mut Random, kind: &str, spec: &mut Map<String, Value>) {
    let app = if random.chance(4) { "other" } else { "web" };
    put(spec, "selector", json!({"matchLabels": {"app": app}}));
    put(spec, "template", template(random));
    if kind != "DaemonSet" && random.chance(60) {
        put(spec, "replicas", json!(random.pick(&[0, 1, 3, 5, -1])));
    }
    if random.chance(15) {
        put(spec, "minReadySeconds", json!(random.pick(&[0, 5])));
    }
    match kind {
        "Deployment" => {
            if random.chance(25) {
                let sort = random.pick(&["Recreate", "RollingUpdate"]);
                put(spec, "strategy", json!({"type": sort}));
                if sort == "RollingUpdate" && random.chance(60) {
                    let surge = random.pick(&[json!(1), json!("25%"), json!("50%")]);
                    put(
                        spec,
                        "strategy",
                        json!({"type": sort, "rollingUpdate": {"maxSurge": surge}}),
                    );
                }
            }
            if random.chance(20) {
                put(spec, "paused", json!(random.chance(50)));
            }
        }
        "StatefulSet" => {
            if random.chance(60) {
                put(spec, "serviceName", json!(random.pick(&["s", "s"])));
            }
            if random.chance(20) {
                put(spec, "updateStrategy", json!({"type": "OnDelete"}));
            }
        }
        _ => {}
    }
}
