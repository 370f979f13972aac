//! Which nodes can be told as one? Those that are alike; and, of very many, those that are nearly
//! alike, as if each had no more free than the one with the least.

use std::collections::{BTreeMap, BTreeSet};

use super::NodeClass;
use super::resources::Resources;

/// The label that tells one node from every other.
const HOST_NAME: &str = "kubernetes.io/hostname";
/// The finest grid keeps this many leading binary digits of an amount: it is off by less than 1%.
const FINEST: u32 = 7;

/// Nodes that are alike as one class each, in the order of what they are.
pub(super) fn alike(mut classes: Vec<NodeClass>) -> Vec<NodeClass> {
    classes.sort();
    classes.dedup_by(|next, kept| {
        let same = next.free == kept.free
            && next.labels == kept.labels
            && next.taints == kept.taints
            && next.name == kept.name;
        if same {
            kept.count = kept.nodes().saturating_add(next.nodes());
        }
        same
    });
    classes
}

/// The same nodes in no more than `most` classes, if that can be had: first without names, then
/// without the labels of more than `most` values, then with less and less exact amounts. Which
/// labels are not told any more is added to `forgotten`.
pub(super) fn at_most(
    most: usize,
    classes: Vec<NodeClass>,
    forgotten: &mut BTreeSet<String>,
) -> Vec<NodeClass> {
    let mut classes = alike(classes);
    if classes.len() <= most {
        return classes;
    }
    let mut various = labels_of_many_values(most, &classes);
    various.insert(HOST_NAME.to_owned());
    for class in &mut classes {
        class.name.clear();
    }
    classes = without_labels(classes, forgotten, |label| various.contains(label));
    let mut digits = FINEST;
    while classes.len() > most && digits > 0 {
        classes = nearly_alike(&classes, digits);
        digits -= 1;
    }
    classes
}

/// The same nodes without these labels.
pub(super) fn without_labels(
    mut classes: Vec<NodeClass>,
    forgotten: &mut BTreeSet<String>,
    unwanted: impl Fn(&str) -> bool,
) -> Vec<NodeClass> {
    for class in &mut classes {
        class.labels.retain(|label, _| {
            let goes = unwanted(label);
            if goes && !forgotten.contains(label) {
                forgotten.insert(label.clone());
            }
            !goes
        });
    }
    alike(classes)
}

fn labels_of_many_values(most: usize, classes: &[NodeClass]) -> BTreeSet<String> {
    let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (label, value) in classes.iter().flat_map(|class| &class.labels) {
        values.entry(label).or_default().insert(value);
    }
    let many = values.into_iter().filter(|(_, values)| values.len() > most);
    many.map(|(label, _)| label.to_owned()).collect()
}

/// Nodes with the same labels and taints, whose amounts are the same on a grid, as one class.
fn nearly_alike(classes: &[NodeClass], digits: u32) -> Vec<NodeClass> {
    let mut merged: BTreeMap<(_, _, Resources), NodeClass> = BTreeMap::new();
    for class in classes {
        let on_grid = class.free.each(|amount| rounded_down(amount, digits));
        merged
            .entry((&class.labels, &class.taints, on_grid))
            .and_modify(|kept| {
                kept.free = kept.free.or_less(&class.free);
                kept.count = kept.nodes().saturating_add(class.nodes());
            })
            .or_insert_with(|| class.clone());
    }
    merged.into_values().collect()
}

/// The leading binary digits of an amount, and zeros for the others.
fn rounded_down(amount: i64, digits: u32) -> i64 {
    let length = i64::BITS - amount.max(0).leading_zeros();
    let dropped = length.saturating_sub(digits);
    amount.max(0) >> dropped << dropped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_keeps_the_leading_digits() {
        for (amount, digits, expected) in [
            (0, 3, 0),
            (7, 3, 7),
            (0b1011_0111, 3, 0b1010_0000),
            (i64::MAX, 1, 1 << 62),
            (-5, 3, 0),
        ] {
            assert_eq!(rounded_down(amount, digits), expected);
        }
    }

    #[test]
    fn few_nodes_stay_what_they_are() {
        let node = |name: &str| NodeClass {
            name: name.to_owned(),
            ..NodeClass::new(1, Resources::new(1, 1)).label(HOST_NAME, name)
        };
        let mut forgotten = BTreeSet::new();
        let few = at_most(2, vec![node("b"), node("a")], &mut forgotten);
        assert_eq!(few, [node("a"), node("b")]);
        assert!(forgotten.is_empty());

        let one = at_most(1, vec![node("b"), node("a")], &mut forgotten);
        assert_eq!(one, [NodeClass::new(2, Resources::new(1, 1))]);
        assert_eq!(forgotten, BTreeSet::from([HOST_NAME.to_owned()]));
    }

    #[test]
    fn amounts_become_less_exact_only_as_far_as_needed() {
        let node = |cpu| NodeClass::new(1, Resources::new(cpu, 1));
        let nodes: Vec<_> = (1000..1100).map(node).collect();
        let merged = at_most(30, nodes.clone(), &mut BTreeSet::new());
        // On a grid of 8 below 1024, and of 16 above.
        assert_eq!(merged.len(), 8);
        assert_eq!(merged.iter().map(|class| class.count).sum::<i64>(), 100);
        assert_eq!(merged[0].free.milli_cpu, 1000);
        assert_eq!(merged[1].free.milli_cpu, 1008);
        assert_eq!(at_most(1, nodes, &mut BTreeSet::new()).len(), 2);
    }
}
