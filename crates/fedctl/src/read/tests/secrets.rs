//! Does no value of a Secret ever leave the reader?

use super::super::{Input, read_text};

/// What must not be seen.
const VALUE: &str = "hunter2";

fn shown(input: &Input) -> String {
    format!("{:?}", input.findings)
}

#[test]
fn values_of_secrets_are_not_quoted() {
    for text in [
        "kind: Secret\nstringData:\n  a: yes\n  b: hunter2 # yes\n",
        "kind: Secret\nstringData: {b: hunter2, a: yes}\n",
        "{\"kind\": \"Secret\", \"data\": {\"a\": \"hunter2\"}, \"x\": yes}",
        "kind: Secret\nstringdata: {b: hunter2, a: yes}\n",
        "kind: secret\nstringData: {b: !hunter2 yes}\n",
        "kind: Secret\nmetadata:\n  annotations: {last: hunter2, a: yes}\n",
        "x: [yes, &d hunter2]\nkind: Secret\ndata: {b: *d}\n",
        "x: &d {data: {b: hunter2}, y: [hunter2, yes]}\nkind: Secret\n<<: *d\n",
        "kind: FederatedSecret\nspec:\n  template: {stringData: {a: yes, b: hunter2}}\n",
        "kind: FederatedSecret\nspec:\n  template: {data: {a: yes, b: hunter2}, more: [hunter2, yes]}\n",
        "kind: FederatedSecret\nspec:\n  overrides:\n  - clusterOverrides:\n    - {value: hunter2, path: yes}\n",
        "kind: FederatedSecret\nspec: [hunter2, yes]\n",
        "kind: List\nitems:\n- kind: Secret\n  stringData: {a: yes, b: hunter2}\n",
        "kind: SecretList\nitems:\n- stringData: {a: yes, b: hunter2}\n",
        "kind: Propagation\nspec:\n  resources: [{kind: Secret, name: x}]\n  overrides: [{value: [hunter2, yes]}]\n",
        "--- {kind: Secret, data: {b: hunter2, c: yes}}\n",
        // Objects that share a line, one of them read well and one not at all.
        "{\"a\": 1e999, \"b\": 1}{\"kind\": \"Secret\", \"data\": {\"b\": \"hunter2\"}}",
        "{\"kind\": \"Secret\", \"data\": {\"b\": \"hunter2\"}} {\"a\": 1, \"a\": 2}",
        // Not readable at all.
        "kind: Secret\nstringData: {b: hunter2\n",
        "kind: Secret\nstringData:\n  b: *hunter2\n",
        "kind: Secret\nstringData:\n  hunter2: a\n  hunter2: b\n",
        "kind: Secret\nstringData:\n  b: %hunter2\n",
        "kind: Secret\nstringData:\n  b: !!int hunter2\n",
        "{\"kind\": \"FederatedSecret\", \"hunter2\n",
        "'kind' : \"secret\"\n  hunter2\n",
        "kind: Secret\nstringData:\n---\n  b: \"hunter2\n",
    ] {
        let input = read_text("s.yaml", text);
        assert!(!input.findings.is_empty(), "nothing to hide in {text:?}");
        let without_paths: Vec<_> = input
            .findings
            .iter()
            .map(|finding| (&finding.message, &finding.source_line))
            .collect();
        let seen = format!("{without_paths:?}");
        assert!(!seen.contains(VALUE), "{text:?}: {seen}");
        assert!(!seen.contains("yes"), "{text:?}: {seen}");
        assert!(
            !format!("{input:?}")
                .replace(&shown(&input), "")
                .contains(VALUE)
        );
    }
}

#[test]
fn what_is_no_secret_is_quoted() {
    for text in [
        "kind: ConfigMap\ndata: {a: yes}\n",
        "kind: Deployment\nspec: {imagePullSecrets: yes}\n",
        "kind: Secret\ntype: yes\nstringData:\n  a: b\n",
        "kind: FederatedSecret\nspec:\n  placement: yes\n  template:\n    data: {a: b}\n",
        "kind: List\nitems:\n- kind: Secret\n  data: {a: b}\n- kind: ConfigMap\n  data: {a: yes}\n",
        "kind: Secret\n---\nkind: ConfigMap\n---\na: yes\n",
        "kind: Deployment\nimagePullSecrets: [\n  yes: *a\n",
    ] {
        let input = read_text("-", text);
        let finding = &input.findings[0];
        assert!(finding.source_line.is_some(), "{text:?} {finding:?}");
    }
}

#[test]
fn a_secret_on_the_same_line_hides_its_neighbours() {
    let text =
        "{\"kind\":\"A\"}{\"kind\":\"Secret\",\"data\":{\"b\":\"hunter2\"}}\n{\"kind\":\"B\"}\n";
    let input = read_text("-", text);
    let lines: Vec<_> = input
        .documents
        .iter()
        .map(|document| document.source_line("/kind"))
        .collect();
    assert_eq!(lines, [None, None, Some("{\"kind\":\"B\"}")]);
}

#[test]
fn each_place_says_whether_it_may_be_shown() {
    let text = "\
kind: FederatedSecret
metadata:
  name: s
spec:
  placement: {clusters: [a]}
  template:
    type: Opaque
    data:
      password: aHVudGVyMg==
  overrides:
  - clusterName: a
";
    let input = read_text("-", text);
    let document = &input.documents[0];
    for (pointer, expected) in [
        ("/kind", true),
        ("/metadata/name", true),
        ("/metadata/missing", true),
        ("/spec/placement/clusters/0", true),
        ("/spec/template/type", true),
        ("/spec/template/data", false),
        ("/spec/template/data/password", false),
        ("/spec/template/data/missing", false),
        ("/spec/overrides/0/clusterName", false),
        ("/spec/template", false),
        ("/spec/missing", true),
        ("", false),
    ] {
        assert_eq!(document.may_quote(pointer), expected, "{pointer}");
        assert_eq!(
            document.source_line(pointer).is_some(),
            expected,
            "{pointer}"
        );
    }
    assert_eq!(
        document.source_line("/spec/template/type"),
        Some("    type: Opaque")
    );
}
