//! How many replicas in all, and which cluster gets which share? The native division, as anybody
//! can embed it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::selector::LabelSelector;
use crate::fleet::Cluster;
use crate::identity::ClusterName;
use crate::schema::list_of_texts;

/// How the replicas of an object are divided among the clusters in which it is placed.
///
/// ```
/// use fed_core::{Division, ShareRule};
///
/// let division: Division = serde_json::from_str(
///     r#"{"replicas": 6, "weights": [{"cluster": "us-east", "weight": 2}, {"cluster": "eu-west"}]}"#,
/// )?;
/// assert_eq!(
///     division,
///     Division::of(6).weigh([ShareRule::of("us-east", 2), ShareRule::of("eu-west", 1)]),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(description = "How the replicas are divided among the clusters.")]
#[non_exhaustive]
pub struct Division {
    /// How they are divided; `Fair` if absent.
    #[serde(default, skip_serializing_if = "DivisionMethod::is_fair")]
    pub method: DivisionMethod,
    /// How many replicas there are in all; as many as the template says, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicas: Option<i64>,
    /// What is wanted of each cluster. For each, the rule that names it counts, else the first one
    /// whose selector matches it, else the first one with neither; a cluster without a rule gets
    /// nothing. Without any rule all clusters weigh the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<ShareRule>,
    /// Divide only the difference between what runs and what is wanted, so that even more stays
    /// where it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub steady: bool,
}

/// A way to divide replicas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DivisionMethod {
    /// By weight, each share rounded up or down: [`divide::native`](crate::divide::native).
    #[default]
    Fair,
    /// Every cluster gets all of them.
    Duplicated,
    /// As KubeFed's planner does: [`divide::kubefed`](crate::divide::kubefed).
    KubeFed,
    /// As Karmada does by static weights: [`divide::karmada`](crate::divide::karmada).
    KarmadaWeights,
    /// As Karmada does by the room that clusters have.
    KarmadaDynamic,
    /// As Karmada does to use few clusters.
    KarmadaAggregated,
}

impl DivisionMethod {
    /// All methods.
    pub const ALL: [Self; 6] = [
        Self::Fair,
        Self::Duplicated,
        Self::KubeFed,
        Self::KarmadaWeights,
        Self::KarmadaDynamic,
        Self::KarmadaAggregated,
    ];

    /// The method as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fair => "Fair",
            Self::Duplicated => "Duplicated",
            Self::KubeFed => "KubeFed",
            Self::KarmadaWeights => "KarmadaWeights",
            Self::KarmadaDynamic => "KarmadaDynamic",
            Self::KarmadaAggregated => "KarmadaAggregated",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_fair(&self) -> bool {
        *self == Self::Fair
    }
}

list_of_texts!(DivisionMethod);

/// What is wanted of one cluster, or of some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ShareRule {
    /// The one cluster of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<ClusterName>,
    /// The clusters with these labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_selector: Option<LabelSelector>,
    /// The share of each of them, beside the others' weights; 1 if absent.
    #[serde(default = "one")]
    pub weight: i64,
    /// At least so many replicas in each of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// At most so many replicas in each of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
}

const fn one() -> i64 {
    1
}

impl Division {
    /// So many replicas, all clusters alike.
    pub fn of(replicas: i64) -> Self {
        Self {
            replicas: Some(replicas),
            ..Self::default()
        }
    }

    /// The same, with these rules instead of its own.
    #[must_use]
    pub fn weigh(mut self, rules: impl IntoIterator<Item = ShareRule>) -> Self {
        self.weights = rules.into_iter().collect();
        self
    }

    /// The same, by another method.
    #[must_use]
    pub fn by(mut self, method: DivisionMethod) -> Self {
        self.method = method;
        self
    }

    /// The same, dividing only the difference to what runs.
    #[must_use]
    pub fn steady(mut self) -> Self {
        self.steady = true;
        self
    }
}

