//! What does the server publish of itself? All that is asked for by paths that lead to no objects:
//! which kinds there are, how they look, which release it is and whether it is well.

mod aggregated;
mod classic;
mod health;
mod openapi;

use std::collections::BTreeSet;

use fed_schema::{Origin, Schemas};
use serde_json::{Value, json};

use super::accept;
use super::answer::{Answer, Body};
use super::request::Request;
use super::status::Refusal;
use super::store::{Key, Store};
use super::target::Resource;
use super::write;

/// The form in which all kinds are told at once.
const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const JSON: &str = "application/json";

/// What a real server tells of itself and this one does not.
const NOT_TOLD: [&str; 6] = [
    "/.well-known/openid-configuration",
    "/flagz",
    "/metrics",
    "/metrics/slis",
    "/openid/v1/jwks",
    "/statusz",
];

/// The answer, unless the path leads to objects.
pub(super) fn answer(schemas: &Schemas, store: &Store, request: &Request) -> Option<Answer> {
    let source = Source {
        schemas,
        store,
        request,
    };
    let path = request.path.strip_prefix('/').unwrap_or(&request.path);
    let segments: Vec<&str> = path.split('/').collect();
    match &segments[..] {
        [""] => Some(json_of(source.paths())),
        ["version" | "version/"] => Some(source.get_only(health::version)),
        ["openapi", "v2"] => Some(source.second()),
        ["openapi", "v3"] => Some(source.index()),
        ["openapi", "v3", rest @ ..] => {
            Some(source.document(openapi::document(schemas, store, &rest.join("/"))))
        }
        ["api"] | ["api", ""] => Some(source.kinds("")),
        ["apis"] | ["apis", ""] => Some(source.kinds("apis")),
        ["apis", group] | ["apis", group, ""] => source.group(group),
        ["api", version] | ["api", version, ""] => source.resources("", version),
        ["apis", group, version] | ["apis", group, version, ""] => source.resources(group, version),
        [path, check @ ..] if health::PATHS.contains(path) => source.health(path, check),
        _ if NOT_TOLD.contains(&request.path.as_str()) => {
            Some(write::not_yet(&request.path).into())
        }
        _ => None,
    }
}

/// The answer for a path that leads nowhere: built-in groups know their own paths, all others have
/// a page for it.
pub(super) fn nothing(schemas: &Schemas, request: &Request) -> Answer {
    let mut segments = request.path.split('/').skip(1);
    let group = match segments.next() {
        Some("api") => Some(""),
        Some("apis") => segments.next().filter(|group| !group.is_empty()),
        _ => None,
    };
    if group.is_some_and(|group| is_builtin(schemas, group)) {
        Refusal::no_such_path().into()
    } else {
        text(404, "404 page not found\n")
    }
}

fn is_builtin(schemas: &Schemas, group: &str) -> bool {
    let mut kinds = schemas.kinds();
    kinds.any(|kind| kind.group() == group && kind.origin() == Origin::Builtin)
}

/// The CustomResourceDefinition of a resource.
fn definition(store: &Store, group: &str, plural: &str) -> Option<Value> {
    let key = Key {
        resource: Resource {
            group: "apiextensions.k8s.io".to_owned(),
            plural: "customresourcedefinitions".to_owned(),
        },
        namespace: String::new(),
        name: format!("{plural}.{group}"),
    };
    Some(store.get(&key)?.object())
}

fn json_of(value: Value) -> Answer {
    Answer::new(200, value)
}

fn text(code: u16, text: impl Into<String>) -> Answer {
    let answer = Answer::of(code, Body::Text(text.into()));
    answer.header("x-content-type-options", "nosniff")
}

/// What an answer is drawn from.
struct Source<'a> {
    schemas: &'a Schemas,
    store: &'a Store,
    request: &'a Request,
}

