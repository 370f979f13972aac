//! How do clients number the fields of built-in kinds in protobuf? Kubernetes keeps it in files of
//! its Go modules; what a server in memory needs of them is packed as data.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A message: by number, the name of each field and what stands there.
type Message = BTreeMap<u32, (String, String)>;

const NAME: &str = "generated.proto";

/// Packs the definitions below some folders; the answer says what was done.
pub(crate) fn run(folders: &[String], to: &Path) -> Result<String, Box<dyn Error>> {
    let mut messages = BTreeMap::new();
    for folder in folders {
        gather(Path::new(folder), &mut messages)?;
    }
    if messages.is_empty() {
        return Err(format!(
            "no {NAME} with served versions below {}",
            folders.join(", ")
        )
        .into());
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&serde_json::to_vec(&messages)?)?;
    let packed = encoder.finish()?;
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, &packed)?;
    let (count, size) = (messages.len(), packed.len());
    Ok(format!(
        "{count} messages, {size} bytes in {}",
        to.display()
    ))
}

fn gather(folder: &Path, messages: &mut BTreeMap<String, Message>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, messages)?;
        } else if path.file_name().is_some_and(|name| name == NAME) {
            read(&fs::read_to_string(&path)?, messages);
        }
    }
    Ok(())
}

/// Reads a file. These are written by a program, a line for each field.
fn read(text: &str, messages: &mut BTreeMap<String, Message>) {
    let mut package = "";
    let mut current: Option<String> = None;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("package ") {
            package = name.trim_end_matches(';');
            if package.contains("alpha") || package.contains("beta") {
                return;
            }
        } else if let Some(name) = line.strip_prefix("message ") {
            let name = format!("{package}.{}", name.trim_end_matches('{').trim());
            messages.entry(name.clone()).or_default();
            current = Some(name);
        } else if line == "}" {
            current = None;
        } else if let (Some(message), Some((number, field))) = (&current, field(line, package))
            && let Some(fields) = messages.get_mut(message)
        {
            fields.insert(number, field);
        }
    }
}

/// `repeated Container containers = 2;` and the like.
fn field(line: &str, package: &str) -> Option<(u32, (String, String))> {
    let (declared, number) = line.strip_suffix(';')?.split_once(" = ")?;
    let (sort, name) = declared.rsplit_once(' ')?;
    let told = match sort.strip_prefix("map<string, ") {
        Some(values) => format!("map {}", qualified(values.strip_suffix('>')?, package)),
        None => {
            let (label, of) = sort.split_once(' ')?;
            match label {
                "repeated" => format!("list {}", qualified(of, package)),
                "optional" | "required" => qualified(of, package),
                _ => return None,
            }
        }
    };
    Some((number.parse().ok()?, (name.to_owned(), told)))
}

fn qualified(name: &str, package: &str) -> String {
    let is_simple = name.starts_with(|first: char| first.is_ascii_lowercase());
    match name.strip_prefix('.') {
        Some(name) => name.to_owned(),
        None if is_simple => name.to_owned(),
        None => format!("{package}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sort_of_field_is_read() {
        let text = "package k8s.io.api.core.v1;\nmessage Pod {\n  // prose = 3;\n  \
            optional .k8s.io.meta.ObjectMeta metadata = 1;\n  repeated Container all = 2;\n  \
            map<string, bytes> data = 3;\n}\n";
        let mut messages = BTreeMap::new();
        read(text, &mut messages);
        let pod: Vec<_> = messages["k8s.io.api.core.v1.Pod"]
            .values()
            .cloned()
            .collect();
        let expected = [
            ("metadata", "k8s.io.meta.ObjectMeta"),
            ("all", "list k8s.io.api.core.v1.Container"),
            ("data", "map bytes"),
        ];
        assert_eq!(
            pod,
            expected.map(|(name, of)| (name.to_owned(), of.to_owned()))
        );
        read(
            "package k8s.io.api.core.v1beta1;\nmessage Old {\n}\n",
            &mut messages,
        );
        assert_eq!(messages.len(), 1, "not served");
    }
}
