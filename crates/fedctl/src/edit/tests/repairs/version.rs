//! Retired versions, which are replaced by those that followed them.

use super::{Case, replace, shown};

fn cases() -> Vec<Case> {
    vec![
        (
            "plain",
            "# Copyright\napiVersion: extensions/v1beta1 # old\nkind: Deployment\n",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "in double quotes",
            "apiVersion:   \"extensions/v1beta1\"\nkind: Deployment\n",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "in single quotes",
            "kind: Deployment\napiVersion: 'extensions/v1beta1' # old",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "in a template",
            "\
kind: FederatedIngress
spec:
  template:
    # needs a new controller
    apiVersion: extensions/v1beta1
    kind: Ingress
",
            1,
            replace("/spec/template/apiVersion", "networking.k8s.io/v1"),
        ),
        (
            "in JSON",
            "{\"apiVersion\":\"extensions/v1beta1\",\"kind\":\"A\"}",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "in flow",
            "{apiVersion: extensions/v1beta1, kind: A}\n",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "folded",
            "kind: A\napiVersion: >- # why\n  extensions/v1beta1\nspec: {}\n",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "on a line of its own",
            "kind: A\napiVersion: # why\n  extensions/v1beta1 # old\nspec: {}\n",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "with an anchor that is not used",
            "apiVersion: &v extensions/v1beta1 # old\nkind: A\n",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "with an anchor that is used",
            "apiVersion: &v extensions/v1beta1\nkind: A\nother: *v\n",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "an alias",
            "old: &v extensions/v1beta1\napiVersion: *v # shared\nkind: A\n",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "with a tag",
            "apiVersion: !!str extensions/v1beta1\nkind: A\n",
            1,
            replace("/apiVersion", "apps/v1"),
        ),
        (
            "the third document, after directives",
            "kind: A\n---\nkind: B\n---\n# C\napiVersion: extensions/v1beta1\n",
            3,
            replace("/apiVersion", "apps/v1"),
        ),
    ]
}

#[test]
fn versions_are_replaced_in_their_style() {
    insta::assert_snapshot!(shown(cases()));
}
