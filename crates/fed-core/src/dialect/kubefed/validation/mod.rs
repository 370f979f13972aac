//! What do KubeFed's webhooks refuse? One file a kind, behind one trait.
//!
//! Every finding is an error that stands at the field, in the words of the Kubernetes API: the
//! field's name, the kind of fault, the value, and what would be right. All are found at once.
//!
//! ```
//! use fed_core::Location;
//! use fed_core::dialect::kubefed::api::KubeFedConfig;
//! use fed_core::dialect::kubefed::validation::Validate;
//! use fed_core::dialect::parse;
//! use serde_json::json;
//!
//! let config = |scope: &str| -> KubeFedConfig {
//!     let document = json!({"metadata": {"name": "kubefed"}, "spec": {"scope": scope}});
//!     parse(&document, &Location::in_code()).expect("every value has the right type")
//! };
//! // As the API server does: first the defaults, then the checks.
//! let stored = config("Cluster").with_defaults();
//! assert!(stored.validate(None, &Location::in_code()).is_empty());
//!
//! let changed = config("Namespaced").with_defaults();
//! let problems = changed.validate(Some(&stored), &Location::in_code());
//! assert_eq!(
//!     problems[0].message,
//!     "spec.scope: Invalid value: \"Namespaced\": field is immutable"
//! );
//! ```

mod endpoint;
mod federated_type_config;
mod field;
mod kubefed_cluster;
mod kubefed_config;
mod offline;
mod rules;
mod url;

pub(super) use offline::{refused, refused_status, stands_in};

use super::api::Document;
use crate::location::Location;
use crate::problem::Problem;

/// A kind that a webhook of KubeFed checks.
pub trait Validate: Document {
    /// Why the object may not be created or, where `old` is what is stored, not be changed into
    /// this. `at` is where it stands. Its status is not looked at.
    fn validate(&self, old: Option<&Self>, at: &Location) -> Vec<Problem>;

    /// Why its status may not be written. Kinds without a status have nothing to say.
    fn validate_status(&self, _at: &Location) -> Vec<Problem> {
        Vec::new()
    }
}
