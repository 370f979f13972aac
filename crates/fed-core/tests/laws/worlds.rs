//! Worlds that are made in code: clusters and intents of a few names, so that they meet.

use fed_core::customize::{ImageOverride, ImageParts, KeysOverride};
use fed_core::intent::NamespaceRule;
use fed_core::{
    Affinity, Cluster, Code, Division, DivisionMethod, Intent, LabelRequirement, LabelSelector,
    Mark, Override, PatchOperation, Placement, Readiness, Reason, ShareRule, Spread, SpreadBy,
    Taint, TaintEffect, Toleration, Topology,
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
        Readiness::Lost,
        Readiness::Unknown,
    ]);
    let env = option::of(select(vec!["prod", "dev"]));
    let place = (
        select(vec!["", "aws", "gcp"]),
        select(vec!["", "east", "west"]),
        vec(select(vec!["1", "2"]), 0..3),
    )
        .prop_map(|(provider, region, zones)| Topology::new(provider, region).in_zones(zones));
    let taint = option::weighted(0.3, (select(vec!["a", "b"]), select(&TaintEffect::ALL[..])));
    let cluster = (select(NAMES), env, readiness, place, taint).prop_map(
        |(name, env, readiness, place, taint)| {
            let cluster = Cluster::new(name).with_readiness(readiness).located(place);
            let cluster = env
                .into_iter()
                .fold(cluster, |cluster, env| cluster.label("env", env));
            taint.into_iter().fold(cluster, |cluster, (key, effect)| {
                cluster.taint(Taint::new(key, effect))
            })
        },
    );
    vec(cluster, 0..6)
}

fn toleration() -> impl Strategy<Value = Toleration> {
    let seconds = option::of(select(vec![-1, 0, 60, i64::MAX]));
    (select(vec!["a", "b", ""]), seconds).prop_map(|(key, seconds)| {
        let toleration = Toleration::of_key(key);
        seconds
            .into_iter()
            .fold(toleration, Toleration::for_seconds)
    })
}

fn affinity() -> impl Strategy<Value = Affinity> {
    prop_oneof![
        vec(select(NAMED), 0..3).prop_map(Affinity::clusters),
        selector().prop_map(Affinity::selector),
    ]
}

fn spread() -> impl Strategy<Value = Spread> {
    let by = select(&SpreadBy::ALL[..]);
    let bound = || option::of(0..4_u32);
    (by, option::of(Just("env")), bound(), bound()).prop_map(|(by, label, min, max)| {
        let mut spread = Spread::by(by);
        spread.label = label.map(str::to_owned);
        spread.min = min;
        spread.max = max;
        spread
    })
}

fn division() -> impl Strategy<Value = Division> {
    let number = || select(vec![-1, 0, 1, 2, 3, 10, i64::MAX]);
    let rule = (
        option::of(select(NAMED)),
        option::weighted(0.2, selector()),
        number(),
        option::of(number()),
        option::of(number()),
    )
        .prop_map(|(name, selector, weight, min, max)| {
            let mut rule = ShareRule::of_every_other(weight);
            rule.cluster = name.map(Into::into);
            rule.cluster_selector = selector;
            rule.min = min;
            rule.max = max;
            rule
        });
    (
        select(&DivisionMethod::ALL[..]),
        option::of(number()),
        vec(rule, 0..3),
        any::<bool>(),
    )
        .prop_map(|(method, replicas, rules, steady)| {
            let mut division = Division::default().by(method).weigh(rules);
            division.replicas = replicas;
            division.steady = steady;
            division
        })
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
    let few = || option::weighted(0.2, 0..3_u32);
    (
        (names, option::of(selector())),
        vec(select(NAMED), 0..2),
        vec(affinity(), 0..2),
        vec(toleration(), 0..2),
        vec(spread(), 0..2),
        few(),
    )
        .prop_map(
            |((names, selector), exclude, affinities, tolerations, spread, limit)| {
                let mut placement = names.map_or_else(Placement::nowhere, Placement::clusters);
                placement.cluster_selector = selector;
                placement.limit = limit;
                placement
                    .except(exclude)
                    .within(affinities)
                    .tolerating(tolerations)
                    .spread(spread)
            },
        )
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
        option::of(division()),
        0..3_u8,
    )
        .prop_map(
            |(
                ((api_version, kind), namespace, name),
                placement,
                overrides,
                reason,
                division,
                source,
            )| {
                let object = json!({
                    "apiVersion": api_version, "kind": kind,
                    "metadata": {"name": name, "namespace": namespace},
                    "spec": {"replicas": 2},
                });
                let intent = Intent::of(object)
                    .unwrap()
                    .place(placement)
                    .customize(&overrides);
                let intent = division.into_iter().fold(intent, Intent::divide);
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
