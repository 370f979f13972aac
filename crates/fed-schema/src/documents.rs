//! What did the real API server publish? The documents themselves, as it would send them again.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::OnceLock;

use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use crate::parts::KUBERNETES_VERSION;
use crate::parts::PARTS;

/// What no packed document comes near; unpacking stops there.
const LARGEST: u64 = 64 << 20;
const V3: &str = "openapi-v3/";
const V3_REST: &str = "openapi-v3/other";

/// The whole OpenAPI v2 document (`/openapi/v2`), prose stripped.
///
/// Each call unpacks it anew: keep the value if you serve it.
pub fn openapi_v2() -> Value {
    read("openapi-v2")
}

/// The paths of the OpenAPI v3 documents (`apis/apps/v1`), as `/openapi/v3` lists them, sorted.
pub fn openapi_v3_paths() -> Vec<String> {
    let parts = PARTS
        .iter()
        .filter(|(name, _)| *name != V3_REST)
        .filter_map(|(name, _)| name.strip_prefix(V3))
        .map(str::to_owned);
    let mut paths: Vec<String> = match read(V3_REST) {
        Value::Object(rest) => parts
            .chain(rest.into_iter().map(|(path, _)| path))
            .collect(),
        _ => parts.collect(),
    };
    paths.sort();
    paths
}

/// One OpenAPI v3 document (`/openapi/v3/apis/apps/v1`), prose stripped; `None` for a path that
/// the server does not list.
///
/// ```
/// let apps = fed_schema::documents::openapi_v3("apis/apps/v1").expect("it is listed");
/// assert!(apps.pointer("/components/schemas/io.k8s.api.apps.v1.Deployment").is_some());
/// ```
pub fn openapi_v3(path: &str) -> Option<Value> {
    let name = format!("{V3}{path}");
    if name != V3_REST && bytes(&name).is_some() {
        return Some(read(&name));
    }
    match read(V3_REST) {
        Value::Object(mut rest) => rest.remove(path),
        _ => None,
    }
}

/// What tells one OpenAPI v3 document from every other content it could have: a digest.
pub fn openapi_v3_digest(path: &str) -> Option<&'static str> {
    // A cache of constant data.
    static DIGESTS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let read = || serde_json::from_str(include_str!("../data/digests.json")).unwrap_or_default();
    let digests = DIGESTS.get_or_init(read);
    digests.get(&format!("{V3}{path}")).map(String::as_str)
}

/// Both aggregated discovery documents (`apidiscovery.k8s.io/v2`): the core group's under `api`,
/// all others' under `apis`.
pub fn discovery() -> Value {
    read("discovery")
}

/// The columns that the server prints for each resource, keyed by group-version and plural:
/// `apps/v1/deployments`.
pub fn table_columns() -> Value {
    read("table-columns")
}

/// The name of the part that holds a group-version's OpenAPI v3 document.
pub(crate) fn part_of(group: &str, version: &str) -> Option<&'static str> {
    let name = match group {
        "" => format!("{V3}api/{version}"),
        group => format!("{V3}apis/{group}/{version}"),
    };
    PARTS
        .iter()
        .find(|(part, _)| *part == name)
        .map(|(part, _)| *part)
}

/// Unpacks a part. What the crate holds is constant, and a test opens every part, so that the
/// empty answer stands only for a part that is not there.
pub(crate) fn read<T: DeserializeOwned + Default>(name: &str) -> T {
    let mut text = Vec::new();
    let unpacked =
        bytes(name).map(|packed| GzDecoder::new(packed).take(LARGEST).read_to_end(&mut text));
    match unpacked {
        Some(Ok(_)) => serde_json::from_slice(&text).unwrap_or_default(),
        _ => T::default(),
    }
}

fn bytes(name: &str) -> Option<&'static [u8]> {
    let found = PARTS.binary_search_by(|(part, _)| (*part).cmp(name)).ok()?;
    PARTS.get(found).map(|(_, packed)| *packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_opens_and_all_are_small() {
        let mut size = 0;
        for (name, packed) in PARTS {
            size += packed.len();
            assert!(read::<Value>(name).is_object(), "{name}");
        }
        assert!(PARTS.is_sorted());
        println!("{size} bytes packed");
        assert!((100_000..160_000).contains(&size), "{size} bytes packed");
    }

    #[test]
    fn a_document_that_is_not_listed_is_none() {
        assert_eq!(openapi_v3("apis/apps/v1beta1"), None);
        assert_eq!(openapi_v3("other"), None);
        assert!(openapi_v3("version").is_some());
        for path in openapi_v3_paths() {
            assert!(openapi_v3_digest(&path).is_some(), "{path}");
        }
        assert_eq!(openapi_v3_digest("other"), None);
        assert_eq!(part_of("apps", "v1"), Some("openapi-v3/apis/apps/v1"));
        assert_eq!(part_of("", "v2"), None);
    }
}
