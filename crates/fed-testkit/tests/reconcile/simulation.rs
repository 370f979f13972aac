//! Clusters, a driver and a store of memory to which anything may happen, and what must hold after
//! every single thing that happens.

use std::collections::BTreeMap;

use fed_core::reconcile::{
    Act, Action, Adoption, Decision, Desired, Memory, Moves, Options, Removal, Replacement, Write,
};
use fed_core::status::Outcome;
use fed_core::{ClusterName, Intent, ObjectId, Plan};
use fed_testkit::maps::{Driver, MapClusters};
use serde_json::{Value, json};

use crate::worlds::{config, deployment, divided, id, intent, namespace, options, planned};

/// What is asked for of one of three objects: where, and how.
pub(crate) type Ask = (u8, Vec<&'static str>, u8);

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Event {
    /// People ask for something else, and for nothing more.
    Want(Vec<Ask>),
    /// A cluster goes out of sight, or comes back.
    Away(&'static str, bool),
    /// Somebody writes an object of ours, or one of that name.
    Meddle(&'static str, u8, u8),
    /// Somebody deletes it.
    Delete(&'static str, u8),
    /// The replicas in a cluster become ready.
    Settle(&'static str),
    /// A step is made. What was left to do of the one before is left.
    Decide,
    /// What is remembered is saved.
    Save,
    /// One of the actions is done; its answer may get lost.
    Act { which: usize, lost: bool },
    /// The reconciler begins anew; what it reads may be one save old.
    Restart { stale: bool },
    /// Pauses run out.
    Wait,
}

pub(crate) fn object(which: u8) -> Value {
    match which {
        0 => config("blue"),
        1 => deployment(2),
        _ => namespace(),
    }
}

/// How many ways there are to ask for an object.
pub(crate) const WAYS: u8 = 8;

fn asked(ask: &Ask) -> Intent {
    let (which, clusters, how) = ask;
    let options = options(|it| match how {
        3 => it.removal = Removal::Orphan,
        4 => it.write = Write::Update,
        5 => it.adoption = Adoption::Always,
        6 => it.suspended = true,
        7 => it.replacement = Replacement::Recreate,
        _ => {}
    });
    match (which, how) {
        (1, 0 | 3) => divided(clusters).with_options(options),
        (0, how) => {
            let sky = ["blue", "grey", "red"][usize::from(how % 3)];
            let mut config = config(sky);
            if *how == 7 {
                config["immutable"] = json!(true);
                config["data"]["sky"] = json!("white");
            }
            intent(config, clusters, options)
        }
        (which, _) => intent(object(*which), clusters, options),
    }
}

/// How many copies may still go in this step because of us.
type Budgets = BTreeMap<ObjectId, i64>;

#[derive(Clone, Debug)]
pub(crate) struct Simulation {
    pub(crate) names: Vec<&'static str>,
    pub(crate) driver: Driver,
    pub(crate) clusters: MapClusters,
    pub(crate) asks: Vec<Ask>,
    /// What is in the store, what was before, and what the driver has of it.
    stored: Memory,
    older: Memory,
    base: Memory,
    pub(crate) pending: Vec<Action>,
    /// What was asked for when that was decided.
    decided: Vec<Ask>,
    budgets: Budgets,
    /// Objects that were never ours, and what they are like.
    foreign: BTreeMap<(ClusterName, ObjectId), Value>,
}

impl Simulation {
    pub(crate) fn of(names: &[&'static str]) -> Self {
        let mut clusters = MapClusters::of(names.iter().copied());
        clusters.set_slow();
        Self {
            names: names.to_vec(),
            driver: Driver::default(),
            clusters,
            asks: Vec::new(),
            stored: Memory::default(),
            older: Memory::default(),
            base: Memory::default(),
            pending: Vec::new(),
            decided: Vec::new(),
            budgets: Budgets::new(),
            foreign: BTreeMap::new(),
        }
    }

    fn plan(&self) -> Plan {
        let intents: Vec<_> = self.asks.iter().map(asked).collect();
        planned(&intents)
    }

    /// Lets something happen. Tells what must not be so and is.
    pub(crate) fn happen(&mut self, event: &Event) -> Result<(), String> {
        match event {
            Event::Want(asks) => self.want(asks),
            Event::Away(cluster, is_away) => self.clusters.set_away(cluster, *is_away),
            Event::Meddle(cluster, which, how) => self.meddle(cluster, *which, *how),
            Event::Delete(cluster, which) => {
                self.clusters.delete(cluster, &id(object(*which)));
                let clusters = &self.clusters;
                self.foreign
                    .retain(|(cluster, id), _| clusters.get(cluster.as_str(), id).is_some());
            }
            Event::Settle(cluster) => {
                self.clusters.settle(cluster);
                self.look_at_foreign();
            }
            Event::Decide => return self.decide().map(|_| ()),
            Event::Save => self.save(),
            Event::Act { which, lost } => return self.act(*which, *lost),
            Event::Restart { stale } => self.restart(*stale),
            Event::Wait => {
                let hour = std::time::Duration::from_secs(3600);
                self.driver.now = self.driver.now.checked_add(hour).unwrap();
            }
        }
        Ok(())
    }

    fn want(&mut self, asks: &[Ask]) {
        let mut by_object = BTreeMap::new();
        for ask in asks {
            by_object.insert(ask.0, ask.clone());
        }
        let asks = by_object.into_values().collect();
        for before in std::mem::replace(&mut self.asks, asks) {
            self.driver.withdraw(asked(&before).target(), None);
        }
        for ask in &self.asks {
            self.driver.withdrawn.remove(asked(ask).target());
        }
    }

    fn meddle(&mut self, cluster: &'static str, which: u8, how: u8) {
        let value = object(which);
        let id = id(value.clone()).versionless();
        if self.clusters.get(cluster, &id).is_none() {
            self.clusters.put(cluster, &id, value);
            self.foreign.insert((cluster.into(), id), Value::Null);
        } else if !self.foreign.contains_key(&(cluster.into(), id.clone())) {
            self.clusters.edit(cluster, &id, |object| {
                let labels = object["metadata"]["labels"].as_object_mut();
                match (how, labels) {
                    (0, _) if which == 0 => object["data"]["sky"] = json!("black"),
                    (0, _) if which == 1 => object["spec"]["replicas"] = json!(9),
                    (1, Some(labels)) => {
                        labels.remove("fed.dev/managed");
                    }
                    (2, Some(labels)) => {
                        labels.insert("fed.dev/managed".into(), json!("false"));
                    }
                    _ => object["metadata"]["labels"]["theirs"] = json!("yes"),
                }
            });
        }
        self.look_at_foreign();
    }

    /// What others do to what is theirs is no fault of ours.
    fn look_at_foreign(&mut self) {
        let clusters = &self.clusters;
        for ((cluster, id), value) in &mut self.foreign {
            *value = clusters.whole(cluster.as_str(), id).unwrap_or_default();
        }
    }

    fn decide(&mut self) -> Result<Decision, String> {
        let desired = Desired::of(&self.plan());
        let decision = self.driver.decide(&desired, &self.clusters);
        self.driver.memory = decision.memory.clone();
        self.pending.clone_from(&decision.actions);
        self.decided.clone_from(&self.asks);
        self.budgets = self.budgets();
        for object in &decision.finished {
            for (cluster, id, value) in self.clusters.iter() {
                if id == object && is_marked(value) {
                    return Err(format!(
                        "{id} is left in {cluster}, and was told to be gone"
                    ));
                }
            }
        }
        self.driver.finish(&decision);
        Ok(decision)
    }

    /// Copies of what is wanted may go as far as more are there, or where that was asked for.
    fn budgets(&self) -> Budgets {
        let plan = self.plan();
        let budgets = plan.objects().map(|object| {
            let id = object.target().versionless();
            let wanted: i64 = object
                .render()
                .map(|(_, rendered)| rendered.manifest().replicas().unwrap_or(1))
                .sum();
            let options = object.intent().options();
            let may_all_go = options.moves == Moves::Directly
                || options.replacement == Replacement::Recreate
                || object.placed().next().is_none();
            let spare = (self.copies(&id) - wanted).max(0);
            (id, if may_all_go { i64::MAX } else { spare })
        });
        budgets.collect()
    }

    /// The copies of ours that are ready, where we see them.
    fn copies(&self, object: &ObjectId) -> i64 {
        let all = self.clusters.iter().filter(|(cluster, id, value)| {
            *id == object && is_marked(value) && !self.clusters.is_away(cluster.as_str())
        });
        all.map(|(_, id, value)| match id.kind() {
            "Deployment" => value["status"]["readyReplicas"].as_i64().unwrap_or(0),
            _ => 1,
        })
        .sum()
    }

    /// The store takes only what was made from what it has.
    fn save(&mut self) {
        if text(&self.base) != text(&self.stored) {
            return self.restart(false);
        }
        let memory = self.driver.memory.clone().saved();
        if text(&memory) != text(&self.stored) {
            self.older = std::mem::replace(&mut self.stored, memory.clone());
        }
        self.base = memory.clone();
        self.driver.memory = memory;
    }

    fn restart(&mut self, stale: bool) {
        let read = if stale { &self.older } else { &self.stored };
        self.base = read.clone();
        self.pending.clear();
        self.driver.restart(&self.base);
    }

    fn act(&mut self, which: usize, lost: bool) -> Result<(), String> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let action = self.pending.remove(which % self.pending.len());
        let before = self.copies(&action.object);
        let answer = self.clusters.perform(&action);
        if !lost {
            self.driver.note(answer);
        }
        let loss = before - self.copies(&action.object);
        if let Some(budget) = self.budgets.get_mut(&action.object) {
            *budget = budget.saturating_sub(loss.max(0));
            if *budget < 0 {
                return Err(format!("too few copies are left by: {action}"));
            }
        }
        self.nothing_foreign_was_touched(&action)
    }

    /// What was never ours is as it was to the last byte, unless it may become ours.
    fn nothing_foreign_was_touched(&mut self, action: &Action) -> Result<(), String> {
        let plan = planned(&self.decided.iter().map(asked).collect::<Vec<_>>());
        let mut adopted = Vec::new();
        for ((cluster, id), before) in &self.foreign {
            let now = self.clusters.whole(cluster.as_str(), id);
            if now.as_ref() == Some(before) {
                continue;
            }
            let is_this = action.cluster == *cluster && action.object == *id;
            let may = is_this
                && now.as_ref().is_some_and(is_marked)
                && matches!(action.act, Act::Apply { .. } | Act::Update { .. });
            let planned = plan
                .objects()
                .find(|object| object.target().same_object(id));
            let is_allowed = planned.is_some_and(|object| {
                let placed = object.placed_in(cluster);
                let adoption = object.intent().options().adoption;
                adoption == Adoption::Always
                    || placed.is_some_and(|placed| {
                        let mut wanted = placed.render().manifest().value().clone();
                        wanted["metadata"].as_object_mut().unwrap().remove("labels");
                        covers(&wanted, before)
                    })
            });
            if !may || !is_allowed {
                return Err(format!(
                    "{id} in {cluster} is not ours, and was changed by: {action}"
                ));
            }
            adopted.push((cluster.clone(), id.clone()));
        }
        for key in adopted {
            self.foreign.remove(&key);
        }
        Ok(())
    }

    /// All is quiet: does it come to rest, and as planned?
    pub(crate) fn rests_as_planned(mut self) -> Result<(), String> {
        self.pending.clear();
        for cluster in self.names.clone() {
            self.clusters.set_away(cluster, false);
        }
        let mut quiet = 0;
        let mut last = None;
        for _ in 0..60 {
            let decision = self.decide()?;
            let is_new = self.driver.memory.needs_saving();
            self.save();
            while !self.pending.is_empty() {
                self.act(0, false)?;
            }
            for cluster in self.names.clone() {
                self.happen(&Event::Settle(cluster))?;
            }
            self.happen(&Event::Wait)?;
            let is_quiet = decision.actions.is_empty() && decision.finished.is_empty() && !is_new;
            quiet = if is_quiet { quiet + 1 } else { 0 };
            last = Some(decision);
            if quiet == 4 {
                break;
            }
        }
        let decision = last
            .filter(|_| quiet == 4)
            .ok_or("it does not come to rest")?;
        self.is_as_planned(&decision)
    }

    fn is_as_planned(&self, decision: &Decision) -> Result<(), String> {
        let plan = self.plan();
        let none = BTreeMap::new();
        for object in plan.objects() {
            let id = object.target().versionless();
            let states = decision.clusters.get(&id).unwrap_or(&none);
            for (placed, rendered) in object.render() {
                let cluster = placed.cluster().name();
                let found = self.clusters.get(cluster.as_str(), &id);
                let state = states.get(cluster).map(|state| &state.outcome);
                let wanted = rendered.manifest().value();
                if !explains(state, found, wanted, object.intent().options()) {
                    return Err(format!("{id} in {cluster} is {found:?}, and {state:?}"));
                }
            }
        }
        for (cluster, id, value) in self.clusters.iter().filter(|(_, _, it)| is_marked(it)) {
            let object = plan
                .objects()
                .find(|object| object.target().same_object(id));
            let is_planned = object.is_some_and(|object| object.placed_in(cluster).is_some());
            let state = decision
                .clusters
                .get(id)
                .and_then(|states| states.get(cluster));
            let waits = match state.map(|state| &state.outcome) {
                Some(Outcome::Suspended(_)) => true,
                Some(Outcome::WaitingFor { awaited, .. }) if awaited.contains("copies") => self
                    .budgets
                    .get(id)
                    .is_some_and(|spare| *spare < copies_of(value)),
                Some(Outcome::WaitingFor { .. }) => {
                    let mut others = self.clusters.iter();
                    id.kind() == "Namespace"
                        && others.any(|(at, it, _)| at == cluster && it.namespace().is_some())
                }
                _ => false,
            };
            if !is_planned && !waits {
                return Err(format!("{id} is left in {cluster}: {state:?}"));
            }
        }
        let ends = |id: &&ObjectId| {
            let states = decision.clusters.get(*id).unwrap_or(&none);
            states.is_empty()
        };
        match self.driver.withdrawn.iter().find(ends) {
            Some(id) => Err(format!("{id} does not end")),
            None => Ok(()),
        }
    }
}

/// Is it right that this stands where that is wanted?
fn explains(
    outcome: Option<&Outcome>,
    found: Option<&Value>,
    wanted: &Value,
    options: &Options,
) -> bool {
    match (outcome, found) {
        (Some(Outcome::Synced), Some(found)) => is_marked(found) && covers(wanted, found),
        (Some(Outcome::AlreadyExists), Some(found)) => {
            !is_marked(found) && options.adoption != Adoption::Always
        }
        (Some(Outcome::ReleasedByLabel), Some(found)) => {
            found["metadata"]["labels"]["fed.dev/managed"] == "false"
        }
        (Some(Outcome::Conflict { fields, .. }), Some(found)) => fields
            .iter()
            .all(|field| found.pointer(field) != wanted.pointer(field)),
        (Some(Outcome::Failed { .. }), Some(found)) => found["immutable"] == true,
        (Some(Outcome::Suspended(_)), _) => options.suspended,
        _ => false,
    }
}

fn copies_of(value: &Value) -> i64 {
    value["status"]["readyReplicas"].as_i64().unwrap_or(1)
}

pub(crate) fn is_marked(value: &Value) -> bool {
    value["metadata"]["labels"]["fed.dev/managed"] == "true"
}

/// What memory says, without what is known of its being saved.
pub(crate) fn text(memory: &Memory) -> String {
    let told = memory.iter().map(|(object, it)| {
        let it = serde_json::to_string(it).unwrap();
        format!("{object}: {it}\n")
    });
    told.collect()
}

/// Has `live` all that is planned?
fn covers(planned: &Value, live: &Value) -> bool {
    match (planned, live) {
        (Value::Object(planned), Value::Object(live)) => planned
            .iter()
            .all(|(key, value)| live.get(key).is_some_and(|live| covers(value, live))),
        (planned, live) => planned == live,
    }
}
