//! Which of two versions does Kubernetes prefer? `v2`, `v1`, `v1beta1`, `v1alpha2`, then all else
//! by name.

use std::cmp::{Ordering, Reverse};

/// Orders versions as a server prefers them, the preferred one first.
///
/// ```
/// let mut versions = ["v1alpha1", "v1", "v2beta1", "v2"];
/// versions.sort_by(|one, other| fed_schema::newest_first(one, other));
/// assert_eq!(versions, ["v2", "v1", "v2beta1", "v1alpha1"]);
/// ```
pub fn newest_first(one: &str, other: &str) -> Ordering {
    match (stability(one), stability(other)) {
        (Some(one), Some(other)) => Reverse(one).cmp(&Reverse(other)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => one.cmp(other),
    }
}

/// How settled a version is, its major number, and its number as alpha or beta.
fn stability(version: &str) -> Option<(u8, u64, u64)> {
    let rest = version.strip_prefix('v')?;
    for (word, level) in [("alpha", 0), ("beta", 1)] {
        if let Some((major, minor)) = rest.split_once(word) {
            return Some((level, number(major)?, number(minor)?));
        }
    }
    Some((2, number(rest)?, 0))
}

fn number(digits: &str) -> Option<u64> {
    let lawful = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| lawful)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settled_versions_come_first_and_odd_ones_last() {
        let mut versions = [
            "foo10",
            "v1",
            "v11alpha2",
            "v10",
            "v2",
            "foo1",
            "v3beta1",
            "v12alpha1",
            "v11beta2",
            "v0",
        ];
        versions.sort_by(|one, other| newest_first(one, other));
        assert_eq!(
            versions,
            [
                "v10",
                "v2",
                "v1",
                "v11beta2",
                "v3beta1",
                "v12alpha1",
                "v11alpha2",
                "foo1",
                "foo10",
                "v0"
            ]
        );
    }
}
