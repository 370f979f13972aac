//! What do the native rules say, where no peer's tests say it?

use std::sync::Arc;

use fed_core::kinds::HealthState::{Degraded, Healthy, Progressing, Unknown};
use fed_core::kinds::{
    ClusterStatus, HealthState, Kind, Kinds, KnativeService, Manners, Needed, Retention,
};
use serde_json::{Value, json};

fn kind(group: &str, name: &str) -> Arc<dyn Kind> {
    let kinds = Kinds::builtin().with(KnativeService);
    kinds.find(group, name).cloned().unwrap()
}

fn conditions(kind: &str, status: &str, reason: &str) -> Value {
    json!({"status": {"conditions": [{"type": kind, "status": status, "reason": reason}]}})
}

fn phase(phase: &str) -> Value {
    json!({"status": {"phase": phase}})
}

fn assert_health(group: &str, name: &str, object: &Value, state: HealthState, reason: &str) {
    let health = kind(group, name).health(object, Manners::Native);
    assert_eq!(
        (health.state, health.reason.as_ref()),
        (state, reason),
        "{name} {object}"
    );
}

#[test]
fn health_has_a_reason() {
    let deployed = |spec: Value, status: Value| json!({"metadata": {"generation": 2}, "spec": spec, "status": status});
    let seen = |mut status: Value| {
        status["observedGeneration"] = 2.into();
        deployed(json!({"replicas": 3}), status)
    };
    let stuck = json!({"status": {"phase": "Pending", "containerStatuses": [
        {"state": {"waiting": {"reason": "ImagePullBackOff"}}},
    ]}});
    let starting = json!({"status": {"phase": "Running", "conditions": [
        {"type": "Ready", "status": "False", "reason": "ContainersNotReady"},
    ]}});
    let gateway = "gateway.networking.k8s.io";
    let routed = |status: &str| {
        json!({"status": {"parents": [{"conditions": [
            {"type": "Accepted", "status": "True"},
            {"type": "ResolvedRefs", "status": status, "reason": "BackendNotFound"},
        ]}]}})
    };
    // A table: one line a row.
    #[rustfmt::skip]
    let rows = [
        ("apps", "Deployment", deployed(json!({}), json!({"observedGeneration": 1})), Progressing, "NotObserved"),
        ("apps", "Deployment", seen(json!({"updatedReplicas": 2})), Progressing, "ReplicasNotUpdated"),
        ("apps", "Deployment", seen(json!({"updatedReplicas": 3, "replicas": 4, "availableReplicas": 4})), Progressing, "OldReplicasRemain"),
        ("apps", "Deployment", seen(json!({"updatedReplicas": 3, "replicas": 3, "availableReplicas": 2})), Progressing, "ReplicasUnavailable"),
        ("apps", "Deployment", seen(json!({"updatedReplicas": 3, "replicas": 3, "availableReplicas": 3})), Healthy, "Available"),
        ("apps", "Deployment", seen(json!({"conditions": [{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]})), Degraded, "ProgressDeadlineExceeded"),
        ("apps", "Deployment", seen(json!({"conditions": [{"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate"}]})), Degraded, "FailedCreate"),
        ("apps", "StatefulSet", json!({"spec": {"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 2}}}, "status": {"updatedReplicas": 1, "availableReplicas": 3}}), Healthy, "Available"),
        ("apps", "DaemonSet", json!({"spec": {"updateStrategy": {"type": "OnDelete"}}, "status": {"desiredNumberScheduled": 3, "numberAvailable": 3}}), Healthy, "Available"),
        ("batch", "Job", json!({}), Progressing, "Running"),
        ("batch", "Job", conditions("Complete", "True", "CompletionsReached"), Healthy, "CompletionsReached"),
        ("batch", "Job", conditions("Failed", "True", "BackoffLimitExceeded"), Degraded, "BackoffLimitExceeded"),
        ("batch", "Job", conditions("Suspended", "True", "JobSuspended"), Progressing, "JobSuspended"),
        ("batch", "CronJob", json!({}), Healthy, "Exists"),
        ("", "Pod", json!({}), Unknown, "NoPhase"),
        ("", "Pod", stuck, Degraded, "ImagePullBackOff"),
        ("", "Pod", starting, Progressing, "ContainersNotReady"),
        ("", "Pod", phase("Failed"), Degraded, "Failed"),
        ("", "Namespace", phase("Active"), Healthy, "Active"),
        ("", "ConfigMap", json!({}), Healthy, "Exists"),
        ("", "ConfigMap", json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}), Progressing, "Terminating"),
        ("batch", "Job", json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}}), Progressing, "Terminating"),
        ("", "PersistentVolume", phase("Failed"), Degraded, "Failed"),
        ("", "PersistentVolumeClaim", phase("Lost"), Degraded, "Lost"),
        ("", "Service", json!({"spec": {"type": "LoadBalancer"}}), Progressing, "NoAddress"),
        ("autoscaling", "HorizontalPodAutoscaler", conditions("ScalingActive", "False", "FailedGetMetric"), Degraded, "FailedGetMetric"),
        ("autoscaling", "HorizontalPodAutoscaler", conditions("ScalingActive", "False", "ScalingDisabled"), Healthy, "Exists"),
        ("apiextensions.k8s.io", "CustomResourceDefinition", conditions("Established", "True", "InitialNamesAccepted"), Healthy, "InitialNamesAccepted"),
        ("apiextensions.k8s.io", "CustomResourceDefinition", json!({}), Progressing, "NotReported"),
        (gateway, "Gateway", conditions("Programmed", "False", "Invalid"), Degraded, "Invalid"),
        (gateway, "HTTPRoute", json!({}), Progressing, "NotReported"),
        (gateway, "HTTPRoute", routed("True"), Healthy, "Exists"),
        (gateway, "HTTPRoute", routed("False"), Degraded, "BackendNotFound"),
        ("argoproj.io", "Rollout", phase("Paused"), Progressing, "Paused"),
        ("argoproj.io", "Rollout", json!({"metadata": {"generation": 2}, "status": {"phase": "Healthy", "observedGeneration": "1"}}), Progressing, "NotObserved"),
        ("argoproj.io", "Rollout", json!({"metadata": {"generation": 2}, "status": {"phase": "Healthy", "observedGeneration": "2"}}), Healthy, "Healthy"),
        ("serving.knative.dev", "Service", conditions("Ready", "Unknown", "Deploying"), Progressing, "Deploying"),
        ("serving.knative.dev", "Service", conditions("Ready", "False", "RevisionFailed"), Degraded, "RevisionFailed"),
        ("helm.toolkit.fluxcd.io", "HelmRelease", conditions("Ready", "True", "UpgradeSucceeded"), Healthy, "UpgradeSucceeded"),
        ("helm.toolkit.fluxcd.io", "HelmRelease", conditions("Stalled", "True", "RetriesExceeded"), Degraded, "RetriesExceeded"),
    ];
    for (group, name, object, state, reason) in rows {
        assert_health(group, name, &object, state, reason);
    }
}

