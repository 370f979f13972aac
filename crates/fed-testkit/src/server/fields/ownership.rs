//! What becomes of the managers when an object is written? The rules of server-side apply and of
//! every other write.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fed_schema::Type;
use serde_json::Value;

use super::managers::{Manager, Managers, Operation, Owned};
use super::merge::{merge, without};
use super::set::FieldSet;
use super::typed::{Difference, compare, owned_by};

/// No more managers of updates are kept; older ones become one.
pub const MOST_UPDATERS: usize = 10;
/// The name of those that became one.
const OLDER: &str = "ancient-changes";
/// Who owns what was there before anybody was written down.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";

/// Who writes, and what is asked of the rules.
#[derive(Clone, Debug)]
pub struct Writer<'a> {
    /// The name of the manager.
    pub name: &'a str,
    /// The version of the request.
    pub api_version: &'a str,
    /// The subresource that is written; empty for the object itself.
    pub subresource: &'a str,
    /// Now, as RFC 3339 text of whole seconds.
    pub now: &'a str,
    /// The fields that this request cannot change, so that nobody comes to own them by it.
    pub reset: &'a FieldSet,
}

impl Writer<'_> {
    fn manager(&self, operation: Operation) -> Manager {
        Manager {
            name: self.name.to_owned(),
            operation,
            api_version: match operation {
                Operation::Apply => String::new(),
                Operation::Update => self.api_version.to_owned(),
            },
            subresource: self.subresource.to_owned(),
        }
    }
}

/// Fields that an apply would take from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Whose fields.
    pub manager: Manager,
    /// Which.
    pub fields: FieldSet,
}

/// What an apply makes of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The object; `None` where the apply changes nothing of it.
    pub object: Option<Value>,
    /// Who owns what then.
    pub managers: Managers,
}

impl Managers {
    /// The managers after a write that is no apply: whoever writes takes what it changes.
    #[must_use]
    pub fn after_update(
        &self,
        of: Type<'_>,
        before: &Value,
        after: &Value,
        writer: &Writer<'_>,
    ) -> Self {
        let mut changed = compare(of, before, after);
        changed.leave_out(writer.reset);
        let mut managers = self.clone();
        managers.yield_to(&changed, None);
        let mut taken = changed.modified.and(changed.added);
        taken.remove(unowned());
        if !taken.is_empty() {
            let manager = writer.manager(Operation::Update);
            let before = managers.entries.get(&manager);
            let before = before.map(|owned| owned.fields.clone());
            let fields = before.unwrap_or_default().and(taken);
            let owned = Owned {
                fields,
                api_version: writer.api_version.to_owned(),
                time: writer.now.to_owned(),
            };
            managers.entries.insert(manager, owned);
        }
        managers.cap_updaters();
        managers
    }

    /// The managers and the object after an apply, or whose fields it would have to take.
    pub fn apply(
        &self,
        of: Type<'_>,
        live: &Value,
        applied: &Value,
        writer: &Writer<'_>,
        force: bool,
    ) -> Result<Applied, Vec<Conflict>> {
        let manager = writer.manager(Operation::Apply);
        let mut managers = self.clone();
        let last = managers.entries.get(&manager).cloned();
        let fields = owned_by(of, applied).difference_below(writer.reset);
        let owned = Owned {
            fields,
            api_version: writer.api_version.to_owned(),
            time: last.as_ref().map_or("", |last| &last.time).to_owned(),
        };
        managers.entries.insert(manager.clone(), owned);
        let object = managers.prune(of, &merge(of, live, applied), last.as_ref());
        let mut changed = compare(of, live, &object);
        changed.leave_out(writer.reset);
        let conflicts = managers.conflicts(&changed, &manager);
        if !force && !conflicts.is_empty() {
            return Err(conflicts);
        }
        managers.yield_to(&changed, Some(&manager));
        let is_same = super::element::is_equal(live, &object);
        if let Some(owned) = managers.entries.get_mut(&manager) {
            // What names the object is applied too, and keeps it from being pruned.
            owned.fields.remove(unowned());
            if !is_same {
                writer.now.clone_into(&mut owned.time);
            }
        }
        managers.drop_empty();
        Ok(Applied {
            object: (!is_same).then_some(object),
            managers,
        })
    }

    /// The managers of an object that nobody was written down for, before something is applied to
    /// it: all that it has belongs to one.
    #[must_use]
    pub fn before_first_apply(
        of: Type<'_>,
        nothing: &Value,
        live: &Value,
        writer: &Writer<'_>,
    ) -> Self {
        let writer = Writer {
            name: BEFORE_FIRST_APPLY,
            ..writer.clone()
        };
        Self::default().after_update(of, nothing, live, &writer)
    }

