//! How does one write changes to labels and annotations, and to documents inside of texts?

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::patch::PatchOperation;

use crate::schema::list_of_texts;

/// Changes to labels or annotations: first what is set, then what is replaced, then what is
/// removed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct KeysOverride {
    /// What is there afterwards, whatever was there before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
    /// What takes the place of what is there. A key that is not there stays away.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replace: BTreeMap<String, String>,
    /// The keys that are taken away. One that is not there stays away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
}

impl KeysOverride {
    /// These keys with these values, whatever was there before.
    pub fn set<K: Into<String>, V: Into<String>>(keys: impl IntoIterator<Item = (K, V)>) -> Self {
        Self {
            set: pairs(keys),
            ..Self::default()
        }
    }

    /// The same, with these values for keys that are there.
    #[must_use]
    pub fn replace<K: Into<String>, V: Into<String>>(
        mut self,
        keys: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.replace = pairs(keys);
        self
    }

    /// The same, without these keys.
    #[must_use]
    pub fn remove<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.remove = keys.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn pairs<K: Into<String>, V: Into<String>>(
    keys: impl IntoIterator<Item = (K, V)>,
) -> BTreeMap<String, String> {
    keys.into_iter()
        .map(|(key, value)| (key.into(), value.into()))
        .collect()
}

/// Changes to a document inside of a text, such as a file in a ConfigMap.
///
/// What changes is written anew: comments are lost, and keys stand in the order of the alphabet. A
/// document that stays the same keeps its text. YAML that its versions read differently (`yes`,
/// `0644`), and numbers that would lose digits, fail the override.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FieldOverride {
    /// Where the text stands in the object: a JSON Pointer, such as `/data/config.json`.
    pub path: String,
    /// What the text is.
    pub format: FieldFormat,
    /// What changes in the document, as an RFC 6902 JSON Patch.
    pub patches: Vec<PatchOperation>,
}

impl FieldOverride {
    /// Changes to the document in the text at this path.
    pub fn new(
        path: impl Into<String>,
        format: FieldFormat,
        patches: impl IntoIterator<Item = PatchOperation>,
    ) -> Self {
        Self {
            path: path.into(),
            format,
            patches: patches.into_iter().collect(),
        }
    }
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum FieldFormat {
    /// As JSON.
    Json,
    /// As one document of YAML. Needs the feature `yaml`.
    Yaml,
}

impl FieldFormat {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Json, Self::Yaml];

    /// The format as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "Json",
            Self::Yaml => "Yaml",
        }
    }
}

list_of_texts!(FieldFormat);

impl fmt::Debug for KeysOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeysOverride")
            .field("set", &self.set.keys())
            .field("replace", &self.replace.keys())
            .field("remove", &self.remove)
            .finish()
    }
}
