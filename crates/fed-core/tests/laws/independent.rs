//! Does one bad document leave all others as they are?

use fed_core::{Assumptions, plan};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::cases;
use crate::common::{docs, show};
use crate::documents::{anything, mutate, mutation};

/// The objects that the documents plan to, without those of the namespace `elsewhere`; and the
/// problems of the first documents.
fn objects(documents: &[Value], of_first: usize) -> String {
    let reading = show::read(documents, Assumptions::none());
    let plan = plan(&reading.world(Assumptions::none()));
    let own = plan
        .objects()
        .filter(|object| object.source().namespace() != Some("elsewhere"));
    let mut text: String = own.map(|object| show::object(&object)).collect();
    for problem in reading.problems.iter().chain(&plan.check()) {
        let document = problem.at.as_ref().and_then(|at| at.document);
        if document.is_some_and(|document| (document.0 as usize) < of_first) {
            text += &show::problem(problem, &show::by_number);
        }
    }
    text
}

/// A document that asks for something of its own, then changed, but for its name.
fn bad() -> impl Strategy<Value = Value> {
    let good = select(vec![
        docs::federated(
            "FederatedDeployment",
            "bad",
            json!({
                "template": docs::deployment(1),
                "placement": {"clusters": [{"name": "us-east", "replicas": 2}, {"name": "lost"}]},
                "overrides": [{"clusterName": "eu-west", "clusterOverrides": [{"path": "/spec/x"}]}],
            }),
        ),
        docs::propagation(
            "bad",
            json!({
                "resources": [{"apiVersion": "apps/v1", "kind": "Deployment", "name": "rating"}],
                "placement": {"clusters": ["us-east"]},
                "overrides": [{"patches": [{"op": "remove", "path": "/spec"}]}],
            }),
        ),
        docs::plain("v1", "Secret", "bad"),
    ]);
    let changed = (good, any::<Index>(), mutation()).prop_map(|(good, place, mutation)| {
        let mut bad = mutate(good, place, &mutation);
        if let Value::Object(fields) = &mut bad {
            fields.insert(
                "metadata".into(),
                json!({"name": "bad", "namespace": "elsewhere"}),
            );
        }
        bad
    });
    prop_oneof![4 => changed, 1 => anything()]
}

/// Kinds that are meant to change what others plan to.
const GOVERNING: &[&str] = &["KubeFedCluster", "KubeFedConfig", "FederatedTypeConfig"];

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn of_bad_documents(bad in bad()) {
        prop_assume!(GOVERNING.iter().all(|kind| bad["kind"] != *kind));
        let good = docs::propagations();
        let mut all = good.clone();
        all.push(bad);
        prop_assert_eq!(objects(&all, good.len()), objects(&good, good.len()));
    }
}
