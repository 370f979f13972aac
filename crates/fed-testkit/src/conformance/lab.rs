//! Where is a behaviour tried? In a namespace of its own, with what its steps saved.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http_body_util::BodyExt;
use kube::Client;
use kube::client::Body;
use serde_json::{Value, json};

use super::matching::{Difference, is_exactly, matches};
use super::step::{Form, Step};

/// How long something may take that takes its time, and how often it is asked for.
const PATIENCE: Duration = Duration::from_mins(3);
const POLL: Duration = Duration::from_millis(50);

/// How long a watch may be silent before nothing more comes.
const SILENCE: Duration = Duration::from_secs(10);

/// A server does not behave as the rule says.
#[derive(Debug, thiserror::Error)]
#[error(
    "{behaviour}\n  step {step}: {request}\n  at {at}: expected {expected}\n  found {found}{answer}"
)]
#[non_exhaustive]
pub struct Mismatch {
    /// Subject and rule.
    pub behaviour: String,
    /// The step that did not go as it must, from 1.
    pub step: usize,
    /// Its request.
    pub request: String,
    /// Where the answer is not as it must be.
    pub at: String,
    /// What is expected there.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// The whole answer.
    answer: String,
}

/// A namespace to try things in.
pub(super) struct Lab {
    client: Client,
    saved: BTreeMap<String, String>,
}

/// What was answered.
struct Answer {
    code: u16,
    headers: http::HeaderMap,
    body: Value,
}

impl Lab {
    pub(super) async fn open(client: Client, rule: &str) -> Result<Self, Mismatch> {
        let namespace = namespace(rule);
        let mut saved = BTreeMap::new();
        for (name, group) in [
            ("core", "/api/v1"),
            ("apps", "/apis/apps/v1"),
            ("batch", "/apis/batch/v1"),
        ] {
            saved.insert(name.to_owned(), format!("{group}/namespaces/{namespace}"));
        }
        saved.insert("ns".to_owned(), namespace.clone());
        let lab = Self { client, saved };
        let body = json!({"metadata": {"name": namespace}});
        let step: Step = Step::request("POST /api/v1/namespaces", Some(body));
        let answer = lab.ask(&step).await?;
        if answer.code == 201 {
            Ok(lab)
        } else {
            Err(lab.mismatch(&step, code(201, &answer), Some(&answer)))
        }
    }

    /// Takes away what the behaviour made. Whether that works is another rule.
    pub(super) async fn close(&self, paths: &[String]) {
        let namespace = "/api/v1/namespaces/${ns}".to_owned();
        for path in paths.iter().chain([&namespace]) {
            let _ = self
                .ask(&Step::request(&format!("DELETE {path}"), None))
                .await;
        }
    }

