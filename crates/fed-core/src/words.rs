//! How do sentences name many things? The first few, and how many more there are.

/// How many a sentence names before it only counts the rest.
const NAMED: usize = 8;

/// `a, b and c more`: at most the first few of these names.
pub(crate) fn few<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut names = names.into_iter();
    let shown: Vec<_> = names.by_ref().take(NAMED).collect();
    match names.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// `1 cluster`, `2 clusters`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_named_and_the_rest_is_counted() {
        assert_eq!(few(["a", "b"]), "a, b");
        assert_eq!(few(["a"; 10]), "a, a, a, a, a, a, a, a and 2 more");
        assert_eq!(
            (counted(1, "cluster"), counted(0, "cluster")),
            ("1 cluster".into(), "0 clusters".into())
        );
    }
}
