//! An object as one cluster must have it.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::check::{self, Schemas};
use crate::fleet::Cluster;
use crate::identity::{ClusterName, ObjectId};
use crate::intent::{Intent, empty_object};
use crate::location::Pointer;
use crate::problem::{Code, Problem, Severity};

/// An object as one cluster must have it. Cloning copies a pointer.
#[derive(Clone, PartialEq)]
pub struct Manifest {
    id: ObjectId,
    value: Arc<Value>,
    replicas: Option<i64>,
    /// The fields that overrides and the division set.
    decided: Option<Arc<[Pointer]>>,
}

impl Manifest {
    /// An object that is brought to clusters as it is.
    pub(crate) fn of_object(id: ObjectId, value: Arc<Value>) -> Self {
        Self {
            id,
            value,
            replicas: None,
            decided: None,
        }
    }

    /// The same object with another value, which is of the same shape.
    pub(crate) fn with_value(&self, value: Value) -> Self {
        Self {
            value: Arc::new(value),
            ..self.clone()
        }
    }

    /// The object it is.
    pub fn id(&self) -> &ObjectId {
        &self.id
    }

    /// The object itself.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The object itself, shared.
    pub fn share(&self) -> Arc<Value> {
        Arc::clone(&self.value)
    }

    /// The object itself.
    pub fn into_value(self) -> Value {
        Arc::unwrap_or_clone(self.value)
    }

    /// The fields that overrides and the division set: no cluster keeps its own in their stead.
    pub(crate) fn decided(&self) -> &[Pointer] {
        self.decided.as_deref().unwrap_or_default()
    }

    /// Are they the same value, and not only equal?
    pub(crate) fn shares_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.value, &other.value)
    }

    /// Its number of replicas, where its kind has them and it says how many.
    pub fn replicas(&self) -> Option<i64> {
        self.replicas
    }
}

/// The object itself: what a cluster is to have, secrets included.
impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// `Debug` names the object and shows nothing of it, as it may be secret.
impl fmt::Debug for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Manifest of {}", self.id)
    }
}

/// A manifest, made as far as it can be made, and what there is to say of it.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a manifest with faults must not be delivered"]
pub struct Rendered {
    manifest: Manifest,
    problems: Vec<Problem>,
}

impl Rendered {
    /// The manifest, whatever is wrong with it: something to show, not to deliver.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// All there is to say of it, graver or less.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// All there is to say of it, graver or less.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// What is wrong with it: the errors among its problems.
    pub fn faults(&self) -> impl Iterator<Item = &Problem> {
        self.problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
    }

    /// May it be delivered?
    pub fn is_deliverable(&self) -> bool {
        self.faults().next().is_none()
    }

    /// The manifest if it may be delivered, else what is wrong with it.
    pub fn deliverable(self) -> Result<Manifest, Vec<Problem>> {
        if self.is_deliverable() {
            Ok(self.manifest)
        } else {
            Err(self.faults().cloned().collect())
        }
    }
}

/// What a cluster gets of the numbers that are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Share {
    pub(super) replicas: Option<i64>,
    /// Of what is divided along with the replicas.
    pub(super) along: Option<i64>,
}

/// The object of an intent as this cluster must have it. Where its overrides fail, it is the
/// object without them.
pub(super) fn render(
    intent: &Intent,
    cluster: &Cluster,
    share: Share,
    schemas: Option<&dyn Schemas>,
) -> Rendered {
    let replicas_path = intent.kind().and_then(|kind| kind.replicas_path());
    let along_path = intent.kind().and_then(|kind| kind.divided_along());
    let numbers = [(share.replicas, replicas_path), (share.along, along_path)];
    let sized = |value: &mut Value| -> Result<(), String> {
        for (number, path) in numbers {
            if let (Some(number), Some(path)) = (number, path) {
                set_number(value, &Pointer::from_text(path), number)?;
            }
        }
        Ok(())
    };
    let customized = customized(intent, cluster).and_then(|mut value| {
        sized(&mut value).map_err(|why| unsized_fault(intent, cluster.name(), &why))?;
        Ok(value)
    });
    let (value, problems) = match customized {
        Ok(value) => {
            let problems = check::problems(schemas, intent, cluster, &value);
            (value, problems)
        }
        Err(fault) => {
            let mut value = intent.template().to_value();
            // The template's metadata was checked when it was read, so this cannot fail.
            let _ = intent.mark().put(&mut value);
            // Where there is no place for the number, that is told with the template's shape.
            let _ = sized(&mut value);
            let faults = intent.overrides().faults_in(cluster).into_iter();
            let mut problems: Vec<_> = faults
                .map(|fault| fault.about(intent.source()))
                .chain([fault])
                .collect();
            // What is missing may have stood in the overrides.
            let told = check::problems(schemas, intent, cluster, &value).into_iter();
            problems.extend(told.filter(|problem| problem.code != Code::MissingField));
            problems.sort();
            problems.dedup();
            (value, problems)
        }
    };
    let replicas = intent.kind().and_then(|kind| kind.replicas(&value));
    let sized = numbers.iter().filter(|(number, _)| number.is_some());
    let sized = sized.filter_map(|(_, path)| Some(Pointer::from_text((*path)?)));
    let decided: Vec<_> = overridden(intent, cluster).chain(sized).collect();
    let manifest = Manifest {
        id: intent.target().clone(),
        value: Arc::new(value),
        replicas,
        decided: (!decided.is_empty()).then(|| decided.into()),
    };
    Rendered { manifest, problems }
}

