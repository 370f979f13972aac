//! How much room is there, and what is the limit? The answer of [`Capacity::room`] with its
//! reasons.

use std::collections::BTreeMap;
use std::fmt;

use super::affinity::{Known, NAME};
use super::{Capacity, Demand, NodeClass, name_of};
use crate::fleet::Taint;

/// How many replicas there is room for, and what keeps it from being more.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Room {
    /// How many replicas there is room for.
    pub replicas: i64,
    /// How many nodes each limit holds for. A node stands at one limit: the first that it has, in
    /// the order of [`Limit`], and of its resources the one that runs out first.
    pub limits: BTreeMap<Limit, i64>,
}

/// What keeps more replicas off a node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Limit {
    /// The node takes what it can, until it has no more of this resource.
    Resource(String),
    /// The node has not the labels, or the name, that are asked for.
    Labels,
    /// It is not known whether the node has this label, or this name, which is asked for.
    Unknown(String),
    /// The node has this taint, which is not tolerated.
    Taint(Taint),
    /// The node is cordoned off.
    Cordoned,
    /// The node is not ready.
    NotReady,
}

impl Capacity {
    /// How many replicas there is room for, as [`Capacity::room`] says, and what the limit is.
    ///
    /// ```
    /// use fed_core::capacity::{Capacity, Demand, Limit, NodeClass, Resources};
    /// use fed_core::{Taint, TaintEffect};
    ///
    /// let free = Resources::new(4000, 1 << 34).with("pods", 50);
    /// let dedicated = Taint::new("dedicated", TaintEffect::NoSchedule).with_value("db");
    /// let capacity: Capacity = [
    ///     NodeClass::new(3, free.clone()),
    ///     NodeClass::new(2, free).taint(dedicated),
    /// ]
    /// .into_iter()
    /// .collect();
    ///
    /// let room = capacity.explain(&Demand::new(Resources::new(1500, 1 << 30)));
    /// assert_eq!(room.limits[&Limit::Resource("cpu".to_owned())], 3);
    /// assert_eq!(
    ///     room.to_string(),
    ///     "room for 6: cpu is the limit on 3 of 5 nodes; \
    ///      2 nodes have the taint dedicated=db:NoSchedule, which is not tolerated"
    /// );
    /// ```
    pub fn explain(&self, demand: &Demand) -> Room {
        let mut limits = BTreeMap::new();
        let mut count = |limit: Option<Limit>, nodes: i64| {
            if let Some(limit) = limit
                && nodes > 0
            {
                let all = limits.entry(limit).or_insert(0_i64);
                *all = all.saturating_add(nodes);
            }
        };
        for class in &self.classes {
            count(self.limit(class, demand), class.nodes());
        }
        count(Some(Limit::Cordoned), self.cordoned);
        count(Some(Limit::NotReady), self.not_ready);
        Room {
            replicas: self.room(demand),
            limits,
        }
    }

    /// `None` if nothing is asked for, of which there is no end.
    fn limit(&self, class: &NodeClass, demand: &Demand) -> Option<Limit> {
        if let Some(taint) = class.refusing_taint(demand) {
            return Some(Limit::Taint(taint.clone()));
        }
        if !self.has_labels(class, demand) {
            let unknown = self.unknown(class, demand);
            return Some(unknown.map_or(Limit::Labels, |key| Limit::Unknown(key.to_owned())));
        }
        let (resource, _) = class.free.limit(&demand.requests)?;
        Some(Limit::Resource(resource.to_owned()))
    }

    /// The first thing that is asked for of which nothing is known.
    fn unknown<'d>(&self, class: &NodeClass, demand: &'d Demand) -> Option<&'d str> {
        let selected = demand.node_selector.keys().map(String::as_str);
        let affinity = demand.node_affinity.as_ref().into_iter();
        let mut asked = selected.chain(affinity.flat_map(super::NodeAffinity::keys));
        asked.find(|key| {
            let known = match *key {
                NAME => name_of(class),
                key => self.label_of(class, key),
            };
            matches!(known, Known::Forgotten)
        })
    }
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "room for {}", self.replicas)?;
        if self.limits.is_empty() {
            return Ok(());
        }
        let all = self
            .limits
            .values()
            .fold(0_i64, |all, n| all.saturating_add(*n));
        for (index, (limit, nodes)) in self.limits.iter().enumerate() {
            f.write_str(if index == 0 { ": " } else { "; " })?;
            limit.sentence(*nodes, all, f)?;
        }
        Ok(())
    }
}

