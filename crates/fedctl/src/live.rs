//! What runs in the clusters? Their dumps, as `--live` finds them: a folder for each cluster.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fs, io};

use fed_core::{ClusterName, Code, Fleet, Severity};

use crate::answer::Problem;
use crate::read::{self, Finding, SourceDocument};

/// The dumps of clusters.
#[derive(Debug)]
pub(crate) struct Dumps {
    /// The folder of all of them, as it was asked for.
    folder: String,
    /// Each cluster that has a folder, by name, and which of the documents are its own.
    pub(crate) clusters: Vec<(ClusterName, Range<usize>)>,
    /// Files that stand in no folder of a cluster.
    stray: Vec<String>,
}

/// Reads the dumps below a folder behind what was read before. What of them cannot be read is a
/// finding.
pub(crate) fn read(
    folder: &Path,
    documents: &mut Vec<SourceDocument>,
    findings: &mut Vec<Finding>,
) -> io::Result<Dumps> {
    let mut dumps = Dumps {
        folder: folder.to_string_lossy().into_owned(),
        clusters: Vec::new(),
        stray: Vec::new(),
    };
    for path in entries(folder)? {
        let name = path.to_string_lossy().into_owned();
        match path.file_name().filter(|_| path.is_dir()) {
            Some(cluster) => {
                let start = documents.len();
                let dump = read::read(&[name], &mut io::empty());
                documents.extend(dump.documents);
                findings.extend(dump.findings);
                let cluster = ClusterName::from(cluster.to_string_lossy());
                dumps.clusters.push((cluster, start..documents.len()));
            }
            None if read::is_manifest(&path) => dumps.stray.push(name),
            None => {}
        }
    }
    Ok(dumps)
}

/// What is in a folder and not hidden, by name.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| !read::is_hidden(path));
    paths.sort();
    Ok(paths)
}

impl Dumps {
    /// What of the folder belongs to no cluster, and of which of the clusters nothing is known.
    pub(crate) fn problems(&self, before: &Fleet, after: &Fleet) -> Vec<Problem> {
        let is_there = |name: &ClusterName| before.get(name).or_else(|| after.get(name)).is_some();
        let unknown = self.clusters.iter().filter(|(name, _)| !is_there(name));
        let unknown = unknown.map(|(name, _)| {
            let message = format!("there is no cluster {name}, so what runs there does not count");
            let folder = Path::new(&self.folder).join(name.as_str());
            foreign(&folder.to_string_lossy(), message)
        });
        let stray = self.stray.iter().map(|file| {
            let folder = &self.folder;
            let message = format!(
                "it is in no folder of a cluster, and is not read: move it to {folder}/CLUSTER/"
            );
            foreign(file, message)
        });
        unknown.chain(stray).chain(self.unseen(before)).collect()
    }

    fn unseen(&self, fleet: &Fleet) -> impl Iterator<Item = Problem> {
        let is_read = |name: &ClusterName| self.clusters.iter().any(|(read, _)| read == name);
        let names = fleet.iter().map(fed_core::Cluster::name);
        names.filter(move |name| !is_read(name)).map(|name| {
            let message = format!(
                "{} has no folder {name}, so cluster {name} is taken to hold nothing",
                self.folder
            );
            Problem::anywhere(Severity::Note, Code::NotObserved, message)
        })
    }
}

fn foreign(file: &str, message: String) -> Problem {
    Problem::of_file(Severity::Warning, Code::UnknownCluster, file, message)
}
