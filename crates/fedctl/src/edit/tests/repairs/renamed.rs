//! Misspelt fields, which get their name where they stand.

use super::{Case, rename, shown};

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    vec![
        (
            "a scalar",
            "\
kind: Deployment
spec:
  # three are enough
  replica:   3   # for now
  template: {}
",
            1,
            rename("/spec/replica", "replicas"),
        ),
        (
            "a block of its own",
            "\
kind: FederatedDeployment
spec:
  template:
    spec:
      template:
        spec:
          container:
          # first
          - name: web

          - name: second
",
            1,
            rename("/spec/template/spec/template/spec/container", "containers"),
        ),
        (
            "the first behind a dash",
            "\
kind: Deployment
spec:
  containers:
  - imag: nginx # newest
    name: web
",
            1,
            rename("/spec/containers/0/imag", "image"),
        ),
        (
            "in double quotes",
            "kind: A\n\"spce\": {\"a\": 1}\n",
            1,
            rename("/spce", "spec"),
        ),
        (
            "in single quotes",
            "kind: A\n'spce': # why\n  a: 1\n",
            1,
            rename("/spce", "spec"),
        ),
        (
            "in flow",
            "kind: A\nspec: {replica: 1, Template: {}} # x\n",
            1,
            rename("/spec/replica", "replicas"),
        ),
        (
            "JSON",
            "{\n  \"kind\": \"A\",\n  \"Spec\": {\"a\": 1}\n}\n",
            1,
            rename("/Spec", "spec"),
        ),
        (
            "with an anchor that is used",
            "\
kind: A
spec:
  replica: &count 3
  other: *count
",
            1,
            rename("/spec/replica", "replicas"),
        ),
        (
            "a value that is an alias",
            "\
kind: A
labels: &labels {app: web}
spec:
  selectors: *labels
",
            1,
            rename("/spec/selectors", "selector"),
        ),
        (
            "what a merge key brings",
            "\
kind: A
base: &base
  replica: 3
spec:
  <<: *base
",
            1,
            rename("/spec/replica", "replicas"),
        ),
        (
            "under an anchor that is used",
            "\
kind: A
base: &base
  replica: 3
spec: *base
",
            1,
            rename("/base/replica", "replicas"),
        ),
        (
            "behind an alias",
            "\
kind: A
base: &base
  replica: 3
spec: *base
",
            1,
            rename("/spec/replica", "replicas"),
        ),
        (
            "a name that needs quotes",
            "kind: A\ndata:\n  oN: 1\n",
            1,
            rename("/data/oN", "on"),
        ),
        (
            "a byte order mark and CRLF",
            "\u{feff}kidn: A\r\nspec: {}\r\n",
            1,
            rename("/kidn", "kind"),
        ),
    ]
}

#[test]
fn fields_are_renamed_in_place() {
    insta::assert_snapshot!(shown(cases()));
}
