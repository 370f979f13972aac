//! A Deployment without a selector, which is made from the labels of its pods.

use serde_json::json;

use super::{Case, add, shown};

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    let selector = || json!({"matchLabels": {"app": "web", "version": "1.10"}});
    vec![
        (
            "between replicas and template",
            "\
kind: FederatedDeployment
spec:
  template:
    spec:
      replicas: 3 # of all
      # Pods.
      template:
        metadata:
          labels:
            app: web
            version: \"1.10\"
        spec:
          containers: []
",
            1,
            add("/spec/template/spec/selector", selector()),
        ),
        (
            "before the only field",
            "\
kind: Deployment
spec:
    # Pods.
    template:
        metadata:
            labels: {app: web, version: '1.10'}
",
            1,
            add("/spec/selector", selector()),
        ),
        (
            "the spec is flow",
            "\
kind: Deployment
spec: {template: {metadata: {labels: {app: web, version: '1.10'}}}}
",
            1,
            add("/spec/selector", selector()),
        ),
        (
            "a selector of nothing",
            "\
kind: Deployment
spec:
  selector: {} # all
  template: {}
",
            1,
            add("/spec/selector/matchLabels", json!({"app": "web"})),
        ),
        (
            "a selector of null",
            "\
kind: Deployment
spec:
  selector: # all
  template: {}
",
            1,
            add("/spec/selector", selector()),
        ),
        (
            "match labels without labels",
            "\
kind: Deployment
spec:
  selector:
    matchLabels:
  template: {}
",
            1,
            add("/spec/selector/matchLabels", json!({"app": "web"})),
        ),
        (
            "JSON for people, four spaces",
            "\
{
    \"kind\": \"Deployment\",
    \"spec\": {
        \"replicas\": 1,
        \"template\": {}
    }
}
",
            1,
            add("/spec/selector", selector()),
        ),
        (
            "two JSON objects",
            "{\"kind\":\"A\"}\n{\"kind\":\"Deployment\",\"spec\":{\"template\":{}}}\n",
            2,
            add("/spec/selector", selector()),
        ),
        (
            "the template is an alias",
            "\
kind: Deployment
x-pod: &pod
  metadata: {labels: {app: web}}
spec:
  template: *pod
",
            1,
            add("/spec/selector", selector()),
        ),
        (
            "a selector behind an alias",
            "\
kind: Deployment
x-selector: &selector
  matchLabels: {}
spec:
  selector: *selector
",
            1,
            add("/spec/selector/matchLabels/app", json!("web")),
        ),
    ]
}

#[test]
fn a_selector_is_put_where_people_look_for_it() {
    insta::assert_snapshot!(shown(cases()));
}
