//! Why can this cluster be chosen, or not? The rule of placement, cluster by cluster.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::group::Group;
use crate::fleet::{Cluster, ClusterIndex, ClusterSet, Fleet, Readiness, Taint, TaintEffect};
use crate::identity::ClusterName;
use crate::intent::{Absence, LabelSelector, Placement, Spread, SpreadBy};
use crate::observe::Workload;
use crate::problem::{Code, Reason};

/// A placement, ready to be asked about the clusters of one fleet.
#[derive(Clone, Debug)]
pub(crate) struct Rule<'p> {
    placement: &'p Placement,
    withheld: Option<&'p Reason>,
    list: Option<(ClusterSet, usize)>,
    selector: Option<(&'p LabelSelector, bool)>,
    excluded: ClusterSet,
    groups: Vec<Group<'p>>,
    is_valid: bool,
    circumstances: Circumstances<'p>,
}

/// What counts beside the placement itself. By default nothing does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circumstances<'p> {
    /// Which clusters that are away are left, if any.
    pub(crate) absence: Option<Absence>,
    /// The kind that a cluster must serve, as [`ClusterFacts::served`] has it.
    ///
    /// [`ClusterFacts::served`]: crate::fleet::ClusterFacts::served
    pub(crate) kind: Option<String>,
    /// Do taints keep the object off?
    pub(crate) minds_taints: bool,
    /// Where the object is now.
    pub(crate) seen: Option<&'p BTreeMap<ClusterName, Workload>>,
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

/// What the namespace of an object lets pass.
#[derive(Clone, Debug)]
pub(crate) enum Gate<'p> {
    /// Everything.
    Open,
    /// The clusters in which the namespace is placed, and which another rule chooses as well.
    Namespace(Box<Rule<'p>>, Option<Box<Rule<'p>>>),
    /// Nothing, as the namespace is not federated.
    Shut,
}

impl<'p> Rule<'p> {
    pub(crate) fn new(
        placement: &'p Placement,
        withheld: Option<&'p Reason>,
        fleet: &Fleet,
    ) -> Self {
        let list = placement
            .clusters
            .as_ref()
            .map(|names| (set_of(names, fleet), names.len()));
        let selector = placement
            .cluster_selector
            .as_ref()
            .map(|selector| (selector, selector.check().is_ok()));
        let groups = placement.affinities.iter();
        Self {
            placement,
            withheld,
            list,
            selector,
            excluded: set_of(&placement.exclude, fleet),
            groups: groups.map(|group| Group::new(group, fleet)).collect(),
            is_valid: placement.faults().is_empty(),
            circumstances: Circumstances::default(),
        }
    }

    /// The same rule under these circumstances.
    pub(crate) fn under(mut self, circumstances: Circumstances<'p>) -> Self {
        self.circumstances = circumstances;
        self
    }

    /// The groups of which one is to be taken.
    pub(crate) fn groups(&self) -> &[Group<'p>] {
        &self.groups
    }

    pub(crate) fn chooses(&self, fleet: &Fleet, index: ClusterIndex) -> bool {
        self.verdict(fleet, index).is_placed()
    }

    /// The verdict of the placement alone.
    pub(crate) fn verdict(&self, fleet: &Fleet, index: ClusterIndex) -> Verdict {
        let Some(cluster) = fleet.at(index) else {
            return Verdict::NothingSelected;
        };
        let asked = self.asked(cluster, index);
        if !asked.is_placed() {
            return asked;
        }
        self.hindrance(cluster).unwrap_or(asked)
    }

    /// What the placement says of a cluster, however the cluster fares.
    fn asked(&self, cluster: &Cluster, index: ClusterIndex) -> Verdict {
        if self.withheld.is_some() {
            return Verdict::Withheld;
        }
        let of_labels = |selector: &LabelSelector| selector.matches(cluster.labels());
        let chosen = match (&self.list, self.selector) {
            (None, None) if self.groups.is_empty() => return Verdict::NothingSelected,
            (Some((_, 0)), _) => return Verdict::EmptyList,
            (_, Some((_, false))) => return Verdict::InvalidSelector,
            (Some((set, _)), _) if !set.contains(index) => return Verdict::NotListed,
            (_, Some((selector, _))) if !of_labels(selector) => return Verdict::SelectorMismatch,
            (Some(_), _) => Verdict::Listed,
            (None, Some(_)) => Verdict::SelectorMatch,
            (None, None) => Verdict::AffinityMatch,
        };
        let within = |group: &Group<'_>| group.contains(cluster, index);
        if !self.is_valid {
            Verdict::InvalidPlacement
        } else if self.excluded.contains(index) {
            Verdict::Excluded
        } else if !self.groups.is_empty() && !self.groups.iter().any(within) {
            Verdict::AffinityMismatch
        } else if self.ungrouped(cluster).is_some() {
            Verdict::Ungrouped
        } else {
            chosen
        }
    }

