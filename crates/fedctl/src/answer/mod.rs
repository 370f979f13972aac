//! What is the answer, as programs read it? The one object that `-o json` prints; its fields are a
//! contract.

mod build;
mod change;
mod foreign;
mod problems;

use std::collections::BTreeMap;

use fed_core::{Code, Manifest, ObjectId, PatchOperation, Reason, Severity};
use serde::Serialize;

pub use build::{Telling, build};
pub use change::Change;
pub use problems::{Source, from_findings, from_problems};

/// The whole answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Always `fed.dev/v1alpha1`.
    pub api_version: &'static str,
    /// Always `Plan`.
    pub kind: &'static str,
    /// The time that every decision used.
    pub now: String,
    /// What each cluster must hold, by name.
    pub clusters: Vec<Cluster>,
    /// Where each object goes, by kind, group, namespace and name.
    pub objects: Vec<Object>,
    /// What changes, by cluster and object, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<Change>>,
    /// What is wrong, or worth knowing, by file, document, path and code.
    pub problems: Vec<Problem>,
}

/// What one cluster must hold. `Debug` shows no manifest, as it may be secret.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// Its objects, by kind, group, namespace and name.
    pub manifests: Vec<Manifest>,
    /// Which of them may be delivered.
    #[serde(skip)]
    pub deliverable: Vec<bool>,
}

/// Where one object goes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Object {
    /// The object that asks.
    pub source: Identity,
    /// The object that clusters are to have.
    pub target: Identity,
    /// The clusters that have it, by name.
    pub placed: Vec<Placed>,
    /// Clusters that do not have it, by name: all of them if explained, else those that are named.
    pub refused: Vec<Refused>,
    /// How many clusters refuse it, by the code of the reason.
    pub refused_counts: BTreeMap<String, usize>,
    /// How it stands with the object as a whole.
    pub conditions: Vec<fed_core::status::Condition>,
}

/// The identity of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Its `apiVersion`.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// Its namespace, if its kind has namespaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

impl From<&ObjectId> for Identity {
    fn from(id: &ObjectId) -> Self {
        Self {
            api_version: id.gvk().api_version(),
            kind: id.kind().to_owned(),
            namespace: id.namespace().map(str::to_owned),
            name: id.name().to_owned(),
        }
    }
}

/// A cluster that has the object.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    /// The cluster.
    pub cluster: String,
    /// How many replicas it has, where the kind has replicas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i64>,
    /// Why, and what is wrong.
    pub reasons: Vec<Reason>,
}

/// A cluster that does not have the object.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refused {
    /// The cluster.
    pub cluster: String,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// A problem, with its place in the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// How grave it is.
    pub severity: Severity,
    /// The file, `-` for standard input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The number of the document in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// The line in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// A JSON Pointer into the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The code, for machines.
    pub code: Code,
    /// What is wrong and what to do, for people.
    pub message: String,
    /// The repair, where one is certain: a JSON Patch of the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fix: Vec<PatchOperation>,
    /// The line of the file, for people to see, where it may be shown.
    #[serde(skip)]
    pub source_line: Option<String>,
}

impl Problem {
    /// A problem of a whole file, or of what was asked for in its place.
    pub fn of_file(severity: Severity, code: Code, file: &str, message: impl Into<String>) -> Self {
        Self {
            file: Some(file.to_owned()),
            ..Self::anywhere(severity, code, message)
        }
    }

    /// A problem of the input as a whole.
    pub fn anywhere(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self {
            severity,
            file: None,
            document: None,
            line: None,
            column: None,
            path: None,
            code,
            message: message.into(),
            fix: Vec::new(),
            source_line: None,
        }
    }
}

impl Answer {
    /// Takes in problems that came up after the answer was made.
    pub fn add_problems(&mut self, problems: Vec<Problem>, strict: bool) {
        self.problems.extend(problems);
        problems::finish(&mut self.problems, strict);
    }

    /// Is anything wrong?
    pub fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }
}
