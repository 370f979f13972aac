//! What is divided in the benchmarks, the same every time, and with which result?

use fed_core::ClusterName;
use fed_core::divide::{Candidate, kubeadmiral, kubefed};
use serde_json::Value;

/// The workload whose replicas are divided.
pub const KEY: &str = "shop-prod/checkout-api";

/// How many clusters there are, and how many replicas.
pub const SIZES: [(usize, i64); 5] = [
    (3, 9),
    (10, 100),
    (100, 10_000),
    (1_000, 100_000),
    (5_000, 1_000_000),
];

/// What is asked of the planners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// Weights only.
    Weights,
    /// Weights and all bounds; what runs may move.
    FullRebalance,
    /// The same, and what runs is kept.
    FullNoRebalance,
}

impl Variant {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Weights, Self::FullRebalance, Self::FullNoRebalance];

    /// Its name in the names of benchmarks.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::FullRebalance => "full_rebalance",
            Self::FullNoRebalance => "full_norebalance",
        }
    }
}

/// A number for a cluster and a purpose: splitmix64 of a counter.
pub fn random(cluster: u64, purpose: u64) -> u64 {
    let counter = (42_u64 << 32).wrapping_add(16 * cluster + purpose);
    let mixed = counter.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The clusters of a variant.
pub fn candidates(variant: Variant, clusters: usize, total: i64) -> Vec<Candidate> {
    let total = total.unsigned_abs();
    let even = total / (clusters as u64).max(1);
    (0..clusters)
        .map(|number| candidate(variant, number, even))
        .collect()
}

fn candidate(variant: Variant, number: usize, even: u64) -> Candidate {
    let random = |purpose| random(number as u64, purpose);
    let weight = signed(1 + random(0) % 100);
    let candidate = Candidate::new(crate::cluster_name(number), weight);
    if variant == Variant::Weights {
        return candidate;
    }
    let minimum = random(1) % (even / 4 + 1);
    let mut candidate = candidate
        .at_least(signed(minimum))
        .running(signed(random(4) % (2 * even + 1)));
    if random(2) % 2 == 0 {
        candidate = candidate.at_most(signed(minimum + 1 + random(3) % (3 * even)));
    }
    if random(5) % 4 == 0 {
        candidate = candidate.with_capacity(signed(random(6) % (2 * even + 1)));
    }
    candidate
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The least that a division by weight and hash can do: the calibration that planners are held
/// against.
#[derive(Clone, Debug)]
pub struct Floor {
    names: Vec<String>,
    weights: Vec<i64>,
}

impl Floor {
    /// The floor for these candidates.
    pub fn new(candidates: &[Candidate]) -> Self {
        let names = candidates.iter().map(|one| one.name.as_str().to_owned());
        Self {
            names: names.collect(),
            weights: candidates.iter().map(|one| one.weight).collect(),
        }
    }

    /// FNV of name and key, sort by weight and hash, one division a row, one output vector.
    pub fn divide(&self, total: i64, key: &str) -> Vec<i64> {
        let mut rows: Vec<(i64, u32, u32)> = self
            .names
            .iter()
            .zip(&self.weights)
            .zip(0..)
            .map(|((name, weight), index)| (*weight, hash(name.as_bytes(), key.as_bytes()), index))
            .collect();
        rows.sort_unstable_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
        let weights: i64 = rows.iter().map(|row| row.0).sum();
        let mut left = total;
        let mut output = vec![0; rows.len()];
        for (weight, _, index) in rows {
            let part = ((total * weight + weights - 1) / weights).min(left);
            if let Some(slot) = output.get_mut(index as usize) {
                *slot = part;
            }
            left -= part;
        }
        output
    }
}

fn hash(name: &[u8], key: &[u8]) -> u32 {
    let step = |hash: u32, byte: &u8| hash.wrapping_mul(16_777_619) ^ u32::from(*byte);
    let named = name.iter().fold(2_166_136_261, step);
    key.iter().fold(named, step)
}

/// One division that is measured: its mode, its variant and its size.
pub struct Division {
    /// `kubefed`, for instance.
    pub mode: &'static str,
    /// What is asked for.
    pub variant: Variant,
    /// The number of clusters.
    pub clusters: usize,
    /// The number of replicas.
    pub total: i64,
    candidates: Vec<Candidate>,
    run: Run,
    golden: &'static str,
}

type Run = fn(i64, Variant, &[Candidate]) -> (Vec<i64>, Vec<i64>);

/// Each mode with what runs it and the results of the planner that it follows. A mode more is a
/// row more.
const MODES: [(&str, Run, &str); 2] = [
    (
        "kubefed",
        run_kubefed,
        include_str!("data/golden-kubefed-planner.json"),
    ),
    (
        "kubeadmiral",
        run_kubeadmiral,
        include_str!("data/golden-kubeadmiral-planner.json"),
    ),
];

fn run_kubefed(total: i64, variant: Variant, candidates: &[Candidate]) -> (Vec<i64>, Vec<i64>) {
    let rebalance = variant != Variant::FullNoRebalance;
    let division = kubefed::divide(total, rebalance, candidates, KEY);
    (division.replicas, division.overflow)
}

fn run_kubeadmiral(total: i64, variant: Variant, candidates: &[Candidate]) -> (Vec<i64>, Vec<i64>) {
    let options =
        kubeadmiral::Options::default().avoid_disruption(variant == Variant::FullNoRebalance);
    let division = kubeadmiral::divide(total, &options, candidates, KEY);
    (division.replicas, division.overflow)
}

/// All divisions of all modes, of these sizes.
pub fn divisions(sizes: &[(usize, i64)]) -> Vec<Division> {
    let mut divisions = Vec::new();
    for (mode, run, golden) in MODES {
        for variant in Variant::ALL {
            for (clusters, total) in sizes.iter().copied() {
                divisions.push(Division {
                    mode,
                    variant,
                    clusters,
                    total,
                    candidates: candidates(variant, clusters, total),
                    run,
                    golden,
                });
            }
        }
    }
    divisions
}

impl Division {
    /// `divide/kubefed/weights/C3_N9`, for instance.
    pub fn name(&self) -> String {
        format!("divide/{}/{}", self.mode, self.case())
    }

    fn case(&self) -> String {
        format!("{}/C{}_N{}", self.variant.name(), self.clusters, self.total)
    }

    /// Divides: what is measured.
    pub fn run(&self) -> (Vec<i64>, Vec<i64>) {
        (self.run)(self.total, self.variant, &self.candidates)
    }

    /// The floor for the same clusters.
    pub fn floor(&self) -> Floor {
        Floor::new(&self.candidates)
    }

    /// Is the result the one of the planner that the mode follows?
    ///
    /// # Panics
    ///
    /// If it is not.
    pub fn check(&self) {
        #[expect(clippy::unwrap_used, reason = "the text is part of this crate")]
        let golden: Value = serde_json::from_str(self.golden).unwrap();
        let Some(golden) = golden.get(self.case()) else {
            return;
        };
        let (replicas, overflow) = self.run();
        let named = |numbers: Vec<i64>| {
            let names = self.candidates.iter().map(|one| one.name.clone());
            names.zip(numbers).collect::<Vec<_>>()
        };
        let overflow: Vec<_> = named(overflow)
            .into_iter()
            .filter(|(_, number)| *number != 0)
            .collect();
        for (what, numbers) in [("plan", named(replicas)), ("overflow", overflow)] {
            let field = |part: &str| golden.get(format!("{what}_{part}"));
            let sum: i64 = numbers.iter().map(|(_, number)| number).sum();
            assert_eq!(field("sum"), Some(&sum.into()), "{} {what}", self.name());
            assert_eq!(
                field("n"),
                Some(&numbers.len().into()),
                "{} {what}",
                self.name()
            );
            let digest = format!("{:016x}", digest(&numbers));
            assert_eq!(field("fnv"), Some(&digest.into()), "{} {what}", self.name());
        }
    }
}

/// FNV-1a with 64 bits over a line for each cluster, in the order of their names.
fn digest(numbers: &[(ClusterName, i64)]) -> u64 {
    let text = numbers
        .iter()
        .map(|(name, number)| format!("{name}={number}\n"));
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    text.fold(0xcbf2_9ce4_8422_2325, |hash, line| {
        line.as_bytes().iter().fold(hash, step)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workload_is_the_one_that_others_were_measured_with() {
        let rows = candidates(Variant::FullRebalance, 10, 100);
        let expected = [
            Candidate::new("member-00000", 76)
                .at_least(1)
                .at_most(17)
                .running(13)
                .with_capacity(16),
            Candidate::new("member-00001", 4).at_least(2).running(20),
            Candidate::new("member-00002", 39)
                .at_least(2)
                .running(13)
                .with_capacity(18),
        ];
        let mut first = expected[0].clone();
        first.capacity = None;
        assert_eq!(rows[..3], [first, expected[1].clone(), expected[2].clone()]);
    }

    #[test]
    fn every_division_has_the_result_of_the_planner_that_it_follows() {
        for division in divisions(&SIZES) {
            division.check();
        }
    }

    #[test]
    fn the_floor_divides_by_weight() {
        for (clusters, total) in SIZES {
            let candidates = candidates(Variant::Weights, clusters, total);
            let by_weight = run_kubefed(total, Variant::Weights, &candidates);
            assert_eq!(Floor::new(&candidates).divide(total, KEY), by_weight.0);
        }
    }
}
