//! What is asked of the server?

use serde_json::{Value, json};

use super::access::{Credentials, User};
use super::status::{FieldFault, Refusal, Sort};

/// A request, as far as the server looks at it.
///
/// ```
/// use fed_testkit::server::Request;
///
/// let request = Request::new("GET", "/api/v1/namespaces/shop/configmaps/colours?dryRun=All");
/// assert_eq!(request.path, "/api/v1/namespaces/shop/configmaps/colours");
/// assert_eq!(request.parameter("dryRun"), Some("All"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method: `GET`, `POST`, `PUT`, `PATCH`, `DELETE`.
    pub method: String,
    /// The path, decoded, without the query.
    pub path: String,
    /// The parameters of the query, decoded.
    pub query: Vec<(String, String)>,
    /// The content type of the body.
    pub content_type: String,
    /// What the client takes.
    pub accept: String,
    /// Who the client says that it is.
    pub user_agent: String,
    /// What it shows of who asks.
    pub credentials: Credentials,
    /// Whom it acts as, if not as the one who asks: as the `Impersonate-` headers say it.
    pub impersonated: Option<User>,
    /// The tag of the document that the client has already, as `If-None-Match` says it.
    pub known_tag: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without a body for a path with a query.
    pub fn new(method: &str, path: &str) -> Self {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let is_one = |pair: &&str| !pair.is_empty() && !pair.contains(';');
        let pairs = query.split('&').filter(is_one);
        let query = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self {
            method: method.to_owned(),
            path: decode(&path.replace('+', "%2B")),
            query: query.collect(),
            ..Self::default()
        }
    }

    /// The same request with a body.
    #[must_use]
    pub fn with_body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            content_type: content_type.to_owned(),
            body: body.into(),
            ..self
        }
    }

    /// The same request with a body of JSON.
    #[must_use]
    pub fn with_json(self, content_type: &str, body: &Value) -> Self {
        self.with_body(content_type, body.to_string())
    }

    /// The same request from somebody.
    ///
    /// ```
    /// use fed_testkit::server::{Credentials, Request, Server, User};
    ///
    /// let mut server = Server::new(1);
    /// let request = Request::new("GET", "/api/v1/namespaces/default/secrets/keys");
    /// let request = request.by(Credentials::User(User::new("ann")));
    /// assert_eq!(server.handle(&request, "2030-01-01T12:00:00Z".parse()?).code, 403);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn by(self, credentials: Credentials) -> Self {
        Self {
            credentials,
            ..self
        }
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The media type of the body, without its parameters.
    pub(super) fn media_type(&self) -> &str {
        let media = self.content_type.split(';').next();
        media.unwrap_or_default().trim()
    }

    /// Can the manager's name be written down?
    fn fault_of_manager(&self) -> Option<FieldFault> {
        const LONGEST: usize = 128;
        let name = self.parameter("fieldManager")?;
        if name.len() > LONGEST {
            let message = format!("may not be more than {LONGEST} bytes");
            return Some(FieldFault::new("fieldManager", Sort::TooLong, message));
        }
        let (place, odd) = name.char_indices().find(|(_, one)| one.is_control())?;
        let message = format!(
            "invalid character U+{:04X} (at position {place})",
            u32::from(odd)
        );
        let fault = FieldFault::new("fieldManager", Sort::Invalid, message);
        Some(fault.of(json!(name)))
    }

    /// Are the options of the request such as there are? Is it a rehearsal?
    pub(super) fn is_dry_run(&self) -> Result<bool, Refusal> {
        let mut faults = Vec::new();
        let dry_run = self.parameter("dryRun").filter(|text| !text.is_empty());
        if let Some(other) = dry_run.filter(|text| *text != "All") {
            let fault = FieldFault::new("dryRun", Sort::NotSupported, "supported values: \"All\"");
            faults.push(fault.of(json!([other])));
        }
        let validation = self.parameter("fieldValidation").unwrap_or_default();
        if !matches!(validation, "" | "Ignore" | "Strict" | "Warn") {
            let fault = FieldFault::new(
                "fieldValidation",
                Sort::NotSupported,
                "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"",
            );
            faults.push(fault.of(json!(validation)));
        }
        faults.extend(self.fault_of_manager());
        let options = match self.method.as_str() {
            "POST" => "CreateOptions",
            "PUT" => "UpdateOptions",
            "PATCH" => "PatchOptions",
            "DELETE" => "DeleteOptions",
            // Who reads rehearses nothing.
            _ => return Ok(false),
        };
        if faults.is_empty() {
            return Ok(dry_run.is_some());
        }
        Err(Refusal::invalid("meta.k8s.io", options, "", &faults))
    }
}

/// Text as it was before it was written in a path or a query.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut hex = rest.clone();
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                match (digit(hex.next()), digit(hex.next())) {
                    (Some(high), Some(low)) => {
                        bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                        rest = hex;
                    }
                    _ => bytes.push(byte),
                }
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
