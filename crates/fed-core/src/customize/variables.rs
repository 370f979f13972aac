//! What may the texts of an override say of the cluster they are for? Variables such as
//! `$(cluster.name)`. All other text with a dollar belongs to Kubernetes, or to a shell.

use std::collections::BTreeSet;

use serde_json::Value;

use super::failure::clipped;
use super::limits::{CopyBudget, too_deep};
use super::native::{FieldOverride, KeysOverride, Override, PatchOperation, WordsOverride};
use crate::fleet::Cluster;
use crate::location::Pointer;

/// How every variable starts.
const START: &str = "$(cluster.";
const LABEL_START: &str = "labels['";
const LABEL_END: &str = "'])";

/// How much of what is no variable is shown.
const SHOWN: usize = 40;

/// Something of a cluster that a text can tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Variable {
    Name,
    Region,
    Zone,
    Provider,
    Label(String),
}

/// A text of an override that cannot be used, and why.
pub(super) struct Unusable {
    pub(super) at: Pointer,
    pub(super) why: String,
}

impl Variable {
    /// What it is for a cluster, or why there is nothing.
    pub(super) fn of<'c>(&self, cluster: &'c Cluster) -> Result<&'c str, String> {
        let topology = cluster.topology();
        let found = match self {
            Self::Name => Some(cluster.name().as_str()),
            Self::Region => Some(topology.region.as_str()),
            Self::Provider => Some(topology.provider.as_str()),
            Self::Label(key) => {
                return cluster
                    .labels()
                    .get(key)
                    .map(String::as_str)
                    .ok_or_else(|| {
                        let key = clipped(key);
                        format!("the cluster has no label {key:?}: give it one")
                    });
            }
            Self::Zone if topology.zones.len() > 1 => {
                let count = topology.zones.len();
                return Err(format!(
                    "the cluster is in {count} zones: use a label of the cluster that says which"
                ));
            }
            Self::Zone => topology.zones.first().map(String::as_str),
        };
        found.filter(|found| !found.is_empty()).ok_or_else(|| {
            format!(
                "the {0} of the cluster is not known: give the cluster a {0}",
                self.noun()
            )
        })
    }

    const fn noun(&self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Region => "region",
            Self::Zone => "zone",
            Self::Provider => "provider",
            Self::Label(_) => "label",
        }
    }
}

/// A text taken apart.
enum Piece<'t> {
    Text(&'t str),
    Variable(Variable),
}

/// The pieces of a text, or what in it is no variable.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(START) {
        if let Some(before) = before.strip_suffix('$') {
            pieces.extend([Piece::Text(before), Piece::Text(START)]);
            rest = after;
            continue;
        }
        let (variable, behind) = variable(after).ok_or_else(|| unknown(after))?;
        pieces.extend([Piece::Text(before), Piece::Variable(variable)]);
        rest = behind;
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

/// The variable at the start of a text, and what comes behind it.
fn variable(text: &str) -> Option<(Variable, &str)> {
    if let Some(key) = text.strip_prefix(LABEL_START) {
        let (key, behind) = key.split_once(LABEL_END)?;
        let is_key = !key.is_empty() && !key.contains(['\'', '$', '(']);
        return is_key.then(|| (Variable::Label(key.to_owned()), behind));
    }
    let (name, behind) = text.split_once(')')?;
    let variable = match name {
        "name" => Variable::Name,
        "region" => Variable::Region,
        "zone" => Variable::Zone,
        "provider" => Variable::Provider,
        _ => return None,
    };
    Some((variable, behind))
}

fn unknown(after: &str) -> String {
    // What stands there may be anything, so no more than a name is shown.
    let is_plain = |character: &char| character.is_ascii_alphanumeric() || *character == '_';
    let name: String = after.chars().take_while(is_plain).take(SHOWN).collect();
    format!(
        "{START}{name} is no variable: there are $(cluster.name), $(cluster.region), \
         $(cluster.zone), $(cluster.provider) and $(cluster.labels['KEY']); for the text itself \
         write ${START}{name}"
    )
}

/// The variables in an override, if its texts have to be made for each cluster; or the first text
/// that has something else in the place of a variable.
pub(super) fn used(source: &Override) -> Result<Option<BTreeSet<Variable>>, Unusable> {
    let mut found = BTreeSet::new();
    let mut is_escaped = false;
    each_text(&mut source.clone(), &mut |text, at| {
        for piece in pieces(text).map_err(|why| unusable(at, why))? {
            match piece {
                Piece::Variable(variable) => {
                    found.insert(variable);
                }
                Piece::Text(START) => is_escaped = true,
                Piece::Text(_) => {}
            }
        }
        Ok(())
    })?;
    Ok((is_escaped || !found.is_empty()).then_some(found))
}

