//! How is an object in a cluster: does it work, is it on its way, or does it need somebody?

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::paths::{Text, items, number, text};

/// How an object is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[non_exhaustive]
pub enum HealthState {
    /// It does what it is for.
    Healthy,
    /// It is not there yet, and nothing says that it will not get there.
    Progressing,
    /// It will not get there by itself.
    Degraded,
    /// Nothing is known.
    #[default]
    #[serde(other)]
    Unknown,
}

// Without the list of states: a definition that knows them all would refuse a new one.
impl JsonSchema for HealthState {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "HealthState".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

impl HealthState {
    /// The state as text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "Healthy",
            Self::Progressing => "Progressing",
            Self::Degraded => "Degraded",
            Self::Unknown => "Unknown",
        }
    }
}

impl fmt::Display for HealthState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// How an object is, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// How it is.
    pub state: HealthState,
    /// The reason, for machines: one word, such as `ReplicasUnavailable`.
    pub reason: Cow<'static, str>,
    /// The reason, for people.
    pub message: String,
}

impl Health {
    /// A state with its reason.
    pub fn new(
        state: HealthState,
        reason: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            state,
            reason: reason.into(),
            message: message.into(),
        }
    }

    /// Does it do what it is for?
    pub fn is_healthy(&self) -> bool {
        self.state == HealthState::Healthy
    }
}

/// What the health of a kind is read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum HealthRule {
    /// It is healthy by being there.
    Exists,
    /// `observedGeneration`, the usual conditions, and the counts of replicas if it has any.
    #[default]
    Usual,
    /// The usual, of which this condition, such as `Established`, tells whether it is ready.
    Ready(Text),
    /// This condition with this reason, and nothing else.
    ReadyFor(&'static str, &'static str),
    /// The counts of its replicas.
    Replicas(Counts),
    /// A phase.
    Phases {
        /// Where it stands.
        path: &'static str,
        /// What each means; one that is not listed is not known.
        states: &'static [(&'static str, HealthState)],
    },
    /// An address of a load balancer.
    Address,
    /// Two counts of the status, of which the first must reach the second.
    Reaches(&'static str, &'static str),
}

/// Which counts tell how a workload is. An update is through when all wanted replicas are updated
/// and all updated ones are available.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Where the wanted number stands, and what it is where nothing is said.
    pub wanted: (&'static str, i64),
    /// Where the number of updated ones stands, if that is counted.
    pub updated: Option<&'static str>,
    /// Where the number of all stands, those of before an update included, if that is counted.
    pub total: Option<&'static str>,
    /// Where the number of available ones stands.
    pub available: &'static str,
}

/// A condition of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Condition<'v>(&'v Value);

impl<'v> Condition<'v> {
    pub(super) fn find(object: &'v Value, kind: &str) -> Option<Self> {
        Self::find_in(items(object, "/status/conditions"), kind)
    }

    pub(super) fn find_in(conditions: &'v [Value], kind: &str) -> Option<Self> {
        let is_it = |condition: &&Value| text(condition, "/type") == kind;
        conditions.iter().find(is_it).map(Self)
    }

    pub(super) fn is(self, status: &str) -> bool {
        text(self.0, "/status") == status
    }

    pub(super) fn reason(self) -> &'v str {
        text(self.0, "/reason")
    }

    /// A state for the reason that the condition has.
    pub(super) fn tells(self, state: HealthState) -> Health {
        let kind = text(self.0, "/type");
        let reason = match self.reason() {
            "" => kind,
            reason => reason,
        };
        let message = match text(self.0, "/message") {
            "" => format!("{kind} is {}", text(self.0, "/status")),
            message => message.to_owned(),
        };
        Health::new(state, reason.to_owned(), message)
    }
}

/// How an object is that is on its way out.
pub(super) fn terminating(object: &Value) -> Option<Health> {
    let at = object.pointer("/metadata/deletionTimestamp")?;
    let message = "it is being deleted";
    let health = Health::new(HealthState::Progressing, "Terminating", message);
    (!at.is_null()).then_some(health)
}

