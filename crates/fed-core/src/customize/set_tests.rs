//! Do the right overrides reach the right clusters, all or none?

use serde_json::json;

use super::*;
use crate::customize::kubefed::override_set;
use crate::customize::{Override, PatchOp, PatchOperation};
use crate::location::{DocumentId, Pointer};
use crate::problem::Code;

fn at() -> Location {
    Location::new(DocumentId(1), Pointer::from_text("/spec/overrides"))
}

fn object() -> Value {
    json!({"kind": "Deployment", "spec": {"replicas": 1, "list": [1, 2]}})
}

fn applied(set: &OverrideSet, cluster: &str) -> Result<Value, Problem> {
    let mut changed = object();
    let result = set.apply(&Cluster::new(cluster), &mut changed);
    if result.is_err() {
        assert_eq!(
            changed,
            object(),
            "a failure must leave the object as it was"
        );
    }
    result.map(|()| changed)
}

fn one(patches: impl IntoIterator<Item = PatchOperation>) -> OverrideSet {
    OverrideSet::native(&[Override::new(patches)], &at())
}

#[test]
fn absent_clusters_are_all_and_none_are_none() {
    let set = OverrideSet::native(
        &[
            Override::new([PatchOperation::add("/spec/all", 1)]),
            Override::new([PatchOperation::add("/spec/some", 2)]).in_clusters(["a", "b", "a"]),
            Override::new([PatchOperation::add("/spec/none", 3)]).in_clusters::<&str>([]),
            Override::new([PatchOperation::add("/spec/all", 4)]),
        ],
        &at(),
    );
    let base = json!({"replicas": 1, "list": [1, 2], "all": 4});
    assert_eq!(applied(&set, "z").unwrap()["spec"], base);
    assert_eq!(applied(&set, "b").unwrap()["spec"]["some"], 2);
    assert_eq!(set.warnings()[0].code, Code::DuplicateCluster);
    let named: Vec<_> = set
        .clusters_named()
        .map(|(name, at)| format!("{name}{}", at.path))
        .collect();
    let place = "/spec/overrides/1/clusters/";
    assert_eq!(
        named,
        [
            format!("a{place}0"),
            format!("b{place}1"),
            format!("a{place}2")
        ]
    );
}

#[test]
fn classes_are_equal_where_the_operations_are() {
    let scale = |value: i64| Override::new([PatchOperation::replace("/spec/replicas", value)]);
    let set = OverrideSet::native(
        &[
            scale(2).in_clusters(["a"]),
            scale(2).in_clusters(["b"]),
            scale(3).in_clusters(["c", "d"]),
            Override::new([]).in_clusters(["e"]),
        ],
        &at(),
    );
    let class = |name: &str| set.class(&Cluster::new(name));
    assert_eq!(class("a"), class("b"));
    assert_eq!(class("c"), class("d"));
    assert_ne!(class("a"), class("c"));
    assert_eq!(class("e"), class("z"));
    assert!(set.is_empty_for(&Cluster::new("z")) && !set.is_empty_for(&Cluster::new("a")));
    assert!(OverrideSet::default().is_empty_for(&Cluster::new("a")));
}

#[test]
fn a_cluster_with_a_fault_is_in_a_class_of_its_own() {
    let scale = PatchOperation::replace("/kind", "x");
    let broken = PatchOperation {
        value: None,
        ..scale.clone()
    };
    let set = OverrideSet::native(
        &[
            Override::new([scale]).in_clusters(["a"]),
            Override::new([broken]).in_clusters(["b"]),
        ],
        &at(),
    );
    assert_ne!(set.class(&Cluster::new("a")), set.class(&Cluster::new("b")));
    let fault = applied(&set, "b").unwrap_err();
    assert_eq!(fault.code, Code::InvalidOverride);
    assert!(
        fault.message.contains("has no \"value\""),
        "{}",
        fault.message
    );
    assert_eq!(set.faults(), [fault]);
}

#[test]
fn what_is_invalid_says_how_to_write_it() {
    let add = PatchOperation::add("/a", 1);
    let with_path = |path: &str| PatchOperation {
        path: path.into(),
        ..add.clone()
    };
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    let table = [
        (
            with_path("spec/x"),
            Code::InvalidOverride,
            "did you mean \"/spec/x\"?",
        ),
        (with_path("/a~2"), Code::InvalidOverride, "\"~0\""),
        (with_path(&"/a".repeat(200)), Code::TooDeep, "128 steps"),
        (
            PatchOperation {
                value: None,
                ..add.clone()
            },
            Code::InvalidOverride,
            "which add needs",
        ),
        (
            PatchOperation {
                op: PatchOp::Copy,
                ..add.clone()
            },
            Code::InvalidOverride,
            "no \"from\"",
        ),
        (
            PatchOperation::move_to("x", "/y"),
            Code::InvalidOverride,
            "a from without",
        ),
        (
            PatchOperation::add("/a", deep),
            Code::TooDeep,
            "nested more than 128",
        ),
    ];
    for (patch, code, words) in table {
        let set = one([PatchOperation::remove("/spec/list"), patch]);
        let fault = applied(&set, "a").unwrap_err();
        assert_eq!(fault.code, code, "{}", fault.message);
        assert!(fault.message.contains(words), "{}", fault.message);
        let place = fault.at.unwrap();
        assert_eq!(place.path.as_str(), "/spec/overrides/0/patches/1");
    }
}

