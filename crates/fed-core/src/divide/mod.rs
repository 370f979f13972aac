//! How many replicas where? Each way of dividing is a pure function over the same candidates.

mod method;
mod rounds;

pub mod karmada;
pub mod kubeadmiral;
pub mod kubefed;
pub mod native;

pub use method::{Divided, Why, divide, explain, explain_all};

use crate::identity::ClusterName;

/// One cluster among which replicas are divided, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// The cluster.
    pub name: ClusterName,
    /// Its weight against the others.
    pub weight: i64,
    /// The fewest replicas that it should have.
    pub minimum: i64,
    /// The most replicas that it may have.
    pub maximum: Option<i64>,
    /// How many replicas it can run.
    pub capacity: Option<i64>,
    /// How many replicas run there now; `None` where the object is not there.
    pub current: Option<i64>,
}

impl Candidate {
    /// A cluster with a weight, and nothing else known.
    pub fn new(name: impl Into<ClusterName>, weight: i64) -> Self {
        Self {
            name: name.into(),
            weight,
            minimum: 0,
            maximum: None,
            capacity: None,
            current: None,
        }
    }

    /// The same, with no fewer replicas than this.
    #[must_use]
    pub fn at_least(mut self, minimum: i64) -> Self {
        self.minimum = minimum;
        self
    }

    /// The same, with no more replicas than this.
    #[must_use]
    pub fn at_most(mut self, maximum: i64) -> Self {
        self.maximum = Some(maximum);
        self
    }

    /// The same, with room for this many replicas.
    #[must_use]
    pub fn with_capacity(mut self, capacity: i64) -> Self {
        self.capacity = Some(capacity);
        self
    }

    /// The same, where this many replicas run now.
    #[must_use]
    pub fn running(mut self, current: i64) -> Self {
        self.current = Some(current);
        self
    }
}
