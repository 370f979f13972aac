//! How are replicas divided under a [`Division`], whatever its method? One door to all of them,
//! and one kind of answer.

use std::fmt;

use super::{Candidate, karmada, kubefed, native};
use crate::identity::ClusterName;
use crate::intent::{Division, DivisionMethod};
use crate::problem::{Code, Problem, Severity};

/// What a division gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Divided {
    /// The replicas of each candidate, in their order.
    pub replicas: Vec<i64>,
    /// What is wrong with what was asked for, or could not be done.
    pub problems: Vec<Problem>,
}

/// Divides so many replicas by the method of a division. Its weights stand in the candidates, and
/// what it says of their total does not count: the total is `total`. The key decides among equals.
///
/// ```
/// use fed_core::divide::{Candidate, divide};
/// use fed_core::{Division, DivisionMethod};
///
/// let candidates = [Candidate::new("a", 2), Candidate::new("b", 1)];
/// let fair = divide(8, &Division::default(), &candidates, "shop/web");
/// assert_eq!(fair.replicas, [5, 3]);
/// let all = Division::default().by(DivisionMethod::Duplicated);
/// assert_eq!(divide(8, &all, &candidates, "shop/web").replicas, [8, 8]);
/// ```
pub fn divide(total: i64, division: &Division, candidates: &[Candidate], key: &str) -> Divided {
    match division.method {
        DivisionMethod::Fair => {
            let given = native::divide(total, candidates, &fair(division, key));
            let short = (given.unplaced > 0)
                .then(|| too_little_room(Severity::Error, total, given.unplaced));
            Divided {
                replicas: given.replicas,
                problems: given.problems.into_iter().chain(short).collect(),
            }
        }
        DivisionMethod::KubeFed => {
            let given = kubefed::divide(total, !division.steady, candidates, key);
            let sums = given.replicas.iter().zip(&given.overflow);
            let replicas: Vec<_> = sums
                .map(|(part, over)| part.saturating_add(*over))
                .collect();
            let sum = replicas.iter().copied().fold(0, i64::saturating_add);
            let short = total.saturating_sub(sum);
            Divided {
                replicas,
                problems: (short > 0)
                    .then(|| too_little_room(Severity::Warning, total, short))
                    .into_iter()
                    .collect(),
            }
        }
        _ => match karmada::divide(total, candidates, &as_karmada(division)) {
            Ok(given) => Divided {
                replicas: given.replicas,
                problems: Vec::new(),
            },
            // Karmada then leaves everything as it is.
            Err(problem) => Divided {
                replicas: candidates.iter().map(running).collect(),
                problems: vec![problem],
            },
        },
    }
}

fn running(candidate: &Candidate) -> i64 {
    candidate.current.unwrap_or(0)
}

/// For KubeFed it is no fault that less is placed than is asked for.
fn too_little_room(severity: Severity, total: i64, short: i64) -> Problem {
    let verb = if short == 1 { "has" } else { "have" };
    let message = format!(
        "{short} of {total} replicas {verb} no place: the clusters have no more room, may not have \
         more, or have no weight; raise maximums or weights, free capacity or add clusters"
    );
    Problem::new(severity, Code::NotEnoughCapacity, message)
}

fn fair(division: &Division, key: &str) -> native::Options {
    let options = native::Options::new(key);
    if division.steady {
        options.steady()
    } else {
        options
    }
}

fn as_karmada(division: &Division) -> karmada::Options {
    karmada::Options::new(match division.method {
        DivisionMethod::KarmadaWeights => karmada::Strategy::StaticWeights,
        DivisionMethod::KarmadaDynamic => karmada::Strategy::DynamicWeights,
        DivisionMethod::KarmadaAggregated => karmada::Strategy::Aggregated,
        DivisionMethod::Duplicated | DivisionMethod::Fair | DivisionMethod::KubeFed => {
            karmada::Strategy::Duplicated
        }
    })
}

/// Why a cluster has its number of replicas, and neither one more nor one fewer. Its sentence is
/// its `Display`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// By [`DivisionMethod::Fair`].
    Fair(native::NativeReason),
    /// By [`DivisionMethod::KubeFed`].
    KubeFed(kubefed::Explanation),
    /// By one of Karmada's methods, or all of them everywhere.
    Karmada(karmada::KarmadaReason),
    /// It has none, as nothing says what its share is.
    NoRule,
    /// Nothing could be divided, and so many run there.
    Kept(i64),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fair(reason) => write!(f, "it {reason}"),
            Self::KubeFed(explanation) => explanation.fmt(f),
            Self::Karmada(reason) => write!(f, "it {reason}"),
            Self::Kept(replicas) => write!(
                f,
                "it keeps the {replicas} that it has, as nothing could be divided"
            ),
            Self::NoRule => {
                f.write_str("it gets no replicas, as no rule of the division is about it")
            }
        }
    }
}

/// Why each candidate has what [`divide`] gives it, in their order; nothing where nothing could be
/// divided.
///
/// Takes as long as one division, and not as one for each candidate.
///
/// ```
/// use fed_core::Division;
/// use fed_core::divide::{Candidate, explain_all};
///
/// let candidates = [Candidate::new("a", 2), Candidate::new("b", 1)];
/// let all = explain_all(9, &Division::default(), &candidates, "shop/web");
/// assert_eq!(all[1].to_string(), "it has 3; its weight is worth 3; no more, since that would be \
///     above its share; no fewer, since that would be below its share");
/// ```
pub fn explain_all(
    total: i64,
    division: &Division,
    candidates: &[Candidate],
    key: &str,
) -> Vec<Why> {
    match division.method {
        DivisionMethod::Fair => {
            let all = native::explain_all(total, candidates, &fair(division, key));
            all.into_iter().map(Why::Fair).collect()
        }
        DivisionMethod::KubeFed => {
            let rebalance = !division.steady;
            let all = kubefed::Explanation::of_all(total, rebalance, candidates, key);
            all.into_iter().map(Why::KubeFed).collect()
        }
        _ => {
            let all = karmada::explain_all(total, candidates, &as_karmada(division));
            all.into_iter().flatten().map(Why::Karmada).collect()
        }
    }
}

/// Why a candidate has what [`divide`] gives it. Nothing for a cluster that is no candidate, nor
/// where nothing could be divided.
///
/// Takes as long as a division.
pub fn explain(
    total: i64,
    division: &Division,
    candidates: &[Candidate],
    key: &str,
    cluster: &ClusterName,
) -> Option<Why> {
    match division.method {
        DivisionMethod::Fair => {
            native::explain(total, candidates, &fair(division, key), cluster).map(Why::Fair)
        }
        DivisionMethod::KubeFed => {
            let rebalance = !division.steady;
            kubefed::Explanation::of(total, rebalance, candidates, key, cluster).map(Why::KubeFed)
        }
        _ => karmada::explain(total, candidates, &as_karmada(division), cluster)
            .ok()
            .flatten()
            .map(Why::Karmada),
    }
}
