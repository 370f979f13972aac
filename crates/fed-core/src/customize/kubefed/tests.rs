//! Does a fault stop the right clusters, and is what looks odd said?

use serde_json::json;

use super::*;
use crate::fleet::Cluster;
use crate::location::{DocumentId, Pointer};

fn at() -> Location {
    Location::new(DocumentId(3), Pointer::from_text("/spec/overrides"))
}

fn read(overrides: &Value) -> OverrideSet {
    override_set(Some(overrides), &at(), "/spec/replicas", &[])
}

fn with_replicas(overrides: &Value, placed: &[(&str, i64)]) -> OverrideSet {
    let placed: Vec<_> = placed
        .iter()
        .enumerate()
        .map(|(index, (cluster, replicas))| {
            let path = format!("/spec/placement/clusters/{index}/replicas");
            PlacedReplicas::new(
                *cluster,
                *replicas,
                Location::new(DocumentId(3), Pointer::from_text(path)),
            )
        })
        .collect();
    override_set(Some(overrides), &at(), "/spec/replicas", &placed)
}

fn apply(set: &OverrideSet, cluster: &str) -> Result<Value, Problem> {
    let mut object = json!({"kind": "Deployment", "spec": {"replicas": 1}});
    set.apply(&Cluster::new(cluster), &mut object)
        .map(|()| object)
}

fn path_of(location: Option<&Location>) -> &str {
    location.map_or("", |location| location.path.as_str())
}

fn replace(path: &str, value: i64) -> Value {
    json!({"path": path, "value": value})
}

#[test]
fn a_fault_stops_the_cluster_that_its_entry_names_and_no_other() {
    let good = || json!({"clusterName": "good", "clusterOverrides": [replace("/spec/x", 5)]});
    let table = [
        (
            json!({"clusterName": "bad", "clusterOverrides": [replace("/kind", 1)]}),
            "/1/clusterOverrides/0",
        ),
        (
            json!({"clusterName": "bad", "clusterOverrides": [replace("/a", 1), replace("/a", 2)]}),
            "/1/clusterOverrides/1",
        ),
        (
            json!({"clusterName": "bad", "clusterOverrides": {}}),
            "/1/clusterOverrides",
        ),
        (
            json!({"clusterName": "bad", "clusterOverrides": [7]}),
            "/1/clusterOverrides/0",
        ),
        (
            json!({"clusterName": "bad", "clusterOverrides": [{"path": 7}]}),
            "/1/clusterOverrides/0",
        ),
        (
            json!({"clusterName": "bad", "clusterOverrides": [{"op": 7}]}),
            "/1/clusterOverrides/0",
        ),
    ];
    for (bad, place) in table {
        let set = read(&json!([good(), bad]));
        let fault = apply(&set, "bad").unwrap_err();
        assert_eq!(fault.code, Code::InvalidOverride, "{bad}");
        assert_eq!(
            path_of(fault.at.as_ref()),
            format!("/spec/overrides{place}")
        );
        assert_eq!(set.faults(), [fault]);
        assert_eq!(apply(&set, "good").unwrap()["spec"]["x"], 5);
        assert_eq!(
            apply(&set, "other").unwrap()["spec"],
            json!({"replicas": 1})
        );
    }
}

#[test]
fn two_entries_for_one_cluster_stop_it() {
    let entry = |cluster: &str, value| json!({"clusterName": cluster, "clusterOverrides": [replace("/spec/x", value)]});
    let set = read(&json!([entry("a", 1), entry("b", 2), entry("a", 3)]));
    let fault = apply(&set, "a").unwrap_err();
    assert_eq!(fault.message, "cluster \"a\" appears more than once");
    assert_eq!(path_of(fault.at.as_ref()), "/spec/overrides/2/clusterName");
    assert_eq!(
        path_of(fault.related.first()),
        "/spec/overrides/0/clusterName"
    );
    assert_eq!(apply(&set, "b").unwrap()["spec"]["x"], 2);
}

#[test]
fn what_names_no_cluster_readably_concerns_all() {
    for broken in [
        json!([{"clusterName": 7}]),
        json!(["a"]),
        json!({"a": 1}),
        json!("x"),
    ] {
        let set = read(&broken);
        assert_eq!(set.faults().len(), 1, "{broken}");
        assert_eq!(set.faults()[0].cluster, None);
        let fault = apply(&set, "any").unwrap_err();
        assert_eq!(fault.cluster, Some("any".into()), "{broken}");
    }
}

#[test]
fn what_is_null_or_absent_is_empty() {
    for empty in [
        json!(null),
        json!([]),
        json!([{"clusterName": "a"}]),
        json!([{"clusterName": "a", "clusterOverrides": null}]),
        json!([null]),
    ] {
        let set = read(&empty);
        assert_eq!(apply(&set, "a").unwrap()["spec"]["replicas"], 1, "{empty}");
        assert!(set.is_empty_for(&Cluster::new("a")));
    }
    assert_eq!(
        read(&json!([null])).warnings()[0].code,
        Code::SuspiciousOverride
    );
}

