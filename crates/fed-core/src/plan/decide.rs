//! Where does one object go, and with how many replicas? Its placement filters the clusters; where
//! not all may be taken some are selected; and its replicas are divided among those.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Governance;
use super::selection::{Selected, Selecting};
use super::sharing::Sharing;
use crate::customize::OverrideSet;
use crate::fleet::{ClusterIndex, ClusterSet, Column, Fleet};
use crate::identity::ClusterName;
use crate::intent::{Absence, Among, Intent, NamespaceRule};
use crate::observe::{Observed, Workload};
use crate::place::{self, Circumstances, Gate, Rule, Sieve};
use crate::problem::{Code, Problem, Reason};
use crate::words::counted;

/// What a decision is made in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'p> {
    pub(super) fleet: &'p Fleet,
    pub(super) observed: &'p Observed,
    pub(super) now: Option<Timestamp>,
}

/// Which clusters are asked: those of the placement, or those of the division?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    Placement,
    Division,
}

/// How many replicas the chosen clusters get.
#[derive(Clone, Debug)]
enum Shares {
    /// As many as template and overrides say.
    Undivided,
    /// So many, in the order of the clusters.
    Each(Vec<i64>),
    /// As many as they have, where they have any: nothing could be divided.
    Kept(BTreeMap<ClusterIndex, i64>),
}

/// Where one object goes.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub(super) basis: Basis,
    pub(super) chosen: ClusterSet,
    shares: Shares,
    /// What is divided along with the replicas, in the order of the chosen clusters.
    along: Option<Vec<i64>>,
    /// The group of the affinities that was taken.
    group: Option<usize>,
    /// Why nothing could be selected.
    unmet: Option<Code>,
    /// What was selected and got no replicas.
    empty: ClusterSet,
    pub(super) refused: BTreeMap<Code, usize>,
    /// Clusters that are named and do not exist.
    pub(super) unknown: Vec<ClusterName>,
}

impl Decision {
    /// How many replicas a chosen cluster gets, where that is decided here.
    pub(super) fn replicas(&self, index: ClusterIndex) -> Option<i64> {
        match &self.shares {
            Shares::Undivided => None,
            Shares::Each(replicas) => replicas.get(self.chosen.rank(index)).copied(),
            Shares::Kept(replicas) => replicas.get(&index).copied(),
        }
    }

    /// How much a chosen cluster gets of what is divided along with the replicas.
    pub(super) fn along(&self, index: ClusterIndex) -> Option<i64> {
        self.along.as_ref()?.get(self.chosen.rank(index)).copied()
    }

    /// Are replicas divided?
    pub(super) fn is_divided(&self) -> bool {
        matches!(self.shares, Shares::Each(_))
    }

    /// Is it known where the object should be?
    pub(super) fn is_made(&self) -> bool {
        self.unmet.is_none() && !matches!(self.shares, Shares::Kept(_))
    }
}

impl<'p> Scene<'p> {
    /// What was seen of the object of an intent.
    pub(super) fn seen(&self, intent: &Intent) -> Column<'p, Workload> {
        Column::of(self.observed.everywhere(intent.target()), self.fleet)
    }
}

/// The rule by which clusters are chosen for an intent, whose object is there already.
fn rule<'p>(scene: &Scene<'p>, intent: &'p Intent, basis: Basis, there: ClusterSet) -> Rule<'p> {
    let (placement, absence) = match basis {
        Basis::Placement => (intent.placement(), intent.absence()),
        Basis::Division => (intent.divided_over(), Absence::WhileReady),
    };
    let gvk = intent.target().gvk();
    let is_namespace = intent.namespace_rule() == NamespaceRule::Governs;
    let circumstances = Circumstances {
        absence: Some(absence),
        kind: scene
            .fleet
            .knows_served_kinds()
            .then(|| format!("{}/{}", gvk.api_version(), gvk.kind())),
        // What tolerates a taint needs its namespace there.
        minds_taints: !is_namespace,
        seen: there,
        now: scene.now,
    };
    Rule::new(placement, intent.withheld(), scene.fleet).under(circumstances, scene.fleet)
}

