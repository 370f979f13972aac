//! What is asked, and from what is it answered? All that was read for a plan, and the worlds that it
//! describes.

mod beside;
mod joining;

use std::sync::Arc;

use fed_core::check;
use fed_core::dialect::{self, Document, Reading};
use fed_core::kinds::Kinds;
use fed_core::{
    Assumptions, Change, Code, DocumentId, Fleet, Live, Observed, Plan, Rendering, World, plan,
};
use jiff::Timestamp;

pub(crate) use beside::Beside;

use crate::answer::{self, Answer, Problem, Source, Telling};
use crate::cli::{Format, PlanArguments};
use crate::read::{Input, SourceDocument};
use crate::what_if;

/// Everything that a plan is asked from.
pub(crate) struct Question<'q> {
    arguments: &'q PlanArguments,
    beside: &'q Beside,
    source: Source<'q>,
    now: Timestamp,
    assumptions: Assumptions,
    schemas: Arc<fed_schema::Schemas>,
    reading: Reading,
    live: Live,
    observed: Observed,
    joined: Vec<Fleet>,
    /// What is known to be wrong before anything is planned.
    problems: Vec<Problem>,
}

impl<'q> Question<'q> {
    /// Reads what the documents say.
    pub(crate) fn new(
        input: &'q Input,
        beside: &'q Beside,
        now: Timestamp,
        arguments: &'q PlanArguments,
    ) -> Self {
        let assumptions = if arguments.strict {
            Assumptions::none()
        } else {
            Assumptions::lenient()
        };
        let documents = numbered(&input.documents, 0);
        let others = numbered(&beside.documents, documents.len());
        let (schemas, unchecked) = check::published(&documents);
        let kinds = Kinds::default().with_schemas(&schemas);
        let reading = dialect::read(&documents, &kinds, assumptions);
        let mut told = unchecked;
        told.extend(reading.problems.iter().cloned());
        let (live, observed) = beside.seen(&others, &reading.kinds, now, &mut told);
        let files = beside
            .joining
            .iter()
            .filter_map(|range| others.get(range.clone()));
        let joined = files
            .map(|file| joining::clusters(file, &kinds, assumptions, &mut told))
            .collect();

        let source = Source::of(&input.documents).and(&beside.documents);
        let mut problems = answer::from_findings(&input.findings);
        problems.extend(answer::from_findings(&beside.findings));
        problems.extend(answer::from_problems(&told, source));
        Self {
            arguments,
            beside,
            source,
            now,
            assumptions,
            schemas: Arc::new(schemas),
            reading,
            live,
            observed,
            joined,
            problems,
        }
    }

    /// The world as it was read.
    fn world(&self) -> World<'_> {
        let schemas = Arc::clone(&self.schemas);
        let world = self.reading.world(self.assumptions).checked_by(schemas);
        world.observing(&self.observed).at(self.now)
    }

    /// The answer as if none of the events had happened.
    pub(crate) fn answer_without_events(&self) -> Answer {
        self.without_events(&plan(&self.world()))
    }

    /// The answer after all events, if they can happen.
    pub(crate) fn answer(&self) -> Result<Answer, String> {
        let before = plan(&self.world());
        let events = &self.arguments.what_if;
        if events.is_empty() {
            return Ok(self.without_events(&before));
        }
        let fleet = what_if::after(before.fleet(), events, &self.joined, self.now)?;
        let rendered = before.render();
        let is_live = self.beside.dumps.is_some();
        let world = if is_live {
            self.world()
        } else {
            // What happens, happens to clusters that hold what was planned.
            self.world().observing(&Observed::of_plan(&rendered))
        };
        let after = plan(&world.in_fleet(&fleet));
        // The fleet after the events is given; before them, it may have been assumed.
        let assumed = before.problems().iter().cloned();
        let assumed: Vec<_> = assumed
            .filter(|problem| problem.code == Code::ClusterAssumed)
            .collect();
        let problems = answer::from_problems(&assumed, self.source);
        let rendering = after.render();
        let changes = Some(rendering.changes_from(&rendered));
        Ok(self.tell(&rendering, changes, before.fleet(), problems))
    }

    fn without_events(&self, plan: &Plan) -> Answer {
        let is_live = self.beside.dumps.is_some();
        let rendering = plan.render();
        let changes = is_live.then(|| rendering.changes_in(&self.live));
        self.tell(&rendering, changes, plan.fleet(), Vec::new())
    }

    /// The answer to a plan, of a fleet that was this one before the events.
    fn tell(
        &self,
        rendering: &Rendering<'_>,
        changes: Option<Vec<Change>>,
        before: &Fleet,
        mut problems: Vec<Problem>,
    ) -> Answer {
        problems.extend(self.problems.iter().cloned());
        if let Some(dumps) = &self.beside.dumps {
            problems.extend(dumps.problems(before, rendering.plan().fleet()));
        }
        let telling = Telling {
            now: self.now.to_string(),
            explain: self.arguments.explain,
            manifests: self.arguments.output != Format::Table,
            strict: self.arguments.strict,
        };
        answer::build(rendering, changes, problems, self.source, &telling)
    }
}

/// The documents as the core takes them, with numbers that start here.
fn numbered(documents: &[SourceDocument], start: usize) -> Vec<Document<'_>> {
    let numbers = u32::try_from(start).unwrap_or(u32::MAX)..;
    numbers
        .zip(documents)
        .map(|(number, document)| Document::new(DocumentId(number), document.value()))
        .collect()
}
