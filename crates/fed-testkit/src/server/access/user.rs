//! Who asks?

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The group that may do everything.
pub(crate) const MASTERS: &str = "system:masters";
const AUTHENTICATED: &str = "system:authenticated";
const UNAUTHENTICATED: &str = "system:unauthenticated";
const ANONYMOUS: &str = "system:anonymous";
const SERVICE_ACCOUNT: &str = "system:serviceaccount:";

/// Somebody who asks: a person, a program, or a service account.
///
/// ```
/// use fed_testkit::server::User;
///
/// let painter = User::new("ann").in_group("painters");
/// assert_eq!(painter.groups, ["painters"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// What messages and bindings call it.
    pub name: String,
    /// What tells it from another of the same name; often empty.
    pub uid: String,
    /// The groups that it is in.
    pub groups: Vec<String>,
    /// What else is known of it.
    pub extra: BTreeMap<String, Vec<String>>,
}

impl User {
    /// A user without groups.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// A user who may do everything.
    pub fn admin() -> Self {
        Self::new("admin").in_group(MASTERS)
    }

    /// A service account.
    pub fn service_account(namespace: &str, name: &str) -> Self {
        Self::new(&format!("{SERVICE_ACCOUNT}{namespace}:{name}"))
            .in_group("system:serviceaccounts")
            .in_group(&format!("system:serviceaccounts:{namespace}"))
    }

    /// Who shows nothing to a server that wants to know.
    pub fn anonymous() -> Self {
        Self::new(ANONYMOUS)
    }

    /// The same user in one more group.
    #[must_use]
    pub fn in_group(mut self, group: &str) -> Self {
        self.groups.push(group.to_owned());
        self
    }

    pub(super) fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|other| other == group)
    }

    /// Everybody is in one of two groups: known or unknown.
    pub(super) fn known(self) -> Self {
        let group = if self.name == ANONYMOUS {
            UNAUTHENTICATED
        } else {
            AUTHENTICATED
        };
        if self.is_in(group) || self.is_in(UNAUTHENTICATED) {
            return self;
        }
        self.in_group(group)
    }

    /// The namespace and name of the service account that it is.
    pub(super) fn as_service_account(&self) -> Option<(&str, &str)> {
        let found = self.name.strip_prefix(SERVICE_ACCOUNT)?.split_once(':')?;
        let is_name = |text: &str| !text.is_empty() && !text.contains(':');
        (is_name(found.0) && is_name(found.1)).then_some(found)
    }

    /// The user as reviews write it.
    pub(super) fn to_value(&self) -> Value {
        let mut fields = Map::new();
        let mut put = |field: &str, value: Value| fields.insert(field.to_owned(), value);
        put("username", json!(self.name));
        if !self.uid.is_empty() {
            put("uid", json!(self.uid));
        }
        if !self.groups.is_empty() {
            put("groups", json!(self.groups));
        }
        if !self.extra.is_empty() {
            put("extra", json!(self.extra));
        }
        Value::Object(fields)
    }
}

/// What a request shows of who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Nothing. Such a request may do everything on a server that knows no tokens but those of
    /// service accounts, and is anonymous on others.
    #[default]
    None,
    /// A bearer token.
    Token(String),
    /// Somebody whom the connection itself proves, as by a certificate.
    User(User),
}
