//! Pods without labels, which get those of their object.

use serde_json::json;

use super::{Case, add, shown};

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    let labels = || json!({"app": "web", "on": "yes"});
    vec![
        (
            "no metadata",
            "\
kind: FederatedDeployment
spec:
  template:
    spec:
      template:
        # What runs.
        spec:
          containers:
          - name: web
",
            1,
            add(
                "/spec/template/spec/template/metadata",
                json!({"labels": labels()}),
            ),
        ),
        (
            "metadata of null",
            "\
kind: Deployment
spec:
  template:
    metadata:
    spec: {}
",
            1,
            add("/spec/template/metadata", json!({"labels": labels()})),
        ),
        (
            "metadata of null with a comment",
            "\
kind: Deployment
spec:
  template:
    metadata: ~ # none
    spec: {}
",
            1,
            add("/spec/template/metadata", json!({"labels": labels()})),
        ),
        (
            "a name before, annotations behind",
            "\
kind: Deployment
spec:
  template:
    metadata:
      name: web
      # for the mesh
      annotations:
        a: b
",
            1,
            add("/spec/template/metadata/labels", labels()),
        ),
        (
            "empty labels",
            "\
kind: Deployment
spec:
  template:
    metadata:
      labels: {} # none yet
      # that is all
",
            1,
            add("/spec/template/metadata/labels/app", json!("web")),
        ),
        (
            "labels of null",
            "\
kind: Deployment
spec:
  template:
    metadata:
      name: web
      labels:
---
kind: Z
",
            1,
            add("/spec/template/metadata/labels", labels()),
        ),
        (
            "others are there",
            "\
kind: Deployment
spec:
  template:
    metadata:
      labels:
        tier: 'front' # of three
        # more below
    spec: {}
",
            1,
            add("/spec/template/metadata/labels/app", json!("web")),
        ),
        (
            "an item of a List",
            "\
kind: List
items:
  - kind: A
  - kind: Deployment
    spec:
      template: {metadata: {}, spec: {}}
  # the last
  - kind: Z
",
            1,
            add("/items/1/spec/template/metadata/labels", labels()),
        ),
        (
            "an anchor that is not used",
            "\
kind: Deployment
spec:
  template:
    metadata: &m {}
",
            1,
            add("/spec/template/metadata/labels", labels()),
        ),
        (
            "labels that a merge key brings",
            "\
kind: Deployment
common: &common
  app: old
spec:
  template:
    metadata:
      labels:
        <<: *common
        tier: front
",
            1,
            add("/spec/template/metadata/labels/app", json!("web")),
        ),
        (
            "JSON with an empty object",
            "\
{
  \"kind\": \"Deployment\",
  \"spec\": {
    \"template\": {
      \"metadata\": {}
    }
  }
}
",
            1,
            add("/spec/template/metadata/labels", labels()),
        ),
    ]
}

#[test]
fn pods_get_labels() {
    insta::assert_snapshot!(shown(cases()));
}