#[test]
fn hostile_words_are_shown_short_and_on_one_line() {
    let path = format!("/no\n{}", "x".repeat(1 << 16));
    let failure = applied(&one([PatchOperation::remove(path)]), "a").unwrap_err();
    assert!(failure.message.len() < 400 && !failure.message.contains('\n'));
}

#[test]
fn fields_without_effect_are_warned_about() {
    let removal = PatchOperation {
        value: Some(json!(1)),
        ..PatchOperation::remove("/spec/list")
    };
    let set = one([removal]);
    assert_eq!(set.warnings()[0].code, Code::SuspiciousOverride);
    assert!(applied(&set, "a").is_ok());
}

#[test]
fn a_failure_undoes_everything() {
    let table = [
        (
            PatchOperation::remove("/spec/nothing"),
            "cannot remove /spec/nothing: /spec has: ",
        ),
        (
            PatchOperation::replace("/spec/new", 1),
            "cannot replace /spec/new: /spec has: ",
        ),
        (
            PatchOperation::move_to("/spec/replicas", "/x/y"),
            "cannot move /x/y: the object has: ",
        ),
        (
            PatchOperation::move_to("/x", "/y"),
            "there is nothing to take from /x",
        ),
        (PatchOperation::move_to("/spec", "/spec/x"), "into itself"),
        (
            PatchOperation::add("/spec/list/7", 1),
            "/spec/list has 2 items (0 to 1)",
        ),
        (PatchOperation::remove(""), "the whole object"),
        (
            PatchOperation::test("/spec/replicas", "hunter2"),
            "another value stands there",
        ),
    ];
    for (patch, words) in table {
        let set = one([PatchOperation::add("/first", 1), patch]);
        let failure = applied(&set, "a").unwrap_err();
        assert_eq!(failure.code, Code::OverrideFailed);
        assert!(failure.message.contains(words), "{}", failure.message);
        assert!(!failure.message.contains("hunter2"));
        assert_eq!(
            failure.at.unwrap().path.as_str(),
            "/spec/overrides/0/patches/1"
        );
    }
}

#[test]
fn copies_cannot_exhaust_memory_or_stack() {
    let doubling: Vec<_> = (0..64)
        .map(|step| PatchOperation::copy_to("", format!("/spec/copy{step}")))
        .collect();
    let failure = applied(&one(doubling), "a").unwrap_err();
    assert!(
        failure.message.contains("copy more than"),
        "{}",
        failure.message
    );
    let nested = || (0..100).fold(json!([]), |inner, _| json!([inner]));
    let deeper = [
        PatchOperation::add("/deep", nested()),
        PatchOperation::add(format!("/deep{}", "/0".repeat(101)), nested()),
    ];
    for last in [
        PatchOperation::copy_to("/deep", "/deep/0"),
        PatchOperation::move_to("/deep", "/deeper"),
    ] {
        let failure = applied(&one(deeper.iter().cloned().chain([last])), "a").unwrap_err();
        assert_eq!(failure.code, Code::TooDeep);
    }
    let wide = (0..64).map(|step| PatchOperation::copy_to("/spec", format!("/copy{step}")));
    assert!(applied(&one(wide), "a").is_ok());
    let big = PatchOperation::add("/big", "x".repeat(1 << 20));
    let many = (0..64).map(|step| PatchOperation::copy_to("/big", format!("/copy{step}")));
    let failure = applied(&one(std::iter::once(big).chain(many)), "a").unwrap_err();
    assert_eq!(failure.code, Code::OverrideFailed);
    assert!(
        failure.message.contains("copy more than"),
        "{}",
        failure.message
    );
}

#[test]
fn native_overrides_can_follow_kubefed_ones() {
    let written =
        json!([{"clusterName": "a", "clusterOverrides": [{"path": "/spec/new", "value": 1}]}]);
    let theirs = override_set(Some(&written), &at(), "/spec/replicas", &[]);
    let ours = one([PatchOperation::replace("/spec/new", 2)]);
    let both = theirs.followed_by(&ours);
    assert_eq!(applied(&both, "a").unwrap()["spec"]["new"], 2);
    assert!(applied(&both, "b").is_err());
    assert_eq!(theirs.followed_by(&OverrideSet::default()), theirs);
    assert_eq!(OverrideSet::default().followed_by(&ours), ours);
    let shown: Vec<_> = both
        .entries()
        .flat_map(|entry| entry.operations())
        .map(|operation| format!("{} {}", operation.op(), operation.path()))
        .collect();
    assert_eq!(shown, ["replace /spec/new", "replace /spec/new"]);
}

#[test]
fn debug_output_shows_no_values() {
    let written =
        json!([{"clusterName": "a", "clusterOverrides": [{"path": "/data/p", "value": "aHVu"}]}]);
    let theirs = override_set(Some(&written), &at(), "/spec/replicas", &[]);
    let both = theirs.followed_by(&one([PatchOperation::add("/data/p", "aHVu")]));
    let shown = format!("{both:?} {:?}", both.entries().collect::<Vec<_>>());
    assert!(
        shown.contains("/data/p") && !shown.contains("aHVu"),
        "{shown}"
    );
}
