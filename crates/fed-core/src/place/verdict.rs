//! Why can clusters be chosen, or not? The rule of placement, for one cluster or for all at once.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::gate::Gate;
use super::group::{group, grouped};
use super::sieve::Sieve;
use crate::fleet::{Cluster, ClusterIndex, ClusterSet, Fleet, Taint, TaintEffect};
use crate::identity::ClusterName;
use crate::intent::{Absence, LabelSelector, Placement, Spread, SpreadBy};
use crate::problem::{Code, Reason};

/// A placement, ready to be asked about the clusters of one fleet.
#[derive(Clone, Debug)]
pub(crate) struct Rule<'p> {
    placement: &'p Placement,
    withheld: Option<&'p Reason>,
    /// What is said of a cluster that nothing holds back.
    chosen: Verdict,
    sieve: Sieve<Verdict>,
    groups: Vec<ClusterSet>,
    circumstances: Circumstances,
}

/// What counts beside the placement itself. By default nothing does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circumstances {
    /// Which clusters that are away are left, if any.
    pub(crate) absence: Option<Absence>,
    /// The kind that a cluster must serve, as [`ClusterFacts::served`] has it.
    ///
    /// [`ClusterFacts::served`]: crate::fleet::ClusterFacts::served
    pub(crate) kind: Option<String>,
    /// Do taints keep the object off?
    pub(crate) minds_taints: bool,
    /// Where the object is now.
    pub(crate) seen: ClusterSet,
    /// The time, where it is known.
    pub(crate) now: Option<Timestamp>,
}

/// The answer for one cluster. Sentences are made only when asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Listed,
    SelectorMatch,
    AffinityMatch,
    Withheld,
    InvalidPlacement,
    NothingSelected,
    EmptyList,
    NotListed,
    InvalidSelector,
    SelectorMismatch,
    Excluded,
    AffinityMismatch,
    Ungrouped,
    NamespaceNotPlaced,
    NamespaceNotFederated,
    ClusterLost,
    ClusterNotReady,
    KindNotServed,
    Tainted,
}

impl<'p> Rule<'p> {
    pub(crate) fn new(
        placement: &'p Placement,
        withheld: Option<&'p Reason>,
        fleet: &Fleet,
    ) -> Self {
        let groups = placement.affinities.iter().map(|affinity| {
            let names = affinity.clusters.as_deref();
            let selector = affinity.cluster_selector.as_ref();
            group(names, selector, &affinity.exclude, fleet)
        });
        let chosen = match (&placement.clusters, &placement.cluster_selector) {
            (Some(_), _) => Verdict::Listed,
            (None, Some(_)) => Verdict::SelectorMatch,
            (None, None) => Verdict::AffinityMatch,
        };
        let mut rule = Self {
            placement,
            withheld,
            chosen,
            sieve: Sieve::new(),
            groups: groups.collect(),
            circumstances: Circumstances::default(),
        };
        rule.ask(fleet);
        rule
    }

    /// The same rule under these circumstances.
    pub(crate) fn under(mut self, circumstances: Circumstances, fleet: &Fleet) -> Self {
        self.circumstances = circumstances;
        self.hinder(fleet);
        self
    }

    /// The groups of which one is to be taken.
    pub(crate) fn groups(&self) -> &[ClusterSet] {
        &self.groups
    }

    pub(crate) fn chooses(&self, fleet: &Fleet, index: ClusterIndex) -> bool {
        self.verdict(fleet, index).is_placed()
    }

    /// The verdict of the placement alone.
    pub(crate) fn verdict(&self, fleet: &Fleet, index: ClusterIndex) -> Verdict {
        if fleet.at(index).is_none() {
            return Verdict::NothingSelected;
        }
        self.sieve.holding(index).unwrap_or(self.chosen)
    }

    /// The clusters of the fleet that are chosen.
    pub(crate) fn chosen(&self, fleet: &Fleet) -> ClusterSet {
        let all = fleet.index().all().clone();
        self.sieve.sift(all, &mut |_, _| {})
    }

