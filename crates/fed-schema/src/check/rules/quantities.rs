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
    names(spot);
    let limits = spot.object("limits");
    for (resource, request) in spot.object("requests").into_iter().flatten() {
        let Some(limit) = limits.and_then(|limits| limits.get(resource)) else {
            if !can_be_overcommitted(resource) {
                let message = "must be in limits too: this resource cannot be shared";
                spot.say_of_key("requests", resource, Rule::Quantity, message);
            }
            continue;
        };
        let amount = |value: &Value| {
            if value.is_null() {
                Some(0)
            } else {
                quantity(value)
            }
        };
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

/// What containers and claims can ask for without naming a domain.
const NATIVE: [&str; 4] = ["cpu", "memory", "ephemeral-storage", "storage"];

fn names(spot: &mut Spot<'_>) {
    for field in ["requests", "limits"] {
        for (resource, amount) in spot.object(field).into_iter().flatten() {
            let is_known = NATIVE.contains(&resource.as_str())
                || resource.starts_with("hugepages-")
                || resource.contains('/');
            if !is_known {
                let message = format!(
                    "is no resource: there are {}, hugepages-SIZE and those with a domain, such as example.com/gpu",
                    NATIVE.join(", ")
                );
                spot.say_of_key(field, resource, Rule::Name, message);
            }
            let is_whole = quantity(amount).is_none_or(|amount| amount % 1_000_000_000 == 0);
            if resource.contains('/') && !is_whole {
                spot.say_of_key(field, resource, Rule::Quantity, "must be a whole number");
            }
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
    if spot.text("type") == "Pod" {
        for field in ["default", "defaultRequest"] {
            if spot
                .object(field)
                .is_some_and(|amounts| !amounts.is_empty())
            {
                spot.refuse(field, "must not be there, as type is Pod");
            }
        }
    }
    for (less, more) in ORDER {
        let (Some(low), Some(high)) = (spot.object(less), spot.object(more)) else {
            continue;
        };
        for (resource, low) in low {
            let high = high.get(resource).and_then(quantity);
            if let (Some(low), Some(high)) = (quantity(low), high)
                && low > high
            {
                spot.say_of_key(
                    less,
                    resource,
                    Rule::Quantity,
                    format!("must not be more than in {more}"),
                );
            }
        }
    }
}
