//! Which objects are there? Lists, whole or page by page, as they are or were, and the deletion of
//! all that is listed.

use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use fed_schema::{Kind, Origin};
use serde_json::{Value, json};

use super::answer::Answer;
use super::form::{Form, ListMeta};
use super::options::{ListOptions, Match};
use super::select::Selection;
use super::status::Refusal;
use super::store::Stored;
use super::write::{self, Call};
use super::{Server, custom, versions};

const EXPIRED: &str = "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";
const TOKEN: &str = "meta.k8s.io/v1";

/// A page of a list.
struct Page {
    meta: ListMeta,
    items: Vec<Stored>,
}

/// Which state is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    Now,
    At(u64),
}

impl Server {
    pub(super) fn list(&self, call: &Call<'_>, form: Form) -> Result<Answer, Refusal> {
        let options = ListOptions::of(call)?;
        let page = self.page(call, &options)?;
        let kind = self.list_kind(call.target.kind);
        let body = form.of_list(call, &kind, &page.meta, &page.items)?;
        Ok(Answer::of(200, body))
    }

    /// Deletes what a list of the same options shows, and answers that list.
    pub(super) fn delete_collection(
        &mut self,
        call: &Call<'_>,
        form: Form,
    ) -> Result<Answer, Refusal> {
        let mut options = ListOptions::of(call)?;
        if options.version.is_some_and(|version| version > 0) {
            // What is deleted is never looked up among what is remembered.
            options.matching = Some(Match::Exact);
        }
        let page = self.page(call, &options)?;
        for stored in &page.items {
            let one = call.to(stored);
            match self.delete(&one) {
                Err(refusal) if refusal.code != 404 => return Err(refusal),
                _ => {}
            }
        }
        let kind = self.list_kind(call.target.kind);
        let body = form.of_list(call, &kind, &page.meta, &page.items)?;
        Ok(Answer::of(200, body))
    }

    /// What a list of a kind is called.
    fn list_kind(&self, kind: Kind<'_>) -> String {
        let said = match kind.origin() {
            Origin::Custom => custom::list_kind(&self.store, kind),
            Origin::Builtin => None,
        };
        said.unwrap_or_else(|| format!("{}List", kind.kind()))
    }

    fn page(&self, call: &Call<'_>, options: &ListOptions) -> Result<Page, Refusal> {
        let selection = Selection::of(&self.store, call)?;
        let (moment, start) = self.moment(options, &selection)?;
        let version = match moment {
            Moment::Now => self.version(),
            Moment::At(version) => version,
        };
        if version > self.version() {
            return Err(Refusal::too_large_version(version, self.version()));
        }
        let resource = &call.target.resource.held();
        let namespace = &selection.namespace;
        let objects = match moment {
            Moment::Now => self.store.within(resource, namespace).cloned().collect(),
            Moment::At(version) => {
                let then = self.store.within_at(resource, namespace, version);
                then.ok_or_else(|| expired(&start, options, namespace))?
            }
        };
        let is_behind = |stored: &Stored| {
            let is_named = selection.name().is_none_or(|name| stored.name() == name);
            is_named && stored.place().as_bytes() >= start.as_bytes()
        };
        let mut left = objects.into_iter().filter(is_behind);
        // Who takes any state is given all of it at once.
        let limit = options.limit.filter(|_| options.version != Some(0));
        let limit = limit.unwrap_or(usize::MAX);
        let items: Vec<Stored> = left
            .by_ref()
            .filter(|stored| selection.takes(stored))
            .take(limit)
            .collect();
        let kind = call.target.kind;
        if !items.iter().all(|stored| versions::can_show(kind, stored)) {
            return Err(versions::not_shown(kind));
        }
        let remaining = if items.len() < limit { 0 } else { left.count() };
        let last = items.last().filter(|_| remaining > 0);
        let token = last.map(|last| {
            let place = within(namespace, last.place());
            token(&version.to_string(), &format!("/{place}\0"))
        });
        let remaining = (token.is_some() && selection.takes_all()).then_some(remaining);
        Ok(Page {
            meta: ListMeta {
                version,
                token,
                remaining,
            },
            items,
        })
    }

    /// Which state is asked for, and from which place on.
    fn moment(
        &self,
        options: &ListOptions,
        selection: &Selection,
    ) -> Result<(Moment, String), Refusal> {
        if let Some(text) = &options.token {
            let (version, start) = read_token(text, &selection.namespace)?;
            if options.version.is_some_and(|version| version > 0) {
                return Err(Refusal::bad_request(
                    "specifying resource version is not allowed when using continue",
                ));
            }
            let moment = version.map_or(Moment::Now, Moment::At);
            return Ok((moment, start));
        }
        let moment = match (options.version, options.matching) {
            (Some(version), Some(Match::Exact)) => Moment::At(version),
            // Pages are of the state that is named.
            (Some(version), None) if version > 0 && options.limit.is_some() => Moment::At(version),
            (Some(version), _) if version > self.version() => Moment::At(version),
            _ => Moment::Now,
        };
        Ok((moment, String::new()))
    }
}

/// What is said of a state that is forgotten. Who was in the midst of a list may go on from there
/// in the state of now.
fn expired(start: &str, options: &ListOptions, namespace: &str) -> Refusal {
    if options.token.is_none() {
        return Refusal::expired("The resourceVersion for the provided list is too old.");
    }
    let mut refusal = Refusal::expired(EXPIRED);
    refusal.token = Some(token("-1", within(namespace, start)));
    refusal
}

/// A place as those see it who look into one namespace only.
fn within<'p>(namespace: &str, place: &'p str) -> &'p str {
    let rest = place.strip_prefix(namespace);
    rest.and_then(|rest| rest.strip_prefix('/'))
        .unwrap_or(place)
}

/// The text by which a client goes on: a version, and the place to go on from.
fn token(version: &str, start: &str) -> String {
    let start = json!(start);
    URL_SAFE_NO_PAD.encode(format!(
        r#"{{"v":"{TOKEN}","rv":{version},"start":{start}}}"#
    ))
}

/// What a token says: the version, or `None` for the state of now, and the place.
fn read_token(text: &str, namespace: &str) -> Result<(Option<u64>, String), Refusal> {
    let wrong = |why: String| {
        Refusal::bad_request(format!(
            "invalid continue token: continue key is not valid: {why}"
        ))
    };
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text));
    let bytes = bytes.map_err(|_| wrong("illegal base64 data at input byte 0".to_owned()))?;
    let token: Value = serde_json::from_slice(&bytes).map_err(|_| {
        let first = bytes.first().copied().map_or(' ', char::from);
        wrong(format!(
            "invalid character '{first}' looking for beginning of value"
        ))
    })?;
    let format = write::text(&token, "/v");
    if format != TOKEN {
        return Err(wrong(format!(
            "server does not recognize this encoded version {format}"
        )));
    }
    let version = token.get("rv").and_then(Value::as_i64).unwrap_or_default();
    if version == 0 {
        return Err(wrong(format!(
            "incorrect encoded start resourceVersion (version {TOKEN})"
        )));
    }
    let start = write::text(&token, "/start");
    if start.is_empty() {
        return Err(wrong(format!("encoded start key empty (version {TOKEN})")));
    }
    if start.split('/').any(|part| part == "..") {
        return Err(wrong(start.to_owned()));
    }
    let start = start.strip_prefix('/').unwrap_or(start);
    let start = match namespace {
        "" => start.to_owned(),
        namespace => format!("{namespace}/{start}"),
    };
    Ok((u64::try_from(version).ok(), start))
}
