//! What is divided in the benchmarks, in which ways, and is the result right?

use fed_core::divide::{Candidate, karmada, kubeadmiral, kubefed, native};

use crate::golden::{Golden, Numbers};
use crate::workload::{self, KEY, SIZES, UID};

const KUBEFED: Golden = Golden::Planner(include_str!("data/golden-kubefed-planner.json"));
const KUBEADMIRAL: Golden = Golden::Planner(include_str!("data/golden-kubeadmiral-planner.json"));
const KARMADA: Golden = Golden::Karmada(include_str!("data/golden-karmada-assign.json"));

/// One way of dividing one kind of clusters.
#[derive(Clone, Copy)]
pub struct Kind {
    /// `kubefed`, for instance.
    pub mode: &'static str,
    /// `full_rebalance`, for instance.
    pub variant: &'static str,
    candidates: fn(usize, i64) -> Vec<Candidate>,
    run: fn(i64, &[Candidate]) -> Outcome,
    /// What it has to give at each of [`SIZES`].
    golden: Option<Golden>,
    /// Half a replica more for each cluster: with equal weights, every second one gets one more.
    odd: bool,
    /// At most so many times the floor from 1,000 clusters on, if that is promised.
    pub most: Option<f64>,
}

/// All of them. One more is a row more.
#[rustfmt::skip]
pub const KINDS: [Kind; 24] = [
    kind("kubefed", "weights", workload::weights, kubefed_moving).like(KUBEFED).within(1.5),
    kind("kubefed", "full_rebalance", workload::full, kubefed_moving).like(KUBEFED).within(1.7),
    kind("kubefed", "full_norebalance", workload::full, kubefed_keeping).like(KUBEFED).within(2.8),
    kind("kubeadmiral", "weights", workload::weights, kubeadmiral_moving).like(KUBEADMIRAL),
    kind("kubeadmiral", "full_rebalance", workload::full, kubeadmiral_moving).like(KUBEADMIRAL),
    kind("kubeadmiral", "full_norebalance", workload::full, kubeadmiral_keeping).like(KUBEADMIRAL),
    kind("kubeadmiral", "binpack", workload::full, kubeadmiral_binpack),
    kind("karmada", "static_by_name_fresh", workload::rooms, karmada_static).like(KARMADA).within(1.5),
    kind("karmada", "static_by_label_fresh", workload::labelled, karmada_static).like(KARMADA).within(1.5),
    kind("karmada", "static_ties", workload::ties, karmada_static).odd().within(2.0),
    kind("karmada", "dynamic_fresh", workload::rooms, karmada_dynamic).like(KARMADA).within(1.5),
    kind("karmada", "dynamic_steady", dynamic_steady, karmada_dynamic).within(1.5),
    kind("karmada", "dynamic_scaleup", dynamic_scaleup, karmada_dynamic).like(KARMADA).within(1.5),
    kind("karmada", "dynamic_scaledown", dynamic_scaledown, karmada_dynamic).like(KARMADA).within(1.5),
    kind("karmada", "dynamic_ties", workload::ties, karmada_dynamic).odd().within(2.0),
    kind("karmada", "aggregated_fresh", workload::rooms, karmada_aggregated).like(KARMADA).within(1.5),
    kind("karmada", "aggregated_scaleup", aggregated_scaleup, karmada_aggregated).like(KARMADA).within(1.5),
    kind("karmada", "aggregated_ties", workload::ties, karmada_aggregated).odd().within(2.0),
    kind("native", "weights", workload::weights, native_moving).within(1.5),
    kind("native", "bounds", workload::bounds, native_moving).within(1.5),
    kind("native", "running", workload::running, native_moving).within(1.5),
    kind("native", "full", workload::full, native_moving).within(1.5),
    kind("native", "full_steady", workload::full, native_steady).within(1.5),
    kind("native", "ties", workload::ties, native_moving).odd().within(2.0),
];

const fn kind(
    mode: &'static str,
    variant: &'static str,
    candidates: fn(usize, i64) -> Vec<Candidate>,
    run: fn(i64, &[Candidate]) -> Outcome,
) -> Kind {
    Kind {
        mode,
        variant,
        candidates,
        run,
        golden: None,
        odd: false,
        most: None,
    }
}

impl Kind {
    const fn like(mut self, golden: Golden) -> Self {
        self.golden = Some(golden);
        self
    }

    const fn odd(mut self) -> Self {
        self.odd = true;
        self
    }

    const fn within(mut self, most: f64) -> Self {
        self.most = Some(most);
        self
    }

    /// `kubefed/full_rebalance`, for instance.
    pub fn name(&self) -> String {
        format!("{}/{}", self.mode, self.variant)
    }
}

/// The replicas, and what was due beyond the capacity in the modes that tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    replicas: Vec<i64>,
    overflow: Vec<i64>,
}

impl Outcome {
    fn of(replicas: Vec<i64>) -> Self {
        Self {
            replicas,
            overflow: Vec::new(),
        }
    }
}

fn kubefed_moving(total: i64, candidates: &[Candidate]) -> Outcome {
    kubefed(total, true, candidates)
}

fn kubefed_keeping(total: i64, candidates: &[Candidate]) -> Outcome {
    kubefed(total, false, candidates)
}

fn kubefed(total: i64, rebalance: bool, candidates: &[Candidate]) -> Outcome {
    let division = kubefed::divide(total, rebalance, candidates, KEY);
    Outcome {
        replicas: division.replicas,
        overflow: division.overflow,
    }
}

fn kubeadmiral_moving(total: i64, candidates: &[Candidate]) -> Outcome {
    kubeadmiral(total, &kubeadmiral::Options::default(), candidates)
}

