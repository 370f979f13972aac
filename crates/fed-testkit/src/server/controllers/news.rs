//! What has changed since the controllers looked last?

use serde_json::Value;

use crate::server::Server;
use crate::server::store::{Change, Key, Stored};
use crate::server::target::Resource;
use crate::server::write::text;

/// An object that is new, changed or gone.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) key: Key,
    /// What it was then, or last.
    pub(super) object: Value,
    pub(super) is_gone: bool,
}

impl Changed {
    pub(super) fn is_of(&self, group: &str, plural: &str) -> bool {
        self.key.resource.group == group && self.key.resource.plural == plural
    }

    pub(super) fn uid(&self) -> &str {
        text(&self.object, "/metadata/uid")
    }
}

/// All that changed, the changes of one resource in their order.
#[derive(Debug)]
pub(super) struct News(pub(super) Vec<Changed>);

impl News {
    pub(super) fn since(server: &Server, version: u64) -> Self {
        let store = server.store();
        let mut all = Vec::new();
        for resource in store.resources() {
            let changed = |stored: &Stored, is_gone| Changed {
                key: Key::of(resource, stored),
                object: stored.object(),
                is_gone,
            };
            match store.since(resource, version) {
                Some(events) => all.extend(
                    events.map(|event| changed(&event.stored, event.change == Change::Deleted)),
                ),
                // Too much has happened: what is there is looked at anew.
                None => all.extend(store.all(resource).map(|stored| changed(stored, false))),
            }
        }
        Self(all)
    }

    pub(super) fn of(&self, group: &str, plural: &str) -> impl Iterator<Item = &Changed> {
        self.0.iter().filter(move |one| one.is_of(group, plural))
    }

    pub(super) fn has(&self, group: &str, plural: &str) -> bool {
        self.of(group, plural).next().is_some()
    }
}

/// A resource of the core group.
pub(super) fn core(plural: &str) -> Resource {
    Resource {
        group: String::new(),
        plural: plural.to_owned(),
    }
}
