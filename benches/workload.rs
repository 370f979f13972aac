//! Among which clusters are replicas divided in the benchmarks? The same every time.

use fed_core::divide::Candidate;

/// The workload whose replicas are divided.
pub const KEY: &str = "shop-prod/checkout-api";

/// Its UID.
pub const UID: &str = "4f0c2a53-6a0e-4a52-9a63-0d1a3a6d2b11";

/// How many clusters there are, and how many replicas.
pub const SIZES: [(usize, i64); 5] = [
    (3, 9),
    (10, 100),
    (100, 10_000),
    (1_000, 100_000),
    (5_000, 1_000_000),
];

/// A number for a cluster and a purpose: splitmix64 of a counter.
pub fn random(cluster: u64, purpose: u64) -> u64 {
    let counter = (42_u64 << 32).wrapping_add(16 * cluster + purpose);
    let mixed = counter.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// One cluster of a workload, before anything but its name is said of it.
struct Place {
    number: usize,
    /// What each cluster would have if all had the same.
    even: u64,
}

impl Place {
    fn random(&self, purpose: u64) -> u64 {
        random(self.number as u64, purpose)
    }

    fn weight(&self) -> i64 {
        signed(1 + self.random(0) % 100)
    }

    /// The fewest that it should have, and the most.
    fn bounds(&self) -> (i64, Option<i64>) {
        let minimum = self.random(1) % (self.even / 4 + 1);
        let is_bounded = self.random(2).is_multiple_of(2);
        let maximum = is_bounded.then(|| signed(minimum + 1 + self.random(3) % (3 * self.even)));
        (signed(minimum), maximum)
    }

    fn running(&self) -> i64 {
        signed(self.random(4) % (2 * self.even + 1))
    }

    fn capacity(&self) -> Option<i64> {
        let is_known = self.random(5).is_multiple_of(4);
        is_known.then(|| signed(self.random(6) % (2 * self.even + 1)))
    }

    /// The room that Karmada's estimators see beside what runs.
    fn room(&self) -> i64 {
        signed(self.even + self.random(7) % (2 * self.even + 1))
    }

    fn named(&self, weight: i64) -> Candidate {
        Candidate::new(crate::cluster_name(self.number), weight)
    }
}

fn places(clusters: usize, total: i64, candidate: impl Fn(&Place) -> Candidate) -> Vec<Candidate> {
    let even = total.unsigned_abs() / (clusters as u64).max(1);
    (0..clusters)
        .map(|number| candidate(&Place { number, even }))
        .collect()
}

/// Clusters with weights only.
pub fn weights(clusters: usize, total: i64) -> Vec<Candidate> {
    places(clusters, total, |place| place.named(place.weight()))
}

/// Clusters with weights, bounds and capacities, where nothing runs.
pub fn bounds(clusters: usize, total: i64) -> Vec<Candidate> {
    places(clusters, total, |place| {
        let mut candidate = place.named(place.weight());
        (candidate.minimum, candidate.maximum) = place.bounds();
        candidate.capacity = place.capacity();
        candidate
    })
}

/// Clusters with weights, where replicas run.
pub fn running(clusters: usize, total: i64) -> Vec<Candidate> {
    places(clusters, total, |place| {
        place.named(place.weight()).running(place.running())
    })
}

/// Clusters with weights, bounds and capacities, where replicas run.
pub fn full(clusters: usize, total: i64) -> Vec<Candidate> {
    let mut candidates = bounds(clusters, total);
    for (candidate, running) in candidates.iter_mut().zip(running(clusters, total)) {
        candidate.current = running.current;
    }
    candidates
}

/// Clusters that are equal in all but their names, with twice the room that it takes.
pub fn ties(clusters: usize, total: i64) -> Vec<Candidate> {
    places(clusters, total, |place| {
        place.named(1).with_capacity(signed(2 * place.even + 2))
    })
}

/// Clusters with weights and room.
pub fn rooms(clusters: usize, total: i64) -> Vec<Candidate> {
    places(clusters, total, |place| {
        place.named(place.weight()).with_capacity(place.room())
    })
}

/// The same, with one of ten weights by ten labels.
pub fn labelled(clusters: usize, total: i64) -> Vec<Candidate> {
    places(clusters, total, |place| {
        let weight = signed(place.number as u64 % 10 + 1);
        place.named(weight).with_capacity(place.room())
    })
}

/// The same clusters, where this runs. It takes nothing of the room that they have.
pub fn where_run(candidates: Vec<Candidate>, replicas: &[i64]) -> Vec<Candidate> {
    let run = |(candidate, replicas): (Candidate, &i64)| match (candidate.capacity, *replicas) {
        (_, 0) => candidate,
        (None, running) => candidate.running(running),
        (Some(room), running) => candidate.with_capacity(room + running).running(running),
    };
    candidates.into_iter().zip(replicas).map(run).collect()
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workload_is_the_one_that_others_were_measured_with() {
        let expected = [
            Candidate::new("member-00000", 76)
                .at_least(1)
                .at_most(17)
                .running(13),
            Candidate::new("member-00001", 4).at_least(2).running(20),
            Candidate::new("member-00002", 39)
                .at_least(2)
                .running(13)
                .with_capacity(18),
            Candidate::new("member-00003", 84)
                .running(6)
                .with_capacity(0),
        ];
        assert_eq!(full(10, 100)[..4], expected);
        let rooms = rooms(10, 100).into_iter().map(|one| one.capacity);
        let expected = [Some(16), Some(15), Some(30), Some(20)];
        assert_eq!(rooms.take(4).collect::<Vec<_>>(), expected);
    }
}
