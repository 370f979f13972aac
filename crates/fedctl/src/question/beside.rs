//! What is read beside the files that are planned? What runs in the clusters, and clusters that may
//! join them.

use std::io;
use std::ops::Range;

use fed_core::dialect::Document;
use fed_core::kinds::Kinds;
use fed_core::{Live, Observed};
use jiff::Timestamp;

use crate::cli::PlanArguments;
use crate::live::{self, Dumps};
use crate::read::{self, Finding, SourceDocument};
use crate::what_if;

/// What was read beside the files that are planned.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    pub(crate) documents: Vec<SourceDocument>,
    pub(crate) findings: Vec<Finding>,
    /// What runs, where that was asked for.
    pub(crate) dumps: Option<Dumps>,
    /// Which of the documents are those of each file whose clusters join.
    pub(crate) joining: Vec<Range<usize>>,
}

impl Beside {
    /// Reads what the options name. Without it, there is no answer to what was asked.
    pub(crate) fn read(arguments: &PlanArguments) -> Result<Self, String> {
        let mut beside = Self::default();
        if let Some(folder) = &arguments.live {
            let dumps = live::read(folder, &mut beside.documents, &mut beside.findings)
                .map_err(|error| format!("--live {}: {}", folder.display(), told(&error)))?;
            beside.dumps = Some(dumps);
        }
        for (what_if, file) in what_if::files(&arguments.what_if) {
            let read = read::read(&[file.to_owned()], &mut io::empty());
            if read.documents.is_empty() {
                let why = read.findings.first();
                let why = why.map_or("the file holds no document", |why| &why.message);
                return Err(format!("{what_if}: {why}"));
            }
            let start = beside.documents.len();
            beside.documents.extend(read.documents);
            beside.findings.extend(read.findings);
            beside.joining.push(start..beside.documents.len());
        }
        Ok(beside)
    }

    /// What runs in the clusters, and what planning needs to know of it. `documents` are those that
    /// were read beside.
    pub(super) fn seen(
        &self,
        documents: &[Document<'_>],
        kinds: &Kinds,
        now: Timestamp,
        problems: &mut Vec<fed_core::Problem>,
    ) -> (Live, Observed) {
        let mut live = Live::default();
        let clusters = self.dumps.iter().flat_map(|dumps| &dumps.clusters);
        for (cluster, range) in clusters {
            let documents = documents.get(range.clone()).unwrap_or_default();
            problems.extend(live.read(cluster, documents, kinds));
        }
        let (observed, unread) = Observed::of_live(&live, kinds, now);
        problems.extend(unread);
        (live, observed)
    }
}

fn told(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such directory".to_owned(),
        io::ErrorKind::NotADirectory => {
            "this is not a directory: name one with a folder for each cluster".to_owned()
        }
        _ => format!("cannot be read: {error}"),
    }
}
