//! Which results have the planners that the ways of dividing follow?

use fed_core::ClusterName;
use serde_json::Value;

/// A number for each cluster.
pub type Numbers = Vec<(ClusterName, i64)>;

/// The results of another planner for the generated workloads.
#[derive(Clone, Copy, Debug)]
pub enum Golden {
    /// Of a planner of preferences: `plan_sum` and so on for all clusters, `overflow_sum` and so
    /// on for those that have any.
    Planner(&'static str),
    /// Of Karmada: `sum` and so on for the clusters that have any.
    Karmada(&'static str),
}

impl Golden {
    /// Says what is wrong with a result, or that there is none to compare it with.
    pub fn compare(self, case: &str, replicas: Numbers, overflow: Numbers) -> Result<(), String> {
        let (Self::Planner(text) | Self::Karmada(text)) = self;
        let golden: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let golden = golden
            .get(case)
            .ok_or_else(|| format!("no result of {case}"))?;
        match self {
            Self::Planner(_) => {
                same(golden, "plan_", &replicas)?;
                same(golden, "overflow_", &without_zeros(overflow))
            }
            Self::Karmada(_) => same(golden, "", &without_zeros(replicas)),
        }
    }
}

fn without_zeros(mut numbers: Numbers) -> Numbers {
    numbers.retain(|(_, number)| *number != 0);
    numbers
}

fn same(golden: &Value, prefix: &str, numbers: &Numbers) -> Result<(), String> {
    let sum: i64 = numbers.iter().map(|(_, number)| number).sum();
    let found: [(&str, Value); 3] = [
        ("sum", sum.into()),
        ("n", numbers.len().into()),
        ("fnv", format!("{:016x}", digest(numbers)).into()),
    ];
    for (field, found) in found {
        let field = format!("{prefix}{field}");
        let expected = golden.get(&field);
        if expected != Some(&found) {
            return Err(format!("{field} is {found}, and should be {expected:?}"));
        }
    }
    Ok(())
}

/// FNV-1a with 64 bits over a line for each cluster, in the order of their names.
fn digest(numbers: &Numbers) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let lines = numbers
        .iter()
        .map(|(name, number)| format!("{name}={number}\n"));
    lines.fold(0xcbf2_9ce4_8422_2325, |hash, line| {
        line.as_bytes().iter().fold(hash, step)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KARMADA: Golden =
        Golden::Karmada(r#"{"some/C3_N3": {"sum": 3, "n": 2, "fnv": "3faee999f91f13dc"}}"#);

    #[test]
    fn a_result_that_is_not_the_same_is_told() {
        let numbers = |numbers: [i64; 3]| -> Numbers {
            let named = ["a", "b", "c"].into_iter().zip(numbers);
            named.map(|(name, number)| (name.into(), number)).collect()
        };
        let compare = |case, found| KARMADA.compare(case, numbers(found), Vec::new());
        assert_eq!(compare("some/C3_N3", [1, 0, 2]), Ok(()));
        assert!(compare("some/C3_N3", [2, 0, 1]).is_err());
        assert!(compare("some/C3_N3", [1, 1, 1]).is_err());
        assert!(compare("some/C3_N3", [1, 0, 3]).is_err());
        assert!(compare("other/C3_N3", [1, 0, 2]).is_err());
    }
}
