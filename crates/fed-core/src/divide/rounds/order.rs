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
) -> impl ExactSizeIterator<Item = u32> + use<> {
    let mut order: Vec<u128> = candidates
        .iter()
        .zip(0..)
        .map(|(candidate, number)| {
            packed(candidate.weight, hash(candidate.name.as_str(), key), number)
        })
        .collect();
    order.sort_unstable();
    let name = |packed: &u128| {
        candidates
            .get(number(*packed) as usize)
            .map(|one| &one.name)
    };
    for equal in order.chunk_by_mut(|left, right| left >> 32 == right >> 32) {
        if equal.len() > 1 {
            equal.sort_by(|left, right| name(left).cmp(&name(right)));
        }
    }
    order.into_iter().map(number)
}

/// One integer to sort by: the weight turned round, the hash, and the candidate's number.
fn packed(weight: i64, hash: u32, number: u32) -> u128 {
    // Turned round and moved to where no weight is negative.
    let turned = weight.cast_unsigned() ^ (u64::MAX >> 1);
    (u128::from(turned) << 64) | (u128::from(hash) << 32) | u128::from(number)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number stands in the last 32 bits"
)]
fn number(packed: u128) -> u32 {
    packed as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_higher_weight_comes_first() {
        let weights = [i64::MAX, 7, 1, 0, -1, -7, i64::MIN];
        let sorted = weights.map(|weight| packed(weight, 0, 0));
        assert!(sorted.is_sorted());
    }

    #[test]
    fn equal_hashes_are_ordered_by_name() {
        // Found by trying.
        let (first, second) = ("c1479599", "c1662382");
        assert_eq!(hash(first, ""), hash(second, ""));
        for names in [[first, second], [second, first]] {
            let order = ordered(&names.map(|name| Candidate::new(name, 1)), "");
            let sorted: Vec<&str> = order.map(|index| names[index as usize]).collect();
            assert_eq!(sorted, [first, second]);
        }
    }
}
