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
        let mut running = Self::default();
        each(spec, "containers", at, |_, wanted| {
            running = running.plus(&wanted);
        })?;
        let mut sidecars = Self::default();
        let mut most = Self::default();
        each(spec, "initContainers", at, |is_sidecar, wanted| {
            let meanwhile = sidecars.plus(&wanted);
            most = most.or_more(&meanwhile);
            if is_sidecar {
                sidecars = meanwhile;
            }
        })?;
        let of_containers = running.plus(&sidecars).or_more(&most);
        let together = of_pod(spec, of_containers, at)?;
        let overhead = field(spec, "overhead");
        let overhead = Self::of_some(overhead, |_| true, &|| at.child("overhead"))?;
        Ok(together.plus(&overhead))
    }
}

/// Tells of each container of a list whether it is a sidecar, and what it wants.
fn each(
    spec: &Value,
    list: &str,
    at: &Location,
    mut tell: impl FnMut(bool, Resources),
) -> Result<(), Problem> {
    let containers = field(spec, list).as_array().into_iter().flatten();
    for (index, container) in containers.enumerate() {
        let at = || at.child(list).child(index).child("resources");
        let wanted = requests(field(container, "resources"), &at)?;
        tell(field(container, "restartPolicy") == "Always", wanted);
    }
    Ok(())
}

/// The requests, with limits where there are none.
fn requests(resources: &Value, at: &dyn Fn() -> Location) -> Result<Resources, Problem> {
    let requests = field(resources, "requests");
    let asked = Resources::of_some(requests, |_| true, &|| at().child("requests"))?;
    let is_open = |name: &str| requests.get(name).is_none();
    let limits = field(resources, "limits");
    let limits = Resources::of_some(limits, is_open, &|| at().child("limits"))?;
    Ok(asked.plus(&limits))
}

/// What is asked for the pod as a whole instead of the sum of its containers. A limit of the pod
/// stands for a request only where no container asks for the resource.
fn of_pod(spec: &Value, containers: Resources, at: &Location) -> Result<Resources, Problem> {
    let resources = field(spec, "resources");
    let at = |list: &str| at.child("resources").child(list);
    let requests = field(resources, "requests");
    let limits = field(resources, "limits");
    let asked = Resources::of_some(requests, is_of_pods, &|| at("requests"))?;
    let is_open = |name: &str| {
        is_of_pods(name) && requests.get(name).is_none() && containers.amount(name) == 0
    };
    let limited = Resources::of_some(limits, is_open, &|| at("limits"))?;
    let names = requests.as_object().into_iter().flat_map(Map::keys);
    let names = names.filter(|name| is_of_pods(name));
    let of_containers = names.fold(containers, |all, name| all.with(name, asked.amount(name)));
    Ok(of_containers.plus(&limited))
}

/// The resources that can be asked for a pod as a whole.
fn is_of_pods(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || name.starts_with("hugepages-")
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
