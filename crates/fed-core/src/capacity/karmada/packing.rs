//! How many sets of components fit onto nodes, if each pod goes to the first node that has room
//! for it? Counted as Karmada's simulation does, but not one set after another.
//!
//! As long as every component of a set goes to one node, the next set goes the same way, until one
//! of these nodes is full. So a set is placed once, and repeated at a stroke; and nodes beside each
//! other with the same free are one run, of which a component fills many at a stroke.

use super::Component;
use crate::capacity::resources::Resources;
use crate::capacity::{Capacity, Demand, NodeClass};

/// Of more nodes than this, sets of several components are counted on the first ones only. It is
/// twenty times as many as Kubernetes is made for.
const MOST_NODES: i64 = 100_000;

/// How many sets of these components the nodes have room for, if each pod goes to the first node
/// that has room for it: Karmada's estimate by node resources. `most` for components without pods,
/// and at most otherwise.
///
/// What is `assumed` is placed first, each list as one set, as far as there is room for it.
///
/// ```
/// use fed_core::capacity::karmada::{Component, sets_on_nodes};
/// use fed_core::capacity::{Capacity, Demand, NodeClass, Resources};
///
/// let free = Resources::new(10_000, 10 << 30).with("pods", 10);
/// let capacity: Capacity = [NodeClass::new(1, free)].into_iter().collect();
/// let component = |cpu| Component::new(1, Demand::new(Resources::new(cpu, 1 << 30)));
/// let set = [component(2000), component(3000)];
/// assert_eq!(sets_on_nodes(&capacity, &set, &[], i64::MAX), 2);
/// ```
pub fn sets_on_nodes(
    capacity: &Capacity,
    components: &[Component],
    assumed: &[Vec<Component>],
    most: i64,
) -> i64 {
    let suits = |class: &NodeClass, demand: &Demand| capacity.takes(class, demand);
    Packing::new(&capacity.classes, &suits)
        .assuming(assumed)
        .sets(components, most)
}

/// May a pod of this demand go to these nodes?
type Suits<'c> = &'c dyn Fn(&NodeClass, &Demand) -> bool;

/// Nodes that are being filled.
pub(super) struct Packing<'c> {
    classes: &'c [NodeClass],
    suits: Suits<'c>,
    runs: Vec<Run>,
}

/// Nodes of a class beside each other that have the same free.
struct Run {
    class: usize,
    nodes: i64,
    free: Resources,
}

/// A component as it is placed.
struct Part<'c> {
    requests: &'c Resources,
    replicas: i64,
    /// Whether each class suits it.
    suits: Vec<bool>,
    /// No run before this one has room for it. Nodes only ever become fuller.
    from: usize,
}

/// What a set has taken of a run of one node.
struct Step {
    run: usize,
    taken: Resources,
}

impl Part<'_> {
    fn fits(&self, run: &Run) -> i64 {
        if self.suits.get(run.class) == Some(&true) {
            run.free.fits(self.requests)
        } else {
            0
        }
    }

    /// The first run with room for it.
    fn first(&mut self, runs: &[Run]) -> Option<usize> {
        let mut runs = runs.iter().skip(self.from);
        let full = runs.position(|run| self.fits(run) > 0)?;
        self.from += full;
        Some(self.from)
    }
}

impl<'c> Packing<'c> {
    pub(super) fn new(classes: &'c [NodeClass], suits: Suits<'c>) -> Self {
        let runs = classes.iter().enumerate().map(|(class, nodes)| Run {
            class,
            nodes: nodes.nodes(),
            free: nodes.free.clone(),
        });
        Self {
            classes,
            suits,
            runs: runs.filter(|run| run.nodes > 0).collect(),
        }
    }

    /// The same nodes with these sets on them, as far as there is room. What has been placed of a
    /// set that has no room stays.
    pub(super) fn assuming(mut self, sets: &[Vec<Component>]) -> Self {
        for set in sets {
            let mut parts = self.parts(set);
            let _ = parts.iter_mut().all(|part| self.place(part));
        }
        self
    }

    /// How many sets of these components there is room for, up to `most`.
    pub(super) fn sets(mut self, components: &[Component], most: i64) -> i64 {
        let mut parts = self.parts(components);
        let most = most.max(0);
        match parts.as_mut_slice() {
            [] => most,
            [part] => (self.room(part) / part.replicas).min(most),
            parts => self.sets_of_several(parts, most),
        }
    }

