//! What do people send to servers? Random objects of several kinds, and changes of them.

mod others;
mod pods;

use serde_json::{Map, Value, json};

use others::{budget, gadget, ingress, lease, policy, scaler};
use pods::{template, workload};

/// A source of choices that is the same for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).expect("small")).expect("small")
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())].clone()
    }

    /// Some of these, in any order.
    pub(crate) fn some<T: Clone>(&mut self, among: &[T], most: usize) -> Vec<T> {
        let mut left = among.to_vec();
        let count = self.below(most.min(left.len()) + 1);
        (0..count)
            .map(|_| left.swap_remove(self.below(left.len())))
            .collect()
    }
}

/// A kind: its resource's path, apiVersion and kind.
pub(crate) type Kind = (&'static str, &'static str, &'static str);

pub(crate) const KINDS: &[Kind] = &[
    ("/api/v1/namespaces/diff/configmaps", "v1", "ConfigMap"),
    ("/api/v1/namespaces/diff/secrets", "v1", "Secret"),
    ("/api/v1/namespaces/diff/services", "v1", "Service"),
    (
        "/api/v1/namespaces/diff/serviceaccounts",
        "v1",
        "ServiceAccount",
    ),
    (
        "/apis/apps/v1/namespaces/diff/deployments",
        "apps/v1",
        "Deployment",
    ),
    (
        "/apis/apps/v1/namespaces/diff/statefulsets",
        "apps/v1",
        "StatefulSet",
    ),
    (
        "/apis/apps/v1/namespaces/diff/daemonsets",
        "apps/v1",
        "DaemonSet",
    ),
    (
        "/apis/batch/v1/namespaces/diff/cronjobs",
        "batch/v1",
        "CronJob",
    ),
    (
        "/apis/networking.k8s.io/v1/namespaces/diff/ingresses",
        "networking.k8s.io/v1",
        "Ingress",
    ),
    (
        "/apis/networking.k8s.io/v1/namespaces/diff/networkpolicies",
        "networking.k8s.io/v1",
        "NetworkPolicy",
    ),
    (
        "/apis/policy/v1/namespaces/diff/poddisruptionbudgets",
        "policy/v1",
        "PodDisruptionBudget",
    ),
    (
        "/apis/autoscaling/v2/namespaces/diff/horizontalpodautoscalers",
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
    ),
    (
        "/apis/rbac.authorization.k8s.io/v1/namespaces/diff/roles",
        "rbac.authorization.k8s.io/v1",
        "Role",
    ),
    (
        "/apis/coordination.k8s.io/v1/namespaces/diff/leases",
        "coordination.k8s.io/v1",
        "Lease",
    ),
    (
        "/apis/demo.example.com/v1/namespaces/diff/gadgets",
        "demo.example.com/v1",
        "Gadget",
    ),
];

fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    fields.insert(name.to_owned(), value);
}

/// What stands in the metadata, beside the name.
pub(crate) fn metadata(random: &mut Random) -> Map<String, Value> {
    let mut metadata = Map::new();
    if random.chance(45) {
        let keys = random.some(&["a", "b", "c"], 2);
        let labels: Map<_, _> = keys
            .iter()
            .map(|key| ((*key).to_owned(), json!(random.pick(&["x", "y", "z"]))))
            .collect();
        put(&mut metadata, "labels", Value::Object(labels));
    }
    if random.chance(30) {
        let key = random.pick(&["note-a", "note-b"]);
        put(
            &mut metadata,
            "annotations",
            json!({key: random.pick(&["1", "two", ""])}),
        );
    }
    if random.chance(8) {
        put(
            &mut metadata,
            "finalizers",
            json!([random.pick(&["demo.example.com/a", "demo.example.com/b"])]),
        );
    }
    metadata
}

/// The fields of an object of a kind, but for its metadata.
pub(crate) fn fields(random: &mut Random, kind: &str) -> Map<String, Value> {
    let mut fields = Map::new();
    match kind {
        "ConfigMap" | "Secret" => data(random, kind, &mut fields),
        "ServiceAccount" => {
            if random.chance(40) {
                put(
                    &mut fields,
                    "automountServiceAccountToken",
                    json!(random.chance(50)),
                );
            }
            for list in ["secrets", "imagePullSecrets"] {
                if random.chance(40) {
                    let names = random.some(&["p", "q", "r"], 3);
                    let names: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
                    put(&mut fields, list, json!(names));
                }
            }
        }
        "Role" => {
            let rule = |random: &mut Random| {
                json!({
                    "apiGroups": [random.pick(&["", "apps"])],
                    "resources": random.some(&["pods", "secrets"], 2),
                    "verbs": random.some(&["get", "list", "watch"], 3),
                })
            };
            if random.chance(80) {
                let rules: Vec<_> = (0..random.below(3)).map(|_| rule(random)).collect();
                put(&mut fields, "rules", json!(rules));
            }
        }
        kind => {
            let mut spec = Map::new();
            match kind {
                "Service" => service(random, &mut spec),
                "Deployment" | "StatefulSet" | "DaemonSet" => workload(random, kind, &mut spec),
                "CronJob" => cron_job(random, &mut spec),
                "Ingress" => ingress(random, &mut spec),
                "NetworkPolicy" => policy(random, &mut spec),
                "PodDisruptionBudget" => budget(random, &mut spec),
                "HorizontalPodAutoscaler" => scaler(random, &mut spec),
                "Lease" => lease(random, &mut spec),
                _ => gadget(random, &mut spec),
            }
            put(&mut fields, "spec", Value::Object(spec));
        }
    }
    fields
}

