//! What would an API server answer? One in memory, that a client cannot tell from a real one by its
//! answers: pure, without I/O, threads or a clock. Time is passed in; what a server chooses comes
//! from a seed.
//!
//! [`Server`] holds the objects of all built-in kinds and of the CustomResourceDefinitions that were
//! created in it. Every request passes one door, [`Server::handle`]. [`fields`] is the part that
//! knows who owns which field; it can be used by itself.
//!
//! Who asks is known by a token ([`Server::with_token`], or one that a service account was given) or
//! by what the connection proves, and may do what its roles allow. A server without tokens of its own
//! takes who shows nothing for its administrator.
//!
//! A watch is a [`Watch`], a cursor that is asked for [`News`]. The last 10,000 changes of each
//! resource are kept; who asks for older ones, or for pages of a list that is older, is told 410.
//!
//! Nothing goes by itself, but what kube-apiserver does itself: names of CustomResourceDefinitions are
//! accepted, and their objects go with them. What a whole cluster does besides, such as collecting
//! garbage and emptying namespaces, is done by [`Controllers`], whenever they are given time.
//!
//! Not there, and refused (501) rather than answered wrongly: what needs a node that runs something
//! (`log`, `exec`, `attach`, `portforward`, `proxy`, `resize` of pods), approvals of signing requests,
//! definitions with rules that use functions of CEL which are not known here (times, quantities,
//! addresses), bodies that are YAML and not JSON (`cluster` reads them), a HorizontalPodAutoscaler in
//! another version than it was written in. Webhooks, admission policies and aggregated APIs are held
//! and asked nothing, which a warning tells who writes them.
//! Known to differ: defaults that a definition is given later show when an object is written; nothing is
//! done when a CustomResourceDefinition turns a list of one piece into one of many; an apply through
//! `scale` conflicts with nobody, and owns nothing that nobody owned; and OpenAPI has no prose, as
//! `kubectl explain` shows.
//!
//! ```
//! use fed_testkit::server::{Request, Server};
//! use serde_json::json;
//!
//! let mut server = Server::new(1);
//! let noon = "2030-01-01T12:00:00Z".parse()?;
//! let path = "/api/v1/namespaces/default/configmaps/colours";
//! let sky = |colour| {
//!     json!({
//!         "apiVersion": "v1", "kind": "ConfigMap",
//!         "metadata": {"name": "colours"}, "data": {"sky": colour},
//!     })
//! };
//! let apply = |manager: &str, colour| {
//!     Request::new("PATCH", &format!("{path}?fieldManager={manager}"))
//!         .with_json("application/apply-patch+yaml", &sky(colour))
//! };
//! assert_eq!(server.handle(&apply("painter", "blue"), noon).code, 201);
//! let refused = server.handle(&apply("weather", "grey"), noon);
//! assert_eq!(refused.code, 409);
//! assert_eq!(refused.json()["details"]["causes"][0]["field"], ".data.sky");
//!
//! let held = server.handle(&Request::new("GET", path), noon);
//! assert_eq!(held.json()["data"]["sky"], "blue");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(crate) mod accept;
mod access;
mod answer;
mod bootstrap;
mod controllers;
mod convert;
mod custom;
mod definitions;
mod expression;
mod faults;
pub mod fields;
mod form;
mod formats;
mod forms;
mod kept;
mod list;
mod options;
mod pods;
mod published;
mod quantity;
pub(crate) mod random;
mod request;
mod rules;
mod select;
mod service;
mod shape;
mod status;
mod store;
mod strategic;
mod strategy;
mod table;
mod target;
mod validate;
mod versions;
mod watch;
mod words;
mod write;

pub use access::{Credentials, User};
pub use answer::{Answer, Body};
pub use controllers::{Controller, Controllers};
pub use request::Request;
#[cfg(feature = "cluster")]
pub(crate) use request::decode;
pub use status::{Cause, FieldFault, Refusal, Sort};
pub use store::{Change, Event, Key, Store, Stored};
pub use target::Resource;
pub use watch::{News, Watch};

use std::collections::{BTreeMap, BTreeSet};

use access::Signer;
use fed_schema::Schemas;
use jiff::Timestamp;
use random::Random;
use write::Call;

/// How many changes are kept for those who watch.
const HISTORY: usize = 10_000;

/// An API server in memory.
#[derive(Clone, Debug)]
pub struct Server {
    schemas: Schemas,
    store: Store,
    random: Random,
    /// Who shows which token.
    tokens: BTreeMap<String, User>,
    signer: Signer,
    /// Definitions that are new, changed or on their way out.
    unsettled: BTreeSet<String>,
    /// Definitions whose objects do not go.
    ending: BTreeSet<String>,
    /// The versions that kinds with more than one are held in.
    held_versions: BTreeMap<Resource, String>,
}

impl Server {
    /// A server that holds nothing but what every new server does: its namespaces, the roles that
    /// Kubernetes gives, and the Service that leads to it. The same seed makes the same choices.
    pub fn new(seed: u64) -> Self {
        let mut server = Self::empty(seed);
        server.bootstrap();
        server
    }

    fn empty(seed: u64) -> Self {
        Self {
            schemas: Schemas::builtin(),
            store: Store::new(HISTORY),
            random: Random::new(seed),
            tokens: BTreeMap::new(),
            signer: Signer::new(seed),
            unsettled: BTreeSet::new(),
            ending: BTreeSet::new(),
            held_versions: BTreeMap::new(),
        }
    }

    /// Answers a request at a time. Every request comes through here.
    pub fn handle(&mut self, request: &Request, now: Timestamp) -> Answer {
        let answer = self.answer_request(request, now);
        if !self.unsettled.is_empty() {
            self.settle_definitions(now);
        }
        answer
    }

    fn answer_request(&mut self, request: &Request, now: Timestamp) -> Answer {
        let schemas = self.schemas.clone();
        let answer = self
            .admit(request, now)
            .and_then(|user| self.asked(&schemas, request, user, now));
        answer.unwrap_or_else(|refusal| {
            if refusal == Refusal::no_such_path() {
                published::nothing(&schemas, request)
            } else {
                refusal.into()
            }
        })
    }

    fn asked(
        &mut self,
        schemas: &Schemas,
        request: &Request,
        user: User,
        now: Timestamp,
    ) -> Result<Answer, Refusal> {
        if let Some(published) = published::answer(schemas, &self.store, request) {
            return Ok(published);
        }
        let call = Call::of(schemas, request, user, now)?;
        let mut answer = self.answer(&call).unwrap_or_else(Answer::from);
        // Whatever is asked of such a kind, and whatever comes of it.
        answer.warnings.extend(words::deprecation(call.target.kind));
        Ok(answer)
    }

    /// The last change: whoever watches looks again when it has moved.
    pub fn version(&self) -> u64 {
        self.store.version()
    }

    /// Forgets all changes up to now, as etcd does when it is compacted: who watches from before, or
    /// is in the midst of a list, is told 410.
    pub fn forget_history(&mut self) {
        self.store.forget_history();
    }

    /// What it holds.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The kinds that it serves.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }
}
