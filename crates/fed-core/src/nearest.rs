//! Which of these names was probably meant? The nearest one, where one is near.

/// Longer names are not compared: nobody types them by hand.
const LONGEST: usize = 64;

/// The known name that a slip of the pen would have turned into `name`. Upper and lower case do
/// not matter.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    if name.len() > LONGEST {
        return None;
    }
    let written = name.to_lowercase();
    known
        .into_iter()
        .filter(|meant| meant.len() <= LONGEST)
        .map(|meant| (strsim::osa_distance(&written, &meant.to_lowercase()), meant))
        .filter(|(distance, meant)| *distance <= meant.len() / 3)
        .min()
        .map(|(_, meant)| meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slip_of_the_pen_is_taken_for_another_name() {
        let known = ["clusters", "clusterSelector", "op"];
        let nearest = |name| nearest(name, known);
        assert_eq!(nearest("Clusters"), Some("clusters"));
        assert_eq!(nearest("clutsers"), Some("clusters"));
        assert_eq!(nearest("clusterselectors"), Some("clusterSelector"));
        assert_eq!(nearest("OP"), Some("op"));
        assert_eq!(nearest("to"), None);
        assert_eq!(nearest("namespaces"), None);
        assert_eq!(nearest(&"clusters".repeat(1000)), None);
    }
}
