//! How do overrides change the containers of an object? Where its pods are is known from its kind,
//! or told by the override.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::environment;
use super::failure::{Failure, quoted};
use super::image::ImageName;
use super::limits::CopyBudget;
use super::native::{EnvOverride, ImageOverride, WordsOverride};
use crate::kinds::Kind;
use crate::location::Pointer;
use crate::words::few;

/// The fields of a pod that hold containers.
const LISTS: [&str; 2] = ["containers", "initContainers"];

/// Which words of a container are meant?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    Command,
    Args,
}

impl Words {
    /// The field that holds them, in containers and in overrides.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Args => "args",
        }
    }
}

type Container = Map<String, Value>;

/// The containers that a change is about: those of these names, or all.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    names: Option<&'a [String]>,
    /// The field that has the names.
    field: &'static str,
    pod_spec: Option<&'a str>,
}

/// Changes images.
pub(super) fn images(
    object: &mut Value,
    kind: Option<&dyn Kind>,
    change: &ImageOverride,
    copies: &mut CopyBudget,
) -> Result<(), Failure> {
    let mut changed = |image: &mut Value| -> Result<(), Failure> {
        let Value::String(text) = image else {
            return Err(Failure::because("the image is no text"));
        };
        let name = ImageName::parse(text).changed(change)?.to_string();
        if !copies.take_bytes(name.len()) {
            return Err(Failure::TooLarge);
        }
        *text = name;
        Ok(())
    };
    if let Some(path) = &change.path {
        let found = at(object, path, "path")?;
        return changed(found);
    }
    let wanted = Wanted {
        names: change.containers.as_deref(),
        field: "containers",
        pod_spec: change.pod_spec.as_deref(),
    };
    for container in containers(object, kind, wanted)? {
        let image = container
            .entry("image")
            .or_insert_with(|| Value::String(String::new()));
        changed(image)?;
    }
    Ok(())
}

/// Changes commands or arguments.
pub(super) fn words(
    object: &mut Value,
    kind: Option<&dyn Kind>,
    which: Words,
    change: &WordsOverride,
    copies: &mut CopyBudget,
) -> Result<(), Failure> {
    let wanted = Wanted {
        names: Some(std::slice::from_ref(&change.container)),
        field: "container",
        pod_spec: change.pod_spec.as_deref(),
    };
    let written = change.set.iter().flatten().chain(&change.append);
    let size: usize = written.map(String::len).sum();
    let removed: BTreeSet<&str> = change.remove.iter().map(String::as_str).collect();
    for container in containers(object, kind, wanted)? {
        let field = which.field();
        let mut words = match container.get_mut(field) {
            None | Some(Value::Null) => None,
            Some(Value::Array(words)) => Some(std::mem::take(words)),
            Some(_) => return Err(Failure::because(format!("its {field} is no list"))),
        };
        if !copies.take_bytes(size) {
            return Err(Failure::TooLarge);
        }
        let texts = |words: &[String]| -> Vec<Value> {
            words
                .iter()
                .map(|word| Value::from(word.as_str()))
                .collect()
        };
        if let Some(set) = &change.set {
            words = Some(texts(set));
        }
        if let Some(words) = &mut words {
            let is_removed =
                |word: &Value| word.as_str().is_some_and(|word| removed.contains(word));
            words.retain(|word| !is_removed(word));
        }
        if !change.append.is_empty() {
            words.get_or_insert_default().extend(texts(&change.append));
        }
        if let Some(words) = words {
            container.insert(field.to_owned(), Value::Array(words));
        }
    }
    Ok(())
}

/// Changes environments.
pub(super) fn environment(
    object: &mut Value,
    kind: Option<&dyn Kind>,
    change: &EnvOverride,
    copies: &mut CopyBudget,
) -> Result<(), Failure> {
    let wanted = Wanted {
        names: change.containers.as_deref(),
        field: "containers",
        pod_spec: change.pod_spec.as_deref(),
    };
    containers(object, kind, wanted)?
        .into_iter()
        .try_for_each(|container| environment::change(container, change, copies))
}

