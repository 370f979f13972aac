//! How long does something take? Medians over rounds in which all that is compared is measured in
//! turn, so that a slow moment of the machine slows all of it. Time is what the processor spends
//! on it, so that other programs do not count.

use rustix::time::{ClockId, clock_gettime};

/// About how long one measurement takes, in nanoseconds.
const SAMPLE: f64 = 1_000_000.0;

/// What is measured: a name is not needed, the order tells which is which.
pub type Run<'r> = Box<dyn FnMut() + 'r>;

/// Nanoseconds, and how many times those of the first one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Median {
    /// Nanoseconds for one run.
    pub nanoseconds: f64,
    /// The median of the ratios of each round, to the first one of the same round.
    pub ratio: f64,
}

/// Measures each in every round.
pub fn medians(rounds: usize, runs: &mut [Run<'_>]) -> Vec<Median> {
    let times: Vec<u32> = runs
        .iter_mut()
        .map(|run| repetitions(timed(1, run).min(timed(1, run))))
        .collect();
    let mut samples = vec![Vec::with_capacity(rounds); runs.len()];
    for _ in 0..rounds {
        for ((run, times), samples) in runs.iter_mut().zip(&times).zip(&mut samples) {
            // What others pushed out of the caches is not its fault.
            run();
            samples.push(timed(*times, run));
        }
    }
    let first = samples.first().cloned().unwrap_or_default();
    let median_of = |mut all: Vec<f64>| {
        let ratios = all.iter().zip(&first).map(|(own, first)| own / first);
        let ratio = median(&mut ratios.collect::<Vec<_>>());
        Median {
            nanoseconds: median(&mut all),
            ratio,
        }
    };
    samples.into_iter().map(median_of).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small positive number"
)]
fn repetitions(nanoseconds: f64) -> u32 {
    (SAMPLE / nanoseconds.max(1.0)).clamp(1.0, 100_000.0) as u32
}

/// Nanoseconds for each of so many times.
fn timed(times: u32, run: &mut Run<'_>) -> f64 {
    let start = processor_time();
    for _ in 0..times {
        run();
    }
    (processor_time() - start) / f64::from(times)
}

#[expect(clippy::cast_precision_loss, reason = "far less than 2^52 nanoseconds")]
fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn each_is_run_in_every_round_and_compared_with_the_first() {
        let counts = [Cell::new(0_u64), Cell::new(0)];
        let count = |at: usize| -> Run<'_> {
            let counts = &counts;
            Box::new(move || counts[at].set(counts[at].get() + 1))
        };
        let medians = medians(3, &mut [count(0), count(1)]);
        assert_eq!(medians.len(), 2);
        assert!((medians[0].ratio - 1.0).abs() < f64::EPSILON);
        // Twice to find out how often, and then in three rounds.
        assert!(counts.iter().all(|count| count.get() >= 5));
    }

    #[test]
    fn the_one_in_the_middle_is_the_median() {
        assert!((median(&mut [9.0, 1.0, 5.0]) - 5.0).abs() < f64::EPSILON);
        assert!(median(&mut []).abs() < f64::EPSILON);
    }
}
