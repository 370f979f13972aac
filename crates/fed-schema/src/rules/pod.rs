//! What is filled in for pods and pod templates?

use serde_json::{Value, json};

use super::Filling::{Boolean, Change, Empty, From, Number, Perhaps, Text};
use super::{Object, Rule, Stage, image, requests, text};

// A table: one line a rule.
#[rustfmt::skip]
pub(super) static RULES: &[Rule] = &[
    Rule::new("api.core.v1.Pod", "/spec/enableServiceLinks", Boolean(true)),
    Rule::new("api.core.v1.Pod", "/spec", Change(requests::from_limits)),
    Rule::new("api.core.v1.Pod", "/spec/hostNetwork", Change(host_ports)),
    Rule::new("api.core.v1.Pod", "/status/phase", Text("Pending")).at(Stage::Creation),
    Rule::new("api.core.v1.Pod", "/status/qosClass", Perhaps(requests::quality_of_service)).at(Stage::Creation),
    Rule::new("api.core.v1.PodSpec", "/restartPolicy", Text("Always")),
    Rule::new("api.core.v1.PodSpec", "/dnsPolicy", Text("ClusterFirst")),
    Rule::new("api.core.v1.PodSpec", "/terminationGracePeriodSeconds", Number(30)),
    Rule::new("api.core.v1.PodSpec", "/schedulerName", Text("default-scheduler")),
    Rule::new("api.core.v1.PodSpec", "/securityContext", Empty),
    // The old name of the field is kept equal to the new one.
    Rule::new("api.core.v1.PodSpec", "/serviceAccountName", Perhaps(old_service_account)),
    Rule::new("api.core.v1.PodSpec", "/serviceAccount", Perhaps(new_service_account)),
    Rule::new("api.core.v1.Container", "/imagePullPolicy", From(image::pull_policy)),
    Rule::new("api.core.v1.Container", "/terminationMessagePath", Text(MESSAGE_PATH)),
    Rule::new("api.core.v1.Container", "/terminationMessagePolicy", Text("File")),
    Rule::new("api.core.v1.EphemeralContainer", "/imagePullPolicy", From(image::pull_policy)).known(),
    Rule::new("api.core.v1.EphemeralContainer", "/terminationMessagePath", Text(MESSAGE_PATH)).known(),
    Rule::new("api.core.v1.EphemeralContainer", "/terminationMessagePolicy", Text("File")).known(),
    Rule::new("api.core.v1.Probe", "/timeoutSeconds", Number(1)),
    Rule::new("api.core.v1.Probe", "/periodSeconds", Number(10)),
    Rule::new("api.core.v1.Probe", "/successThreshold", Number(1)),
    Rule::new("api.core.v1.Probe", "/failureThreshold", Number(3)),
    Rule::new("api.core.v1.HTTPGetAction", "/path", Text("/")),
    Rule::new("api.core.v1.HTTPGetAction", "/scheme", Text("HTTP")),
    Rule::new("api.core.v1.ObjectFieldSelector", "/apiVersion", Text("v1")),
    Rule::new("api.core.v1.ResourceFieldSelector", "/divisor", Text("0")),
    Rule::new("api.core.v1.ImageVolumeSource", "/pullPolicy", From(image::volume_pull_policy)),
    Rule::new("api.core.v1.Volume", "/emptyDir", Perhaps(empty_volume)),
    Rule::new("api.core.v1.ConfigMapVolumeSource", "/defaultMode", Number(FILE_MODE)),
    Rule::new("api.core.v1.SecretVolumeSource", "/defaultMode", Number(FILE_MODE)),
    Rule::new("api.core.v1.DownwardAPIVolumeSource", "/defaultMode", Number(FILE_MODE)),
    Rule::new("api.core.v1.ProjectedVolumeSource", "/defaultMode", Number(FILE_MODE)),
    Rule::new("api.core.v1.ServiceAccountTokenProjection", "/expirationSeconds", Number(3600)),
    Rule::new("api.core.v1.HostPathVolumeSource", "/type", Text("")),
];

const MESSAGE_PATH: &str = "/dev/termination-log";

// 0644
const FILE_MODE: i64 = 420;

fn old_service_account(spec: &Object) -> Option<Value> {
    text(spec, "serviceAccount").map(Into::into)
}

fn new_service_account(spec: &Object) -> Option<Value> {
    text(spec, "serviceAccountName").map(Into::into)
}

/// A volume that names no source is an empty directory.
fn empty_volume(volume: &Object) -> Option<Value> {
    let has_source = volume
        .iter()
        .any(|(field, source)| field != "name" && !source.is_null());
    (!has_source).then(|| json!({}))
}

/// On the host's network, a container's port is the host's.
fn host_ports(pod: &mut Object) {
    let Some(spec) = pod.get_mut("spec").and_then(Value::as_object_mut) else {
        return;
    };
    if spec.get("hostNetwork") != Some(&Value::Bool(true)) {
        return;
    }
    for list in ["containers", "initContainers"] {
        let containers = spec.get_mut(list).and_then(Value::as_array_mut);
        for container in containers.into_iter().flatten() {
            let ports = container.get_mut("ports").and_then(Value::as_array_mut);
            for port in ports.into_iter().flatten().filter_map(Value::as_object_mut) {
                let number = port.get("containerPort").cloned();
                if let Some(number) = number.filter(|_| !port.contains_key("hostPort")) {
                    port.insert("hostPort".to_owned(), number);
                }
            }
        }
    }
}
