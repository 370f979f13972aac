//! How is a fault of a manifest told? In a sentence, at the place where people wrote it.

use serde_json::Value;

use super::fault::{Fault, Violation};
use super::locate::{Place, locate};
use super::{Schemas, repair};
use crate::dialect::field_name;
use crate::fleet::Cluster;
use crate::intent::Intent;
use crate::kinds;
use crate::location::{Location, Pointer};
use crate::problem::{Code, Problem, Severity};

/// All that is wrong with the manifest of an intent for a cluster.
///
/// A fault is the same problem in every cluster that has it, as it stands in one place.
pub(crate) fn problems(
    schemas: Option<&dyn Schemas>,
    intent: &Intent,
    cluster: &Cluster,
    manifest: &Value,
) -> Vec<Problem> {
    if let Some(problem) = retired(intent, cluster, manifest) {
        return vec![problem];
    }
    let told = |violation: &Violation| tell(intent, cluster, manifest, violation);
    let mut problems: Vec<_> = match schemas.map(|schemas| schemas.violations(manifest)) {
        None => Vec::new(),
        Some(None) => vec![unknown_type(schemas, intent, cluster, manifest)],
        Some(Some(violations)) => violations
            .iter()
            .filter(|one| !is_consequence(one, &violations))
            .map(told)
            .collect(),
    };
    let remarks = intent
        .kind()
        .map_or_else(Vec::new, |kind| kind.remarks(manifest));
    problems.extend(remarks.into_iter().map(|remark| {
        let rule = Fault::Rule {
            severity: remark.severity,
            code: remark.code,
            message: remark.message,
        };
        told(&Violation::new(remark.path, rule))
    }));
    problems
}

/// Is a field only missing because what belongs into it stands elsewhere?
fn is_consequence(violation: &Violation, all: &[Violation]) -> bool {
    let Fault::Missing { field } = &violation.fault else {
        return false;
    };
    let missing = violation.path.child(field);
    all.iter()
        .filter_map(right_place)
        .any(|place| place.starts_with(&missing))
}

/// Where a misplaced field belongs.
fn right_place(violation: &Violation) -> Option<Pointer> {
    let Fault::Unknown {
        belongs: Some(rest),
        ..
    } = &violation.fault
    else {
        return None;
    };
    Some(violation.path.parent()?.join(rest.as_str()))
}

fn tell(intent: &Intent, cluster: &Cluster, manifest: &Value, violation: &Violation) -> Problem {
    let place = locate(intent, cluster, manifest, &at(violation));
    // Told as it was written, it is one fault in all clusters, however their lists are shifted.
    let violation = &match &place {
        Place::Template(_, path) => as_written(violation, path),
        _ => violation.clone(),
    };
    let (severity, code, mut message) = sentence(violation);
    let mut fix = Vec::new();
    match &place {
        Place::Template(..) => {
            if let Some(advice) = repair::advice(intent, violation) {
                message = format!("{message}: {advice}");
            }
            fix = repair::repair(intent, violation, right_place(violation).as_ref());
        }
        Place::Removed(_) => message = format!("{message}: this override removes it"),
        Place::Override(_) | Place::Source(_) => {}
    }
    let at = match (place, &violation.fault) {
        // What is missing has no place of its own: the object that it is missing in has.
        (Place::Template(at, _) | Place::Override(at), Fault::Missing { .. }) => {
            let path = at.path.parent().unwrap_or_default();
            Location { path, ..at }
        }
        (place, _) => place.into_location(),
    };
    Problem::new(severity, code, message)
        .about(intent.source())
        .at(at)
        .with_fix(fix)
}

/// The fault with its place in the template.
fn as_written(violation: &Violation, path: &Pointer) -> Violation {
    let path = match &violation.fault {
        Fault::Missing { .. } => path.parent().unwrap_or_default(),
        _ => path.clone(),
    };
    Violation::new(path, violation.fault.clone())
}

/// The place that a fault is about. What is missing may have been removed by an override, so its
/// own place is asked for.
fn at(violation: &Violation) -> Pointer {
    match &violation.fault {
        Fault::Missing { field } => violation.path.child(field),
        _ => violation.path.clone(),
    }
}

