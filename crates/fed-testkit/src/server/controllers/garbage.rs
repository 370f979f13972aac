//! What becomes of objects whose owners go?

use std::collections::{BTreeMap, BTreeSet};

use fed_schema::Scope;
use serde_json::{Value, json};

use super::hand::{Hand, has_finalizer, is_going};
use super::news::News;
use crate::server::store::Key;
use crate::server::target::Resource;
use crate::server::write::text;

const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";

/// Who is owned by whom.
#[derive(Clone, Debug, Default)]
pub(super) struct Garbage {
    /// The objects that an object owns, by its uid.
    dependents: BTreeMap<String, BTreeSet<Key>>,
    /// The owners that an object names.
    owners: BTreeMap<Key, Vec<Owner>>,
    /// Objects with owners of kinds that are not known.
    puzzles: BTreeSet<Key>,
}

/// An owner as an object names it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Owner {
    api_version: String,
    kind: String,
    name: String,
    uid: String,
    /// Does the owner wait for this object?
    blocks: bool,
}

/// How it stands with an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It is there.
    Solid,
    /// It is not there.
    Absent,
    /// It goes when its dependents are gone.
    Waiting,
}

impl Owner {
    fn all_of(object: &Value) -> Vec<Self> {
        let references = object.pointer("/metadata/ownerReferences");
        let references = references.and_then(Value::as_array).into_iter().flatten();
        let owner = |reference: &Value| Self {
            api_version: text(reference, "/apiVersion").to_owned(),
            kind: text(reference, "/kind").to_owned(),
            name: text(reference, "/name").to_owned(),
            uid: text(reference, "/uid").to_owned(),
            blocks: reference.get("blockOwnerDeletion") == Some(&Value::Bool(true)),
        };
        references.map(owner).collect()
    }

    /// Where it stands, if an object at this place can have such an owner.
    fn key(&self, hand: &Hand<'_>, of: &Key) -> Option<Key> {
        let schemas = hand.server().schemas();
        let kind = schemas.kind_of(&self.api_version, &self.kind)?;
        let is_namespaced = kind.scope() == Scope::Namespaced;
        let namespace = if is_namespaced { &of.namespace } else { "" };
        (!is_namespaced || !namespace.is_empty()).then(|| Key {
            resource: Resource::of(kind),
            namespace: namespace.to_owned(),
            name: self.name.clone(),
        })
    }

    fn standing(&self, hand: &Hand<'_>, of: &Key) -> Option<Standing> {
        let owner = hand.get(&self.key(hand, of)?);
        let owner = owner.filter(|owner| text(owner, "/metadata/uid") == self.uid);
        Some(match owner {
            None => Standing::Absent,
            Some(owner) if is_going(&owner) && has_finalizer(&owner, FOREGROUND) => {
                Standing::Waiting
            }
            Some(_) => Standing::Solid,
        })
    }
}

impl Garbage {
    pub(super) fn work(&mut self, hand: &mut Hand<'_>, news: &News) {
        let mut queue = BTreeSet::new();
        for changed in &news.0 {
            let owners = if changed.is_gone {
                Vec::new()
            } else {
                Owner::all_of(&changed.object)
            };
            // Owners may wait for the one that leaves them.
            for owner in self.link(&changed.key, owners) {
                queue.extend(owner.key(hand, &changed.key));
            }
            if changed.is_gone || is_going(&changed.object) {
                queue.extend(self.dependents_of(changed.uid()));
            }
            queue.insert(changed.key.clone());
        }
        if news.has("apiextensions.k8s.io", "customresourcedefinitions") {
            queue.append(&mut self.puzzles);
        }
        for key in queue {
            self.examine(hand, &key);
        }
    }

    /// Notes the owners of an object; those that it had before and has no more.
    fn link(&mut self, key: &Key, owners: Vec<Owner>) -> Vec<Owner> {
        let before = self.owners.remove(key).unwrap_or_default();
        for owner in &before {
            if let Some(dependents) = self.dependents.get_mut(&owner.uid) {
                dependents.remove(key);
                if dependents.is_empty() {
                    self.dependents.remove(&owner.uid);
                }
            }
        }
        for owner in &owners {
            let dependents = self.dependents.entry(owner.uid.clone()).or_default();
            dependents.insert(key.clone());
        }
        let left = before.into_iter().filter(|owner| !owners.contains(owner));
        let left = left.collect();
        if !owners.is_empty() {
            self.owners.insert(key.clone(), owners);
        }
        left
    }

