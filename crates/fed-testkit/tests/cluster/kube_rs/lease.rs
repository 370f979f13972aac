//! Leader election by a Lease: whoever holds it, holds it alone.

use std::time::Duration;

use fed_testkit::cluster::FakeCluster;
use k8s_openapi::api::coordination::v1::Lease;
use kube::api::PostParams;
use kube::{Api, Client};
use serde_json::{Value, json};

use super::cluster;

/// How long a lease holds, in seconds.
const HOLDS: i64 = 15;

/// One who wants to lead.
struct Candidate {
    name: &'static str,
    cluster: FakeCluster,
    leases: Api<Lease>,
}

impl Candidate {
    fn of(cluster: &FakeCluster, name: &'static str) -> Self {
        Self {
            name,
            cluster: cluster.clone(),
            leases: Api::default_namespaced(Client::new(cluster.clone(), "default")),
        }
    }

    /// Takes or keeps the lease, if nobody else holds it; optimistic locking tells who was first.
    async fn tries(&self) -> bool {
        let now = self.cluster.now();
        let held = self.leases.get_opt("leader").await.expect("an answer");
        let spec = json!({
            "holderIdentity": self.name, "leaseDurationSeconds": HOLDS,
            "renewTime": now.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string(),
        });
        let params = PostParams::default();
        let outcome = match held {
            None => {
                let lease = lease(&json!({"metadata": {"name": "leader"}, "spec": spec}));
                self.leases.create(&params, &lease).await
            }
            Some(held) => {
                let told = held.spec.clone().unwrap_or_default();
                let renewed = told
                    .renew_time
                    .map(|time| time.0.as_second())
                    .unwrap_or_default();
                let is_over = renewed + HOLDS <= now.as_second();
                if told.holder_identity.as_deref() != Some(self.name) && !is_over {
                    return false;
                }
                let mut next = serde_json::to_value(&held).expect("JSON");
                next["spec"] = spec;
                self.leases.replace("leader", &params, &lease(&next)).await
            }
        };
        match outcome {
            Ok(_) => true,
            Err(kube::Error::Api(status)) if status.is_conflict() || status.is_already_exists() => {
                false
            }
            Err(error) => panic!("{error}"),
        }
    }
}

fn lease(value: &Value) -> Lease {
    serde_json::from_value(value.clone()).expect("a lease")
}

#[tokio::test(start_paused = true)]
async fn one_leads_at_a_time_and_another_after_it_is_gone() {
    let cluster = cluster();
    let all = ["ann", "bob", "cat"].map(|name| Candidate::of(&cluster, name));
    // All at once: their requests are answered in some order, but one after another.
    let first = futures::future::join_all(all.iter().map(Candidate::tries)).await;
    assert_eq!(first.iter().filter(|won| **won).count(), 1, "{first:?}");
    let leader = first.iter().position(|won| *won).expect("a leader");
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert!(all[leader].tries().await, "the leader renews in time");
        for other in all.iter().filter(|other| other.name != all[leader].name) {
            assert!(!other.tries().await, "{} must wait", other.name);
        }
    }
    tokio::time::sleep(Duration::from_secs(16)).await;
    let others = all.iter().filter(|other| other.name != all[leader].name);
    let next = futures::future::join_all(others.map(Candidate::tries)).await;
    assert_eq!(next.iter().filter(|won| **won).count(), 1, "{next:?}");
    assert!(!all[leader].tries().await, "it has lost the lease");
}