    fn parts<'p>(&self, components: &'p [Component]) -> Vec<Part<'p>> {
        let with_pods = components.iter().filter(|part| part.replicas > 0);
        let parts = with_pods.map(|component| Part {
            requests: &component.demand.requests,
            replicas: component.replicas,
            suits: self
                .classes
                .iter()
                .map(|class| (self.suits)(class, &component.demand))
                .collect(),
            from: 0,
        });
        parts.collect()
    }

    /// How many pods of one component there is room for: each node is filled by itself.
    fn room(&self, part: &Part<'_>) -> i64 {
        self.runs.iter().fold(0_i64, |room, run| {
            room.saturating_add(part.fits(run).saturating_mul(run.nodes))
        })
    }

    fn sets_of_several(&mut self, parts: &mut [Part<'_>], most: i64) -> i64 {
        self.limit_nodes();
        let mut many = self.many();
        let mut sets = 0_i64;
        while sets < most {
            let mut steps = Vec::new();
            if parts.iter_mut().all(|part| self.step(part, &mut steps)) {
                let more = self.repeat(&steps, most - sets - 1);
                sets = sets.saturating_add(more).saturating_add(1);
            } else {
                self.take_back(&steps);
                if !parts.iter_mut().all(|part| self.place(part)) {
                    break;
                }
                sets += 1;
            }
            if self.runs.len() > many {
                self.tidy(parts);
                many = self.many();
            }
        }
        sets
    }

    fn limit_nodes(&mut self) {
        let mut left = MOST_NODES;
        for run in &mut self.runs {
            run.nodes = run.nodes.min(left);
            left -= run.nodes;
        }
        self.runs.retain(|run| run.nodes > 0);
    }

    /// With more runs than this, it is worth looking for those that have become alike.
    fn many(&self) -> usize {
        self.runs.len().saturating_mul(2).saturating_add(16)
    }

    /// Places a component, if the first node with room for one of its pods has room for all.
    fn step(&mut self, part: &mut Part<'_>, steps: &mut Vec<Step>) -> bool {
        let Some(index) = part.first(&self.runs) else {
            return false;
        };
        let has_room = |run: &Run| part.fits(run) >= part.replicas;
        if !self.runs.get(index).is_some_and(has_room) {
            return false;
        }
        if self.split(index, 1) {
            let behind = steps.iter_mut().filter(|step| step.run > index);
            behind.for_each(|step| step.run += 1);
        }
        let taken = part.requests.times(part.replicas);
        self.take(index, &taken);
        match steps.iter_mut().find(|step| step.run == index) {
            Some(step) => step.taken = step.taken.plus(&taken),
            None => steps.push(Step { run: index, taken }),
        }
        true
    }

    /// Goes these steps again, as often as their nodes have room.
    fn repeat(&mut self, steps: &[Step], most: i64) -> i64 {
        let rooms = steps.iter().filter_map(|step| {
            let run = self.runs.get(step.run)?;
            Some(run.free.fits(&step.taken))
        });
        let times = rooms.fold(most, i64::min);
        for step in steps {
            self.take(step.run, &step.taken.times(times));
        }
        times
    }

    fn take(&mut self, index: usize, taken: &Resources) {
        if let Some(run) = self.runs.get_mut(index) {
            run.free = run.free.without(taken);
        }
    }

    fn take_back(&mut self, steps: &[Step]) {
        for step in steps {
            if let Some(run) = self.runs.get_mut(step.run) {
                run.free = run.free.plus(&step.taken);
            }
        }
    }

    /// Places a component, node by node as far as there is room. Tells whether it was enough.
    fn place(&mut self, part: &mut Part<'_>) -> bool {
        let mut left = part.replicas;
        while left > 0 {
            let Some(index) = part.first(&self.runs) else {
                return false;
            };
            let Some(run) = self.runs.get(index) else {
                return false;
            };
            let fits = part.fits(run);
            let filled = (left / fits).min(run.nodes);
            // Where no node is filled, one takes what is left.
            let (nodes, pods) = if filled > 0 {
                (filled, fits)
            } else {
                (1, left)
            };
            self.split(index, nodes);
            self.take(index, &part.requests.times(pods));
            left -= pods.saturating_mul(nodes);
        }
        true
    }

    /// Makes the first nodes of a run one of their own, if there are more.
    fn split(&mut self, index: usize, nodes: i64) -> bool {
        let Some(run) = self.runs.get_mut(index).filter(|run| run.nodes > nodes) else {
            return false;
        };
        let others = Run {
            class: run.class,
            nodes: run.nodes - nodes,
            free: run.free.clone(),
        };
        run.nodes = nodes;
        self.runs.insert(index + 1, others);
        true
    }

    /// Forgets nodes that have no room for any pod, for good, and makes one run of those that have
    /// become alike.
    fn tidy(&mut self, parts: &mut [Part<'_>]) {
        self.runs
            .retain(|run| parts.iter().any(|part| part.fits(run) > 0));
        self.runs.dedup_by(|next, kept| {
            let alike = next.class == kept.class && next.free == kept.free;
            if alike {
                kept.nodes += next.nodes;
            }
            alike
        });
        for part in parts {
            part.from = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// Pod by pod and node by node.
    fn one_by_one(
        classes: &[NodeClass],
        set: &[Component],
        assumed: &[Vec<Component>],
        most: i64,
    ) -> i64 {
        let mut nodes: Vec<Resources> = classes
            .iter()
            .flat_map(|class| (0..class.count).map(|_| class.free.clone()))
            .collect();
        let mut place = |set: &[Component]| {
            set.iter().all(|component| {
                (0..component.replicas).all(|_| {
                    let one = &component.demand.requests;
                    let node = nodes.iter_mut().find(|free| free.fits(one) > 0);
                    node.is_some_and(|free| {
                        *free = free.without(one);
                        true
                    })
                })
            })
        };
        for set in assumed {
            place(set);
        }
        (0..most).find(|_| !place(set)).unwrap_or(most)
    }

    fn classes() -> impl Strategy<Value = Vec<NodeClass>> {
        let class =
            (0_i64..5, 0_i64..12, 0_i64..12, 0_i64..12).prop_map(|(count, cpu, memory, pods)| {
                NodeClass::new(count, Resources::new(cpu, memory).with("pods", pods))
            });
        vec(class, 0..5)
    }

    fn set() -> impl Strategy<Value = Vec<Component>> {
        let component = (0_i64..6, 0_i64..5, 0_i64..5).prop_map(|(replicas, cpu, memory)| {
            Component::new(replicas, Demand::new(Resources::new(cpu, memory)))
        });
        vec(component, 0..4)
    }

    proptest! {
        #[test]
        fn sets_fit_as_often_as_when_placed_one_by_one(
            classes in classes(), set in set(), assumed in vec(set(), 0..2), most in 0_i64..300,
        ) {
            let capacity: Capacity = classes.iter().cloned().collect();
            let found = sets_on_nodes(&capacity, &set, &assumed, most);
            prop_assert_eq!(found, one_by_one(&classes, &set, &assumed, most));
        }
    }

    #[test]
    fn very_many_sets_are_counted_at_a_stroke() {
        let huge = Resources::new(i64::MAX, i64::MAX).with("pods", i64::MAX);
        let capacity: Capacity = [NodeClass::new(i64::MAX, huge)].into_iter().collect();
        let component = |cpu| Component::new(1, Demand::new(Resources::new(cpu, 0)));
        let set = [component(1), component(2)];
        assert_eq!(sets_on_nodes(&capacity, &set, &[], i64::MAX), i64::MAX);
        assert_eq!(sets_on_nodes(&capacity, &set[..1], &[], i64::MAX), i64::MAX);
        let nothing = [Component::new(1, Demand::default()), component(0)];
        assert_eq!(sets_on_nodes(&capacity, &nothing, &[], 7), 7);

        let node = Resources::new(4000, 1 << 34).with("pods", 110);
        let capacity: Capacity = [NodeClass::new(50_000, node)].into_iter().collect();
        let set = [component(1000), Component::new(3, component(300).demand)];
        // Two sets on a node, and room for 200m that no pod wants.
        assert_eq!(sets_on_nodes(&capacity, &set, &[], i64::MAX), 100_000);

        // What goes to a node further on is repeated as well.
        let many = 1_000_000_000;
        let near = Resources::new(many, 0).with("pods", many);
        let far = Resources::default().with("pods", many).with("gpu", many);
        let nodes = [NodeClass::new(2, near), NodeClass::new(1, far)];
        let capacity: Capacity = nodes.into_iter().collect();
        let on_gpu = Demand::new(Resources::default().with("gpu", 1));
        let set = [Component::new(1, on_gpu), component(1)];
        assert_eq!(sets_on_nodes(&capacity, &set, &[], i64::MAX), many);
    }
}
