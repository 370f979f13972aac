//! What stands in the cells that have to be computed, of kinds that are neither workloads nor
//! services?

use jiff::Timestamp;
use serde_json::{Value, json};

use super::workloads::selector;
use super::{at, first_few, items, joined, since, text, words};

const NONE: &str = "<none>";
const UNSET: &str = "<unset>";

/// Is a condition true? As the object tells it.
pub(super) fn condition<'v>(object: &'v Value, sort: &str) -> Option<&'v str> {
    let mut conditions = items(object, "/status/conditions").iter();
    let found = conditions.find(|condition| condition["type"] == sort)?;
    found.get("status")?.as_str()
}

pub(super) fn phase(object: &Value) -> &str {
    if at(object, "/metadata/deletionTimestamp").is_null() {
        text(object, "/status/phase")
    } else {
        "Terminating"
    }
}

/// What only a claim with a volume has.
pub(super) fn bound(object: &Value, told: &str) -> Value {
    match text(object, "/spec/volumeName") {
        "" => json!(""),
        _ => json!(told),
    }
}

pub(super) fn modes(object: &Value, place: &str) -> Value {
    const SHORT: [(&str, &str); 4] = [
        ("ReadWriteOnce", "RWO"),
        ("ReadOnlyMany", "ROX"),
        ("ReadWriteMany", "RWX"),
        ("ReadWriteOncePod", "RWOP"),
    ];
    let held = items(object, place);
    let told = SHORT
        .iter()
        .filter(|(mode, _)| held.iter().any(|other| other == mode));
    json!(joined(told.map(|(_, short)| *short), ",", ""))
}

pub(super) fn claim(object: &Value) -> Value {
    match at(object, "/spec/claimRef") {
        Value::Null => json!(""),
        claim => json!(format!(
            "{}/{}",
            text(claim, "/namespace"),
            text(claim, "/name")
        )),
    }
}

pub(super) fn subjects(object: &Value, sort: &str) -> Value {
    let subjects = items(object, "/subjects")
        .iter()
        .filter(|subject| subject["kind"] == sort);
    let names: Vec<String> = subjects
        .map(|subject| match text(subject, "/namespace") {
            "" => text(subject, "/name").to_owned(),
            namespace => format!("{namespace}/{}", text(subject, "/name")),
        })
        .collect();
    json!(names.join(", "))
}

pub(super) fn event(column: &str, object: &Value, now: Timestamp) -> Value {
    // The newer group has other names for some of it.
    let either = |older: &'static str, newer: &'static str| match at(object, older) {
        Value::Null => at(object, newer),
        value => value,
    };
    let first = match either("/firstTimestamp", "/deprecatedFirstTimestamp") {
        Value::Null => at(object, "/eventTime"),
        time => time,
    };
    let series = at(object, "/series/lastObservedTime");
    let last = match either("/lastTimestamp", "/deprecatedLastTimestamp") {
        _ if !series.is_null() => series,
        Value::Null => first,
        time => time,
    };
    let about = either("/involvedObject", "/regarding");
    let told = match column {
        "Last Seen" => since(last, now),
        "Type" => words_or_nothing(at(object, "/type")),
        "Reason" => words_or_nothing(at(object, "/reason")),
        "Object" => {
            let kind = text(about, "/kind").to_lowercase();
            match text(about, "/name") {
                "" => kind,
                name => format!("{kind}/{name}"),
            }
        }
        "Subobject" => text(about, "/fieldPath").to_owned(),
        "Source" => source(object),
        "Message" => words_or_nothing(either("/message", "/note"))
            .trim()
            .to_owned(),
        "First Seen" => since(first, now),
        "Count" => {
            let count = either("/count", "/deprecatedCount")
                .as_i64()
                .filter(|count| *count > 0);
            let count = at(object, "/series/count").as_i64().or(count);
            return json!(count.unwrap_or(1));
        }
        _ => return Value::Null,
    };
    json!(told)
}

