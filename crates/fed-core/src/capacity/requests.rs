//! What does a pod take of a node? The requests that Kubernetes' scheduler adds up.

use serde_json::{Map, Value};

use super::field;
use super::resources::Resources;
use crate::location::Location;
use crate::problem::Problem;

impl Resources {
    /// What a pod of this spec takes: what its containers want together, or an init container
    /// before them where that is more, and what running the pod costs in addition. A sidecar, an
    /// init container that is always restarted, goes on beside whatever follows it.
    ///
    /// A limit stands for a request that is not given, as in the API server. What the spec asks
    /// for the pod as a whole goes before the sum of its containers. Problems name places below
    /// `at`.
    ///
    /// ```
    /// use fed_core::Location;
    /// use fed_core::capacity::Resources;
    /// use serde_json::json;
    ///
    /// let spec = json!({
    ///     "initContainers": [
    ///         {"restartPolicy": "Always", "resources": {"requests": {"cpu": "100m"}}},
    ///         {"resources": {"requests": {"cpu": "1"}}},
    ///     ],
    ///     "containers": [{"resources": {"limits": {"cpu": "500m"}}}],
    /// });
    /// let requests = Resources::of_pod_spec(&spec, &Location::in_code())?;
    /// assert_eq!(requests, Resources::new(1100, 0));
    /// # Ok::<(), fed_core::Problem>(())
    /// ```
    pub fn of_pod_spec(spec: &Value, at: &Location) -> Result<Self, Problem> {
        let running = containers(spec, "containers", at)?
            .into_iter()
            .fold(Self::default(), |sum, (_, wanted)| sum.plus(&wanted));
        let mut sidecars = Self::default();
        let mut most = Self::default();
        for (is_sidecar, wanted) in containers(spec, "initContainers", at)? {
            let meanwhile = sidecars.plus(&wanted);
            if is_sidecar {
                sidecars = meanwhile.clone();
            }
            most = most.or_more(&meanwhile);
        }
        let of_containers = running.plus(&sidecars).or_more(&most);
        let together = of_pod(spec, of_containers, at)?;
        let overhead = field(spec, "overhead");
        Ok(together.plus(&Self::of_list(overhead, &at.child("overhead"))?))
    }
}

/// What each container of a list wants, and whether it is a sidecar.
fn containers(spec: &Value, list: &str, at: &Location) -> Result<Vec<(bool, Resources)>, Problem> {
    let containers = field(spec, list).as_array().into_iter().flatten();
    let wanted = containers.enumerate().map(|(index, container)| {
        let at = at.child(list).child(index).child("resources");
        let wanted = requests(field(container, "resources"), &at)?;
        Ok((field(container, "restartPolicy") == "Always", wanted))
    });
    wanted.collect()
}

/// The requests, with limits where there are none.
fn requests(resources: &Value, at: &Location) -> Result<Resources, Problem> {
    let requests = field(resources, "requests");
    let asked = Resources::of_list(requests, &at.child("requests"))?;
    let limits = only(field(resources, "limits"), |name| {
        requests.get(name).is_none()
    });
    Ok(asked.plus(&Resources::of_list(&limits, &at.child("limits"))?))
}

/// What is asked for the pod as a whole instead of the sum of its containers. A limit of the pod
/// stands for a request only where no container asks for the resource.
fn of_pod(spec: &Value, containers: Resources, at: &Location) -> Result<Resources, Problem> {
    let resources = field(spec, "resources");
    let at = at.child("resources");
    let requests = field(resources, "requests");
    let limits = only(field(resources, "limits"), |name| {
        requests.get(name).is_none() && containers.amount(name) == 0
    });
    let asked = [
        (requests, at.child("requests")),
        (&limits, at.child("limits")),
    ];
    asked.into_iter().try_fold(containers, |all, (list, at)| {
        let amounts = Resources::of_list(list, &at)?;
        let names = list.as_object().into_iter().flat_map(Map::keys);
        let names = names.filter(|name| is_of_pods(name));
        Ok(names.fold(all, |all, name| all.with(name, amounts.amount(name))))
    })
}

/// The resources that can be asked for a pod as a whole.
fn is_of_pods(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || name.starts_with("hugepages-")
}

/// The fields of a list of resources whose names are wanted.
fn only(list: &Value, wanted: impl Fn(&str) -> bool) -> Value {
    match list {
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, _)| wanted(name));
            let fields = fields.map(|(name, value)| (name.clone(), value.clone()));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cpu(spec: &Value) -> i64 {
        let requests = Resources::of_pod_spec(spec, &Location::in_code());
        requests.unwrap().milli_cpu
    }

    fn wants(cpu: &str) -> Value {
        json!({"resources": {"requests": {"cpu": cpu}}})
    }

    fn sidecar(cpu: &str) -> Value {
        json!({"restartPolicy": "Always", "resources": {"requests": {"cpu": cpu}}})
    }

    #[test]
    fn containers_add_up_and_init_containers_do_not() {
        let spec =
            json!({"containers": [wants("1"), wants("500m")], "initContainers": [wants("1")]});
        assert_eq!(cpu(&spec), 1500);
        let spec = json!({"containers": [wants("1")], "initContainers": [wants("2"), wants("3")]});
        assert_eq!(cpu(&spec), 3000);
    }

    #[test]
    fn a_sidecar_runs_beside_what_follows_it() {
        let init = [wants("2"), sidecar("1"), wants("1500m")];
        assert_eq!(cpu(&json!({"initContainers": init})), 2500);
        let spec =
            json!({"initContainers": [wants("2"), sidecar("1")], "containers": [wants("3")]});
        assert_eq!(cpu(&spec), 4000);
    }

    #[test]
    fn limits_stand_for_requests_that_are_not_given() {
        let both = json!({"resources": {
            "requests": {"cpu": "1"}, "limits": {"cpu": "2", "memory": "5"},
        }});
        let spec = json!({"containers": [both]});
        let requests = Resources::of_pod_spec(&spec, &Location::in_code()).unwrap();
        assert_eq!(requests, Resources::new(1000, 5));
    }

    #[test]
    fn the_pod_as_a_whole_goes_before_its_containers() {
        let spec = json!({
            "containers": [{"resources": {"requests": {"cpu": "1", "memory": "7"}}}],
            "resources": {
                "requests": {"cpu": "500m"},
                "limits": {"cpu": "3", "memory": "9", "hugepages-2Mi": "4"},
            },
            "overhead": {"cpu": "100m", "memory": "1"},
        });
        let requests = Resources::of_pod_spec(&spec, &Location::in_code()).unwrap();
        assert_eq!(requests, Resources::new(600, 8).with("hugepages-2Mi", 4));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let spec = json!({"containers": [{}, wants("one")]});
        let problem = Resources::of_pod_spec(&spec, &Location::in_code()).unwrap_err();
        let path = problem.at.unwrap().path;
        assert_eq!(path.as_str(), "/containers/1/resources/requests/cpu");
    }
}
