//! What does a federated object ask for? One Federated object becomes one intent.

use std::sync::Arc;

use serde_json::Value;

use super::api::{self, FederatedObject};
use super::constants::{IGNORED_NAMESPACES, MANAGED_LABEL, MANAGED_TRUE};
use super::types::FederatedType;
use super::{delivery, placement};
use crate::customize::OverrideSet;
use crate::customize::kubefed::{PlacedReplicas, override_set};
use crate::dialect::{Entry, parse};
use crate::identity::{GroupVersionKind, ObjectId};
use crate::intent::{Absence, Intent, Mark, NamespaceRule, Origin, Template, empty_object};
use crate::kinds::{Kind, Scope, successor};
use crate::location::Location;
use crate::problem::{Code, Problem, Reason};
use crate::reconcile::Adoption;
use crate::world::Assumptions;

/// The intent of a federated object, and which of its fields it sets itself.
#[derive(Debug)]
pub(crate) struct Federated {
    pub(crate) intent: Intent,
    pub(crate) placement: Option<Location>,
    pub(crate) overrides: Option<Location>,
    /// What divides its replicas, if anything does.
    pub(crate) division: Option<Location>,
    pub(crate) options: Option<Location>,
    /// Whether its clusters decide how many replicas they have.
    pub(crate) retains: Option<Location>,
}

/// Lowers one federated object; `None` when it cannot be understood, which is then a problem.
pub(super) fn lower(
    entry: &Entry<'_>,
    federated: &FederatedType,
    adoption: Adoption,
    assumptions: Assumptions,
    problems: &mut Vec<Problem>,
) -> Option<Federated> {
    let (source, target) = identify(entry, federated, assumptions, problems)?;
    let spec = entry.at.child("spec");
    if !matches!(entry.get("/spec"), None | Some(Value::Object(_))) {
        let problem = Problem::error(Code::InvalidValue, "spec must be an object");
        problems.push(problem.at(spec).about(&source));
        return None;
    }
    let template = template(entry, &source, &target, problems)?;
    if let Ok(parsed) = parse::<FederatedObject>(entry.value, &entry.at) {
        let unknown = api::unknown_fields(&parsed, &entry.at).into_iter();
        problems.extend(unknown.map(|problem| problem.about(&source)));
    }

    let (mut options, said) = delivery::options(entry, adoption, &source, problems);
    options.collect_status = federated.collects_status;
    let retains = retains(entry, &source, problems);
    options.retain_replicas = retains.unwrap_or_default();
    let mut intent = Intent::new(target, template)
        .asked_for_by(source.clone())
        .with_options(options)
        .with_absence(Absence::Waits)
        .with_mark(Mark::KubeFed);
    let replicas_path = federated.target.replicas_path();
    intent = intent
        .with_namespace_rule(namespace_rule(federated.target.as_ref()))
        .with_kind(Arc::clone(&federated.target));

    let (placement, overrides) = placement_and_overrides(entry, &source, replicas_path, problems);
    intent = match placement {
        Ok(placement) => intent
            .place(placement::lower(&placement))
            .with_selector_alone(placement::without_list(&placement)),
        Err(reason) => intent.withhold(reason),
    };
    intent = intent.with_overrides(overrides).with_origin(Origin {
        source: entry.at.clone(),
        template: spec.child("template"),
        placement: spec.child("placement"),
        division: spec.clone(),
    });
    if let Some(reason) = withheld(entry, federated) {
        problems.push(
            Problem::warning(reason.code, reason.message.clone())
                .at(entry.at.clone())
                .about(&source),
        );
        intent = intent.withhold(reason);
    }
    Some(Federated {
        intent,
        placement: entry
            .get("/spec/placement")
            .map(|_| spec.child("placement")),
        overrides: entry
            .get("/spec/overrides")
            .map(|_| spec.child("overrides")),
        division: None,
        options: said,
        retains: retains.map(|_| spec.child("retainReplicas")),
    })
}

fn is_namespace(kind: &dyn Kind) -> bool {
    kind.kind() == "Namespace" && kind.group().is_empty()
}

