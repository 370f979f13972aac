//! Why is this cluster chosen, or refused? The rule of placement, cluster by cluster.

use crate::fleet::{Cluster, ClusterIndex, ClusterSet, Fleet};
use crate::intent::{LabelSelector, Placement};
use crate::problem::{Code, Reason};

/// A placement, ready to be asked about the clusters of one fleet.
#[derive(Clone, Debug)]
pub(crate) struct Rule<'p> {
    placement: &'p Placement,
    withheld: Option<&'p Reason>,
    list: Option<(ClusterSet, usize)>,
    selector: Option<(&'p LabelSelector, bool)>,
}

/// The answer for one cluster. Sentences are made only when asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Listed,
    SelectorMatch,
    Withheld,
    NothingSelected,
    EmptyList,
    NotListed,
    InvalidSelector,
    SelectorMismatch,
    NamespaceNotPlaced,
    NamespaceNotFederated,
}

/// What the namespace of an object lets pass.
#[derive(Clone, Debug)]
pub(crate) enum Gate<'p> {
    /// Everything.
    Open,
    /// The clusters in which the namespace is placed.
    Namespace(Rule<'p>),
    /// Nothing, as the namespace is not federated.
    Shut,
}

impl<'p> Rule<'p> {
    pub(crate) fn new(
        placement: &'p Placement,
        withheld: Option<&'p Reason>,
        fleet: &Fleet,
    ) -> Self {
        let list = placement.clusters.as_ref().map(|names| {
            (
                names
                    .iter()
                    .filter_map(|name| fleet.index_of(name))
                    .collect(),
                names.len(),
            )
        });
        let selector = placement
            .cluster_selector
            .as_ref()
            .map(|selector| (selector, selector.check().is_ok()));
        Self {
            placement,
            withheld,
            list,
            selector,
        }
    }

    pub(crate) fn chooses(&self, fleet: &Fleet, index: ClusterIndex) -> bool {
        self.verdict(fleet, index).is_placed()
    }

    /// The verdict of the placement alone.
    pub(crate) fn verdict(&self, fleet: &Fleet, index: ClusterIndex) -> Verdict {
        if self.withheld.is_some() {
            return Verdict::Withheld;
        }
        match (&self.list, self.selector) {
            (None, None) => Verdict::NothingSelected,
            (Some((_, 0)), _) => Verdict::EmptyList,
            (_, Some((_, false))) => Verdict::InvalidSelector,
            (Some((set, _)), _) if !set.contains(index) => Verdict::NotListed,
            (_, Some((selector, _))) if !matches(selector, fleet, index) => {
                Verdict::SelectorMismatch
            }
            (Some(_), _) => Verdict::Listed,
            (None, Some(_)) => Verdict::SelectorMatch,
        }
    }

    /// The verdict of the placement, and of the namespace where the placement agrees.
    pub(crate) fn verdict_within(
        &self,
        gate: &Gate<'_>,
        fleet: &Fleet,
        index: ClusterIndex,
    ) -> Verdict {
        let own = self.verdict(fleet, index);
        match gate {
            Gate::Shut if own.is_placed() => Verdict::NamespaceNotFederated,
            Gate::Namespace(namespace) if own.is_placed() && !namespace.chooses(fleet, index) => {
                Verdict::NamespaceNotPlaced
            }
            _ => own,
        }
    }

    /// The sentence for a verdict of this rule.
    pub(crate) fn reason(&self, verdict: Verdict, cluster: &Cluster) -> Reason {
        let message = match verdict {
            Verdict::Withheld => {
                return self
                    .withheld
                    .cloned()
                    .unwrap_or_else(|| Reason::new(Code::NothingSelected, "it is withheld"));
            }
            Verdict::Listed | Verdict::SelectorMatch => return chosen(self.placement),
            Verdict::NothingSelected => {
                "the placement has neither clusters nor clusterSelector, so it selects nothing"
                    .to_owned()
            }
            Verdict::EmptyList => "placement.clusters is an empty list".to_owned(),
            Verdict::NotListed => "not named in placement.clusters".to_owned(),
            Verdict::InvalidSelector => self
                .selector
                .and_then(|(selector, _)| selector.check().err())
                .map_or_else(String::new, |fault| {
                    format!("the clusterSelector is not valid: {fault}")
                }),
            Verdict::SelectorMismatch => self
                .selector
                .and_then(|(selector, _)| selector.mismatch(cluster.labels()))
                .unwrap_or_default(),
            Verdict::NamespaceNotPlaced => "the object's namespace is not placed here".to_owned(),
            Verdict::NamespaceNotFederated => {
                "the object's namespace is not federated: add a FederatedNamespace for it"
                    .to_owned()
            }
        };
        Reason::new(verdict.code(), message)
    }

    /// The sentences for a verdict that looked at the namespace too.
    pub(crate) fn reason_within(
        &self,
        gate: &Gate<'_>,
        verdict: Verdict,
        fleet: &Fleet,
        index: ClusterIndex,
    ) -> Reason {
        let Some(cluster) = fleet.at(index) else {
            return Reason::new(Code::UnknownCluster, "no such cluster");
        };
        match (verdict, gate) {
            (Verdict::NamespaceNotPlaced, Gate::Namespace(namespace)) => {
                let why = namespace.reason(namespace.verdict(fleet, index), cluster);
                let message = format!("its namespace is not placed here: {why}");
                Reason::new(Code::NamespaceNotPlaced, message)
            }
            _ => self.reason(verdict, cluster),
        }
    }

    /// The code of a verdict of this rule.
    pub(crate) fn code(&self, verdict: Verdict) -> Code {
        match (verdict, self.withheld) {
            (Verdict::Withheld, Some(reason)) => reason.code,
            _ => verdict.code(),
        }
    }
}

/// Why a placement chooses a cluster that it is known to choose.
pub(crate) fn chosen(placement: &Placement) -> Reason {
    let message = match (&placement.clusters, &placement.cluster_selector) {
        (Some(_), _) => return Reason::new(Code::Listed, "named in placement.clusters"),
        (None, Some(selector)) if *selector == LabelSelector::default() => {
            "the empty clusterSelector selects every cluster"
        }
        (None, _) => "its labels match the clusterSelector",
    };
    Reason::new(Code::SelectorMatch, message)
}

impl Verdict {
    pub(crate) const fn is_placed(self) -> bool {
        matches!(self, Self::Listed | Self::SelectorMatch)
    }

    const fn code(self) -> Code {
        match self {
            Self::Listed => Code::Listed,
            Self::SelectorMatch => Code::SelectorMatch,
            Self::Withheld | Self::NothingSelected => Code::NothingSelected,
            Self::EmptyList => Code::EmptyList,
            Self::NotListed => Code::NotListed,
            Self::InvalidSelector => Code::InvalidSelector,
            Self::SelectorMismatch => Code::SelectorMismatch,
            Self::NamespaceNotPlaced => Code::NamespaceNotPlaced,
            Self::NamespaceNotFederated => Code::NamespaceNotFederated,
        }
    }
}

fn matches(selector: &LabelSelector, fleet: &Fleet, index: ClusterIndex) -> bool {
    fleet
        .at(index)
        .is_some_and(|cluster| selector.matches(cluster.labels()))
}
