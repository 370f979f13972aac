//! What is the least that a division by weight and hash can do? The calibration that all ways of
//! dividing are held against.

use fed_core::divide::Candidate;

/// FNV of name and key, sort by weight and hash, one division a row, one output vector.
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

    /// Divides: what is measured.
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

#[cfg(test)]
mod tests {
    use fed_core::divide::kubefed;

    use super::*;
    use crate::workload::{KEY, SIZES, weights};

    #[test]
    fn the_floor_divides_by_weight() {
        for (clusters, total) in SIZES {
            let candidates = weights(clusters, total);
            let by_weight = kubefed::divide(total, true, &candidates, KEY);
            assert_eq!(
                Floor::new(&candidates).divide(total, KEY),
                by_weight.replicas
            );
        }
    }
}
