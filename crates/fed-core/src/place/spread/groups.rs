//! Which groups is each choice in? Their numbers, in one list for all choices.

use std::collections::BTreeMap;

/// For each choice, in their order, the groups that it is in.
///
/// Usually that is one: the region of a cluster. A cluster in several zones has several, and one
/// without any zone has none. What the numbers are does not matter, only which are the same.
///
/// ```
/// use fed_core::place::spread::Groups;
///
/// let regions: Groups = [7, 7, 9].into_iter().map(|region| [region]).collect();
/// let zones: Groups = [vec![1, 2], vec![], vec![2]].into_iter().collect();
/// assert_eq!(zones.of(0), [1, 2]);
/// assert_eq!(regions.len(), zones.len());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    ends: Vec<usize>,
    numbers: Vec<u32>,
}

impl Groups {
    /// How many choices there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Is there no choice?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds the groups of the next choice.
    pub fn push(&mut self, groups: impl IntoIterator<Item = u32>) {
        self.numbers.extend(groups);
        self.ends.push(self.numbers.len());
    }

    /// The groups of one choice; none where there is no such choice.
    pub fn of(&self, choice: usize) -> &[u32] {
        let start = choice.checked_sub(1).and_then(|last| self.ends.get(last));
        let start = start.copied().unwrap_or(0);
        let end = self.ends.get(choice).copied().unwrap_or(start);
        self.numbers.get(start..end).unwrap_or_default()
    }

    /// The one group of each choice, where each has exactly one.
    pub(super) fn alone(&self) -> Option<&[u32]> {
        let alone = self.ends.iter().zip(1..).all(|(end, count)| *end == count);
        alone.then_some(&*self.numbers)
    }
}

impl<G: IntoIterator<Item = u32>> FromIterator<G> for Groups {
    fn from_iter<I: IntoIterator<Item = G>>(choices: I) -> Self {
        let mut groups = Self::default();
        for choice in choices {
            groups.push(choice);
        }
        groups
    }
}

/// Gives groups new numbers from 0 on, in the order in which they are seen.
pub(super) struct Numbering {
    small: Vec<u32>,
    large: BTreeMap<u32, u32>,
    next: u32,
}

const UNSEEN: u32 = u32::MAX;

impl Numbering {
    /// For about so many groups, to be fast where their numbers are not much larger.
    pub(super) fn new(expected: usize) -> Self {
        Self {
            small: vec![UNSEEN; expected.saturating_mul(2)],
            large: BTreeMap::new(),
            next: 0,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.next as usize
    }

    pub(super) fn number(&mut self, group: u32) -> u32 {
        let fresh = self.next;
        let known = match self.small.get_mut(group as usize) {
            Some(known) => known,
            None => self.large.entry(group).or_insert(UNSEEN),
        };
        if *known == UNSEEN {
            *known = fresh;
            self.next = fresh.saturating_add(1);
        }
        *known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_numbered_as_they_are_seen() {
        let mut numbering = Numbering::new(2);
        let seen = [3, 900, 3, u32::MAX, 900].map(|group| numbering.number(group));
        assert_eq!((seen, numbering.count()), ([0, 1, 0, 2, 1], 3));
    }

    #[test]
    fn a_choice_that_is_not_there_has_no_group() {
        let groups: Groups = [vec![1, 2], vec![], vec![3]].into_iter().collect();
        assert_eq!((groups.of(1), groups.of(2)), (&[][..], &[3][..]));
        assert_eq!((groups.of(3), groups.alone()), (&[][..], None));
        let alone: Groups = [[4], [4]].into_iter().collect();
        assert_eq!(alone.alone(), Some(&[4, 4][..]));
    }
}
