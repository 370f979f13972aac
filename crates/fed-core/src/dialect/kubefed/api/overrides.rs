//! How does a federated object say what differs in a cluster?

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::document::object;

object! {
    /// What differs in one cluster.
    #[derive(Debug)]
    pub struct OverrideEntry {
        /// The cluster's name.
        cluster_name: String = "clusterName",
        /// What differs, in the order in which it is applied.
        cluster_overrides: Vec<ClusterOverride> = "clusterOverrides",
    }
}

object! {
    /// One thing that differs: a step of an RFC 6902 patch, by KubeFed's rules.
    pub struct ClusterOverride {
        /// `add`, `remove` or `replace`; `replace` when there is none.
        op: String = "op",
        /// Where, as a JSON Pointer.
        #[schemars(required)]
        path: String = "path",
        /// What shall stand there. `null` is a value, and is not the same as none.
        #[serde(default, deserialize_with = "even_null")]
        value: Value = "value",
    }
}

// The object may be a Secret: its values are not for logs.
impl fmt::Debug for ClusterOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterOverride")
            .field("op", &self.op)
            .field("path", &self.path)
            .field("value", &self.value.as_ref().map(|_| format_args!("..")))
            .field("unknown", &self.unknown)
            .finish()
    }
}

fn even_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::parse;
    use crate::location::Location;
    use serde_json::json;

    #[test]
    fn null_is_a_value_and_absence_is_none() {
        for (document, value) in [
            (json!({"path": "/a"}), None),
            (json!({"path": "/a", "value": null}), Some(Value::Null)),
            (json!({"path": "/a", "value": 0}), Some(json!(0))),
        ] {
            let parsed: ClusterOverride = parse(&document, &Location::in_code()).unwrap();
            assert_eq!(parsed.value, value);
            assert_eq!(serde_json::to_value(&parsed).unwrap(), document);
        }
    }
}
