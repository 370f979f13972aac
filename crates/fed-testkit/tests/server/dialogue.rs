//! Dialogues: requests by several users, in their order, with what kube-apiserver 1.36.3 answered.
//!
//! A file of `cases/` is one dialogue with one server. Each step says who asks (`by`, a token; else
//! one who may do everything), what (`ask`) and what is sent (`send`, with its media type in `as`);
//! with `words` false only the causes of a refusal count; `keep` names values of the answer that later steps use as `{name}`; with `wait` (seconds, for
//! recording) the real server is asked until its controllers have done what is recorded. `FED_RECORD=1` asks a real server and
//! writes down what it says.

use std::collections::BTreeMap;

use fed_testkit::server::{Controller, Controllers, Credentials, Request, Server, User};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use crate::compare::difference;

const NO_PATH: &str = "the server could not find the requested resource";

fn text_of<'v>(body: &'v Value, field: &str) -> &'v str {
    body.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The dialogues, by name.
pub(crate) const ALL: &[(&str, &str)] = &[
    ("access", include_str!("cases/access.json")),
    ("collection", include_str!("cases/collection.json")),
    ("definitions", include_str!("cases/definitions.json")),
    ("subresources", include_str!("cases/subresources.json")),
    ("faults", include_str!("cases/faults.json")),
    ("rules", include_str!("cases/rules.json")),
    ("versions", include_str!("cases/versions.json")),
];

/// One dialogue.
pub(crate) struct Dialogue {
    pub(crate) name: &'static str,
    text: Value,
}

impl Dialogue {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|(name, text)| Self {
            name,
            text: serde_json::from_str(text).expect("JSON"),
        })
    }

    /// The groups of every user but the admin; a user's token is its name.
    pub(crate) fn users(&self) -> BTreeMap<String, Vec<String>> {
        let users = self.text.get("users").cloned().unwrap_or_default();
        serde_json::from_value(users).unwrap_or_default()
    }

    /// Do controllers work beside the server?
    pub(crate) fn has_controllers(&self) -> bool {
        self.text["controllers"] == true
    }

    pub(crate) fn steps(&self) -> &[Value] {
        self.text["steps"].as_array().expect("a list")
    }

    /// The same dialogue with other answers, a line each step.
    pub(crate) fn with_answers(&self, answers: &[Value]) -> String {
        let steps = self.steps().iter().zip(answers).map(|(step, answer)| {
            let mut step = step.clone();
            step["answer"] = answer.clone();
            step.to_string()
        });
        let steps: Vec<String> = steps.collect();
        let mut head = self.text.as_object().expect("an object").clone();
        head.remove("steps");
        let head = head.iter();
        let head: Vec<String> = head
            .map(|(field, value)| format!("\"{field}\": {value},\n"))
            .collect();
        let (head, steps) = (head.concat(), steps.join(",\n"));
        format!("{{\n{head}\"steps\": [\n{steps}\n]\n}}\n")
    }
}

/// Values that answers gave and later requests use.
#[derive(Default)]
pub(crate) struct Kept(BTreeMap<String, String>);

/// A request of a dialogue, with all values in it.
pub(crate) struct Asked {
    pub(crate) token: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) media: String,
    pub(crate) body: String,
}

