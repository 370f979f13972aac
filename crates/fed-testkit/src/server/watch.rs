//! What has happened since a client last looked? A cursor over the changes of a resource, without
//! threads: whoever holds it asks for what is new when [`Server::version`] has moved.

use std::collections::VecDeque;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::status::Refusal;
use super::store::{Change, Stored, line};
use super::target::Resource;
use super::{Server, write};
use write::Call;

/// How long a watch lasts at least where the client does not say.
const SHORTEST: i64 = 30 * 60;

/// A watch of the objects of one resource.
///
/// ```
/// use fed_testkit::server::{Request, Server};
/// use serde_json::json;
///
/// let mut server = Server::new(1);
/// let noon = "2030-01-01T12:00:00Z".parse()?;
/// let maps = "/api/v1/namespaces/default/configmaps";
/// let request = Request::new("GET", &format!("{maps}?watch=true"));
/// let mut watch = server.handle(&request, noon).into_watch().expect("a watch");
/// assert!(watch.next(&server, noon).lines.is_empty());
///
/// let colours = json!({"metadata": {"name": "colours"}});
/// server.handle(&Request::new("POST", maps).with_json("application/json", &colours), noon);
/// let news = watch.next(&server, noon);
/// assert!(news.lines[0].starts_with(br#"{"type":"ADDED","object":{"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Watch {
    resource: Resource,
    /// Empty for all.
    namespace: String,
    /// What is to be told before any change.
    first: VecDeque<Bytes>,
    /// The last change that was looked at.
    seen: u64,
    ends: Timestamp,
    is_over: bool,
}

/// What a watch has to tell.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// Events, each a line of JSON with its end.
    pub lines: Vec<Bytes>,
    /// Is this the end of the watch?
    pub is_last: bool,
}

impl Watch {
    pub(super) fn of(server: &mut Server, call: &Call<'_>) -> Result<Self, Refusal> {
        for unknown in ["labelSelector", "fieldSelector", "sendInitialEvents"] {
            if call.request.parameter(unknown).is_some() {
                return Err(write::not_yet(unknown));
            }
        }
        let seconds = call.request.parameter("timeoutSeconds");
        let seconds = seconds.and_then(|text| text.parse::<i64>().ok());
        let seconds = match seconds.filter(|seconds| *seconds > 0) {
            Some(seconds) => seconds,
            None => SHORTEST + i64::try_from(server.random.below(30 * 60)).unwrap_or_default(),
        };
        let mut watch = Self {
            resource: call.target.resource.clone(),
            namespace: call.target.namespace.clone(),
            first: VecDeque::new(),
            seen: server.version(),
            ends: call
                .at
                .saturating_add(SignedDuration::from_secs(seconds))
                .unwrap_or(Timestamp::MAX),
            is_over: false,
        };
        match call
            .request
            .parameter("resourceVersion")
            .unwrap_or_default()
        {
            "" | "0" => {
                let held = server.store.within(&watch.resource, &watch.namespace);
                watch.first = held
                    .map(|stored| line(Change::Added, stored.json()))
                    .collect();
            }
            text => {
                watch.seen = text.parse().map_err(|_| {
                    Refusal::bad_request(format!("Invalid resource version {text:?}"))
                })?;
            }
        }
        Ok(watch)
    }

    /// What is new since this was asked last.
    pub fn next(&mut self, server: &Server, now: Timestamp) -> News {
        let mut news = News::default();
        if self.is_over {
            news.is_last = true;
            return news;
        }
        news.lines.extend(self.first.drain(..));
        match server.store.since(&self.resource, self.seen) {
            None => {
                news.lines.push(too_old());
                self.is_over = true;
            }
            Some(events) => {
                let events = events.filter(|event| self.is_watched(&event.stored));
                news.lines.extend(events.map(|event| event.line().clone()));
            }
        }
        self.seen = self.seen.max(server.version());
        self.is_over |= now >= self.ends;
        news.is_last = self.is_over;
        news
    }

    /// When to look again at the latest, whatever happens: it has something to tell then, or ends.
    pub fn wakes_at(&self) -> Timestamp {
        self.ends
    }

    fn is_watched(&self, stored: &Stored) -> bool {
        self.namespace.is_empty() || stored.namespace() == self.namespace
    }
}

fn too_old() -> Bytes {
    let refusal = Refusal::new(410, "Expired", "too old resource version");
    let event = json!({"type": "ERROR", "object": refusal.to_status()});
    format!("{event}\n").into()
}
