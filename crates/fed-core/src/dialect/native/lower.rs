//! What do Propagations ask for? One intent for each plain object that is selected, and additions
//! to the intents of federated objects.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::candidate::{Candidate, Form};
use super::propagation::{Propagation, PropagationSpec};
use super::select::select;
use super::{LATER_FIELDS, plain};
use crate::customize::OverrideSet;
use crate::dialect::kubefed::{Federated, namespace};
use crate::dialect::{Entry, Lost, Sorted, parse, unknown};
use crate::identity::ObjectId;
use crate::intent::{Intent, Origin, Placement};
use crate::kinds::{Kind, Kinds, Scope};
use crate::location::Location;
use crate::problem::{Code, Problem};
use crate::world::Assumptions;

/// A Propagation that could be read.
struct Policy<'d> {
    entry: &'d Entry<'d>,
    namespace: String,
    spec: PropagationSpec,
    overrides: OverrideSet,
}

impl Policy<'_> {
    fn id(&self) -> ObjectId {
        self.entry.id_in(Some(&self.namespace))
    }

    fn field(&self, name: &str) -> Location {
        self.entry.at.child("spec").child(name)
    }
}

/// Lowers all Propagations, and tells which plain objects none of them selects.
pub(crate) fn lower(
    sorted: &Sorted<'_>,
    federated: Vec<(&Entry<'_>, Federated)>,
    kinds: &Kinds,
    assumptions: Assumptions,
    lost: &mut Lost,
    problems: &mut Vec<Problem>,
) -> Vec<Intent> {
    // Made once, and only where there is a Propagation.
    let fields = OnceCell::new();
    let policies: Vec<_> = sorted
        .propagations
        .iter()
        .filter_map(|entry| {
            policy(
                entry,
                fields.get_or_init(unknown::fields_of::<Propagation>),
                assumptions,
                problems,
            )
        })
        .collect();
    lost.policies = policies.len() < sorted.propagations.len();
    let candidates: Vec<_> = sorted
        .plain
        .iter()
        .map(|entry| Candidate::plain(entry, kinds))
        .chain(
            federated
                .into_iter()
                .map(|(entry, form)| Candidate::federated(entry, form)),
        )
        .collect();
    let mut chosen = choose(&policies, &candidates, problems);
    candidates
        .into_iter()
        .enumerate()
        .filter_map(|(i, candidate)| {
            let policies = chosen.remove(&i).unwrap_or_default();
            let id = candidate.id();
            let before = problems.len();
            let intent = one(candidate, &policies, kinds, assumptions, problems);
            if intent.is_none() && !policies.is_empty() {
                lost.objects.insert(id.versionless());
            } else if intent.is_none() && lost.policies {
                // Perhaps one of those that cannot be read selects it.
                problems.truncate(before);
            }
            intent
        })
        .collect()
}

/// Which Propagations choose each candidate, by the candidate's place.
fn choose<'p, 'd>(
    policies: &'p [Policy<'d>],
    candidates: &[Candidate<'_>],
    problems: &mut Vec<Problem>,
) -> BTreeMap<usize, Vec<&'p Policy<'d>>> {
    let mut chosen: BTreeMap<usize, Vec<&Policy<'_>>> = BTreeMap::new();
    for policy in policies {
        for (i, selector) in policy.spec.resources.iter().enumerate() {
            let at = policy.field("resources").child(i);
            match select(selector, &at, &policy.namespace, candidates) {
                Err(problem) => problems.push(problem.about(&policy.id())),
                Ok(places) => {
                    for place in places {
                        let by = chosen.entry(place).or_default();
                        if !by.iter().any(|other| std::ptr::eq(*other, policy)) {
                            by.push(policy);
                        }
                    }
                }
            }
        }
    }
    chosen
}

/// The intent of one candidate under the Propagations that choose it.
fn one(
    candidate: Candidate<'_>,
    policies: &[&Policy<'_>],
    kinds: &Kinds,
    assumptions: Assumptions,
    problems: &mut Vec<Problem>,
) -> Option<Intent> {
    let chosen = match policies {
        [] => None,
        [policy] => Some(*policy),
        several => {
            problems.extend(twice(&candidate.id(), several));
            None
        }
    };
    match (&candidate.form, chosen) {
        (Form::Federated(_), policy) => {
            let Form::Federated(federated) = candidate.form else {
                return None;
            };
            Some(match policy {
                Some(policy) => add(*federated, policy, problems),
                None => federated.intent,
            })
        }
        (Form::Plain(kind), Some(policy)) => intent(
            &candidate,
            kind.as_ref(),
            policy,
            kinds,
            assumptions,
            problems,
        ),
        (Form::Plain(_), None) => {
            if policies.is_empty() && !is_definition(candidate.entry) {
                problems.push(not_propagated(&candidate));
            }
            None
        }
    }
}

/// Reads one Propagation; one that cannot be understood is a problem.
fn policy<'d>(
    entry: &'d Entry<'d>,
    fields: &Value,
    assumptions: Assumptions,
    problems: &mut Vec<Problem>,
) -> Option<Policy<'d>> {
    let namespace = namespace(entry, "default", assumptions, problems)?;
    let id = entry.id_in(Some(&namespace));
    unknown::report(entry, fields, LATER_FIELDS, &id, problems);
    match parse::<Propagation>(entry.value, &entry.at) {
        Err(problem) => {
            problems.push(problem.about(&id));
            None
        }
        Ok(Propagation { spec }) => {
            if spec.resources.is_empty() {
                let message = format!("{id} selects nothing: spec.resources is empty");
                let at = entry.at.child("spec");
                problems.push(
                    Problem::warning(Code::ResourceNotFound, message)
                        .at(at)
                        .about(&id),
                );
            }
            let overrides =
                OverrideSet::native(&spec.overrides, &entry.at.child("spec").child("overrides"));
            Some(Policy {
                entry,
                namespace,
                spec,
                overrides,
            })
        }
    }
}

