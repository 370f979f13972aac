//! What does each output form print for the same input?

use serde_json::Value;

use crate::run::{CLUSTERS, DEPLOYMENT, Folder, NAMESPACE};

fn shop() -> Folder {
    Folder::new(&[
        ("clusters.yaml", CLUSTERS),
        ("shop/namespace.yaml", NAMESPACE),
        ("shop/rating.yaml", DEPLOYMENT),
    ])
}

const INPUT: [&str; 4] = ["-f", "clusters.yaml", "-f", "shop"];

#[test]
fn table() {
    let ran = shop().plan(&INPUT);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn json() {
    let ran = shop().plan(&[&INPUT[..], &["-o", "json"]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn yaml_says_what_json_says() {
    let folder = shop();
    folder.write("broken.yaml", "a: [\n---\nfoo: \"\\e[31m\u{202e}\"\n");
    let input = ["-f", "clusters.yaml", "-f", "shop", "-f", "broken.yaml"];
    let ran = folder.plan(&[&input[..], &["-o", "yaml"]].concat());
    assert_eq!(ran.code, 1);
    let read = fedctl::read::read_text("yaml", ran.stdout.as_str());
    assert_eq!(read.findings, []);
    assert_eq!(*read.documents[0].value(), folder.answer(&input));
    let order: Vec<_> = ran
        .stdout
        .lines()
        .filter(|line| !line.starts_with([' ', '-']))
        .collect();
    assert_eq!(
        order,
        [
            "apiVersion: fed.dev/v1alpha1",
            "kind: Plan",
            "now: \"2026-01-01T00:00:00Z\"",
            "clusters:",
            "objects:",
            "problems:"
        ]
    );
}

#[test]
fn json_stays_json_with_errors_and_without_input() {
    let folder = shop();
    folder.write("broken.yaml", "a: [\n");
    for (arguments, code) in [
        (&["-f", "shop", "-f", "broken.yaml"][..], 1),
        (&["-f", "broken.yaml"][..], 2),
        (&["-f", "nowhere"][..], 2),
    ] {
        let ran = folder.plan(&[arguments, &["-o", "json"]].concat());
        assert_eq!(ran.code, code, "{arguments:?}");
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(answer["kind"], "Plan");
        assert!(ran.stderr.contains("error: "), "{}", ran.stderr);
        let told = answer["problems"].as_array().unwrap();
        assert!(told.iter().any(|problem| problem["severity"] == "error"));
    }
}

#[test]
fn everything_is_sorted_whatever_the_order_of_the_input() {
    let folder = shop();
    let answer = folder.answer(&[
        "-f",
        "shop/rating.yaml",
        "-f",
        "shop",
        "-f",
        "clusters.yaml",
    ]);
    let mut other = folder.answer(&INPUT);
    assert_eq!(answer, other);
    let names = |value: &Value, key: &str| -> Vec<String> {
        let items = value.as_array().unwrap().iter();
        items
            .map(|item| item[key].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        names(&answer["clusters"], "name"),
        ["eu-west", "lab", "us-east"]
    );
    let manifests = &answer["clusters"][0]["manifests"];
    assert_eq!(names(manifests, "kind"), ["Deployment", "Namespace"]);
    let placed = &other["objects"][0]["placed"];
    assert_eq!(names(placed, "cluster"), ["eu-west", "us-east"]);
    let namespace = other["objects"][1]["target"].take();
    assert_eq!(namespace.get("namespace"), None, "it is cluster-scoped");
}