    fn conflicts(&self, changed: &Difference, writer: &Manager) -> Vec<Conflict> {
        let taken = changed.modified.union(&changed.added);
        let others = self
            .entries
            .iter()
            .filter(|(manager, _)| *manager != writer);
        others
            .map(|(manager, owned)| Conflict {
                manager: manager.clone(),
                fields: owned.fields.intersection(&taken),
            })
            .filter(|conflict| !conflict.fields.is_empty())
            .collect()
    }

    /// All but the writer lose what was changed, and what is gone.
    fn yield_to(&mut self, changed: &Difference, writer: Option<&Manager>) {
        for (manager, owned) in &mut self.entries {
            if Some(manager) != writer {
                for lost in [&changed.modified, &changed.added, &changed.removed] {
                    owned.fields.remove(lost);
                }
            }
        }
        self.drop_empty();
    }

    fn drop_empty(&mut self) {
        self.entries.retain(|_, owned| !owned.fields.is_empty());
    }

    /// Takes out of an object what its applier owned and does not set any more, unless somebody
    /// else owns it or it holds what somebody else put there.
    fn prune(&self, of: Type<'_>, merged: &Value, last: Option<&Owned>) -> Value {
        let Some(last) = last.filter(|last| !last.fields.is_empty()) else {
            return merged.clone();
        };
        let named = |set: &FieldSet| set.with_named_fields(Some(of));
        let last = named(&last.fields);
        let take = |set: &FieldSet| without(of, merged, set).unwrap_or_default();
        let all = named(&owned_by(of, merged));
        let pruned = named(&owned_by(of, &take(&last)));
        let owned = self.entries.values();
        let owned = owned.fold(FieldSet::new(), |all, owned| all.union(&owned.fields));
        let kept = take(&all.difference(&pruned.union(&named(&owned))));
        let kept = named(&owned_by(of, &kept));
        take(&all.difference(&kept).intersection(&last))
    }

    fn cap_updaters(&mut self) {
        let mut updaters: Vec<_> = self
            .entries
            .iter()
            .filter(|(manager, _)| manager.operation == Operation::Update)
            .map(|(manager, owned)| (owned.time.clone(), manager.clone()))
            .collect();
        let mut over = updaters.len().saturating_sub(MOST_UPDATERS);
        updaters.sort();
        let mut first_of = BTreeMap::new();
        for (time, manager) in updaters {
            if over == 0 {
                break;
            }
            let version = manager.api_version.clone();
            let Some(first) = first_of.get(&version) else {
                first_of.insert(version, manager);
                continue;
            };
            let bucket = Manager {
                name: OLDER.to_owned(),
                operation: Operation::Update,
                api_version: version,
                subresource: String::new(),
            };
            if !self.entries.contains_key(&bucket)
                && let Some(owned) = self.entries.remove(first)
            {
                self.entries.insert(bucket.clone(), owned);
            }
            if manager == bucket {
                continue;
            }
            let Some(merged) = self.entries.remove(&manager) else {
                continue;
            };
            if let Some(owned) = self.entries.get_mut(&bucket) {
                owned.fields = owned.fields.union(&merged.fields);
                owned.time = time;
            }
            over -= 1;
        }
    }
}

/// The fields that nobody ever owns: what names an object, and what the server gives.
fn unowned() -> &'static FieldSet {
    const NAMES: [&str; 8] = [
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "generation",
        "resourceVersion",
        "managedFields",
    ];
    // A cache of constant data.
    static UNOWNED: OnceLock<FieldSet> = OnceLock::new();
    UNOWNED.get_or_init(|| {
        let of_metadata = NAMES
            .iter()
            .map(|name| FieldSet::of_fields(&["metadata", name]));
        let top = ["apiVersion", "kind", "metadata"].map(|name| FieldSet::of_fields(&[name]));
        of_metadata.chain(top).fold(FieldSet::new(), FieldSet::and)
    })
}

/// What an apply that fails for conflicts says, as a server says it.
pub fn conflict_message(conflicts: &[Conflict]) -> String {
    let count: usize = conflicts
        .iter()
        .map(|conflict| conflict.fields.paths().len())
        .sum();
    if let (1, [conflict]) = (count, conflicts) {
        let path = conflict.fields.paths().concat();
        let who = describe(&conflict.manager);
        return format!("Apply failed with 1 conflict: conflict with {who}: {path}");
    }
    let mut lines = Vec::new();
    for conflict in conflicts {
        lines.push(format!("conflicts with {}:", describe(&conflict.manager)));
        lines.extend(
            conflict
                .fields
                .paths()
                .iter()
                .map(|path| format!("- {path}")),
        );
    }
    let lines = lines.join("\n");
    format!("Apply failed with {count} conflicts: {lines}")
}

/// A manager in the words of a conflict.
pub fn describe(manager: &Manager) -> String {
    let place = match manager.subresource.as_str() {
        "" => String::new(),
        subresource => format!(" with subresource {subresource:?}"),
    };
    let version = match manager.operation {
        Operation::Apply => String::new(),
        Operation::Update => format!(" using {}", manager.api_version),
    };
    format!("{:?}{place}{version}", manager.name)
}