fn sentence(violation: &Violation) -> (Severity, Code, String) {
    let name = field_name(&violation.path);
    let error = |code, message| (Severity::Error, code, message);
    let warning = |code, message| (Severity::Warning, code, message);
    match &violation.fault {
        Fault::WrongType { wanted, found } => error(
            Code::InvalidValue,
            format!("{name} must be {wanted}, not {found}"),
        ),
        Fault::Missing { field } => {
            let name = field_name(&violation.path.child(field));
            error(Code::MissingField, format!("{name} is missing"))
        }
        Fault::NotAllowed { allowed } => {
            let message = format!("{name} must be one of: {}", allowed.join(", "));
            error(Code::InvalidValue, message)
        }
        Fault::Unknown {
            belongs: Some(rest),
            ..
        } => {
            let parent = violation.path.parent().unwrap_or_default();
            let right = field_name(&parent.join(rest.as_str()));
            let message = format!("{name} stands in the wrong place: it belongs at {right}");
            error(Code::MisplacedField, message)
        }
        Fault::Unknown {
            meant: Some(meant),
            belongs: None,
        } => {
            let message = format!("{name} is not a known field: did you mean {meant}?");
            warning(Code::UnknownField, message)
        }
        Fault::Unknown {
            meant: None,
            belongs: None,
        } => {
            let message =
                format!("{name} is not a known field: a server that does not know it drops it");
            warning(Code::UnknownField, message)
        }
        Fault::DuplicateItem { keys, first } => {
            let list = field_name(&violation.path.parent().unwrap_or_default());
            let message = format!(
                "{name} has the same {} as {list}[{first}]: server-side apply refuses that",
                keys.join(" and ")
            );
            warning(Code::DuplicateItem, message)
        }
        Fault::Rule {
            severity,
            code,
            message,
        } => (*severity, *code, format!("{name}: {message}")),
    }
}

/// Tells that the type of an object is served no more.
fn retired(intent: &Intent, cluster: &Cluster, manifest: &Value) -> Option<Problem> {
    let gvk = intent.target().gvk();
    let retirement = kinds::retired(gvk)?;
    let (old, kind, since) = (gvk.api_version(), gvk.kind(), retirement.removed_in);
    let place = locate(
        intent,
        cluster,
        manifest,
        &Pointer::from_text("/apiVersion"),
    );
    let mut message = format!("Kubernetes serves no {kind} of {old} since {since}");
    let mut fix = Vec::new();
    if let Some(now) = &retirement.successor {
        let now = now.api_version();
        message = format!("{message}: write {now}");
        match &place {
            Place::Template(at, _) if retirement.same_shape => {
                fix = repair::replace(at, now.into());
            }
            _ => message.push_str(", whose fields have changed"),
        }
    }
    let problem = Problem::error(Code::RetiredVersion, message).about(intent.source());
    Some(problem.at(place.into_location()).with_fix(fix))
}

/// Tells that nothing is known of a type, or that its kind has another version.
fn unknown_type(
    schemas: Option<&dyn Schemas>,
    intent: &Intent,
    cluster: &Cluster,
    manifest: &Value,
) -> Problem {
    let gvk = intent.target().gvk();
    let served = schemas.and_then(|schemas| schemas.served(gvk.group(), gvk.kind()));
    let Some(right) = served else {
        return not_checked(intent);
    };
    let right = right.api_version();
    let message = format!(
        "there is no {} of {}: write {right}",
        gvk.kind(),
        gvk.api_version()
    );
    let place = locate(
        intent,
        cluster,
        manifest,
        &Pointer::from_text("/apiVersion"),
    );
    let fix = match &place {
        Place::Template(at, _) => repair::replace(at, right.into()),
        _ => Vec::new(),
    };
    let problem = Problem::error(Code::WrongApiVersion, message).about(intent.source());
    problem.at(place.into_location()).with_fix(fix)
}

fn not_checked(intent: &Intent) -> Problem {
    let gvk = intent.target().gvk();
    let message = format!(
        "the fields of {} are not checked: nothing is known of {gvk}; add its \
         CustomResourceDefinition to the input",
        intent.target()
    );
    Problem::note(Code::NotChecked, message)
        .at(intent.origin().source.clone())
        .about(intent.source())
}
