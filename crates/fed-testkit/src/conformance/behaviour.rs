//! What is a behaviour, and which are there?

use serde::Deserialize;

use super::lab::{Lab, Mismatch};
use super::step::Step;

/// One rule, and how it is checked.
#[derive(Clone, Debug)]
pub struct Behaviour {
    subject: String,
    rule: String,
    needs: Vec<Need>,
    steps: Vec<Step>,
    cleanup: Vec<String>,
}

/// What a behaviour needs beyond an API server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Need {
    /// Controllers that collect garbage and empty namespaces.
    Controllers,
}

/// Behaviours cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the behaviours of {subject} cannot be read: {source}")]
pub struct Unreadable {
    subject: String,
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// A behaviour as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    rule: String,
    #[serde(default)]
    needs: Vec<Need>,
    steps: Vec<Step>,
    /// Paths outside of the namespace that are deleted in the end.
    #[serde(default)]
    cleanup: Vec<String>,
}

macro_rules! subjects {
    ($($subject:literal,)+) => {
        const SUBJECTS: &[(&str, &str)] =
            &[$(($subject, include_str!(concat!("rules/", $subject, ".yaml"))),)+];
    };
}

subjects! {
    "access",
    "apply",
    "apply-lists",
    "apply-managers",
    "bad-definitions",
    "bodies",
    "contents",
    "creates",
    "custom-applies",
    "custom-objects",
    "custom-rules",
    "custom-subresources",
    "custom-values",
    "definitions",
    "deletes",
    "discovery",
    "events",
    "forms",
    "garbage",
    "leases",
    "lists",
    "namespaces",
    "objects",
    "patches",
    "paths",
    "pods",
    "selectors",
    "services",
    "strategic",
    "subresources",
    "tokens",
    "updates",
    "watches",
    "workloads",
    "writes",
}

impl Behaviour {
    /// The behaviours that come with this crate, by subject.
    ///
    /// # Panics
    ///
    /// Never: a test reads all of them.
    pub fn all() -> Vec<Self> {
        let read = |(subject, text): &(&str, &str)| Self::read(subject, text);
        let all: Result<Vec<_>, _> = SUBJECTS.iter().map(read).collect();
        #[allow(clippy::expect_used, reason = "they are part of the program")]
        let all = all.expect("the rules of this crate can be read");
        all.into_iter().flatten().collect()
    }

    /// Reads behaviours of one subject from a YAML list.
    pub fn read(subject: &str, yaml: &str) -> Result<Vec<Self>, Unreadable> {
        let written: Vec<Written> = serde_saphyr::from_str(yaml).map_err(|error| Unreadable {
            subject: subject.to_owned(),
            source: error.into(),
        })?;
        let behaviours = written.into_iter().map(|written| Self {
            subject: subject.to_owned(),
            rule: written.rule,
            needs: written.needs,
            steps: written.steps,
            cleanup: written.cleanup,
        });
        Ok(behaviours.collect())
    }

    /// What it is about.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The rule that it checks.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// What it needs beyond an API server.
    pub fn needs(&self) -> &[Need] {
        &self.needs
    }

    /// Does the server behave like that?
    pub async fn check(&self, client: &kube::Client) -> Result<(), Mismatch> {
        let mut lab = Lab::open(client.clone(), &self.rule).await?;
        let mut held = Ok(());
        for (number, step) in (1..).zip(&self.steps) {
            held = lab.perform(step).await;
            if let Err(mismatch) = &mut held {
                mismatch.behaviour = format!("{}: {}", self.subject, self.rule);
                mismatch.step = number;
                break;
            }
        }
        lab.close(&self.cleanup).await;
        held
    }
}
