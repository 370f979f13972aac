//! Who owns which field of an object, and what becomes of it when somebody writes?
//!
//! The rules of server-side apply, without a server: sets of fields ([`FieldSet`], as `FieldsV1`
//! writes them), the managers of an object ([`Managers`], as `metadata.managedFields` holds them),
//! and what they are after an [apply](Managers::apply) or [any other write](Managers::after_update).
//!
//! ```
//! use fed_schema::Schemas;
//! use fed_testkit::server::fields::{FieldSet, Managers, Writer};
//! use serde_json::json;
//!
//! let schemas = Schemas::builtin();
//! let config = schemas.kind("", "v1", "ConfigMap").unwrap().root();
//! let nothing = FieldSet::new();
//! let by = |name| Writer {
//!     name,
//!     api_version: "v1",
//!     subresource: "",
//!     now: "2030-01-01T00:00:00Z",
//!     reset: &nothing,
//! };
//!
//! let blue = json!({"data": {"sky": "blue"}});
//! let first = Managers::default().apply(config, &json!({}), &blue, &by("painter"), false).unwrap();
//! let live = first.object.unwrap();
//!
//! let grey = json!({"data": {"sky": "grey"}});
//! let conflicts = first.managers.apply(config, &live, &grey, &by("weather"), false).unwrap_err();
//! assert_eq!(conflicts[0].fields.paths(), [".data.sky"]);
//! assert_eq!(conflicts[0].manager.name, "painter");
//! ```

mod element;
mod invalid;
mod managers;
mod merge;
mod ownership;
mod set;
mod typed;

pub use element::PathElement;
pub(crate) use element::is_equal;
pub use invalid::why_not_applicable;
pub use managers::{Manager, Managers, Operation, Owned};
pub use merge::{merge, without};
pub use ownership::{Applied, Conflict, MOST_UPDATERS, Writer, conflict_message, describe};
pub use set::FieldSet;
pub use typed::{Difference, compare, owned_by};
