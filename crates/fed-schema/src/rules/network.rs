//! What is filled in for Services, Ingresses, network policies and endpoints?

use serde_json::{Value, json};

use super::Filling::{From, Null, Perhaps, Text};
use super::{Object, Rule, is_empty_list, text};

// A table: one line a rule.
#[rustfmt::skip]
pub(super) static RULES: &[Rule] = &[
    Rule::new("api.core.v1.ServiceSpec", "/type", Text("ClusterIP")),
    Rule::new("api.core.v1.ServiceSpec", "/sessionAffinity", Text("None")),
    Rule::new("api.core.v1.ServiceSpec", "/sessionAffinityConfig", Perhaps(affinity)),
    Rule::new("api.core.v1.ServiceSpec", "/internalTrafficPolicy", Perhaps(internal)),
    Rule::new("api.core.v1.ServiceSpec", "/externalTrafficPolicy", Perhaps(external)),
    Rule::new("api.core.v1.ServiceSpec", "/allocateLoadBalancerNodePorts", Perhaps(node_ports)),
    Rule::new("api.core.v1.ServicePort", "/targetPort", Perhaps(target_port)),
    Rule::new("api.core.v1.EndpointPort", "/protocol", Text("TCP")),
    Rule::new("api.discovery.v1.EndpointPort", "/protocol", Text("TCP")),
    Rule::new("api.discovery.v1.EndpointPort", "/name", Text("")),
    Rule::new("api.discovery.v1.EndpointSlice", "/ports", Null),
    Rule::new("api.networking.v1.IngressClassParametersReference", "/scope", Text("Cluster")),
    Rule::new("api.networking.v1.NetworkPolicySpec", "/policyTypes", From(policy_types)),
    Rule::new("api.networking.v1.NetworkPolicyPort", "/protocol", Text("TCP")),
];

const AFFINITY_SECONDS: i64 = 10_800;

fn affinity(service: &Object) -> Option<Value> {
    let sticky = text(service, "sessionAffinity") == Some("ClientIP");
    sticky.then(|| json!({"clientIP": {"timeoutSeconds": AFFINITY_SECONDS}}))
}

fn internal(service: &Object) -> Option<Value> {
    let external_name = text(service, "type") == Some("ExternalName");
    (!external_name).then(|| "Cluster".into())
}

fn external(service: &Object) -> Option<Value> {
    let reachable = match text(service, "type") {
        Some("NodePort" | "LoadBalancer") => true,
        Some("ClusterIP") => !is_empty_list(service, "externalIPs"),
        _ => false,
    };
    reachable.then(|| "Cluster".into())
}

fn node_ports(service: &Object) -> Option<Value> {
    (text(service, "type") == Some("LoadBalancer")).then_some(Value::Bool(true))
}

fn target_port(port: &Object) -> Option<Value> {
    port.get("port").cloned()
}

/// A policy is about what comes in, and about what goes out if it has rules for that.
fn policy_types(policy: &Object) -> Value {
    let outgoing = !is_empty_list(policy, "egress");
    if outgoing {
        json!(["Ingress", "Egress"])
    } else {
        json!(["Ingress"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policys_types_follow_from_its_rules() {
        let types = |policy: Value| policy_types(policy.as_object().expect("an object"));
        assert_eq!(types(json!({})), json!(["Ingress"]));
        assert_eq!(types(json!({"egress": [{}]})), json!(["Ingress", "Egress"]));
    }

    #[test]
    fn only_what_is_reached_from_outside_has_a_policy_for_it() {
        let policy = |service: Value| external(service.as_object().expect("an object")).is_some();
        assert!(policy(json!({"type": "NodePort"})));
        assert!(policy(
            json!({"type": "ClusterIP", "externalIPs": ["192.0.2.1"]})
        ));
        assert!(!policy(json!({"type": "ClusterIP"})));
    }
}
