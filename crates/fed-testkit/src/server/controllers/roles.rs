//! Which rules does a ClusterRole have that adds up others?

use fed_core::LabelSelector;
use serde_json::{Value, json};

use super::hand::Hand;
use super::news::News;
use crate::server::store::{Key, Stored};
use crate::server::target::Resource;
use crate::server::write::labels;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn work(hand: &mut Hand<'_>, news: &News) {
    if !news.has(GROUP, "clusterroles") {
        return;
    }
    let resource = Resource {
        group: GROUP.to_owned(),
        plural: "clusterroles".to_owned(),
    };
    let sums: Vec<Key> = hand
        .store()
        .all(&resource)
        .filter(|stored| stored.object().get("aggregationRule").is_some())
        .map(|stored| Key::of(&resource, stored))
        .collect();
    for key in sums {
        let Some(sum) = hand.get(&key) else { continue };
        let rules = rules(hand, &resource, &key, &sum);
        let held = list(sum.get("rules"));
        if held != rules {
            let applied = json!({
                "apiVersion": format!("{GROUP}/v1"), "kind": "ClusterRole",
                "metadata": {"name": key.name}, "rules": rules,
            });
            let query = "?fieldManager=clusterrole-aggregation-controller&force=true";
            hand.ask(
                "PATCH",
                &key,
                query,
                "application/apply-patch+yaml",
                &applied,
            );
        }
    }
}

/// The rules of the roles that one adds up, by name, each once.
fn rules(hand: &Hand<'_>, resource: &Resource, key: &Key, sum: &Value) -> Vec<Value> {
    let mut rules = Vec::new();
    for selector in list(sum.pointer("/aggregationRule/clusterRoleSelectors")) {
        let Ok(selector) = serde_json::from_value::<LabelSelector>(selector) else {
            continue;
        };
        let others = hand.store().all(resource);
        let others = others.filter(|stored| stored.name() != key.name);
        let selected = others
            .map(Stored::object)
            .filter(|role| selector.matches(&labels(role)));
        for rule in selected.flat_map(|role| list(role.get("rules"))) {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
    }
    rules
}

fn list(value: Option<&Value>) -> Vec<Value> {
    value.and_then(Value::as_array).cloned().unwrap_or_default()
}
