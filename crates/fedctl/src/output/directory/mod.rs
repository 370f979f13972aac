//! The manifests as files: a folder for each cluster, for tools that deliver from Git.
//!
//! Files that an earlier plan wrote and this one no longer has are removed, and nothing else is:
//! the file `.fedctl` lists what was written. After a plan with errors nothing is removed, as what
//! could not be read may still be meant.

mod index;
pub(crate) use index::NAME as INDEX;
mod paths;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use fed_core::{Code, ObjectId, Severity};
use serde_json::Value;

use super::text::{counted, harmless};
use super::yaml;
use crate::answer::{Answer, Cluster, Problem};

/// What became of the files.
#[derive(Debug, Default)]
pub struct Written {
    /// How many were written.
    pub files: usize,
    /// How many manifests have faults, and were not written.
    pub withheld: usize,
    /// How many files of an earlier plan were removed.
    pub removed: usize,
    /// How many files of an earlier plan could be removed and were kept.
    pub kept: usize,
    /// What could not be done.
    pub problems: Vec<Problem>,
}

/// Writes every manifest that may be delivered below `out`, and removes what earlier plans wrote
/// there and this one does not have.
pub fn write(answer: &Answer, out: &Path) -> Written {
    let mut tree = Tree::default();
    if let Err((path, error)) = tree.write(answer, out) {
        tree.written.problems.push(fault(&path, &error));
    }
    tree.written
}

/// What went wrong, and with which file.
type Step<T = ()> = Result<T, (PathBuf, io::Error)>;

#[derive(Default)]
struct Tree {
    written: Written,
    /// The paths that the plan has, whether they could be written or not.
    planned: BTreeSet<String>,
}

impl Tree {
    fn write(&mut self, answer: &Answer, out: &Path) -> Step {
        fs::create_dir_all(out).map_err(|error| (out.to_owned(), error))?;
        let earlier = index::read(out)?;
        let coming = answer.clusters.iter().flat_map(deliverable);
        let ours: BTreeSet<_> = coming
            .map(|(path, _)| path)
            .chain(earlier.clone())
            .collect();
        // Before any file, so that none is ever forgotten.
        index::write(out, &ours)?;
        for cluster in &answer.clusters {
            self.write_cluster(cluster, out);
        }
        let stale: BTreeSet<_> = earlier.difference(&self.planned).cloned().collect();
        if answer.has_errors() || !self.written.problems.is_empty() {
            self.written.kept = stale.len();
            return Ok(());
        }
        for path in &stale {
            self.remove(out, path)?;
        }
        for cluster in &answer.clusters {
            make_folder(&inside(out, &paths::step(&cluster.name))?)?;
        }
        index::write(out, &self.planned)
    }

    fn write_cluster(&mut self, cluster: &Cluster, out: &Path) {
        let folder = paths::step(&cluster.name);
        let made = inside(out, &folder).and_then(|path| make_folder(&path));
        if let Err((path, error)) = made {
            self.written.problems.push(fault(&path, &error));
            return;
        }
        self.written.withheld += cluster.deliverable.iter().filter(|may| !**may).count();
        for (path, manifest) in deliverable(cluster) {
            if !self.planned.insert(path.clone()) {
                let same = io::Error::other("another object of this plan has the same file");
                self.written.problems.push(fault(&out.join(&path), &same));
            } else if let Err((path, error)) = write_file(out, &path, manifest) {
                self.written.problems.push(fault(&path, &error));
            } else {
                self.written.files += 1;
            }
        }
    }

    /// Removes a file, and the folders that are empty without it.
    fn remove(&mut self, out: &Path, path: &str) -> Step {
        let file = inside(out, path)?;
        match fs::remove_file(&file) {
            Ok(()) => self.written.removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err((file, error)),
        }
        // Folders with anything else in them stay: they cannot be removed.
        let mut folders = file.ancestors().skip(1).take(2);
        while let Some(folder) = folders.next()
            && fs::remove_dir(folder).is_ok()
        {}
        Ok(())
    }
}

/// The manifests of a cluster that have no fault, each with its path below the directory.
fn deliverable(cluster: &Cluster) -> impl Iterator<Item = (String, &Value)> {
    let manifests = cluster.deliverable.iter().zip(&cluster.manifests);
    manifests
        .filter(|(may, _)| **may)
        .map(|(_, manifest)| (path_in(cluster, manifest.id()), manifest.value()))
}

fn path_in(cluster: &Cluster, id: &ObjectId) -> String {
    format!("{}/{}", paths::step(&cluster.name), paths::of(id))
}

fn write_file(out: &Path, path: &str, manifest: &Value) -> Step {
    let file = inside(out, path)?;
    if let Some(folder) = file.parent() {
        make_folder(folder)?;
    }
    fs::write(&file, yaml::render(manifest)).map_err(|error| (file, error))
}

fn make_folder(folder: &Path) -> Step {
    fs::create_dir_all(folder).map_err(|error| (folder.to_owned(), error))
}

/// The file of this path, unless a link on the way may lead outside of the directory.
fn inside(out: &Path, path: &str) -> Step<PathBuf> {
    let mut file = out.to_owned();
    for step in path.split('/') {
        file.push(step);
        if file.is_symlink() {
            let link = io::Error::other("it is a link, which may lead outside of the directory");
            return Err((file, link));
        }
    }
    Ok(file)
}

fn fault(path: &Path, error: &io::Error) -> Problem {
    let message = format!("cannot write {}: {error}", path.display());
    Problem::anywhere(Severity::Error, Code::UnwritableFile, message)
}

/// What became of the files, for people.
pub fn summary(written: &Written, answer: &Answer, out: &Path) -> String {
    let mut sentences = vec![format!(
        "Wrote {} for {} below {}.",
        counted(written.files, "manifest"),
        counted(answer.clusters.len(), "cluster"),
        harmless(&out.display().to_string()),
    )];
    if written.withheld > 0 {
        let withheld = counted(written.withheld, "manifest");
        sentences.push(format!("Did not write {withheld} with faults."));
    }
    if written.removed > 0 {
        let removed = counted(written.removed, "file");
        sentences.push(format!("Removed {removed} of an earlier plan."));
    }
    if written.kept > 0 {
        let kept = counted(written.kept, "file");
        sentences.push(format!(
            "Kept {kept} of an earlier plan that this one does not have, as there are errors."
        ));
    }
    format!("Plan at {}\n\n{}\n", answer.now, sentences.join("\n"))
}