/// How an object is by a rule.
pub(super) fn health(object: &Value, rule: &HealthRule, replicas: Option<&str>) -> Health {
    if let Some(health) = terminating(object) {
        return health;
    }
    match rule {
        HealthRule::Exists => Health::new(HealthState::Healthy, "Exists", "it is there"),
        HealthRule::Usual => usual(object, None, replicas),
        HealthRule::Ready(condition) => usual(object, Some(condition), replicas),
        HealthRule::ReadyFor(condition, reason) => only_for(object, condition, reason),
        HealthRule::Replicas(counts) => workload(object, counts),
        HealthRule::Phases { path, states } => phase(object, path, states),
        HealthRule::Address => address(object),
        HealthRule::Reaches(count, wanted) => reaches(object, count, wanted),
    }
}

/// Does the status speak of the newest form of the object, as far as it tells?
pub(crate) fn is_observed(object: &Value) -> bool {
    unseen(object, false).is_none()
}

/// Has the controller seen the newest form of the object? What says nothing of it may have.
pub(super) fn unseen(object: &Value, is_always_said: bool) -> Option<Health> {
    let observed = object.pointer("/status/observedGeneration");
    // Argo writes it as text.
    let observed = observed.and_then(|it| it.as_i64().or_else(|| it.as_str()?.parse().ok()));
    let generation = number(object, "/metadata/generation");
    let is_seen = match observed {
        Some(observed) => observed == generation,
        None => !is_always_said || generation == 0,
    };
    (!is_seen).then(|| {
        let message = format!(
            "its controller has seen generation {} and not {generation}",
            observed.unwrap_or_default()
        );
        Health::new(HealthState::Progressing, "NotObserved", message)
    })
}

/// What conditions by the conventions of Kubernetes tell before any other.
const TELLING: &[(&str, &str, HealthState)] = &[
    ("Stalled", "True", HealthState::Degraded),
    ("Failed", "True", HealthState::Degraded),
    ("ReplicaFailure", "True", HealthState::Degraded),
    ("Reconciling", "True", HealthState::Progressing),
];

fn told(object: &Value) -> Option<Health> {
    let mut told = TELLING.iter().filter_map(|(kind, status, state)| {
        let condition = Condition::find(object, kind)?;
        condition.is(status).then(|| condition.tells(*state))
    });
    told.next()
}

/// By the conventions of Kubernetes. A kind that names no condition of its own has `Ready` or
/// `Available`, which are false while a thing is being made: only a named one is a fault.
fn usual(object: &Value, condition: Option<&str>, replicas: Option<&str>) -> Health {
    if let Some(health) = unseen(object, false).or_else(|| told(object)) {
        return health;
    }
    let (named, on_false) = match condition {
        Some(condition) => (vec![condition], HealthState::Degraded),
        None => (vec!["Ready", "Available"], HealthState::Progressing),
    };
    let found = named.iter().find_map(|kind| Condition::find(object, kind));
    if let Some(found) = found {
        return if found.is("True") {
            found.tells(HealthState::Healthy)
        } else if found.is("False") {
            found.tells(on_false)
        } else {
            found.tells(HealthState::Progressing)
        };
    }
    match (condition, replicas) {
        (Some(condition), _) => not_yet(format!("it has no condition {condition} yet")),
        (None, Some(path)) if object.pointer(path).is_some() => scaled(object, path),
        _ => Health::new(
            HealthState::Healthy,
            "Exists",
            "it is there, and says no more",
        ),
    }
}

fn not_yet(message: impl Into<String>) -> Health {
    Health::new(HealthState::Progressing, "NotReported", message)
}

