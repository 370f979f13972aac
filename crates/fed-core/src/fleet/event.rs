//! What would the fleet be if this happened? Events that can be tried without a cluster.

use std::fmt;

use jiff::Timestamp;

use super::{Cluster, Fleet, Readiness, Taint};
use crate::identity::ClusterName;
use crate::names;
use crate::nearest::nearest;

/// Something that may happen to one cluster of a fleet. See [`Fleet::after`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FleetEvent {
    /// It is lost for good.
    Lost(ClusterName),
    /// It gets this taint, in the place of one of the same key and effect.
    Tainted(ClusterName, Taint),
    /// It gets a label, in the place of one of the same key.
    Labelled(ClusterName, String, String),
    /// It loses the label of this key, if it has one.
    Unlabelled(ClusterName, String),
    /// It joins the fleet.
    Joined(Cluster),
}

/// Why an event cannot happen to a fleet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImpossibleEvent {
    /// There is no such cluster; perhaps this one is meant.
    UnknownCluster(ClusterName, Option<ClusterName>),
    /// There is a cluster of that name already.
    ThereAlready(ClusterName),
    /// What is no label cannot be one, nor can it be the key or value of a taint.
    InvalidLabel(String),
}

impl fmt::Display for ImpossibleEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCluster(name, Some(meant)) => {
                write!(f, "there is no cluster {name}; did you mean {meant}?")
            }
            Self::UnknownCluster(name, None) => write!(f, "there is no cluster {name}"),
            Self::ThereAlready(name) => {
                write!(
                    f,
                    "there is a cluster {name} already; give the new one another name"
                )
            }
            Self::InvalidLabel(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for ImpossibleEvent {}

impl Fleet {
    /// The fleet as it is once this has happened, at this time.
    ///
    /// ```
    /// use fed_core::{Cluster, Fleet, FleetEvent};
    ///
    /// let fleet: Fleet = ["us-east", "eu-west"].map(Cluster::new).into_iter().collect();
    /// let now = "2026-01-01T00:00:00Z".parse()?;
    /// let after = fleet.after(&FleetEvent::Lost("us-east".into()), now)?;
    /// assert!(!after.get(&"us-east".into()).unwrap().is_ready());
    /// let fault = fleet.after(&FleetEvent::Lost("us-eats".into()), now).unwrap_err();
    /// assert_eq!(fault.to_string(), "there is no cluster us-eats; did you mean us-east?");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn after(&self, event: &FleetEvent, now: Timestamp) -> Result<Self, ImpossibleEvent> {
        let changed = match event {
            FleetEvent::Lost(name) => self.known(name)?.with_readiness(Readiness::Lost),
            FleetEvent::Tainted(name, taint) => {
                label_is_valid(&taint.key, &taint.value)?;
                tainted(self.known(name)?, taint.clone().added(now))
            }
            FleetEvent::Labelled(name, key, value) => {
                label_is_valid(key, value)?;
                self.known(name)?.label(key, value)
            }
            FleetEvent::Unlabelled(name, key) => {
                let cluster = self.known(name)?;
                let mut labels = cluster.labels().clone();
                labels.remove(key);
                cluster.with_labels(labels)
            }
            FleetEvent::Joined(cluster) => {
                let name = cluster.name();
                if self.get(name).is_some() || self.ambiguous.contains(name) {
                    return Err(ImpossibleEvent::ThereAlready(name.clone()));
                }
                cluster.clone()
            }
        };
        Ok(self.with(&changed))
    }

    fn known(&self, name: &ClusterName) -> Result<Cluster, ImpossibleEvent> {
        self.get(name).cloned().ok_or_else(|| {
            let known = self.iter().map(|cluster| cluster.name().as_str());
            let meant = nearest(name.as_str(), known).map(ClusterName::from);
            ImpossibleEvent::UnknownCluster(name.clone(), meant)
        })
    }

    /// The same fleet with this cluster, in the place of the one of its name.
    fn with(&self, cluster: &Cluster) -> Self {
        let others = self.iter().filter(|other| other.name() != cluster.name());
        Self {
            ambiguous: self.ambiguous.clone(),
            ..others.cloned().chain([cluster.clone()]).collect()
        }
    }
}

