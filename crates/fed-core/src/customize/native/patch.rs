//! How does one write a JSON Patch? As RFC 6902 says.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// One operation of a JSON Patch (RFC 6902).
///
/// A value that is absent is not the same as an explicit `null`: `{"op": "add", "path": "/a"}` is
/// an error, `{"op": "add", "path": "/a", "value": null}` is not.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline, description = "One operation of a JSON Patch (RFC 6902).")]
#[non_exhaustive]
pub struct PatchOperation {
    /// What to do.
    pub op: PatchOp,
    /// Where to do it: a JSON Pointer (RFC 6901), such as `/spec/replicas`.
    pub path: String,
    /// For `move` and `copy`: where the value is taken from, a JSON Pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub from: Option<String>,
    /// For `add`, `replace` and `test`: the value.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(schema_with = "any_value")]
    pub value: Option<Value>,
}

impl PatchOperation {
    /// Adds `value` at `path`: a field, or an item of a list, which moves the ones behind it.
    pub fn add(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::with_value(PatchOp::Add, path.into(), value.into())
    }

    /// Removes what stands at `path`.
    pub fn remove(path: impl Into<String>) -> Self {
        Self::bare(PatchOp::Remove, path.into())
    }

    /// Puts `value` in the place of what stands at `path`.
    pub fn replace(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::with_value(PatchOp::Replace, path.into(), value.into())
    }

    /// Moves what stands at `from` to `path`.
    pub fn move_to(from: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            from: Some(from.into()),
            ..Self::bare(PatchOp::Move, path.into())
        }
    }

    /// Copies what stands at `from` to `path`.
    pub fn copy_to(from: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            from: Some(from.into()),
            ..Self::bare(PatchOp::Copy, path.into())
        }
    }

    /// Fails unless `value` stands at `path`.
    pub fn test(path: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::with_value(PatchOp::Test, path.into(), value.into())
    }

    const fn bare(op: PatchOp, path: String) -> Self {
        Self {
            op,
            path,
            from: None,
            value: None,
        }
    }

    fn with_value(op: PatchOp, path: String, value: Value) -> Self {
        Self {
            value: Some(value),
            ..Self::bare(op, path)
        }
    }
}

// A value may be a secret's, so that Debug only tells whether there is one.
impl fmt::Debug for PatchOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatchOperation")
            .field("op", &self.op)
            .field("path", &self.path)
            .field("from", &self.from)
            .field("value", &self.value.as_ref().map(|_| format_args!("..")))
            .finish()
    }
}

/// What one operation of a JSON Patch does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PatchOp {
    /// Adds a field, or an item of a list.
    Add,
    /// Removes a field, or an item of a list.
    Remove,
    /// Replaces a value that is there.
    Replace,
    /// Moves a value.
    Move,
    /// Copies a value.
    Copy,
    /// Fails unless a value is as said.
    Test,
}

impl PatchOp {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Add,
        Self::Remove,
        Self::Replace,
        Self::Move,
        Self::Copy,
        Self::Test,
    ];

    /// The operation as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Replace => "replace",
            Self::Move => "move",
            Self::Copy => "copy",
            Self::Test => "test",
        }
    }

    /// Does it need a `value`?
    pub(in crate::customize) const fn needs_value(self) -> bool {
        matches!(self, Self::Add | Self::Replace | Self::Test)
    }

    /// Does it need a `from`?
    pub(in crate::customize) const fn needs_from(self) -> bool {
        matches!(self, Self::Move | Self::Copy)
    }
}

impl fmt::Display for PatchOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

// By hand: a derived schema of documented variants has `oneOf` and `const`, which a structural
// schema of Kubernetes cannot have.
impl JsonSchema for PatchOp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PatchOp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Self::ALL.map(Self::as_str) })
    }
}

// The schemas of optional fields are written by hand as well: a derived one says
// `type: [array, null]`, where a structural schema needs a single type and `nullable`.

pub(super) fn optional_text(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "nullable": true })
}

pub(super) fn any_value(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "nullable": true, "x-kubernetes-preserve-unknown-fields": true })
}

/// Reads a field that is there, whatever it holds: only an absent one is `None`.
pub(super) fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_explicit_null_is_not_an_absent_value() {
        let null = json!({"op": "add", "path": "/a", "value": null});
        let absent = json!({"op": "add", "path": "/a"});
        let read = |document: &Value| PatchOperation::deserialize(document).unwrap();
        assert_eq!(read(&null).value, Some(Value::Null));
        assert_eq!(read(&absent).value, None);
        assert_eq!(serde_json::to_value(read(&null)).unwrap(), null);
        assert_eq!(serde_json::to_value(read(&absent)).unwrap(), absent);
    }

    #[test]
    fn operations_are_written_as_they_are_named() {
        for op in PatchOp::ALL {
            assert_eq!(serde_json::to_value(op).unwrap(), json!(op.as_str()));
        }
    }

    #[test]
    fn debug_output_shows_no_values() {
        let secret = PatchOperation::add("/data/password", "aHVudGVyMg==");
        let shown = format!("{secret:?}");
        assert!(
            shown.contains("/data/password") && !shown.contains("aHVu"),
            "{shown}"
        );
    }
}
