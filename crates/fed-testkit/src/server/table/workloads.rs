//! How does it stand with what runs pods, in the words of its cells?

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{at, duration, items, joined, number, since, text, words};

/// How many pods are ready of how many.
pub(super) fn deployment(object: &Value) -> Value {
    let [ready, wanted] =
        ["/status/readyReplicas", "/spec/replicas"].map(|place| number(object, place));
    json!(format!("{ready}/{wanted}"))
}

/// A field of all containers at a place.
pub(super) fn containers(object: &Value, place: &str, field: &str) -> String {
    let texts = items(object, place)
        .iter()
        .filter_map(|one| one.get(field)?.as_str());
    joined(texts, ",", "")
}

/// A selector as people write it.
pub(super) fn selector(selector: &Value) -> String {
    let equal = at(selector, "/matchLabels")
        .as_object()
        .into_iter()
        .flatten();
    let equal = equal.map(|(key, value)| (key.clone(), format!("{key}={}", words(value))));
    let others = items(selector, "/matchExpressions").iter().map(|demand| {
        let (key, values) = (text(demand, "/key"), items(demand, "/values"));
        let mut values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
        values.sort_unstable();
        let values = values.join(",");
        let told = match text(demand, "/operator") {
            "In" => format!("{key} in ({values})"),
            "NotIn" => format!("{key} notin ({values})"),
            "Exists" => key.to_owned(),
            _ => format!("!{key}"),
        };
        (key.to_owned(), told)
    });
    let mut all: Vec<(String, String)> = equal.chain(others).collect();
    all.sort();
    joined(all.iter().map(|(_, told)| told.as_str()), ",", "<none>")
}

/// The cells of a Job.
pub(super) fn job(column: &str, object: &Value, now: Timestamp) -> Value {
    let told = match column {
        "Status" => job_status(object).to_owned(),
        "Completions" => completions(object),
        "Duration" => {
            let times = ["/status/startTime", "/status/completionTime"];
            let [start, end] = times.map(|place| text(object, place).parse::<Timestamp>().ok());
            let lasted = start.map(|start| {
                let end = end.unwrap_or(now);
                duration(end.as_second().saturating_sub(start.as_second()))
            });
            lasted.unwrap_or_default()
        }
        _ => return Value::Null,
    };
    json!(told)
}

fn job_status(object: &Value) -> &'static str {
    let is = |sort: &str| {
        let mut conditions = items(object, "/status/conditions").iter();
        conditions.any(|condition| condition["type"] == sort && condition["status"] == "True")
    };
    let is_going = !at(object, "/metadata/deletionTimestamp").is_null();
    let words = [
        (is("Complete"), "Complete"),
        (is("Failed"), "Failed"),
        (is_going, "Terminating"),
        (is("Suspended"), "Suspended"),
        (is("FailureTarget"), "FailureTarget"),
        (is("SuccessCriteriaMet"), "SuccessCriteriaMet"),
    ];
    let found = words.into_iter().find(|(is, _)| *is);
    found.map_or("Running", |(_, word)| word)
}

fn completions(object: &Value) -> String {
    let done = number(object, "/status/succeeded");
    match (
        at(object, "/spec/completions"),
        number(object, "/spec/parallelism"),
    ) {
        (Value::Null, at_once) if at_once > 1 => format!("{done}/1 of {at_once}"),
        (Value::Null, _) => format!("{done}/1"),
        (wanted, _) => format!("{done}/{wanted}"),
    }
}