/// The intent to propagate a plain object.
fn intent(
    candidate: &Candidate<'_>,
    kind: Option<&Arc<dyn Kind>>,
    policy: &Policy<'_>,
    kinds: &Kinds,
    assumptions: Assumptions,
    problems: &mut Vec<Problem>,
) -> Option<Intent> {
    let entry = candidate.entry;
    let Some(kind) = kind else {
        problems.push(unknown_kind(candidate, kinds));
        return None;
    };
    if kind.scope() == Scope::Namespaced {
        namespace(entry, "default", assumptions, problems)?;
    }
    let template = match plain::template(entry.value, &entry.at, problems) {
        Ok(template) => template,
        Err(problem) => {
            problems.push(problem.about(&candidate.id()));
            return None;
        }
    };
    let intent = Intent::new(candidate.id(), template)
        .asked_for_by(candidate.id())
        .place(policy.spec.placement.clone())
        .with_overrides(policy.overrides.clone())
        .with_options(policy.spec.options.clone().unwrap_or_default())
        .with_kind(Arc::clone(kind))
        .with_origin(Origin {
            source: entry.at.clone(),
            template: entry.at.clone(),
            placement: policy.field("placement"),
            division: policy.field("division"),
        });
    Some(match &policy.spec.division {
        Some(division) => intent.divide(division.clone()),
        None => intent,
    })
}

