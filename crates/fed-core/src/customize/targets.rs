//! Which clusters does an override concern?

use std::collections::BTreeSet;
use std::fmt;

use crate::fleet::Cluster;
use crate::identity::ClusterName;
use crate::intent::LabelSelector;

/// The clusters that an override concerns: those that meet all of it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Targets {
    /// `None` for every name.
    pub(super) names: Option<Vec<ClusterName>>,
    pub(super) selector: Option<LabelSelector>,
    pub(super) exclude: BTreeSet<ClusterName>,
}

impl Targets {
    pub(super) const fn every() -> Self {
        Self {
            names: None,
            selector: None,
            exclude: BTreeSet::new(),
        }
    }

    pub(super) const fn named(names: Vec<ClusterName>) -> Self {
        Self {
            names: Some(names),
            selector: None,
            exclude: BTreeSet::new(),
        }
    }

    /// The one cluster that it concerns, if it is one.
    pub(super) fn only(&self) -> Option<&ClusterName> {
        match self.names.as_deref() {
            Some([one]) => Some(one),
            _ => None,
        }
    }

    /// Does a cluster whose name fits meet the rest as well?
    pub(super) fn admit(&self, cluster: &Cluster) -> bool {
        let selector = self.selector.as_ref();
        selector.is_none_or(|selector| selector.matches(cluster.labels()))
            && !self.exclude.contains(cluster.name())
    }
}

impl fmt::Debug for Targets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.names {
            None => f.write_str("every cluster")?,
            Some(names) => fmt::Debug::fmt(names, f)?,
        }
        if self.selector.is_some() {
            f.write_str(" with the labels")?;
        }
        if !self.exclude.is_empty() {
            write!(f, " except {:?}", self.exclude)?;
        }
        Ok(())
    }
}
