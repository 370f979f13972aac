//! Containers that stand directly under the spec of a Deployment.

use super::{Case, into_pod, shown};

const FEDERATED: &str = "/spec/template";

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    vec![
        (
            "as tutorials have it",
            "\
apiVersion: types.kubefed.io/v1beta1
kind: FederatedDeployment
metadata:
  name: web
spec:
  template:
    spec:
      replicas: 3
      # The one that serves.
      containers: # keep in order
      - name: web # main
        image: nginx:1.27
        ports:
        - containerPort: 80
      # - name: sidecar
  placement:
    clusterSelector: {}
",
            1,
            into_pod(FEDERATED, &["containers"], &[]),
        ),
        (
            "four spaces, lists indented",
            "\
kind: FederatedDeployment
spec:
    template:
        spec:
            containers:
                - name: web
                  # pinned
                  image: nginx
                  command: [\"sh\", \"-c\"]
                  args:
                      - |
                        set -e

                        run
            replicas: 3

    placement: {}
",
            1,
            into_pod(FEDERATED, &["containers"], &[]),
        ),
        (
            "nothing but containers",
            "\
kind: FederatedDeployment
spec:
  template:
    spec:
      containers:
      - name: web
",
            1,
            into_pod(FEDERATED, &["containers"], &[]),
        ),
        (
            "beside pod metadata",
            "\
kind: Deployment
spec:
  template:
    metadata:
      labels: {app: web}
  # volumes as well
  volumes: # two
  - name: a
    emptyDir: {}
  - name: b
  containers:
  - name: web
",
            1,
            into_pod("", &["containers", "volumes"], &["/spec/template"]),
        ),
        (
            "a template that is empty",
            "\
kind: Deployment
spec:
  containers:
    - image: nginx
  template: {} # later
",
            1,
            into_pod("", &["containers"], &["/spec/template"]),
        ),
        (
            "a template of null",
            "\
kind: Deployment
spec:
  containers: [{name: web}]
  template: # later
  replicas: 1
",
            1,
            into_pod("", &["containers"], &[]),
        ),
        (
            "flow in a block",
            "\
kind: Deployment
spec: {replicas: 2, containers: [{name: web, image: \"nginx\"}]} # small
",
            1,
            into_pod("", &["containers"], &[]),
        ),
        (
            "flow on several lines",
            "\
kind: Deployment
spec: {
  replicas: 2, # two
  # the one
  containers: [
    {name: web}, # main
  ],
}
",
            1,
            into_pod("", &["containers"], &[]),
        ),
        (
            "JSON for people",
            "\
{
  \"kind\": \"FederatedDeployment\",
  \"spec\": {
    \"template\": {
      \"spec\": {
        \"containers\": [
          {
            \"name\": \"web\"
          }
        ],
        \"replicas\": 3
      }
    }
  }
}
",
            1,
            into_pod(FEDERATED, &["containers"], &[]),
        ),
        (
            "JSON for machines",
            "{\"kind\":\"Deployment\",\"spec\":{\"replicas\":1,\"containers\":[{\"name\":\"web\"}]}}\n",
            1,
            into_pod("", &["containers"], &[]),
        ),
        (
            "the second of three documents, CRLF",
            "\
kind: A\r\n---\r\nkind: Deployment\r\nspec:\r\n  containers: # c\r\n  - name: web\r\n\r\n    image: nginx\r\n  replicas: 1\r\n---\r\nkind: Z\r\n",
            2,
            into_pod("", &["containers"], &[]),
        ),
        (
            "the last, without a final newline",
            "\
kind: A
---
kind: Deployment
spec:
  containers:
  - name: web",
            2,
            into_pod("", &["containers"], &[]),
        ),
        (
            "anchors that move along",
            "\
kind: Deployment
spec:
  containers:
  - &web
    name: web
    env: &env
    - {name: A, value: b}
  - <<: *web
    name: copy
  - name: third
    env: *env
  replicas: 1
",
            1,
            into_pod("", &["containers"], &[]),
        ),
        (
            "an alias behind it",
            "\
kind: FederatedDeployment
spec:
  template:
    spec:
      containers: &containers
      - name: web
  overrides:
  - clusterName: a
    clusterOverrides:
    - path: /spec/template/spec/containers
      value: *containers
",
            1,
            into_pod(FEDERATED, &["containers"], &[]),
        ),
        (
            "an alias is what moves",
            "\
kind: Deployment
metadata:
  annotations: {note: &list [{name: web}]}
spec:
  containers: *list # shared
  replicas: 1
",
            1,
            into_pod("", &["containers"], &[]),
        ),
        (
            "a template that is shared",
            "\
kind: Deployment
base: &base
  spec:
    containers:
    - name: web
copy: *base
",
            1,
            into_pod("/base", &["containers"], &[]),
        ),
    ]
}

#[test]
fn containers_move_into_the_pod() {
    insta::assert_snapshot!(shown(cases()));
}
