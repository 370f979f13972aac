//! Which overrides hold for a cluster, and what do they make of its object?

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::entry::{Entry, Origin, Step, Target};
use super::limits::CopyBudget;
use super::native::Override;
use super::read;
use super::shown::{OverrideEntry, OverrideOperation};
use super::targets::Targets;
use super::variables::Variable;
use crate::fleet::Cluster;
use crate::identity::{ClusterName, GroupVersionKind};
use crate::kinds::{Kind, Kinds, successor};
use crate::location::Location;
use crate::problem::Problem;

/// All overrides of one object, in order. Cloning copies a pointer.
///
/// A fault in one override concerns only the clusters that the override names; [`apply`] returns
/// it there, and works for all other clusters.
///
/// [`apply`]: Self::apply
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OverrideSet(Arc<Overrides>);

#[derive(Default, PartialEq, Eq)]
struct Overrides {
    entries: Vec<Entry>,
    /// For each entry the first one that does the same. Entries with a fault stand for themselves.
    same_as: Vec<usize>,
    for_every: Vec<usize>,
    by_name: BTreeMap<ClusterName, Vec<usize>>,
    /// Does any of them say that the object is not somewhere?
    can_leave_out: bool,
    warnings: Vec<Problem>,
}

/// Which of a set's overrides hold for a cluster, and what they tell of it. Two clusters of one
/// class get the same out of the same object, so that one render serves both; classes of different
/// sets do not compare.
///
/// A failure is the exception: it names the cluster, so ask for each cluster of the class.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OverrideClass {
    entries: Vec<usize>,
    /// What the cluster has of what the overrides tell; nothing for what it does not have.
    told: BTreeMap<Variable, Option<String>>,
}

impl OverrideClass {
    /// Is the object left as it is?
    pub fn is_unchanged(&self) -> bool {
        self.entries.is_empty()
    }
}

impl OverrideSet {
    /// The set of these native overrides, which stand as a list at this place.
    pub fn native(overrides: &[Override], at: &Location) -> Self {
        let mut warnings = Vec::new();
        let entries = overrides
            .iter()
            .enumerate()
            .map(|(index, source)| read::read(source, at.child(index), &mut warnings))
            .collect();
        Self::new(entries, warnings)
    }

    pub(super) fn new(mut entries: Vec<Entry>, warnings: Vec<Problem>) -> Self {
        let mut set = Overrides {
            warnings,
            same_as: first_equals(&entries),
            ..Overrides::default()
        };
        for (index, entry) in entries.iter_mut().enumerate() {
            if let Some(only) = entry.targets.only() {
                for fault in &mut entry.faults {
                    fault.cluster = Some(only.clone());
                }
            }
            set.index(index, entry);
        }
        set.entries = entries;
        Self(Arc::new(set))
    }

    /// All of this set's overrides, then all of `later`'s.
    #[must_use]
    pub fn followed_by(&self, later: &Self) -> Self {
        if later.0.is_empty() {
            return self.clone();
        }
        if self.0.is_empty() {
            return later.clone();
        }
        let entries = self.0.entries.iter().chain(&later.0.entries).cloned();
        let warnings = self.warnings().iter().chain(later.warnings()).cloned();
        Self::new(entries.collect(), warnings.collect())
    }

    /// The same set, and faults that keep it from being applied in their clusters.
    #[must_use]
    pub(crate) fn with_faults(&self, faults: Vec<(ClusterName, Problem)>) -> Self {
        if faults.is_empty() {
            return self.clone();
        }
        let entries_of_faults = faults.into_iter().map(|(cluster, fault)| {
            let at = fault.at.clone().unwrap_or_else(Location::in_code);
            let mut entry = Entry::new(Targets::named(vec![cluster]), Origin::Placement, at);
            entry.faults.push(fault);
            entry
        });
        let entries = self
            .0
            .entries
            .iter()
            .cloned()
            .chain(entries_of_faults)
            .collect();
        Self::new(entries, self.0.warnings.clone())
    }

