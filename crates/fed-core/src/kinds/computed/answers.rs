//! Which answers may an expression give, and what do they mean?

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::Scope;
use super::super::health::{Health, HealthState};
use super::super::reference::{Needed, Reference};
use crate::expression::Failure;
use crate::location::Pointer;

/// How long the reason and the message of a condition may be, as Kubernetes takes them.
const LONGEST_REASON: usize = 1_024;
const LONGEST_MESSAGE: usize = 32_768;

/// How many others an object may need.
const MOST_NAMED: usize = 1_000;

/// The states that an expression may tell.
const STATES: [HealthState; 4] = [
    HealthState::Healthy,
    HealthState::Progressing,
    HealthState::Degraded,
    HealthState::Unknown,
];

pub(super) fn health(value: &Value) -> Result<Health, Failure> {
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    let is_told = |(name, value): (&String, &Value)| {
        matches!(name.as_str(), "state" | "reason" | "message") && value.is_string()
    };
    let state = match value {
        Value::String(state) => Some(state.as_str()),
        Value::Object(fields) => text("state").filter(|_| fields.iter().all(is_told)),
        _ => None,
    };
    let state = STATES.into_iter().find(|one| Some(one.as_str()) == state);
    let state = state.ok_or_else(|| {
        Failure::new(
            "it is neither Healthy, Progressing, Degraded or Unknown, nor a map with that as \
             state, and texts as reason and message",
        )
    })?;
    let said = |field| text(field).filter(|said| !said.is_empty());
    let reason = said("reason").unwrap_or(state.as_str());
    if reason.len() > LONGEST_REASON || reason.contains(char::is_whitespace) {
        return Err(Failure::new("its reason is not one word"));
    }
    let message = said("message").map_or_else(|| format!("it is {reason}"), str::to_owned);
    if message.len() > LONGEST_MESSAGE {
        let message = format!("its message has more than {LONGEST_MESSAGE} bytes");
        return Err(Failure::new(message));
    }
    Ok(Health::new(state, reason.to_owned(), message))
}

/// Something that an object needs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    #[serde(default)]
    group: String,
    kind: String,
    name: String,
    scope: Option<Scope>,
    #[serde(default)]
    optional: bool,
    path: Option<String>,
}

pub(super) fn named(value: Value) -> Result<Vec<Named>, Failure> {
    // What serde would say of it quotes what it finds.
    let named: Vec<Named> = serde_json::from_value(value).map_err(|_| {
        Failure::new(
            "it is no list of maps with kind and name, and group, scope, optional and path if \
             they are needed",
        )
    })?;
    if named.len() > MOST_NAMED {
        return Err(Failure::new(format!(
            "it has more than {MOST_NAMED} elements"
        )));
    }
    if named
        .iter()
        .any(|one| one.kind.is_empty() || one.name.is_empty())
    {
        return Err(Failure::new("it has a kind or a name that is empty"));
    }
    Ok(named)
}

impl Named {
    pub(super) fn into_reference(self, object: &Value) -> Reference {
        let path = self.path.map(Pointer::from_text);
        let path = path.filter(|path| path.resolve(object).is_some());
        let needed = Needed::Object {
            group: self.group.into(),
            kind: self.kind.into(),
            scope: self.scope.unwrap_or(Scope::Namespaced),
            name: self.name,
        };
        let mut reference = Reference::new(path.unwrap_or_default(), needed);
        reference.is_optional = self.optional;
        reference
    }
}

pub(super) fn status(value: Value) -> Result<Option<Value>, Failure> {
    match value {
        Value::Null => Ok(None),
        Value::Object(fields) => Ok((!fields.is_empty()).then_some(Value::Object(fields))),
        _ => Err(Failure::new("it is neither a map nor null")),
    }
}

pub(super) fn fields(value: Value) -> Result<Map<String, Value>, Failure> {
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(Failure::new("it is no map")),
    }
}
