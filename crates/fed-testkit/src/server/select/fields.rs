//! Which fields must an object have? Only a few of each kind can be asked for.

use fed_schema::{Kind, Origin, Scope};
use serde_json::Value;

use crate::server::status::Refusal;
use crate::server::store::Stored;

/// What fields of an object must be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<Demand>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Demand {
    place: Place,
    value: String,
    is_equal: bool,
}

/// Where the value stands that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Name,
    Namespace,
    /// At the first of these JSON Pointers that leads to something.
    At(Vec<String>, &'static str),
}

/// A field that can be asked for: its label, where it stands, and what it is where it is not.
type Field = (&'static str, &'static [&'static str], &'static str);

const POD: &[Field] = &[
    ("spec.host", &["/spec/nodeName"], ""),
    ("spec.hostNetwork", &["/spec/hostNetwork"], "false"),
    ("spec.nodeName", &["/spec/nodeName"], ""),
    ("spec.restartPolicy", &["/spec/restartPolicy"], ""),
    ("spec.schedulerName", &["/spec/schedulerName"], ""),
    ("spec.serviceAccountName", &["/spec/serviceAccountName"], ""),
    (
        "status.nominatedNodeName",
        &["/status/nominatedNodeName"],
        "",
    ),
    ("status.phase", &["/status/phase"], ""),
    (
        "status.podIP",
        &["/status/podIPs/0/ip", "/status/podIP"],
        "",
    ),
    // Taken, and never there.
    ("status.podIPs", &[], ""),
];

const CORE_EVENT: &[Field] = &[
    (
        "involvedObject.apiVersion",
        &["/involvedObject/apiVersion"],
        "",
    ),
    (
        "involvedObject.fieldPath",
        &["/involvedObject/fieldPath"],
        "",
    ),
    ("involvedObject.kind", &["/involvedObject/kind"], ""),
    ("involvedObject.name", &["/involvedObject/name"], ""),
    (
        "involvedObject.namespace",
        &["/involvedObject/namespace"],
        "",
    ),
    (
        "involvedObject.resourceVersion",
        &["/involvedObject/resourceVersion"],
        "",
    ),
    ("involvedObject.uid", &["/involvedObject/uid"], ""),
    ("reason", &["/reason"], ""),
    ("reportingComponent", &["/reportingComponent"], ""),
    ("source", &["/source/component", "/reportingComponent"], ""),
    ("type", &["/type"], ""),
];

/// Events are held as those of the core group.
const EVENT: &[Field] = &[
    ("reason", &["/reason"], ""),
    ("regarding.apiVersion", &["/involvedObject/apiVersion"], ""),
    ("regarding.fieldPath", &["/involvedObject/fieldPath"], ""),
    ("regarding.kind", &["/involvedObject/kind"], ""),
    ("regarding.name", &["/involvedObject/name"], ""),
    ("regarding.namespace", &["/involvedObject/namespace"], ""),
    (
        "regarding.resourceVersion",
        &["/involvedObject/resourceVersion"],
        "",
    ),
    ("regarding.uid", &["/involvedObject/uid"], ""),
    ("reportingController", &["/reportingComponent"], ""),
    ("type", &["/type"], ""),
];

/// What can be asked of a kind beside its name and namespace; `None` where nothing can.
fn fields_of(kind: Kind<'_>) -> Option<&'static [Field]> {
    Some(match (kind.group(), kind.kind()) {
        ("", "Event") => CORE_EVENT,
        ("events.k8s.io", "Event") => EVENT,
        ("", "Namespace") => &[("status.phase", &["/status/phase"], "")],
        ("", "Node") => &[("spec.unschedulable", &["/spec/unschedulable"], "false")],
        ("", "Pod") => POD,
        ("", "ReplicationController") => &[("status.replicas", &["/status/replicas"], "0")],
        ("", "Secret") => &[("type", &["/type"], "")],
        ("", "Service") => &[
            ("spec.clusterIP", &["/spec/clusterIP"], ""),
            ("spec.type", &["/spec/type"], ""),
        ],
        ("batch", "Job") => &[("status.successful", &["/status/succeeded"], "0")],
        ("certificates.k8s.io", "CertificateSigningRequest") => {
            &[("spec.signerName", &["/spec/signerName"], "")]
        }
        ("resource.k8s.io", "ResourceSlice") => &[
            ("spec.driver", &["/spec/driver"], ""),
            ("spec.nodeName", &["/spec/nodeName"], ""),
        ],
        _ => return None,
    })
}

impl Fields {
    /// Reads a selector for objects of a kind; `selectable` are the paths that its
    /// CustomResourceDefinition names.
    pub(crate) fn parse(
        text: &str,
        kind: Kind<'_>,
        selectable: impl FnOnce() -> Vec<String>,
    ) -> Result<Self, Refusal> {
        let terms: Vec<_> = split(text)
            .into_iter()
            .filter(|term| !term.is_empty())
            .collect();
        if terms.is_empty() {
            return Ok(Self::default());
        }
        let paths = match kind.origin() {
            Origin::Custom => selectable(),
            Origin::Builtin => Vec::new(),
        };
        let demands = terms
            .into_iter()
            .map(|term| demand(text, term, kind, &paths));
        demands
            .collect::<Result<_, String>>()
            .map(Self)
            .map_err(Refusal::bad_request)
    }

    /// Objects of this name only.
    pub(crate) fn of_name(name: &str) -> Self {
        Self(vec![Demand {
            place: Place::Name,
            value: name.to_owned(),
            is_equal: true,
        }])
    }

    pub(crate) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one name that objects must have, if there is one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.exact(&Place::Name)
    }

    /// The one namespace that objects must be in, if there is one.
    pub(crate) fn namespace(&self) -> Option<&str> {
        self.exact(&Place::Namespace)
    }

    fn exact(&self, place: &Place) -> Option<&str> {
        let mut found = self.0.iter().filter(|demand| demand.is_equal);
        let found = found.find(|demand| demand.place == *place)?;
        Some(&found.value)
    }

    pub(crate) fn hold(&self, stored: &Stored) -> bool {
        let mut read = None;
        self.0.iter().all(|demand| {
            let found = match &demand.place {
                Place::Name => stored.name() == demand.value,
                Place::Namespace => stored.namespace() == demand.value,
                Place::At(places, otherwise) => {
                    let object = read.get_or_insert_with(|| stored.object());
                    value_at(object, places, otherwise) == demand.value
                }
            };
            found == demand.is_equal
        })
    }
}

fn value_at(object: &Value, places: &[String], otherwise: &str) -> String {
    let mut found = places.iter().filter_map(|place| object.pointer(place));
    match found.find(|value| !value.is_null() && *value != "") {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => otherwise.to_owned(),
    }
}

/// The terms between the commas that are not escaped.
fn split(text: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (place, letter) in text.char_indices() {
        match letter {
            ',' if !is_escaped => {
                terms.push(text.get(start..place).unwrap_or_default());
                start = place + 1;
            }
            _ => {}
        }
        is_escaped = letter == '\\' && !is_escaped;
    }
    terms.push(text.get(start..).unwrap_or_default());
    terms
}

fn demand(whole: &str, term: &str, kind: Kind<'_>, paths: &[String]) -> Result<Demand, String> {
    let sign = term.char_indices().find_map(|(place, _)| {
        let rest = term.get(place..)?;
        let sign = ["!=", "==", "="]
            .into_iter()
            .find(|sign| rest.starts_with(sign))?;
        Some((place, sign))
    });
    let Some((place, sign)) = sign else {
        return Err(format!(
            "invalid selector: '{whole}'; can't understand '{term}'"
        ));
    };
    let value = term.get(place + sign.len()..).unwrap_or_default();
    let label = term.get(..place).unwrap_or_default();
    Ok(Demand {
        value: unescaped(value).map_err(|why| format!("invalid field selector: {why}"))?,
        place: place_of(label, kind, paths)?,
        is_equal: sign != "!=",
    })
}

fn unescaped(value: &str) -> Result<String, String> {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(escaped @ ('\\' | ',' | '=')) => text.push(escaped),
                Some(other) => return Err(format!("invalid escape sequence: \\{other}")),
                None => return Err("invalid escape sequence: \\".to_owned()),
            },
            ',' | '=' => {
                return Err(format!(
                    "unescaped character in value: {}",
                    u32::from(letter)
                ));
            }
            letter => text.push(letter),
        }
    }
    Ok(text)
}