/// Of a key and an effect, a cluster has one taint.
fn tainted(cluster: Cluster, taint: Taint) -> Cluster {
    let mut facts = cluster.facts().clone();
    let is_same = |other: &Taint| (&other.key, other.effect) == (&taint.key, taint.effect);
    facts.taints.retain(|other| !is_same(other));
    facts.taints.push(taint);
    cluster.with_facts(facts)
}

fn label_is_valid(key: &str, value: &str) -> Result<(), ImpossibleEvent> {
    names::label_key(key)
        .and_then(|()| names::label_value(value))
        .map_err(ImpossibleEvent::InvalidLabel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::TaintEffect;

    fn fleet() -> Fleet {
        let clusters = [
            Cluster::new("a").label("tier", "prod"),
            Cluster::new("b"),
            Cluster::new("twice"),
            Cluster::new("twice").label("x", "y"),
        ];
        clusters.into_iter().collect()
    }

    fn after(event: &FleetEvent) -> Result<Fleet, ImpossibleEvent> {
        fleet().after(event, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn an_event_changes_its_cluster_and_nothing_else() {
        let taint = Taint::new("full", TaintEffect::NoSchedule);
        for (event, expected) in [
            (
                FleetEvent::Lost("a".into()),
                Cluster::new("a")
                    .label("tier", "prod")
                    .with_readiness(Readiness::Lost),
            ),
            (
                FleetEvent::Labelled("a".into(), "tier".into(), "dev".into()),
                Cluster::new("a").label("tier", "dev"),
            ),
            (
                FleetEvent::Unlabelled("a".into(), "tier".into()),
                Cluster::new("a"),
            ),
            (
                FleetEvent::Unlabelled("a".into(), "none".into()),
                Cluster::new("a").label("tier", "prod"),
            ),
            (
                FleetEvent::Tainted("a".into(), taint.clone()),
                Cluster::new("a")
                    .label("tier", "prod")
                    .taint(taint.clone().added(Timestamp::UNIX_EPOCH)),
            ),
            (FleetEvent::Joined(Cluster::new("c")), Cluster::new("c")),
        ] {
            let after = after(&event).unwrap();
            assert_eq!(after.get(expected.name()), Some(&expected), "{event:?}");
            assert_eq!(after.get(&"b".into()), Some(&Cluster::new("b")));
            assert_eq!(after.ambiguous(), fleet().ambiguous());
        }
    }

    #[test]
    fn a_taint_takes_the_place_of_one_of_its_key_and_effect() {
        let taint = |value: &str, effect| Taint::new("full", effect).with_value(value);
        let old = Cluster::new("a")
            .taint(taint("old", TaintEffect::NoSchedule))
            .taint(taint("stays", TaintEffect::NoExecute));
        let fleet: Fleet = [old].into_iter().collect();
        let event = FleetEvent::Tainted("a".into(), taint("new", TaintEffect::NoSchedule));
        let after = fleet.after(&event, Timestamp::UNIX_EPOCH).unwrap();
        let shown: Vec<_> = after
            .get(&"a".into())
            .unwrap()
            .facts()
            .taints
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(shown, ["full=stays:NoExecute", "full=new:NoSchedule"]);
    }

    #[test]
    fn what_cannot_happen_is_told() {
        let label =
            |key: &str, value: &str| FleetEvent::Labelled("a".into(), key.into(), value.into());
        for (event, part) in [
            (FleetEvent::Lost("z".into()), "there is no cluster z"),
            (
                FleetEvent::Lost("twice".into()),
                "there is no cluster twice",
            ),
            (
                FleetEvent::Joined(Cluster::new("a")),
                "there is a cluster a already",
            ),
            (
                FleetEvent::Joined(Cluster::new("twice")),
                "there is a cluster twice already",
            ),
            (label("no key", "x"), "not a valid label key"),
            (label("key", "no value"), "not a valid label value"),
            (
                FleetEvent::Tainted("a".into(), Taint::new("", TaintEffect::NoExecute)),
                "not a valid label key",
            ),
        ] {
            let fault = after(&event).unwrap_err().to_string();
            assert!(fault.contains(part), "{fault}");
        }
    }
}
