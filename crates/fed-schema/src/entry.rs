//! What is kept of one version of one kind?

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::columns::{self, Column};
use crate::documents;
use crate::shape::Scope;
use crate::table::Table;
use crate::unchecked::Unchecked;

/// A served version of a kind, and where its schema is.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) group: Box<str>,
    pub(crate) version: Box<str>,
    pub(crate) kind: Box<str>,
    pub(crate) plural: Box<str>,
    pub(crate) singular: Box<str>,
    pub(crate) short_names: Vec<Box<str>>,
    pub(crate) categories: Vec<Box<str>>,
    pub(crate) verbs: Vec<Box<str>>,
    pub(crate) scope: Scope,
    pub(crate) subresources: Vec<Subresource>,
    pub(crate) scale: Option<Scale>,
    /// Its place among the kind's versions: 0 is the preferred one.
    pub(crate) rank: usize,
    pub(crate) columns: Columns,
    pub(crate) schemas: Arc<Schemata>,
    pub(crate) deprecation: Option<Box<str>>,
    pub(crate) unchecked: Vec<Unchecked>,
    pub(crate) origin: Origin,
}

/// Who defines a kind?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Kubernetes itself.
    Builtin,
    /// A `CustomResourceDefinition`.
    Custom,
}

/// What is served beside an object under a path of its own, such as `status`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subresource {
    /// The last segment of its path.
    pub name: String,
    /// What it can be asked.
    pub verbs: Vec<String>,
    /// The group, version and kind of what it answers.
    pub answers: (String, String, String),
}

/// Where an object keeps what its `scale` subresource shows, as JSON Pointers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scale {
    /// The replicas that are wanted.
    pub spec_replicas: String,
    /// The replicas that there are.
    pub status_replicas: String,
    /// The selector of its pods.
    pub selector: Option<String>,
}

/// A CRD brings its columns; those of the built-in kinds stand in one document of their own.
#[derive(Debug)]
pub(crate) enum Columns {
    Published,
    Own(Vec<Column>),
}

/// The schemas of one document, opened when first asked for.
#[derive(Debug)]
pub(crate) struct Schemata {
    part: Option<&'static str>,
    // A cache of constant data: what is read from a part of the crate can never change, so that
    // nothing but the time of the first look-up can be seen from outside.
    table: OnceLock<Table>,
}

impl Schemata {
    pub(crate) fn packed(part: Option<&'static str>) -> Self {
        Self {
            part,
            table: OnceLock::new(),
        }
    }

    pub(crate) fn read(table: Table) -> Self {
        Self {
            part: None,
            table: table.into(),
        }
    }

    pub(crate) fn table(&self) -> &Table {
        self.table
            .get_or_init(|| Table::of_definitions(&self.part.map(definitions).unwrap_or_default()))
    }
}

/// The `components.schemas` of a packed `OpenAPI` v3 document.
pub(crate) fn definitions(part: &str) -> serde_json::Map<String, Value> {
    documents::read::<Described>(part).components.schemas
}

// The paths of a document are half of it, and no look-up needs them.
#[derive(Default, serde::Deserialize)]
struct Described {
    #[serde(default)]
    components: Components,
}

#[derive(Default, serde::Deserialize)]
struct Components {
    #[serde(default)]
    schemas: serde_json::Map<String, Value>,
}

impl Entry {
    pub(crate) fn columns(&self) -> &[Column] {
        match &self.columns {
            Columns::Own(columns) => columns,
            Columns::Published => columns::published(&self.group, &self.version, &self.plural),
        }
    }
}