/// The containers that are wanted. Each name must be that of a container.
fn containers<'o>(
    object: &'o mut Value,
    kind: Option<&dyn Kind>,
    wanted: Wanted<'_>,
) -> Result<Vec<&'o mut Container>, Failure> {
    let place = match wanted.pod_spec {
        Some(_) => "podSpec",
        None => "",
    };
    let path = match wanted.pod_spec {
        Some(path) => Pointer::from_text(path),
        None => pod_spec(object, kind)?,
    };
    let spec = at(object, path.as_str(), place)?;
    let lists = spec
        .as_object_mut()
        .into_iter()
        .flatten()
        .filter(|(field, _)| LISTS.contains(&field.as_str()))
        .filter_map(|(_, list)| list.as_array_mut());
    let all: Vec<_> = lists.flatten().filter_map(Value::as_object_mut).collect();
    if all.is_empty() {
        let why = format!("there are no containers in {}", quoted(path.as_str()));
        return Err(Failure::inside(inside(place), why));
    }
    let Some(names) = wanted.names else {
        return Ok(all);
    };
    let known: BTreeSet<&str> = all.iter().map(|container| name_of(container)).collect();
    for (index, name) in names.iter().enumerate() {
        if !known.contains(name.as_str()) {
            let there = all.iter().map(|container| name_of(container));
            let why = format!("there is no container {name:?}, only {}", few(there));
            let place = match wanted.field {
                "containers" => format!("/containers/{index}"),
                field => inside(field),
            };
            return Err(Failure::inside(place, why));
        }
    }
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let is_wanted = |container: &&mut Container| names.contains(name_of(container));
    Ok(all.into_iter().filter(is_wanted).collect())
}

fn name_of(container: &Container) -> &str {
    let name = container.get("name").and_then(Value::as_str);
    name.unwrap_or_default()
}

/// Does a path lead to this field of a container, or into it? If so, of one that is wanted?
///
/// Where the pods are is not asked: nothing else looks like this.
pub(super) fn concerns(
    object: &Value,
    path: &Pointer,
    field: &str,
    names: Option<&[String]>,
) -> bool {
    let steps: Vec<_> = path.tokens().collect();
    let is_field = |window: &[Cow<'_, str>]| matches!(window, [list, _, found] if LISTS.contains(&list.as_ref()) && found == field);
    let Some(start) = steps.windows(3).position(is_field) else {
        return false;
    };
    let container = steps
        .iter()
        .take(start + 2)
        .fold(Pointer::root(), |path, step| path.child(step));
    let name = container.child("name");
    let name = name.resolve(object).and_then(Value::as_str);
    let name = name.unwrap_or_default();
    names.is_none_or(|names| names.iter().any(|wanted| wanted == name))
}

/// Where the spec of the pods of an object of this kind stands.
fn pod_spec(object: &Value, kind: Option<&dyn Kind>) -> Result<Pointer, Failure> {
    let field = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    if (field("apiVersion"), field("kind")) == ("v1", "Pod") {
        return Ok(Pointer::from_text("/spec"));
    }
    match kind.and_then(Kind::pod_template_path) {
        Some(template) => Ok(Pointer::from_text(template).child("spec")),
        None => Err(Failure::because(format!(
            "it is not known where the pods of a {} are: write podSpec, a JSON Pointer to their \
             spec",
            quoted(field("kind"))
        ))),
    }
}

/// What stands at a path that the field `name` of the operation has.
fn at<'o>(object: &'o mut Value, path: &str, name: &str) -> Result<&'o mut Value, Failure> {
    let place = inside(name);
    if !path.starts_with('/') {
        let why = format!("a path starts with a slash, and not as {}", quoted(path));
        return Err(Failure::inside(place, why));
    }
    object.pointer_mut(path).ok_or_else(|| {
        let why = format!("there is nothing at {}", quoted(path));
        Failure::inside(place, why)
    })
}

fn inside(field: &str) -> String {
    if field.is_empty() {
        String::new()
    } else {
        format!("/{field}")
    }
}
