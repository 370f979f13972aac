//! What is held of one resource, and what happened to it last?

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::held::Stored;

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

impl Change {
    /// As the events of a watch name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "ADDED",
            Self::Modified => "MODIFIED",
            Self::Deleted => "DELETED",
        }
    }
}

/// One change.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub change: Change,
    /// What it is then, or was last.
    pub stored: Stored,
    /// What it was before, to tell who stops selecting it.
    pub before: Option<Stored>,
    line: OnceLock<Bytes>,
}

impl Event {
    pub(super) fn new(change: Change, stored: Stored, before: Option<Stored>) -> Self {
        Self {
            change,
            stored,
            before,
            line: OnceLock::new(),
        }
    }

    /// The event as a watch writes it: made once for all who watch.
    pub fn line(&self) -> &Bytes {
        self.line
            .get_or_init(|| line(self.change.as_str(), self.stored.json()))
    }
}

/// An event of a watch: one line of JSON.
pub(crate) fn line(name: &str, json: &[u8]) -> Bytes {
    let mut line = Vec::with_capacity(json.len() + 40);
    line.extend_from_slice(b"{\"type\":\"");
    line.extend_from_slice(name.as_bytes());
    line.extend_from_slice(b"\",\"object\":");
    line.extend_from_slice(json);
    line.extend_from_slice(b"}\n");
    line.into()
}

/// The objects of a resource, by place, and the last changes to them.
#[derive(Clone, Debug, Default)]
pub(super) struct Collection {
    objects: BTreeMap<Arc<str>, Stored>,
    history: VecDeque<Event>,
    /// Changes up to this one are forgotten.
    forgotten: u64,
}

impl Collection {
    pub(super) fn get(&self, place: &str) -> Option<&Stored> {
        self.objects.get(place)
    }

    /// The objects whose places begin so, in order.
    pub(super) fn beginning(&self, with: Arc<str>) -> impl Iterator<Item = &Stored> {
        let from = (Bound::Included(Arc::clone(&with)), Bound::Unbounded);
        let found = self.objects.range::<Arc<str>, _>(from);
        let found = found.take_while(move |(place, _)| place.starts_with(&*with));
        found.map(|(_, stored)| stored)
    }

    /// The objects as they were after a change, or `None` where that is forgotten.
    pub(super) fn at(&self, version: u64) -> Option<BTreeMap<Arc<str>, Stored>> {
        if version < self.forgotten {
            return None;
        }
        let mut objects = self.objects.clone();
        for event in self.history.iter().rev() {
            if event.stored.version() <= version {
                break;
            }
            let place = Arc::clone(event.stored.place());
            match &event.before {
                Some(before) => objects.insert(place, before.clone()),
                None => objects.remove(&place),
            };
        }
        Some(objects)
    }

    pub(super) fn put(&mut self, stored: Stored, kept: usize) {
        let before = self
            .objects
            .insert(Arc::clone(stored.place()), stored.clone());
        let change = match before {
            Some(_) => Change::Modified,
            None => Change::Added,
        };
        self.record(Event::new(change, stored, before), kept);
    }

    pub(super) fn remove(&mut self, last: Stored, kept: usize) {
        let before = self.objects.remove(last.place());
        self.record(Event::new(Change::Deleted, last, before), kept);
    }

    /// The changes after a version, or `None` where some of them are forgotten already.
    pub(super) fn since(&self, version: u64) -> Option<impl Iterator<Item = &Event>> {
        let is_known = version >= self.forgotten;
        is_known.then(|| {
            let is_seen = |event: &Event| event.stored.version() <= version;
            self.history.range(self.history.partition_point(is_seen)..)
        })
    }

    /// The last change that is forgotten.
    pub(super) fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// Forgets all changes up to a version.
    pub(super) fn forget(&mut self, version: u64) {
        self.forgotten = self.forgotten.max(version);
        let is_old = |event: &Event| event.stored.version() <= version;
        self.history.drain(..self.history.partition_point(is_old));
    }

    fn record(&mut self, event: Event, kept: usize) {
        self.history.push_back(event);
        while self.history.len() > kept {
            if let Some(event) = self.history.pop_front() {
                self.forgotten = event.stored.version();
            }
        }
    }
}
