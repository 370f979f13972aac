//! Why did an API server not start?

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

/// Why an API server did not start.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// [`Options::controller_manager`](super::Options::controller_manager) is set, and the assets
    /// have none.
    #[error(
        "{} has no kube-controller-manager; set KUBEBUILDER_ASSETS to what cargo xtask apiserver \
         prints",
        .folder.display()
    )]
    NoControllerManager {
        /// The folder of the assets.
        folder: PathBuf,
    },
    /// A file, a port or a process could not be had.
    #[error("{what}: {source}")]
    System {
        /// What was to be done.
        what: String,
        /// What the system says.
        source: io::Error,
    },
    /// The throw-away certificates could not be made.
    #[error("certificates: {0}")]
    Certificates(#[from] rcgen::Error),
    /// The client for the server could not be made.
    #[error("client: {0}")]
    Client(#[from] super::RequestError),
    /// A program stopped at once.
    #[error("{program} stopped at the start ({status}); its last lines:\n{log}")]
    Stopped {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The end of what it wrote.
        log: String,
    },
    /// What shows that the server is ready did not come in
    /// [`Options::ready_within`](super::Options::ready_within).
    #[error("{program} is not ready in time ({last}); its last lines:\n{log}")]
    NotReady {
        /// The program that was waited for.
        program: &'static str,
        /// The last answer.
        last: String,
        /// The end of what it wrote.
        log: String,
    },
}

/// As for people: tests unwrap it, and its lines are to be read as lines.
impl fmt::Debug for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl StartError {
    /// Whether other ports may help: somebody else took one of ours before the program did.
    pub(super) fn is_port_taken(&self) -> bool {
        matches!(self, Self::Stopped { log, .. } if log.contains("address already in use"))
    }
}

/// Wraps what the system says in what was to be done.
pub(super) fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> StartError {
    let what = what.into();
    move |source| StartError::System { what, source }
}