/// By what the `/scale` of a kind must have: a status of its replicas.
fn scaled(object: &Value, path: &str) -> Health {
    let wanted = number(object, path);
    let counted = ["readyReplicas", "availableReplicas", "replicas"];
    let counted = counted
        .iter()
        .find_map(|field| object.pointer(&format!("/status/{field}")));
    match counted.and_then(Value::as_i64) {
        Some(there) if there >= wanted => available(there, wanted),
        Some(there) => unavailable(there, wanted),
        None if wanted == 0 => available(0, 0),
        None => not_yet("it does not say how many replicas it has"),
    }
}

fn available(there: i64, wanted: i64) -> Health {
    let message = format!("{there} of {wanted} replicas are available");
    Health::new(HealthState::Healthy, "Available", message)
}

fn unavailable(there: i64, wanted: i64) -> Health {
    let message = format!("{there} of {wanted} replicas are available");
    Health::new(HealthState::Progressing, "ReplicasUnavailable", message)
}

/// Ready for this reason and no other.
fn only_for(object: &Value, condition: &str, reason: &str) -> Health {
    match Condition::find(object, condition) {
        Some(found) if found.is("True") && found.reason() == reason => {
            found.tells(HealthState::Healthy)
        }
        Some(found) if found.is("False") => found.tells(HealthState::Degraded),
        Some(found) => found.tells(HealthState::Progressing),
        None => not_yet(format!("it has no condition {condition} yet")),
    }
}

fn workload(object: &Value, counts: &Counts) -> Health {
    if let Some(health) = unseen(object, true).or_else(|| told(object)) {
        return health;
    }
    let progress = Condition::find(object, "Progressing");
    if let Some(progress) = progress.filter(|it| it.is("False")) {
        return progress.tells(HealthState::Degraded);
    }
    let (path, unsaid) = counts.wanted;
    let wanted = object
        .pointer(path)
        .and_then(Value::as_i64)
        .unwrap_or(unsaid);
    let count = |path: Option<&str>| path.map(|path| number(object, path));
    let updated = count(counts.updated).unwrap_or(wanted);
    let (total, there) = (
        count(counts.total).unwrap_or(updated),
        number(object, counts.available),
    );
    if updated < wanted {
        let message = format!("{updated} of {wanted} replicas are updated");
        return Health::new(HealthState::Progressing, "ReplicasNotUpdated", message);
    }
    if total > updated {
        let message = format!(
            "{} replicas of before the update remain",
            total.saturating_sub(updated)
        );
        return Health::new(HealthState::Progressing, "OldReplicasRemain", message);
    }
    let wanted = wanted.max(updated);
    if there < wanted {
        return unavailable(there, wanted);
    }
    available(there, wanted)
}

fn phase(object: &Value, path: &str, states: &[(&str, HealthState)]) -> Health {
    let phase = text(object, path);
    if phase.is_empty() {
        return Health::new(HealthState::Unknown, "NoPhase", "it says no phase");
    }
    let state = states.iter().find(|(name, _)| *name == phase);
    let state = state.map_or(HealthState::Unknown, |(_, state)| *state);
    let message = match text(object, "/status/message") {
        "" => format!("its phase is {phase}"),
        message => message.to_owned(),
    };
    Health::new(state, phase.to_owned(), message)
}

fn address(object: &Value) -> Health {
    let addresses = items(object, "/status/loadBalancer/ingress");
    let has_address =
        |one: &Value| !text(one, "/ip").is_empty() || !text(one, "/hostname").is_empty();
    if addresses.iter().any(has_address) {
        Health::new(HealthState::Healthy, "Reachable", "it has an address")
    } else {
        Health::new(
            HealthState::Progressing,
            "NoAddress",
            "it has no address yet",
        )
    }
}

fn reaches(object: &Value, count: &str, wanted: &str) -> Health {
    let (there, wanted) = (number(object, count), number(object, wanted));
    let message = format!("{there} of {wanted} are healthy");
    if there >= wanted {
        Health::new(HealthState::Healthy, "Reached", message)
    } else {
        Health::new(HealthState::Progressing, "NotReached", message)
    }
}