fn words_or_nothing(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn source(object: &Value) -> String {
    let first = |places: [&str; 3]| {
        let mut texts = places.into_iter().map(|place| text(object, place));
        texts
            .find(|text| !text.is_empty())
            .unwrap_or_default()
            .to_owned()
    };
    let component = first([
        "/source/component",
        "/deprecatedSource/component",
        "/reportingController",
    ]);
    let component = match component.as_str() {
        "" => text(object, "/reportingComponent").to_owned(),
        _ => component,
    };
    match first([
        "/source/host",
        "/deprecatedSource/host",
        "/reportingInstance",
    ])
    .as_str()
    {
        "" => component,
        host => format!("{component}, {host}"),
    }
}

pub(super) fn node(column: &str, object: &Value, _: Timestamp) -> Value {
    const ROLE: &str = "node-role.kubernetes.io/";
    let address = |sort: &str| {
        let mut all = items(object, "/status/addresses").iter();
        let found = all.find(|address| address["type"] == sort);
        found
            .map_or(NONE, |address| text(address, "/address"))
            .to_owned()
    };
    let info = |field: &str| match text(at(object, "/status/nodeInfo"), field) {
        "" => "<unknown>".to_owned(),
        told => told.to_owned(),
    };
    let told = match column {
        "Status" => {
            let ready = match condition(object, "Ready") {
                Some("True") => "Ready",
                Some(_) => "NotReady",
                None => "Unknown",
            };
            let is_closed = at(object, "/spec/unschedulable") == true;
            format!(
                "{ready}{}",
                if is_closed { ",SchedulingDisabled" } else { "" }
            )
        }
        "Roles" => {
            let labels = at(object, "/metadata/labels").as_object();
            let roles = labels.into_iter().flatten().filter_map(|(key, value)| {
                let own = key.strip_prefix(ROLE).filter(|role| !role.is_empty());
                own.or_else(|| value.as_str().filter(|_| key == "kubernetes.io/role"))
            });
            let mut roles: Vec<&str> = roles.filter(|role| !role.is_empty()).collect();
            roles.sort_unstable();
            roles.dedup();
            joined(roles, ",", NONE)
        }
        "Internal-IP" => address("InternalIP"),
        "External-IP" => address("ExternalIP"),
        "OS-Image" => info("/osImage"),
        "Kernel-Version" => match text(object, "/status/nodeInfo/architecture") {
            "" => info("/kernelVersion"),
            architecture => format!("{} ({architecture})", info("/kernelVersion")),
        },
        "Container-Runtime" => info("/containerRuntimeVersion"),
        _ => return Value::Null,
    };
    json!(told)
}

pub(super) fn quota(column: &str, object: &Value, _: Timestamp) -> Value {
    let hard = at(object, "/status/hard").as_object().into_iter().flatten();
    let of_column = hard.filter(|(name, _)| name.starts_with("limits.") == (column == "Limit"));
    let told: Vec<String> = of_column
        .map(|(name, most)| {
            let used = at(object, "/status/used")
                .get(name)
                .map_or("0".to_owned(), words);
            format!("{name}: {used}/{}", words(most))
        })
        .collect();
    json!(told.join(", "))
}

pub(super) fn param_kind(object: &Value) -> Value {
    match at(object, "/spec/paramKind") {
        Value::Null => json!(UNSET),
        kind => json!(format!(
            "{}/{}",
            text(kind, "/apiVersion"),
            text(kind, "/kind")
        )),
    }
}

pub(super) fn param(object: &Value) -> Value {
    let told = at(object, "/spec/paramRef");
    json!(match (text(told, "/namespace"), text(told, "/name")) {
        (_, "") if told.get("selector").is_some() => selector(at(told, "/selector")),
        (_, "") => UNSET.to_owned(),
        ("", name) => format!("*/{name}"),
        (namespace, name) => format!("{namespace}/{name}"),
    })
}

pub(super) fn controller(object: &Value) -> Value {
    let mut owners = items(object, "/metadata/ownerReferences").iter();
    let Some(owner) = owners.find(|owner| owner["controller"] == true) else {
        return json!(NONE);
    };
    let kind = text(owner, "/kind").to_lowercase();
    let name = text(owner, "/name");
    json!(match text(owner, "/apiVersion").split_once('/') {
        Some((group, _)) => format!("{kind}.{group}/{name}"),
        None => format!("{kind}/{name}"),
    })
}

pub(super) fn signing(object: &Value) -> Value {
    let is = |sort: &str| condition(object, sort).is_some();
    let decided = match () {
        () if is("Denied") => "Denied",
        () if is("Approved") => "Approved",
        () => "Pending",
    };
    let failed = if is("Failed") { ",Failed" } else { "" };
    let issued = if text(object, "/status/certificate").is_empty() {
        ""
    } else {
        ",Issued"
    };
    json!(format!("{decided}{failed}{issued}"))
}

pub(super) fn ports(object: &Value) -> Value {
    let ports =
        items(object, "/ports")
            .iter()
            .map(|port| match (port.get("port"), port.get("name")) {
                (Some(number), _) => number.to_string(),
                (None, Some(name)) => words(name),
                (None, None) => "*".to_owned(),
            });
    json!(first_few(&ports.collect::<Vec<_>>(), 3, UNSET))
}

pub(super) fn priority_level(column: &str, object: &Value, _: Timestamp) -> Value {
    let queuing = "/spec/limited/limitResponse/queuing";
    let place = match column {
        "Type" => "/spec/type".to_owned(),
        "NominalConcurrencyShares" => "/spec/limited/nominalConcurrencyShares".to_owned(),
        "Queues" => format!("{queuing}/queues"),
        "HandSize" => format!("{queuing}/handSize"),
        _ => format!("{queuing}/queueLengthLimit"),
    };
    match at(object, &place) {
        Value::Null => json!(NONE),
        value => value.clone(),
    }
}

pub(super) fn parameters(object: &Value) -> Value {
    let told = at(object, "/spec/parameters");
    json!(match (text(told, "/kind"), text(told, "/apiGroup")) {
        ("", _) => NONE.to_owned(),
        (kind, "") => format!("{kind}/{}", text(told, "/name")),
        (kind, group) => format!("{kind}.{group}/{}", text(told, "/name")),
    })
}

pub(super) fn parent(object: &Value) -> Value {
    let told = at(object, "/spec/parentRef");
    if told.is_null() {
        return json!(NONE);
    }
    let resource = match text(told, "/group") {
        "" => text(told, "/resource").to_lowercase(),
        group => format!("{}.{group}", text(told, "/resource")).to_lowercase(),
    };
    let names = [text(told, "/namespace"), text(told, "/name")];
    let names = names.into_iter().filter(|name| !name.is_empty());
    json!(names.fold(resource, |told, name| format!("{told}/{name}")))
}

pub(super) fn claimed(object: &Value) -> Value {
    let is_going = !at(object, "/metadata/deletionTimestamp").is_null();
    let is_allocated = !at(object, "/status/allocation").is_null();
    let is_reserved = is_allocated && !items(object, "/status/reservedFor").is_empty();
    let states = [
        (is_going, "deleted"),
        (!is_going && !is_allocated, "pending"),
        (is_allocated, "allocated"),
        (is_reserved, "reserved"),
    ];
    let states = states.iter().filter(|(is, _)| *is).map(|(_, word)| *word);
    json!(joined(states, ",", ""))
}

pub(super) fn token_requests(object: &Value) -> Value {
    if at(object, "/spec/tokenRequests").is_null() {
        return json!(UNSET);
    }
    let audiences = items(object, "/spec/tokenRequests").iter();
    json!(joined(audiences.map(|one| text(one, "/audience")), ",", ""))
}
