//! In which forms do bodies travel? The server speaks JSON; here YAML and protobuf become JSON, and
//! JSON what the client takes.

use bytes::Bytes;
use fed_schema::Schemas;
use serde_json::Value;

use super::protobuf::{self, PROTOBUF, Unread};
use crate::server::accept::choose;
use crate::server::{Refusal, Request};

pub(super) const JSON: &str = "application/json";
const YAML: &str = "application/yaml";
const APPLY: &str = "application/apply-patch+yaml";
/// What browsers and those who look by hand call themselves: they are sent what can be read.
const READERS: [&str; 3] = ["curl", "Wget", "Mozilla/5.0"];

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    /// With line breaks, for people.
    Pretty,
    Yaml,
}

impl Form {
    /// The form that the client takes, or a refusal where it takes none.
    pub(super) fn of(request: &Request) -> Result<Self, Refusal> {
        match choose(&request.accept, &[JSON, YAML]) {
            Some(YAML) => Ok(Self::Yaml),
            Some(_) if is_for_people(request) => Ok(Self::Pretty),
            Some(_) => Ok(Self::Json),
            None => Err(not_acceptable("application/json, application/yaml")),
        }
    }

    pub(super) fn media(self) -> &'static str {
        match self {
            Self::Json | Self::Pretty => JSON,
            Self::Yaml => YAML,
        }
    }

    /// JSON in this form.
    pub(super) fn write(self, json: Bytes) -> Bytes {
        let value = || serde_json::from_slice::<Value>(&json);
        let written = match self {
            Self::Json => None,
            Self::Pretty => value()
                .ok()
                .and_then(|value| serde_json::to_vec_pretty(&value).ok()),
            Self::Yaml => value().ok().and_then(|value| to_yaml(&value)),
        };
        // JSON is YAML as well.
        written.map_or(json, Bytes::from)
    }
}

/// What is said of a watch that the client takes in no form of a stream.
pub(super) fn no_stream() -> Refusal {
    not_acceptable("application/json;stream=watch")
}

fn not_acceptable(forms: &str) -> Refusal {
    let message = format!("only the following media types are accepted: {forms}");
    Refusal::new(406, "NotAcceptable", message)
}

fn is_for_people(request: &Request) -> bool {
    match request.parameter("pretty") {
        Some(said) => matches!(said, "1" | "t" | "T" | "true" | "TRUE" | "True"),
        None => READERS
            .iter()
            .any(|name| request.user_agent.starts_with(name)),
    }
}

fn to_yaml(value: &Value) -> Option<Vec<u8>> {
    let text = serde_saphyr::to_string(value).ok()?;
    // Only what is read as the same again is sent.
    (read_yaml(&text).as_ref() == Ok(value)).then(|| text.into_bytes())
}

/// The same request with a body of JSON where it was YAML or protobuf.
pub(super) fn read(
    request: Request,
    schemas: impl FnOnce() -> Schemas,
) -> Result<Request, Refusal> {
    let media = request
        .content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    if media == PROTOBUF {
        return match protobuf::read(&schemas(), &request.body) {
            Ok(object) => Ok(request.with_json(JSON, &object)),
            Err(Unread::Body(why)) => Err(unrecognized(why)),
            // The server says what it takes.
            Err(Unread::Kind) => Ok(request),
        };
    }
    // An apply may be JSON, which is read faster.
    let is_yaml = media == YAML
        || (media == APPLY && serde_json::from_slice::<Value>(&request.body).is_err());
    if !is_yaml {
        return Ok(request);
    }
    let text = std::str::from_utf8(&request.body).map_err(|error| error.to_string());
    let read = text.and_then(read_yaml).map_err(|why| {
        Refusal::bad_request(match media {
            APPLY => format!("error decoding YAML: error converting YAML to JSON: {why}"),
            _ => return unrecognized(&why),
        })
    })?;
    let media = if media == YAML { JSON } else { APPLY }.to_owned();
    Ok(request.with_json(&media, &read))
}

fn unrecognized(why: &str) -> Refusal {
    Refusal::bad_request(format!("the object provided is unrecognized: {why}"))
}

/// Reads YAML as Kubernetes does: as version 1.1 has it, with `yes` and `on` for true.
fn read_yaml(text: &str) -> Result<Value, String> {
    let mut options = serde_saphyr::Options::default();
    options.with_snippet = false;
    options.strict_booleans = false;
    options.leading_zero_numbers_as_strings = false;
    options.underscored_numbers_as_strings = false;
    options.legacy_octal_numbers = true;
    serde_saphyr::from_str_with_options(text, options).map_err(|error| format!("yaml: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn yaml_is_read_as_kubernetes_reads_it_and_written_so_that_it_is_read_again() {
        let text = "a: on\nb: 0644\nc: '0644'\nd: [x, 1.5, null]\n";
        let value = json!({"a": true, "b": 420, "c": "0644", "d": ["x", 1.5, null]});
        assert_eq!(read_yaml(text), Ok(value));
        for text in [
            "on",
            "yes",
            "0644",
            "1_000",
            "null",
            "2030-01-01T00:00:00Z",
            "a: b",
            "",
            "\n",
        ] {
            let value = json!({"text": text});
            let form = Form::Yaml.write(value.to_string().into());
            let read = read_yaml(std::str::from_utf8(&form).expect("text"));
            assert_eq!(read, Ok(value), "{text:?}");
        }
    }

    #[test]
    fn the_form_is_what_the_client_takes() {
        let ask = |accept: &str, path: &str, agent: &str| {
            let mut request = Request::new("GET", path);
            accept.clone_into(&mut request.accept);
            agent.clone_into(&mut request.user_agent);
            Form::of(&request).map_err(|refusal| refusal.code)
        };
        assert_eq!(ask("", "/api", "kubectl/v1.36.0"), Ok(Form::Json));
        assert_eq!(ask("*/*", "/api", "curl/8.0"), Ok(Form::Pretty));
        assert_eq!(ask("*/*", "/api?pretty=false", "curl/8.0"), Ok(Form::Json));
        assert_eq!(ask("application/yaml", "/api", "curl/8.0"), Ok(Form::Yaml));
        assert_eq!(
            ask("application/vnd.kubernetes.protobuf", "/api", ""),
            Err(406)
        );
    }
}
