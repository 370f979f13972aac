//! Do the values of Secrets stay where they belong?

use crate::run::{Folder, config_map};

const VALUE: &str = "hunter2-hunter2";

fn federated(data: &str, rest: &str) -> String {
    format!(
        "apiVersion: types.kubefed.io/v1beta1\nkind: FederatedSecret\n\
         metadata: {{name: s, namespace: shop}}\nspec:\n  template:\n    {data}\n  \
         placement: {{clusters: [{{name: us-east}}, {{name: eu-west}}]}}\n{rest}"
    )
}

fn overriding(path: &str, op: &str) -> String {
    format!(
        "  overrides:\n  - clusterName: us-east\n    clusterOverrides: \
         [{{op: {op}, path: {path}, value: {VALUE}}}]\n"
    )
}

#[test]
fn values_are_in_no_table_problem_or_explanation() {
    let string_data = format!("stringData: {{password: {VALUE}}}");
    let plain = format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: p}}\n{string_data}\n");
    for text in [
        federated(&string_data, ""),
        federated(&string_data, &overriding("/stringData/password", "replace")),
        federated(&string_data, &overriding("/stringData/a/b/c", "add")),
        federated(&string_data, &overriding("/data", "nonsense")),
        federated(&string_data, &overriding("/metadata/name", "replace")),
        federated(&format!("stringData: {{password: {VALUE}"), ""),
        federated(
            &format!("stringData: {{password: {VALUE}, password: {VALUE}}}"),
            "",
        ),
        federated(&format!("stringData: [{VALUE}]"), ""),
        federated(&format!("stringDatas: {VALUE}"), ""),
        federated(&format!("data: {VALUE}"), &format!("  unknown: {VALUE}\n")),
        format!("{plain}  broken: [{VALUE}\n"),
        plain.replace("v1", "v2"),
        plain.replace("metadata: {name: p}", "metadata: {}"),
        plain.replace(
            "name: p",
            &format!("name: p, annotations: {{a: {VALUE}, a: {VALUE}}}"),
        ),
        [federated(&string_data, ""), federated("data: {}", "")].join("---\n"),
        format!(
            "apiVersion: v1\nkind: List\nitems:\n- {}",
            plain.replace('\n', "\n  ")
        ),
    ] {
        let folder = Folder::new(&[
            ("s.yaml", &text),
            ("a.yaml", &config_map("a", &["us-east"])),
        ]);
        let input = ["-f", "s.yaml", "-f", "a.yaml"];
        for extra in [&[][..], &["--explain"], &["--strict"]] {
            let ran = folder.plan(&[&input[..], extra].concat());
            assert!(ran.stdout.contains("ConfigMap shop/a"), "{}", ran.stdout);
            assert!(!ran.stdout.contains("hunter2"), "{text}\n{}", ran.stdout);
            assert!(!ran.stderr.contains("hunter2"), "{text}\n{}", ran.stderr);
        }
        let mut answer = folder.answer(&[&input[..], &["--explain"]].concat());
        answer["clusters"].take();
        assert!(
            !answer.to_string().contains("hunter2"),
            "{text}\n{answer:#}"
        );
    }
}

#[test]
fn values_are_in_manifests() {
    let text = federated(&format!("stringData: {{password: {VALUE}}}"), "");
    let folder = Folder::new(&[("s.yaml", &text)]);
    for form in ["json", "yaml"] {
        assert!(
            folder
                .plan(&["-f", "s.yaml", "-o", form])
                .stdout
                .contains(VALUE)
        );
    }
    folder.plan(&["-f", "s.yaml", "-o", "dir=out"]);
    let file = std::fs::read_to_string(folder.path("out/us-east/shop/secret.core.s.yaml"));
    assert!(file.unwrap().contains(VALUE));
}
