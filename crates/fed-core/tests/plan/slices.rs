//! What do whole applications plan to?

use crate::common::docs;
use crate::common::show::{self, lenient, strict};
use fed_core::{Assumptions, plan};
use insta::assert_snapshot;

#[test]
fn an_override_changes_the_replicas_of_one_of_three_clusters() {
    assert_snapshot!(strict(&docs::three_clusters()));
}

#[test]
fn an_application_needs_no_cluster_documents() {
    let documents = docs::application();
    assert_snapshot!(lenient(&documents));

    let reading = show::read(&documents, Assumptions::lenient());
    let plan = plan(&reading.world(Assumptions::lenient()));
    for cluster in ["us-east", "eu-west"] {
        let held: Vec<_> = plan
            .objects()
            .filter_map(|object| object.placed_in(&cluster.into()))
            .map(|placed| {
                let manifest = placed.render().deliverable().unwrap();
                (manifest.id().to_string(), manifest.replicas())
            })
            .collect();
        let expected = [
            ("Deployment shop/app".to_owned(), Some(3)),
            ("Ingress shop/app".to_owned(), None),
            ("Namespace shop".to_owned(), None),
            ("Service shop/app".to_owned(), None),
        ];
        assert_eq!(held, expected, "{cluster}");
    }
}

#[test]
fn an_application_without_clusters_is_placed_nowhere_where_nothing_is_assumed() {
    assert_snapshot!(strict(&docs::application()));
}

#[test]
fn propagations_place_plain_objects() {
    assert_snapshot!(strict(&docs::propagations()));
}
