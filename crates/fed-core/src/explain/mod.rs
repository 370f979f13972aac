//! Why is this object in that cluster, or not? Made when somebody asks, never kept.

use crate::divide::Why;
use crate::identity::ClusterName;
use crate::plan::{Placed, Refused};
use crate::problem::{Code, Problem, Reason};

/// Why an object is, or is not, in a cluster.
///
/// ```
/// use fed_core::{Cluster, Fleet, Intent, LabelSelector, Placement, World, plan};
/// use serde_json::json;
///
/// let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}});
/// let prod = Placement::selector(LabelSelector::labels([("env", "prod")]));
/// let intent = Intent::of(namespace)?.place(prod);
/// let fleet: Fleet = [Cluster::new("lab").label("env", "dev")].into_iter().collect();
///
/// let plan = plan(&World::of(intent, &fleet));
/// let explanation = plan.objects().next().unwrap().explain(&"lab".into());
/// assert!(!explanation.is_placed);
/// assert_eq!(explanation.reasons[0].message, r#"its label env is "dev", not "prod""#);
/// # Ok::<(), fed_core::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The cluster.
    pub cluster: ClusterName,
    /// Is the object placed there?
    pub is_placed: bool,
    /// Why, and what is wrong.
    pub reasons: Vec<Reason>,
    /// Why it has its number of replicas there, where they are divided.
    pub share: Option<Why>,
    /// What differs there from the template: each override that applies, as `replace
    /// /spec/replicas`.
    pub overrides: Vec<String>,
}

impl Explanation {
    pub(crate) fn placed(placed: &Placed<'_>) -> Self {
        let cluster = placed.cluster().name().clone();
        let rendered = placed.render();
        let reasons = placed
            .reasons()
            .into_iter()
            .chain(rendered.faults().map(Problem::reason))
            .collect();
        let overrides = placed
            .object()
            .intent()
            .overrides()
            .operations_for(placed.cluster())
            .map(|operation| format!("{} {}", operation.op(), operation.path()))
            .collect();
        Self {
            cluster,
            is_placed: true,
            reasons,
            share: placed.why_so_many(),
            overrides,
        }
    }

    pub(crate) fn refused(refused: Option<Refused>, cluster: &ClusterName) -> Self {
        let reasons = refused.map_or_else(
            || {
                vec![Reason::new(
                    Code::UnknownCluster,
                    "there is no such cluster",
                )]
            },
            |refused| refused.reasons,
        );
        Self {
            cluster: cluster.clone(),
            is_placed: false,
            reasons,
            share: None,
            overrides: Vec::new(),
        }
    }
}
