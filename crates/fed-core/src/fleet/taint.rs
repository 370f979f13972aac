//! What keeps objects off a cluster, and which of them does it not keep off? Taints and
//! tolerations, with the meaning that they have on the nodes of a cluster.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::schema::list_of_texts;

/// Keeps objects off a cluster, unless they tolerate it.
///
/// ```
/// use fed_core::{Taint, TaintEffect, Toleration};
///
/// let taint = Taint::new("maintenance", TaintEffect::NoSchedule).with_value("tonight");
/// assert_eq!(taint.to_string(), "maintenance=tonight:NoSchedule");
/// assert!(Toleration::of_key("maintenance").matches(&taint));
/// assert!(!Toleration::of_key("disk-pressure").matches(&taint));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Taint {
    /// What it is about.
    pub key: String,
    /// More of what it is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// What it does.
    pub effect: TaintEffect,
    /// When it was added: from then on tolerations run out that hold for some time only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_added: Option<Timestamp>,
}

/// What a taint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TaintEffect {
    /// Nothing new comes to the cluster; what is there stays.
    NoSchedule,
    /// The cluster comes after others, where not all are taken.
    PreferNoSchedule,
    /// Nothing new comes to the cluster, and what is there goes.
    NoExecute,
}

impl TaintEffect {
    /// All effects.
    pub const ALL: [Self; 3] = [Self::NoSchedule, Self::PreferNoSchedule, Self::NoExecute];

    /// The effect as Kubernetes writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSchedule => "NoSchedule",
            Self::PreferNoSchedule => "PreferNoSchedule",
            Self::NoExecute => "NoExecute",
        }
    }
}

list_of_texts!(TaintEffect);

impl Taint {
    /// A taint of this key and effect.
    pub fn new(key: impl Into<String>, effect: TaintEffect) -> Self {
        Self {
            key: key.into(),
            value: String::new(),
            effect,
            time_added: None,
        }
    }

    /// The same taint with this value.
    #[must_use]
    pub fn with_value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// The same taint, added at this time.
    #[must_use]
    pub fn added(mut self, time: Timestamp) -> Self {
        self.time_added = Some(time);
        self
    }
}

impl std::fmt::Display for Taint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.key)?;
        if !self.value.is_empty() {
            write!(f, "={}", self.value)?;
        }
        write!(f, ":{}", self.effect.as_str())
    }
}

/// Lets an object come to, or stay in, a cluster in spite of its taints.
///
/// It matches a taint when key, value and effect do. Without a key it matches every key, without
/// an effect every effect.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
#[schemars(description = "Lets the object come to, or stay in, a cluster in spite of a taint.")]
#[non_exhaustive]
pub struct Toleration {
    /// The key of the taint; absent, every key, which needs the operator `Exists`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// `Equal`, the default, compares the value; `Exists` takes every value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(extend("enum" = ["", "Equal", "Exists"]))]
    pub operator: String,
    /// The value of the taint.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// The effect of the taint; absent, every effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<TaintEffect>,
    /// How long a taint of the effect `NoExecute` is tolerated; absent, for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toleration_seconds: Option<i64>,
}

impl Toleration {
    /// Tolerates every taint of this key.
    pub fn of_key(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            operator: "Exists".to_owned(),
            ..Self::default()
        }
    }

    /// The same, for so long from the time at which the taint was added.
    #[must_use]
    pub fn for_seconds(mut self, seconds: i64) -> Self {
        self.toleration_seconds = Some(seconds);
        self
    }

    /// Is it about this taint? For how long, is told by [`Toleration::ends`].
    pub fn matches(&self, taint: &Taint) -> bool {
        let of_effect = self.effect.is_none_or(|effect| effect == taint.effect);
        let of_key = self.key.is_empty() || self.key == taint.key;
        let of_value = match self.operator.as_str() {
            "Exists" => true,
            // Without a key, only `Exists` is valid.
            "Equal" | "" => !self.key.is_empty() && self.value == taint.value,
            _ => false,
        };
        of_effect && of_key && of_value
    }

    /// When it ends to tolerate a taint that it matches; `None` for never. Of a taint that does
    /// not say when it was added, `now` is taken as that time.
    pub fn ends(&self, taint: &Taint, now: Timestamp) -> Option<Timestamp> {
        let seconds = self
            .toleration_seconds
            .filter(|_| taint.effect == TaintEffect::NoExecute)?;
        let since = taint.time_added.unwrap_or(now);
        let lasts = SignedDuration::from_secs(seconds.max(0));
        Some(since.checked_add(lasts).unwrap_or(Timestamp::MAX))
    }
}
