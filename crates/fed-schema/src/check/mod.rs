//! Is this an object that a server would take? What the schema says of it, and what the rules say
//! that no schema holds.

mod demands;
mod misplaced;
mod nearest;
mod rules;
mod scalar;
mod structure;
mod violation;
mod written;

use serde_json::Value;

pub use violation::{Fault, Rule, Violation};

use crate::{Kind, Schemas, Shape, Type};

impl Schemas {
    /// All that is wrong with an object by itself, in the order of its fields; `None` when nothing
    /// is known of its type. The object must not be nested too deeply to recurse into.
    ///
    /// ```
    /// use fed_schema::{Fault, Schemas};
    /// use serde_json::json;
    ///
    /// let deployment = json!({
    ///     "apiVersion": "apps/v1",
    ///     "kind": "Deployment",
    ///     "metadata": {"name": "web"},
    ///     "spec": {"replicas": "3", "containers": []},
    /// });
    /// let violations = Schemas::builtin().check(&deployment).expect("a built-in kind");
    /// let misplaced = violations.iter().find(|one| one.path == "/spec/containers").unwrap();
    /// let Fault::Unknown { belongs, .. } = &misplaced.fault else { panic!() };
    /// assert_eq!(belongs.as_deref(), Some("/template/spec/containers"));
    /// ```
    #[must_use]
    pub fn check(&self, object: &Value) -> Option<Vec<Violation>> {
        Some(check(self.kind_in(object)?, object))
    }

    /// What of an object a server could not even read into its types, in the order of its fields:
    /// values of another type, and texts that are no quantities or bytes. It is cheaper than to ask for [all](Self::check).
    #[must_use]
    pub fn unreadable(&self, object: &Value) -> Option<Vec<Violation>> {
        let kind = self.kind_in(object)?;
        let mut found = structure::check(kind.root(), object, unread(kind));
        let is_read_as_other = |path: &str| {
            let shape = kind.root().at(path).map(Type::shape);
            matches!(shape, Some(Shape::Bytes | Shape::Quantity))
        };
        found.retain(|violation| match violation.fault {
            Fault::WrongType { .. } => true,
            Fault::Rule { .. } => is_read_as_other(&violation.path),
            _ => false,
        });
        Some(found)
    }

    /// The kind that an object says it is.
    fn kind_in(&self, object: &Value) -> Option<Kind<'_>> {
        let text = |field| object.get(field).and_then(Value::as_str);
        let (group, version) = split(text("apiVersion")?);
        self.kind(group, version, text("kind")?)
    }
}

fn check(kind: Kind<'_>, object: &Value) -> Vec<Violation> {
    let mut found = structure::check(kind.root(), object, unread(kind));
    // A rule may look at any field; one that is broken in itself has been told already.
    let told: Vec<_> = found
        .iter()
        .filter(|fault| fault.is_grave() || matches!(fault.fault, Fault::Unknown { .. }))
        .map(place)
        .collect();
    let is_new = |violation: &Violation| !told.iter().any(|told| is_below(&violation.path, told));
    let broken: Vec<_> = rules::check(kind, object)
        .into_iter()
        .filter(is_new)
        .collect();
    // A rule that forbids doubled items says more than that they are doubled.
    let is_said = |fault: &Violation| {
        matches!(fault.fault, Fault::DuplicateItem { .. })
            && broken
                .iter()
                .any(|rule| rule.is_grave() && is_below(&rule.path, &fault.path))
    };
    found.retain(|fault| !is_said(fault));
    found.extend(broken);
    found
}

/// The fields of an object that a server reads and drops: only their types matter. Questions to a
/// server have no metadata to keep either.
fn unread(kind: Kind<'_>) -> &'static [&'static str] {
    match kind.group() {
        "authentication.k8s.io" | "authorization.k8s.io" => &["/metadata", "/status"],
        _ => &["/status"],
    }
}

/// What a fault is about: a missing field, or the value at its path.
fn place(violation: &Violation) -> String {
    let mut path = violation.path.clone();
    if let Fault::Missing { field } = &violation.fault {
        structure::push(&mut path, field);
    }
    path
}

fn is_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn split(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}
