//! How many replicas does an object want, and how is that written?

use serde_json::Value;

use super::manners::Manners;
use super::paths::{Misshapen, put};

/// Where most kinds say how many replicas are ready.
pub(super) const READY: &str = "/status/readyReplicas";

/// The number that stands there.
pub(super) fn read(object: &Value, path: &str) -> Option<i64> {
    object.pointer(path).and_then(Value::as_i64)
}

/// Writes the number. Karmada writes it only where one stands already.
pub(super) fn write(
    object: &mut Value,
    path: &str,
    replicas: i64,
    manners: Manners,
) -> Result<(), Misshapen> {
    match object.pointer(path) {
        None | Some(Value::Null) if manners == Manners::Karmada => Ok(()),
        None | Some(Value::Null) => put(object, path, replicas.into()),
        Some(number) if number.is_i64() => put(object, path, replicas.into()),
        Some(_) => Err(Misshapen::new(path, "a whole number")),
    }
}
