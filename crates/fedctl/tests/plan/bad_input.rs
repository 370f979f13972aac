//! Is bad input told clearly, and the rest planned?

use crate::run::{CLUSTERS, Folder, NAMESPACE, config_map, problems};

fn good() -> String {
    config_map("good", &["us-east"])
}

/// Plans the good ConfigMap beside what is bad, and shows what people see of it.
fn beside_good(files: &[(&str, &str)]) -> String {
    let folder = Folder::new(files);
    folder.write("clusters.yaml", CLUSTERS);
    folder.write("good.yaml", [NAMESPACE, &good()].join("---\n"));
    let mut arguments = vec!["-f", "clusters.yaml", "-f", "good.yaml"];
    arguments.extend(files.iter().flat_map(|(name, _)| ["-f", name]));
    let ran = folder.plan(&arguments);
    assert!(ran.stdout.contains("ConfigMap shop/good"), "{}", ran.stdout);
    format!("exit code {}\n{}", ran.code, ran.stderr)
}

macro_rules! told {
    ($name:ident, $($file:literal => $text:expr),+ $(,)?) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(beside_good(&[$(($file, $text.as_ref())),+]));
        }
    };
}

told!(invalid_yaml, "bad.yaml" => "kind: X\nmetadata: [unclosed\n---\nkey: value: again\n");
told!(tabs, "bad.yaml" => "kind: X\nmetadata:\n\tname: x\n");
told!(duplicate_keys, "bad.yaml" => good().replace("good", "bad") + "spec: {}\n");
told!(identical_objects, "a.yaml" => config_map("twice", &["lab"]),
    "b.yaml" => config_map("twice", &["lab"]));
told!(differing_objects, "a.yaml" => config_map("twice", &["lab"]),
    "b.yaml" => config_map("twice", &["us-east"]));
told!(deep_nesting, "bad.yaml" => "[".repeat(100_000), "flow.json" => "{\"a\":".repeat(5000));
told!(alias_bomb, "bad.yaml" => bomb());
told!(wrong_api_version, "bad.yaml" => config_map("b", &["lab"]).replace("v1beta1", "v1"));
told!(override_without_placement, "a.yaml" => format!(
    "{}  overrides:\n  - clusterName: us-east\n    clusterOverrides: [{{path: /data/sky, value: red}}]\n",
    config_map("a", &["lab"]),
));
told!(selected_cluster_that_does_not_exist, "a.yaml" => config_map("a", &["lab", "us-eats"]));
told!(missing_file_and_empty_ones, "empty.yaml" => "", "comments.yaml" => "# nothing\n---\n",
    "null.yaml" => "null\n");
told!(not_an_object, "list.yaml" => "- a\n- b\n", "text.yaml" => "hello\n",
    "half.yaml" => "apiVersion: v1\nkind: ConfigMap\n");
told!(other_tools, "kustomization.yaml" => "resources: [a.yaml]\n",
    "k/kustomization.yaml" => "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
    "chart/values.yaml" => "replicas: 3\n",
    "chart/templates/a.yaml" => "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n");

fn bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        text += &format!("a{level}: &a{level} [{before}]\n");
    }
    text
}

#[test]
fn unreadable_among_good() {
    let folder = Folder::new(&[("good.yaml", &good())]);
    folder.write("binary.yaml", [0x7f, b'E', b'L', b'F', 0, 0xff, 0xfe, 0x80]);
    std::fs::create_dir(folder.path("none")).unwrap();
    let ran = folder.plan(&[
        "-f",
        "nowhere.yaml",
        "-f",
        "binary.yaml",
        "-f",
        "none",
        "-f",
        "good.yaml",
    ]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("ConfigMap shop/good"), "{}", ran.stdout);
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn nothing_read_is_2() {
    let folder = Folder::new(&[("empty.yaml", "# nothing\n"), ("bad.yaml", "a: [")]);
    std::fs::create_dir(folder.path("none")).unwrap();
    for arguments in [
        &["-f", "nowhere.yaml"][..],
        &["-f", "empty.yaml"],
        &["-f", "bad.yaml"],
        &["-f", "none"],
        &["-f", "-"],
        &["-f", "none", "-o", "dir=out"],
    ] {
        let ran = folder.plan(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(
            ran.stderr.contains("nothing could be read"),
            "{}",
            ran.stderr
        );
    }
    assert!(!folder.path("out").exists());
    insta::assert_snapshot!(
        folder
            .plan(&["-f", "none", "-f", "empty.yaml", "-f", "-"])
            .stderr
    );
}

#[test]
fn nothing_to_plan_is_a_warning() {
    let folder = Folder::new(&[("clusters.yaml", CLUSTERS)]);
    let ran = folder.plan(&["-f", "clusters.yaml"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(format!("{}\n{}", ran.stdout, ran.stderr));
}

#[test]
fn problems_are_sorted_by_file_document_path_and_code() {
    let bad = format!(
        "foo: 1\n---\n{}---\na: [\n",
        config_map("b", &["x", "lab", "y"])
    );
    let folder = Folder::new(&[
        ("b.yaml", &bad),
        ("a.yaml", &bad),
        ("clusters.yaml", CLUSTERS),
    ]);
    let answer = folder.answer(&[
        "-f",
        "b.yaml",
        "-f",
        "a.yaml",
        "-f",
        "clusters.yaml",
        "-f",
        "c",
    ]);
    let found = answer["problems"].as_array().unwrap();
    let keys: Vec<_> = found
        .iter()
        .map(|problem| {
            let text = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
            (
                text("file"),
                problem["document"].as_u64(),
                text("path"),
                text("code"),
            )
        })
        .collect();
    assert!(keys.len() > 6, "{keys:?}");
    assert!(keys.is_sorted(), "{keys:#?}");
}

#[test]
fn duplicates_inside_one_file_name_both_lines() {
    let both = [config_map("a", &["lab"]), config_map("a", &["us-east"])].join("---\n");
    let folder = Folder::new(&[("a.yaml", &both)]);
    let answer = folder.answer(&["-f", "a.yaml"]);
    assert_eq!(
        problems(&answer)[1..3],
        [
            "error a.yaml:1 ConflictingObjects",
            "error a.yaml:8 ConflictingObjects"
        ]
    );
    let message = |at: usize| answer["problems"][at]["message"].to_string();
    assert!(message(1).contains("a.yaml:8"), "{}", message(1));
    assert!(message(2).contains("a.yaml:1"), "{}", message(2));
    assert_eq!(
        answer["objects"].as_array().unwrap().len(),
        0,
        "none of them is planned"
    );
}