/// The cells of a CronJob.
pub(super) fn cron_job(column: &str, object: &Value, now: Timestamp) -> Value {
    const CONTAINERS: &str = "/spec/jobTemplate/spec/template/spec/containers";
    let told = match column {
        "Schedule" => text(object, "/spec/schedule").to_owned(),
        "Timezone" => match at(object, "/spec/timeZone") {
            Value::Null => "<none>".to_owned(),
            zone => words(zone),
        },
        "Suspend" => match at(object, "/spec/suspend").as_bool() {
            Some(true) => "True".to_owned(),
            Some(false) => "False".to_owned(),
            None => "<unset>".to_owned(),
        },
        "Active" => return json!(items(object, "/status/active").len()),
        "Last Schedule" => match at(object, "/status/lastScheduleTime") {
            Value::Null => "<none>".to_owned(),
            time => since(time, now),
        },
        "Containers" => containers(object, CONTAINERS, "name"),
        "Images" => containers(object, CONTAINERS, "image"),
        "Selector" => match at(object, "/spec/jobTemplate/spec/selector") {
            Value::Null => "<none>".to_owned(),
            told => selector(told),
        },
        _ => return Value::Null,
    };
    json!(told)
}

/// What a HorizontalPodAutoscaler goes by, and where it is.
pub(super) fn metrics(object: &Value) -> String {
    const MOST: usize = 2;
    let wanted = match at(object, "/spec/metrics").as_array() {
        Some(metrics) => metrics.clone(),
        // The older version knows one.
        None => older(object).into_iter().collect(),
    };
    if wanted.is_empty() {
        return "<none>".to_owned();
    }
    let now = items(object, "/status/currentMetrics");
    let told: Vec<String> = wanted
        .iter()
        .enumerate()
        .map(|(place, metric)| metric_told(metric, now.get(place).unwrap_or(&Value::Null)))
        .collect();
    let shown = joined(told.iter().take(MOST).map(String::as_str), ", ", "");
    match told.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} + {more} more..."),
    }
}

fn older(object: &Value) -> Option<Value> {
    let wanted = object.pointer("/spec/targetCPUUtilizationPercentage")?;
    Some(json!({
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"averageUtilization": wanted}},
    }))
}

fn metric_told(metric: &Value, now: &Value) -> String {
    let (name, has_name) = match text(metric, "/type") {
        "Resource" => ("resource", true),
        "ContainerResource" => ("containerResource", true),
        "Pods" => ("pods", false),
        "Object" => ("object", false),
        "External" => ("external", false),
        _ => return "<unknown type>".to_owned(),
    };
    let target = at(metric, &format!("/{name}/target"));
    let current = at(now, &format!("/{name}/current"));
    let is_average = target.get("averageValue").is_some();
    let (field, unit, none) = match () {
        () if is_average => ("averageValue", "", ""),
        () if has_name => ("averageUtilization", "%", "<auto>"),
        () => ("value", "", ""),
    };
    let told = |from: &Value, none: &str| match from.get(field) {
        Some(value) => format!("{}{unit}", words(value)),
        None => none.to_owned(),
    };
    let both = format!("{}/{}", told(current, "<unknown>"), told(target, none));
    match (has_name, is_average && name != "pods") {
        (true, _) => format!("{}: {both}", text(metric, &format!("/{name}/name"))),
        (false, true) => format!("{both} (avg)"),
        (false, false) => both,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_and_metrics_are_told_as_people_write_them() {
        let told = selector(&json!({
            "matchLabels": {"b": "1", "a": "2"},
            "matchExpressions": [
                {"key": "c", "operator": "NotIn", "values": ["y", "x"]},
                {"key": "d", "operator": "DoesNotExist"},
            ],
        }));
        assert_eq!(told, "a=2,b=1,c notin (x,y),!d");
        assert_eq!(selector(&json!({})), "<none>");
        let metric = |name: &str| json!({"type": "Resource", "resource": {"name": name, "target": {"averageUtilization": 80}}});
        let object = json!({
            "spec": {"metrics": [metric("cpu"), metric("memory"), metric("disk")]},
            "status": {"currentMetrics": [{"resource": {"current": {"averageUtilization": 7}}}]},
        });
        assert_eq!(
            metrics(&object),
            "cpu: 7%/80%, memory: <unknown>/80% + 1 more..."
        );
    }
}
