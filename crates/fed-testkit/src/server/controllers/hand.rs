//! How do controllers do what they do? By requests like everybody's.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::server::Server;
use crate::server::access::{Credentials, User};
use crate::server::answer::Answer;
use crate::server::request::Request;
use crate::server::store::{Key, Store, Stored};
use crate::server::target::path;

const MERGE: &str = "application/merge-patch+json";

/// A server and the time, as a controller has them.
pub(super) struct Hand<'s> {
    server: &'s mut Server,
    now: Timestamp,
}

impl<'s> Hand<'s> {
    pub(super) fn new(server: &'s mut Server, now: Timestamp) -> Self {
        Self { server, now }
    }

    pub(super) fn now(&self) -> String {
        self.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// How long ago a time was that an object tells.
    pub(super) fn seconds_since(&self, time: &Value) -> Option<i64> {
        let time: Timestamp = time.as_str()?.parse().ok()?;
        Some(self.now.as_second() - time.as_second())
    }

    pub(super) fn server(&self) -> &Server {
        self.server
    }

    pub(super) fn store(&self) -> &Store {
        self.server.store()
    }

    pub(super) fn get(&self, key: &Key) -> Option<Value> {
        self.store().get(key).map(Stored::object)
    }

    /// Asks for something below the path of an object, or of all where the name is empty.
    pub(super) fn ask(
        &mut self,
        method: &str,
        key: &Key,
        below: &str,
        media: &str,
        body: &Value,
    ) -> Option<Answer> {
        let resource = &key.resource;
        let kind = self
            .server
            .schemas()
            .resource(&resource.group, &resource.plural)?;
        let path = format!("{}{below}", path(kind, &key.namespace, &key.name));
        let manager = User::new("system:kube-controller-manager").in_group("system:masters");
        let mut request = Request::new(method, &path)
            .with_json(media, body)
            .by(Credentials::User(manager));
        "kube-controller-manager".clone_into(&mut request.user_agent);
        Some(self.server.handle(&request, self.now))
    }

    pub(super) fn create(&mut self, key: &Key, object: &Value) {
        let all = Key {
            name: String::new(),
            ..key.clone()
        };
        self.ask("POST", &all, "", "application/json", object);
    }

    pub(super) fn put(&mut self, key: &Key, below: &str, object: &Value) {
        self.ask("PUT", key, below, "application/json", object);
    }

    pub(super) fn patch(&mut self, key: &Key, patch: &Value) {
        self.ask("PATCH", key, "", MERGE, patch);
    }

    /// Deletes an object, if it is still the one with this uid.
    pub(super) fn delete(&mut self, key: &Key, uid: &str, policy: &str) {
        let options = json!({
            "kind": "DeleteOptions", "apiVersion": "v1",
            "preconditions": {"uid": uid}, "propagationPolicy": policy,
        });
        self.ask("DELETE", key, "", "application/json", &options);
    }

    /// Takes a finalizer from an object.
    pub(super) fn release(&mut self, key: &Key, object: &Value, finalizer: &str) {
        let rest: Vec<&Value> = finalizers(object).filter(|one| *one != finalizer).collect();
        let uid = object.pointer("/metadata/uid");
        self.patch(key, &json!({"metadata": {"finalizers": rest, "uid": uid}}));
    }
}

/// The finalizers of an object.
pub(super) fn finalizers(object: &Value) -> impl Iterator<Item = &Value> {
    let all = object.pointer("/metadata/finalizers");
    all.and_then(Value::as_array).into_iter().flatten()
}

pub(super) fn has_finalizer(object: &Value, finalizer: &str) -> bool {
    finalizers(object).any(|one| one == finalizer)
}

pub(super) fn is_going(object: &Value) -> bool {
    object.pointer("/metadata/deletionTimestamp").is_some()
}
