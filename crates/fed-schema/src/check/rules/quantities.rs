//! Do requests and limits of resources fit together?

use serde_json::Value;

use super::Row;
use super::spot::Spot;
use crate::check::violation::Rule;
use crate::check::written::quantity;

pub(super) const RULES: &[Row] = &[
    ("api.core.v1.LimitRangeItem", limits),
    ("api.core.v1.ResourceRequirements", requests),
];

/// Resources that can be overcommitted: of others, requests and limits are the same.
fn can_be_overcommitted(resource: &str) -> bool {
    let is_native = !resource.contains('/') || resource.contains("kubernetes.io/");
    is_native && !resource.starts_with("hugepages-")
}

fn requests(spot: &mut Spot<'_>) {
    let limits = spot.object("limits");
    for (resource, request) in spot.object("requests").into_iter().flatten() {
        let Some(limit) = limits.and_then(|limits| limits.get(resource)) else {
            continue;
        };
        let amount = |value: &Value| if value.is_null() { Some(0) } else { quantity(value) };
        let (Some(asked), Some(most)) = (amount(request), amount(limit)) else {
            continue;
        };
        if asked > most {
            let message = "is more than the limit: lower it, or raise the limit";
            spot.say_of_key("requests", resource, Rule::Quantity, message);
        } else if asked < most && !can_be_overcommitted(resource) {
            let message = "must be the same as the limit: this resource cannot be shared";
            spot.say_of_key("requests", resource, Rule::Quantity, message);
        }
    }
}

/// Bounds that must not be larger than others.
const ORDER: [(&str, &str); 6] = [
    ("min", "max"),
    ("min", "default"),
    ("min", "defaultRequest"),
    ("defaultRequest", "default"),
    ("defaultRequest", "max"),
    ("default", "max"),
];

fn limits(spot: &mut Spot<'_>) {
    for (less, more) in ORDER {
        let (Some(low), Some(high)) = (spot.object(less), spot.object(more)) else {
            continue;
        };
        for (resource, low) in low {
            let high = high.get(resource).and_then(quantity);
            if let (Some(low), Some(high)) = (quantity(low), high) {
                if low > high {
                    spot.say_of_key(less, resource, Rule::Quantity, format!("must not be more than in {more}"));
                }
            }
        }
    }
}
