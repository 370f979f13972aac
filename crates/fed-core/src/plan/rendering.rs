//! All manifests of a plan at once, each made a single time.

use super::{Placed, Plan, PlannedObject, Rendered};
use crate::check;
use crate::customize::OverrideSet;
use crate::fleet::Cluster;
use crate::problem::Problem;
use crate::status::{self, Condition};

/// All manifests of a plan. Made by [`Plan::render`].
#[derive(Clone, Debug)]
pub struct Rendering<'p> {
    plan: &'p Plan,
    objects: Vec<RenderedObject<'p>>,
}

/// All manifests of one object.
#[derive(Clone, Debug)]
pub struct RenderedObject<'p> {
    object: PlannedObject<'p>,
    manifests: Vec<(Placed<'p>, Rendered)>,
}

impl<'p> Rendering<'p> {
    pub(super) fn of(plan: &'p Plan) -> Self {
        Self {
            plan,
            objects: plan.objects().map(RenderedObject::of).collect(),
        }
    }

    /// The plan whose manifests these are.
    pub fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// The objects, by kind, group, namespace and name.
    pub fn objects(&self) -> &[RenderedObject<'p>] {
        &self.objects
    }

    /// All that is wrong, or worth knowing: with what was asked for, with each manifest, and with
    /// what objects need of each other and do not find in their clusters.
    pub fn problems(&self) -> Vec<Problem> {
        // What is told of all clusters need not be told of each.
        let known = self.plan.problems();
        let told_of_all = |fault: &&Problem| {
            let mut of_all = (*fault).clone();
            of_all.cluster = None;
            known.binary_search(&of_all).is_ok()
        };
        let of_manifests = self
            .objects
            .iter()
            .flat_map(|object| &object.manifests)
            .flat_map(|(_, rendered)| rendered.problems())
            .filter(|fault| !told_of_all(fault));
        let mut problems: Vec<_> = known.iter().chain(of_manifests).cloned().collect();
        problems.extend(
            self.objects
                .iter()
                .flat_map(|object| object.problems_nowhere(self.plan)),
        );
        problems.extend(check::related(self));
        problems.sort();
        problems.dedup();
        problems
    }
}

impl<'p> RenderedObject<'p> {
    pub(super) fn of(object: PlannedObject<'p>) -> Self {
        Self {
            object,
            manifests: object.render().collect(),
        }
    }

    /// The object.
    pub fn planned(&self) -> PlannedObject<'p> {
        self.object
    }

    /// Its manifest for each of its clusters, by name.
    pub fn manifests(&self) -> &[(Placed<'p>, Rendered)] {
        &self.manifests
    }

    /// What is wrong with a template that is placed nowhere, and so never rendered.
    fn problems_nowhere(&self, plan: &Plan) -> Vec<Problem> {
        if !self.manifests.is_empty() {
            return Vec::new();
        }
        let intent = self.object.intent();
        // No cluster, no override: what is wrong stands in the template.
        let bare = intent.clone().with_overrides(OverrideSet::default());
        let (nowhere, template) = (Cluster::new(""), intent.template().to_value());
        let schemas = plan.schemas.as_deref();
        let mut problems = check::problems(schemas, &bare, &nowhere, &template);
        if intent.overrides().entries().next().is_some() {
            // Overrides may count on what a repair would move.
            for problem in &mut problems {
                problem.fix.clear();
            }
        }
        problems
    }

    /// How it stands with the object as a whole.
    pub fn conditions(&self) -> Vec<Condition> {
        status::conditions(self)
    }
}
