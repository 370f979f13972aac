//! What is every namespace given?

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::hand::{Hand, is_going};
use super::news::{News, core};
use crate::server::store::Key;
use crate::server::target::Resource;

const CERTIFICATE: &str = "kube-root-ca.crt";
const CERTIFICATE_KEY: &str = "ca.crt";
const DESCRIPTION: &str = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

pub(super) fn accounts(hand: &mut Hand<'_>, news: &News) {
    for key in places(hand, news, &core("serviceaccounts"), "default") {
        if hand.get(&key).is_none() {
            let account = json!({
                "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"},
            });
            hand.create(&key, &account);
        }
    }
}

pub(super) fn certificates(hand: &mut Hand<'_>, news: &News, pem: &str) {
    for key in places(hand, news, &core("configmaps"), CERTIFICATE) {
        let data = json!({CERTIFICATE_KEY: pem});
        match hand.get(&key) {
            None => {
                let map = json!({
                    "apiVersion": "v1", "kind": "ConfigMap", "data": data,
                    "metadata": {
                        "name": CERTIFICATE,
                        "annotations": {"kubernetes.io/description": DESCRIPTION},
                    },
                });
                hand.create(&key, &map);
            }
            Some(mut map) if map.get("data") != Some(&data) => {
                if let Some(fields) = map.as_object_mut() {
                    fields.insert("data".to_owned(), data);
                }
                hand.put(&key, "", &map);
            }
            Some(_) => {}
        }
    }
}

/// Where something of this name belongs, in the namespaces that are new or where it has changed.
fn places(hand: &Hand<'_>, news: &News, resource: &Resource, name: &str) -> Vec<Key> {
    let mut namespaces: BTreeSet<&str> = BTreeSet::new();
    for changed in &news.0 {
        if changed.is_of("", "namespaces") {
            namespaces.insert(&changed.key.name);
        } else if changed.key.resource == *resource && changed.key.name == name {
            namespaces.insert(&changed.key.namespace);
        }
    }
    let is_open = |namespace: &&str| {
        let key = Key {
            resource: core("namespaces"),
            namespace: String::new(),
            name: (*namespace).to_owned(),
        };
        let held: Option<Value> = hand.get(&key);
        held.is_some_and(|held| !is_going(&held))
    };
    let open = namespaces.into_iter().filter(is_open);
    let key = |namespace: &str| Key {
        resource: resource.clone(),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    };
    open.map(key).collect()
}
