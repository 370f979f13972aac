//! Does somebody give others more than they have themselves? Who writes roles and bindings must hold
//! what these grant.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::rules::{Granted, Rule, reaches, resource, role};
use super::{Question, User};
use crate::server::Server;
use crate::server::fields::is_equal;
use crate::server::status::Refusal;
use crate::server::write::{Call, text};

impl Server {
    /// May this user make a role or a binding be so? Other objects are no matter of this.
    pub(in crate::server) fn check_escalation(
        &self,
        call: &Call<'_>,
        object: &Value,
        old: Option<&Value>,
    ) -> Result<(), Refusal> {
        let user = &call.user;
        let kind = call.target.kind;
        let is_for_collection = old.is_some_and(|old| differs_for_collection_only(object, old));
        if kind.group() != resource("").group || user.is_in(super::MASTERS) || is_for_collection {
            return Ok(());
        }
        match kind.kind() {
            "Role" | "ClusterRole" => self.check_role(call, object, old),
            "RoleBinding" | "ClusterRoleBinding" => self.check_binding(call, object),
            _ => Ok(()),
        }
    }

    fn check_role(
        &self,
        call: &Call<'_>,
        object: &Value,
        old: Option<&Value>,
    ) -> Result<(), Refusal> {
        let question = Question {
            verb: "escalate".to_owned(),
            resource: call.target.resource.clone(),
            namespace: call.target.namespace.clone(),
            name: call.target.name.clone(),
            ..Question::default()
        };
        if self.may(&call.user, &question).is_ok() {
            return Ok(());
        }
        let name = text(object, "/metadata/name");
        let namespace = &call.target.namespace;
        let refused = |why: &str| Refusal::forbidden(&call.target.resource, name, why);
        let checked = self.covers(&call.user, namespace, &Rule::all_of(object));
        checked.map_err(|why| refused(&why))?;
        let aggregates = |role: &Value| {
            let selectors = role.pointer("/aggregationRule/clusterRoleSelectors");
            selectors
                .and_then(Value::as_array)
                .is_some_and(|all| !all.is_empty())
        };
        if (aggregates(object) || old.is_some_and(aggregates))
            && self.covers(&call.user, namespace, &everything()).is_err()
        {
            return Err(refused(
                "must have cluster-admin privileges to use the aggregationRule",
            ));
        }
        Ok(())
    }

    fn check_binding(&self, call: &Call<'_>, object: &Value) -> Result<(), Refusal> {
        let namespace = &call.target.namespace;
        let plural = match text(object, "/roleRef/kind") {
            "Role" => "roles",
            _ => "clusterroles",
        };
        let question = Question {
            verb: "bind".to_owned(),
            resource: resource(plural),
            namespace: namespace.clone(),
            name: text(object, "/roleRef/name").to_owned(),
            ..Question::default()
        };
        if self.may(&call.user, &question).is_ok() {
            return Ok(());
        }
        let bound = role(object, namespace, &self.store).map_err(|why| {
            if why.ends_with("not found") {
                Refusal::not_found(&call.target.resource, &question.name)
            } else {
                Refusal::internal(why)
            }
        })?;
        let checked = self.covers(&call.user, namespace, &Rule::all_of(&bound));
        let name = text(object, "/metadata/name");
        checked.map_err(|why| Refusal::forbidden(&call.target.resource, name, &why))
    }

    /// Does the user hold all of these rights?
    fn covers(&self, user: &User, namespace: &str, wanted: &[Rule]) -> Result<(), String> {
        let granted = Granted::to(user, namespace, &self.store);
        let parts = wanted.iter().flat_map(parts);
        let missing: Vec<Rule> = parts
            .filter(|part| !granted.rules.iter().any(|(_, rule)| rule.covers(part)))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let missing: Vec<String> = compact(missing).into_iter().collect();
        let why = format!(
            "user {:?} (groups={}) is attempting to grant RBAC permissions not currently held:\n{}",
            user.name,
            quoted(&user.groups),
            missing.join("\n"),
        );
        Err(match granted.fault() {
            Some(fault) => format!("{why}; resolution errors: [{fault}]"),
            None => why,
        })
    }
}

