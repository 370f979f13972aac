//! What is known of `gateway.networking.k8s.io/v1 HTTPRoute`?

use serde_json::Value;

use super::health::{self, Condition};
use super::paths::items;
use super::{Adds, Health, HealthRule, HealthState, Kind, Manners, Names, Scope};

static NAMES: &[Names] = &[
    Names::of(
        "gateway.networking.k8s.io",
        "Gateway",
        "/spec/parentRefs/*/name",
    )
    .unless_said("group"),
    Names::core("Service", "/spec/rules/*/backendRefs/*/name").unless_said("group"),
    Names::core(
        "Service",
        "/spec/rules/*/filters/*/requestMirror/backendRef/name",
    )
    .unless_said("group"),
];

static ADDS: &[Adds] = &[Adds::Concat("parents")];

/// What each gateway says of a route that works.
const WANTED: &[&str] = &["Accepted", "ResolvedRefs"];

/// Which requests a gateway leads to which services.
#[derive(Clone, Copy, Debug)]
pub struct HttpRoute;

impl Kind for HttpRoute {
    fn group(&self) -> &'static str {
        "gateway.networking.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "HTTPRoute"
    }

    fn plural(&self) -> &'static str {
        "httproutes"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn health(&self, object: &Value, _manners: Manners) -> Health {
        if let Some(health) = health::terminating(object) {
            return health;
        }
        let parents = items(object, "/status/parents");
        let lists = parents.iter().map(|parent| items(parent, "/conditions"));
        let conditions = lists.flat_map(|list| {
            WANTED
                .iter()
                .filter_map(|kind| Condition::find_in(list, kind))
        });
        let mut faults = conditions.filter(|condition| !condition.is("True"));
        match faults.next() {
            Some(fault) if fault.is("False") => fault.tells(HealthState::Degraded),
            Some(fault) => fault.tells(HealthState::Progressing),
            None if parents.is_empty() => Health::new(
                HealthState::Progressing,
                "NotReported",
                "no gateway has taken it yet",
            ),
            None => health::health(object, &HealthRule::Exists, None),
        }
    }

    fn names(&self) -> &[Names] {
        NAMES
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }
}
