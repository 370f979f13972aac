//! What stands in one step?

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// One request, and what has to be answered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Step {
    /// Method and path.
    #[serde(rename = "do")]
    pub(super) request: String,
    #[serde(default)]
    pub(super) body: Option<Value>,
    /// A body that is no JSON, as it is sent.
    #[serde(default)]
    pub(super) text: Option<String>,
    #[serde(default, rename = "as")]
    pub(super) form: Option<Form>,
    #[serde(default)]
    pub(super) accept: Option<String>,
    #[serde(default)]
    pub(super) impersonate: Option<String>,
    #[serde(default)]
    pub(super) code: Option<u16>,
    #[serde(default)]
    pub(super) expect: Option<Value>,
    #[serde(default)]
    pub(super) exact: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Value>,
    #[serde(default)]
    pub(super) warnings: Option<Vec<Value>>,
    #[serde(default)]
    pub(super) save: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) watch: Option<Vec<Value>>,
    #[serde(default)]
    pub(super) ends: bool,
    #[serde(default)]
    pub(super) eventually: bool,
}

/// What a body is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Form {
    Apply,
    Json,
    Merge,
    Strategic,
    Yaml,
    /// A content type as it is written in the header.
    #[serde(untagged)]
    Other(String),
}

impl Form {
    pub(super) fn content_type(&self) -> &str {
        match self {
            Self::Apply => "application/apply-patch+yaml",
            Self::Json => "application/json-patch+json",
            Self::Merge => "application/merge-patch+json",
            Self::Strategic => "application/strategic-merge-patch+json",
            Self::Yaml => "application/yaml",
            Self::Other(content_type) => content_type,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_of_a_known_form_or_a_content_type() {
        let form = |text: &str| serde_json::from_value::<Form>(text.into()).expect("a form");
        assert_eq!(form("merge").content_type(), "application/merge-patch+json");
        assert_eq!(form("text/plain").content_type(), "text/plain");
    }
}
