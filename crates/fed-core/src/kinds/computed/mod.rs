//! What do the expressions of a declared kind answer?

mod answers;
mod status;

use serde_json::Value;

use super::aggregate::ClusterStatus;
use super::expressions::KindExpressions;
use super::health::{Health, HealthState};
use super::keep::is_identity;
use super::paths::{Misshapen, Text, put, remove};
use super::reference::{Reference, Remark};
use super::replace::Replacement;
use crate::expression::{Expression, Failure, Misspelt};
use crate::location::Pointer;
use crate::problem::{Code, Severity};
use answers::Named;

/// The expressions of a kind, each read once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Computed {
    replicas: Option<Asked>,
    health: Option<Asked>,
    ready: Option<Asked>,
    retain: Option<Asked>,
    dependencies: Option<Asked>,
    status: Option<Asked>,
    aggregate: Option<Asked>,
    replace: Option<Asked>,
}

/// One expression, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    name: &'static str,
    expression: Expression,
}

impl Computed {
    /// Reads all expressions; `tell` is told of each that is none.
    pub(super) fn read(
        expressions: KindExpressions,
        tell: &mut dyn FnMut(&'static str, Misspelt),
    ) -> Self {
        let mut read = |name, source: Option<String>, variables: &[&str]| {
            let read = Expression::parse(&source?, variables);
            let expression = read.map_err(|fault| tell(name, fault)).ok()?;
            Some(Asked { name, expression })
        };
        Self {
            replicas: read("replicas", expressions.replicas, &["object"]),
            health: read("health", expressions.health, &["object"]),
            ready: read("ready", expressions.ready, &["object"]),
            retain: read("retain", expressions.retain, &["desired", "live"]),
            dependencies: read("dependencies", expressions.dependencies, &["object"]),
            status: read("status", expressions.status, &["object"]),
            aggregate: read("aggregate", expressions.aggregate, &["object", "clusters"]),
            replace: read("replace", expressions.replace, &["before", "after"]),
        }
    }

    /// How many replicas an object wants, if that is computed and can be.
    pub(super) fn replicas(&self, object: &Value) -> Option<i64> {
        self.replicas.as_ref()?.replicas(object).ok()
    }

    /// How an object is, if that is computed.
    pub(super) fn health(&self, object: &Value) -> Option<Health> {
        let asked = self.health.as_ref()?;
        let health = asked.value(&[object]);
        let health = health.and_then(|health| answers::health(&health));
        Some(health.unwrap_or_else(|failure| {
            Health::new(
                HealthState::Unknown,
                "ExpressionFailed",
                asked.told(&failure),
            )
        }))
    }

    /// May a rollout go on, if that is computed? What cannot be said holds it up.
    pub(super) fn is_ready(&self, object: &Value) -> Option<bool> {
        let asked = self.ready.as_ref()?;
        Some(asked.value(&[object]) == Ok(Value::Bool(true)))
    }

    /// `desired` with what is computed to be kept.
    pub(super) fn kept(&self, desired: Value, live: &Value) -> Result<Value, Misshapen> {
        match &self.retain {
            Some(asked) => asked.kept(desired, live),
            None => Ok(desired),
        }
    }

    /// Is anything computed to be kept?
    pub(super) fn keeps(&self) -> bool {
        self.retain.is_some()
    }

    /// To keep twice was to keep something else than to keep once.
    pub(super) fn unsteady(&self) -> Option<Misshapen> {
        let message =
            "asks for something else once its answer is kept: to keep twice must be to keep once";
        Some(self.retain.as_ref()?.misshapen(message))
    }

    /// What an object needs, as far as that is computed and can be.
    pub(super) fn references(&self, object: &Value) -> Vec<Reference> {
        let asked = self.dependencies.as_ref();
        let found = asked.and_then(|asked| asked.references(object).ok());
        found.unwrap_or_default()
    }

    /// What is collected of a status, if that is computed.
    pub(super) fn status(&self, object: &Value) -> Option<Result<Option<Value>, Misshapen>> {
        let asked = self.status.as_ref()?;
        let collected = asked.value(&[object]).and_then(answers::status);
        Some(collected.map_err(|failure| asked.misshapen(has_none(&failure))))
    }

    /// Lays what is computed of the whole over what adds up without it.
    pub(super) fn aggregate(
        &self,
        template: &Value,
        members: &[ClusterStatus<'_>],
        whole: &mut Value,
    ) {
        let Some(asked) = &self.aggregate else {
            return;
        };
        let clusters = status::clusters(members);
        let fields = asked
            .value(&[template, &clusters])
            .and_then(answers::fields);
        match fields {
            Ok(fields) => status::lay_over(whole, fields),
            Err(failure) => status::tell(whole, &asked.told(&failure)),
        }
    }

    /// Why an object has to be made anew, as far as that is computed and can be.
    pub(super) fn replacement(&self, before: &Value, after: &Value) -> Option<Replacement> {
        let hindered = self.replace.as_ref()?.hindrance(before, after).ok()?;
        hindered.map(|path| Replacement::of(path.as_str()))
    }

    /// Which expressions have no value for an object, of those that would tell it nowhere else.
    pub(super) fn remarks(&self, object: &Value) -> Vec<Remark> {
        let replicas = |asked: &Asked| asked.replicas(object).err();
        let dependencies = |asked: &Asked| asked.references(object).err();
        let replace = |asked: &Asked| asked.hindrance(object, object).err();
        let failed = [
            self.replicas.as_ref().map(|asked| (asked, replicas(asked))),
            self.dependencies
                .as_ref()
                .map(|asked| (asked, dependencies(asked))),
            self.replace.as_ref().map(|asked| (asked, replace(asked))),
        ];
        let failed = failed.into_iter().flatten();
        failed
            .filter_map(|(asked, failure)| Some(asked.remark(&failure?)))
            .collect()
    }
}

impl Asked {
    fn value(&self, variables: &[&Value]) -> Result<Value, Failure> {
        self.expression.evaluate(variables)
    }

    fn told(&self, failure: &Failure) -> String {
        format!("the expression {} {}", self.name, has_none(failure))
    }

    fn misshapen(&self, what: impl Into<Text>) -> Misshapen {
        Misshapen::by_expression(self.name, what)
    }

    fn remark(&self, failure: &Failure) -> Remark {
        Remark {
            path: Pointer::root(),
            severity: Severity::Warning,
            code: Code::ExpressionFailed,
            message: self.told(failure),
        }
    }

    fn replicas(&self, object: &Value) -> Result<i64, Failure> {
        let wanted = || Failure::new("it is no whole number");
        self.value(&[object])?.as_i64().ok_or_else(wanted)
    }

    fn references(&self, object: &Value) -> Result<Vec<Reference>, Failure> {
        let named: Vec<Named> = answers::named(self.value(&[object])?)?;
        Ok(named
            .into_iter()
            .map(|one| one.into_reference(object))
            .collect())
    }

    /// The field that hinders an update.
    fn hindrance(&self, before: &Value, after: &Value) -> Result<Option<Pointer>, Failure> {
        match self.value(&[before, after])? {
            Value::String(none) if none.is_empty() => Ok(None),
            Value::String(path) if path.starts_with('/') => Ok(Some(Pointer::from_text(path))),
            _ => Err(Failure::new(
                "it is neither a JSON Pointer nor an empty text",
            )),
        }
    }

    /// `desired` with what is to be kept.
    fn kept(&self, mut desired: Value, live: &Value) -> Result<Value, Misshapen> {
        let fields = self.value(&[&desired, live]).and_then(answers::fields);
        let fields = fields.map_err(|failure| self.misshapen(has_none(&failure)))?;
        for (path, value) in fields {
            if !path.starts_with('/') || is_identity(&path) {
                let message = "keeps something at what is no JSON Pointer such as /spec/field, or \
                               at what names the object";
                return Err(self.misshapen(message));
            }
            match value {
                Value::Null => remove(&mut desired, &path),
                value => put(&mut desired, &path, value)?,
            }
        }
        Ok(desired)
    }
}

fn has_none(failure: &Failure) -> String {
    format!("has no value: {failure}")
}
