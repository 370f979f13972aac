//! Where in a folder of dumps is each document? By the start of its name.

use std::error::Error;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

use super::Documents;

/// Reads the four documents of a folder.
pub(super) fn read(folder: &Path) -> Result<Documents, Box<dyn Error>> {
    let Value::Object(openapi_v3) = read_one(folder, "openapi-v3")? else {
        return Err("openapi-v3 is no object keyed by group-version path".into());
    };
    Ok(Documents {
        openapi_v2: read_one(folder, "openapi-v2")?,
        openapi_v3,
        discovery: read_one(folder, "discovery")?,
        table_columns: read_one(folder, "table-columns")?,
    })
}

fn read_one(folder: &Path, start: &str) -> Result<Value, Box<dyn Error>> {
    let path = find(folder, start)?;
    let bytes = fs::read(&path)?;
    let text = if path.extension().is_some_and(|end| end == "gz") {
        let mut text = Vec::new();
        GzDecoder::new(bytes.as_slice()).read_to_end(&mut text)?;
        text
    } else {
        bytes
    };
    serde_json::from_slice(&text).map_err(|fault| format!("{}: {fault}", path.display()).into())
}

fn find(folder: &Path, start: &str) -> Result<PathBuf, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|fault| format!("{}: {fault}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(start) && (name.ends_with(".json") || name.ends_with(".json.gz")) {
            found.push(path);
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(format!("{} holds no {start}*.json[.gz]", folder.display()).into()),
        _ => Err(format!("{} holds several {start}*: keep one", folder.display()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_doubled_document_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let fault = read_one(folder.path(), "discovery").expect_err("nothing there");
        assert!(fault.to_string().contains("holds no discovery"));
        for name in ["discovery.json", "discovery-1.json"] {
            fs::write(folder.path().join(name), "{}").expect("written");
        }
        let fault = read_one(folder.path(), "discovery").expect_err("two of them");
        assert!(fault.to_string().contains("several"));
    }
}