/// What somebody must hold who may do everything.
fn everything() -> [Rule; 2] {
    let all = || vec!["*".to_owned()];
    [
        Rule {
            groups: all(),
            resources: all(),
            verbs: all(),
            ..Rule::default()
        },
        Rule {
            paths: all(),
            verbs: all(),
            ..Rule::default()
        },
    ]
}

/// The owners and finalizers of an object are a matter of the garbage collector.
fn differs_for_collection_only(object: &Value, old: &Value) -> bool {
    let without = |object: &Value| {
        let mut object = object.clone();
        if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
            for field in ["ownerReferences", "finalizers", "managedFields"] {
                metadata.remove(field);
            }
        }
        object
    };
    is_equal(&without(object), &without(old))
}

impl Rule {
    /// Does this rule give all that the other, one of [`parts`], gives?
    fn covers(&self, part: &Self) -> bool {
        let has = |set: &[String], one: &String| set.contains(one);
        let all = |set: &[String], wanted: &[String]| wanted.iter().all(|one| has(set, one));
        let star = "*".to_owned();
        let any = |set: &[String], wanted: &[String]| has(set, &star) || all(set, wanted);
        let is_anywhere = |resource: &String| {
            let below = resource
                .split_once('/')
                .map(|(_, below)| format!("*/{below}"));
            below.is_some_and(|below| has(&self.resources, &below))
        };
        let resources = has(&self.resources, &star)
            || part
                .resources
                .iter()
                .all(|one| has(&self.resources, one) || is_anywhere(one));
        let paths = |path: &String| self.paths.iter().any(|known| reaches(known, path));
        let names = if part.names.is_empty() {
            self.names.is_empty()
        } else {
            self.names.is_empty() || all(&self.names, &part.names)
        };
        any(&self.verbs, &part.verbs)
            && any(&self.groups, &part.groups)
            && resources
            && part.paths.iter().all(paths)
            && names
    }
}

/// The smallest rights of a rule: of one verb, resource and name each.
fn parts(rule: &Rule) -> Vec<Rule> {
    let mut parts = Vec::new();
    let one = |text: &String| vec![text.clone()];
    let names: Vec<Vec<String>> = match &rule.names[..] {
        [] => vec![Vec::new()],
        names => names.iter().map(one).collect(),
    };
    for group in &rule.groups {
        for resource in &rule.resources {
            for verb in &rule.verbs {
                parts.extend(names.iter().map(|names| Rule {
                    groups: one(group),
                    resources: one(resource),
                    verbs: one(verb),
                    names: names.clone(),
                    paths: Vec::new(),
                }));
            }
        }
    }
    for path in &rule.paths {
        parts.extend(rule.verbs.iter().map(|verb| Rule {
            paths: one(path),
            verbs: one(verb),
            ..Rule::default()
        }));
    }
    parts
}

/// What is missing as messages tell it: the verbs of one thing together.
fn compact(missing: Vec<Rule>) -> BTreeSet<String> {
    let mut together: BTreeMap<Rule, Vec<String>> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for mut rule in missing {
        if rule.paths.is_empty() {
            let verbs = std::mem::take(&mut rule.verbs);
            together.entry(rule).or_default().extend(verbs);
        } else {
            told.insert(describe(&rule));
        }
    }
    let together = together
        .into_iter()
        .map(|(rule, verbs)| Rule { verbs, ..rule });
    told.extend(together.map(|rule| describe(&rule)));
    told
}

fn describe(rule: &Rule) -> String {
    let parts = [
        ("APIGroups", &rule.groups),
        ("Resources", &rule.resources),
        ("NonResourceURLs", &rule.paths),
        ("ResourceNames", &rule.names),
        ("Verbs", &rule.verbs),
    ];
    let said = parts.iter().filter(|(_, texts)| !texts.is_empty());
    let said: Vec<String> = said
        .map(|(name, texts)| format!("{name}:{}", quoted(texts)))
        .collect();
    format!("{{{}}}", said.join(", "))
}

fn quoted(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
    format!("[{}]", texts.join(" "))
}
