//! What becomes of one request? Where it goes, and what all requests have in common.

mod admit;
mod apply;
mod create;
mod definition;
mod delete;
mod last_applied;
mod namespace;
mod patch;
pub(super) mod read;
mod scale;
pub(super) mod track;
mod unread;
mod update;

use std::collections::BTreeMap;

use fed_schema::{Kind, Schemas, Scope, Type};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::access::{User, is_review};
use super::answer::{Answer, Body};
use super::form::Form;
use super::request::Request;
use super::status::Refusal;
use super::store::{Key, Stored};
use super::target::Target;
use super::watch::Watch;
use super::{Server, options, versions};

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
    /// Are the changes wanted, as they happen?
    pub(super) is_watch: bool,
}

impl<'a> Call<'a> {
    pub(super) fn of(
        schemas: &'a Schemas,
        request: &'a Request,
        user: User,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        let target = Target::of(schemas, request)?;
        let watches = || request.parameter("watch").is_some_and(options::is_true);
        let is_collection = target.name.is_empty() && request.method == "GET";
        Ok(Self {
            schemas,
            is_watch: target.is_watched || (is_collection && watches()),
            target,
            request,
            user,
            now: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            at,
            dry_run: request.is_dry_run()?,
        })
    }

    /// The same request for one object of those that it is for.
    pub(super) fn to(&self, stored: &Stored) -> Self {
        Self {
            target: Target {
                namespace: stored.namespace().to_owned(),
                name: stored.name().to_owned(),
                ..self.target.clone()
            },
            user: self.user.clone(),
            now: self.now.clone(),
            ..*self
        }
    }