impl Kept {
    pub(crate) fn asked(&self, step: &Value) -> Asked {
        let text = |field: &str| step[field].as_str().unwrap_or_default();
        let ask = self.filled(text("ask"));
        let (method, path) = ask.split_once(' ').expect("a method and a path");
        let media = match (text("as"), method) {
            ("", "PATCH") => "application/merge-patch+json",
            ("", _) => "application/json",
            (media, _) => media,
        };
        let body = match &step["send"] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            body => body.to_string(),
        };
        Asked {
            token: step["by"].as_str().map(|token| self.filled(token)),
            method: method.to_owned(),
            path: path.to_owned(),
            media: media.to_owned(),
            body: self.filled(&body),
        }
    }

    fn filled(&self, text: &str) -> String {
        let kept = self.0.iter();
        kept.fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
    }

    /// An answer as it is compared and written down.
    pub(crate) fn comparable(
        &mut self,
        step: &Value,
        code: u16,
        mut body: Value,
        warnings: &[String],
    ) -> Value {
        let wanted = step["keep"].as_object();
        for (name, pointer) in wanted.into_iter().flatten() {
            let value = body.pointer(pointer.as_str().expect("a pointer"));
            let value = value.and_then(Value::as_str).unwrap_or_default().to_owned();
            self.0.insert(name.clone(), value);
        }
        if step["words"] == false {
            causes_only(&mut body);
        }
        // Paths of kinds that are not served: who answers depends on what else there is.
        let is_text = body.as_str().is_some_and(|text| text.starts_with("404 "));
        if is_text || text_of(&body, "message") == NO_PATH {
            body = Value::Null;
        }
        self.mask("", &mut body);
        let mut answer = Map::from_iter([("code".to_owned(), json!(code))]);
        if !warnings.is_empty() && step["words"] != false {
            answer.insert("warnings".to_owned(), json!(warnings));
        }
        answer.insert("body".to_owned(), body);
        Value::Object(answer)
    }

    fn mask(&self, name: &str, value: &mut Value) {
        const CHOSEN: [&str; 16] = [
            "ca.crt",
            "clusterIP",
            "clusterIPs",
            "creationTimestamp",
            "credential-id",
            "deletionTimestamp",
            "expirationTimestamp",
            "lastPhaseTransitionTime",
            "lastProbeTime",
            "lastTransitionTime",
            "lastUpdateTime",
            "nodePort",
            "resourceVersion",
            "time",
            "token",
            "uid",
        ];
        match value {
            Value::String(text) => {
                let kept = self.0.iter().filter(|(_, kept)| kept.len() > 8);
                for (name, kept) in kept {
                    *text = text.replace(kept, &format!("{{{name}}}"));
                }
                let is_chosen = CHOSEN.contains(&name.rsplit('/').next().unwrap_or_default());
                if is_chosen && !text.contains('{') {
                    "#".clone_into(text);
                }
            }
            Value::Array(items) => {
                for item in items.iter_mut() {
                    self.mask(name, item);
                }
                // No order is kept of them.
                if name.ends_with("Rules") {
                    items.sort_by_key(Value::to_string);
                }
            }
            Value::Object(fields) => {
                fields.remove("managedFields");
                for (name, value) in fields {
                    self.mask(name, value);
                }
            }
            _ => {}
        }
    }
}

/// Leaves of a refusal what is no text for people.
fn causes_only(body: &mut Value) {
    if let Some(message) = body.get_mut("message") {
        *message = json!("#");
    }
    let causes = body.pointer_mut("/details/causes");
    let causes = causes.and_then(Value::as_array_mut);
    for cause in causes.into_iter().flatten() {
        cause["message"] = json!("#");
    }
    if let Some(Value::Array(causes)) = body.pointer_mut("/details/causes") {
        causes.sort_by_key(Value::to_string);
    }
}

/// What differs between two answers to a step, in words.
pub(crate) fn differing(step: &Value, ours: &Value) -> Option<String> {
    let how = difference("", ours, &step["answer"])?;
    Some(format!(
        "{} {}: {how}\n    ours {ours}",
        step["by"], step["ask"]
    ))
}

/// What the server in memory says to all of a dialogue.
fn play(dialogue: &Dialogue) -> Vec<String> {
    let admin = User {
        uid: "fed-testkit".to_owned(),
        ..User::new("fed-testkit").in_group("system:masters")
    };
    let mut server = Server::new(3).with_token("fed-testkit", admin);
    for (name, groups) in dialogue.users() {
        let user = User {
            uid: name.clone(),
            groups,
            ..User::new(&name)
        };
        server = server.with_token(&name, user);
    }
    let mut now: Timestamp = "2030-01-01T00:00:00Z".parse().expect("a time");
    let mut controllers = dialogue.has_controllers().then(no_nodes);
    let mut kept = Kept::default();
    let mut faults = Vec::new();
    for step in dialogue.steps() {
        now += SignedDuration::from_secs(1);
        let asked = kept.asked(step);
        let token = asked.token.unwrap_or_else(|| "fed-testkit".to_owned());
        let mut request = Request::new(&asked.method, &asked.path);
        if token != "nobody" {
            request = request.by(Credentials::Token(token));
        }
        if !asked.body.is_empty() {
            request = request.with_body(&asked.media, asked.body);
        }
        let answer = server.handle(&request, now);
        if let Some(controllers) = &mut controllers {
            controllers.settle(&mut server, now);
        }
        let (code, body) = (answer.code, answer.json());
        let ours = kept.comparable(step, code, body, &answer.warnings);
        faults.extend(differing(step, &ours));
    }
    faults
}

#[test]
fn dialogues_are_answered_as_the_real_server_did() {
    let mut faults = Vec::new();
    for dialogue in Dialogue::all() {
        let name = dialogue.name;
        faults.extend(play(&dialogue).iter().map(|how| format!("{name}: {how}")));
    }
    assert!(
        faults.is_empty(),
        "{} answers differ:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// What a controller manager does: real dialogues are held without nodes.
fn no_nodes() -> Controllers {
    Controllers::all().without([Controller::Nodes])
}
