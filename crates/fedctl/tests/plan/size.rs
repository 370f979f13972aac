//! Does the cost follow the size of the input?

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::run::Folder;

/// A ConfigMap of about 5 kB.
fn large(number: usize) -> serde_json::Value {
    let data: serde_json::Map<_, _> = (0..50)
        .map(|key| {
            (
                format!("key-{key:02}"),
                "some words in a value ".repeat(4).into(),
            )
        })
        .collect();
    serde_json::json!({
        "apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedConfigMap",
        "metadata": {"name": format!("a{number:04}"), "namespace": "shop"},
        "spec": {
            "template": {"data": data},
            "placement": {"clusters": [{"name": "us-east"}, {"name": "eu-west"}]},
        },
    })
}

/// Two megabytes take tenths of a second; a cost that grows with their square takes minutes.
fn plan(file: &str, text: &str) {
    assert!(text.len() > 2_000_000, "{}", text.len());
    let folder = Folder::new(&[(file, text)]);
    let start = Instant::now();
    for form in ["table", "json", "yaml", "dir=out"] {
        let ran = folder.plan(&["-f", file, "-o", form]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    assert!(
        start.elapsed() < Duration::from_mins(1),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(folder.files("out").len(), 801);
}

#[test]
fn two_megabytes_of_documents() {
    let mut text = String::new();
    for number in 0..400 {
        writeln!(text, "{:#}\n---", large(number)).unwrap();
    }
    plan("a.yaml", &text);
}

#[test]
fn two_megabytes_on_one_line() {
    let items: Vec<_> = (0..400).map(large).collect();
    let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": items});
    plan("a.json", &list.to_string());
}
