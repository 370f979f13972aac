//! In which lists may each item stand only once, though their schemas do not say so, or a plain
//! create refuses what others take?

use serde_json::Value;

use super::spot::Spot;
use crate::check::violation::Rule;

/// A definition, one of its lists, and the fields that tell the items apart; without any, it is the
/// whole item.
pub(super) type Unique = (&'static str, &'static str, &'static [&'static str]);

/// Says which items stand in a list more than once.
pub(super) fn check(lists: &[Unique], spot: &mut Spot<'_>) {
    for (_, list, keys) in lists {
        let items = spot.list(list);
        for (index, item) in items.iter().enumerate() {
            let is_same = |other: &&Value| match keys[..] {
                [] => *other == item,
                _ => keys.iter().all(|key| other.get(key) == item.get(key)),
            };
            if items.iter().take(index).any(|other| is_same(&other)) {
                let message = match keys[..] {
                    [] => "stands in the list already: each may be there once".to_owned(),
                    _ => format!(
                        "has the same {} as an earlier one: each may be there once",
                        keys.join(" and ")
                    ),
                };
                spot.say(&format!("{list}/{index}"), Rule::Combination, message);
            }
        }
    }
}

// By definition. A table: one line a list.
#[rustfmt::skip]
pub(super) static UNIQUE: &[Unique] = &[
    ("api.admissionregistration.v1.MutatingWebhook", "admissionReviewVersions", &[]),
    ("api.admissionregistration.v1.MutatingWebhook", "matchConditions", &["name"]),
    ("api.admissionregistration.v1.MutatingWebhookConfiguration", "webhooks", &["name"]),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec", "validationActions", &[]),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicySpec", "auditAnnotations", &["key"]),
    ("api.admissionregistration.v1.ValidatingAdmissionPolicySpec", "matchConditions", &["name"]),
    ("api.admissionregistration.v1.ValidatingWebhook", "admissionReviewVersions", &[]),
    ("api.admissionregistration.v1.ValidatingWebhook", "matchConditions", &["name"]),
    ("api.admissionregistration.v1.ValidatingWebhookConfiguration", "webhooks", &["name"]),
    ("api.certificates.v1.CertificateSigningRequestSpec", "usages", &[]),
    ("api.core.v1.LimitRangeSpec", "limits", &["type"]),
    ("api.core.v1.NodeSpec", "taints", &["key", "effect"]),
    ("api.core.v1.TopologySelectorLabelRequirement", "values", &[]),
    ("api.core.v1.TopologySelectorTerm", "matchLabelExpressions", &["key"]),
    ("api.discovery.v1.EndpointHints", "forZones", &["name"]),
    ("api.networking.v1.NetworkPolicySpec", "policyTypes", &[]),
    ("api.networking.v1.ServiceCIDRSpec", "cidrs", &[]),
    ("api.node.v1.Scheduling", "tolerations", &["key", "operator", "value", "effect"]),
    ("api.resource.v1.DeviceClaim", "requests", &["name"]),
    ("api.resource.v1.DeviceRequest", "firstAvailable", &["name"]),
    ("api.resource.v1.ResourceSliceSpec", "devices", &["name"]),
    ("api.storage.v1.CSIDriverSpec", "tokenRequests", &["audience"]),
    ("api.storage.v1.CSINodeDriver", "topologyKeys", &[]),
    ("api.storage.v1.CSINodeSpec", "drivers", &["name"]),
    ("api.storage.v1.StorageClass", "allowedTopologies", &[]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_look_ups() {
        assert!(UNIQUE.is_sorted_by_key(|(definition, ..)| definition));
    }
}