    /// The first spread for which a cluster is in no group.
    fn ungrouped(&self, cluster: &Cluster) -> Option<&'p Spread> {
        let spread = self.placement.spread.iter();
        let place = cluster.topology();
        spread.into_iter().find(|spread| match spread.by {
            SpreadBy::Cluster => false,
            SpreadBy::Region => place.region.is_empty(),
            SpreadBy::Provider => place.provider.is_empty(),
            SpreadBy::Zone => place.zones.is_empty(),
            SpreadBy::Label => {
                let key = spread.label.as_deref().unwrap_or_default();
                !cluster.labels().contains_key(key)
            }
        })
    }

    /// What keeps an object off a cluster that its placement would choose.
    fn hindrance(&self, cluster: &Cluster) -> Option<Verdict> {
        let circumstances = &self.circumstances;
        let is_lost = cluster.readiness() == Readiness::Lost;
        match circumstances.absence {
            Some(Absence::UntilLost | Absence::WhileReady) if is_lost => {
                return Some(Verdict::ClusterLost);
            }
            Some(Absence::WhileReady) if !cluster.is_ready() => {
                return Some(Verdict::ClusterNotReady);
            }
            _ => {}
        }
        let kind = circumstances.kind.as_ref();
        if let (Some(kind), Some(served)) = (kind, &cluster.facts().served)
            && !served.contains(kind)
        {
            return Some(Verdict::KindNotServed);
        }
        self.taint(cluster).map(|_| Verdict::Tainted)
    }

    /// The taint that keeps the object off a cluster.
    fn taint<'c>(&self, cluster: &'c Cluster) -> Option<&'c Taint> {
        let circumstances = &self.circumstances;
        let taints = cluster.facts().taints.iter();
        let mut taints = taints.filter(|_| circumstances.minds_taints);
        let seen = circumstances.seen;
        taints.find(|taint| match taint.effect {
            TaintEffect::PreferNoSchedule => false,
            TaintEffect::NoSchedule => {
                !self.tolerates(taint) && seen.is_none_or(|seen| !seen.contains_key(cluster.name()))
            }
            TaintEffect::NoExecute => !self.tolerates(taint),
        })
    }

    /// Has a cluster a taint that makes others come before it?
    pub(crate) fn is_discouraged(&self, cluster: &Cluster) -> bool {
        let mut taints = cluster.facts().taints.iter();
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
        match gate {
            Gate::Shut if own.is_placed() => Verdict::NamespaceNotFederated,
            Gate::Namespace(namespace, also) if own.is_placed() => {
                let passes = |rule: &Rule<'_>| rule.chooses(fleet, index);
                if passes(namespace) && also.as_deref().is_none_or(passes) {
                    own
                } else {
                    Verdict::NamespaceNotPlaced
                }
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
            Verdict::Excluded => "named in placement.exclude".to_owned(),
            Verdict::AffinityMismatch => "in none of the groups of placement.affinities".to_owned(),
            Verdict::Ungrouped => self.ungrouped(cluster).map_or_else(String::new, |spread| {
                let what = match (spread.by, &spread.label) {
                    (SpreadBy::Label, Some(key)) => format!("label {key}"),
                    (by, _) => by.as_str().to_lowercase(),
                };
                format!("it has no {what}, by which clusters are spread")
            }),
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
                .taint(cluster)
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
        match (verdict, gate) {
            (Verdict::NamespaceNotPlaced, Gate::Namespace(namespace, also)) => {
                let mut rule = namespace;
                if let Some(also) = also.as_ref().filter(|_| namespace.chooses(fleet, index)) {
                    rule = also;
                }
                let why = rule.reason(rule.verdict(fleet, index), cluster);
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
