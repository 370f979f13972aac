//! The kinds of Kubernetes as data: what an API server publishes of itself, and the rules that it
//! does not publish.
//!
//! - [`Schemas`] finds kinds: by group, version and kind, by resource, by what people type. Each
//!   [`Kind`] knows its names, verbs, subresources and table columns.
//! - [`Type`] walks a kind's fields: shape, required fields, allowed values, list types and keys,
//!   merge keys. It answers for exact paths, so a check can say where a fault is.
//! - [`Schemas::with_crd`] adds the kinds of a CustomResourceDefinition to the same look-ups.
//! - [`rules`] holds what OpenAPI does not: defaults, immutable fields, fields that the server
//!   chooses. [`apply_defaults`] fills an object in as a server would.
//! - [`documents`] gives back the published documents whole, for a server in memory to serve.
//!
//! The documents are packed into the crate (about 140 kB) and opened group by group, when a kind
//! is first asked for. `cargo xtask schema` makes them anew from any API server.
//!
//! ```
//! use fed_schema::{ListType, Schemas};
//!
//! let schemas = Schemas::builtin();
//! let deployment = schemas.preferred("apps", "Deployment").expect("a built-in kind");
//! assert_eq!(deployment.api_version(), "apps/v1");
//! assert_eq!(deployment.replicas_path(), Some("/spec/replicas"));
//!
//! let ports = deployment
//!     .root()
//!     .at("/spec/template/spec/containers/0/ports")
//!     .expect("a known path");
//! assert_eq!(ports.list_type(), Some(ListType::Map));
//! assert_eq!(ports.map_keys().join("+"), "containerPort+protocol");
//! assert!(deployment.root().at("/spec/replica").is_none());
//! ```

mod check;
mod columns;
mod crd;
mod defaulting;
pub mod documents;
mod entry;
mod kind;
mod parts;
mod registry;
pub mod rules;
mod schemas;
mod shape;
mod table;
mod types;
mod unchecked;
mod version_order;

pub use check::{Fault, Rule, Violation};
pub use columns::Column;
pub use crd::CrdError;
pub use defaulting::{apply_defaults, apply_rules};
pub use entry::{Origin, Scale, Subresource};
pub use kind::Kind;
pub use schemas::Schemas;
pub use shape::{ListType, PatchStrategy, Scope, Shape};
pub use types::Type;
pub use unchecked::Unchecked;
pub use version_order::newest_first;
