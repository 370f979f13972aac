//! Which of these names was probably meant? The nearest one, where one is near.

/// Longer names are not compared: they are not typed by hand.
const LONGEST: usize = 64;

/// The name closest to `wanted`, if it is close enough to be a slip of the finger.
pub(super) fn nearest<'n>(
    wanted: &str,
    names: impl IntoIterator<Item = &'n String>,
) -> Option<&'n str> {
    let wanted: Vec<char> = wanted.chars().take(LONGEST + 1).collect();
    let allowed = (wanted.len() / 3).min(2);
    if wanted.len() > LONGEST || allowed == 0 {
        return None;
    }
    names
        .into_iter()
        .filter(|name| {
            name.len() <= LONGEST * 4 && wanted.len().abs_diff(name.chars().count()) <= 2
        })
        .map(|name| (distance(&wanted, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name.as_str())
}

/// How many insertions, deletions and substitutions lie between two names, case aside.
fn distance(left: &[char], right: &str) -> usize {
    let mut row: Vec<usize> = (0..=left.len()).collect();
    for (line, theirs) in right.chars().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        for (cell, ours) in row
            .iter_mut()
            .zip(std::iter::once(None).chain(left.iter().map(Some)))
        {
            let above = *cell;
            *cell = match ours {
                None => before,
                Some(ours) => {
                    let changed = usize::from(!ours.eq_ignore_ascii_case(&theirs));
                    (diagonal + changed).min(above + 1).min(before + 1)
                }
            };
            diagonal = above;
            before = *cell;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_known() {
        let table = [
            ("kitten", "sitting", 3),
            ("contaners", "containers", 1),
            ("", "abc", 3),
            ("abc", "", 3),
            ("Replicas", "replicas", 0),
        ];
        for (left, right, expected) in table {
            let left: Vec<char> = left.chars().collect();
            assert_eq!(distance(&left, right), expected, "{left:?} {right}");
        }
    }

    #[test]
    fn only_a_close_name_is_suggested() {
        let names = ["containers", "volumes", "x"].map(String::from);
        assert_eq!(nearest("contaners", &names), Some("containers"));
        assert_eq!(nearest("volume", &names), Some("volumes"));
        assert_eq!(nearest("replicas", &names), None);
        assert_eq!(nearest("y", &names), None);
    }
}