#[test]
fn whatever_is_being_deleted_is_on_its_way() {
    let object = json!({
        "metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z", "generation": 2},
        "status": {"phase": "Failed", "conditions": [{"type": "Failed", "status": "True"}]},
    });
    for kind in Kinds::builtin().with(KnativeService).iter() {
        let health = kind.health(&object, Manners::Native);
        assert_eq!(health.reason, "Terminating", "{kind:?}");
    }
}

#[test]
fn what_the_server_refuses_to_change_needs_a_replacement() {
    let with = |path: &str, value: Value| {
        let inner = path.rsplit('/').filter(|step| !step.is_empty());
        inner.fold(value, |value, step| json!({ step: value }))
    };
    let job = |completions: i64, parallelism: i64| {
        json!({"spec": {"completionMode": "Indexed", "completions": completions,
            "parallelism": parallelism}})
    };
    let image = |image: &str| json!({"spec": {"containers": [{"name": "a", "image": image}]}});
    let frozen = |data: &str| json!({"immutable": true, "data": {"a": data}});
    // A table: one line a row.
    #[rustfmt::skip]
    let rows = [
        ("apps", "Deployment", with("/spec/selector", json!({"a": "1"})), with("/spec/selector", json!({"a": "2"})), Some("/spec/selector")),
        ("apps", "Deployment", with("/spec/replicas", json!(1)), with("/spec/replicas", json!(2)), None),
        ("apps", "StatefulSet", with("/spec/volumeClaimTemplates", json!([{}])), json!({"spec": {}}), Some("/spec/volumeClaimTemplates")),
        ("batch", "Job", with("/spec/template", json!({"a": 1})), with("/spec/template", json!({"a": 2})), Some("/spec/template")),
        ("batch", "Job", job(3, 3), job(5, 5), None),
        ("batch", "Job", job(3, 3), job(5, 4), Some("/spec/completions")),
        ("", "Pod", image("a:1"), image("a:2"), None),
        ("", "Pod", image("a:1"), json!({"spec": {"containers": []}}), Some("/spec")),
        ("", "Service", json!({"spec": {}}), with("/spec/clusterIP", json!("None")), Some("/spec/clusterIP")),
        ("", "Service", with("/spec/clusterIP", json!("10.0.0.1")), json!({"spec": {}}), None),
        ("", "ConfigMap", frozen("1"), frozen("2"), Some("/data")),
        ("", "ConfigMap", json!({"data": {"a": "1"}}), json!({"data": {"a": "2"}}), None),
        ("", "Secret", json!({"type": "Opaque"}), json!({"type": "kubernetes.io/tls"}), Some("/type")),
        ("", "PersistentVolumeClaim", with("/spec/resources/requests", json!({"storage": "1Gi"})), with("/spec/resources/requests", json!({"storage": "2Gi"})), None),
        ("", "PersistentVolumeClaim", with("/spec/accessModes", json!(["ReadWriteOnce"])), with("/spec/accessModes", json!(["ReadWriteMany"])), Some("/spec")),
        ("", "PersistentVolume", with("/spec/nfs", json!({"path": "/a"})), with("/spec/nfs", json!({"path": "/b"})), Some("/spec")),
        ("rbac.authorization.k8s.io", "RoleBinding", with("/roleRef/name", json!("a")), with("/roleRef/name", json!("b")), Some("/roleRef")),
    ];
    for (group, name, before, after, expected) in rows {
        let found = kind(group, name).needs_replace(&before, &after);
        let found = found.as_ref().map(|found| found.path.as_str());
        assert_eq!(found, expected, "{name} {before} {after}");
    }
}

