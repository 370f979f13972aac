//! What does one replica ask of a cluster?

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_json::Value;

use super::affinity::{NodeAffinity, list};
use super::field;
use super::resources::Resources;
use crate::fleet::Toleration;
use crate::location::Location;
use crate::problem::{Code, Problem};

/// What one replica asks for, and of which nodes.
///
/// ```
/// use fed_core::capacity::{Demand, Resources};
/// use serde_json::json;
///
/// let template = json!({"spec": {
///     "nodeSelector": {"disk": "ssd"},
///     "containers": [{"name": "web", "resources": {"requests": {"cpu": "250m"}}}],
/// }});
/// let demand = Demand::of_pod_template(&template)?;
/// assert_eq!(demand, Demand::new(Resources::new(250, 0)).on_nodes([("disk", "ssd")]));
/// # Ok::<(), fed_core::Problem>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Demand {
    /// What it takes of a node: one pod, and what that pod requests.
    pub requests: Resources,
    /// The labels that the node must have.
    pub node_selector: BTreeMap<String, String>,
    /// The nodes it may run on; absent, every node.
    pub node_affinity: Option<NodeAffinity>,
    /// The taints that do not keep it off a node.
    pub tolerations: Vec<Toleration>,
}

impl Demand {
    /// One pod that takes this.
    pub fn new(requests: Resources) -> Self {
        Self {
            requests: requests.with("pods", 1),
            ..Self::default()
        }
    }

    /// The same, on nodes with these labels.
    #[must_use]
    pub fn on_nodes<K: Into<String>, V: Into<String>>(
        mut self,
        labels: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let labels = labels.into_iter().map(|(k, v)| (k.into(), v.into()));
        self.node_selector.extend(labels);
        self
    }

    /// The same, on these nodes.
    #[must_use]
    pub fn with_affinity(mut self, affinity: NodeAffinity) -> Self {
        self.node_affinity = Some(affinity);
        self
    }

    /// The same, tolerating this as well.
    #[must_use]
    pub fn tolerating(mut self, toleration: Toleration) -> Self {
        self.tolerations.push(toleration);
        self
    }

    /// What a pod of this template asks for; or a pod, which has its spec at the same place.
    ///
    /// A part that cannot be read is a problem, at its place in the template.
    pub fn of_pod_template(template: &Value) -> Result<Self, Problem> {
        let at = Location::in_code().child("spec");
        let spec = field(template, "spec");
        Ok(Self {
            node_selector: node_selector(spec, &at)?,
            node_affinity: node_affinity(spec, &at)?,
            tolerations: list(
                field(spec, "tolerations"),
                &at.child("tolerations"),
                toleration,
            )?,
            ..Self::new(Resources::of_pod_spec(spec, &at)?)
        })
    }
}

fn node_selector(spec: &Value, at: &Location) -> Result<BTreeMap<String, String>, Problem> {
    let selector = match field(spec, "nodeSelector") {
        Value::Null => return Ok(BTreeMap::new()),
        selector => BTreeMap::deserialize(selector),
    };
    selector.map_err(|error| unreadable(&at.child("nodeSelector"), &error))
}

fn node_affinity(spec: &Value, at: &Location) -> Result<Option<NodeAffinity>, Problem> {
    let path = "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution";
    let required = spec.pointer(path).filter(|required| !required.is_null());
    let read = required.map(|required| NodeAffinity::of_selector(required, &at.join(path)));
    read.transpose()
}

fn toleration(value: &Value, at: &Location) -> Result<Toleration, Problem> {
    Toleration::deserialize(value).map_err(|error| unreadable(at, &error))
}

pub(super) fn unreadable(at: &Location, error: &serde_json::Error) -> Problem {
    let message = format!("this cannot be read: {error}");
    Problem::error(Code::InvalidValue, message).at(at.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_template_is_read_as_a_whole() {
        let demand = Demand::of_pod_template(&json!({"spec": {
            "nodeSelector": {"disk": "ssd"},
            "tolerations": [{"key": "gpu", "operator": "Exists"}],
            "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [],
            }}},
            "containers": [{"resources": {"requests": {"cpu": "1", "memory": "1Ki"}}}],
        }}));
        let expected = Demand::new(Resources::new(1000, 1024))
            .on_nodes([("disk", "ssd")])
            .with_affinity(NodeAffinity::default())
            .tolerating(Toleration::of_key("gpu"));
        assert_eq!(demand, Ok(expected));
        let nothing = Demand::new(Resources::default());
        assert_eq!(Demand::of_pod_template(&json!(null)), Ok(nothing));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let affinity = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": 1,
        }}});
        for (spec, path) in [
            (json!({"nodeSelector": {"disk": 1}}), "/spec/nodeSelector"),
            (
                json!({"tolerations": [{"effect": "Never"}]}),
                "/spec/tolerations/0",
            ),
            (json!({"overhead": {"cpu": "x"}}), "/spec/overhead/cpu"),
            (
                json!({ "affinity": affinity }),
                "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution\
                 /nodeSelectorTerms",
            ),
        ] {
            let problem = Demand::of_pod_template(&json!({ "spec": spec })).unwrap_err();
            assert_eq!(problem.at.unwrap().path.as_str(), path);
        }
    }
}
