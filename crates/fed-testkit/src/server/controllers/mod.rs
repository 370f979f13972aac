//! What does a cluster do by itself? The controllers that keep what Kubernetes promises of all
//! objects, as kube-controller-manager runs them: beside the server, through its door, and here
//! whenever somebody gives them time.

mod budgets;
mod garbage;
mod hand;
mod namespaces;
mod news;
mod nodes;
mod provided;
mod roles;
mod volumes;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Server;
use garbage::Garbage;
use hand::Hand;
use news::News;

/// One of the things that a cluster does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Controller {
    /// Objects go with their owners: in the background, in the foreground, or they stay as orphans.
    GarbageCollection,
    /// The contents of a namespace go with it, and then the namespace.
    Namespaces,
    /// Every namespace has a service account `default`.
    ServiceAccounts,
    /// Every namespace has a ConfigMap `kube-root-ca.crt`.
    RootCertificates,
    /// ClusterRoles that add up others hold the rules of these.
    AggregatedRoles,
    /// Volumes and claims that are deleted stay as long as they are used.
    VolumeProtection,
    /// Disruption budgets know how many of their pods may be missing.
    DisruptionBudgets,
    /// Pods that are deleted stop at once on their nodes, and go.
    Nodes,
}

impl Controller {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::GarbageCollection,
        Self::Namespaces,
        Self::ServiceAccounts,
        Self::RootCertificates,
        Self::AggregatedRoles,
        Self::VolumeProtection,
        Self::DisruptionBudgets,
        Self::Nodes,
    ];
}

/// The controllers of one server. A server without them is a bare kube-apiserver: it holds what it is
/// told, and nothing happens by itself.
///
/// ```
/// use fed_testkit::server::{Controllers, Request, Server};
/// use serde_json::json;
///
/// let mut server = Server::new(1);
/// let mut controllers = Controllers::all();
/// let noon = "2030-01-01T12:00:00Z".parse()?;
/// let namespace = json!({"metadata": {"name": "shop"}});
/// let create = Request::new("POST", "/api/v1/namespaces").with_json("application/json", &namespace);
/// server.handle(&create, noon);
/// controllers.settle(&mut server, noon);
///
/// let account = Request::new("GET", "/api/v1/namespaces/shop/serviceaccounts/default");
/// assert_eq!(server.handle(&account, noon).code, 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Controllers {
    running: BTreeSet<Controller>,
    root_certificate: String,
    /// The last change that was looked at.
    seen: u64,
    garbage: Garbage,
}

impl Controllers {
    /// All of them.
    pub fn all() -> Self {
        Self::only(Controller::ALL)
    }

    /// These and no others.
    pub fn only(running: impl IntoIterator<Item = Controller>) -> Self {
        Self {
            running: running.into_iter().collect(),
            root_certificate: String::new(),
            seen: 0,
            garbage: Garbage::default(),
        }
    }

    /// All but these.
    #[must_use]
    pub fn without(mut self, others: impl IntoIterator<Item = Controller>) -> Self {
        for other in others {
            self.running.remove(&other);
        }
        self
    }

    /// The same, with the certificate (PEM) that every namespace is given to trust.
    #[must_use]
    pub fn with_root_certificate(mut self, pem: impl Into<String>) -> Self {
        self.root_certificate = pem.into();
        self
    }

    /// Does all that is to be done now, until nothing is left. What waits for somebody else waits on.
    pub fn settle(&mut self, server: &mut Server, now: Timestamp) {
        // Where nobody works, nothing is read.
        while server.version() > self.seen && !self.running.is_empty() {
            let news = News::since(server, self.seen);
            self.seen = server.version();
            let mut hand = Hand::new(server, now);
            for controller in &self.running {
                match controller {
                    Controller::GarbageCollection => self.garbage.work(&mut hand, &news),
                    Controller::Namespaces => namespaces::work(&mut hand, &news),
                    Controller::ServiceAccounts => provided::accounts(&mut hand, &news),
                    Controller::RootCertificates => {
                        provided::certificates(&mut hand, &news, &self.root_certificate);
                    }
                    Controller::AggregatedRoles => roles::work(&mut hand, &news),
                    Controller::VolumeProtection => volumes::work(&mut hand, &news),
                    Controller::DisruptionBudgets => budgets::work(&mut hand, &news),
                    Controller::Nodes => nodes::work(&mut hand, &news),
                }
            }
        }
    }
}
