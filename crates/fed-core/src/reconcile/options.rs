//! What may be done to clusters, and how? The options of one intent.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kinds::Manners;
use crate::schema::list_of_texts;

/// How an object is brought to clusters, kept there and taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(description = "How the object is brought to clusters, kept there and taken away.")]
#[non_exhaustive]
pub struct Options {
    /// How it is written; `Apply` if absent.
    #[serde(default)]
    pub write: Write,
    /// What happens to an object that is there already; `IfIdentical` if absent.
    #[serde(default)]
    pub adoption: Adoption,
    /// What happens when somebody changes a field of ours; `Correct` if absent.
    #[serde(default)]
    pub drift: Drift,
    /// What happens when somebody else owns a field of ours; `Report` if absent.
    #[serde(default)]
    pub conflicts: Conflicts,
    /// Fields, as JSON Pointers, that become ours even where conflicts are reported.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub take_over: BTreeSet<String>,
    /// What happens where the object is not wanted any more; `Background` if absent.
    #[serde(default)]
    pub removal: Removal,
    /// What happens where the object was when its intent is deleted; as `removal` says if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<Removal>,
    /// How many seconds a deleted object has to come to its end, instead of what its kind says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    // A server knows no unsigned formats.
    #[schemars(with = "i32", range(min = 0))]
    pub grace_period_seconds: Option<u32>,
    /// What happens when a field changes that cannot; `Never` if absent.
    #[serde(default)]
    pub replacement: Replacement,
    /// May replicas go before others are there in their stead? `MakeBeforeBreak` if absent.
    #[serde(default)]
    pub moves: Moves,
    /// What happens to the ConfigMaps, Secrets, ServiceAccounts and PersistentVolumeClaims that the
    /// object names and that have no intent of their own; `Stay` if absent.
    #[serde(default)]
    pub dependencies: Dependencies,
    /// Does each cluster decide how many replicas it has once the object is there, as with an
    /// autoscaler in it? Numbers that an override or a division sets are set all the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retain_replicas: bool,
    /// Is the status of the object in each cluster collected?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub collect_status: bool,
    /// Whose rules hold for what clusters own of the object, for its health and for how its
    /// statuses add up; `Native` if absent.
    #[serde(default)]
    pub manners: Manners,
    /// Nothing is done to any cluster while this is so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
}

impl Options {
    /// What KubeFed does: it writes objects as a whole, and overwrites whatever is there.
    pub fn kubefed() -> Self {
        Self {
            write: Write::Update,
            adoption: Adoption::Always,
            conflicts: Conflicts::Overwrite,
            ..Self::default()
        }
    }

    /// These options, with those that an object of JSON says in their stead; nothing if it cannot
    /// be understood.
    ///
    /// ```
    /// use fed_core::reconcile::{Drift, Options, Write};
    /// use serde_json::json;
    ///
    /// let options = Options::kubefed().overlaid(&json!({"drift": "Report"})).unwrap();
    /// assert_eq!((options.drift, options.write), (Drift::Report, Write::Update));
    /// ```
    pub fn overlaid(&self, said: &Value) -> Option<Self> {
        let mut all = serde_json::to_value(self).ok()?;
        let fields = all.as_object_mut()?;
        fields.extend(said.as_object()?.clone());
        serde_json::from_value(all).ok()
    }

    /// What happens where the object is not wanted any more.
    pub(super) fn leaving(&self, is_withdrawn: bool) -> Removal {
        self.withdrawal
            .filter(|_| is_withdrawn)
            .unwrap_or(self.removal)
    }
}

/// An enum of plain variants, with a structural schema: a derived one is none.
macro_rules! choice {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $of:literal])+ $(#[$attribute:ident])? $variant:ident,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $of])+ $(#[$attribute])? $variant,)+
        }

        list_of_texts!($name, [$(stringify!($variant)),+]);
    };
}

choice! {
    /// How an object is written.
    Write {
        /// By server-side apply: only what the template says is ours.
        #[default]
        Apply,
        /// As a whole, as KubeFed does, with the fields that clusters own taken over from them.
        Update,
    }
}

choice! {
    /// What happens to an object that is there and not ours.
    Adoption {
        /// It stays as it is, and that is reported.
        Never,
        /// It becomes ours if it has all that we would write already.
        #[default]
        IfIdentical,
        /// It becomes ours if it has no owner and nothing else manages it.
        IfUnowned,
        /// It becomes ours.
        Always,
    }
}

choice! {
    /// What happens when somebody changes a field of ours.
    Drift {
        /// Nothing.
        Ignore,
        /// It is reported.
        Report,
        /// It is changed back.
        #[default]
        Correct,
    }
}

choice! {
    /// What happens when somebody else owns a field of ours.
    Conflicts {
        /// It is reported.
        #[default]
        Report,
        /// The field becomes ours.
        Overwrite,
    }
}

choice! {
    /// What happens where an object is not wanted any more.
    Removal {
        /// It is deleted at once, and what it owns after it.
        #[default]
        Background,
        /// It is deleted after what it owns.
        Foreground,
        /// It is deleted, and what it owns stays.
        LeaveOwned,
        /// It stays, and is not ours any more.
        Orphan,
    }
}

choice! {
    /// What happens when a field changes that cannot be changed.
    ///
    /// An object is replaced in one cluster after the other, and only while every other one has the
    /// copies that it should have.
    Replacement {
        /// It is reported.
        #[default]
        Never,
        /// The object is deleted and created anew.
        Recreate,
    }
}

choice! {
    /// What happens to the objects that an object names and that have no intent of their own.
    Dependencies {
        /// They stay where they are.
        #[default]
        Stay,
        /// They go where it goes, and leave with it.
        Follow,
    }
}

choice! {
    /// May copies go before others are there in their stead?
    ///
    /// A copy is a replica, or an object of a kind that has none.
    Moves {
        /// They wait until more are ready than are wanted.
        #[default]
        MakeBeforeBreak,
        /// They go at once.
        Directly,
    }
}

/// What a deletion does to what the object owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Propagation {
    /// Deleted after the object.
    Background,
    /// Deleted before the object.
    Foreground,
    /// Left.
    Orphan,
}

impl Removal {
    /// How it is deleted; `None` where it is not.
    pub(super) const fn propagation(self) -> Option<Propagation> {
        match self {
            Self::Background => Some(Propagation::Background),
            Self::Foreground => Some(Propagation::Foreground),
            Self::LeaveOwned => Some(Propagation::Orphan),
            Self::Orphan => None,
        }
    }
}
