//! What becomes of one request? Where it goes, and what all requests have in common.

mod apply;
mod create;
mod delete;
mod patch;
pub(super) mod read;
mod scale;
pub(super) mod track;
mod update;

use fed_schema::{Schemas, Type};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::access::{User, is_review};
use super::answer::{Answer, Body};
use super::request::Request;
use super::status::Refusal;
use super::store::{Key, Stored};
use super::target::{Resource, Target};
use super::watch::Watch;
use super::{Server, table};

/// A request on its way.
pub(super) struct Call<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) target: Target<'a>,
    pub(super) request: &'a Request,
    pub(super) user: User,
    /// Now, as objects write it.
    pub(super) now: String,
    pub(super) at: Timestamp,
    pub(super) dry_run: bool,
}

impl<'a> Call<'a> {
    pub(super) fn of(
        schemas: &'a Schemas,
        request: &'a Request,
        user: User,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            schemas,
            target: Target::of(schemas, request)?,
            request,
            user,
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

/// An object that is there, read.
pub(super) struct Existing {
    version: u64,
    pub(super) object: Value,
}

impl Existing {
    fn of(stored: &Stored) -> Self {
        Self {
            version: stored.version(),
            object: stored.object(),
        }
    }
}

impl Server {
    pub(super) fn answer(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let method = call.request.method.as_str();
        check_verb(call, method)?;
        match (method, call.target.name.is_empty()) {
            ("GET", false) => self.get(call),
            ("POST", true) if is_review(call.target.kind) => self.review(call),
            ("POST", true) => self.create(call),
            ("POST", false) if call.target.subresource == "token" => self.create_token(call),
            ("PUT" | "PATCH", false) if call.target.subresource == "scale" => self.scale(call),
            ("PUT", false) => self.update(call),
            ("PATCH", false) => self.patch(call),
            ("DELETE", false) if call.target.subresource.is_empty() => self.delete(call),
            ("GET", true)
                if call
                    .request
                    .parameter("watch")
                    .is_some_and(|text| text != "false") =>
            {
                let watch = Watch::of(self, call)?;
                Ok(Answer::of(200, Body::Watch(Box::new(watch))))
            }
            ("GET" | "DELETE", true) => Err(not_yet("lists")),
            _ => Err(not_allowed()),
        }
    }

    fn stored(&self, call: &Call<'_>) -> Result<&Stored, Refusal> {
        let stored = self.store.get(&call.key());
        stored.ok_or_else(|| call.not_found())
    }

    pub(super) fn existing(&self, call: &Call<'_>) -> Result<Existing, Refusal> {
        self.stored(call).map(Existing::of)
    }

    fn get(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let stored = self.stored(call)?;
        if call.target.subresource == "scale" {
            return Ok(Answer::new(200, scale::of_parent(call, &stored.object())));
        }
        if call.request.accept.contains("as=Table") {
            let table = table::of_objects(call.target.kind, &[&stored.object()], call.at);
            return Ok(Answer::new(200, table));
        }
        Ok(Answer::of(200, Body::Encoded(stored.json().clone())))
    }
}

/// Can this be asked of the resource, and is it something that this server knows how to answer?
fn check_verb(call: &Call<'_>, method: &str) -> Result<(), Refusal> {
    let verb = match method {
        "GET" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => return Err(not_allowed()),
    };
    let kind = call.target.kind;
    match call.target.subresource.as_str() {
        "" | "status" | "scale" => {}
        "token" if kind.kind() == "ServiceAccount" => {}
        other => return Err(not_yet(other)),
    }
    if is_review(kind) && !call.target.name.is_empty() {
        return Err(Refusal::no_such_path());
    }
    // Questions are answered and not held.
    if !kind.verbs().any(|verb| verb == "get") && !is_review(kind) {
        return Err(not_yet(kind.kind()));
    }
    let subresource = kind.subresource(&call.target.subresource);
    let is_served = match subresource {
        Some(subresource) => subresource.verbs.iter().any(|served| served == verb),
        None => kind.verbs().any(|served| served == verb),
    };
    if is_served {
        Ok(())
    } else {
        Err(not_allowed())
    }
}

pub(super) fn not_allowed() -> Refusal {
    let message = "the server does not allow this method on the requested resource";
    Refusal::new(405, "MethodNotAllowed", message).about(&Resource::default(), "")
}

/// A refusal that no real server gives: better none than a wrong answer.
pub(super) fn not_yet(what: &str) -> Refusal {
    let message = format!("the server in memory does not know {what} yet");
    Refusal::new(501, "NotImplemented", message)
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
