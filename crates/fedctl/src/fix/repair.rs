//! In which order are repairs made? All that have nothing to do with each other, then everything is
//! planned again, as places shift and problems vanish with others.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use fed_core::{PatchOperation, Pointer};

use crate::answer::{Answer, Problem};
use crate::edit;
use crate::read::{Finding, Input, read_text};

/// How often everything is planned again. More repairs than this wait for the next run.
const ROUNDS: usize = 1000;

/// The text of one file, as it was and as it is now.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    /// The file, as in [`SourceFile::name`](crate::read::SourceFile::name).
    pub name: String,
    /// As it was read.
    pub before: String,
    /// With all repairs.
    pub after: String,
}

/// `Debug` shows no text, as it may be secret.
impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Text")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What came of all repairs.
#[derive(Clone, Debug)]
pub struct Repaired {
    /// The files that hold documents, in the order they were read.
    pub texts: Vec<Text>,
    /// How many repairs were made.
    pub repairs: usize,
    /// The answer to the repaired texts. A problem that still has its repair is one whose repair
    /// could not be made, and says why.
    pub answer: Answer,
    /// Is there such a problem?
    pub is_refused: bool,
}

/// Makes every repair that `plan` names, until none is left.
pub fn repair(input: Input, plan: &dyn Fn(&Input) -> Answer) -> Repaired {
    let mut work = Work::of(input);
    let first = plan(&work.input());
    let mut answer = first.clone();
    for _ in 0..ROUNDS {
        let due = work.due(&answer);
        if due.is_empty() {
            break;
        }
        let made = work.make(&due);
        if made.is_empty() {
            continue;
        }
        let next = plan(&work.input());
        let is_there = |repair: &&Problem| is_still_there(repair, &next);
        let failed: Vec<_> = made.iter().filter(is_there).collect();
        if failed.is_empty() {
            work.keep(made);
            answer = next;
            continue;
        }
        // All of the round is taken back; the good ones are made again in the next.
        for repair in failed {
            work.refuse(
                repair,
                "its repair does not solve it, which is a fault of fedctl",
            );
        }
        work.restore();
    }
    work.finish(&first, answer)
}

/// What tells one problem from all others: file, document, path, code and words.
type Claim = (
    Option<String>,
    Option<usize>,
    Option<String>,
    &'static str,
    String,
);

fn claim(problem: &Problem) -> Claim {
    (
        problem.file.clone(),
        problem.document,
        problem.path.clone(),
        problem.code.as_str(),
        // What is wrong; behind the colon stands advice, which changes with the document.
        problem
            .message
            .split(": ")
            .next()
            .unwrap_or_default()
            .to_owned(),
    )
}

fn is_still_there(repair: &Problem, answer: &Answer) -> bool {
    let claim = claim(repair);
    answer
        .problems
        .iter()
        .any(|problem| self::claim(problem) == claim)
}

/// The places that a repair reads or writes.
fn touches(problem: &Problem) -> Vec<Pointer> {
    let operations = problem.fix.iter();
    let paths = operations.flat_map(|one| [Some(one.path.as_str()), one.from.as_deref()]);
    paths.flatten().map(Pointer::from_text).collect()
}

/// Is anything of the one within, or around, anything of the other?
fn overlap(some: &[Pointer], others: &[Pointer]) -> bool {
    some.iter().any(|one| {
        others
            .iter()
            .any(|other| one.starts_with(other) || other.starts_with(one))
    })
}

/// Tells the same texts from others.
fn state(texts: &[Text]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for text in texts {
        text.after.hash(&mut hasher);
    }
    hasher.finish()
}

struct Work {
    texts: Vec<Text>,
    /// The texts before the round.
    previous: Vec<Text>,
    /// What was found in files without any document.
    findings: Vec<Finding>,
    refused: BTreeSet<Claim>,
    /// The same, with the reasons.
    refusals: Vec<(Claim, String)>,
    /// The repairs of each round, and the state of the texts before it.
    rounds: Vec<(u64, Vec<Problem>)>,
}

impl Work {
    fn of(input: Input) -> Self {
        let mut texts: Vec<Text> = Vec::new();
        for document in &input.documents {
            let file = &document.file;
            if texts.last().is_none_or(|text| text.name != file.name) {
                texts.push(Text {
                    name: file.name.clone(),
                    before: file.text.clone(),
                    after: file.text.clone(),
                });
            }
        }
        let mut findings = input.findings;
        findings.retain(|finding| !texts.iter().any(|text| text.name == finding.file));
        Self {
            previous: texts.clone(),
            texts,
            findings,
            refused: BTreeSet::new(),
            refusals: Vec::new(),
            rounds: Vec::new(),
        }
    }

