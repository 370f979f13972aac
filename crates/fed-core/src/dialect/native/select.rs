//! Which objects of the input does a Propagation mean?

use super::candidate::Candidate;
use super::propagation::ResourceSelector;
use crate::identity::GroupVersionKind;
use crate::intent::LabelSelector;
use crate::location::Location;
use crate::problem::{Code, Problem};

/// The places, in `candidates`, of what a selector in a Propagation of this namespace chooses.
/// Choosing nothing is a problem.
pub(super) fn select(
    selector: &ResourceSelector,
    at: &Location,
    namespace: &str,
    candidates: &[Candidate<'_>],
) -> Result<Vec<usize>, Problem> {
    if let Some(Err(fault)) = selector.label_selector.as_ref().map(LabelSelector::check) {
        let at = at.child("labelSelector").join(fault.path.as_str());
        return Err(Problem::error(Code::InvalidSelector, fault.message).at(at));
    }
    if selector.name.is_none() && selector.label_selector.is_none() {
        let message = "this selects nothing: write a name, or a labelSelector (`{}` for all)";
        return Err(Problem::warning(Code::ResourceNotFound, message).at(at.clone()));
    }
    let gvk = GroupVersionKind::from_api_version(&selector.api_version, &selector.kind);
    let matching: Vec<_> = candidates
        .iter()
        .enumerate()
        .filter(|(_, candidate)| {
            candidate.entry.gvk.same_kind(&gvk) && chooses(selector, candidate)
        })
        .collect();
    let reached: Vec<_> = matching
        .iter()
        .filter(|(_, candidate)| reaches(selector, namespace, candidate))
        .map(|(i, _)| *i)
        .collect();
    if reached.is_empty() {
        let out_of_reach = matching.first().map(|(_, candidate)| *candidate);
        return Err(nothing(selector, at, namespace, out_of_reach));
    }
    Ok(reached)
}

/// Is it within reach? A Propagation selects in its own namespace; what has no namespace must be
/// named.
fn reaches(selector: &ResourceSelector, namespace: &str, candidate: &Candidate<'_>) -> bool {
    match &candidate.namespace {
        Some(other) => other == namespace,
        None => selector.name.is_some(),
    }
}

fn chooses(selector: &ResourceSelector, candidate: &Candidate<'_>) -> bool {
    let named = selector
        .name
        .as_ref()
        .is_none_or(|name| *name == candidate.entry.name);
    let labels = selector.label_selector.as_ref();
    named && labels.is_none_or(|labels| labels.matches(&candidate.labels()))
}

fn nothing(
    selector: &ResourceSelector,
    at: &Location,
    namespace: &str,
    out_of_reach: Option<&Candidate<'_>>,
) -> Problem {
    let what = match &selector.name {
        Some(name) => format!("{} {name}", selector.kind),
        None => format!("{} with these labels", selector.kind),
    };
    let but = match out_of_reach.map(|candidate| &candidate.namespace) {
        Some(Some(other)) => format!(
            "; there is one in namespace {other}, but a Propagation only selects in its own"
        ),
        Some(None) => "; what has no namespace must be selected by name".to_owned(),
        None => String::new(),
    };
    let message = format!(
        "there is no {} {what} in namespace {namespace} of the input{but}",
        selector.api_version
    );
    Problem::warning(Code::ResourceNotFound, message).at(at.clone())
}
