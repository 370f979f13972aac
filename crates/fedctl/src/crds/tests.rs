//! Which definitions are printed, and what is said of those that are not?

use super::*;
use crate::read::read_text;

fn names(input: &str, kinds: &[&str]) -> (Vec<String>, Vec<String>) {
    let kinds: Vec<_> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let (definitions, problems) = definitions(&read_text("in.yaml", input), &kinds);
    (
        definitions.iter().map(|one| name(one).to_owned()).collect(),
        problems
            .into_iter()
            .map(|one| format!("{:?} {}", one.line, one.message))
            .collect(),
    )
}

const OXEN: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: oxen.zoo.example.com}
spec:
  group: zoo.example.com
  scope: Namespaced
  names: {kind: Ox, plural: oxen, shortNames: [o]}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              replicas: {type: integer, format: int32}
";

const OX_CONFIG: &str = "\
apiVersion: v1
kind: List
items:
- apiVersion: core.kubefed.io/v1beta1
  kind: FederatedTypeConfig
  metadata: {name: oxes.zoo.example.com}
  spec:
    targetType: {group: zoo.example.com, version: v1, kind: Ox, pluralName: oxes, scope: Namespaced}
    federatedType: {group: fed.example.com, version: v2, kind: Oxherd, pluralName: oxherds}
    propagation: Enabled
";

#[test]
fn by_default_everything_of_an_installation_is_printed() {
    let (names, problems) = names("", &[]);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(names.len(), 19);
    for name in [
        "federatedclusterroles.types.kubefed.io",
        "federatednamespaces.types.kubefed.io",
        "federatedservicestatuses.core.kubefed.io",
        "kubefedclusters.core.kubefed.io",
        "kinddefinitions.fed.dev",
        "propagations.fed.dev",
        "replicaschedulingpreferences.scheduling.kubefed.io",
    ] {
        assert!(names.iter().any(|one| one == name), "{name} in {names:?}");
    }
}

#[test]
fn a_definition_in_the_input_is_federated_too() {
    let (found, problems) = names(OXEN, &[]);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(found.len(), 20);
    assert!(found.contains(&"federatedoxen.types.kubefed.io".to_owned()));

    let (definitions, _) = definitions(&read_text("in.yaml", OXEN), &["o".to_owned()]);
    let [ox] = definitions.as_slice() else {
        panic!("{definitions:?}");
    };
    assert_eq!(ox["spec"]["names"]["shortNames"], json!(["fo"]));
    let spec = &ox["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"];
    assert!(spec["properties"].get("retainReplicas").is_some());
}

#[test]
fn a_type_config_names_the_federated_kind() {
    let both = format!("{OXEN}---\n{OX_CONFIG}");
    for (input, short) in [(OX_CONFIG, false), (both.as_str(), true)] {
        let (found, problems) = names(input, &["Ox.zoo.example.com"]);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(found, ["oxherds.fed.example.com"]);
        // The definition tells the plural before the config.
        assert_eq!(names(input, &["oxen"]).0.is_empty(), !short);
    }
    // Of a kind that only a config tells of, nobody knows that it has no replicas.
    let (definitions, _) = definitions(&read_text("in.yaml", OX_CONFIG), &["ox".to_owned()]);
    assert!(definitions[0].to_string().contains("retainReplicas"));
    // What is declared once is not printed again by convention.
    assert_eq!(names(&both, &[]).0.len(), 20);
}

#[test]
fn without_a_plural_kubefed_guesses() {
    let config = OX_CONFIG
        .replace(", pluralName: oxes", "")
        .replace("oxes.zoo", ".zoo")
        .replace(", kind: Oxherd, pluralName: oxherds", "");
    let (found, problems) = names(&config, &["ox"]);
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(found, ["federatedoxes.fed.example.com"]);
}

#[test]
fn every_kind_of_kubernetes_can_be_named() {
    for (name, plural) in [
        ("StatefulSet", "federatedstatefulsets"),
        ("sts", "federatedstatefulsets"),
        ("DEPLOY", "federateddeployments"),
        ("deployments.apps", "federateddeployments"),
        ("PriorityClass", "federatedpriorityclasses"),
        ("endpoints", "federatedendpoints"),
        ("event", "federatedevents"),
        ("events.events.k8s.io", "federatedevents"),
        ("FlowSchema", "federatedflowschemas"),
    ] {
        let (found, problems) = names("", &[name]);
        assert_eq!(problems, Vec::<String>::new(), "{name}");
        assert_eq!(found, [format!("{plural}.types.kubefed.io")], "{name}");
    }
}

#[test]
fn what_cannot_be_printed_is_said_and_blocks_nothing() {
    let (found, problems) = names("", &["Ox", "Deployment", "apps", "TokenReview", ""]);
    assert_eq!(found, ["federateddeployments.types.kubefed.io"]);
    assert_eq!(problems.len(), 4);
    assert_eq!(
        problems[0],
        "None nothing is known of the kind Ox: give its CustomResourceDefinition with -f"
    );

    let broken = OXEN.replace("plural: oxen, ", "") + "---\n" + &OX_CONFIG.replace("kind: Ox,", "");
    let (found, problems) = names(&broken, &[]);
    assert_eq!(found.len(), 19);
    assert_eq!(
        problems,
        [
            "Some(1) the definition cannot be used: /spec/names/plural must be a text that is not \
             empty",
            "Some(28) a FederatedTypeConfig needs spec.targetType.kind",
        ]
    );
}

#[test]
fn one_name_for_two_kinds_is_an_error() {
    let other = OX_CONFIG
        .replace("zoo.example.com", "farm.example.com")
        .replace("kind: Ox,", "kind: Cow,");
    let (found, problems) = names(&format!("{OX_CONFIG}---\n{other}"), &[]);
    assert_eq!(
        found
            .iter()
            .filter(|one| *one == "oxherds.fed.example.com")
            .count(),
        1
    );
    assert_eq!(
        problems,
        ["None oxherds.fed.example.com is declared twice, for different kinds"]
    );
}

#[test]
fn kinds_of_federation_itself_are_not_federated() {
    let (own, _) = definitions(&read_text("in.yaml", ""), &[]);
    let (again, problems) = definitions(&read_text("in.yaml", yaml_documents(&own)), &[]);
    assert_eq!(problems, []);
    assert_eq!(again, own);
}

#[test]
fn files_are_named_as_the_definitions() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new");
    let (definitions, _) = definitions(&read_text("in.yaml", ""), &[]);
    assert_eq!(write(&definitions, &out), []);
    assert_eq!(fs::read_dir(&out).unwrap().count(), definitions.len());
    let file = fs::read_to_string(out.join("propagations.fed.dev.yaml")).unwrap();
    assert_eq!(
        read_text("x", file).documents[0].value(),
        &native::crds()[1]
    );
    let elsewhere = json!({"metadata": {"name": "../x"}});
    assert_eq!(write(&[elsewhere], &out).len(), 1);
}

#[test]
fn yaml_and_json_hold_the_same() {
    let (definitions, _) = definitions(&read_text("in.yaml", ""), &[]);
    let yaml = read_text("x", yaml_documents(&definitions));
    assert_eq!(yaml.documents.len(), definitions.len());
    let json: Value = serde_json::from_str(&json_list(&definitions)).unwrap();
    for (index, document) in yaml.documents.iter().enumerate() {
        assert_eq!(document.value(), &json["items"][index]);
    }
    assert_eq!(yaml.findings.len(), 0, "{:?}", yaml.findings);
}