impl Limit {
    fn sentence(&self, nodes: i64, all: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = nodes == 1;
        let who = if one { "node" } else { "nodes" };
        let (have, are) = if one { ("has", "is") } else { ("have", "are") };
        match self {
            Self::Resource(name) => {
                let of = if all == 1 { "node" } else { "nodes" };
                write!(f, "{name} is the limit on {nodes} of {all} {of}")
            }
            Self::Labels => write!(f, "{nodes} {who} {have} not the labels that are asked for"),
            Self::Unknown(key) => write!(
                f,
                "of {nodes} {who} it is not known whether {key} is what is asked for"
            ),
            Self::Taint(taint) => write!(
                f,
                "{nodes} {who} {have} the taint {taint}, which is not tolerated"
            ),
            Self::Cordoned => write!(f, "{nodes} {who} {are} cordoned off"),
            Self::NotReady => write!(f, "{nodes} {who} {are} not ready"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::{NodeAffinity, Resources};
    use crate::fleet::{TaintEffect, Toleration};
    use crate::location::Location;
    use serde_json::json;

    fn free() -> Resources {
        Resources::new(2000, 1000).with("pods", 3)
    }

    fn on(capacity: &Capacity, demand: &Demand) -> String {
        capacity.explain(demand).to_string()
    }

    #[test]
    fn every_limit_has_its_sentence() {
        let mut capacity: Capacity = [
            NodeClass::new(1, free()).label("disk", "ssd"),
            NodeClass::new(2, free()).taint(Taint::new("gpu", TaintEffect::NoExecute)),
            NodeClass::new(1, free()).taint(Taint::new("slow", TaintEffect::PreferNoSchedule)),
        ]
        .into_iter()
        .collect();
        capacity.cordoned = 1;
        capacity.not_ready = 2;
        let small = Demand::new(Resources::default()).on_nodes([("disk", "ssd")]);
        assert_eq!(
            on(&capacity, &small),
            "room for 3: pods is the limit on 1 of 7 nodes; \
             1 node has not the labels that are asked for; \
             2 nodes have the taint gpu:NoExecute, which is not tolerated; \
             1 node is cordoned off; 2 nodes are not ready"
        );
        let tolerating = Demand::new(Resources::new(1000, 1)).tolerating(Toleration::of_key("gpu"));
        assert_eq!(
            on(&capacity, &tolerating),
            "room for 8: cpu is the limit on 4 of 7 nodes; 1 node is cordoned off; \
             2 nodes are not ready"
        );
        assert_eq!(on(&Capacity::default(), &small), "room for 0");
    }

    #[test]
    fn what_is_not_known_is_not_promised_and_told() {
        let mut capacity: Capacity = [NodeClass::new(4, free())].into_iter().collect();
        capacity
            .forgotten
            .insert("kubernetes.io/hostname".to_owned());
        let pinned = Demand::new(Resources::default()).on_nodes([("kubernetes.io/hostname", "a")]);
        assert_eq!(
            on(&capacity, &pinned),
            "room for 0: of 4 nodes it is not known whether kubernetes.io/hostname is what is \
             asked for"
        );
        let named = json!({"nodeSelectorTerms": [
            {"matchFields": [{"key": NAME, "operator": "NotIn", "values": ["a"]}]},
        ]});
        let named = NodeAffinity::of_selector(&named, &Location::in_code()).unwrap();
        let named = Demand::new(Resources::default()).with_affinity(named);
        assert_eq!(capacity.room(&named), 0);
        assert!(
            capacity
                .explain(&named)
                .limits
                .contains_key(&Limit::Unknown(NAME.to_owned()))
        );
    }
}
