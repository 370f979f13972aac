//! How does a cluster get onto a TCP port, for clients that are other programs?

mod tls;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::FakeCluster;
use crate::kubeconfig::kubeconfig;
use tls::Identity;

/// How long a connection that is being closed may still take.
const GRACE: Duration = Duration::from_secs(5);

/// How a port is spoken with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// With TLS, by a certificate of an authority that lives as long as the port is served.
    #[default]
    Tls,
    /// Without.
    Plain,
}

/// How long it is waited after a connection that could not be taken.
const PAUSE: Duration = Duration::from_millis(10);

/// Why a port cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The system does not give the port.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// No certificate can be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// No TLS can be spoken with the certificate.
    #[error("cannot speak TLS: {0}")]
    Tls(#[from] rustls::Error),
}

/// A cluster that is served on a port. Dropping it closes the port at once.
pub struct Serving {
    cluster: FakeCluster,
    address: SocketAddr,
    authority_pem: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    accepting: JoinHandle<()>,
}

impl FakeCluster {
    /// Serves the cluster on a TCP port, with HTTP/1.1 and HTTP/2; port 0 is any that is free.
    ///
    /// ```
    /// use fed_testkit::cluster::{FakeCluster, RuntimeClock, Security};
    /// use fed_testkit::server::{Server, User};
    ///
    /// # #[tokio::main]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = Server::new(1).with_token("secret", User::admin());
    /// let cluster = FakeCluster::with_server(server, RuntimeClock::real());
    /// let serving = cluster.serve("127.0.0.1:0".parse()?, Security::Tls).await?;
    /// let kubeconfig = serving.kubeconfig("europe", Some("secret"));
    /// assert!(kubeconfig.contains(&serving.url()));
    /// serving.stop().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn serve(
        &self,
        address: SocketAddr,
        security: Security,
    ) -> Result<Serving, ServeError> {
        let fails = |source| ServeError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(fails)?;
        let address = listener.local_addr().map_err(fails)?;
        let identity = match security {
            Security::Tls => Some(Identity::of(address.ip())?),
            Security::Plain => None,
        };
        let (authority_pem, acceptor) = match identity {
            Some(identity) => (Some(identity.authority_pem), Some(identity.acceptor)),
            None => (None, None),
        };
        let (stop, stopped) = oneshot::channel();
        let accepting = accept(self.clone(), listener, acceptor, stopped);
        Ok(Serving {
            cluster: self.clone(),
            address,
            authority_pem,
            stop: Some(stop),
            accepting: tokio::spawn(accepting),
        })
    }
}

impl Serving {
    /// The port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where clients find it.
    pub fn url(&self) -> String {
        let scheme = self.authority_pem.as_ref().map_or("http", |_| "https");
        format!("{scheme}://{}", self.address)
    }

    /// The certificate of the authority that signed the server's; none without TLS.
    pub fn authority_pem(&self) -> Option<&str> {
        self.authority_pem.as_deref()
    }

    /// A kubeconfig whose context, cluster and user have this name, for who shows this token.
    pub fn kubeconfig(&self, name: &str, token: Option<&str>) -> String {
        kubeconfig(name, &self.url(), self.authority_pem(), token).to_string()
    }

    /// Stops the cluster and closes the port: watches end, and what was asked is answered.
    pub async fn stop(mut self) {
        self.cluster.stop();
        if let Some(stop) = self.stop.take() {
            // Who does not listen has stopped already.
            let _ = stop.send(());
        }
        // It was neither aborted nor does it panic.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl fmt::Debug for Serving {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Serving")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// Takes connections until it is told to stop. They end with it.
async fn accept(
    cluster: FakeCluster,
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut connections = JoinSet::new();
    let graceful = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // A client that is gone before it was taken is no fault of the port; where the
                // system has no room for more, some will come free.
                Err(_) => {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            },
            Some(_) = connections.join_next() => continue,
            _ = &mut stopped => break,
        };
        let connection = speak(
            cluster.clone(),
            stream,
            acceptor.clone(),
            graceful.watcher(),
        );
        connections.spawn(connection);
    }
    drop(listener);
    // Who keeps a connection open without a word is cut off in the end.
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

async fn speak(
    cluster: FakeCluster,
    stream: TcpStream,
    acceptor: Option<TlsAcceptor>,
    watcher: Watcher,
) {
    // Small answers are not held back for larger ones.
    let _ = stream.set_nodelay(true);
    match acceptor {
        None => converse(cluster, stream, watcher).await,
        Some(acceptor) => {
            // Who speaks no TLS, or does not trust us, has hung up.
            if let Ok(stream) = acceptor.accept(stream).await {
                converse(cluster, stream, watcher).await;
            }
        }
    }
}

async fn converse<S>(cluster: FakeCluster, stream: S, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new());
    builder.http2().timer(TokioTimer::new());
    let service = TowerToHyperService::new(cluster);
    let connection = builder.serve_connection(TokioIo::new(stream), service);
    // How a connection ends is the client's business.
    let _ = watcher.watch(connection.into_owned()).await;
}