#[test]
fn an_object_names_what_it_needs() {
    let named = |group: &str, name: &str, object: &Value| -> Vec<String> {
        let references = kind(group, name).references(object).into_iter();
        let names = references.filter_map(|reference| match reference.needed {
            Needed::Object {
                group, kind, name, ..
            } => {
                let optional = if reference.is_optional { "?" } else { "" };
                Some(format!("{group}/{kind}/{name}{optional}"))
            }
            _ => None,
        });
        names.collect()
    };
    let autoscaler = json!({"spec": {"scaleTargetRef": {
        "apiVersion": "apps/v1", "kind": "Deployment", "name": "rating",
    }}});
    let found = named("autoscaling", "HorizontalPodAutoscaler", &autoscaler);
    assert_eq!(found, ["apps/Deployment/rating"]);

    let route = json!({"metadata": {"namespace": "shop"}, "spec": {
        "parentRefs": [{"name": "public"}, {"name": "far", "namespace": "infra"}],
        "rules": [{"backendRefs": [{"name": "rating"}, {
            "name": "bucket", "group": "example.com", "kind": "Bucket",
        }]}],
    }});
    assert_eq!(
        named("gateway.networking.k8s.io", "HTTPRoute", &route),
        [
            "gateway.networking.k8s.io/Gateway/public",
            "/Service/rating",
            "example.com/Bucket/bucket",
        ]
    );

    let binding = json!({"metadata": {"namespace": "shop"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"},
        "subjects": [
            {"kind": "ServiceAccount", "name": "robot", "namespace": "shop"},
            {"kind": "ServiceAccount", "name": "other", "namespace": "tools"},
            {"kind": "User", "name": "ada"},
        ],
    });
    assert_eq!(
        named("rbac.authorization.k8s.io", "RoleBinding", &binding),
        [
            "rbac.authorization.k8s.io/ClusterRole/edit",
            "/ServiceAccount/robot"
        ]
    );

    let ingress = json!({"spec": {"tls": [{"secretName": "certificate"}]}});
    assert_eq!(
        named("networking.k8s.io", "Ingress", &ingress),
        ["/Secret/certificate?"]
    );
}

#[test]
fn conditions_of_many_clusters_become_those_of_one() {
    let ready = |status: &str, message: &str| {
        json!({"conditions": [
            {"type": "Available", "status": status, "reason": "R", "message": message},
        ]})
    };
    let (east, west) = (ready("True", "fine"), ready("False", "one is missing"));
    let whole = |members: &[ClusterStatus<'_>]| {
        let deployment = kind("apps", "Deployment");
        let whole = deployment.aggregate_status(&json!({}), members, Manners::Native);
        let condition = whole.unwrap()["conditions"][0].clone();
        let text = |field: &str| condition[field].as_str().unwrap().to_owned();
        (text("status"), text("message"))
    };
    let told = |status: &str, message: &str| (status.to_owned(), message.to_owned());
    let east = ClusterStatus::current("east", &east);
    let west = ClusterStatus::current("west", &west);
    assert_eq!(whole(&[east]), told("True", "east: fine"));
    assert_eq!(whole(&[west, east]), told("False", "west: one is missing"));
    let silent = ClusterStatus::silent("north");
    assert_eq!(
        whole(&[east, silent]),
        told("Unknown", "north: not reported")
    );
}

/// A status says nothing that its kind has no field for.
#[test]
fn only_kinds_that_observe_a_generation_tell_one() {
    let template = json!({"metadata": {"generation": 3}, "spec": {"type": "LoadBalancer"}});
    let status = json!({"phase": "Running", "observedGeneration": 9});
    let members = [ClusterStatus::current("east", &status)];
    let tells = |group: &str, name: &str| {
        let whole = kind(group, name).aggregate_status(&template, &members, Manners::Native);
        whole.unwrap().get("observedGeneration").cloned()
    };
    for (group, name) in [
        ("", "Pod"),
        ("", "Service"),
        ("batch", "Job"),
        ("batch", "CronJob"),
    ] {
        assert_eq!(tells(group, name), None, "{name}");
    }
    assert_eq!(tells("apps", "Deployment"), Some(json!(3)));
}

#[test]
fn an_update_takes_nothing_from_the_cluster_but_what_was_withdrawn() {
    let live = json!({"metadata": {
        "resourceVersion": "7", "finalizers": ["theirs"], "labels": {"l": "theirs"},
        "annotations": {"old": "ours", "theirs": "1"},
        "ownerReferences": [{"name": "owner"}],
    }});
    let applied = json!({"metadata": {"annotations": {"old": "ours"}}});
    let mut desired = json!({"metadata": {"finalizers": ["ours"], "annotations": {"new": "ours"}}});
    let how = Retention::default().having_applied(&applied);
    kind("", "ConfigMap")
        .retain(&mut desired, &live, &how)
        .unwrap();
    let expected = json!({"metadata": {
        "resourceVersion": "7", "finalizers": ["theirs"],
        "annotations": {"new": "ours", "theirs": "1"},
        "ownerReferences": [{"name": "owner"}],
    }});
    assert_eq!(desired, expected);
}

#[test]
fn replicas_are_written_where_a_kind_has_them() {
    let mut job = json!({"spec": {"parallelism": 2, "completions": 8}});
    let batch = kind("batch", "Job");
    batch.set_replicas(&mut job, 9, Manners::Native).unwrap();
    assert_eq!(job["spec"]["parallelism"], 9);
    assert_eq!(batch.replicas(&job), Some(8));
    let mut map = json!({});
    kind("", "ConfigMap")
        .set_replicas(&mut map, 3, Manners::Native)
        .unwrap();
    assert_eq!(map, json!({}));
    let mut scaled = json!({"spec": {"replicas": 2}});
    let live = json!({"spec": {"replicas": 7}});
    let deployment = kind("apps", "Deployment");
    let scaled_there = Retention::default().keeping_replicas(true);
    deployment
        .retain(&mut scaled, &live, &Retention::default())
        .unwrap();
    assert_eq!(scaled["spec"]["replicas"], 2);
    deployment
        .retain(&mut scaled, &live, &scaled_there)
        .unwrap();
    assert_eq!(scaled["spec"]["replicas"], 7);
    let mut odd = json!({"spec": {"replicas": "three"}});
    let error = kind("apps", "Deployment").set_replicas(&mut odd, 3, Manners::Native);
    assert_eq!(error.unwrap_err().path.as_str(), "/spec/replicas");
}

#[test]
fn a_template_says_nothing_of_the_cluster_it_was_taken_from() {
    let taken = |group: &str, name: &str, mut object: Value| {
        kind(group, name).take_out_local(&mut object, Manners::Native);
        object
    };
    let account = json!({"metadata": {"name": "foo"}, "secrets": [
        {"name": "foo-token-1"}, {"name": "foo-token-2"}, {"name": "foo-dockercfg-3"},
    ]});
    let left = taken("", "ServiceAccount", account);
    assert_eq!(left["secrets"], json!([{"name": "foo-dockercfg-3"}]));
    let headless = json!({"spec": {"clusterIP": "None", "clusterIPs": ["None"]}});
    assert_eq!(taken("", "Service", headless.clone()), headless);
    let job = json!({"spec": {"ttlSecondsAfterFinished": 60, "template": {"metadata": {
        "labels": {"controller-uid": "1", "app": "a"},
    }}}});
    let left = json!({"spec": {"ttlSecondsAfterFinished": 60, "template": {"metadata": {
        "labels": {"app": "a"},
    }}}});
    assert_eq!(taken("batch", "Job", job), left);
}
