//! Do roles and their bindings say who may do what?

use super::Row;
use super::forms::Form;
use super::spot::Spot;
use crate::check::violation::Rule;

pub(super) const RULES: &[Row] = &[
    ("api.flowcontrol.v1.LimitResponse", response),
    ("api.flowcontrol.v1.PolicyRulesWithSubjects", flow_rule),
    ("api.flowcontrol.v1.PriorityLevelConfigurationSpec", level),
    ("api.flowcontrol.v1.ResourcePolicyRule", flow_resources),
    ("api.flowcontrol.v1.Subject", flow_subject),
    ("api.rbac.v1.ClusterRoleBinding", cluster_binding),
    ("api.rbac.v1.PolicyRule", policy),
    ("api.rbac.v1.Role", role),
    ("api.rbac.v1.Subject", subject),
];

const GROUP: &str = "rbac.authorization.k8s.io";

fn policy(spot: &mut Spot<'_>) {
    if !spot.list("nonResourceURLs").is_empty() {
        for field in ["apiGroups", "resources", "resourceNames"] {
            if !spot.list(field).is_empty() {
                spot.refuse(
                    field,
                    "cannot stand beside nonResourceURLs: make a rule of each",
                );
            }
        }
        return;
    }
    spot.want("apiGroups", "beside resources; \"\" is the core group");
    spot.want("resources", "unless there are nonResourceURLs");
}

fn role(spot: &mut Spot<'_>) {
    for (index, rule) in spot.list("rules").iter().enumerate() {
        if rule
            .get("nonResourceURLs")
            .and_then(|urls| urls.as_array())
            .is_some_and(|urls| !urls.is_empty())
        {
            let message = "must not be there: only a ClusterRole can have them";
            spot.refuse(&format!("rules/{index}/nonResourceURLs"), message);
        }
    }
}

fn cluster_binding(spot: &mut Spot<'_>) {
    let kind = spot
        .object("roleRef")
        .map_or("", |role| super::spot::text(role, "kind"));
    if kind == "Role" {
        spot.say(
            "roleRef/kind",
            Rule::Value,
            "must be ClusterRole: a ClusterRoleBinding cannot give a Role",
        );
    }
}

fn subject(spot: &mut Spot<'_>) {
    let (kind, group) = (spot.text("kind"), spot.text("apiGroup"));
    match kind {
        "ServiceAccount" => {
            // A RoleBinding's own is the default.
            if spot.kind == "ClusterRoleBinding" {
                spot.want("namespace", "for a ServiceAccount");
            }
            if !group.is_empty() {
                spot.refuse("apiGroup", "must be empty for a ServiceAccount");
            }
            let name = spot.text("name");
            if let Some(message) = Form::Subdomain.fault_of(name).filter(|_| !name.is_empty()) {
                spot.say("name", Rule::Name, message);
            }
        }
        "Group" | "User" => {
            if !matches!(group, "" | GROUP) {
                spot.refuse("apiGroup", format!("must be {GROUP} for a {kind}"));
            }
        }
        _ => {}
    }
}

fn flow_subject(spot: &mut Spot<'_>) {
    let kind = spot.text("kind");
    for (name, field) in [
        ("Group", "group"),
        ("ServiceAccount", "serviceAccount"),
        ("User", "user"),
    ] {
        if kind == name && !spot.has(field) {
            spot.refuse(field, format!("must be there, as kind is {kind}"));
        } else if kind != name && spot.has(field) && !kind.is_empty() {
            spot.refuse(field, format!("must not be there, as kind is {kind}"));
        }
    }
}

fn flow_rule(spot: &mut Spot<'_>) {
    if spot.list("resourceRules").is_empty() && spot.list("nonResourceRules").is_empty() {
        spot.refuse("", "must have resourceRules or nonResourceRules");
    }
}

fn flow_resources(spot: &mut Spot<'_>) {
    if spot.get("clusterScope") != Some(&true.into()) {
        spot.want("namespaces", "unless clusterScope is true");
    }
}

fn level(spot: &mut Spot<'_>) {
    match spot.text("type") {
        "Limited" => spot.want("limited", "as type is Limited"),
        "Exempt" if spot.has("limited") => {
            spot.refuse("limited", "must not be there, as type is Exempt");
        }
        _ => {}
    }
}

fn response(spot: &mut Spot<'_>) {
    match spot.text("type") {
        "Queue" => spot.want("queuing", "as type is Queue"),
        "Reject" if spot.has("queuing") => {
            spot.refuse("queuing", "must not be there, as type is Reject");
        }
        _ => {}
    }
}
