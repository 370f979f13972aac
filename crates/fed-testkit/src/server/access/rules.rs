//! What may somebody do? The rules that roles and their bindings give.

use serde_json::Value;

use super::{Question, User, texts};
use crate::server::store::{Key, Store, Stored};
use crate::server::target::Resource;
use crate::server::write::text;

const GROUP: &str = "rbac.authorization.k8s.io";

/// A rule of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::server) struct Rule {
    pub(super) groups: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) paths: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) verbs: Vec<String>,
}

impl Rule {
    fn of(value: &Value) -> Self {
        let texts = |field: &str| texts(value.get(field));
        Self {
            groups: texts("apiGroups"),
            resources: texts("resources"),
            paths: texts("nonResourceURLs"),
            names: texts("resourceNames"),
            verbs: texts("verbs"),
        }
    }

    /// The rules of a role.
    pub(in crate::server) fn all_of(role: &Value) -> Vec<Self> {
        let rules = role.get("rules").and_then(Value::as_array);
        rules.into_iter().flatten().map(Self::of).collect()
    }

    fn allows(&self, question: &Question) -> bool {
        let says = |list: &[String], text: &str| list.iter().any(|one| one == "*" || one == text);
        if !says(&self.verbs, &question.verb) {
            return false;
        }
        if let Some(path) = &question.path {
            return self.paths.iter().any(|known| reaches(known, path));
        }
        let qualified = question.qualified();
        let is_anywhere = |resource: &str| {
            !question.subresource.is_empty()
                && resource.strip_prefix("*/") == Some(&question.subresource)
        };
        let is_it =
            |resource: &String| resource == "*" || *resource == qualified || is_anywhere(resource);
        says(&self.groups, &question.resource.group)
            && self.resources.iter().any(is_it)
            && (self.names.is_empty() || self.names.contains(&question.name))
    }
}

/// Does a path of a rule, which may end in `*`, lead to this one?
pub(super) fn reaches(known: &str, path: &str) -> bool {
    known == path
        || known
            .strip_suffix('*')
            .is_some_and(|start| path.starts_with(start.trim_end_matches('*')))
}

/// What is known of a user's rules in a namespace, and in all.
#[derive(Debug, Default)]
pub(in crate::server) struct Granted {
    /// Each with whom it is from.
    pub(super) rules: Vec<(String, Rule)>,
    /// Roles that are bound and are not there.
    pub(super) faults: Vec<String>,
}

impl Granted {
    /// The rules of a user in a namespace; empty for none.
    pub(in crate::server) fn to(user: &User, namespace: &str, store: &Store) -> Self {
        let mut granted = Self::default();
        granted.add("ClusterRoleBinding", user, "", store);
        if !namespace.is_empty() {
            granted.add("RoleBinding", user, namespace, store);
        }
        granted
    }

    fn add(&mut self, kind: &str, user: &User, namespace: &str, store: &Store) {
        let bindings = resource(&format!("{}s", kind.to_lowercase()));
        for binding in store.within(&bindings, namespace).map(Stored::object) {
            let subjects = binding.get("subjects").and_then(Value::as_array);
            let mut subjects = subjects.into_iter().flatten();
            let Some(subject) = subjects.find(|subject| is_meant(user, subject, namespace)) else {
                continue;
            };
            match role(&binding, namespace, store) {
                Ok(role) => {
                    let source = describe(kind, &binding, subject);
                    let rules = Rule::all_of(&role).into_iter();
                    self.rules.extend(rules.map(|rule| (source.clone(), rule)));
                }
                Err(missing) if self.faults.contains(&missing) => {}
                Err(missing) => self.faults.push(missing),
            }
        }
    }

    /// Who allows this, or else why nobody does, as far as there is something to say.
    pub(in crate::server) fn allows(&self, question: &Question) -> Result<String, String> {
        let found = self.rules.iter().find(|(_, rule)| rule.allows(question));
        match (found, &self.faults[..]) {
            (Some((source, _)), _) => Ok(format!("RBAC: allowed by {source}")),
            (None, []) => Err(String::new()),
            (None, _) => Err(format!("RBAC: {}", self.fault().unwrap_or_default())),
        }
    }

    /// What is wrong, in one text.
    pub(super) fn fault(&self) -> Option<String> {
        match &self.faults[..] {
            [] => None,
            [one] => Some(one.clone()),
            several => Some(format!("[{}]", several.join(", "))),
        }
    }
}

pub(super) fn resource(plural: &str) -> Resource {
    Resource {
        group: GROUP.to_owned(),
        plural: plural.to_owned(),
    }
}

/// The role that a binding speaks of; what it is called where it is missing.
pub(super) fn role(binding: &Value, namespace: &str, store: &Store) -> Result<Value, String> {
    let (kind, name) = (
        text(binding, "/roleRef/kind"),
        text(binding, "/roleRef/name"),
    );
    let (word, namespace) = match kind {
        "ClusterRole" => ("clusterrole", ""),
        "Role" => ("role", namespace),
        other => return Err(format!("unsupported role reference kind: {other:?}")),
    };
    let key = Key {
        resource: resource(&format!("{word}s")),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    };
    let stored = store.get(&key);
    let missing = || format!("{word}.{GROUP} {name:?} not found");
    stored.map(Stored::object).ok_or_else(missing)
}

fn is_meant(user: &User, subject: &Value, namespace: &str) -> bool {
    let name = text(subject, "/name");
    match text(subject, "/kind") {
        "User" => user.name == name,
        "Group" => user.is_in(name),
        "ServiceAccount" => {
            let said = text(subject, "/namespace");
            let namespace = if said.is_empty() { namespace } else { said };
            user.as_service_account() == Some((namespace, name))
        }
        _ => false,
    }
}

fn describe(kind: &str, binding: &Value, subject: &Value) -> String {
    let namespace = text(binding, "/metadata/namespace");
    let placed = |name: &str, namespace: &str| match namespace {
        "" => name.to_owned(),
        namespace => format!("{name}/{namespace}"),
    };
    let subject_kind = text(subject, "/kind");
    let subject_name = match subject_kind {
        "ServiceAccount" => {
            let said = text(subject, "/namespace");
            let place = if said.is_empty() { namespace } else { said };
            format!("{}/{place}", text(subject, "/name"))
        }
        _ => text(subject, "/name").to_owned(),
    };
    format!(
        "{kind} {:?} of {} {:?} to {subject_kind} {subject_name:?}",
        placed(text(binding, "/metadata/name"), namespace),
        text(binding, "/roleRef/kind"),
        text(binding, "/roleRef/name"),
    )
}
