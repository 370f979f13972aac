//! Clusters, a driver and a store of memory to which anything may happen, and what must hold after
//! every single thing that happens.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use fed_core::reconcile::{
    Act, Action, Adoption, Decision, Desired, Memory, Options, Removal, Replacement, States, Write,
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

/// What is planned, made once.
#[derive(Debug)]
struct Planned {
    asks: Vec<Ask>,
    plan: Plan,
    desired: Desired,
}

impl Planned {
    fn of(asks: &[Ask]) -> Self {
        let intents: Vec<_> = asks.iter().map(asked).collect();
        let plan = planned(&intents);
        Self {
            asks: asks.to_vec(),
            desired: Desired::of(&plan),
            plan,
        }
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
    planned: Arc<Planned>,
    /// What is in the store, what was before, and what the driver has of it.
    stored: Memory,
    older: Memory,
    base: Memory,
    pub(crate) pending: Vec<Action>,
    /// What was planned when that was decided.
    decided: Arc<Planned>,
    budgets: Budgets,
    /// The copies that were ready then.
    ready: BTreeMap<(ClusterName, ObjectId), i64>,
    /// Objects that were never ours, and what they are like.
    foreign: BTreeMap<(ClusterName, ObjectId), Value>,
    /// Those of them that came since the last decision.
    unseen: BTreeSet<(ClusterName, ObjectId)>,
    /// How many actions did something, and how many failed.
    done: usize,
    failed: usize,
}

impl Simulation {
    pub(crate) fn of(names: &[&'static str]) -> Self {
        let mut clusters = MapClusters::of(names.iter().copied());
        clusters.set_slow();
        let nothing = Arc::new(Planned::of(&[]));
        Self {
            names: names.to_vec(),
            driver: Driver::default(),
            clusters,
            asks: Vec::new(),
            planned: Arc::clone(&nothing),
            stored: Memory::default(),
            older: Memory::default(),
            base: Memory::default(),
            pending: Vec::new(),
            decided: Arc::clone(&nothing),
            budgets: Budgets::new(),
            ready: BTreeMap::new(),
            foreign: BTreeMap::new(),
            unseen: BTreeSet::new(),
            done: 0,
            failed: 0,
        }
    }

    /// One in which this was asked for, and all is quiet.
    pub(crate) fn at_rest(names: &[&'static str], asks: &[Ask]) -> Self {
        let mut simulation = Self::of(names);
        simulation.want(asks);
        let rounds = simulation.quiet_down().unwrap();
        assert!(rounds.is_some(), "it does not come to rest");
        simulation
    }

    fn plan(&self) -> &Plan {
        &self.planned.plan
    }

    /// Has the cluster this object?
    pub(crate) fn has(&self, cluster: &str, which: u8) -> bool {
        self.clusters.get(cluster, &id(object(which))).is_some()
    }

    /// What two of the same have in common. Numbers that only have to differ have a `#` before them.
    pub(crate) fn key(&self) -> String {
        let mut key = format!(
            "{:?} {} {:?} {:?} {:?} {:?} {:?}\n",
            self.asks,
            self.driver.now,
            self.pending,
            self.decided.asks,
            self.budgets,
            self.ready,
            self.unseen,
        );
        for memory in [&self.driver.memory, &self.stored, &self.older, &self.base] {
            key += &text(memory);
            key += "--\n";
        }
        for (_, it) in self.driver.memory.iter() {
            let _ = write!(key, "{:?} ", it.needs_saving());
        }
        key += &self.driver.told();
        for name in &self.names {
            let _ = writeln!(key, "{name} {}", self.clusters.is_away(name));
        }
        for (cluster, id, _) in self.clusters.iter() {
            let is_foreign = self.foreign.contains_key(&(cluster.clone(), id.clone()));
            let whole = self.clusters.whole(cluster.as_str(), id).unwrap();
            let _ = writeln!(key, "{cluster} {is_foreign} {whole}");
        }
        key
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
                let hour = std::time::Duration::from_hours(1);
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
        self.planned = Arc::new(Planned::of(&self.asks));
    }

    fn meddle(&mut self, cluster: &'static str, which: u8, how: u8) {
        let value = object(which);
        let id = id(value.clone()).versionless();
        if self.clusters.get(cluster, &id).is_none() {
            self.clusters.put(cluster, &id, value);
            self.unseen.insert((cluster.into(), id.clone()));
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
        let decision = self.driver.decide(&self.planned.desired, &self.clusters);
        self.driver.memory = decision.memory.clone();
        self.pending.clone_from(&decision.actions);
        self.unseen.clear();
        self.decided = Arc::clone(&self.planned);
        self.budgets = self.budgets();
        let all = self.clusters.iter();
        let ready = all.map(|(cluster, id, _)| {
            let key = (cluster.clone(), id.clone());
            (key, self.copies(id, Some(cluster)))
        });
        self.ready = ready.collect();
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

    /// Copies of what is wanted may go as far as more are there, or where that was asked for. Who
    /// wants an object replaced loses the copies of one cluster, while the others are whole.
    fn budgets(&self) -> Budgets {
        let plan = self.plan();
        let budgets = plan.objects().map(|object| {
            let id = object.target().versionless();
            let mut spare = self.copies(&id, None);
            let mut one = 0;
            let replaces = object.intent().options().replacement == Replacement::Recreate;
            for (_, rendered) in object.render() {
                let wanted = rendered.manifest().replicas().unwrap_or(1);
                spare -= wanted;
                if replaces {
                    one = one.max(wanted);
                }
            }
            (id, (spare + one).max(0))
        });
        budgets.collect()
    }

    /// The copies of ours that are ready, where we see them.
    fn copies(&self, object: &ObjectId, only: Option<&ClusterName>) -> i64 {
        let all = self.clusters.iter().filter(|(cluster, id, value)| {
            *id == object
                && only.is_none_or(|only| only == *cluster)
                && is_marked(value)
                && !self.clusters.is_away(cluster.as_str())
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
        // What became ready since the decision is no loss.
        let key = (action.cluster.clone(), action.object.clone());
        let then = self.ready.get(&key).copied().unwrap_or(0);
        let before = then.min(self.copies(&action.object, Some(&action.cluster)));
        let answer = self.clusters.perform(&action);
        match answer.result {
            Ok(_) => self.done += usize::from(answer.operation.is_some()),
            Err(_) => self.failed += 1,
        }
        if !lost {
            self.driver.note(answer);
        }
        let gone = before - self.copies(&action.object, Some(&action.cluster));
        if let Some(budget) = self.budgets.get_mut(&action.object) {
            *budget = budget.saturating_sub(gone.max(0));
            if *budget < 0 {
                return Err(format!("too few copies are left by: {action}"));
            }
        }
        self.nothing_foreign_was_touched(&action)
    }

    /// What was never ours is as it was to the last byte, unless it may become ours.
    fn nothing_foreign_was_touched(&mut self, action: &Action) -> Result<(), String> {
        let plan = &self.decided.plan;
        let mut adopted = Vec::new();
        for ((cluster, id), before) in &self.foreign {
            let now = self.clusters.whole(cluster.as_str(), id);
            if now.as_ref() == Some(before) {
                continue;
            }
            // No server can be told to delete a namespace only while it is empty.
            let key = (cluster.clone(), id.clone());
            if now.is_none() && self.unseen.contains(&key) && action.object.kind() == "Namespace" {
                adopted.push(key);
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

    /// Nothing more happens: decides and acts until there is nothing more to do. Tells the last
    /// decision.
    fn quiet_down(&mut self) -> Result<Option<Decision>, String> {
        let (mut quiet, mut failed_before) = (0, false);
        for _ in 0..60 {
            self.happen(&Event::Wait)?;
            let (done, failed) = (self.done, self.failed);
            let decision = self.decide()?;
            let is_new = self.driver.memory.needs_saving();
            self.save();
            while !self.pending.is_empty() {
                self.act(0, false)?;
            }
            for cluster in self.names.clone() {
                self.happen(&Event::Settle(cluster))?;
            }
            // What fails is tried again now and then, and that is remembered.
            let is_calm = self.done == done && decision.finished.is_empty();
            let has_failed = self.failed > failed;
            let is_quiet = is_calm && (has_failed || failed_before || !is_new);
            failed_before = has_failed;
            quiet = if is_quiet { quiet + 1 } else { 0 };
            if quiet == 4 {
                return self.decide().map(Some);
            }
        }
        Ok(None)
    }

    /// All is quiet: does it come to rest, and as planned?
    pub(crate) fn rests_as_planned(mut self) -> Result<(), String> {
        self.pending.clear();
        for cluster in self.names.clone() {
            self.clusters.set_away(cluster, false);
        }
        match self.quiet_down()? {
            Some(decision) => self.is_as_planned(&decision),
            None => Err("it does not come to rest".to_owned()),
        }
    }

    fn is_as_planned(&self, decision: &Decision) -> Result<(), String> {
        let plan = self.plan();
        let none = States::default();
        for object in plan.objects() {
            let id = object.target().versionless();
            let states = decision.states.get(&id).unwrap_or(&none);
            for (placed, rendered) in object.render() {
                let cluster = placed.cluster().name();
                let found = self.clusters.get(cluster.as_str(), &id);
                let state = states.get(cluster).map(|state| &state.outcome);
                let wanted = rendered.manifest().value();
                let waits = self.waits_rightly(cluster, &id, state);
                if !waits && !explains(state, found, wanted, object.intent().options()) {
                    return Err(format!("{id} in {cluster} is {found:?}, and {state:?}"));
                }
            }
        }
        for (cluster, id, _) in self.clusters.iter().filter(|(_, _, it)| is_marked(it)) {
            let object = plan
                .objects()
                .find(|object| object.target().same_object(id));
            let is_planned = object.is_some_and(|object| object.placed_in(cluster).is_some());
            let state = decision
                .states
                .get(id)
                .and_then(|states| states.get(cluster));
            let waits = self.waits_rightly(cluster, id, state.map(|state| &state.outcome));
            if !is_planned && !waits {
                return Err(format!("{id} is left in {cluster}: {state:?}"));
            }
        }
        let ends = |id: &&ObjectId| {
            let states = decision.states.get(*id).unwrap_or(&none);
            states.iter().next().is_none()
        };
        match self.driver.withdrawn.iter().find(ends) {
            Some(id) => Err(format!("{id} does not end")),
            None => Ok(()),
        }
    }
}

impl Simulation {
    /// Is there a good reason to wait, once all is quiet?
    fn waits_rightly(
        &self,
        cluster: &ClusterName,
        id: &ObjectId,
        outcome: Option<&Outcome>,
    ) -> bool {
        let here = || self.clusters.iter().filter(|(at, _, _)| *at == cluster);
        match outcome {
            Some(Outcome::Suspended(_)) => true,
            Some(Outcome::WaitingFor { awaited, .. }) if awaited.contains("copies") => {
                let spare = self.budgets.get(id).copied().unwrap_or(i64::MAX);
                spare < self.copies(id, Some(cluster)).max(2)
            }
            Some(Outcome::WaitingFor { awaited, .. }) if awaited.ends_with("to be there") => {
                here().all(|(_, other, _)| other.kind() != "Namespace")
            }
            Some(Outcome::WaitingFor { .. }) => {
                let plan = self.plan();
                let mut objects = plan.objects();
                let is_content = |other: &ObjectId| other.namespace().is_some();
                id.kind() == "Namespace"
                    && (here().any(|(_, other, _)| is_content(other))
                        || objects
                            .any(|it| is_content(it.target()) && it.placed_in(cluster).is_some()))
            }
            _ => false,
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