impl ShareRule {
    /// This weight for the cluster of this name.
    pub fn of(cluster: impl Into<ClusterName>, weight: i64) -> Self {
        Self {
            cluster: Some(cluster.into()),
            ..Self::of_every_other(weight)
        }
    }

    /// This weight for the clusters with these labels.
    pub fn of_labels(selector: LabelSelector, weight: i64) -> Self {
        Self {
            cluster_selector: Some(selector),
            ..Self::of_every_other(weight)
        }
    }

    /// This weight for the clusters that no other rule is about.
    pub const fn of_every_other(weight: i64) -> Self {
        Self {
            cluster: None,
            cluster_selector: None,
            weight,
            min: None,
            max: None,
        }
    }

    /// The same, with at least so many replicas.
    #[must_use]
    pub const fn at_least(mut self, minimum: i64) -> Self {
        self.min = Some(minimum);
        self
    }

    /// The same, with at most so many replicas.
    #[must_use]
    pub const fn at_most(mut self, maximum: i64) -> Self {
        self.max = Some(maximum);
        self
    }

    /// Is it about this cluster by its labels?
    fn selects(&self, cluster: &Cluster) -> bool {
        let selector = self.cluster_selector.as_ref();
        selector.is_some_and(|selector| selector.matches(cluster.labels()))
    }

    fn is_of_every_other(&self) -> bool {
        self.cluster.is_none() && self.cluster_selector.is_none()
    }
}

/// The rules of a division, ready to be asked about many clusters.
#[derive(Clone, Debug)]
pub(crate) struct ShareRules<'d> {
    named: std::collections::BTreeMap<&'d ClusterName, &'d ShareRule>,
    selecting: Vec<&'d ShareRule>,
    every_other: Option<&'d ShareRule>,
    any: bool,
}

/// The rule of a cluster about which nothing is said, where nothing is said about any.
static ALIKE: ShareRule = ShareRule::of_every_other(1);

impl<'d> ShareRules<'d> {
    pub(crate) fn new(division: &'d Division) -> Self {
        let rules = &division.weights;
        let mut named = std::collections::BTreeMap::new();
        for rule in rules {
            if let Some(name) = &rule.cluster {
                named.entry(name).or_insert(rule);
            }
        }
        Self {
            named,
            selecting: rules
                .iter()
                .filter(|rule| rule.cluster.is_none() && rule.cluster_selector.is_some())
                .collect(),
            every_other: rules.iter().find(|rule| rule.is_of_every_other()),
            any: !rules.is_empty(),
        }
    }

    /// The rule that counts for a cluster.
    pub(crate) fn of(&self, cluster: &Cluster) -> Option<&'d ShareRule> {
        if !self.any {
            return Some(&ALIKE);
        }
        let named = self.named.get(cluster.name()).copied();
        let selecting = || self.selecting.iter().find(|rule| rule.selects(cluster));
        named.or_else(|| selecting().copied()).or(self.every_other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_precise_rule_counts() {
        let prod = LabelSelector::labels([("env", "prod")]);
        let division = Division::of(1).weigh([
            ShareRule::of_every_other(1),
            ShareRule::of_labels(prod, 2),
            ShareRule::of("a", 3),
        ]);
        let rules = ShareRules::new(&division);
        let weight = |cluster: Cluster| rules.of(&cluster).map(|rule| rule.weight);
        assert_eq!(weight(Cluster::new("a").label("env", "prod")), Some(3));
        assert_eq!(weight(Cluster::new("b").label("env", "prod")), Some(2));
        assert_eq!(weight(Cluster::new("c")), Some(1));
        let none = Division::of(1);
        assert_eq!(ShareRules::new(&none).of(&Cluster::new("c")), Some(&ALIKE));
        let other = Division::of(1).weigh([ShareRule::of("a", 3)]);
        assert_eq!(ShareRules::new(&other).of(&Cluster::new("c")), None);
    }
}
