//! Has an object a name, and may it have this one? Each kind has its own form of names.

use super::forms::Form;
use super::spot::{Fields, Spot, list, text};
use crate::Kind;
use crate::check::violation::Rule;

/// All annotations of an object together may be no larger.
const ANNOTATIONS: usize = 256 << 10;

/// The kinds whose names are no DNS subdomains, by group.
const FORMS: [(&str, &[&str], Form); 7] = [
    ("", &["Event"], Form::PathSegment),
    ("policy", &["PodDisruptionBudget"], Form::PathSegment),
    ("", &["Namespace"], Form::Label),
    ("", &["Service"], Form::Label),
    ("apps", &["StatefulSet"], Form::Label),
    ("networking.k8s.io", &["IPAddress"], Form::Address),
    (
        "rbac.authorization.k8s.io",
        &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
        Form::PathSegment,
    ),
];

/// A `CronJob`'s Jobs have its name and eleven characters more.
const CRON_JOB: usize = 52;

/// Questions to a server rather than objects: they have no names.
const NAMELESS: [&str; 2] = ["authentication.k8s.io", "authorization.k8s.io"];

/// A kind whose objects are named by the server where they have no name.
const NAMED_BY_SERVER: &str = "LimitRange";

/// Says what is wrong with the metadata of an object.
pub(super) fn check(kind: Kind<'_>, spot: &mut Spot<'_>) {
    let empty = Fields::new();
    let metadata = spot.object("metadata").unwrap_or(&empty);
    if !NAMELESS.contains(&kind.group()) {
        name(kind, metadata, spot);
        keys(metadata, spot);
        labels(metadata, "metadata", spot);
    }
}

/// Says which labels have no lawful key or value.
pub(super) fn labels(metadata: &Fields, place: &str, spot: &mut Spot<'_>) {
    let labels = metadata
        .get("labels")
        .and_then(serde_json::Value::as_object);
    let place = format!("{place}/labels");
    for (key, value) in labels.into_iter().flatten() {
        if let Some(message) = Form::LabelKey.fault_of(key) {
            spot.say_of_key(&place, key, Rule::Name, format!("the key {message}"));
        }
        if let Some(message) = Form::LabelValue.fault(value) {
            spot.say_of_key(&place, key, Rule::Name, message);
        }
    }
}

fn name(kind: Kind<'_>, metadata: &Fields, spot: &mut Spot<'_>) {
    let form = form_of(kind);
    let (name, prefix) = (text(metadata, "name"), text(metadata, "generateName"));
    if !prefix.is_empty() {
        // Characters are put after it.
        if let Some(message) = form.fault_of(prefix.strip_suffix('-').unwrap_or(prefix)) {
            spot.say("metadata/generateName", Rule::Name, message);
        }
    }
    if !name.is_empty() {
        if let Some(message) = form.fault_of(name) {
            spot.say("metadata/name", Rule::Name, message);
        } else if kind.kind() == "CronJob" && name.len() > CRON_JOB {
            let message = format!("must be no longer than {CRON_JOB}: its Jobs' names are longer");
            spot.say("metadata/name", Rule::Name, message);
        }
    } else if prefix.is_empty() && kind.kind() != NAMED_BY_SERVER {
        spot.say(
            "metadata/name",
            Rule::Name,
            "must be there: every object has a name",
        );
    }
}

fn form_of(kind: Kind<'_>) -> Form {
    let is_about = |(group, kinds, _): &&(&str, &[&str], Form)| {
        *group == kind.group() && kinds.contains(&kind.kind())
    };
    FORMS
        .iter()
        .find(is_about)
        .map_or(Form::Subdomain, |(.., form)| *form)
}

/// Keys of annotations and finalizers; labels have a form wherever they stand.
fn keys(metadata: &Fields, spot: &mut Spot<'_>) {
    let namespace = text(metadata, "namespace");
    if let Some(message) = Form::Label
        .fault_of(namespace)
        .filter(|_| !namespace.is_empty())
    {
        spot.say("metadata/namespace", Rule::Name, message);
    }
    for (index, finalizer) in list(metadata, "finalizers").iter().enumerate() {
        let finalizer = finalizer.as_str().unwrap_or_default();
        if let Some(message) = Form::LabelKey.fault_of(finalizer) {
            spot.say(&format!("metadata/finalizers/{index}"), Rule::Name, message);
        }
    }
    let annotations = metadata
        .get("annotations")
        .and_then(serde_json::Value::as_object);
    let mut size = 0;
    for (key, value) in annotations.into_iter().flatten() {
        size += key.len() + value.as_str().unwrap_or_default().len();
        if let Some(message) = Form::LabelKey.fault_of(&key.to_lowercase()) {
            spot.say_of_key(
                "metadata/annotations",
                key,
                Rule::Name,
                format!("the key {message}"),
            );
        }
    }
    if size > ANNOTATIONS {
        spot.say(
            "metadata/annotations",
            Rule::Value,
            "must be no larger than 256 KiB in all",
        );
    }
    let owners = list(metadata, "ownerReferences").iter();
    let mut controllers: Vec<_> = owners
        .filter(|owner| owner.get("controller") == Some(&true.into()))
        .map(|owner| owner.get("uid").and_then(serde_json::Value::as_str))
        .collect();
    controllers.dedup();
    if controllers.len() > 1 {
        spot.say(
            "metadata/ownerReferences",
            Rule::Combination,
            "must name one controller at most",
        );
    }
}