    pub(super) async fn perform(&mut self, step: &Step) -> Result<(), Mismatch> {
        if let Some(events) = &step.watch {
            return self.watch(step, events).await;
        }
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let answer = self.ask(step).await?;
            let Err(difference) = self.judge(step, &answer) else {
                return self.save(step, &answer);
            };
            if !step.eventually || tokio::time::Instant::now() > deadline {
                return Err(self.mismatch(step, difference, Some(&answer)));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    fn judge(&self, step: &Step, answer: &Answer) -> Result<(), Difference> {
        if let Some(expected) = step.code
            && expected != answer.code
        {
            return Err(code(expected, answer));
        }
        if let Some(expected) = &step.expect {
            matches(&self.filled(expected), Some(&answer.body), "")?;
        }
        for (at, expected) in &step.exact {
            is_exactly(&self.filled(expected), answer.body.pointer(at), at)?;
        }
        for (name, expected) in &step.headers {
            let found = answer.headers.get(name);
            let found = found.and_then(|value| value.to_str().ok()).map(Value::from);
            matches(
                &self.filled(expected),
                found.as_ref(),
                &format!("(header {name})"),
            )?;
        }
        if let Some(expected) = &step.warnings {
            let expected = self.filled(&Value::Array(expected.clone()));
            let warnings = answer.headers.get_all("warning").iter();
            let warnings = warnings.filter_map(|it| Some(warned(it.to_str().ok()?)));
            let warnings = warnings.collect();
            matches(&expected, Some(&warnings), "(warnings)")?;
        }
        Ok(())
    }

    fn save(&mut self, step: &Step, answer: &Answer) -> Result<(), Mismatch> {
        for (name, at) in &step.save {
            let text = match answer.body.pointer(at) {
                Some(Value::String(text)) => text.clone(),
                Some(value) if !value.is_null() => value.to_string(),
                _ => {
                    let difference = Difference {
                        at: at.clone(),
                        expected: "something to save".to_owned(),
                        found: "nothing".to_owned(),
                    };
                    return Err(self.mismatch(step, difference, Some(answer)));
                }
            };
            self.saved.insert(name.clone(), text);
        }
        Ok(())
    }

    async fn ask(&self, step: &Step) -> Result<Answer, Mismatch> {
        let response = self.send(step).await?;
        let code = response.status().as_u16();
        let headers = response.headers().clone();
        let body = response.into_body().collect().await;
        let body = body.map_err(|error| self.failed(step, &error))?.to_bytes();
        let body = serde_json::from_slice(&body)
            .unwrap_or_else(|_| String::from_utf8_lossy(&body).into_owned().into());
        Ok(Answer {
            code,
            headers,
            body,
        })
    }

    async fn send(&self, step: &Step) -> Result<http::Response<Body>, Mismatch> {
        let request = self.insert(&step.request);
        let (method, path) = request.split_once(' ').unwrap_or(("GET", &request));
        let mut head = http::Request::builder().method(method).uri(path.trim());
        let accept = step.accept.as_deref().unwrap_or("application/json");
        head = head.header("accept", accept);
        if let Some(user) = &step.impersonate {
            head = head.header("impersonate-user", self.insert(user));
        }
        let body = step.body.as_ref().map(|body| self.filled(body).to_string());
        let text = body.or_else(|| step.text.as_ref().map(|text| self.insert(text)));
        if text.is_some() {
            let form = step.form.as_ref();
            let form = form.map_or("application/json", Form::content_type);
            head = head.header("content-type", form);
        }
        let request = head.body(Body::from(text.unwrap_or_default().into_bytes()));
        let request = request.map_err(|error| self.failed(step, &error))?;
        let response = self.client.send(request).await;
        response.map_err(|error| self.failed(step, &error))
    }

    /// Reads the events that are expected, and as many bookmarks as come between them.
    async fn watch(&mut self, step: &Step, expected: &[Value]) -> Result<(), Mismatch> {
        let mut body = self.send(step).await?.into_body();
        let (mut text, mut found) = (String::new(), Vec::new());
        let is_bookmark = |event: &Value| event.get("type") == Some(&json!("BOOKMARK"));
        let wants_bookmarks = expected.iter().any(is_bookmark);
        let mut has_ended = false;
        while found.len() < expected.len() || (step.ends && !has_ended) {
            match tokio::time::timeout(SILENCE, body.frame()).await {
                Err(_) | Ok(None | Some(Err(_))) => has_ended = true,
                Ok(Some(Ok(frame))) => {
                    let data = frame.into_data().unwrap_or_default();
                    text.push_str(&String::from_utf8_lossy(&data));
                }
            }
            while let Some((line, rest)) = text.split_once('\n') {
                let event: Value = serde_json::from_str(line).unwrap_or_default();
                if wants_bookmarks || !is_bookmark(&event) {
                    found.push(event);
                }
                text = rest.to_owned();
            }
            if has_ended {
                break;
            }
        }
        if !step.ends {
            found.truncate(expected.len());
        }
        let answer = Answer {
            code: 200,
            headers: http::HeaderMap::new(),
            body: Value::Array(found),
        };
        let expected = self.filled(&Value::Array(expected.to_vec()));
        matches(&expected, Some(&answer.body), "")
            .map_err(|difference| self.mismatch(step, difference, Some(&answer)))?;
        self.save(step, &answer)
    }

    /// The text, with what was saved in it.
    fn insert(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.saved {
            let place = format!("${{{name}}}");
            if text.contains(&place) {
                text = text.replace(&place, value);
            }
        }
        text
    }

    fn filled(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.insert(text)),
            Value::Array(items) => items.iter().map(|item| self.filled(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(field, value)| (self.insert(field), self.filled(value)))
                .collect(),
            other => other.clone(),
        }
    }

    fn failed(&self, step: &Step, error: &dyn std::error::Error) -> Mismatch {
        let difference = Difference {
            at: "(request)".to_owned(),
            expected: "an answer".to_owned(),
            found: error.to_string(),
        };
        self.mismatch(step, difference, None)
    }

    fn mismatch(&self, step: &Step, difference: Difference, answer: Option<&Answer>) -> Mismatch {
        let mut told = String::new();
        if let Some(answer) = answer {
            // Writing to a string does not fail.
            let _ = write!(told, "\n  answer {}: {}", answer.code, answer.body);
        }
        Mismatch {
            behaviour: String::new(),
            step: 0,
            request: self.insert(&step.request),
            at: difference.at,
            expected: difference.expected,
            found: difference.found,
            answer: told,
        }
    }
}

impl Step {
    fn request(request: &str, body: Option<Value>) -> Self {
        Self {
            request: request.to_owned(),
            body,
            text: None,
            form: None,
            accept: None,
            impersonate: None,
            code: None,
            expect: None,
            exact: BTreeMap::new(),
            headers: BTreeMap::new(),
            warnings: None,
            save: BTreeMap::new(),
            watch: None,
            ends: false,
            eventually: false,
        }
    }
}

fn code(expected: u16, answer: &Answer) -> Difference {
    Difference {
        at: "(code)".to_owned(),
        expected: expected.to_string(),
        found: answer.code.to_string(),
    }
}

/// The text of a `Warning` header: `299 - "text"`.
fn warned(header: &str) -> String {
    let text = header.split_once('"').map_or(header, |(_, text)| text);
    let text = text.strip_suffix('"').unwrap_or(text);
    text.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// A name that no other behaviour has, in this run or another one on the same server.
fn namespace(rule: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let words: String = rule
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .take(30)
        .collect();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let run = std::process::id();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = now.map_or(0, |it| it.as_secs()) % 1_000_000;
    format!(
        "conf-{}-{run:x}-{seconds:x}-{count}",
        words.trim_matches('-')
    )
}