    /// What the placement says of clusters, however they fare.
    fn ask(&mut self, fleet: &Fleet) {
        let placement = self.placement;
        let all = || fleet.index().all().clone();
        let selector = placement.cluster_selector.as_ref();
        let is_sound = selector.is_none_or(|selector| selector.check().is_ok());
        let whole = match &placement.clusters {
            _ if self.withheld.is_some() => Some(Verdict::Withheld),
            None if selector.is_none() && placement.affinities.is_empty() => {
                Some(Verdict::NothingSelected)
            }
            Some(names) if names.is_empty() => Some(Verdict::EmptyList),
            _ if !is_sound => Some(Verdict::InvalidSelector),
            _ => None,
        };
        if let Some(whole) = whole {
            return self.sieve.hold(whole, all());
        }
        if let Some(names) = &placement.clusters {
            let others = all().without(&set_of(names, fleet));
            self.sieve.hold(Verdict::NotListed, others);
        }
        if let Some(selector) = selector {
            let others = all().without(&fleet.index().matching(selector));
            self.sieve.hold(Verdict::SelectorMismatch, others);
        }
        if !placement.faults().is_empty() {
            return self.sieve.hold(Verdict::InvalidPlacement, all());
        }
        let excluded = set_of(&placement.exclude, fleet);
        self.sieve.hold(Verdict::Excluded, excluded);
        if !self.groups.is_empty() {
            let others = self.groups.iter().fold(all(), ClusterSet::without);
            self.sieve.hold(Verdict::AffinityMismatch, others);
        }
        for spread in &placement.spread {
            let ungrouped = all().without(&grouped(spread, fleet));
            self.sieve.hold(Verdict::Ungrouped, ungrouped);
        }
    }

