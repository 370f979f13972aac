//! Worlds that are made in code: clusters and intents of a few names, so that they meet.

use fed_core::customize::{ImageOverride, ImageParts, KeysOverride};
use fed_core::intent::NamespaceRule;
use fed_core::{
    Cluster, Code, Intent, LabelRequirement, LabelSelector, Mark, Override, PatchOperation,
    Placement, Readiness, Reason,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

const NAMES: &[&str] = &["a", "b", "c", "d", "e"];

/// Names that placements have; not all of them are those of clusters.
const NAMED: &[&str] = &["a", "b", "c", "zoo", "", "Not A Name"];

/// Clusters, of which two may have the same name.
pub(crate) fn clusters() -> impl Strategy<Value = Vec<Cluster>> {
    let readiness = select(vec![
        Readiness::Ready,
        Readiness::NotReady,
        Readiness::Unknown,
    ]);
    let env = option::of(select(vec!["prod", "dev"]));
    let cluster = (select(NAMES), env, readiness).prop_map(|(name, env, readiness)| {
        let cluster = Cluster::new(name).with_readiness(readiness);
        env.into_iter()
            .fold(cluster, |cluster, env| cluster.label("env", env))
    });
    vec(cluster, 0..6)
}

fn selector() -> impl Strategy<Value = LabelSelector> {
    let requirement = (
        select(vec!["env", "not a key"]),
        select(vec!["In", "NotIn", "Exists", "DoesNotExist", "Equals"]),
        vec(select(vec!["prod", "dev"]), 0..2),
    )
        .prop_map(|(key, operator, values)| LabelRequirement::new(key, operator, values));
    let label = option::weighted(0.3, select(vec!["prod", "dev"]));
    (label, vec(requirement, 0..2)).prop_map(|(label, requirements)| {
        let selector = LabelSelector::labels(label.map(|label| ("env", label)));
        requirements.into_iter().fold(selector, LabelSelector::and)
    })
}

fn placement() -> impl Strategy<Value = Placement> {
    let names = option::of(vec(select(NAMED), 0..4));
    (names, option::of(selector())).prop_map(|(names, selector)| {
        let mut placement = names.map_or_else(Placement::nowhere, Placement::clusters);
        placement.cluster_selector = selector;
        placement
    })
}

fn overrides() -> impl Strategy<Value = Vec<Override>> {
    let patch = select(vec![
        PatchOperation::replace("/spec/replicas", 5),
        PatchOperation::remove("/spec/none"),
        PatchOperation::replace("/metadata/name", "other"),
        PatchOperation::replace("/metadata/labels", 7),
        PatchOperation::add("/metadata/labels", json!({})),
    ]);
    let targets = (
        option::of(vec(select(NAMED), 0..3)),
        option::weighted(0.2, selector()),
        vec(select(NAMED), 0..2),
        prop::bool::weighted(0.1),
    );
    let value = select(vec!["x", "$(cluster.name)", "$(cluster.labels['env'])"]);
    let each = (vec(patch, 0..2), option::weighted(0.3, value), targets);
    let each = each.prop_map(|(patches, value, (clusters, selector, exclude, absent))| {
        let mut change = Override::new(patches).except(exclude);
        change.clusters = clusters.map(|names| names.into_iter().map(Into::into).collect());
        change.cluster_selector = selector;
        change.absent = absent;
        if let Some(value) = value {
            change.labels = KeysOverride::set([("told", value)]);
            change.image = vec![ImageOverride::set(ImageParts::registry("example.com"))];
        }
        change
    });
    vec(each, 0..3)
}

fn reason() -> impl Strategy<Value = Reason> {
    let code = select(vec![
        Code::PropagationDisabled,
        Code::UnknownCluster,
        Code::InvalidValue,
    ]);
    code.prop_map(|code| Reason::new(code, "it is switched off"))
}

fn intent() -> impl Strategy<Value = Intent> {
    let object = (
        select(vec![
            ("apps/v1", "Deployment"),
            ("apps/v1beta1", "Deployment"),
            ("v1", "ConfigMap"),
            ("v1", "Namespace"),
        ]),
        select(vec!["shop", "bank"]),
        select(vec!["shop", "rating"]),
    );
    (
        object,
        placement(),
        overrides(),
        option::weighted(0.1, reason()),
        0..3_u8,
    )
        .prop_map(
            |(((api_version, kind), namespace, name), placement, overrides, reason, source)| {
                let object = json!({
                    "apiVersion": api_version, "kind": kind,
                    "metadata": {"name": name, "namespace": namespace},
                    "spec": {"replicas": 2},
                });
                let intent = Intent::of(object)
                    .unwrap()
                    .place(placement)
                    .customize(&overrides);
                let rule = if kind == "Namespace" {
                    NamespaceRule::Governs
                } else {
                    NamespaceRule::Follows
                };
                let intent = match source {
                    0 => intent,
                    1 => intent.with_mark(Mark::KubeFed).with_namespace_rule(rule),
                    _ => {
                        let asking = fed_core::ObjectId::new(
                            intent.target().gvk().clone(),
                            Some(namespace),
                            "asking",
                        );
                        intent.asked_for_by(asking).with_namespace_rule(rule)
                    }
                };
                match reason {
                    Some(reason) => intent.withhold(reason),
                    None => intent,
                }
            },
        )
}

/// Intents, of which some ask for the same object.
pub(crate) fn intents() -> impl Strategy<Value = Vec<Intent>> {
    vec(intent(), 0..7)
}