/// A decision in the making.
struct Choosing<'p> {
    scene: Scene<'p>,
    intent: &'p Intent,
    seen: Column<'p, Workload>,
    rule: Rule<'p>,
    gate: Gate<'p>,
    /// What keeps its namespace out of clusters where the namespace's placement does not.
    of_namespace: Option<&'p OverrideSet>,
}

impl<'p> Choosing<'p> {
    fn new(scene: Scene<'p>, intent: &'p Intent, namespace: &'p Governance, basis: Basis) -> Self {
        let seen = scene.seen(intent);
        Self {
            scene,
            intent,
            rule: rule(&scene, intent, basis, seen.clusters()),
            seen,
            gate: namespace.gate(scene.fleet, basis, intent.divided_among()),
            of_namespace: match namespace {
                Governance::Namespace(namespace, _) => Some(namespace.overrides()),
                _ => None,
            },
        }
    }

    /// The clusters that can be chosen, and how many cannot, by the code of the reason.
    fn eligible(&self) -> (ClusterSet, BTreeMap<Code, usize>) {
        let (mut eligible, mut refused) = self.rule.eligible(&self.gate, self.scene.fleet);
        let overrides = [Some(self.intent.overrides()), self.of_namespace];
        if overrides
            .into_iter()
            .flatten()
            .any(OverrideSet::can_leave_out)
        {
            let reasons = eligible
                .iter()
                .filter_map(|index| Some((index, self.left_out(index)?)));
            let left_out: Vec<_> = reasons.collect();
            for (_, reason) in &left_out {
                *refused.entry(reason.code).or_insert(0) += 1;
            }
            eligible = eligible.without(&left_out.iter().map(|(index, _)| *index).collect());
        }
        (eligible, refused)
    }

    /// The override that keeps the object, or its namespace, out of a cluster.
    fn left_out(&self, index: ClusterIndex) -> Option<Reason> {
        let cluster = self.scene.fleet.at(index)?;
        if let Some(at) = self.intent.overrides().leaves_out(cluster) {
            let message = format!("the override {} says that it is not there", at.path);
            return Some(Reason::new(Code::OverriddenAway, message));
        }
        self.left_out_with_namespace(index)
    }

    /// The override that keeps the object's namespace out of a cluster.
    fn left_out_with_namespace(&self, index: ClusterIndex) -> Option<Reason> {
        let at = self.of_namespace?.leaves_out(self.scene.fleet.at(index)?)?;
        let message = format!(
            "the override {} says that its namespace is not there",
            at.path
        );
        Some(Reason::new(Code::NamespaceNotPlaced, message))
    }

    /// Why clusters that could be chosen were not.
    fn passing_over(&self, decision: &Decision) -> Sieve<Code> {
        let all = || self.scene.fleet.index().all().clone();
        let mut sieve = Sieve::new();
        sieve.hold(Code::NoReplicas, decision.empty.clone());
        if let Some(code) = decision.unmet {
            sieve.hold(code, all());
        } else if let Some(group) = decision.group {
            let group = self.rule.groups().get(group);
            let others = group.map_or_else(all, |group| all().without(group));
            sieve.hold(Code::OtherAffinity, others);
        }
        sieve.hold(Code::NotPreferred, all());
        sieve
    }

    fn reason(
        &self,
        decision: &Decision,
        passing_over: &Sieve<Code>,
        index: ClusterIndex,
    ) -> Reason {
        let verdict = self
            .rule
            .verdict_within(&self.gate, self.scene.fleet, index);
        if !verdict.is_placed() {
            let reason = self
                .rule
                .reason_within(&self.gate, verdict, self.scene.fleet, index);
            let is_of_namespace = reason.code == Code::NamespaceNotPlaced;
            let told = is_of_namespace.then(|| self.left_out_with_namespace(index));
            return told.flatten().unwrap_or(reason);
        }
        if let Some(reason) = self.left_out(index) {
            return reason;
        }
        let code = passing_over.holding(index).unwrap_or(Code::NotPreferred);
        let message = match code {
            Code::NoReplicas => "it gets no replicas".to_owned(),
            Code::OtherAffinity => {
                let position = decision.group.unwrap_or_default();
                let group = self.intent.placement().affinities.get(position);
                let title = group.map_or_else(String::new, |group| group.title(position));
                format!("{title} of placement.affinities was taken, which it is not in")
            }
            Code::SearchLimit => "no selection of clusters that is spread as wanted was found \
                                  before the search ended at its limit"
                .to_owned(),
            Code::NotEnoughCapacity => {
                "the clusters that it could go to have too little room together".to_owned()
            }
            Code::NoneExists => {
                "no selection of clusters is spread as placement.spread wants it".to_owned()
            }
            _ => "others come first, and placement allows no more clusters".to_owned(),
        };
        Reason::new(code, message)
    }
}

