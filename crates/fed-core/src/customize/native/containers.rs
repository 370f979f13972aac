//! How does one write changes to the commands, arguments and environments of containers?

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::patch::{any_value, optional_text, present};

/// Changes to the command, or to the arguments, of a container: first what is set, then what is
/// removed, then what is appended.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WordsOverride {
    /// The container by name, or the init container.
    pub container: String,
    /// Where the spec of the pods stands: a JSON Pointer. Absent, where the kind has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub pod_spec: Option<String>,
    /// The words in the place of all that are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<Vec<String>>,
    /// The words that are taken away, wherever they stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
    /// The words that are put behind the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub append: Vec<String>,
}

impl WordsOverride {
    /// Changes to this container.
    pub fn of(container: impl Into<String>) -> Self {
        Self {
            container: container.into(),
            ..Self::default()
        }
    }

    /// The same, with these words taken away.
    #[must_use]
    pub fn remove<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.remove = words.into_iter().map(Into::into).collect();
        self
    }

    /// The same, with these words at the end.
    #[must_use]
    pub fn append<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.append = words.into_iter().map(Into::into).collect();
        self
    }

    /// Does it change nothing?
    pub(in crate::customize) fn is_idle(&self) -> bool {
        self.set.is_none() && self.remove.is_empty() && self.append.is_empty()
    }
}

/// Changes to the environments of containers: first what is set, then what is removed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EnvOverride {
    /// The containers by name. Absent, every container, init containers included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub containers: Option<Vec<String>>,
    /// Where the spec of the pods stands: a JSON Pointer. Absent, where the kind has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub pod_spec: Option<String>,
    /// The variables in the place of those of the same names; new ones are put behind the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<EnvVar>,
    /// The names of variables that are taken away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
}

impl EnvOverride {
    /// These variables in every container.
    pub fn set(variables: impl IntoIterator<Item = EnvVar>) -> Self {
        Self {
            set: variables.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The same, in these containers alone.
    #[must_use]
    pub fn in_containers<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.containers = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Does it change nothing?
    pub(in crate::customize) fn is_idle(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }
}

/// One variable of an environment, as a container has it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// Its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub value: Option<String>,
    /// Where its value is taken from, in place of a value.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(schema_with = "any_value")]
    pub value_from: Option<Value>,
}

impl EnvVar {
    /// A variable of this value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: Some(value.into()),
            value_from: None,
        }
    }
}

impl fmt::Debug for WordsOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WordsOverride")
            .field("container", &self.container)
            .field("pod_spec", &self.pod_spec)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for EnvOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvOverride")
            .field("containers", &self.containers)
            .field("pod_spec", &self.pod_spec)
            .field("set", &self.set)
            .field("remove", &self.remove)
            .finish()
    }
}

impl fmt::Debug for EnvVar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvVar")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
