//! What moves? The differences between two plans, and between a plan and what runs.
//!
//! [`Plan::changes_from`] tells what another plan changes, [`Plan::changes_in`] what it changes in
//! clusters as they are.

mod difference;
mod live;
mod plans;
mod replacement;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::identity::{ClusterName, ObjectId};
use crate::observe::Live;
use crate::plan::{Placed, Plan, Rendered};
use crate::problem::{Problem, Reason};

/// One object that comes to a cluster, leaves it, or becomes another one there.
///
/// Of an object that comes or leaves, the side where it is there is the whole of it, and the other
/// one `None`. Of one that changes, both sides hold the fields that differ, and no other: a field
/// that only one side has comes or goes. Items of a list that have names are told one by one, each
/// with its name, unless their order changes; any other list is told whole, and so is an embedded
/// Secret.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The cluster.
    pub cluster: ClusterName,
    /// The object.
    pub object: ObjectId,
    /// How many replicas it had there, where its kind has replicas and it said how many.
    pub replicas_before: Option<i64>,
    /// How many replicas it has then; none where it leaves.
    pub replicas_after: Option<i64>,
    /// What it was.
    pub before: Option<Arc<Value>>,
    /// What it becomes.
    pub after: Option<Arc<Value>>,
    /// Why it is, or is not, in the cluster after the change, and what is wrong with it.
    pub reasons: Vec<Reason>,
}

/// `Debug` names the object and shows nothing of it, as it may be secret.
impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("cluster", &self.cluster)
            .field("object", &self.object)
            .field("replicas_before", &self.replicas_before)
            .field("replicas_after", &self.replicas_after)
            .field("reasons", &self.reasons)
            .finish_non_exhaustive()
    }
}

impl Plan {
    /// What this plan changes where clusters hold what that other plan wanted, by cluster and
    /// object.
    ///
    /// ```
    /// use fed_core::{Cluster, Fleet, Intent, Placement, World, plan};
    /// use serde_json::json;
    ///
    /// let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}});
    /// let intent = Intent::of(namespace)?.place(Placement::everywhere());
    /// let one: Fleet = [Cluster::new("us-east")].into_iter().collect();
    /// let two: Fleet = [Cluster::new("us-east"), Cluster::new("eu-west")].into_iter().collect();
    /// let [before, after] = [one, two].map(|fleet| plan(&World::of(intent.clone(), &fleet)));
    ///
    /// let changes = after.changes_from(&before);
    /// assert_eq!(changes.len(), 1);
    /// assert_eq!(changes[0].cluster.as_str(), "eu-west");
    /// assert!(changes[0].before.is_none());
    /// assert_eq!(changes[0].after.as_ref().unwrap()["metadata"]["name"], "shop");
    /// # Ok::<(), fed_core::Problem>(())
    /// ```
    pub fn changes_from(&self, before: &Self) -> Vec<Change> {
        self.render().changes_from(&before.render())
    }

    /// What this plan changes where clusters hold these objects, by cluster and object.
    ///
    /// Only what is planned counts: what a server adds to an object is no difference, and neither
    /// is what it leaves out because it says nothing. An object that is marked as one that
    /// federation keeps, and that is not planned for its cluster, is removed; one without that mark
    /// is somebody else's.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use fed_core::{Cluster, Fleet, Intent, Live, Placement, World, kinds::Kinds, plan};
    /// use serde_json::json;
    ///
    /// let namespace = |labels| {
    ///     json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}})
    /// };
    /// let intent = Intent::of(namespace(json!({"team": "blue"})))?.place(Placement::everywhere());
    /// let fleet: Fleet = [Cluster::new("us-east")].into_iter().collect();
    /// let running = namespace(json!({"team": "red", "fed.dev/managed": "true", "added": "here"}));
    /// let mut live = Live::default();
    /// live.insert(&"us-east".into(), Arc::new(running), &Kinds::default())?;
    ///
    /// let changes = plan(&World::of(intent, &fleet)).changes_in(&live);
    /// assert_eq!(*changes[0].before.as_deref().unwrap(), json!({"metadata": {"labels": {"team": "red"}}}));
    /// assert_eq!(*changes[0].after.as_deref().unwrap(), json!({"metadata": {"labels": {"team": "blue"}}}));
    /// # Ok::<(), fed_core::Problem>(())
    /// ```
    pub fn changes_in(&self, live: &Live) -> Vec<Change> {
        self.render().changes_in(live)
    }
}

/// One side of a change: an object that is there.
struct Side {
    value: Arc<Value>,
    replicas: Option<i64>,
}

impl Side {
    fn planned(rendered: &Rendered) -> Self {
        Self {
            value: rendered.manifest().share(),
            replicas: rendered.manifest().replicas(),
        }
    }
}

impl Change {
    /// Why the object is there, and what is wrong with it, where it is planned.
    fn reasons_of(placed: &Placed<'_>, rendered: &Rendered) -> Vec<Reason> {
        let mut reasons = placed.reasons();
        reasons.extend(rendered.faults().map(Problem::reason));
        reasons
    }

    fn comes(cluster: &ClusterName, object: &ObjectId, after: Side, reasons: Vec<Reason>) -> Self {
        Self {
            cluster: cluster.clone(),
            object: object.clone(),
            replicas_before: after.replicas.map(|_| 0),
            replicas_after: after.replicas,
            before: None,
            after: Some(after.value),
            reasons,
        }
    }

    fn leaves(
        cluster: &ClusterName,
        object: &ObjectId,
        before: Side,
        reasons: Vec<Reason>,
    ) -> Self {
        Self {
            cluster: cluster.clone(),
            object: object.clone(),
            replicas_before: before.replicas,
            replicas_after: before.replicas.map(|_| 0),
            before: Some(before.value),
            after: None,
            reasons,
        }
    }
}

/// Changes in the order in which they are told.
fn sorted(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by(|a, b| (&a.cluster, &a.object).cmp(&(&b.cluster, &b.object)));
    changes
}