/// Decides for one intent. What is wrong with what was asked for goes to `problems`.
pub(super) fn decide(
    scene: Scene<'_>,
    intent: &Intent,
    namespace: &Governance,
    problems: &mut Vec<Problem>,
) -> Decision {
    let basis = basis(intent);
    let choosing = Choosing::new(scene, intent, namespace, basis);
    let (eligible, refused) = choosing.eligible();
    let is_unknown = intent.divided_among() == Among::Unknown;
    let is_nowhere = basis == Basis::Division && eligible.is_empty();
    if (is_unknown || is_nowhere) && intent.withheld().is_none() {
        if is_nowhere {
            problems.push(nothing_to_divide_among(intent, &refused));
        }
        // KubeFed then leaves the placement as it is, and so what runs.
        let choosing = Choosing::new(scene, intent, namespace, Basis::Placement);
        let (eligible, refused) = choosing.eligible();
        let decision = Decision::of(Basis::Placement, eligible, refused);
        return decision
            .keeping(&choosing)
            .with_unknown(intent, scene.fleet);
    }
    let sharing = Sharing::of(intent, &scene, &choosing.seen, &eligible);
    let selecting = Selecting {
        scene,
        intent,
        rule: &choosing.rule,
        seen: &choosing.seen,
        sharing: sharing.as_ref(),
    };
    let selected = match basis {
        Basis::Placement => selecting.select(&eligible, problems),
        Basis::Division => Selected::all(eligible.clone()),
    };
    let mut decision = Decision {
        group: selected.group,
        unmet: selected.unmet,
        ..Decision::of(basis, selected.chosen, refused)
    };
    if decision.unmet.is_some() {
        decision = decision.keeping_among(&scene, intent, &eligible);
    } else if let Some(sharing) = &sharing {
        decision.share(sharing, &scene, intent, problems);
    }
    let passed_over = eligible.without(&decision.chosen);
    let sieve = choosing.passing_over(&decision);
    sieve.sift(passed_over, &mut |code, clusters| {
        *decision.refused.entry(code).or_insert(0) += clusters;
    });
    decision.with_unknown(intent, scene.fleet)
}

/// Where the object is, and with how many replicas.
fn running(scene: &Scene<'_>, intent: &Intent) -> BTreeMap<ClusterIndex, i64> {
    let seen = scene
        .observed
        .everywhere(intent.target())
        .into_iter()
        .flatten();
    seen.filter_map(|(name, seen)| Some((scene.fleet.index_of(name)?, seen.replicas)))
        .collect()
}

/// Why an object is not in a cluster of the fleet.
pub(super) fn refusal<'p>(
    scene: Scene<'p>,
    intent: &'p Intent,
    namespace: &'p Governance,
    decision: &'p Decision,
) -> impl Fn(ClusterIndex) -> Reason + use<'p> {
    let choosing = Choosing::new(scene, intent, namespace, decision.basis);
    let passing_over = choosing.passing_over(decision);
    move |index| choosing.reason(decision, &passing_over, index)
}

/// Why a cluster is chosen that is known to be.
pub(super) fn chosen(intent: &Intent, decision: &Decision) -> Reason {
    match (decision.basis, intent.divided_among()) {
        (Basis::Division, Among::Ready) => Reason::new(
            Code::ReplicasDivided,
            "its replicas are divided among all clusters that are ready",
        ),
        (Basis::Division, _) => place::chosen(intent.divided_over()),
        (Basis::Placement, _) => {
            let reason = place::chosen(intent.placement());
            let position = decision
                .group
                .filter(|_| reason.code == Code::AffinityMatch);
            let group = position.and_then(|at| Some((at, intent.placement().affinities.get(at)?)));
            group.map_or(reason, |(position, group)| {
                let message = format!("in {} of placement.affinities", group.title(position));
                Reason::new(Code::AffinityMatch, message)
            })
        }
    }
}

