//! What do nodes do with pods that are to go? They stop them, and let go of them.

use serde_json::json;

use super::hand::{Hand, is_going};
use super::news::News;
use crate::server::write::text;

pub(super) fn work(hand: &mut Hand<'_>, news: &News) {
    let deleted = news
        .of("", "pods")
        .filter(|pod| !pod.is_gone && is_going(&pod.object));
    for pod in deleted.filter(|pod| !text(&pod.object, "/spec/nodeName").is_empty()) {
        let options = json!({
            "kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0,
            "preconditions": {"uid": pod.uid()},
        });
        hand.ask("DELETE", &pod.key, "", "application/json", &options);
    }
}