fn namespace_rule(kind: &dyn Kind) -> NamespaceRule {
    match kind.scope() {
        _ if is_namespace(kind) => NamespaceRule::Governs,
        Scope::Namespaced => NamespaceRule::Follows,
        Scope::Cluster => NamespaceRule::Independent,
    }
}

fn withheld(entry: &Entry<'_>, federated: &FederatedType) -> Option<Reason> {
    if is_namespace(federated.target.as_ref()) && IGNORED_NAMESPACES.contains(&entry.name.as_str())
    {
        let message = format!(
            "namespace {} belongs to each cluster and is never propagated",
            entry.name
        );
        return Some(Reason::new(Code::SystemNamespace, message));
    }
    federated.disabled.clone()
}

/// The identities of the federated object and of what it stands for.
fn identify(
    entry: &Entry<'_>,
    federated: &FederatedType,
    assumptions: Assumptions,
    problems: &mut Vec<Problem>,
) -> Option<(ObjectId, ObjectId)> {
    let kind = &federated.target;
    let gvk = target_type(entry, federated, problems);
    if kind.scope() == Scope::Namespaced {
        let namespace = namespace(entry, "default", assumptions, problems)?;
        return Some((
            entry.id_in(Some(&namespace)),
            ObjectId::new(gvk, Some(&namespace), &entry.name),
        ));
    }
    if !is_namespace(kind.as_ref()) {
        return Some((entry.id_in(None), ObjectId::new(gvk, None, &entry.name)));
    }
    let namespace = namespace(entry, &entry.name, assumptions, problems)?;
    if namespace != entry.name {
        let message = format!(
            "{} must be in the namespace of its own name, {}, not in {namespace}",
            entry.id(),
            entry.name
        );
        let at = entry.at.child("metadata").child("namespace");
        problems.push(
            Problem::error(Code::NamespaceNameMismatch, message)
                .at(at)
                .about(&entry.id()),
        );
        return None;
    }
    Some((
        entry.id_in(Some(&namespace)),
        ObjectId::new(gvk, None, &entry.name),
    ))
}

/// The type that clusters are to have: the template's own `apiVersion`, where it has one.
fn target_type(
    entry: &Entry<'_>,
    federated: &FederatedType,
    problems: &mut Vec<Problem>,
) -> GroupVersionKind {
    let kind = federated.target.gvk();
    let Some(stated) = entry
        .get("/spec/template/apiVersion")
        .and_then(Value::as_str)
    else {
        return kind;
    };
    let stated = GroupVersionKind::from_api_version(stated, kind.kind());
    // A retired version is told with the manifest, which it is a fault of.
    if stated.same_kind(&kind) || successor(&stated).is_some_and(|now| now.same_kind(&kind)) {
        return stated;
    }
    let message = format!(
        "the template's apiVersion is {}, but a {} is {}, which is used instead",
        stated.api_version(),
        kind.kind(),
        kind.api_version()
    );
    let at = entry.at.join("/spec/template/apiVersion");
    problems.push(
        Problem::error(Code::WrongApiVersion, message)
            .at(at)
            .about(&entry.id()),
    );
    kind
}

/// The namespace of an object that must have one: its own, or the one that may be assumed.
pub(crate) fn namespace(
    entry: &Entry<'_>,
    default: &str,
    assumptions: Assumptions,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    if let Some(namespace) = &entry.namespace {
        return Some(namespace.clone());
    }
    let (problem, namespace) = if assumptions.missing_namespaces_are_default {
        let message = format!("{} has no namespace, and is taken in {default}", entry.id());
        (
            Problem::note(Code::NamespaceDefaulted, message),
            Some(default.to_owned()),
        )
    } else {
        let message = format!("{} has no namespace: write metadata.namespace", entry.id());
        (Problem::error(Code::MissingField, message), None)
    };
    problems.push(
        problem
            .at(entry.at.child("metadata"))
            .about(&entry.id_in(Some(default))),
    );
    namespace
}