    fn dependents_of(&self, uid: &str) -> Vec<Key> {
        let dependents = self.dependents.get(uid);
        dependents.into_iter().flatten().cloned().collect()
    }

    /// Is an object to go, or to let others go?
    fn examine(&mut self, hand: &mut Hand<'_>, key: &Key) {
        let Some(object) = hand.get(key) else {
            return;
        };
        let uid = text(&object, "/metadata/uid");
        if is_going(&object) {
            if has_finalizer(&object, ORPHAN) {
                for dependent in self.dependents_of(uid) {
                    forget_owners(hand, &dependent, &[uid]);
                }
                hand.release(key, &object, ORPHAN);
            } else if has_finalizer(&object, FOREGROUND) && !self.is_blocked(uid) {
                hand.release(key, &object, FOREGROUND);
            }
            return;
        }
        let owners = Owner::all_of(&object);
        let standings = owners.iter().map(|owner| owner.standing(hand, key));
        let Some(standings) = standings.collect::<Option<Vec<_>>>() else {
            self.puzzles.insert(key.clone());
            return;
        };
        if !standings.is_empty() {
            self.judge(hand, key, &object, &owners, &standings);
        }
    }

    fn judge(
        &self,
        hand: &mut Hand<'_>,
        key: &Key,
        object: &Value,
        owners: &[Owner],
        standings: &[Standing],
    ) {
        let uid = text(object, "/metadata/uid");
        let is_dependent_waited_for = |dependent: &Key| {
            let dependent = hand.get(dependent);
            dependent.is_some_and(|one| is_going(&one) && has_finalizer(&one, FOREGROUND))
        };
        let dependents = self.dependents_of(uid);
        if standings.contains(&Standing::Solid) {
            let pairs = owners.iter().zip(standings);
            let others = pairs.filter(|(_, standing)| **standing != Standing::Solid);
            let others: Vec<&str> = others.map(|(owner, _)| owner.uid.as_str()).collect();
            if !others.is_empty() {
                forget_owners(hand, key, &others);
            }
        } else if standings.contains(&Standing::Waiting) && !dependents.is_empty() {
            // In a circle nobody may wait for anybody.
            if dependents.iter().any(is_dependent_waited_for) {
                let references = object.pointer("/metadata/ownerReferences").cloned();
                let mut references = references.unwrap_or_default();
                for reference in references.as_array_mut().into_iter().flatten() {
                    if let Some(fields) = reference.as_object_mut() {
                        fields.insert("blockOwnerDeletion".to_owned(), Value::Bool(false));
                    }
                }
                hand.patch(key, &json!({"metadata": {"ownerReferences": references}}));
            }
            hand.delete(key, uid, "Foreground");
        } else if has_finalizer(object, ORPHAN) {
            hand.delete(key, uid, "Orphan");
        } else if has_finalizer(object, FOREGROUND) {
            hand.delete(key, uid, "Foreground");
        } else {
            hand.delete(key, uid, "Background");
        }
    }

    /// Is there somebody whom this object has to wait for?
    fn is_blocked(&self, uid: &str) -> bool {
        let dependents = self.dependents.get(uid).into_iter().flatten();
        let mut owners = dependents.filter_map(|key| self.owners.get(key)).flatten();
        owners.any(|owner| owner.uid == uid && owner.blocks)
    }
}

/// Takes owners from an object.
fn forget_owners(hand: &mut Hand<'_>, key: &Key, uids: &[&str]) {
    let Some(object) = hand.get(key) else {
        return;
    };
    let references = object.pointer("/metadata/ownerReferences");
    let references = references.and_then(Value::as_array).into_iter().flatten();
    let kept = references.filter(|reference| !uids.contains(&text(reference, "/uid")));
    let kept: Vec<&Value> = kept.collect();
    let uid = text(&object, "/metadata/uid");
    hand.patch(
        key,
        &json!({"metadata": {"ownerReferences": kept, "uid": uid}}),
    );
}
