//! How does KubeFed bring objects to clusters and take them away? What its configuration and the
//! annotations of a federated object say of it, as options.

use serde::Deserialize;
use serde_json::Value;

use super::constants::{CONFIG_NAME, DELETE_OPTIONS_ANNOTATION, ORPHAN_ANNOTATION};
use crate::dialect::Entry;
use crate::identity::ObjectId;
use crate::location::Location;
use crate::problem::{Code, Problem};
use crate::reconcile::{Adoption, Options, Removal};

/// What stands in the annotation: Kubernetes' `DeleteOptions`, as far as KubeFed took it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeleteOptions {
    grace_period_seconds: Option<u32>,
    propagation_policy: Option<PropagationPolicy>,
}

#[derive(Deserialize)]
enum PropagationPolicy {
    Background,
    Foreground,
    Orphan,
}

/// The options of a federated object, and where it says something of them itself.
pub(super) fn options(
    entry: &Entry<'_>,
    adoption: Adoption,
    source: &ObjectId,
    problems: &mut Vec<Problem>,
) -> (Options, Option<Location>) {
    let mut options = Options::kubefed();
    options.adoption = adoption;
    let mut said = None;
    if let Some(text) = entry.annotation(DELETE_OPTIONS_ANNOTATION) {
        let at = entry.annotation_at(DELETE_OPTIONS_ANNOTATION);
        match text.as_str().map(serde_json::from_str::<DeleteOptions>) {
            Some(Ok(asked)) => {
                options.grace_period_seconds = asked.grace_period_seconds;
                options.removal = match asked.propagation_policy {
                    Some(PropagationPolicy::Foreground) => Removal::Foreground,
                    Some(PropagationPolicy::Orphan) => Removal::LeaveOwned,
                    Some(PropagationPolicy::Background) | None => Removal::Background,
                };
            }
            _ => problems.push(not_understood(&at).about(source)),
        }
        said = Some(at);
    }
    if entry.annotation(ORPHAN_ANNOTATION).and_then(Value::as_str) == Some("true") {
        options.withdrawal = Some(Removal::Orphan);
        said = Some(entry.annotation_at(ORPHAN_ANNOTATION));
    }
    (options, said)
}

fn not_understood(at: &Location) -> Problem {
    let message = format!(
        "the annotation {DELETE_OPTIONS_ANNOTATION} has no effect: it must hold JSON such as \
         {{\"propagationPolicy\":\"Foreground\",\"gracePeriodSeconds\":30}}"
    );
    Problem::error(Code::InvalidValue, message).at(at.clone())
}

/// Does KubeFed take over what was there before? It does, unless a configuration says otherwise.
pub(crate) fn adoption(configs: &[Entry<'_>]) -> Adoption {
    let mut said = configs
        .iter()
        .filter(|entry| entry.name == CONFIG_NAME)
        .filter_map(|entry| entry.get("/spec/syncController/adoptResources")?.as_str());
    if said.any(|said| said == "Disabled") {
        Adoption::Never
    } else {
        Adoption::Always
    }
}
