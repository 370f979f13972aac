//! How much room is there in the sum of a cluster's nodes? Karmada's general estimator.

use std::collections::BTreeMap;

use serde_json::Value;

use super::packing::Packing;
use super::{Component, requests};
use crate::capacity::resources::Resources;
use crate::capacity::{Demand, NodeClass, field};
use crate::location::Location;
use crate::problem::{Code, Problem};

/// How many pods Karmada takes a node of a grade to have room for, whatever runs on it.
const PODS_OF_A_NODE: i64 = 110;

/// What the status of a Cluster of Karmada says about its resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// What is free on all nodes together: what is allocatable, without what is allocated and what
    /// pods wait for.
    pub free: Resources,
    /// The nodes by grade, each with the least that a node of its grade has free, in the order in
    /// which they are filled. `None` if nodes are not graded: then only the sum counts.
    pub grades: Option<Vec<NodeClass>>,
}

impl Summary {
    /// What a Cluster says about its resources: `None` if it has no summary, so that Karmada finds
    /// no room. Grades that contradict each other are as if there were none.
    pub fn of_cluster(cluster: &Value) -> Result<Option<Self>, Problem> {
        let at = Location::in_code().child("status").child("resourceSummary");
        let summary = field(field(cluster, "status"), "resourceSummary");
        if summary.is_null() {
            return Ok(None);
        }
        let list = |name| Resources::of_list(field(summary, name), &at.child(name));
        let free = list("allocatable")?
            .without(&list("allocated")?)
            .without(&list("allocating")?);
        let grades = grades(field(cluster, "spec"), summary, &at)?;
        Ok(Some(Self { free, grades }))
    }

    /// How many replicas of this demand there is room for; without a demand, of pods that request
    /// nothing. Of the nodes that are asked for, nothing is known here.
    pub fn replicas(&self, demand: Option<&Demand>, assumed: &[Vec<Component>]) -> i64 {
        let free = self.free.without(&requests(assumed.iter().flatten()));
        let Some(demand) = demand.filter(|_| free.pods > 0) else {
            return free.pods;
        };
        let one = [Component::new(1, demand.clone())];
        self.sets_on_grades(&one, assumed, free.pods)
            .unwrap_or_else(|| free.fits(&demand.requests))
    }

    /// How many sets of these components there is room for. Components without pods have room as
    /// often as there is room for a pod.
    pub fn sets(&self, components: &[Component], assumed: &[Vec<Component>]) -> i64 {
        let free = self.free.without(&requests(assumed.iter().flatten()));
        let one = requests(components);
        if one.pods == 0 {
            return free.pods;
        }
        let most = free.fits(&one);
        self.sets_on_grades(components, assumed, most)
            .unwrap_or(most)
    }

    /// How many sets, of no more than `most`, the graded nodes have room for; `None` if nodes are
    /// not graded.
    pub fn sets_on_grades(
        &self,
        components: &[Component],
        assumed: &[Vec<Component>],
        most: i64,
    ) -> Option<i64> {
        // Of a grade, neither labels nor taints are known: Karmada takes every node as suitable.
        let suits = |_: &NodeClass, _: &Demand| true;
        let packing = Packing::new(self.grades.as_ref()?, &suits);
        Some(packing.assuming(assumed).sets(components, most))
    }
}

/// The nodes by grade, from the lowest on. Karmada counts nodes under the number of their grade.
fn grades(spec: &Value, summary: &Value, at: &Location) -> Result<Option<Vec<NodeClass>>, Problem> {
    let counts = items(summary, "allocatableModelings");
    let models = items(spec, "resourceModels");
    if counts.is_empty() || models.is_empty() {
        return Ok(None);
    }
    let mut nodes: BTreeMap<u64, i64> = BTreeMap::new();
    for (index, counted) in counts.iter().enumerate() {
        let place = at.child("allocatableModelings").child(index);
        let count = match field(counted, "count") {
            Value::Null => 0,
            count => count.as_i64().ok_or_else(|| no_number(&place, "count"))?,
        };
        if count < 0 {
            return Ok(None);
        }
        let all = nodes.entry(grade(counted, &place)?).or_default();
        *all = all.saturating_add(count);
    }
    let mut classes: BTreeMap<u64, NodeClass> = BTreeMap::new();
    for (index, model) in models.iter().enumerate() {
        let place = Location::in_code().child("spec").child("resourceModels");
        let place = place.child(index);
        let grade = grade(model, &place)?;
        let count = nodes.get(&grade).copied().unwrap_or(0);
        let free = least(model, &place)?.with("pods", PODS_OF_A_NODE);
        classes.insert(grade, NodeClass::new(count, free));
    }
    Ok(Some(classes.into_values().collect()))
}

fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    field(value, name).as_array().map_or(&[], Vec::as_slice)
}

fn grade(of: &Value, at: &Location) -> Result<u64, Problem> {
    match field(of, "grade") {
        Value::Null => Ok(0),
        grade => grade.as_u64().ok_or_else(|| no_number(at, "grade")),
    }
}

/// The least that a node of a grade has of each resource.
fn least(model: &Value, at: &Location) -> Result<Resources, Problem> {
    let ranges = items(model, "ranges").iter();
    let least = ranges.map(|range| {
        let name = field(range, "name").as_str().unwrap_or_default();
        (name.to_owned(), field(range, "min").clone())
    });
    Resources::of_list(&Value::Object(least.collect()), &at.child("ranges"))
}

fn no_number(at: &Location, name: &str) -> Problem {
    let message = format!("{name} has to be a whole number");
    Problem::error(Code::InvalidValue, message).at(at.child(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn summary(spec: &Value, status: &Value) -> Summary {
        let cluster = json!({"spec": spec, "status": {"resourceSummary": status}});
        Summary::of_cluster(&cluster).unwrap().unwrap()
    }

    fn pod(cpu: i64) -> Demand {
        Demand::new(Resources::new(cpu, 0))
    }

    #[test]
    fn grades_are_counted_by_their_least() {
        let spec = json!({"resourceModels": [
            {"grade": 1, "ranges": [{"name": "cpu", "min": "2", "max": "4"}]},
            {"grade": 0, "ranges": [{"name": "cpu", "min": "0", "max": "2"}]},
            {"grade": 2, "ranges": [{"name": "cpu", "min": "4", "max": "8"}]},
        ]});
        let counts = |of_two: i64| json!([{"grade": 0, "count": 5}, {"grade": 1, "count": 3}, {"grade": 2, "count": of_two}]);
        let free = json!({"cpu": "100", "pods": "100"});
        let status = json!({"allocatable": free, "allocatableModelings": counts(2)});
        let graded = summary(&spec, &status);
        assert_eq!(graded.replicas(Some(&pod(1500)), &[]), 3 + 2 * 2);
        assert_eq!(graded.replicas(Some(&pod(5000)), &[]), 0);
        let nodes: Vec<i64> = graded.grades.iter().flatten().map(|n| n.count).collect();
        assert_eq!(nodes, [5, 3, 2]);
        let manager = [vec![Component::new(1, pod(4000))]];
        assert_eq!(graded.replicas(Some(&pod(1500)), &manager), 3 + 2);
        let set = [Component::new(1, pod(4000)), Component::new(2, pod(1000))];
        assert_eq!(graded.sets(&set, &[]), 2);

        let broken = json!({"allocatable": free, "allocatableModelings": counts(-1)});
        let broken = summary(&spec, &broken);
        assert_eq!(broken.grades, None);
        assert_eq!(broken.replicas(Some(&pod(5000)), &[]), 20);
    }

    #[test]
    fn without_room_for_a_pod_there_is_no_room() {
        let status = json!({"allocatable": {"cpu": "9", "pods": "3"}, "allocating": {"pods": "4"}});
        let full = summary(&Value::Null, &status);
        assert_eq!(full.replicas(None, &[]), 0);
        assert_eq!(full.replicas(Some(&pod(0)), &[]), 0);
        assert_eq!(full.sets(&[], &[]), 0);
        assert_eq!(Summary::of_cluster(&json!({"status": {}})), Ok(None));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let models = json!([{"grade": 0, "ranges": [{"name": "cpu", "min": "few"}]}]);
        let counted = json!({"allocatableModelings": [{"grade": 0, "count": 1}]});
        for (spec, summary, path) in [
            (
                json!({}),
                json!({"allocated": {"cpu": "x"}}),
                "/status/resourceSummary/allocated/cpu",
            ),
            (
                json!({ "resourceModels": models }),
                counted,
                "/spec/resourceModels/0/ranges/cpu",
            ),
            (
                json!({"resourceModels": [{}]}),
                json!({"allocatableModelings": [{"count": "1"}]}),
                "/status/resourceSummary/allocatableModelings/0/count",
            ),
        ] {
            let cluster = json!({"spec": spec, "status": {"resourceSummary": summary}});
            let problem = Summary::of_cluster(&cluster).unwrap_err();
            assert_eq!(problem.at.unwrap().path.as_str(), path);
        }
    }
}