/// Where the field of this label stands, or why it cannot be asked for.
fn place_of(label: &str, kind: Kind<'_>, paths: &[String]) -> Result<Place, String> {
    let is_custom = kind.origin() == Origin::Custom;
    let own = fields_of(kind);
    // Kinds with fields of their own know whether their objects have a namespace.
    let knows_namespace = kind.scope() == Scope::Namespaced || (own.is_none() && !is_custom);
    match label {
        "metadata.name" => return Ok(Place::Name),
        "metadata.namespace" if knows_namespace => return Ok(Place::Namespace),
        _ => {}
    }
    if is_custom {
        let is_it = |path: &&String| path.strip_prefix('.') == Some(label);
        let path = paths.iter().find(is_it);
        let pointer = path.map(|path| path.replace('.', "/"));
        return match pointer {
            Some(pointer) => Ok(Place::At(vec![pointer], "")),
            None => Err(format!("field label not supported: {label}")),
        };
    }
    let Some(own) = own else {
        return Err(format!(
            "{label:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        ));
    };
    let found = own.iter().find(|(known, ..)| *known == label);
    let Some((_, places, otherwise)) = found else {
        return Err(match kind.kind() {
            "Job" => format!("field label {label:?} not supported for Job"),
            "ResourceSlice" => format!(
                "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: {label}"
            ),
            _ => format!("field label not supported: {label}"),
        });
    };
    let places = places.iter().map(|place| (*place).to_owned()).collect();
    Ok(Place::At(places, otherwise))
}
