//! Where do the problems stand in the files? The core's problems name documents by number and
//! places by pointer; people are told files, lines and columns.

use fed_core::{DocumentId, Location, Severity};

use super::{Problem, foreign};
use crate::read::{Finding, SourceDocument};

/// The documents that problems can stand in, by the numbers that the core was given.
#[derive(Clone, Copy, Debug)]
pub struct Source<'s> {
    asked: &'s [SourceDocument],
    beside: &'s [SourceDocument],
}

impl<'s> Source<'s> {
    /// These documents.
    pub const fn of(asked: &'s [SourceDocument]) -> Self {
        Self { asked, beside: &[] }
    }

    /// These, with others whose numbers follow theirs.
    #[must_use]
    pub const fn and(self, beside: &'s [SourceDocument]) -> Self {
        Self { beside, ..self }
    }

    fn document(self, id: DocumentId) -> Option<&'s SourceDocument> {
        let number = usize::try_from(id.0).ok()?;
        let beside = || self.beside.get(number.checked_sub(self.asked.len())?);
        self.asked.get(number).or_else(beside)
    }

    /// Is this the place of something that was to be planned?
    fn is_asked(self, location: &Location) -> bool {
        let number = location.document.and_then(|id| usize::try_from(id.0).ok());
        number.is_some_and(|number| number < self.asked.len())
    }

    fn at(self, location: &Location) -> Option<(&'s SourceDocument, &str)> {
        Some((self.document(location.document?)?, location.path.as_str()))
    }
}

/// The reader's findings as problems.
pub fn from_findings(findings: &[Finding]) -> Vec<Problem> {
    findings
        .iter()
        .map(|finding| Problem {
            severity: finding.severity,
            file: Some(finding.file.clone()),
            document: finding.document,
            line: finding.line,
            column: finding.column,
            path: finding.document.map(|_| finding.path.clone()),
            code: finding.code,
            message: with_related(&finding.message, &finding.related, finding.related.len()),
            fix: Vec::new(),
            source_line: finding.source_line.clone(),
        })
        .collect()
}

/// The core's problems, each with its place in the files.
pub fn from_problems(problems: &[fed_core::Problem], source: Source<'_>) -> Vec<Problem> {
    problems
        .iter()
        .map(|problem| from_problem(problem, source))
        .collect()
}

fn from_problem(problem: &fed_core::Problem, source: Source<'_>) -> Problem {
    let related: Vec<_> = problem
        .related
        .iter()
        .take(RELATED)
        .filter_map(|location| {
            let (document, path) = source.at(location)?;
            Some((document.file.name.clone(), document.place(path).line))
        })
        .collect();
    let message = with_related(&problem.message, &related, problem.related.len());
    let unplaced = Problem::anywhere(problem.severity, problem.code, message);
    let at = problem.at.as_ref();
    let Some((document, path)) = at.and_then(|at| source.at(at)) else {
        return unplaced;
    };
    let place = document.place(path);
    let hint = at
        .filter(|at| source.is_asked(at))
        .map_or("", |_| foreign::hint(&document.file.name, problem.code));
    Problem {
        message: format!("{}{hint}", unplaced.message),
        file: Some(document.file.name.clone()),
        document: Some(document.number),
        line: Some(place.line),
        column: Some(place.column),
        path: Some(path.to_owned()),
        fix: problem.fix.clone(),
        source_line: document.source_line(path).map(str::to_owned),
        ..unplaced
    }
}

/// How many other places a sentence names before it only counts the rest.
const RELATED: usize = 8;

/// The message with the first of the other places, of which there are `count`.
fn with_related(message: &str, related: &[(String, usize)], count: usize) -> String {
    if related.is_empty() {
        return message.to_owned();
    }
    let named = related.iter().take(RELATED);
    let places: Vec<_> = named.map(|(file, line)| format!("{file}:{line}")).collect();
    let more = match count.saturating_sub(RELATED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{message} (see {}{more})", places.join(", "))
}

/// Sorts problems by file, document, path and code, and raises warnings where that is asked for.
pub(super) fn finish(problems: &mut Vec<Problem>, strict: bool) {
    if strict {
        for problem in problems.iter_mut() {
            if problem.severity == Severity::Warning {
                problem.severity = Severity::Error;
            }
        }
    }
    problems.sort_by(|a, b| key(a).cmp(&key(b)));
    problems.dedup();
}

fn key(problem: &Problem) -> impl Ord + '_ {
    (
        &problem.file,
        problem.document,
        &problem.path,
        problem.code.as_str(),
        problem.line,
        problem.column,
        &problem.message,
    )
}
