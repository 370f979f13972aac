//! How does an object fare in one cluster, in one word?

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

macro_rules! states {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// How an object fares in one cluster: an [`Outcome`](super::Outcome) in one word, the
        /// worst first.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[non_exhaustive]
        pub enum State {
            $($(#[doc = $doc])+ $name,)+
            /// A state that a later release has written.
            #[serde(other)]
            Unknown,
        }

        impl State {
            /// All that are written, the worst first.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The state as it is written.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                    Self::Unknown => "Unknown",
                }
            }
        }
    };
}

states! {
    /// A step of the work failed.
    Failed,
    /// The manifest for the cluster has a fault.
    NotDeliverable,
    /// Another manager has fields that are to be changed.
    Conflict,
    /// The object was there before, and must not be adopted.
    AlreadyExists,
    /// An operation was begun, and its end was not seen in time.
    TimedOut,
    /// The cluster is not ready.
    ClusterNotReady,
    /// Somebody changed the object in the cluster.
    Drifted,
    /// The cluster's object asks not to be managed.
    ReleasedByLabel,
    /// The object is suspended.
    Suspended,
    /// Something else has to come first.
    WaitingFor,
    /// The object is being deleted.
    WaitingForRemoval,
    /// The cluster holds the object as it must be.
    Synced,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

// Without the list of states: a definition that knows them all would refuse a new one.
impl JsonSchema for State {
    fn schema_name() -> Cow<'static, str> {
        "State".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn states_are_written_as_they_are_called_and_later_ones_can_be_read() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), json!(state.as_str()));
        }
        let later: State = serde_json::from_value(json!("Levitating")).unwrap();
        assert_eq!(later, State::Unknown);
    }
}
