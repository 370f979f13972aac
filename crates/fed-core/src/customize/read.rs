//! How is a native override read? Each of its changes becomes an operation, in the order in which
//! they apply.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::containers::Words;
use super::embedded::{self, Embedded};
use super::entry::{Entry, Operation, Origin, Step, Varying};
use super::failure::quoted;
use super::image;
use super::keys::Keys;
use super::limits::too_deep;
use super::native::{
    EnvOverride, FieldOverride, ImageOverride, ImageParts, Override, WordsOverride,
};
use super::rfc6902;
use super::targets::Targets;
use super::variables;
use crate::identity::ClusterName;
use crate::intent::LabelSelector;
use crate::location::{Location, Pointer};
use crate::problem::{Code, Problem};
use crate::words::few;

/// Reads one native override. What is odd about it, but no fault, goes to `warnings`.
pub(super) fn read(source: &Override, at: Location, warnings: &mut Vec<Problem>) -> Entry {
    let mut entry = Entry::new(Targets::every(), Origin::Native, at);
    targets(source, &mut entry, warnings);
    entry.absent = source.absent;
    if source.absent {
        if source.has_changes() {
            let message = "beside `absent: true` the other changes of an override have no effect: \
                           the object is not there";
            warnings.push(suspicious(message, entry.at.child("absent")));
        }
        return entry;
    }
    warnings.extend(idle(source, &entry.at));
    operations(source, &mut entry);
    match variables::used(source) {
        Ok(None) => {}
        Ok(Some(variables)) => {
            entry.varying = Some(Varying {
                source: Arc::new(source.clone()),
                variables: variables.into_iter().collect(),
            });
        }
        Err(unusable) => {
            let at = entry.at.join(unusable.at.as_str());
            entry.faults.push(fault(unusable.why, at));
        }
    }
    for (index, patch) in source.patches.iter().enumerate() {
        let at = entry.at.child("patches").child(index);
        warnings.extend(rfc6902::unused(index, patch, &at));
    }
    entry
}

fn targets(source: &Override, entry: &mut Entry, warnings: &mut Vec<Problem>) {
    warnings.extend(named_twice(source, &entry.at));
    entry.targets = Targets {
        names: source.clusters.clone(),
        selector: source.cluster_selector.clone(),
        exclude: source.exclude.iter().cloned().collect(),
    };
    let selector = source.cluster_selector.as_ref();
    if let Some(Err(invalid)) = selector.map(LabelSelector::check) {
        // Whom it means cannot be known: it stops every cluster that it may mean.
        entry.targets.selector = None;
        let at = entry
            .at
            .child("clusterSelector")
            .join(invalid.path.as_str());
        let problem = Problem::error(Code::InvalidSelector, invalid.message);
        entry.faults.push(problem.at(at));
    }
}

fn named_twice(source: &Override, at: &Location) -> Vec<Problem> {
    let mut first: BTreeMap<&ClusterName, Location> = BTreeMap::new();
    let mut told = Vec::new();
    for (index, name) in source.clusters.iter().flatten().enumerate() {
        let here = at.child("clusters").child(index);
        if let Some(first) = first.get(name) {
            let message = format!("cluster {:?} is named twice by one override", name.as_str());
            let warning = Problem::warning(Code::DuplicateCluster, message).in_cluster(name);
            told.push(warning.at(here).see_also(first.clone()));
        } else {
            first.insert(name, here);
        }
    }
    told
}

/// What changes nothing.
fn idle(source: &Override, at: &Location) -> Vec<Problem> {
    let nothing = |at: Location| suspicious("this changes nothing: say what, or remove it", at);
    if !source.has_changes() {
        return vec![nothing(at.clone())];
    }
    let images = source.image.iter().map(ImageOverride::is_idle);
    let commands = source.command.iter().map(WordsOverride::is_idle);
    let args = source.args.iter().map(WordsOverride::is_idle);
    let env = source.env.iter().map(EnvOverride::is_idle);
    let fields = source.fields.iter().map(|field| field.patches.is_empty());
    let places = |field: &'static str, each: Vec<bool>| {
        let idle = each.into_iter().enumerate().filter(|(_, is_idle)| *is_idle);
        idle.map(move |(index, _)| nothing(at.child(field).child(index)))
    };
    places("image", images.collect())
        .chain(places("command", commands.collect()))
        .chain(places("args", args.collect()))
        .chain(places("env", env.collect()))
        .chain(places("fields", fields.collect()))
        .collect()
}

fn suspicious(message: &str, at: Location) -> Problem {
    Problem::warning(Code::SuspiciousOverride, message).at(at)
}

fn fault(message: impl Into<String>, at: Location) -> Problem {
    Problem::error(Code::InvalidOverride, message).at(at)
}

