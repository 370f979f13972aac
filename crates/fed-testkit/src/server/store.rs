//! What does the server hold? Every object once, one count of changes, and the last of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::Value;

use super::target::Resource;

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

/// An object as it is held: shared by the store and the history, never copied for reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The change that made it what it is.
    pub version: u64,
    /// What it is, with that version in its metadata.
    pub object: Arc<Value>,
}

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is another.
    Modified,
    /// It is gone; the event shows what it was.
    Deleted,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub change: Change,
    /// To which object.
    pub key: Key,
    /// What it is then, or was last.
    pub stored: Stored,
    /// What it was before, to tell who stops selecting it.
    pub before: Option<Stored>,
}

/// All objects, by resource, namespace and name, and the last changes.
#[derive(Clone, Debug)]
pub struct Store {
    objects: BTreeMap<Key, Stored>,
    version: u64,
    history: VecDeque<Event>,
    kept: usize,
    /// Changes up to this one are forgotten.
    forgotten: u64,
}

impl Store {
    /// A store that keeps so many changes for those who watch.
    pub fn new(kept: usize) -> Self {
        Self {
            objects: BTreeMap::new(),
            version: 0,
            history: VecDeque::new(),
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
        self.objects.get(key)
    }

    /// The objects of a resource, by namespace and name.
    pub fn all(&self, resource: &Resource) -> impl Iterator<Item = (&Key, &Stored)> {
        let first = Key {
            resource: resource.clone(),
            namespace: String::new(),
            name: String::new(),
        };
        let from = self.objects.range(first..);
        from.take_while(move |(key, _)| key.resource == *resource)
    }

    /// Holds an object, new or in the place of another, under the next version. The object is
    /// given that version before it is held.
    pub fn put(&mut self, key: Key, mut object: Value) -> &Stored {
        self.version += 1;
        set_version(&mut object, self.version);
        let stored = Stored {
            version: self.version,
            object: Arc::new(object),
        };
        let before = self.objects.get(&key).cloned();
        let change = match before {
            Some(_) => Change::Modified,
            None => Change::Added,
        };
        self.record(Event {
            change,
            key: key.clone(),
            stored: stored.clone(),
            before,
        });
        self.objects.entry(key).insert_entry(stored).into_mut()
    }

    /// Lets an object go. What it was last is told with the version of its end.
    pub fn remove(&mut self, key: &Key, mut last: Value) {
        let Some(before) = self.objects.remove(key) else {
            return;
        };
        self.version += 1;
        set_version(&mut last, self.version);
        self.record(Event {
            change: Change::Deleted,
            key: key.clone(),
            stored: Stored {
                version: self.version,
                object: Arc::new(last),
            },
            before: Some(before),
        });
    }

    /// The changes after a version, or `None` where some of them are forgotten already.
    pub fn since(&self, version: u64) -> Option<impl Iterator<Item = &Event>> {
        let is_known = version >= self.forgotten;
        is_known.then(|| {
            let first = self
                .history
                .partition_point(|event| event.stored.version <= version);
            self.history.range(first..)
        })
    }

    fn record(&mut self, event: Event) {
        self.history.push_back(event);
        while self.history.len() > self.kept {
            if let Some(event) = self.history.pop_front() {
                self.forgotten = event.stored.version;
            }
        }
    }
}

fn set_version(object: &mut Value, version: u64) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("resourceVersion".to_owned(), version.to_string().into());
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
        let mut store = Store::new(3);
        store.put(key("a"), json!({"metadata": {}}));
        store.put(key("b"), json!({"metadata": {}}));
        store.put(key("a"), json!({"metadata": {}, "data": {}}));
        store.remove(&key("b"), json!({"metadata": {}}));
        assert_eq!(store.version(), 4);
        let changes: Vec<_> = store
            .since(1)
            .expect("kept")
            .map(|event| event.change)
            .collect();
        assert_eq!(changes, [Change::Added, Change::Modified, Change::Deleted]);
        assert!(store.since(0).is_none(), "the first is forgotten");
        assert_eq!(store.since(4).expect("nothing new").count(), 0);
        let names: Vec<_> = store
            .all(&key("").resource)
            .map(|(key, _)| key.name.as_str())
            .collect();
        assert_eq!(names, ["a"]);
        let held = store.get(&key("a")).expect("held");
        assert_eq!(held.object["metadata"]["resourceVersion"], "3");
    }
}