    /// Makes of `object` what this cluster must have. All of its overrides apply, or `object` stays
    /// as it was.
    ///
    /// Where its containers are is known for the kinds that every cluster has; for others see
    /// [`apply_to`](Self::apply_to).
    pub fn apply(&self, cluster: &Cluster, object: &mut Value) -> Result<(), Problem> {
        let kind = builtin(object);
        self.applied_to(cluster, kind.as_deref(), object)
    }

    /// [`apply`](Self::apply) to an object of this kind.
    pub fn apply_to(
        &self,
        cluster: &Cluster,
        kind: &dyn Kind,
        object: &mut Value,
    ) -> Result<(), Problem> {
        self.applied_to(cluster, Some(kind), object)
    }

    fn applied_to(
        &self,
        cluster: &Cluster,
        kind: Option<&dyn Kind>,
        object: &mut Value,
    ) -> Result<(), Problem> {
        if !self.is_empty_for(cluster) {
            *object = self.applied(cluster, kind, object.clone())?;
        }
        Ok(())
    }

    /// [`apply_to`](Self::apply_to) for whoever can do without the object when it fails.
    pub(crate) fn applied(
        &self,
        cluster: &Cluster,
        kind: Option<&dyn Kind>,
        mut object: Value,
    ) -> Result<Value, Problem> {
        if let Some(fault) = self
            .entries_of(cluster)
            .flat_map(|entry| &entry.faults)
            .next()
        {
            return Err(fault.clone().in_cluster(cluster.name()));
        }
        let mut copies = CopyBudget::default();
        for entry in self.entries_of(cluster) {
            entry.apply(Target { cluster, kind }, &mut object, &mut copies)?;
        }
        Ok(object)
    }

    fn entries_of(&self, cluster: &Cluster) -> impl Iterator<Item = &Entry> {
        let indexes = self.0.indexes(cluster);
        indexes.filter_map(|index| self.0.entries.get(index))
    }

    /// The class of this cluster: clusters of one class can share a render.
    pub fn class(&self, cluster: &Cluster) -> OverrideClass {
        let mut class = OverrideClass::default();
        for index in self.0.indexes(cluster) {
            let Some(entry) = self.0.entries.get(index).filter(|entry| !entry.is_idle()) else {
                continue;
            };
            class.entries.extend(self.0.same_as.get(index));
            for variable in entry.varying.iter().flat_map(|varying| &varying.variables) {
                let told = || variable.of(cluster).ok().map(str::to_owned);
                class.told.entry(variable.clone()).or_insert_with(told);
            }
        }
        class
    }

    /// Could an override say that the object is not in some cluster?
    pub(crate) fn can_leave_out(&self) -> bool {
        self.0.can_leave_out
    }

    /// Does an override say that the object is not in this cluster? Then where it stands.
    pub fn leaves_out(&self, cluster: &Cluster) -> Option<&Location> {
        if !self.0.can_leave_out {
            return None;
        }
        let mut absences = self.entries_of(cluster).filter(|entry| entry.absent);
        absences.next().map(|entry| &entry.at)
    }

    /// Does the object stay as it is in this cluster?
    pub fn is_empty_for(&self, cluster: &Cluster) -> bool {
        self.class(cluster).is_unchanged()
    }

    /// What is wrong with overrides in themselves, whatever the object. Where a fault concerns one
    /// cluster, it says which.
    pub fn faults(&self) -> Vec<Problem> {
        let faults = self.0.entries.iter().flat_map(|entry| &entry.faults);
        faults.cloned().collect()
    }

    /// What is wrong with the overrides of this cluster in themselves.
    pub(crate) fn faults_in(&self, cluster: &Cluster) -> Vec<Problem> {
        let faults = self.entries_of(cluster).flat_map(|entry| &entry.faults);
        faults
            .map(|fault| fault.clone().in_cluster(cluster.name()))
            .collect()
    }

    /// What can hardly be meant, though it is valid.
    pub fn warnings(&self) -> &[Problem] {
        &self.0.warnings
    }

    /// Every cluster that an override names, with the place where it does; once for each override.
    pub fn clusters_named(&self) -> impl Iterator<Item = (&ClusterName, Location)> {
        self.0.entries.iter().flat_map(Entry::names)
    }