#[test]
fn a_value_that_is_too_deep_stops_its_cluster() {
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    let set = read(&json!([
        {"clusterName": "a", "clusterOverrides": [{"path": "/x", "value": deep}]},
        {"clusterName": "b", "clusterOverrides": [{"path": "/x".repeat(200), "value": 1}]},
    ]));
    for cluster in ["a", "b"] {
        assert_eq!(apply(&set, cluster).unwrap_err().code, Code::TooDeep);
    }
}

#[test]
fn odd_operations_are_warned_about() {
    let table = [
        (
            json!({"path": "spec/replicas", "value": 2}),
            "/path",
            "\"/replicas\"",
        ),
        (
            json!({"path": "replicas", "value": 2}),
            "/path",
            "\"/replicas\"",
        ),
        (json!({"value": 2}), "", "does nothing"),
        (json!({"value": {}}), "", "whole object"),
        (
            json!({"path": "/a", "value": {"b": [0, 9_007_199_254_740_993_i64]}}),
            "/value/b/1",
            "loses digits",
        ),
    ];
    for (operation, place, words) in table {
        let set = read(&json!([{"clusterName": "a", "clusterOverrides": [operation]}]));
        let [warning] = set.warnings() else {
            panic!("{operation}: {:?}", set.warnings());
        };
        assert_eq!(warning.code, Code::SuspiciousOverride);
        assert_eq!(
            path_of(warning.at.as_ref()),
            format!("/spec/overrides/0/clusterOverrides/0{place}")
        );
        assert!(warning.message.contains(words), "{}", warning.message);
    }
    let plain = json!([{"clusterName": "a", "clusterOverrides": [replace("/spec/new", 2)]}]);
    assert_eq!(read(&plain).warnings(), []);
}

#[test]
fn failures_say_what_is_there() {
    let overrides = json!([{"clusterName": "a", "clusterOverrides": [
        replace("/spec/x", 1),
        {"op": "remove", "path": "/spec/replica"},
    ]}]);
    let failure = apply(&read(&overrides), "a").unwrap_err();
    assert_eq!(failure.code, Code::OverrideFailed);
    assert_eq!(
        failure.message,
        "override 1 for cluster \"a\" cannot remove /spec/replica: /spec has: replicas, x; did you \
         mean \"replicas\"?"
    );
    assert_eq!(
        path_of(failure.at.as_ref()),
        "/spec/overrides/0/clusterOverrides/1"
    );
}

#[test]
fn the_result_must_have_a_kind() {
    let overrides = json!([{"clusterName": "a", "clusterOverrides": [{"path": "", "value": {}}]}]);
    let failure = apply(&read(&overrides), "a").unwrap_err();
    assert_eq!(path_of(failure.at.as_ref()), "/spec/overrides/0");
}

#[test]
fn replicas_of_the_placement_become_operations() {
    let overrides = json!([
        {"clusterName": "a", "clusterOverrides": [replace("/spec/x", 1)]},
        {"clusterName": "b", "clusterOverrides": [replace("/spec/replicas", 7)]},
        {"clusterName": "c", "clusterOverrides": [replace("/spec/replicas", 3)]},
        {"clusterName": "e", "clusterOverrides": [{"op": "remove", "path": "/spec/replicas"}]},
    ]);
    let set = with_replicas(
        &overrides,
        &[("d", 9), ("a", 2), ("b", 4), ("c", 3), ("e", 1), ("a", 5)],
    );
    let spec = |cluster: &str| apply(&set, cluster).unwrap()["spec"].clone();
    assert_eq!(spec("a"), json!({"replicas": 2, "x": 1}));
    assert_eq!(spec("b"), json!({"replicas": 7}));
    assert_eq!(spec("d"), json!({"replicas": 9}));
    assert_eq!(spec("e"), json!({}));

    let added = set.entries().next().unwrap().operations().nth(1).unwrap();
    assert_eq!(
        path_of(Some(&added.at())),
        "/spec/placement/clusters/1/replicas"
    );
    let named: Vec<_> = set
        .clusters_named()
        .map(|(name, at)| (name.to_string(), at))
        .collect();
    assert_eq!(path_of(Some(&named[0].1)), "/spec/overrides/0/clusterName");
    assert_eq!(named[4].0, "d");
    assert_eq!(
        path_of(Some(&named[4].1)),
        "/spec/placement/clusters/0/replicas"
    );

    let warned: Vec<_> = set
        .warnings()
        .iter()
        .map(|warning| {
            assert_eq!(warning.code, Code::ReplicasDisagree);
            (
                path_of(warning.at.as_ref()),
                path_of(warning.related.first()),
            )
        })
        .collect();
    assert_eq!(
        warned,
        [
            (
                "/spec/placement/clusters/2/replicas",
                "/spec/overrides/1/clusterOverrides/0"
            ),
            (
                "/spec/placement/clusters/4/replicas",
                "/spec/overrides/3/clusterOverrides/0"
            ),
            (
                "/spec/placement/clusters/5/replicas",
                "/spec/placement/clusters/1/replicas"
            ),
        ]
    );
}