/// The fields that overrides set. One that is taken out of a list leaves another in its place.
fn overridden<'i>(
    intent: &'i Intent,
    cluster: &Cluster,
) -> impl Iterator<Item = Pointer> + use<'i> {
    let of_item = |path: &Pointer| {
        let last = path.tokens().last();
        last.is_some_and(|token| token.parse::<i64>().is_ok())
    };
    let operations = intent.overrides().operations_for(cluster);
    let paths: Vec<_> = operations
        .filter(|operation| operation.path().starts_with('/'))
        .map(|operation| (operation.op(), Pointer::from_text(operation.path())))
        .filter(|(op, path)| *op != "remove" || !of_item(path))
        .map(|(_, path)| path)
        .collect();
    paths.into_iter()
}

/// Writes a number at a path, and the objects around it where they are missing.
fn set_number(value: &mut Value, path: &Pointer, number: i64) -> Result<(), String> {
    let mut place = value;
    for token in path.tokens() {
        if place.is_null() {
            *place = empty_object();
        }
        let fields = place.as_object_mut().ok_or_else(|| {
            format!("there is no place for {path}, as what is around {token} is no object")
        })?;
        place = fields.entry(token).or_insert(Value::Null);
    }
    *place = number.into();
    Ok(())
}

fn unsized_fault(intent: &Intent, cluster: &ClusterName, why: &str) -> Problem {
    let message = format!("the replicas for cluster {cluster} cannot be written: {why}");
    Problem::error(Code::InvalidReplicas, message)
        .at(intent.origin().template.clone())
        .about(intent.source())
        .in_cluster(cluster)
}

fn customized(intent: &Intent, cluster: &Cluster) -> Result<Value, Problem> {
    let template = intent.template().to_value();
    let mut value = intent
        .overrides()
        .applied(cluster, intent.kind(), template)
        .map_err(|fault| fault.about(intent.source()))?;
    if let Some(field) = changed_identity(intent, &value) {
        return Err(identity_fault(intent, cluster, field));
    }
    intent.mark().put(&mut value).map_err(|why| {
        let name = cluster.name();
        let message = format!("the overrides for cluster {name} leave no valid object: {why}");
        override_fault(
            intent,
            cluster,
            Code::OverrideFailed,
            message,
            "/metadata/labels",
        )
    })?;
    Ok(value)
}

/// The fields that name an object; an override that changes one would make another object.
const IDENTITY: [&str; 4] = [
    "/apiVersion",
    "/kind",
    "/metadata/namespace",
    "/metadata/name",
];

fn changed_identity(intent: &Intent, value: &Value) -> Option<&'static str> {
    IDENTITY
        .into_iter()
        .find(|path| intent.template().get(&Pointer::from_text(*path)) != value.pointer(path))
}

fn identity_fault(intent: &Intent, cluster: &Cluster, field: &str) -> Problem {
    let message = format!(
        "the overrides for cluster {} change {field} of {}: an override cannot make it another \
         object",
        cluster.name(),
        intent.target()
    );
    override_fault(
        intent,
        cluster,
        Code::OverrideChangesIdentity,
        message,
        field,
    )
}

/// A fault of the overrides for one cluster, at the last operation that touches `field`.
fn override_fault(
    intent: &Intent,
    cluster: &Cluster,
    code: Code,
    message: String,
    field: &str,
) -> Problem {
    let at = intent
        .overrides()
        .operations_for(cluster)
        .filter(|operation| touches(operation.path(), field))
        .last()
        .map_or_else(
            || intent.origin().source.clone(),
            |operation| operation.at(),
        );
    Problem::error(code, message)
        .at(at)
        .about(intent.source())
        .in_cluster(cluster.name())
}

fn touches(operation: &str, field: &str) -> bool {
    let (operation, field) = (Pointer::from_text(operation), Pointer::from_text(field));
    field.starts_with(&operation) || operation.starts_with(&field)
}