fn basis(intent: &Intent) -> Basis {
    match intent.divided_among() {
        Among::Placed | Among::Unknown => Basis::Placement,
        Among::Ready | Among::Selected => Basis::Division,
    }
}

fn nothing_to_divide_among(intent: &Intent, refused: &BTreeMap<Code, usize>) -> Problem {
    let why: Vec<_> = refused
        .iter()
        .map(|(code, count)| format!("{code} in {}", counted(*count, "cluster")))
        .collect();
    let why = match why.join(", ") {
        none if none.is_empty() => "there is no cluster".to_owned(),
        why => format!("there is no cluster to divide them among ({why})"),
    };
    let message = format!(
        "the replicas of {} are not divided, as {why}: what runs stays as it is, and elsewhere its \
         own placement holds",
        intent.source()
    );
    Problem::warning(Code::NoReplicas, message)
        .at(intent.origin().division.clone())
        .about(intent.source())
}

impl Decision {
    fn of(basis: Basis, chosen: ClusterSet, refused: BTreeMap<Code, usize>) -> Self {
        Self {
            basis,
            chosen,
            shares: Shares::Undivided,
            along: None,
            group: None,
            unmet: None,
            empty: ClusterSet::new(),
            refused,
            unknown: Vec::new(),
        }
    }

    /// The same, in every cluster that has the object too, and with the replicas that run.
    fn keeping(mut self, choosing: &Choosing<'_>) -> Self {
        let runs = running(&choosing.scene, choosing.intent);
        let passing_over = choosing.passing_over(&self);
        for index in runs.keys().filter(|index| !self.chosen.contains(**index)) {
            let code = choosing.reason(&self, &passing_over, *index).code;
            if let Some(count) = self.refused.get_mut(&code) {
                *count = count.saturating_sub(1);
            }
        }
        self.refused.retain(|_, count| *count > 0);
        self.chosen = self.chosen.or(&runs.keys().copied().collect());
        self.shares = Shares::Kept(runs);
        self
    }

    /// The same, in those of these clusters that have the object, and with the replicas that run.
    fn keeping_among(mut self, scene: &Scene<'_>, intent: &Intent, clusters: &ClusterSet) -> Self {
        let mut runs = running(scene, intent);
        runs.retain(|index, _| clusters.contains(*index));
        self.chosen = runs.keys().copied().collect();
        if intent.division().is_some() {
            self.shares = Shares::Kept(runs);
        }
        self
    }

    /// Divides the replicas among the chosen clusters.
    fn share(
        &mut self,
        sharing: &Sharing<'_>,
        scene: &Scene<'_>,
        intent: &Intent,
        problems: &mut Vec<Problem>,
    ) {
        if self.chosen.is_empty() {
            return;
        }
        let divided = sharing.divide(scene, &self.chosen);
        let told = divided.problems.into_iter().map(|mut problem| {
            problem.at = Some(intent.origin().division.clone());
            problem.about(intent.source())
        });
        problems.extend(told);
        let mut replicas = divided.replicas;
        if sharing.drops_empty() {
            let counted = self.chosen.iter().zip(&replicas);
            self.empty = counted
                .filter(|(_, replicas)| **replicas == 0)
                .map(|(index, _)| index)
                .collect();
            self.chosen = std::mem::take(&mut self.chosen).without(&self.empty);
            replicas.retain(|replicas| *replicas != 0);
        }
        self.along = sharing.along(intent, &replicas);
        self.shares = Shares::Each(replicas);
    }

    /// Notes the clusters that are named and do not exist.
    fn with_unknown(mut self, intent: &Intent, fleet: &Fleet) -> Self {
        let named: BTreeSet<_> = intent.placement().names().iter().collect();
        self.unknown = named
            .into_iter()
            .filter(|name| !name.as_str().is_empty() && fleet.index_of(name).is_none())
            .cloned()
            .collect();
        if !self.unknown.is_empty() {
            *self.refused.entry(Code::UnknownCluster).or_insert(0) += self.unknown.len();
        }
        self
    }

    /// The clusters among which replicas were divided.
    pub(super) fn divided_among(&self) -> ClusterSet {
        self.chosen.clone().or(&self.empty)
    }
}