/// The override as a cluster gets it.
pub(super) fn expanded(
    source: &Override,
    cluster: &Cluster,
    copies: &mut CopyBudget,
) -> Result<Override, Unusable> {
    let mut expanded = source.clone();
    each_text(&mut expanded, &mut |text, at| {
        if !text.contains(START) {
            return Ok(());
        }
        let mut told = String::new();
        for piece in pieces(text).map_err(|why| unusable(at, why))? {
            let piece = match &piece {
                Piece::Text(text) => text,
                Piece::Variable(variable) => {
                    variable.of(cluster).map_err(|why| unusable(at, why))?
                }
            };
            if !copies.take_bytes(piece.len()) {
                let why = "its variables make more text than an object can hold";
                return Err(unusable(at, why.to_owned()));
            }
            told.push_str(piece);
        }
        *text = told;
        Ok(())
    })?;
    Ok(expanded)
}

/// Could this text be another one in another cluster?
pub(super) fn vary(text: &str) -> bool {
    text.contains(START)
}

fn unusable(at: &Pointer, why: String) -> Unusable {
    Unusable {
        at: at.clone(),
        why,
    }
}

type Visit<'v> = dyn FnMut(&mut String, &Pointer) -> Result<(), Unusable> + 'v;

/// Visits every text that an override writes, with its place in the override.
fn each_text(source: &mut Override, visit: &mut Visit<'_>) -> Result<(), Unusable> {
    let root = Pointer::root();
    for (index, image) in source.image.iter_mut().enumerate() {
        let at = root.child("image").child(index);
        let (set, append) = (&mut image.set, &mut image.append);
        let parts = [
            ("/set/registry", &mut set.registry),
            ("/set/repository", &mut set.repository),
            ("/set/tag", &mut set.tag),
            ("/set/digest", &mut set.digest),
            ("/append/registry", &mut append.registry),
            ("/append/repository", &mut append.repository),
            ("/append/tag", &mut append.tag),
        ];
        for (part, text) in parts {
            text.iter_mut()
                .try_for_each(|text| visit(text, &at.join(part)))?;
        }
    }
    each_word(&mut source.command, &root.child("command"), visit)?;
    each_word(&mut source.args, &root.child("args"), visit)?;
    for (index, env) in source.env.iter_mut().enumerate() {
        let at = root.child("env").child(index).child("set");
        for (index, variable) in env.set.iter_mut().enumerate() {
            let at = at.child(index);
            if let Some(value) = &mut variable.value {
                visit(value, &at.child("value"))?;
            }
            if let Some(from) = &mut variable.value_from {
                each_inside(from, &at.child("valueFrom"), visit)?;
            }
        }
    }
    each_value(&mut source.labels, &root.child("labels"), visit)?;
    each_value(&mut source.annotations, &root.child("annotations"), visit)?;
    for (index, FieldOverride { patches, .. }) in source.fields.iter_mut().enumerate() {
        let at = root.child("fields").child(index).child("patches");
        each_patch(patches, &at, visit)?;
    }
    each_patch(&mut source.patches, &root.child("patches"), visit)
}

fn each_word(
    all: &mut [WordsOverride],
    at: &Pointer,
    visit: &mut Visit<'_>,
) -> Result<(), Unusable> {
    for (index, one) in all.iter_mut().enumerate() {
        let at = at.child(index);
        let lists = [
            ("set", one.set.as_mut()),
            ("remove", Some(&mut one.remove)),
            ("append", Some(&mut one.append)),
        ];
        for (name, words) in lists {
            let words = words.into_iter().flatten().enumerate();
            for (index, word) in words {
                visit(word, &at.child(name).child(index))?;
            }
        }
    }
    Ok(())
}

fn each_value(
    keys: &mut KeysOverride,
    at: &Pointer,
    visit: &mut Visit<'_>,
) -> Result<(), Unusable> {
    for (name, values) in [("set", &mut keys.set), ("replace", &mut keys.replace)] {
        for (key, value) in values {
            visit(value, &at.child(name).child(key))?;
        }
    }
    Ok(())
}

fn each_patch(
    patches: &mut [PatchOperation],
    at: &Pointer,
    visit: &mut Visit<'_>,
) -> Result<(), Unusable> {
    for (index, patch) in patches.iter_mut().enumerate() {
        if let Some(value) = &mut patch.value {
            each_inside(value, &at.child(index).child("value"), visit)?;
        }
    }
    Ok(())
}

/// All texts in a value, which stand at its place. What is too deep is refused elsewhere.
fn each_inside(value: &mut Value, at: &Pointer, visit: &mut Visit<'_>) -> Result<(), Unusable> {
    if too_deep(value) {
        return Ok(());
    }
    walk(value, at, visit)
}

fn walk(value: &mut Value, at: &Pointer, visit: &mut Visit<'_>) -> Result<(), Unusable> {
    match value {
        Value::String(text) => visit(text, at),
        Value::Array(items) => items.iter_mut().try_for_each(|item| walk(item, at, visit)),
        Value::Object(fields) => fields
            .values_mut()
            .try_for_each(|field| walk(field, at, visit)),
        _ => Ok(()),
    }
}
