//! Does a real API server take every definition as it is?

use std::collections::BTreeSet;

use fed_testkit::assets_or_skip;
use fedctl::crds::definitions;
use fedctl::read::Input;

use crate::server::{DEFINITIONS, all, condition, server};

#[test]
fn every_definition_is_established() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    for crd in all() {
        let name = crd["metadata"]["name"].as_str().unwrap();
        let stored = client.get(&format!("{DEFINITIONS}/{name}")).unwrap().body;
        assert_eq!(condition(&stored, "NamesAccepted"), "True", "{name}");
        assert_eq!(
            condition(&stored, "NonStructuralSchema"),
            "absent",
            "{name}"
        );
        let names = &stored["status"]["acceptedNames"];
        assert_eq!(
            names["shortNames"], crd["spec"]["names"]["shortNames"],
            "{name}"
        );
        let stored = &stored["spec"]["versions"][0]["schema"];
        assert_eq!(stored, &crd["spec"]["versions"][0]["schema"], "{name}");
    }
}

#[test]
fn any_kind_of_kubernetes_can_be_federated() {
    let assets = assets_or_skip!();
    let client = server(&assets).client();
    let schemas = fed_schema::Schemas::builtin();
    let has = |kind: &fed_schema::Kind<'_>, verb: &str| kind.verbs().any(|one| one == verb);
    let kinds = schemas
        .kinds()
        .filter(|kind| has(kind, "create") && has(kind, "delete"));
    let names: BTreeSet<_> = kinds
        .map(|kind| format!("{}.{}", kind.plural(), kind.group()))
        .collect();
    assert!(names.len() > 50, "{names:?}");
    for name in &names {
        let (crds, problems) = definitions(&Input::default(), std::slice::from_ref(name));
        assert_eq!((crds.len(), problems), (1, Vec::new()), "{name}");
        let path = format!("{DEFINITIONS}?dryRun=All&fieldValidation=Strict");
        let answer = client.create(&path, &crds[0]).unwrap();
        // Those of the usual kinds are there already.
        let is_there = answer.status == 409 && all().contains(&crds[0]);
        assert!(answer.status == 201 || is_there, "{name}: {answer:?}");
    }
}