/// Reads the changes of an override into the operations of its entry.
pub(super) fn operations(source: &Override, entry: &mut Entry) {
    for (index, image) in source.image.iter().enumerate() {
        let at = entry.at.child("image").child(index);
        image_faults(image, &at, &mut entry.faults);
        let what = match &image.path {
            Some(path) => format!("the image at {}", quoted(path)),
            None => format!("the image of {}", of(image.containers.as_deref())),
        };
        entry
            .operations
            .push(change(what, at, Step::Image(Box::new(image.clone()))));
    }
    words(&source.command, Words::Command, entry);
    words(&source.args, Words::Args, entry);
    for (index, env) in source.env.iter().enumerate() {
        let at = entry.at.child("env").child(index);
        env_faults(env, &at, &mut entry.faults);
        let what = format!("the env of {}", of(env.containers.as_deref()));
        entry
            .operations
            .push(change(what, at, Step::Env(Box::new(env.clone()))));
    }
    for (keys, source) in [
        (Keys::Labels, &source.labels),
        (Keys::Annotations, &source.annotations),
    ] {
        for (key, [verb, place]) in keys.changes(source) {
            let path = Pointer::root()
                .child("metadata")
                .child(keys.field())
                .child(&key.key);
            let at = entry.at.child(keys.field()).child(verb).child(place);
            entry.operations.push(Operation {
                op: key.op().into(),
                path: path.as_str().into(),
                at: Some(at),
                step: Step::Key(key),
            });
        }
    }
    for (index, field) in source.fields.iter().enumerate() {
        let at = entry.at.child("fields").child(index);
        let step = embedded(field, &at, &mut entry.faults);
        entry.operations.push(Operation {
            op: "edit".into(),
            path: field.path.as_str().into(),
            at: Some(at),
            step,
        });
    }
    for (index, patch) in source.patches.iter().enumerate() {
        let at = entry.at.child("patches").child(index);
        let step = rfc6902::compiled(patch).map_or_else(
            |why| {
                let message = format!("override {index} {}", why.of(patch));
                let problem = Problem::error(why.code(), message);
                entry.faults.push(problem.at(at));
                Step::Broken
            },
            Step::Rfc6902,
        );
        entry.operations.push(Operation {
            op: patch.op.as_str().into(),
            path: patch.path.as_str().into(),
            at: None,
            step,
        });
    }
}

fn words(changes: &[WordsOverride], which: Words, entry: &mut Entry) {
    for (index, words) in changes.iter().enumerate() {
        let at = entry.at.child(which.field()).child(index);
        let container = std::slice::from_ref(&words.container);
        let what = format!("the {} of {}", which.field(), of(Some(container)));
        let step = Step::Words(which, Box::new(words.clone()));
        entry.operations.push(change(what, at, step));
    }
}

fn change(what: String, at: Location, step: Step) -> Operation {
    Operation {
        op: "change".into(),
        path: what.into(),
        at: Some(at),
        step,
    }
}

/// The containers of these names, as a part of a sentence.
fn of(names: Option<&[String]>) -> String {
    match names {
        None => "every container".to_owned(),
        Some([]) => "no container".to_owned(),
        Some([one]) => format!("container {}", quoted(one)),
        Some(many) => {
            let names: Vec<_> = many.iter().map(|name| quoted(name)).collect();
            format!("containers {}", few(names.iter().map(String::as_str)))
        }
    }
}

fn image_faults(image: &ImageOverride, at: &Location, faults: &mut Vec<Problem>) {
    let others = [image.containers.is_some(), image.pod_spec.is_some()];
    if image.path.is_some() && others.contains(&true) {
        let message = "a path says by itself where the image is: leave out containers and podSpec";
        faults.push(fault(message, at.child("path")));
    }
    let ImageParts {
        registry,
        repository,
        tag,
        digest,
    } = &image.set;
    let parts = [
        ("registry", registry),
        ("repository", repository),
        ("tag", tag),
        ("digest", digest),
    ];
    for (part, text) in parts {
        let Some(text) = text.as_ref().filter(|text| !variables::vary(text)) else {
            continue;
        };
        let at = at.child("set").child(part);
        if text.is_empty() && part != "repository" {
            let message = format!("the {part} is empty: to take it away write `remove: [{part}]`");
            faults.push(fault(message, at));
        } else if let Err(rule) = image::check(part, text) {
            faults.push(fault(format!("this is no {part}: {rule}"), at));
        }
    }
}

fn env_faults(env: &EnvOverride, at: &Location, faults: &mut Vec<Problem>) {
    let mut names = BTreeSet::new();
    for (index, variable) in env.set.iter().enumerate() {
        let at = at.child("set").child(index);
        if variable.name.is_empty() {
            faults.push(fault("a variable needs a name", at.child("name")));
        }
        if !names.insert(&variable.name) {
            let message = format!("variable {} is set twice", quoted(&variable.name));
            faults.push(fault(message, at.child("name")));
        }
        if variable.value.is_some() && variable.value_from.is_some() {
            let message = "a variable has a value or a valueFrom, not both";
            faults.push(fault(message, at.child("valueFrom")));
        }
        if variable.value_from.as_ref().is_some_and(too_deep) {
            let message = "this is nested too deeply";
            faults.push(Problem::error(Code::TooDeep, message).at(at.child("valueFrom")));
        }
    }
}

fn embedded(field: &FieldOverride, at: &Location, faults: &mut Vec<Problem>) -> Step {
    let before = faults.len();
    if !embedded::is_readable(field.format) {
        let message = "YAML inside of texts cannot be changed here, as this program was built \
                       without the feature yaml of fed-core";
        faults.push(fault(message, at.child("format")));
    }
    if let Err(why) = rfc6902::pointer("path", &field.path) {
        let message = format!("this {}", why.what());
        faults.push(Problem::error(why.code(), message).at(at.child("path")));
    }
    let mut patches = Vec::with_capacity(field.patches.len());
    for (index, patch) in field.patches.iter().enumerate() {
        match rfc6902::compiled(patch) {
            Ok(patch) => patches.push(patch),
            Err(why) => {
                let at = at.child("patches").child(index);
                let message = format!("patch {index} {}", why.of(patch));
                faults.push(Problem::error(why.code(), message).at(at));
            }
        }
    }
    if faults.len() > before {
        return Step::Broken;
    }
    Step::Embedded(Box::new(Embedded {
        path: field.path.clone(),
        format: field.format,
        patches,
    }))
}