    /// The texts as they are now, as if they had just been read.
    fn input(&self) -> Input {
        let mut input = Input {
            documents: Vec::new(),
            findings: self.findings.clone(),
        };
        for text in &self.texts {
            let read = read_text(&text.name, text.after.as_str());
            input.documents.extend(read.documents);
            input.findings.extend(read.findings);
        }
        input
    }

    /// The repairs of a round: those that have not been refused, and in each document only such
    /// as do not touch what another one touches.
    fn due(&self, answer: &Answer) -> Vec<Problem> {
        let mut touched: BTreeMap<(&str, usize), Vec<Pointer>> = BTreeMap::new();
        let mut due = Vec::new();
        for problem in answer
            .problems
            .iter()
            .filter(|problem| !problem.fix.is_empty())
        {
            let (Some(file), Some(document)) = (problem.file.as_deref(), problem.document) else {
                continue;
            };
            let touched = touched.entry((file, document)).or_default();
            let places = touches(problem);
            if !self.refused.contains(&claim(problem)) && !overlap(touched, &places) {
                touched.extend(places);
                due.push(problem.clone());
            }
        }
        due
    }

    /// Makes repairs; answers those that could be made.
    fn make(&mut self, due: &[Problem]) -> Vec<Problem> {
        self.previous.clone_from(&self.texts);
        let mut made = Vec::new();
        for problem in due {
            match self.edit(problem) {
                Ok(()) => made.push(problem.clone()),
                Err(why) => self.refuse(problem, &why),
            }
        }
        made
    }

    fn edit(&mut self, problem: &Problem) -> Result<(), String> {
        let name = problem.file.as_deref().unwrap_or_default();
        let text = self.texts.iter_mut().find(|text| text.name == name);
        let text = text.ok_or("its file was not read")?;
        let patch: Vec<PatchOperation> = problem.fix.clone();
        let edits = [(problem.document.unwrap_or_default(), patch)];
        let edited = edit::apply(name, &text.after, &edits);
        text.after = edited.map_err(|error| format!("it is not repaired, as {error}"))?;
        Ok(())
    }

    fn refuse(&mut self, problem: &Problem, why: &str) {
        let claim = claim(problem);
        self.refusals.push((claim.clone(), why.to_owned()));
        self.refused.insert(claim);
    }

    /// Counts the repairs of a round; unless they lead back to where the texts were before, as
    /// repairs do that undo each other: then none of them is made.
    fn keep(&mut self, made: Vec<Problem>) {
        self.rounds.push((state(&self.previous), made));
        let now = state(&self.texts);
        let Some(start) = self.rounds.iter().position(|(before, _)| *before == now) else {
            return;
        };
        for problem in self
            .rounds
            .split_off(start)
            .into_iter()
            .flat_map(|(_, made)| made)
        {
            self.refuse(
                &problem,
                "its repair undoes another, which is a fault of fedctl",
            );
        }
    }

    fn restore(&mut self) {
        self.texts.clone_from(&self.previous);
    }

    /// The last answer, with the reasons why repairs were refused, and with the places that the
    /// problems had before anything was changed.
    fn finish(self, first: &Answer, mut answer: Answer) -> Repaired {
        for problem in &mut answer.problems {
            let claim = claim(problem);
            if let Some(before) = first
                .problems
                .iter()
                .find(|before| self::claim(before) == claim)
            {
                problem.line = before.line;
                problem.column = before.column;
                problem.source_line.clone_from(&before.source_line);
            }
            let refusal = self.refusals.iter().find(|(refused, _)| *refused == claim);
            if let Some((_, why)) = refusal {
                problem.message = format!("{}; {why}", problem.message);
            } else if !problem.fix.is_empty() {
                // The rounds ran out.
                problem
                    .message
                    .push_str("; run fedctl fix again to repair it");
            }
        }
        Repaired {
            is_refused: answer
                .problems
                .iter()
                .any(|problem| !problem.fix.is_empty()),
            texts: self.texts,
            repairs: self.rounds.iter().map(|(_, made)| made.len()).sum(),
            answer,
        }
    }
}
