//! Which kinds are federated? FederatedTypeConfigs, unknown kinds and wrong versions.

use crate::common::docs::{clusters, federated, plain, propagation, shop, type_config};
use crate::common::show::strict;
use insta::assert_snapshot;
use serde_json::{Value, json};

fn gadget() -> Value {
    json!({
        "group": "example.com", "version": "v1", "kind": "Gadget", "pluralName": "gadgets",
        "scope": "Namespaced",
    })
}

fn everywhere(kind: &str, name: &str) -> Value {
    let spec = json!({
        "template": {"spec": {"replicas": 2}},
        "placement": {"clusters": [{"name": "a", "replicas": 4}]},
    });
    federated(kind, name, spec)
}

fn in_one_cluster(documents: impl IntoIterator<Item = Value>) -> String {
    let mut all = clusters(["a"]);
    all.push(shop());
    all.extend(documents);
    strict(&all)
}

#[test]
fn a_type_config_makes_a_kind_known() {
    let config = type_config(
        "gadgets.example.com",
        gadget(),
        "FederatedGadget",
        "Enabled",
    );
    let selected = json!({
        "resources": [{"apiVersion": "example.com/v1", "kind": "Gadget", "name": "plain"}],
        "placement": {"clusters": ["a"]},
    });
    assert_snapshot!(in_one_cluster([
        config,
        everywhere("FederatedGadget", "one"),
        plain("example.com/v1", "Gadget", "plain"),
        propagation("plain", selected),
    ]));
}

#[test]
fn a_kind_that_nobody_declares_is_an_error() {
    assert_snapshot!(in_one_cluster([
        everywhere("FederatedGadget", "one"),
        everywhere("FederatedConfigMap", "colours"),
    ]));
}

#[test]
fn a_type_config_can_disable_its_type() {
    let config = type_config(
        "gadgets.example.com",
        gadget(),
        "FederatedGadget",
        "Disabled",
    );
    assert_snapshot!(in_one_cluster([
        config,
        everywhere("FederatedGadget", "one")
    ]));
}

#[test]
fn the_core_group_may_be_left_out_and_is_written_without_a_slash() {
    let endpoints = json!({
        "version": "v1", "kind": "Endpoints", "pluralName": "endpoints", "scope": "Namespaced",
    });
    let text = in_one_cluster([
        type_config("endpoints", endpoints, "FederatedEndpoints", "Enabled"),
        everywhere("FederatedEndpoints", "one"),
    ]);
    assert!(text.starts_with("v1 Endpoints shop/one"), "{text}");
    assert!(!text.contains("/v1 Endpoints"), "{text}");
    assert!(!text.contains("error"), "{text}");
}

#[test]
fn the_group_can_stand_in_the_name_of_the_type_config() {
    let mut target = gadget();
    target.as_object_mut().unwrap().remove("group");
    let text = in_one_cluster([
        type_config("gadgets.example.com", target, "FederatedGadget", "Enabled"),
        everywhere("FederatedGadget", "one"),
    ]);
    assert!(text.starts_with("example.com/v1 Gadget shop/one"), "{text}");
}

#[test]
fn type_configs_that_do_not_say_what_they_declare_are_errors() {
    let without = |field: &str| {
        let mut target = gadget();
        target.as_object_mut().unwrap().remove(field);
        type_config(
            &format!("no-{}", field.to_lowercase()),
            target,
            "FederatedGadget",
            "Enabled",
        )
    };
    let mut scope = gadget();
    scope["scope"] = json!("Global");
    let mut wrong_type = type_config("wrong-type", gadget(), "FederatedGadget", "Enabled");
    wrong_type["spec"]["targetType"]["kind"] = json!(7);
    let mut nothing = type_config("nothing", gadget(), "FederatedGadget", "Enabled");
    nothing["spec"] = Value::Null;
    assert_snapshot!(in_one_cluster([
        without("kind"),
        without("version"),
        without("scope"),
        type_config("bad-scope", scope, "FederatedGadget", "Enabled"),
        wrong_type,
        nothing,
        everywhere("FederatedGadget", "one"),
    ]));
}

#[test]
fn a_known_kind_under_another_version_is_an_error_that_tells_the_right_one() {
    let at = |api_version: &str, mut document: Value| {
        document["apiVersion"] = json!(api_version);
        document
    };
    let mut of_a_group = type_config(
        "gadgets.example.com",
        gadget(),
        "FederatedGadget",
        "Enabled",
    );
    of_a_group["spec"]["federatedType"]["version"] = json!("v1beta2");
    let mut template = everywhere("FederatedDeployment", "template");
    template["spec"]["template"]["apiVersion"] = json!("extensions/v1beta1");
    let mut older = everywhere("FederatedDeployment", "older");
    older["spec"]["template"]["apiVersion"] = json!("apps/v1beta2");
    assert_snapshot!(in_one_cluster([
        at(
            "types.kubefed.io/v1alpha1",
            everywhere("FederatedConfigMap", "older-types")
        ),
        at(
            "types.federation.k8s.io/v1alpha1",
            everywhere("FederatedConfigMap", "older-group")
        ),
        at("core.kubefed.io/v1alpha1", clusters(["b"]).remove(0)),
        at("core.kubefed.k8s.io/v1beta1", clusters(["c"]).remove(0)),
        of_a_group,
        everywhere("FederatedGadget", "one"),
        at(
            "core.kubefed.io/v1beta1",
            plain("", "FederatedThing", "strange")
        ),
        template,
        older,
    ]));
}

#[test]
fn objects_of_later_versions_are_told_and_change_nothing() {
    let mut policy = plain("policy.karmada.io/v1alpha1", "PropagationPolicy", "rating");
    policy["spec"] = json!({});
    let preference = json!({
        "apiVersion": "scheduling.kubefed.io/v1alpha1", "kind": "ReplicaSchedulingPreference",
        "metadata": {"name": "colours", "namespace": "shop"},
        "spec": {"targetKind": "FederatedDeployment", "totalReplicas": 9, "clusters": {"*": {}}},
    });
    let mut retaining = everywhere("FederatedDeployment", "rating");
    retaining["spec"]["retainReplicas"] = json!(true);
    retaining["metadata"]["annotations"] = json!({"kubefed.io/orphan": "true"});
    retaining["spec"]["retainReplica"] = json!(true);
    let record = plain(
        "core.kubefed.io/v1alpha1",
        "PropagatedVersion",
        "deployment-rating",
    );
    assert_snapshot!(in_one_cluster([policy, preference, retaining, record]));
}