    /// The first spread for which a cluster is in no group.
    fn ungrouped(&self, fleet: &Fleet, index: ClusterIndex) -> Option<&'p Spread> {
        let mut spread = self.placement.spread.iter();
        spread.find(|spread| !grouped(spread, fleet).contains(index))
    }

    /// What keeps an object off clusters that its placement would choose.
    fn hinder(&mut self, fleet: &Fleet) {
        let index = fleet.index();
        let absence = self.circumstances.absence;
        if matches!(absence, Some(Absence::UntilLost | Absence::WhileReady)) {
            self.sieve.hold(Verdict::ClusterLost, index.lost.clone());
        }
        if absence == Some(Absence::WhileReady) {
            let others = index.all().clone().without(&index.ready);
            self.sieve.hold(Verdict::ClusterNotReady, others);
        }
        if let Some(kind) = &self.circumstances.kind {
            let others = index.not_serving(kind);
            self.sieve.hold(Verdict::KindNotServed, others);
        }
        let left = self.sieve.sift(index.tainted.clone(), &mut |_, _| {});
        let is_kept_off = |index: &ClusterIndex| {
            let cluster = fleet.at(*index);
            cluster.is_some_and(|cluster| self.taint(*index, cluster).is_some())
        };
        let tainted = left.iter().filter(is_kept_off);
        let tainted = tainted.collect();
        self.sieve.hold(Verdict::Tainted, tainted);
    }

    /// The taint that keeps the object off a cluster.
    fn taint<'c>(&self, index: ClusterIndex, cluster: &'c Cluster) -> Option<&'c Taint> {
        let circumstances = &self.circumstances;
        let taints = cluster.facts().taints.iter();
        let mut taints = taints.filter(|_| circumstances.minds_taints);
        taints.find(|taint| match taint.effect {
            TaintEffect::PreferNoSchedule => false,
            TaintEffect::NoSchedule => {
                !circumstances.seen.contains(index) && !self.tolerates(taint)
            }
            TaintEffect::NoExecute => !self.tolerates(taint),
        })
    }

    /// Has a cluster a taint that makes others come before it?
    pub(crate) fn is_discouraged(&self, fleet: &Fleet, index: ClusterIndex) -> bool {
        let tainted = fleet.index().tainted.contains(index);
        let cluster = fleet.at(index).filter(|_| tainted);
        let mut taints = cluster.into_iter().flat_map(|one| &one.facts().taints);
        self.circumstances.minds_taints
            && taints.any(|taint| {
                taint.effect == TaintEffect::PreferNoSchedule && !self.tolerates(taint)
            })
    }

    /// Is a taint tolerated, for now?
    fn tolerates(&self, taint: &Taint) -> bool {
        let tolerations = self.placement.tolerations.iter();
        tolerations
            .filter(|toleration| toleration.matches(taint))
            .any(|toleration| {
                let now = self.circumstances.now;
                now.is_none_or(|now| toleration.ends(taint, now).is_none_or(|end| now < end))
            })
    }

    /// The verdict of the placement, and of the namespace where the placement agrees.
    pub(crate) fn verdict_within(
        &self,
        gate: &Gate<'_>,
        fleet: &Fleet,
        index: ClusterIndex,
    ) -> Verdict {
        let own = self.verdict(fleet, index);
        match gate.sieve.holding(index) {
            Some(verdict) if own.is_placed() => verdict,
            _ => own,
        }
    }

    /// The clusters that can be chosen, and how many cannot, by the code of the reason: those of
    /// [`Rule::verdict_within`] for each cluster of the fleet.
    pub(crate) fn eligible(
        &self,
        gate: &Gate<'_>,
        fleet: &Fleet,
    ) -> (ClusterSet, BTreeMap<Code, usize>) {
        let mut refused = BTreeMap::new();
        let mut count = |verdict, clusters| {
            *refused.entry(self.code(verdict)).or_insert(0) += clusters;
        };
        let all = fleet.index().all().clone();
        let own = self.sieve.sift(all, &mut count);
        let eligible = gate.sieve.sift(own, &mut count);
        (eligible, refused)
    }

    /// The sentence for a verdict of this rule.
    fn reason(
        &self,
        verdict: Verdict,
        fleet: &Fleet,
        (index, cluster): (ClusterIndex, &Cluster),
    ) -> Reason {
        let selector = self.placement.cluster_selector.as_ref();
        let message = match verdict {
            Verdict::Withheld => {
                return self
                    .withheld
                    .cloned()
                    .unwrap_or_else(|| Reason::new(Code::NothingSelected, "it is withheld"));
            }
            Verdict::Listed | Verdict::SelectorMatch | Verdict::AffinityMatch => {
                return chosen(self.placement);
            }
            Verdict::InvalidPlacement => self
                .placement
                .faults()
                .into_iter()
                .next()
                .map_or_else(String::new, |fault| {
                    format!("the placement is not valid: {}", fault.message)
                }),
            Verdict::NothingSelected => {
                "the placement has neither clusters nor clusterSelector, so it selects nothing"
                    .to_owned()
            }
            Verdict::EmptyList => "placement.clusters is an empty list".to_owned(),
            Verdict::NotListed => "not named in placement.clusters".to_owned(),
            Verdict::InvalidSelector => selector
                .and_then(|selector| selector.check().err())
                .map_or_else(String::new, |fault| {
                    format!("the clusterSelector is not valid: {fault}")
                }),
            Verdict::SelectorMismatch => selector
                .and_then(|selector| selector.mismatch(cluster.labels()))
                .unwrap_or_default(),
            Verdict::Excluded => "named in placement.exclude".to_owned(),
            Verdict::AffinityMismatch => "in none of the groups of placement.affinities".to_owned(),
            Verdict::Ungrouped => {
                let spread = self.ungrouped(fleet, index);
                spread.map_or_else(String::new, without_group)
            }
            Verdict::NamespaceNotPlaced => "the object's namespace is not placed here".to_owned(),
            Verdict::NamespaceNotFederated => {
                "the object's namespace is not federated: add a FederatedNamespace for it"
                    .to_owned()
            }
            Verdict::ClusterLost => "the cluster is lost".to_owned(),
            Verdict::ClusterNotReady => {
                "the cluster is not ready, and replicas are divided among those that are".to_owned()
            }
            Verdict::KindNotServed => {
                let kind = self.circumstances.kind.as_deref().unwrap_or_default();
                format!("the cluster does not serve {kind}")
            }
            Verdict::Tainted => self
                .taint(index, cluster)
                .map_or_else(String::new, |taint| self.told(taint)),
        };
        Reason::new(verdict.code(), message)
    }

    /// Why a taint keeps the object off.
    fn told(&self, taint: &Taint) -> String {
        let tolerations = self.placement.tolerations.iter();
        let ends = tolerations
            .filter(|toleration| toleration.matches(taint))
            .filter_map(|toleration| toleration.ends(taint, self.circumstances.now?))
            .max();
        match ends {
            Some(end) => format!("its taint {taint} was tolerated until {end}"),
            None => format!("its taint {taint} is not tolerated"),
        }
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
        let mut rules = gate.rules.iter();
        match rules.find(|rule| !rule.chooses(fleet, index)) {
            Some(rule) if verdict == Verdict::NamespaceNotPlaced => {
                let why = rule.reason(rule.verdict(fleet, index), fleet, (index, cluster));
                let message = format!("its namespace is not placed here: {why}");
                Reason::new(Code::NamespaceNotPlaced, message)
            }
            _ => self.reason(verdict, fleet, (index, cluster)),
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

fn without_group(spread: &Spread) -> String {
    let what = match (spread.by, &spread.label) {
        (SpreadBy::Label, Some(key)) => format!("label {key}"),
        (by, _) => by.as_str().to_lowercase(),
    };
    format!("it has no {what}, by which clusters are spread")
}

/// Why a placement chooses a cluster that it is known to choose.
pub(crate) fn chosen(placement: &Placement) -> Reason {
    let message = match (&placement.clusters, &placement.cluster_selector) {
        (Some(_), _) => return Reason::new(Code::Listed, "named in placement.clusters"),
        (None, None) => {
            return Reason::new(Code::AffinityMatch, "in a group of placement.affinities");
        }
        (None, Some(selector)) if *selector == LabelSelector::default() => {
            "the empty clusterSelector selects every cluster"
        }
        (None, Some(_)) => "its labels match the clusterSelector",
    };
    Reason::new(Code::SelectorMatch, message)
}

impl Verdict {
    pub(crate) const fn is_placed(self) -> bool {
        matches!(
            self,
            Self::Listed | Self::SelectorMatch | Self::AffinityMatch
        )
    }

    const fn code(self) -> Code {
        match self {
            Self::Listed => Code::Listed,
            Self::SelectorMatch => Code::SelectorMatch,
            Self::AffinityMatch => Code::AffinityMatch,
            Self::Withheld | Self::NothingSelected => Code::NothingSelected,
            Self::InvalidPlacement => Code::InvalidValue,
            Self::EmptyList => Code::EmptyList,
            Self::NotListed => Code::NotListed,
            Self::InvalidSelector => Code::InvalidSelector,
            Self::SelectorMismatch => Code::SelectorMismatch,
            Self::Excluded => Code::Excluded,
            Self::AffinityMismatch => Code::AffinityMismatch,
            Self::Ungrouped => Code::Ungrouped,
            Self::NamespaceNotPlaced => Code::NamespaceNotPlaced,
            Self::NamespaceNotFederated => Code::NamespaceNotFederated,
            Self::ClusterLost => Code::ClusterLost,
            Self::ClusterNotReady => Code::ClusterNotReady,
            Self::KindNotServed => Code::KindNotServed,
            Self::Tainted => Code::Tainted,
        }
    }
}

/// Those of these clusters that there are.
pub(super) fn set_of(names: &[ClusterName], fleet: &Fleet) -> ClusterSet {
    names
        .iter()
        .filter_map(|name| fleet.index_of(name))
        .collect()
}
