//! What do the documents of Karmada mean? For now only which objects the selectors of its policies
//! choose: no document of Karmada is read yet.

mod selector;

pub use selector::{Precision, ResourceSelector, distinct_types, precision};
