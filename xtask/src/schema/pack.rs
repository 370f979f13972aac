//! How are the parts kept? As gzipped JSON files below `data/`, beside a digest of every whole
//! document, and a Rust file that lists them.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Documents;
use super::cut::{self, Canonical};

/// Writes the documents into a crate's folder; the answer is the packed size in bytes.
pub(super) fn write(folder: &Path, documents: &Documents) -> Result<usize, Box<dyn Error>> {
    let data = folder.join("data");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let mut size = 0;
    let parts = cut::parts(documents);
    for (name, part) in &parts {
        let bytes = compress(&serde_json::to_vec(&Canonical(part))?)?;
        size += bytes.len();
        let file = data.join(format!("{name}.json.gz"));
        fs::create_dir_all(file.parent().unwrap_or(&data))?;
        fs::write(file, bytes)?;
    }
    fs::write(data.join("digests.json"), digests(documents)?)?;
    let names: Vec<&str> = parts.keys().map(String::as_str).collect();
    fs::write(
        folder.join("src/parts.rs"),
        listing(version(documents), &names)?,
    )?;
    Ok(size)
}

fn version(documents: &Documents) -> &str {
    documents
        .openapi_v2
        .pointer("/info/version")
        .and_then(Value::as_str)
        .unwrap_or("unknown")
}

fn compress(text: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text)?;
    encoder.finish()
}

fn digests(documents: &Documents) -> Result<String, Box<dyn Error>> {
    let mut digests = BTreeMap::new();
    for (name, document) in cut::whole(documents) {
        let text = serde_json::to_vec(&Canonical(document))?;
        let mut digest = String::new();
        for byte in Sha256::digest(&text) {
            write!(digest, "{byte:02x}")?;
        }
        digests.insert(name, digest);
    }
    Ok(serde_json::to_string_pretty(&digests)? + "\n")
}

fn listing(version: &str, names: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut text = String::from(
        "//! Which packed documents are there? Written by `cargo xtask schema`; do not edit.\n\n",
    );
    writeln!(
        text,
        "/// The Kubernetes version that published the documents."
    )?;
    writeln!(text, "pub const KUBERNETES_VERSION: &str = {version:?};\n")?;
    writeln!(
        text,
        "/// A name and the gzipped JSON that it stands for, by name."
    )?;
    writeln!(
        text,
        "#[rustfmt::skip]\npub(crate) static PARTS: &[(&str, &[u8])] = &["
    )?;
    for name in names {
        let file = format!("../data/{name}.json.gz");
        writeln!(text, "    ({name:?}, include_bytes!({file:?})),")?;
    }
    writeln!(text, "];")?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn packing_twice_gives_the_same_bytes_and_old_parts_go() {
        let crate_folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(crate_folder.path().join("src")).expect("src");
        fs::create_dir_all(crate_folder.path().join("data")).expect("data");
        let stale = crate_folder.path().join("data/stale.json.gz");
        fs::write(&stale, "old").expect("written");
        let documents = Documents {
            openapi_v2: json!({"info": {"version": "1.99"}}),
            openapi_v3: json!({"api/v1": {}, "version": {}})
                .as_object()
                .cloned()
                .unwrap_or_default(),
            discovery: json!({}),
            table_columns: json!({}),
        };
        let read = || {
            let part = crate_folder.path().join("data/openapi-v3/api/v1.json.gz");
            let listing = crate_folder.path().join("src/parts.rs");
            (
                fs::read(part).expect("a part"),
                fs::read_to_string(listing).expect("the listing"),
            )
        };
        write(crate_folder.path(), &documents).expect("packed");
        let first = read();
        write(crate_folder.path(), &documents).expect("packed again");
        assert_eq!(read(), first);
        assert!(!stale.exists());
        assert!(first.1.contains("\"1.99\"") && first.1.contains("openapi-v3/other"));
    }
}
