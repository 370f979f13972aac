//! In which order do clusters have their turn? By weight, then by a hash of the cluster's name and
//! the workload's key, so that the odd replicas of many workloads are spread.

use crate::divide::Candidate;

const BASIS: u32 = 2_166_136_261;
const PRIME: u32 = 16_777_619;

/// FNV-1 with 32 bits, of the name and then the key.
pub(in crate::divide) fn hash(name: &str, key: &str) -> u32 {
    let step = |hash: u32, byte: &u8| hash.wrapping_mul(PRIME) ^ u32::from(*byte);
    let named = name.as_bytes().iter().fold(BASIS, step);
    key.as_bytes().iter().fold(named, step)
}

/// The candidates' numbers: the higher weight first, then the lower hash, then by name.
pub(in crate::divide) fn ordered(
    candidates: &[Candidate],
    key: &str,
) -> impl Iterator<Item = u32> + use<> {
    let mut order: Vec<(i64, u32, u32)> = candidates
        .iter()
        .zip(0..)
        .map(|(candidate, index)| {
            let hash = hash(candidate.name.as_str(), key);
            (candidate.weight, hash, index)
        })
        .collect();
    let name = |index: u32| candidates.get(index as usize).map(|one| &one.name);
    order.sort_unstable_by(|left, right| {
        let by_weight = right.0.cmp(&left.0).then(left.1.cmp(&right.1));
        by_weight.then_with(|| name(left.2).cmp(&name(right.2)))
    });
    order.into_iter().map(|(_, _, index)| index)
}