    /// The operations that apply to a cluster's object, in order, for display.
    pub fn operations_for(&self, cluster: &Cluster) -> impl Iterator<Item = OverrideOperation<'_>> {
        self.entries_of(cluster)
            .flat_map(|entry| OverrideEntry(entry).operations())
    }

    /// The overrides in order, for display.
    pub fn entries(&self) -> impl Iterator<Item = OverrideEntry<'_>> {
        self.0.entries.iter().map(OverrideEntry)
    }
}

impl fmt::Debug for OverrideSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0.entries).finish()
    }
}

impl Overrides {
    fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.warnings.is_empty()
    }

    fn index(&mut self, index: usize, entry: &Entry) {
        self.can_leave_out |= entry.absent;
        match &entry.targets.names {
            None => self.for_every.push(index),
            Some(names) => {
                for name in names {
                    let indexes = self.by_name.entry(name.clone()).or_default();
                    if indexes.last() != Some(&index) {
                        indexes.push(index);
                    }
                }
            }
        }
    }

    /// The entries that hold for a cluster, in order: two sorted lists, merged.
    fn indexes(&self, cluster: &Cluster) -> impl Iterator<Item = usize> {
        let named = self
            .by_name
            .get(cluster.name())
            .map_or(&[][..], Vec::as_slice);
        let mut named = named.iter().copied().peekable();
        let mut every = self.for_every.iter().copied().peekable();
        let both = std::iter::from_fn(move || match (named.peek(), every.peek()) {
            (Some(name), Some(all)) if name < all => named.next(),
            (_, Some(_)) => every.next(),
            (_, None) => named.next(),
        });
        both.filter(|index| {
            let entry = self.entries.get(*index);
            entry.is_some_and(|entry| entry.targets.admit(cluster))
        })
    }
}

/// For each entry the first one that does the same.
fn first_equals(entries: &[Entry]) -> Vec<usize> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let each = entries.iter().enumerate();
    each.map(|(index, entry)| {
        if entry.faults.is_empty() {
            *first.entry(content(entry)).or_insert(index)
        } else {
            index
        }
    })
    .collect()
}

/// All that an entry does, as text that differs where entries do.
fn content(entry: &Entry) -> String {
    let mut text = String::from(if entry.origin == Origin::Native {
        "n"
    } else {
        "k"
    });
    for operation in &entry.operations {
        // Writing to a string does not fail.
        let _ = write!(text, " {:?} {:?} ", operation.op, operation.path);
        let _ = match &operation.step {
            Step::Rfc6902(patch) => write!(text, "{patch}"),
            Step::KubeFed(Some(value)) => write!(text, "{value}"),
            Step::Image(source) => write!(text, "{}", written(source)),
            Step::Words(_, source) => write!(text, "{}", written(source)),
            Step::Env(source) => write!(text, "{}", written(source)),
            Step::Key(change) => write!(text, "{:?}", change.value()),
            Step::Embedded(embedded) => {
                let format = embedded.format.as_str();
                write!(text, "{format} {}", written(&embedded.patches))
            }
            Step::KubeFed(None) | Step::Broken => Ok(()),
        };
    }
    text
}

fn written(source: &impl serde::Serialize) -> String {
    // What was read as JSON can be written as JSON.
    serde_json::to_string(source).unwrap_or_default()
}

/// What is known of the kind of an object, if every cluster has it.
fn builtin(object: &Value) -> Option<Arc<dyn Kind>> {
    static KINDS: LazyLock<Kinds> = LazyLock::new(Kinds::builtin);
    let text = |field: &str| object.get(field).and_then(Value::as_str);
    let gvk = GroupVersionKind::from_api_version(text("apiVersion")?, text("kind")?);
    let find = |gvk: &GroupVersionKind| KINDS.find(gvk.group(), gvk.kind()).cloned();
    find(&gvk).or_else(|| find(&successor(&gvk)?))
}

#[cfg(test)]
#[path = "set_tests.rs"]
mod tests;
