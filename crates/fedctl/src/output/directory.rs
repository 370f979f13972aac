//! The manifests as files: a folder for each cluster, for tools that deliver from Git.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use fed_core::{Code, ObjectId, Severity};

use super::yaml;
use crate::answer::{Answer, Cluster, Problem};

/// Writes every manifest that may be delivered below `out`. What cannot be written is a problem.
pub fn write(answer: &Answer, out: &Path) -> Vec<Problem> {
    answer
        .clusters
        .iter()
        .flat_map(|cluster| write_cluster(cluster, out))
        .collect()
}

fn write_cluster(cluster: &Cluster, out: &Path) -> Vec<Problem> {
    let folder = out.join(encoded(&cluster.name));
    let mut problems: Vec<_> = fs::create_dir_all(&folder)
        .err()
        .map(|e| fault(&folder, &e))
        .into_iter()
        .collect();
    for ((id, deliverable), manifest) in cluster.deliverable.iter().zip(&cluster.manifests) {
        if !deliverable {
            continue;
        }
        let file = folder.join(path_of(id));
        if let Err(error) = write_file(&file, &yaml::render(manifest)) {
            problems.push(fault(&file, &error));
        }
    }
    problems
}

fn write_file(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text)
}

fn fault(path: &Path, error: &io::Error) -> Problem {
    let message = format!("cannot write {}: {error}", path.display());
    Problem::anywhere(Severity::Error, Code::UnwritableFile, message)
}

/// The folder of what has no namespace.
const CLUSTER_SCOPED: &str = "_cluster";

/// The folder of a namespace, which never is the one of what has no namespace.
fn folder_of(namespace: &str) -> String {
    let folder = encoded(namespace);
    folder
        .strip_prefix('_')
        .map_or(folder.clone(), |rest| format!("%5F{rest}"))
}

/// `<namespace>/<kind>.<group>.<name>.yaml`, in lower case but for the name.
fn path_of(id: &ObjectId) -> PathBuf {
    let namespace = id
        .namespace()
        .map_or_else(|| CLUSTER_SCOPED.to_owned(), folder_of);
    let group = if id.group().is_empty() {
        "core"
    } else {
        id.group()
    };
    let name = format!(
        "{}.{}.{}.yaml",
        encoded(&id.kind().to_lowercase()),
        encoded(group),
        encoded(id.name())
    );
    PathBuf::from(namespace).join(name)
}

/// One step of a path: nothing in it leads anywhere else, on any file system.
fn encoded(text: &str) -> String {
    let mut step = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            step.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(step, "%{byte:02X}");
        }
    }
    match step.as_str() {
        "" => "%".to_owned(),
        "." => "%2E".to_owned(),
        ".." => "%2E%2E".to_owned(),
        _ => step,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fed_core::GroupVersionKind;

    #[test]
    fn paths_tell_what_is_in_the_file() {
        let deployment = GroupVersionKind::from_api_version("apps/v1", "Deployment");
        let id = ObjectId::new(deployment, Some("shop"), "rating");
        assert_eq!(path_of(&id), Path::new("shop/deployment.apps.rating.yaml"));
        let namespace = GroupVersionKind::from_api_version("v1", "Namespace");
        let id = ObjectId::new(namespace, None, "shop");
        assert_eq!(path_of(&id), Path::new("_cluster/namespace.core.shop.yaml"));
    }

    #[test]
    fn no_name_leads_out_of_the_directory() {
        for name in ["..", ".", "", "/", "../../etc", "a/b", "a\\b", "c:d", "ü"] {
            let step = encoded(name);
            let steps: Vec<_> = Path::new(&step).components().collect();
            assert!(
                matches!(steps[..], [std::path::Component::Normal(_)]),
                "{name} is {step}"
            );
        }
        assert_eq!(encoded("a%b"), "a%25b", "no two names share a path");
    }
}
