//! What does a new server hold? What kube-apiserver makes when it first starts.

use std::sync::OnceLock;

use jiff::Timestamp;
use serde_json::Value;

use super::store::{Key, Stored};
use super::target::path;
use super::write::{self, metadata};
use super::{Request, Resource, Server};

/// What kube-apiserver makes, in its order, without what it chooses.
static MADE: &str = include_str!("bootstrap.json");

/// The namespaces that every server has.
const NAMESPACES: [&str; 4] = ["kube-system", "default", "kube-public", "kube-node-lease"];

impl Server {
    /// Makes what every new server holds.
    pub(super) fn bootstrap(&mut self) {
        for (key, object) in made() {
            let mut object = object.clone();
            metadata(&mut object).insert("uid".to_owned(), self.random.uid().into());
            self.store.put(key, object);
        }
    }
}

/// What every new server holds, and where: made once, by a server without it.
fn made() -> &'static [(Key, Value)] {
    static ALL: OnceLock<Vec<(Key, Value)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut server = Server::empty(0);
        let namespaces = NAMESPACES.map(|name| {
            serde_json::json!({
                "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name},
            })
        });
        let others: Vec<Value> = serde_json::from_str(MADE).unwrap_or_default();
        let all = namespaces.into_iter().chain(others);
        all.filter_map(|object| server.make(&object)).collect()
    })
}

impl Server {
    /// Makes an object as kube-apiserver itself, long ago.
    fn make(&mut self, object: &Value) -> Option<(Key, Value)> {
        let text = |pointer: &str| write::text(object, pointer);
        let kind = self.schemas.kind_of(text("/apiVersion"), text("/kind"))?;
        let resource = Resource::of(kind);
        let path = path(kind, text("/metadata/namespace"), "");
        let path = format!("{path}?fieldManager=kube-apiserver");
        let request = Request::new("POST", &path).with_json("application/json", object);
        self.handle(&request, Timestamp::UNIX_EPOCH);
        let key = Key {
            resource,
            namespace: text("/metadata/namespace").to_owned(),
            name: text("/metadata/name").to_owned(),
        };
        let held = self.store.get(&key).map(Stored::object);
        // What nobody else may make, such as the highest priorities, stands there whole.
        Some((key, held.unwrap_or_else(|| object.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_kube_apiserver_makes_is_there() {
        let written: Vec<Value> = serde_json::from_str(MADE).expect("JSON");
        assert_eq!(made().len(), written.len() + NAMESPACES.len());
        let uid = |seed| {
            let key = &made().first().expect("a namespace").0;
            let object = Server::new(seed).store.get(key).map(Stored::object);
            object.expect("held")["metadata"]["uid"].clone()
        };
        assert_eq!(uid(1), uid(1));
        assert_ne!(uid(1), uid(2));
    }
}
