//! Which recorded sequences are answered otherwise, and why? A sequence that begins to agree has to
//! leave the list.

/// A sequence by its place, and why it differs.
pub(crate) static KNOWN: &[(usize, &str)] = &[];