/// Adds to a federated object what it does not say itself.
fn add(federated: Federated, policy: &Policy<'_>, problems: &mut Vec<Problem>) -> Intent {
    let Federated {
        mut intent,
        placement,
        overrides,
        division: division_of_its_own,
        options,
        retains,
    } = federated;
    let source = intent.source().clone();
    if policy.spec.placement != Placement::nowhere() {
        match placement {
            Some(own) => problems.push(set_twice("placement", &own, policy, &source)),
            None => {
                let origin = Origin {
                    placement: policy.field("placement"),
                    ..intent.origin().clone()
                };
                intent = intent
                    .place(policy.spec.placement.clone())
                    .with_origin(origin);
            }
        }
    }
    if let Some(division) = &policy.spec.division {
        match division_of_its_own {
            Some(own) => problems.push(set_twice("division", &own, policy, &source)),
            None => {
                let origin = Origin {
                    division: policy.field("division"),
                    ..intent.origin().clone()
                };
                intent = intent.divide(division.clone()).with_origin(origin);
            }
        }
    }
    if !policy.spec.overrides.is_empty() {
        match overrides {
            Some(own) => problems.push(set_twice("overrides", &own, policy, &source)),
            None => {
                let set = intent.overrides().followed_by(&policy.overrides);
                intent = intent.with_overrides(set);
            }
        }
    }
    if let Some(said) = policy.entry.get("/spec/options") {
        match options {
            Some(own) => problems.push(set_twice("options", &own, policy, &source)),
            // What is not said there stays as KubeFed has it.
            None => {
                if let Some(mut options) = intent.options().overlaid(said) {
                    if let (Some(own), Some(_)) = (retains, said.get("retainReplicas")) {
                        options.retain_replicas = intent.options().retain_replicas;
                        problems.push(set_twice("options.retainReplicas", &own, policy, &source));
                    }
                    intent = intent.with_options(options);
                }
            }
        }
    }
    intent
}

/// Tells that nothing is known of a kind; or, if its name is known, under which `apiVersion`.
fn unknown_kind(candidate: &Candidate<'_>, kinds: &Kinds) -> Problem {
    let (entry, id) = (candidate.entry, candidate.id());
    let mut named = kinds.iter().filter(|kind| kind.kind() == entry.gvk.kind());
    if let (Some(known), None) = (named.next(), named.next()) {
        let right = known.gvk().api_version();
        let message = format!(
            "{id} cannot be planned: there is no {} of {}, write {right}",
            entry.gvk.kind(),
            entry.gvk.api_version()
        );
        let at = entry.at.child("apiVersion");
        return Problem::error(Code::WrongApiVersion, message)
            .at(at)
            .about(&id);
    }
    let message = format!(
        "{id} cannot be planned: nothing is known of {}; add its CustomResourceDefinition, or a \
         FederatedTypeConfig that declares it",
        entry.gvk
    );
    Problem::error(Code::UnknownKind, message)
        .at(entry.at.child("kind"))
        .about(&id)
}

fn set_twice(field: &str, own: &Location, policy: &Policy<'_>, source: &ObjectId) -> Problem {
    let message = format!(
        "{} and {source} both set {field}: that of {source} is used; remove one of them",
        policy.id()
    );
    Problem::error(Code::FieldSetTwice, message)
        .at(policy.field(field))
        .about(source)
        .see_also(own.clone())
}

fn twice(object: &ObjectId, policies: &[&Policy<'_>]) -> Option<Problem> {
    let (first, rest) = policies.split_first()?;
    let names: Vec<_> = policies
        .iter()
        .map(|policy| policy.id().to_string())
        .collect();
    let message = format!(
        "{object} is selected by {}: none of them is used for it",
        names.join(" and ")
    );
    let problem = Problem::error(Code::PropagatedTwice, message)
        .at(first.field("resources"))
        .about(object);
    Some(rest.iter().fold(problem, |problem, other| {
        problem.see_also(other.field("resources"))
    }))
}

/// Does it say what a kind is? Then it stands there for that.
fn is_definition(entry: &Entry<'_>) -> bool {
    entry.gvk.kind() == "CustomResourceDefinition" && entry.gvk.group() == "apiextensions.k8s.io"
}

fn not_propagated(candidate: &Candidate<'_>) -> Problem {
    let id = candidate.id();
    let message = format!("{id} is not propagated: no Propagation selects it");
    Problem::note(Code::NotPropagated, message)
        .at(candidate.entry.at.clone())
        .about(&id)
}
