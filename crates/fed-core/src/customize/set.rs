//! Which overrides hold for a cluster, and what do they make of its object?

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::Arc;

use json_patch::PatchOperation;
use serde_json::Value;

use super::entry::{Clusters, Entry, Operation, Origin, Step};
use super::limits::CopyBudget;
use super::native::Override;
use super::rfc6902;
use crate::identity::ClusterName;
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
    warnings: Vec<Problem>,
}

/// Which of a set's overrides hold for a cluster. Two clusters of one class get the same out of
/// the same object, so that one render serves both; classes of different sets do not compare.
///
/// A failure is the exception: it names the cluster, so ask for each cluster of the class.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OverrideClass(Vec<usize>);

impl OverrideClass {
    /// Is the object left as it is?
    pub fn is_unchanged(&self) -> bool {
        self.0.is_empty()
    }
}

impl OverrideSet {
    /// The set of these native overrides, which stand as a list at this place.
    pub fn native(overrides: &[Override], at: &Location) -> Self {
        let mut warnings = Vec::new();
        let entries = overrides
            .iter()
            .enumerate()
            .map(|(index, source)| rfc6902::read(source, at.child(index), &mut warnings))
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
            if let Some(only) = entry.clusters.only() {
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
        let entries_of_faults = faults.into_iter().map(|(cluster, fault)| Entry {
            clusters: Clusters::Named(vec![cluster]),
            origin: Origin::Placement,
            at: fault.at.clone().unwrap_or_else(Location::in_code),
            operations: Vec::new(),
            faults: vec![fault],
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
    pub fn apply(&self, cluster: &ClusterName, object: &mut Value) -> Result<(), Problem> {
        if !self.is_empty_for(cluster) {
            *object = self.applied(cluster, object.clone())?;
        }
        Ok(())
    }

    /// [`apply`](Self::apply) for whoever can do without the object when it fails.
    pub(crate) fn applied(
        &self,
        cluster: &ClusterName,
        mut object: Value,
    ) -> Result<Value, Problem> {
        let entries = || {
            self.0
                .indexes(cluster)
                .filter_map(|index| self.0.entries.get(index))
        };
        if let Some(fault) = entries().flat_map(|entry| &entry.faults).next() {
            return Err(fault.clone().in_cluster(cluster));
        }
        let mut copies = CopyBudget::default();
        for entry in entries() {
            entry.apply(cluster, &mut object, &mut copies)?;
        }
        Ok(object)
    }

    /// The class of this cluster: clusters of one class can share a render.
    pub fn class(&self, cluster: &ClusterName) -> OverrideClass {
        let acting = self.0.indexes(cluster).filter(|index| {
            let entry = self.0.entries.get(*index);
            entry.is_some_and(|entry| !entry.is_idle())
        });
        let same_as = |index| self.0.same_as.get(index).copied();
        OverrideClass(acting.filter_map(same_as).collect())
    }

    /// Does the object stay as it is in this cluster?
    pub fn is_empty_for(&self, cluster: &ClusterName) -> bool {
        self.class(cluster).is_unchanged()
    }

    /// What is wrong with overrides in themselves, whatever the object. Where a fault concerns one
    /// cluster, it says which.
    pub fn faults(&self) -> Vec<Problem> {
        let faults = self.0.entries.iter().flat_map(|entry| &entry.faults);
        faults.cloned().collect()
    }

    /// What is wrong with the overrides of this cluster in themselves.
    pub(crate) fn faults_in(&self, cluster: &ClusterName) -> Vec<Problem> {
        let entries = self
            .0
            .indexes(cluster)
            .filter_map(|index| self.0.entries.get(index));
        let faults = entries.flat_map(|entry| &entry.faults);
        faults
            .map(|fault| fault.clone().in_cluster(cluster))
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
    pub fn operations_for(
        &self,
        cluster: &ClusterName,
    ) -> impl Iterator<Item = OverrideOperation<'_>> {
        let entries = self
            .0
            .indexes(cluster)
            .filter_map(|index| self.0.entries.get(index));
        entries.flat_map(|entry| OverrideEntry(entry).operations())
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
        match &entry.clusters {
            Clusters::Every => self.for_every.push(index),
            Clusters::Named(names) => {
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
    fn indexes(&self, cluster: &ClusterName) -> impl Iterator<Item = usize> {
        let named = self.by_name.get(cluster).map_or(&[][..], Vec::as_slice);
        let mut named = named.iter().copied().peekable();
        let mut every = self.for_every.iter().copied().peekable();
        std::iter::from_fn(move || match (named.peek(), every.peek()) {
            (Some(name), Some(all)) if name < all => named.next(),
            (_, Some(_)) => every.next(),
            (_, None) => named.next(),
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
            Step::KubeFed(None) | Step::Broken => Ok(()),
        };
    }
    text
}

/// One override of a set, as it can be shown: paths, no values.
#[derive(Clone, Copy, Debug)]
pub struct OverrideEntry<'a>(&'a Entry);

impl<'a> OverrideEntry<'a> {
    /// The clusters that it concerns; `None` for all of them.
    pub fn clusters(&self) -> Option<&'a [ClusterName]> {
        match &self.0.clusters {
            Clusters::Every => None,
            Clusters::Named(names) => Some(names),
        }
    }

    /// Where it stands.
    pub fn at(&self) -> &'a Location {
        &self.0.at
    }

    /// Its operations, in order.
    pub fn operations(&self) -> impl Iterator<Item = OverrideOperation<'a>> + use<'a> {
        let entry = self.0;
        let operations = entry.operations.iter().enumerate();
        operations.map(move |(index, operation)| OverrideOperation {
            entry,
            index,
            operation,
        })
    }
}

/// One operation of an override, as it can be shown.
#[derive(Clone, Copy, Debug)]
pub struct OverrideOperation<'a> {
    entry: &'a Entry,
    index: usize,
    operation: &'a Operation,
}

impl<'a> OverrideOperation<'a> {
    /// What it does, such as `replace`.
    pub fn op(&self) -> &'a str {
        &self.operation.op
    }

    /// Where it does it, as written.
    pub fn path(&self) -> &'a str {
        &self.operation.path
    }

    /// Where it stands in the input.
    pub fn at(&self) -> Location {
        self.entry.operation_at(self.index)
    }

    /// The whole number that it writes, if it writes one.
    pub(crate) fn number(&self) -> Option<i64> {
        let value = match &self.operation.step {
            Step::Rfc6902(PatchOperation::Add(add)) => &add.value,
            Step::Rfc6902(PatchOperation::Replace(replace)) => &replace.value,
            Step::KubeFed(Some(value)) => value,
            Step::Rfc6902(_) | Step::KubeFed(None) | Step::Broken => return None,
        };
        value.as_i64()
    }
}

#[cfg(test)]
#[path = "set_tests.rs"]
mod tests;
