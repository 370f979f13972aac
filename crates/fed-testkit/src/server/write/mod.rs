//! What becomes of one request? Where it goes, and what all requests have in common.

mod apply;
mod create;
mod delete;
mod patch;
mod read;
mod scale;
mod track;
mod update;

use fed_schema::{Schemas, Type};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::request::{Answer, Request};
use super::status::Refusal;
use super::store::{Key, Stored};
use super::target::Target;
use super::{Server, table};

/// A request on its way.
pub(super) struct Call<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) target: Target<'a>,
    pub(super) request: &'a Request,
    /// Now, as objects write it.
    pub(super) now: String,
    pub(super) at: Timestamp,
    pub(super) dry_run: bool,
}

impl<'a> Call<'a> {
    pub(super) fn of(
        schemas: &'a Schemas,
        request: &'a Request,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            schemas,
            target: Target::of(schemas, request)?,
            request,
            now: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            at,
            dry_run: request.is_dry_run()?,
        })
    }

    fn root(&self) -> Type<'a> {
        self.target.kind.root()
    }

    fn key(&self) -> Key {
        Key {
            resource: self.target.resource.clone(),
            namespace: self.target.namespace.clone(),
            name: self.target.name.clone(),
        }
    }

    fn not_found(&self) -> Refusal {
        Refusal::not_found(&self.target.resource, &self.target.name)
    }

    /// Who writes: as the request says, or as the client calls itself.
    fn manager(&self) -> &str {
        let said = self
            .request
            .parameter("fieldManager")
            .filter(|name| !name.is_empty());
        said.unwrap_or_else(|| {
            let agent = self
                .request
                .user_agent
                .split('/')
                .next()
                .unwrap_or_default();
            if agent.is_empty() { "unknown" } else { agent }
        })
    }
}

impl Server {
    pub(super) fn answer(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let is_named = !call.target.name.is_empty();
        match (call.request.method.as_str(), is_named) {
            ("GET", true) => self.get(call),
            ("POST", false) => self.create(call),
            ("PUT" | "PATCH", true) if call.target.subresource == "scale" => self.scale(call),
            ("PUT", true) => self.update(call),
            ("PATCH", true) => self.patch(call),
            ("DELETE", true) if call.target.subresource.is_empty() => self.delete(call),
            _ => Err(Refusal::new(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
            )),
        }
    }

    fn existing(&self, call: &Call<'_>) -> Result<Stored, Refusal> {
        let stored = self.store.get(&call.key()).cloned();
        stored.ok_or_else(|| call.not_found())
    }

    fn get(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let stored = self.existing(call)?;
        if call.target.subresource == "scale" {
            return Ok(Answer::new(200, scale::of_parent(call, &stored.object)));
        }
        if call.request.accept.contains("as=Table") {
            let table = table::of_objects(call.target.kind, &[&stored.object], call.at);
            return Ok(Answer::new(200, table));
        }
        Ok(Answer::new(200, (*stored.object).clone()))
    }
}

/// The text at a JSON Pointer; empty where there is none.
pub(super) fn text<'v>(object: &'v Value, pointer: &str) -> &'v str {
    object
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The fields of an object's metadata; made where there are none.
pub(super) fn metadata(object: &mut Value) -> &mut Map<String, Value> {
    fields(fields(object).entry("metadata").or_insert(Value::Null))
}

pub(super) fn fields(value: &mut Value) -> &mut Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => {
            *other = Value::Object(Map::new());
            fields(other)
        }
    }
}