fn template(
    entry: &Entry<'_>,
    source: &ObjectId,
    target: &ObjectId,
    problems: &mut Vec<Problem>,
) -> Option<Template> {
    let at = entry.at.join("/spec/template");
    let mut value = entry
        .get("/spec/template")
        .cloned()
        .unwrap_or_else(empty_object);
    let metadata = value.get_mut("metadata").and_then(Value::as_object_mut);
    if let Some(finalizers) = metadata.and_then(|metadata| metadata.remove("finalizers"))
        && !finalizers.is_null()
    {
        let message = "finalizers are not propagated: each cluster keeps its own";
        problems.push(
            Problem::warning(Code::FieldDropped, message)
                .at(at.join("/metadata/finalizers"))
                .about(source),
        );
    }
    let otherwise = named_otherwise(entry, target)
        .into_iter()
        .chain(marked_otherwise(entry));
    problems.extend(otherwise.map(|problem| problem.about(source)));
    match Template::parse(value, &at) {
        Ok(template) => Some(template),
        Err(problem) => {
            problems.push(problem.about(source));
            None
        }
    }
}

/// Tells that the template's own value of the managed label does not count.
fn marked_otherwise(entry: &Entry<'_>) -> Option<Problem> {
    let labels = entry.get("/spec/template/metadata/labels")?;
    let own = labels
        .get(MANAGED_LABEL)
        .filter(|own| *own != MANAGED_TRUE)?;
    let message = format!("the label {MANAGED_LABEL} is {MANAGED_TRUE:?} on every managed object");
    let at = entry
        .at
        .join("/spec/template/metadata/labels")
        .child(MANAGED_LABEL);
    (!own.is_null()).then(|| Problem::note(Code::FieldDropped, message).at(at))
}

/// What a template says of the object's identity that is not so, and is left out.
fn named_otherwise(entry: &Entry<'_>, target: &ObjectId) -> Vec<Problem> {
    let identity = [
        ("kind", Some(target.kind())),
        ("metadata/namespace", target.namespace()),
        ("metadata/name", Some(target.name())),
    ];
    let otherwise = identity.into_iter().filter_map(|(field, right)| {
        let place = format!("/spec/template/{field}");
        entry
            .get(&place)
            .filter(|written| written.as_str() != right)?;
        let is = right.map_or("has none".to_owned(), |right| format!("has {right}"));
        let field = field.replace('/', ".");
        let message = format!("{field} of the template is not propagated: {target} {is}");
        Some(Problem::note(Code::FieldDropped, message).at(entry.at.join(&place)))
    });
    otherwise.collect()
}

/// The placement, and the overrides with the replicas that it asks for. An unreadable placement is
/// a problem, and the reason to place the object nowhere.
fn placement_and_overrides(
    entry: &Entry<'_>,
    source: &ObjectId,
    replicas_path: Option<&str>,
    problems: &mut Vec<Problem>,
) -> (Result<api::Placement, Reason>, OverrideSet) {
    let overrides_at = entry.at.join("/spec/overrides");
    let overrides = |replicas: &[PlacedReplicas]| {
        let path = replicas_path.unwrap_or_default();
        override_set(entry.get("/spec/overrides"), &overrides_at, path, replicas)
    };
    let Some(value) = entry.get("/spec/placement") else {
        return (Ok(api::Placement::default()), overrides(&[]));
    };
    let at = entry.at.join("/spec/placement");
    match parse::<api::Placement>(value, &at) {
        Ok(placement) => {
            problems.extend(placement::ignored_selector(&placement, &at, source));
            let (numbers, faults) =
                placement::replicas(&placement, &at, replicas_path, source, problems);
            let overrides = overrides(&numbers).with_faults(faults);
            (Ok(placement), overrides)
        }
        Err(problem) => {
            let why = format!("its placement cannot be read: {}", problem.message);
            let reason = Reason::new(problem.code, why);
            problems.push(problem.about(source));
            (Err(reason), overrides(&[]))
        }
    }
}

/// Does each cluster decide how many replicas it has? Nothing where the object does not say.
fn retains(entry: &Entry<'_>, source: &ObjectId, problems: &mut Vec<Problem>) -> Option<bool> {
    match entry.get("/spec/retainReplicas")? {
        Value::Null => None,
        Value::Bool(retains) => Some(*retains),
        _ => {
            let message = "spec.retainReplicas has no effect: it must be true or false";
            let problem = Problem::error(Code::InvalidValue, message);
            let at = entry.at.join("/spec/retainReplicas");
            problems.push(problem.at(at).about(source));
            None
        }
    }
}