impl Source<'_> {
    fn get_only(&self, told: impl FnOnce() -> Value) -> Answer {
        match self.request.method.as_str() {
            "GET" => json_of(told()),
            _ => Refusal::not_allowed().into(),
        }
    }

    fn paths(&self) -> Value {
        let fixed = [
            "/api",
            "/api/v1",
            "/apis",
            "/apis/",
            "/openapi/v2",
            "/openapi/v3",
            "/version",
        ];
        let mut paths: BTreeSet<String> = fixed.into_iter().map(str::to_owned).collect();
        paths.extend(health::paths());
        for kind in self.schemas.kinds().filter(|kind| !kind.group().is_empty()) {
            paths.insert(format!("/apis/{}", kind.group()));
            paths.insert(format!("/apis/{}", kind.api_version()));
        }
        json!({"paths": paths})
    }

    /// All kinds, where the client takes that; else the versions or the groups.
    fn kinds(&self, root: &str) -> Answer {
        let is_aggregated = accept::forms(&self.request.accept).any(|form| {
            form.takes(JSON)
                && ["as", "g", "v"].map(|name| form.parameter(name))
                    == ["APIGroupDiscoveryList", "apidiscovery.k8s.io", "v2"]
        });
        let core = root.is_empty();
        match (is_aggregated, core) {
            (true, _) => {
                let document = if core {
                    aggregated::core()
                } else {
                    aggregated::groups(self.schemas)
                };
                let answer = self.document(Some(openapi::Document::of(&document)));
                let answer = answer.header("content-type", AGGREGATED);
                answer.header("cache-control", "public")
            }
            (false, true) => json_of(classic::core()),
            (false, false) => json_of(classic::groups(self.schemas)),
        }
    }

    fn group(&self, name: &str) -> Option<Answer> {
        let is_lawful = !name.is_empty();
        let group = is_lawful.then(|| classic::group(self.schemas, name))?;
        group.map(json_of)
    }

    fn resources(&self, group: &str, version: &str) -> Option<Answer> {
        let told = classic::resources(self.schemas, self.store, group, version)?;
        Some(if is_builtin(self.schemas, group) {
            self.get_only(|| told)
        } else {
            json_of(told)
        })
    }

    fn health(&self, path: &str, check: &[&str]) -> Option<Answer> {
        let check = match check {
            [] => None,
            [check] => Some(*check),
            _ => return None,
        };
        health::answer(path, check, self.request).map(|told| text(200, told))
    }

    fn index(&self) -> Answer {
        let index = openapi::index(self.schemas, self.store).to_string();
        let answer = Answer::of(200, Body::Encoded(index.into()));
        answer.header("content-type", "text/plain; charset=utf-8")
    }

    fn second(&self) -> Answer {
        let asked = openapi::binary::ASKED;
        if accept::choose(&self.request.accept, &[JSON, asked]) == Some(asked) {
            let document = openapi::in_protobuf(self.schemas, self.store);
            let answer = self.tagged(document);
            return answer.header("content-type", openapi::binary::SENT);
        }
        self.document(Some(openapi::second(self.schemas, self.store)))
    }

    /// A document that clients keep as long as its tag stays.
    fn document(&self, document: Option<openapi::Document>) -> Answer {
        let Some(document) = document else {
            return Answer::of(404, Body::Text(String::new()));
        };
        let takes = accept::choose(&self.request.accept, &[JSON]).is_some();
        if !takes {
            return Answer::of(406, Body::Text(String::new())).header("vary", "Accept");
        }
        self.tagged(document)
    }

    fn tagged(&self, document: openapi::Document) -> Answer {
        let tag = format!("\"{}\"", document.tag);
        let is_known = self.request.known_tag == tag;
        let answer = if is_known {
            Answer::of(304, Body::Text(String::new()))
        } else {
            Answer::of(200, Body::Encoded(document.bytes.into()))
        };
        let answer = answer.header("vary", "Accept").header("etag", tag);
        match self.request.parameter("hash") {
            Some(hash) if hash == document.tag => {
                answer.header("cache-control", "public, immutable")
            }
            // Who knows an older one is sent to where this one stands.
            Some(_) => {
                let path = &self.request.path;
                let place = format!("{path}?hash={}", document.tag);
                Answer::of(301, Body::Text(String::new())).header("location", place)
            }
            None => answer,
        }
    }
}
