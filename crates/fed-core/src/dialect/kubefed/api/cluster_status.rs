//! How does an object fare in one cluster, in KubeFed's words?

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

macro_rules! statuses {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// How an object fares in one cluster.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        #[non_exhaustive]
        pub enum ClusterStatus {
            $($(#[doc = $doc])+ $name,)+
            /// A text that KubeFed does not write.
            Other(String),
        }

        impl ClusterStatus {
            /// All that KubeFed writes, in the order of its documentation.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The status as it is written.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for ClusterStatus {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$name,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }
    };
}

statuses! {
    /// The object is as it must be. Usually written by leaving the status out.
    Ok = "",
    /// It is being deleted.
    WaitingForRemoval = "WaitingForRemoval",
    /// The cluster is not ready, so nothing was done.
    ClusterNotReady = "ClusterNotReady",
    /// What the cluster holds could not be read from the cache.
    CachedRetrievalFailed = "CachedRetrievalFailed",
    /// What the cluster must hold could not be worked out.
    ComputeResourceFailed = "ComputeResourceFailed",
    /// The overrides do not apply.
    ApplyOverridesFailed = "ApplyOverridesFailed",
    /// The cluster refused to create it.
    CreationFailed = "CreationFailed",
    /// The cluster refused to update it.
    UpdateFailed = "UpdateFailed",
    /// The cluster refused to delete it.
    DeletionFailed = "DeletionFailed",
    /// The label that marks it as managed could not be removed.
    LabelRemovalFailed = "LabelRemovalFailed",
    /// The cluster could not be asked for it.
    RetrievalFailed = "RetrievalFailed",
    /// It was there before, and must not be adopted.
    AlreadyExists = "AlreadyExists",
    /// The cluster's own fields could not be kept.
    FieldRetentionFailed = "FieldRetentionFailed",
    /// The version last written could not be read.
    VersionRetrievalFailed = "VersionRetrievalFailed",
    /// There is no way to speak with the cluster.
    ClientRetrievalFailed = "ClientRetrievalFailed",
    /// The cluster's object asks not to be managed.
    ManagedLabelFalse = "ManagedLabelFalse",
    /// Its creation took too long.
    CreationTimedOut = "CreationTimedOut",
    /// Its update took too long.
    UpdateTimedOut = "UpdateTimedOut",
    /// Its deletion took too long.
    DeletionTimedOut = "DeletionTimedOut",
    /// Removing the label that marks it as managed took too long.
    LabelRemovalTimedOut = "LabelRemovalTimedOut",
}

impl From<String> for ClusterStatus {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<ClusterStatus> for String {
    fn from(status: ClusterStatus) -> Self {
        status.as_str().to_owned()
    }
}

impl fmt::Display for ClusterStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl JsonSchema for ClusterStatus {
    fn schema_name() -> Cow<'static, str> {
        "ClusterStatus".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let texts: Vec<_> = Self::ALL.iter().map(Self::as_str).collect();
        json_schema!({ "type": "string", "enum": texts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_as_it_is_written() {
        assert_eq!(ClusterStatus::ALL.len(), 20);
        for status in ClusterStatus::ALL {
            assert_eq!(&ClusterStatus::from(status.as_str()), status);
        }
        let other = ClusterStatus::from("Sleeping");
        assert_eq!(other, ClusterStatus::Other("Sleeping".to_owned()));
        assert_eq!(other.to_string(), "Sleeping");
    }
}
