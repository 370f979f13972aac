//! What has happened since a client last looked? A cursor over the changes of a resource, without
//! threads: whoever holds it asks for what is new when [`Server::version`] has moved.

use bytes::Bytes;
use fed_schema::Kind;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Server;
use super::form::Form;
use super::options::ListOptions;
use super::select::Selection;
use super::status::Refusal;
use super::store::{Change, Event, Stored, line};
use super::target::Resource;
use super::versions;
use super::write::{Call, metadata};

/// How long a watch lasts at least where the client does not say, in seconds.
const SHORTEST: u32 = 30 * 60;
/// How often a bookmark is told.
const BOOKMARKS: SignedDuration = SignedDuration::from_secs(60);
/// How long before the end the last bookmark is told.
const LAST_BOOKMARK: SignedDuration = SignedDuration::from_secs(2);

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
    api_version: String,
    kind: String,
    selection: Selection,
    form: Form,
    start: Start,
    /// The last change that was looked at.
    seen: u64,
    /// When the next bookmark is told, if any is.
    bookmark_at: Option<Timestamp>,
    ends: Timestamp,
    /// Was nothing told yet?
    is_first: bool,
    is_over: bool,
}

/// What a watch tells before any change.
#[derive(Clone, Debug)]
enum Start {
    /// Nothing, or nothing any more.
    Changes,
    /// What was there, and where it is wanted, that this was all.
    Objects(Vec<Stored>, Option<u64>),
    /// Why there will be nothing.
    Refused(Box<Refusal>),
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
    pub(super) fn of(server: &mut Server, call: &Call<'_>, form: Form) -> Result<Self, Refusal> {
        let selection = Selection::of(&server.store, call)?;
        let options = ListOptions::of(call)?;
        let resource = call.target.resource.held();
        let current = server.version();
        let begins = options.sends_initial == Some(true);
        let (seen, start) = match options.version {
            Some(version) if begins && version > current => {
                let refusal = Refusal::too_large_version(version, current);
                (current, Start::Refused(Box::new(refusal)))
            }
            _ if begins => {
                let there = server.store.within(&resource, &selection.namespace);
                let there = there.filter(|stored| selection.takes(stored));
                let end = options.bookmarks.then_some(current);
                (current, Start::Objects(there.cloned().collect(), end))
            }
            None | Some(0) => (current, Start::Changes),
            Some(version) => (version, Start::Changes),
        };
        let ends = later(call.at, server.lifetime(options.seconds));
        let kind = call.target.kind;
        Ok(Self {
            resource,
            api_version: kind.api_version(),
            kind: kind.kind().to_owned(),
            selection,
            form,
            start,
            seen,
            bookmark_at: options
                .bookmarks
                .then(|| next_bookmark(call.at, ends))
                .flatten(),
            ends,
            is_first: true,
            is_over: false,
        })
    }

    /// What is new since this was asked last.
    pub fn next(&mut self, server: &Server, now: Timestamp) -> News {
        let mut news = News::default();
        // Where the kind is not served any more, there is nothing to tell of it.
        let kind = server.schemas.kind_of(&self.api_version, &self.kind);
        match kind {
            Some(kind) if !self.is_over => self.tell(server, kind, now, &mut news.lines),
            _ => self.is_over = true,
        }
        self.is_over |= now >= self.ends;
        news.is_last = self.is_over;
        news
    }

    /// When to ask again at the latest, whatever happens: there is something to tell then.
    pub fn wakes_at(&self) -> Timestamp {
        self.bookmark_at.unwrap_or(self.ends)
    }

    fn tell(&mut self, server: &Server, kind: Kind<'_>, now: Timestamp, lines: &mut Vec<Bytes>) {
        let mut told = Told {
            kind,
            api_version: &self.api_version,
            form: self.form,
            now,
            is_first: &mut self.is_first,
            lines,
        };
        match std::mem::replace(&mut self.start, Start::Changes) {
            Start::Changes => {}
            Start::Objects(there, end) => {
                for stored in &there {
                    told.object(Change::Added, stored);
                }
                if let Some(version) = end {
                    told.bookmark(version, true);
                }
            }
            Start::Refused(refusal) => {
                told.refusal(&refusal);
                self.is_over = true;
                return;
            }
        }
        let Some(events) = server.store.since(&self.resource, self.seen) else {
            let last = server.store.forgotten(&self.resource);
            let why = format!("too old resource version: {} ({last})", self.seen);
            told.refusal(&Refusal::expired(why));
            self.is_over = true;
            return;
        };
        for event in events {
            told.selected(&self.selection, event);
        }
        self.seen = self.seen.max(server.version());
        if self.bookmark_at.is_some_and(|at| now >= at) {
            told.bookmark(self.seen, false);
            self.bookmark_at = next_bookmark(now, self.ends);
        }
    }
}

