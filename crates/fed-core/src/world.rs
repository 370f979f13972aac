//! What is planning given? The intents, the clusters, and what may be assumed where the input says
//! nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::check::Schemas;
use crate::dialect::Lost;
use crate::fleet::Fleet;
use crate::identity::ClusterName;
use crate::intent::Intent;
use crate::kinds::Scope;
use crate::location::Location;
use crate::observe::Observed;

/// All that a plan is made from. Everything but intents and fleet has a default.
///
/// ```
/// use fed_core::{Cluster, Fleet, Intent, Placement, World, plan};
/// use serde_json::json;
///
/// let fleet: Fleet = [Cluster::new("us-east"), Cluster::new("eu-west")].into_iter().collect();
/// let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}});
/// let intent = Intent::of(namespace)?.place(Placement::everywhere());
///
/// let plan = plan(&World::of(intent, &fleet));
/// assert_eq!(plan.objects().next().unwrap().placed().count(), 2);
/// # Ok::<(), fed_core::Problem>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct World<'w> {
    pub(crate) intents: Cow<'w, [Intent]>,
    pub(crate) fleet: Fleet,
    pub(crate) assumptions: Assumptions,
    pub(crate) scope: Option<Scope>,
    pub(crate) also_named: BTreeMap<ClusterName, Location>,
    pub(crate) lost: Lost,
    pub(crate) schemas: Option<Arc<dyn Schemas>>,
    pub(crate) observed: Observed,
    pub(crate) now: Option<Timestamp>,
}

impl<'w> World<'w> {
    /// A world of these intents and clusters.
    pub fn new(intents: &'w [Intent], fleet: &Fleet) -> Self {
        Self::from_intents(Cow::Borrowed(intents), fleet)
    }

    /// A world of a single intent, as an operator has it that reconciles one object.
    pub fn of(intent: Intent, fleet: &Fleet) -> World<'static> {
        World::from_intents(Cow::Owned(vec![intent]), fleet)
    }

    fn from_intents(intents: Cow<'w, [Intent]>, fleet: &Fleet) -> Self {
        Self {
            intents,
            fleet: fleet.clone(),
            assumptions: Assumptions::none(),
            scope: None,
            also_named: BTreeMap::new(),
            lost: Lost::default(),
            schemas: None,
            observed: Observed::default(),
            now: None,
        }
    }

    /// The same world with these clusters instead of its own.
    #[must_use]
    pub fn in_fleet(mut self, fleet: &Fleet) -> Self {
        self.fleet = fleet.clone();
        self
    }

    /// The same world, with these assumptions.
    #[must_use]
    pub fn assuming(mut self, assumptions: Assumptions) -> Self {
        self.assumptions = assumptions;
        self
    }

    /// The same world under a control plane of this scope. In a cluster-wide one, nothing is
    /// placed whose namespace is not federated; in a namespaced one, such an object keeps its own
    /// placement. Unless told, a control plane is cluster-wide.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// The same world, of which this could not be read.
    #[must_use]
    pub fn without(mut self, lost: Lost) -> Self {
        self.lost = lost;
        self
    }

    /// The same world, whose manifests are held against these schemas.
    #[must_use]
    pub fn checked_by(mut self, schemas: Arc<dyn Schemas>) -> Self {
        self.schemas = Some(schemas);
        self
    }

    /// The same world, in whose clusters this was seen.
    #[must_use]
    pub fn observing(mut self, observed: &Observed) -> Self {
        self.observed = observed.clone();
        self
    }

    /// The same world at this time. Untold, no time has passed since anything began.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// The same world, in which these clusters are named by something that is no intent.
    #[must_use]
    pub fn also_naming(mut self, clusters: BTreeMap<ClusterName, Location>) -> Self {
        self.also_named = clusters;
        self
    }
}

/// What may be taken for granted where the input says nothing. Each assumption that is made is
/// told in a note. By default none is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each stands by itself, in any combination"
)]
pub struct Assumptions {
    /// When there is no cluster at all, those that placements name exist and are ready.
    pub named_clusters_exist: bool,
    /// A cluster that says nothing of its readiness is ready.
    pub silent_clusters_are_ready: bool,
    /// An object whose namespace is not federated keeps its own placement.
    pub unfederated_namespaces_do_not_matter: bool,
    /// A namespaced object without a namespace is in `default`.
    pub missing_namespaces_are_default: bool,
}

impl Assumptions {
    /// Nothing is assumed.
    pub const fn none() -> Self {
        Self {
            named_clusters_exist: false,
            silent_clusters_are_ready: false,
            unfederated_namespaces_do_not_matter: false,
            missing_namespaces_are_default: false,
        }
    }

    /// All that makes a few documents plan by themselves, as on a command line.
    pub const fn lenient() -> Self {
        Self {
            named_clusters_exist: true,
            silent_clusters_are_ready: true,
            unfederated_namespaces_do_not_matter: true,
            missing_namespaces_are_default: true,
        }
    }
}