fn kubeadmiral_keeping(total: i64, candidates: &[Candidate]) -> Outcome {
    let options = kubeadmiral::Options::default().avoid_disruption(true);
    kubeadmiral(total, &options, candidates)
}

fn kubeadmiral_binpack(total: i64, candidates: &[Candidate]) -> Outcome {
    let options = kubeadmiral::Options::default()
        .strategy(kubeadmiral::Strategy::Binpack)
        .avoid_disruption(true);
    kubeadmiral(total, &options, candidates)
}

fn kubeadmiral(total: i64, options: &kubeadmiral::Options, candidates: &[Candidate]) -> Outcome {
    let division = kubeadmiral::divide(total, options, candidates, KEY);
    Outcome {
        replicas: division.replicas,
        overflow: division.overflow,
    }
}

fn karmada_static(total: i64, candidates: &[Candidate]) -> Outcome {
    karmada(total, karmada::Strategy::StaticWeights, candidates)
}

fn karmada_dynamic(total: i64, candidates: &[Candidate]) -> Outcome {
    karmada(total, karmada::Strategy::DynamicWeights, candidates)
}

fn karmada_aggregated(total: i64, candidates: &[Candidate]) -> Outcome {
    karmada(total, karmada::Strategy::Aggregated, candidates)
}

/// What is refused has no replicas, which is told when it is checked.
fn karmada(total: i64, strategy: karmada::Strategy, candidates: &[Candidate]) -> Outcome {
    let options = karmada::Options::new(strategy).seeded(UID);
    let division = karmada::divide(total, candidates, &options);
    Outcome::of(division.map_or_else(|_| Vec::new(), |division| division.replicas))
}

fn native_moving(total: i64, candidates: &[Candidate]) -> Outcome {
    Outcome::of(native::divide(total, candidates, &native::Options::new(KEY)).replicas)
}

fn native_steady(total: i64, candidates: &[Candidate]) -> Outcome {
    let options = native::Options::new(KEY).steady();
    Outcome::of(native::divide(total, candidates, &options).replicas)
}

fn dynamic_steady(clusters: usize, total: i64) -> Vec<Candidate> {
    after(clusters, total, total, karmada_dynamic)
}

fn dynamic_scaleup(clusters: usize, total: i64) -> Vec<Candidate> {
    after(clusters, total, total * 4 / 5, karmada_dynamic)
}

fn dynamic_scaledown(clusters: usize, total: i64) -> Vec<Candidate> {
    after(clusters, total, total * 5 / 4, karmada_dynamic)
}

fn aggregated_scaleup(clusters: usize, total: i64) -> Vec<Candidate> {
    after(clusters, total, total * 4 / 5, karmada_aggregated)
}

/// Clusters in which another total has been divided before.
fn after(
    clusters: usize,
    total: i64,
    before: i64,
    run: fn(i64, &[Candidate]) -> Outcome,
) -> Vec<Candidate> {
    let rooms = workload::rooms(clusters, total);
    let before = run(before, &rooms);
    workload::where_run(rooms, &before.replicas)
}

/// One division that is measured.
pub struct Division {
    /// What is divided how.
    pub kind: Kind,
    /// The number of clusters.
    pub clusters: usize,
    /// The number of replicas that was asked for.
    pub asked: i64,
    /// The number of replicas that are divided: the same, unless the kind is odd.
    total: i64,
    candidates: Vec<Candidate>,
}

impl Division {
    /// A division of this kind and size.
    pub fn new(kind: Kind, clusters: usize, total: i64) -> Self {
        let half = i64::try_from(clusters / 2).unwrap_or(0);
        Self {
            kind,
            clusters,
            asked: total,
            total: if kind.odd { total + half } else { total },
            candidates: (kind.candidates)(clusters, total),
        }
    }

    /// `divide/kubefed/weights/C3_N9`, for instance.
    pub fn name(&self) -> String {
        format!("divide/{}/{}", self.kind.name(), self.size())
    }

    /// `C3_N9`, for instance.
    pub fn size(&self) -> String {
        format!("C{}_N{}", self.clusters, self.total)
    }

    /// Divides: what is measured.
    pub fn run(&self) -> Outcome {
        (self.kind.run)(self.total, &self.candidates)
    }

    /// Is the result the one of the planner that it follows? Where that was not asked, are at
    /// least all replicas somewhere?
    ///
    /// # Panics
    ///
    /// If it is not.
    pub fn check(&self) {
        let outcome = self.run();
        let sum: i64 = outcome.replicas.iter().sum();
        assert_eq!(sum, self.total, "{}", self.name());
        if let Some(golden) = self.kind.golden.filter(|_| self.was_asked()) {
            let replicas = self.named(outcome.replicas);
            let case = format!("{}/{}", self.kind.variant, self.size());
            let compared = golden.compare(&case, replicas, self.named(outcome.overflow));
            assert_eq!(compared, Ok(()), "{}", self.name());
        }
    }

    fn was_asked(&self) -> bool {
        SIZES.contains(&(self.clusters, self.asked))
    }

    fn named(&self, numbers: Vec<i64>) -> Numbers {
        let names = self.candidates.iter().map(|one| one.name.clone());
        names.zip(numbers).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_division_has_the_result_of_the_planner_that_it_follows() {
        for kind in KINDS {
            for (clusters, total) in SIZES {
                Division::new(kind, clusters, total).check();
            }
        }
    }

    #[test]
    fn results_are_compared_where_there_are_any() {
        let compared = |mode| {
            let kinds = KINDS.iter().filter(move |kind| kind.mode == mode);
            kinds.filter(|kind| kind.golden.is_some()).count()
        };
        assert_eq!(
            ["kubefed", "kubeadmiral", "karmada"].map(compared),
            [3, 3, 7]
        );
    }
}
