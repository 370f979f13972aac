//! What does an HTTP request ask of the server, and how does its answer look on the wire?

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use fed_schema::Schemas;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use http_body_util::BodyExt;
use tower_service::Service;

use super::FakeCluster;
use super::body::Body;
use super::forms::{self, Form};
use super::who;
use crate::server::{self, Answer, Credentials, Request};

/// No body is read further: the server refuses what is larger than 3 MiB.
const READ: usize = (3 << 20) + 1;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Why there is no answer at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoAnswer {
    /// The cluster was stopped.
    #[error("the cluster was stopped: nobody answers")]
    Stopped,
    /// The client did not send all of its request.
    #[error("the body of the request ends too early")]
    BodyLost(#[source] Error),
}

impl<B> Service<http::Request<B>> for FakeCluster
where
    B: http_body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Error>,
{
    type Response = Response<Body>;
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, NoAnswer>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NoAnswer>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        Box::pin(self.clone().answer(request))
    }
}

impl FakeCluster {
    /// Answers a request: the one door that every request of every client comes through.
    async fn answer<B>(self, request: http::Request<B>) -> Result<Response<Body>, NoAnswer>
    where
        B: http_body::Body + Send + 'static,
        B::Error: Into<Error>,
    {
        let (parts, body) = request.into_parts();
        let body = read(body).await?;
        if self.is_stopped() {
            return Err(NoAnswer::Stopped);
        }
        let mut request = question(&parts, body);
        if request.credentials == Credentials::None {
            request.credentials = self.credentials.clone();
        }
        let mut response = self.respond(request);
        let name = parts
            .headers
            .get("audit-id")
            .cloned()
            .unwrap_or_else(|| self.name());
        response.headers_mut().insert("audit-id", name);
        self.inner.answered.fetch_add(1, Ordering::AcqRel);
        Ok(response)
    }

    fn respond(&self, request: Request) -> Response<Body> {
        let form = Form::of(&request);
        // What is not asked for by reading must not be done if its answer cannot be taken.
        let request = match form {
            Err(refusal) if request.method != "GET" => {
                return self.send(refusal.into(), Form::Json);
            }
            _ => forms::read(request, || self.schemas()),
        };
        let answer = match request {
            Ok(request) => self.server(|server, now| server.handle(&request, now)),
            Err(refusal) => refusal.into(),
        };
        let is_watch = matches!(answer.body, server::Body::Watch(_));
        let has_own_form = matches!(answer.body, server::Body::Text(_))
            || answer
                .headers
                .iter()
                .any(|(name, _)| *name == "content-type");
        match form {
            Ok(Form::Yaml) if is_watch => self.send(forms::no_stream().into(), Form::Yaml),
            Ok(form) => self.send(answer, form),
            Err(_) if has_own_form || answer.code == 406 => self.send(answer, Form::Json),
            Err(refusal) => self.send(refusal.into(), Form::Json),
        }
    }

    fn schemas(&self) -> Schemas {
        self.server(|server, _| server.schemas().clone())
    }

    fn send(&self, answer: Answer, form: Form) -> Response<Body> {
        let mut headers = HeaderMap::new();
        let media = match answer.body {
            server::Body::Text(_) => "text/plain; charset=utf-8",
            _ => form.media(),
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-cache, private"),
        );
        for (name, value) in &answer.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        let warnings = answer.warnings.iter().filter_map(|text| warning(text));
        for warning in warnings {
            headers.append(header::WARNING, warning);
        }
        let body = match answer.body {
            server::Body::Watch(watch) => Body::watch(self.clone(), *watch),
            server::Body::Text(text) => Body::whole(text.into()),
            json => Body::whole(form.write(json.into_bytes())),
        };
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(answer.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = headers;
        response
    }

    /// What audits call a request.
    fn name(&self) -> HeaderValue {
        let mut names = self
            .inner
            .names
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        HeaderValue::from_str(&names.uid()).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

/// A text as a `Warning` header says it.
fn warning(text: &str) -> Option<HeaderValue> {
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    HeaderValue::from_str(&format!("299 - \"{quoted}\"")).ok()
}

/// The body, as far as it is looked at.
async fn read<B>(body: B) -> Result<Vec<u8>, NoAnswer>
where
    B: http_body::Body,
    B::Error: Into<Error>,
{
    let mut body = pin!(body);
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(mut data) = frame.map_err(lost)?.into_data() else {
            continue;
        };
        let bytes: Bytes = data.copy_to_bytes(data.remaining());
        read.extend_from_slice(&bytes);
        if read.len() >= READ {
            break;
        }
    }
    Ok(read)
}

fn lost(error: impl Into<Error>) -> NoAnswer {
    NoAnswer::BodyLost(error.into())
}

/// What the server is asked.
fn question(parts: &http::request::Parts, body: Vec<u8>) -> Request {
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let text = |name: HeaderName| {
        let value = parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    // A client may say what it takes in several headers.
    let accept = parts.headers.get_all(header::ACCEPT).iter();
    let accept: Vec<&str> = accept.filter_map(|value| value.to_str().ok()).collect();
    Request {
        content_type: text(header::CONTENT_TYPE),
        accept: accept.join(","),
        user_agent: text(header::USER_AGENT),
        known_tag: text(header::IF_NONE_MATCH),
        credentials: who::credentials(&parts.headers).unwrap_or_default(),
        impersonated: who::impersonated(&parts.headers),
        body,
        ..Request::new(parts.method.as_str(), path)
    }
}