impl Server {
    /// How long a watch lasts that asks for so many seconds.
    fn lifetime(&mut self, seconds: Option<i64>) -> SignedDuration {
        // Clients that begin together shall not all come back together.
        let chosen = i64::try_from(self.random.below(u64::from(SHORTEST))).unwrap_or_default();
        let seconds = seconds.filter(|seconds| *seconds > 0);
        SignedDuration::from_secs(seconds.unwrap_or(i64::from(SHORTEST) + chosen))
    }
}

fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// When the bookmark after this time is told: the last one stands shortly before the end.
fn next_bookmark(now: Timestamp, ends: Timestamp) -> Option<Timestamp> {
    let last = ends.saturating_sub(LAST_BOOKMARK).unwrap_or(Timestamp::MIN);
    (now < last).then(|| later(now, BOOKMARKS).min(last))
}

/// What is being told, and how.
struct Told<'t> {
    kind: Kind<'t>,
    api_version: &'t str,
    form: Form,
    now: Timestamp,
    is_first: &'t mut bool,
    lines: &'t mut Vec<Bytes>,
}

impl Told<'_> {
    /// An event as it looks to who sees only what is selected: what comes to be selected is new,
    /// and what is selected no more is gone.
    fn selected(&mut self, selection: &Selection, event: &Event) {
        let takes = |stored: Option<&Stored>| stored.is_some_and(|stored| selection.takes(stored));
        let was = takes(event.before.as_ref());
        let is = match event.change {
            Change::Deleted => false,
            Change::Added | Change::Modified => takes(Some(&event.stored)),
        };
        match (was, is) {
            (true, false) if event.change == Change::Deleted => self.event(event),
            (true, true) => self.event(event),
            (false, true) if event.change == Change::Added => self.event(event),
            (false, true) => self.object(Change::Added, &event.stored),
            (true, false) => {
                let mut last = event
                    .before
                    .as_ref()
                    .map(Stored::object)
                    .unwrap_or_default();
                let version = event.stored.version().to_string();
                metadata(&mut last).insert("resourceVersion".to_owned(), version.into());
                self.value(Change::Deleted.as_str(), last);
            }
            (false, false) => {}
        }
    }

    fn event(&mut self, event: &Event) {
        if self.form == Form::Plain && event.stored.api_version() == self.api_version {
            self.lines.push(event.line().clone());
        } else {
            self.object(event.change, &event.stored);
        }
    }

    fn object(&mut self, change: Change, stored: &Stored) {
        if !versions::can_show(self.kind, stored) {
            self.refusal(&versions::not_shown(self.kind));
        } else if self.form == Form::Plain {
            let json = versions::shown(self.kind, stored);
            self.lines.push(line(change.as_str(), &json));
        } else {
            self.value(change.as_str(), stored.object());
        }
    }

    fn bookmark(&mut self, version: u64, ends_first: bool) {
        let mut bookmark = json!({
            "kind": self.kind.kind(), "metadata": {"resourceVersion": version.to_string()},
        });
        if ends_first {
            let end = json!({"k8s.io/initial-events-end": "true"});
            metadata(&mut bookmark).insert("annotations".to_owned(), end);
        }
        self.value("BOOKMARK", bookmark);
    }

    fn value(&mut self, name: &str, object: Value) {
        let shown = self
            .form
            .of_event(self.kind, object, self.now, *self.is_first);
        if let Some(shown) = shown {
            *self.is_first = false;
            self.lines.push(line(name, shown.to_string().as_bytes()));
        }
    }

    fn refusal(&mut self, refusal: &Refusal) {
        let status = refusal.to_status().to_string();
        self.lines.push(line("ERROR", status.as_bytes()));
    }
}