    fn root(&self) -> Type<'a> {
        self.target.kind.root()
    }

    pub(super) fn key(&self) -> Key {
        Key {
            resource: self.target.resource.held(),
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
    fn of(call: &Call<'_>, stored: &Stored) -> Self {
        let mut object = stored.object();
        versions::turn(call.target.kind, &mut object);
        Self {
            version: stored.version(),
            object,
        }
    }
}

impl Server {
    pub(super) fn answer(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let method = call.request.method.as_str();
        check_verb(call, method)?;
        let form = Form::of(call)?;
        let kind = call.target.kind;
        let is_other = |stored: &Stored| !versions::can_show(kind, stored);
        if versions::differ(kind) && self.store.get(&call.key()).is_some_and(is_other) {
            return Err(versions::not_shown(kind));
        }
        if call.is_watch {
            let watch = Watch::of(self, call, form)?;
            return Ok(Answer::of(200, Body::Watch(Box::new(watch))));
        }
        let answer = match (method, call.target.name.is_empty()) {
            ("GET", true) => return self.list(call, form),
            ("DELETE", true) => return self.delete_collection(call, form),
            ("GET", false) => return self.get(call, form),
            ("POST", true) if is_review(call.target.kind) => return self.review(call),
            ("POST", true) if is_binding(call.target.kind) => return self.bind(call),
            ("POST", true) => self.create(call),
            ("POST", false) if call.target.subresource == "binding" => return self.bind(call),
            ("POST", false) if call.target.subresource == "eviction" => return self.evict(call),
            ("POST", false) if call.target.subresource == "token" => {
                return self.create_token(call);
            }
            ("PUT" | "PATCH", false) if call.target.subresource == "scale" => {
                return self.scale(call);
            }
            ("PUT", false) if call.target.subresource == "finalize" => self.finalize(call),
            ("PUT", false) => self.update(call),
            ("PATCH", false) => self.patch(call),
            ("DELETE", false) if call.target.subresource.is_empty() => self.delete(call),
            _ => Err(Refusal::not_allowed()),
        };
        form.of_answer(call, answer?)
    }

    fn stored(&self, call: &Call<'_>) -> Result<&Stored, Refusal> {
        let stored = self.store.get(&call.key());
        stored.ok_or_else(|| call.not_found())
    }

    pub(super) fn existing(&self, call: &Call<'_>) -> Result<Existing, Refusal> {
        self.stored(call).map(|stored| Existing::of(call, stored))
    }

    /// Holds an object, in the version that its kind is held in; what is shown of it.
    fn keep(&mut self, call: &Call<'_>, key: &Key, mut object: Value) -> Body {
        let kind = call.target.kind;
        if let Some(version) = self.held_versions.get(&key.resource) {
            versions::hold(call.schemas, kind, version, &mut object);
        }
        versions::hold_event(call.schemas, kind, &mut object);
        let stored = self.store.put(key, object);
        Body::Encoded(versions::shown(kind, &stored))
    }

    fn get(&self, call: &Call<'_>, form: Form) -> Result<Answer, Refusal> {
        let version = call.request.parameter("resourceVersion");
        if let Some(text) = version.filter(|text| !text.is_empty()) {
            let version = options::version_of(text, true)?;
            if version > self.version() {
                return Err(Refusal::too_large_version(version, self.version()));
            }
        }
        let stored = self.stored(call)?;
        if call.target.subresource == "scale" {
            return Ok(Answer::new(200, scale::shown(call, &stored.object())?));
        }
        Ok(Answer::of(200, form.of_one(call, stored)?))
    }
}

/// Can this be asked of the resource, and is it something that this server knows how to answer?
fn check_verb(call: &Call<'_>, method: &str) -> Result<(), Refusal> {
    let is_one = !call.target.name.is_empty();
    let verb = match method {
        "GET" if call.is_watch => "watch",
        _ if call.target.is_watched => return Err(Refusal::not_allowed()),
        "GET" if is_one => "get",
        "GET" => "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" if is_one => "delete",
        "DELETE" => "deletecollection",
        _ => return Err(Refusal::not_allowed()),
    };
    let kind = call.target.kind;
    let is_everywhere = kind.scope() == Scope::Namespaced && call.target.namespace.is_empty();
    if is_everywhere && method != "GET" {
        return Err(Refusal::not_allowed());
    }
    match call.target.subresource.as_str() {
        ""
        | "status"
        | "scale"
        | "finalize"
        | "token"
        | "binding"
        | "eviction"
        | "ephemeralcontainers" => {}
        other => return Err(not_yet(other)),
    }
    if is_review(kind) && !call.target.name.is_empty() {
        return Err(Refusal::no_such_path());
    }
    // Nothing runs here that could be well or ill.
    if (kind.group(), kind.kind()) == ("", "ComponentStatus") {
        return Err(not_yet(kind.kind()));
    }
    // Questions are answered and not held.
    if !kind.verbs().any(|verb| verb == "get") && !is_review(kind) && !is_binding(kind) {
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
        Err(Refusal::not_allowed())
    }
}

fn is_binding(kind: Kind<'_>) -> bool {
    (kind.group(), kind.kind()) == ("", "Binding")
}

/// A refusal that no real server gives: better none than a wrong answer.
pub(super) fn not_yet(what: &str) -> Refusal {
    let message = format!("the server in memory does not know {what} yet");
    Refusal::new(501, "NotImplemented", message)
}

/// The text at a JSON Pointer; empty where there is none.
pub(super) fn text<'v>(object: &'v Value, pointer: &str) -> &'v str {
    let found = if pointer.contains('~') {
        object.pointer(pointer)
    } else {
        at(object, pointer)
    };
    found.and_then(Value::as_str).unwrap_or_default()
}

/// What stands at a JSON Pointer of plain names. `Value::pointer` writes every name anew, which a
/// create would pay for dozens of times.
fn at<'v>(object: &'v Value, pointer: &str) -> Option<&'v Value> {
    let mut names = pointer.split('/').skip(1);
    names.try_fold(object, |here, name| match here {
        Value::Object(fields) => fields.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    })
}

/// The labels of an object.
pub(super) fn labels(object: &Value) -> BTreeMap<String, String> {
    let labels = object.pointer("/metadata/labels").cloned();
    serde_json::from_value(labels.unwrap_or_default()).unwrap_or_default()
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
