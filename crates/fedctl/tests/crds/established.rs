//! Does a real API server take every definition as it is?

use fed_testkit::assets_or_skip;

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
