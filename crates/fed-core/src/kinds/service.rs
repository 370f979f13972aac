//! What is known of `v1 Service`?

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Kind, Needed, Reference, Scope};
use crate::location::Pointer;

/// One address for many pods.
#[derive(Clone, Copy, Debug)]
pub struct Service;

impl Kind for Service {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Service"
    }

    fn plural(&self) -> &'static str {
        "services"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn references(&self, object: &Value) -> Vec<Reference> {
        let path = Pointer::root().child("spec").child("selector");
        let labels = labels(path.resolve(object));
        if labels.is_empty() {
            Vec::new()
        } else {
            vec![Reference::new(path, Needed::Pods { labels })]
        }
    }
}

/// The labels of a selector that is nothing but labels.
fn labels(selector: Option<&Value>) -> BTreeMap<String, String> {
    let labels = selector.and_then(Value::as_object).into_iter().flatten();
    labels
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}
