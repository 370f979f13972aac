//! How does a client of Kubernetes meet a server in memory? As a `tower` service, so that the same
//! code runs on it as in production.
//!
//! [`FakeCluster`] is a [`Server`] that everybody shares who has a clone of
//! it. `kube::Client::new(cluster, "default")` makes a client of it; nothing is opened, and no task
//! runs but those of the client. What time it is, a [`Clock`] tells: with [`RuntimeClock`] in a
//! paused runtime an hour of watches, leases and timeouts takes no time.
//!
//! Bodies and answers may be JSON or YAML. Objects of built-in kinds may come as protobuf, as `kubectl
//! create` sends them; who takes nothing else for an answer is refused (406). Nothing is compressed.
//!
//! ```
//! use fed_testkit::cluster::{FakeCluster, RuntimeClock};
//! use http::Request;
//! use tower_service::Service;
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = RuntimeClock::starting_at("2030-01-01T12:00:00Z".parse()?);
//! let mut cluster = FakeCluster::new(1, clock);
//! let request = Request::get("/api/v1/namespaces/default").body(String::new())?;
//! let answer = cluster.call(request).await?;
//! assert_eq!(answer.status(), 200);
//! assert_eq!(answer.headers()["content-type"], "application/json");
//! # Ok(())
//! # }
//! ```

#![doc = include_str!("operators.md")]

mod body;
mod clock;
mod forms;
mod protobuf;
#[cfg(feature = "serve")]
mod serve;
mod service;
mod who;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

pub use body::Body;
pub use clock::{Clock, Moment, RuntimeClock};
#[cfg(feature = "serve")]
pub use serve::{Security, ServeError, Serving};
pub use service::NoAnswer;

use crate::server::random::Random;
use crate::server::{Controllers, Credentials, Server, User};

/// A server in memory that answers HTTP requests. Clones are the same server.
#[derive(Clone)]
pub struct FakeCluster {
    inner: Arc<Inner>,
    /// Who asks, where a request shows no token.
    credentials: Credentials,
}

struct Inner {
    running: Mutex<Running>,
    clock: Box<dyn Clock>,
    /// What audits call the requests; not from the choices of the server, which a request more or
    /// less must not change.
    names: Mutex<Random>,
    ticks: watch::Sender<Tick>,
    answered: AtomicU64,
}

/// A server, and what a cluster does by itself beside it.
struct Running {
    server: Server,
    controllers: Controllers,
}

/// What those who wait have to know.
#[derive(Clone, Copy, Debug, Default)]
struct Tick {
    /// The last change.
    version: u64,
    is_stopped: bool,
}

impl FakeCluster {
    /// A cluster that holds what a new one does. The same seed makes the same choices.
    pub fn new(seed: u64, clock: impl Clock) -> Self {
        Self::with_server(Server::new(seed), clock)
    }

    /// A cluster around a server.
    pub fn with_server(server: Server, clock: impl Clock) -> Self {
        let tick = Tick {
            version: server.version(),
            is_stopped: false,
        };
        Self {
            inner: Arc::new(Inner {
                running: Mutex::new(Running {
                    server,
                    controllers: Controllers::only([]),
                }),
                clock: Box::new(clock),
                names: Mutex::new(Random::new(tick.version)),
                ticks: watch::Sender::new(tick),
                answered: AtomicU64::new(0),
            }),
            credentials: Credentials::None,
        }
    }

    /// The same cluster, which from now on does by itself what these controllers do, after every
    /// request. Without them it is a bare kube-apiserver: nothing is collected, and a namespace that
    /// is deleted waits for somebody who empties it.
    ///
    /// ```
    /// use fed_testkit::cluster::{FakeCluster, RuntimeClock};
    /// use fed_testkit::server::Controllers;
    /// use http::Request;
    /// use tower_service::Service;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut cluster = FakeCluster::new(1, RuntimeClock::real()).with_controllers(Controllers::all());
    /// let namespace = r#"{"metadata": {"name": "shop"}}"#;
    /// let create = Request::post("/api/v1/namespaces").body(namespace.to_owned())?;
    /// assert_eq!(cluster.call(create).await?.status(), 201);
    /// let path = "/api/v1/namespaces/shop/serviceaccounts/default";
    /// let account = Request::get(path).body(String::new())?;
    /// assert_eq!(cluster.call(account).await?.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_controllers(self, controllers: Controllers) -> Self {
        self.running().controllers = controllers;
        self.server(|_, _| ());
        self
    }

    /// The same cluster for somebody: requests through this clone are theirs.
    ///
    /// ```
    /// use fed_testkit::cluster::{FakeCluster, RuntimeClock};
    /// use fed_testkit::server::User;
    /// use tower_service::Service;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cluster = FakeCluster::new(1, RuntimeClock::real());
    /// let mut for_ann = cluster.by(User::new("ann"));
    /// let request = http::Request::get("/api/v1/namespaces/default").body(String::new())?;
    /// assert_eq!(for_ann.call(request).await?.status(), 403);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn by(&self, user: User) -> Self {
        Self {
            credentials: Credentials::User(user),
            ..self.clone()
        }
    }

    /// Does something with the server itself, past HTTP: looks at what it holds, or changes it.
    /// Those who watch are told.
    ///
    /// ```
    /// # use fed_testkit::cluster::{FakeCluster, RuntimeClock};
    /// # let clock = RuntimeClock::starting_at("2030-01-01T12:00:00Z".parse()?);
    /// let cluster = FakeCluster::new(1, clock);
    /// let version = cluster.server(|server, _now| server.version());
    /// assert!(version > 0);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn server<R>(&self, act: impl FnOnce(&mut Server, Timestamp) -> R) -> R {
        let inner = &*self.inner;
        let mut running = self.running();
        let Running {
            server,
            controllers,
        } = &mut *running;
        let now = inner.clock.now();
        let result = act(server, now);
        controllers.settle(server, now);
        let version = server.version();
        inner.ticks.send_if_modified(|tick| {
            let has_moved = tick.version != version;
            tick.version = version;
            has_moved
        });
        result
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        let running = self.inner.running.lock();
        // Who panicked while it held the server was no part of the server.
        running.unwrap_or_else(PoisonError::into_inner)
    }

    /// What time it is in the cluster.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// How many requests were answered: a client that is done sends no more.
    pub fn requests(&self) -> u64 {
        self.inner.answered.load(Ordering::Acquire)
    }

    /// Stops answering: watches end, and requests fail as they do where nobody listens.
    pub fn stop(&self) {
        self.inner.ticks.send_modify(|tick| tick.is_stopped = true);
    }

    /// Was it stopped?
    pub fn is_stopped(&self) -> bool {
        self.inner.ticks.borrow().is_stopped
    }
}

impl fmt::Debug for FakeCluster {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tick = *self.inner.ticks.borrow();
        formatter
            .debug_struct("FakeCluster")
            .field("version", &tick.version)
            .field("is_stopped", &tick.is_stopped)
            .finish_non_exhaustive()
    }
}
