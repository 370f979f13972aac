//! How does one write changes to images?

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::patch::optional_text;

use crate::schema::list_of_texts;

/// Changes to parts of the images of containers: first what is set, then what is removed, then
/// what is appended. All other parts stay.
///
/// Tag and digest say together which version of an image is meant: setting one of them takes the
/// other away, unless both are set.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ImageOverride {
    /// The containers by name. Absent, every container, init containers included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub containers: Option<Vec<String>>,
    /// Where the spec of the pods stands: a JSON Pointer. Absent, where the kind has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub pod_spec: Option<String>,
    /// Where the image stands that is meant and no other: a JSON Pointer to a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub path: Option<String>,
    /// What takes the place of a part, or is put where it is missing.
    #[serde(default, skip_serializing_if = "ImageParts::is_empty")]
    pub set: ImageParts,
    /// The parts that are taken away. One that is not there stays away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<ImagePart>,
    /// What is put behind a part as it is, without any separator.
    #[serde(default, skip_serializing_if = "ImageSuffixes::is_empty")]
    pub append: ImageSuffixes,
}

/// Parts of the name of an image.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ImageParts {
    /// The registry, such as `registry.example.com:5000`: with a dot or a port, or `localhost`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub registry: Option<String>,
    /// The repository, such as `shop/web`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub repository: Option<String>,
    /// The tag, such as `v1.2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub tag: Option<String>,
    /// The digest, such as `sha256:` and 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub digest: Option<String>,
}

/// What is put behind parts of the name of an image.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ImageSuffixes {
    /// Behind the registry, such as `.eu`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub registry: Option<String>,
    /// Behind the repository, such as `-arm64`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub repository: Option<String>,
    /// Behind the tag, such as `-slim`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "optional_text")]
    pub tag: Option<String>,
}

/// A part of the name of an image that can be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ImagePart {
    /// The registry.
    Registry,
    /// The tag.
    Tag,
    /// The digest.
    Digest,
}

impl ImagePart {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Registry, Self::Tag, Self::Digest];

    /// The part as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registry => "Registry",
            Self::Tag => "Tag",
            Self::Digest => "Digest",
        }
    }
}

list_of_texts!(ImagePart);

impl ImageOverride {
    /// These parts in the place of what the images of all containers have.
    pub fn set(parts: ImageParts) -> Self {
        Self {
            set: parts,
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
        self.set.is_empty() && self.remove.is_empty() && self.append.is_empty()
    }
}

impl ImageParts {
    /// Another registry.
    ///
    /// ```
    /// use fed_core::customize::{ImageOverride, ImageParts};
    /// let mirrored = ImageOverride::set(ImageParts::registry("eu.example.com"));
    /// assert_eq!(serde_json::to_string(&mirrored)?, r#"{"set":{"registry":"eu.example.com"}}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn registry(registry: impl Into<String>) -> Self {
        Self {
            registry: Some(registry.into()),
            ..Self::default()
        }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ImageSuffixes {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Which fields there are, without their values.
fn hidden(field: Option<&String>) -> Option<fmt::Arguments<'static>> {
    field.map(|_| format_args!(".."))
}

impl fmt::Debug for ImageOverride {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageOverride")
            .field("containers", &self.containers)
            .field("pod_spec", &self.pod_spec)
            .field("path", &self.path)
            .field("set", &self.set)
            .field("remove", &self.remove)
            .field("append", &self.append)
            .finish()
    }
}

impl fmt::Debug for ImageParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageParts")
            .field("registry", &hidden(self.registry.as_ref()))
            .field("repository", &hidden(self.repository.as_ref()))
            .field("tag", &hidden(self.tag.as_ref()))
            .field("digest", &hidden(self.digest.as_ref()))
            .finish()
    }
}

impl fmt::Debug for ImageSuffixes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageSuffixes")
            .field("registry", &hidden(self.registry.as_ref()))
            .field("repository", &hidden(self.repository.as_ref()))
            .field("tag", &hidden(self.tag.as_ref()))
            .finish()
    }
}
