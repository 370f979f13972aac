//! How does a test ask a server? By a blocking client that trusts that server's authority alone
//! and keeps its connections.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{Request, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, AsSendBody};

use super::warning;

/// No answer of a test's server is larger: its whole OpenAPI has 4 MB.
const LARGEST_BODY: u64 = 64 << 20;

/// A blocking client of one server. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    endpoint: String,
    token: String,
    accept: String,
    timeout: Duration,
}

/// What a server answered, whatever the status.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The texts of the `Warning` headers, in order. From 4096 characters in all, a server cuts
    /// each to 256 and drops the last ones.
    pub warnings: Vec<String>,
    /// The body: as JSON, or as a string where it is none.
    pub body: Value,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// None came in time.
    #[error("{method} {path}: no answer after {after:.1?}")]
    TimedOut {
        /// The request's method.
        method: String,
        /// The request's path.
        path: String,
        /// How long it was waited for.
        after: Duration,
    },
    /// The request could not be made or sent, or its answer not read.
    #[error("{method} {path}: {source}")]
    Failed {
        /// The request's method.
        method: String,
        /// The request's path.
        path: String,
        /// What the connection says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The certificate to trust cannot be read.
    #[error("the authority's certificate: {0}")]
    Authority(Box<dyn std::error::Error + Send + Sync>),
}

impl RequestError {
    /// Whether the server was silent, rather than gone or refusing.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::TimedOut { .. })
    }
}

impl Client {
    /// A client that trusts the authority in `authority_pem` alone.
    pub fn new(
        endpoint: &str,
        authority_pem: &str,
        token: &str,
        timeout: Duration,
    ) -> Result<Self, RequestError> {
        let authority = Certificate::from_pem(authority_pem.as_bytes())
            .map_err(|error| RequestError::Authority(error.into()))?;
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::from(vec![authority]))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .new_agent();
        Ok(Self {
            agent,
            endpoint: endpoint.to_owned(),
            token: token.to_owned(),
            accept: "application/json".to_owned(),
            timeout,
        })
    }

    /// The same client with another patience.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        let mut client = self.clone();
        client.timeout = timeout;
        client
    }

    /// The same client as another user.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.token = token.into();
        client
    }

    /// The same client as nobody in particular.
    #[must_use]
    pub fn without_token(&self) -> Self {
        self.with_token("")
    }

    /// The same client, which takes other forms of answers than `application/json`.
    #[must_use]
    pub fn with_accept(&self, accept: impl Into<String>) -> Self {
        let mut client = self.clone();
        client.accept = accept.into();
        client
    }

    /// Asks for an object, a list or any other path.
    pub fn get(&self, path: &str) -> Result<Response, RequestError> {
        self.request("GET", path, "", b"")
    }

    /// Creates an object: `path` is that of its kind in its namespace.
    pub fn create(&self, path: &str, object: &Value) -> Result<Response, RequestError> {
        self.request(
            "POST",
            path,
            "application/json",
            object.to_string().as_bytes(),
        )
    }

    /// Deletes an object.
    pub fn delete(&self, path: &str) -> Result<Response, RequestError> {
        self.request("DELETE", path, "", b"")
    }

    /// Sends any request. An empty `body` is none.
    ///
    /// ```no_run
    /// # fn example(client: &fed_testkit::apiserver::Client)
    /// #     -> Result<(), fed_testkit::apiserver::RequestError> {
    /// let apply = "application/apply-patch+yaml";
    /// let path = "/api/v1/namespaces/default/configmaps/a?fieldManager=me&force=true";
    /// let answer = client.request("PATCH", path, apply, b"{apiVersion: v1, kind: ConfigMap}")?;
    /// assert_eq!(answer.status, 201);
    /// # Ok(()) }
    /// ```
    pub fn request(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<Response, RequestError> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.endpoint))
            .header(header::ACCEPT, &self.accept);
        if !self.token.is_empty() {
            let token = format!("Bearer {}", self.token);
            request = request.header(header::AUTHORIZATION, token);
        }
        let answer = if body.is_empty() {
            request
                .body(())
                .map_err(Into::into)
                .and_then(|request| self.send(request))
        } else {
            let request = request.header(header::CONTENT_TYPE, content_type);
            request
                .body(body)
                .map_err(Into::into)
                .and_then(|request| self.send(request))
        };
        answer.map_err(|error| self.explain(method, path, error))
    }

    fn send(&self, request: Request<impl AsSendBody>) -> Result<Response, ureq::Error> {
        let request = self
            .agent
            .configure_request(request)
            .timeout_global(Some(self.timeout))
            .build();
        let mut answer = self.agent.run(request)?;
        let warnings = answer
            .headers()
            .get_all(header::WARNING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(warning::texts)
            .collect();
        let body = answer
            .body_mut()
            .with_config()
            .limit(LARGEST_BODY)
            .read_to_vec()?;
        Ok(Response {
            status: answer.status().as_u16(),
            warnings,
            body: serde_json::from_slice(&body)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned())),
        })
    }

    fn explain(&self, method: &str, path: &str, error: ureq::Error) -> RequestError {
        let (method, path) = (method.to_owned(), path.to_owned());
        match error {
            ureq::Error::Timeout(_) => {
                let after = self.timeout;
                RequestError::TimedOut {
                    method,
                    path,
                    after,
                }
            }
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
                let after = self.timeout;
                RequestError::TimedOut {
                    method,
                    path,
                    after,
                }
            }
            other => {
                let source = other.into();
                RequestError::Failed {
                    method,
                    path,
                    source,
                }
            }
        }
    }
}