fn data(random: &mut Random, kind: &str, fields: &mut Map<String, Value>) {
    let values: &[&str] = if kind == "Secret" {
        &["YQ==", "Yg==", ""]
    } else {
        &["1", "2", "3\n4", ""]
    };
    if random.chance(85) {
        let mut keys = random.some(&["a", "b", "c", "d"], 3);
        if kind == "Secret" && keys.is_empty() {
            // To an immutable Secret empty data are other than none.
            keys.push("a");
        }
        let mut data: Map<_, _> = keys
            .iter()
            .map(|key| ((*key).to_owned(), json!(random.pick(values))))
            .collect();
        if random.chance(4) {
            put(&mut data, "bad key!", json!("YQ=="));
        }
        put(fields, "data", Value::Object(data));
    }
    match kind {
        "Secret" => {
            if random.chance(20) {
                put(fields, "stringData", json!({"s": random.pick(&["1", "2"])}));
            }
            if random.chance(20) {
                put(
                    fields,
                    "type",
                    json!(random.pick(&["Opaque", "demo.example.com/x"])),
                );
            }
        }
        _ if random.chance(20) => put(fields, "binaryData", json!({"z": "eno="})),
        _ => {}
    }
    if random.chance(7) {
        put(fields, "immutable", json!(random.chance(80)));
    }
}

fn service(random: &mut Random, spec: &mut Map<String, Value>) {
    let numbers = random.some(&[80, 443, 53], 3);
    let mut ports: Vec<Value> = Vec::new();
    for number in numbers {
        let mut port = json!({"port": number, "name": format!("n{number}")});
        if random.chance(50) {
            port["protocol"] = json!(random.pick(&["TCP", "UDP"]));
        }
        if random.chance(40) {
            port["targetPort"] = random.pick(&[json!("http"), json!(8080)]);
        }
        ports.push(port);
    }
    if !ports.is_empty() || random.chance(20) {
        put(spec, "ports", json!(ports));
    }
    if random.chance(60) {
        put(spec, "selector", json!({"app": random.pick(&["a", "b"])}));
    }
    if random.chance(35) {
        put(
            spec,
            "sessionAffinity",
            json!(random.pick(&["None", "ClientIP"])),
        );
    }
    if random.chance(30) {
        put(
            spec,
            "type",
            json!(random.pick(&["ClusterIP", "NodePort", "LoadBalancer"])),
        );
    }
    if random.chance(10) {
        put(
            spec,
            "externalTrafficPolicy",
            json!(random.pick(&["Local", "Cluster"])),
        );
    }
}

fn cron_job(random: &mut Random, spec: &mut Map<String, Value>) {
    put(
        spec,
        "schedule",
        json!(random.pick(&["* * * * *", "5 4 * * *"])),
    );
    let mut pod = template(random);
    pod["spec"]["restartPolicy"] = json!("Never");
    put(spec, "jobTemplate", json!({"spec": {"template": pod}}));
    if random.chance(30) {
        put(spec, "suspend", json!(random.chance(50)));
    }
    if random.chance(20) {
        put(
            spec,
            "successfulJobsHistoryLimit",
            json!(random.pick(&[0, 2])),
        );
    }
}

/// What a controller says of an object.
pub(crate) fn status(random: &mut Random, kind: &str) -> Value {
    match kind {
        "Gadget" => json!({
            "size": random.pick(&[1, 2, 3]), "note": "n",
            "conditions": [{"type": random.pick(&["A", "B"]), "status": "True"}],
        }),
        _ => json!({
            "replicas": 2, "readyReplicas": 1, "observedGeneration": 1,
            "conditions": [{"type": "Available", "status": "True"}],
        }),
    }
}

/// A JSON patch.
pub(crate) fn json_patch(random: &mut Random, name: &str) -> Value {
    random.pick(&[
        json!([{"op": "test", "path": "/metadata/name", "value": "no"}]),
        json!([{"op": "test", "path": "/metadata/name", "value": name}, {"op": "add", "path": "/metadata/annotations", "value": {"j": "p"}}]),
        json!([{"op": "move", "from": "/metadata/labels", "path": "/metadata/annotations"}]),
        json!([{"op": "remove", "path": "/metadata/managedFields"}]),
        json!([{"op": "add", "path": "/metadata/managedFields", "value": [{}]}]),
        json!([{"op": "add", "path": "/metadata/labels", "value": {"j": "1"}}]),
        json!([{"op": "remove", "path": "/metadata/labels/a"}]),
        json!([{"op": "replace", "path": "/spec/replicas", "value": 4}]),
        json!([{"op": "add", "path": "/metadata/name", "value": "other"}]),
        json!([{"op": "copy", "from": "/metadata/name", "path": "/metadata/labels/c"}]),
    ])
}
