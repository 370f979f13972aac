//! In which order does Go's `sort.Sort` leave equal items?

pub(super) fn sort<T: Copy>(items: &mut [T], before: impl Fn(&T, &T) -> bool) {
    items.sort_by(|left, right| before(right, left).cmp(&before(left, right)));
}
