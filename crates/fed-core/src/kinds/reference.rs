//! What does one object need of others, by name, by port or by labels?

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Scope;
use crate::location::Pointer;
use crate::problem::{Code, Severity};

/// Something that an object needs in its own namespace, or of its own cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// Where the object says so.
    pub path: Pointer,
    /// What it needs.
    pub needed: Needed,
    /// Does it work without that? Where it is there, it belongs along all the same.
    pub is_optional: bool,
}

/// What an object needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Needed {
    /// The object of this kind and name.
    Object {
        /// The API group, empty for the core group.
        group: Cow<'static, str>,
        /// The kind.
        kind: Cow<'static, str>,
        /// Does it stand in the namespace of the object, or in none?
        scope: Scope,
        /// The name.
        name: String,
    },
    /// A port of a Service.
    ServicePort {
        /// The name of the Service.
        service: String,
        /// The port, by number or by name.
        port: Port,
    },
    /// Pods with these labels.
    Pods {
        /// The labels.
        labels: BTreeMap<String, String>,
    },
}

/// A port of a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Port {
    /// By number.
    Number(i64),
    /// By name.
    Name(String),
}

/// What people may want to know about a valid object.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Remark {
    /// Where in the object.
    pub path: Pointer,
    /// How grave it is.
    pub severity: Severity,
    /// What kind of remark it is.
    pub code: Code,
    /// The sentence.
    pub message: String,
}

impl Reference {
    /// Something that is needed, as said at this place.
    pub fn new(path: Pointer, needed: Needed) -> Self {
        Self {
            path,
            needed,
            is_optional: false,
        }
    }
}
