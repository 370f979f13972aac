//! Which of these names was probably meant?

/// Longer names are not compared: nobody types them by hand.
const LONGEST: usize = 64;

/// The name that a slip of the pen would have turned into `name`, if there is one that is nearest.
/// Upper and lower case do not matter.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    if name.len() > LONGEST {
        return None;
    }
    let written = name.to_lowercase();
    let mut near: Vec<_> = known
        .map(|meant| (strsim::osa_distance(&written, &meant.to_lowercase()), meant))
        .filter(|(distance, meant)| *distance <= (meant.len() / 3).min(3))
        .collect();
    near.sort_unstable();
    match near[..] {
        [(_, only)] => Some(only),
        [(first, nearest), (second, _), ..] if first < second => Some(nearest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_name_that_is_near_is_meant() {
        let nearest = |name| nearest(name, ["replicas", "selector", "args", "arms"].into_iter());
        assert_eq!(nearest("replcas"), Some("replicas"));
        assert_eq!(nearest("Selectors"), Some("selector"));
        assert_eq!(nearest("arks"), None, "two are as near");
        assert_eq!(nearest("image"), None);
    }
}
