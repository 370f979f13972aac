//! What does the server hold? Every object once, one count of changes, and the last of them.

mod collection;
mod held;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::target::Resource;

pub(crate) use collection::line;
pub use collection::{Change, Event};
pub use held::Stored;

use collection::Collection;

/// Where an object stands: its resource, namespace and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The resource.
    pub resource: Resource,
    /// The namespace; empty for what lives in none.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl Key {
    /// Where an object of a resource stands.
    pub fn of(resource: &Resource, stored: &Stored) -> Self {
        Self {
            resource: resource.clone(),
            namespace: stored.namespace().to_owned(),
            name: stored.name().to_owned(),
        }
    }

    fn place(&self) -> String {
        match self.namespace.as_str() {
            "" => self.name.clone(),
            namespace => format!("{namespace}/{}", self.name),
        }
    }
}

/// All objects, by resource, namespace and name, and the last changes of each resource.
#[derive(Clone, Debug)]
pub struct Store {
    collections: BTreeMap<Resource, Collection>,
    version: u64,
    kept: usize,
    /// Changes up to this one are forgotten, of all resources.
    forgotten: u64,
}

impl Store {
    /// A store that keeps so many changes of each resource for those who watch.
    pub fn new(kept: usize) -> Self {
        Self {
            collections: BTreeMap::new(),
            version: 0,
            kept,
            forgotten: 0,
        }
    }

    /// The last change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The object at a place.
    pub fn get(&self, key: &Key) -> Option<&Stored> {
        self.collections.get(&key.resource)?.get(&key.place())
    }

    /// The resources of which something is or was held.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.collections.keys()
    }

    /// The objects of a resource, by namespace and name.
    pub fn all(&self, resource: &Resource) -> impl Iterator<Item = &Stored> {
        self.within(resource, "")
    }

    /// The objects of a resource in a namespace, by name; in all of them where it is empty.
    pub fn within(&self, resource: &Resource, namespace: &str) -> impl Iterator<Item = &Stored> {
        let beginning = match namespace {
            "" => String::new(),
            namespace => format!("{namespace}/"),
        };
        let objects = self.collections.get(resource);
        let found = objects.map(|objects| objects.beginning(beginning.into()));
        found.into_iter().flatten()
    }

    /// The same as it was after a change, or `None` where that is forgotten.
    pub fn within_at(
        &self,
        resource: &Resource,
        namespace: &str,
        version: u64,
    ) -> Option<Vec<Stored>> {
        if version < self.forgotten {
            return None;
        }
        let objects = match self.collections.get(resource) {
            Some(objects) => objects.at(version)?,
            None => BTreeMap::new(),
        };
        let is_there = |stored: &Stored| stored.is_in(namespace);
        Some(objects.into_values().filter(is_there).collect())
    }

    /// Holds an object, new or in the place of another, under the next version. The object is
    /// given that version before it is held.
    pub fn put(&mut self, key: &Key, object: Value) -> Stored {
        self.version += 1;
        let place: Arc<str> = key.place().into();
        let stored = Stored::new(place, self.version, object);
        let kept = self.kept;
        self.collection(&key.resource).put(stored.clone(), kept);
        stored
    }

    /// Lets an object go. What it was last is told with the version of its end.
    pub fn remove(&mut self, key: &Key, last: Value) -> Option<Stored> {
        self.get(key)?;
        self.version += 1;
        let last = Stored::new(key.place().into(), self.version, last);
        let kept = self.kept;
        self.collection(&key.resource).remove(last.clone(), kept);
        Some(last)
    }

    /// The changes of a resource after a version, or `None` where some of them are forgotten
    /// already.
    pub fn since(&self, resource: &Resource, version: u64) -> Option<impl Iterator<Item = &Event>> {
        if version < self.forgotten {
            return None;
        }
        let events = match self.collections.get(resource) {
            Some(objects) => Some(objects.since(version)?),
            None => None,
        };
        Some(events.into_iter().flatten())
    }

    /// The last change of a resource that is forgotten.
    pub fn forgotten(&self, resource: &Resource) -> u64 {
        let own = self.collections.get(resource).map(Collection::forgotten);
        own.unwrap_or_default().max(self.forgotten)
    }

    /// Forgets the changes up to now: who asks for one of them is told that it is too old.
    pub fn forget_history(&mut self) {
        self.forgotten = self.version;
        for objects in self.collections.values_mut() {
            objects.forget(self.version);
        }
    }

    /// The collection of a resource; made where there is none.
    fn collection(&mut self, resource: &Resource) -> &mut Collection {
        self.collections.entry(resource.clone()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key(name: &str) -> Key {
        Key {
            resource: Resource {
                group: String::new(),
                plural: "configmaps".to_owned(),
            },
            namespace: "shop".to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn every_change_has_a_version_of_its_own_and_old_ones_are_forgotten() {
        let resource = key("").resource;
        let mut store = Store::new(3);
        store.put(&key("a"), json!({"metadata": {}}));
        store.put(&key("b"), json!({"metadata": {}}));
        store.put(&key("a"), json!({"metadata": {}, "data": {}}));
        store.remove(&key("b"), json!({"metadata": {}}));
        assert_eq!(store.version(), 4);
        let changes: Vec<_> = store
            .since(&resource, 1)
            .expect("kept")
            .map(|event| event.change)
            .collect();
        assert_eq!(changes, [Change::Added, Change::Modified, Change::Deleted]);
        assert!(
            store.since(&resource, 0).is_none(),
            "the first is forgotten"
        );
        assert_eq!(store.since(&resource, 4).expect("nothing new").count(), 0);
        let names: Vec<_> = store.all(&resource).map(Stored::name).collect();
        assert_eq!(names, ["a"]);
        let held = store.get(&key("a")).expect("held");
        assert_eq!(held.object()["metadata"]["resourceVersion"], "3");
        store.forget_history();
        assert!(store.since(&resource, 3).is_none(), "all is forgotten");
    }

    #[test]
    fn a_namespace_ends_where_its_name_does() {
        let mut store = Store::new(3);
        for namespace in ["shop", "shop-2", "sho"] {
            let key = Key {
                namespace: namespace.to_owned(),
                ..key("a")
            };
            store.put(&key, json!({"metadata": {}}));
        }
        let resource = key("").resource;
        let found = store.within(&resource, "shop");
        assert_eq!(found.map(Stored::namespace).collect::<Vec<_>>(), ["shop"]);
    }
}
