//! For any document and any patch: the text says what the patch makes of the value, and all lines
//! that the patch does not name are as they were; or the edit is refused.

use std::collections::BTreeMap;
use std::sync::Mutex;

use fed_core::customize::PatchOp;
use fed_core::{PatchOperation, Pointer};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::generate::{Dice, Writer};
use crate::edit::value::same;
use crate::edit::{EditError, apply};
use crate::read::{SourceDocument, read_text};

fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-z]{1,5}",
        "[ -~]{0,8}",
        proptest::sample::select(vec![
            "y",
            "1.0",
            "a: b",
            "# no",
            "one\ntwo\n",
            "x\n\n y",
            "",
            "a, b"
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9i64..1000).prop_map(Value::from),
        text.prop_map(Value::from),
        Just(json!({})),
        Just(json!([])),
    ];
    let key = prop_oneof![
        4 => "[a-e]{1,2}",
        1 => proptest::sample::select(vec!["metadata", "spec", "name", "a/b", "x~y", "on", "8", "a b"])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            2 => proptest::collection::btree_map(key.clone(), inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// All places in a value.
fn places(value: &Value, at: &Pointer, found: &mut Vec<Pointer>) {
    found.push(at.clone());
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| places(value, &at.child(key), found)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| places(value, &at.child(index), found));
        }
        _ => {}
    }
}

/// An operation that applies, for most rolls of the dice.
fn operation(value: &Value, dice: &mut Dice, new: &Value) -> PatchOperation {
    let mut all = Vec::new();
    places(value, &Pointer::root(), &mut all);
    let pick = |dice: &mut Dice| all[dice.roll(all.len())].clone();
    let inside = |dice: &mut Dice| {
        let around = pick(dice);
        match around.resolve(value) {
            Some(Value::Array(items)) => around.child(dice.roll(items.len() + 1)),
            Some(Value::Object(_)) => around.child(["new", "metadata", "a", "8"][dice.roll(4)]),
            _ => around,
        }
    };
    let path = pick(dice);
    match dice.roll(6) {
        0 => PatchOperation::remove(path.as_str()),
        1 => PatchOperation::replace(path.as_str(), new.clone()),
        2 => PatchOperation::copy_to(path.as_str(), inside(dice).as_str()),
        3 | 4 => PatchOperation::move_to(path.as_str(), inside(dice).as_str()),
        _ => PatchOperation::add(inside(dice).as_str(), new.clone()),
    }
}

fn patched(value: &Value, operation: &PatchOperation) -> Option<Value> {
    let operation = serde_json::from_value(serde_json::to_value(operation).unwrap()).unwrap();
    let mut value = value.clone();
    json_patch::patch_unsafe(&mut value, &[operation]).ok()?;
    Some(value)
}

/// The dash of an item, which may have a comment behind it.
fn dash_before(text: &str, start: usize) -> Option<usize> {
    let mut before = text[..start].trim_end();
    while let Some(at) = before
        .rfind("# c")
        .filter(|at| !before[*at..].contains('\n'))
    {
        before = before[..at].trim_end();
    }
    before.ends_with('-').then(|| before.len() - 1)
}

/// The target of a move through the list that it takes an item from, as it is numbered before.
fn shifted(operation: &PatchOperation) -> Option<String> {
    let (list, _) = operation.from.as_ref()?.rsplit_once('/')?;
    let rest = operation.path.strip_prefix(list)?.strip_prefix('/')?;
    let (index, rest) = rest.split_once('/')?;
    Some(format!(
        "{list}/{}/{rest}",
        index.parse::<usize>().ok()? + 1
    ))
}

/// The lines that an operation may change: those of the places it names, those of the flow
/// collections around them, and the line that the collection around them starts on.
fn touched(document: &SourceDocument, operation: &PatchOperation) -> Vec<bool> {
    let file = &document.file;
    let lines: Vec<&str> = file.text.split('\n').collect();
    let mut touched = vec![false; lines.len() + 1];
    let mut mark = |start: usize, end: usize| {
        let last = file.position(end.max(start)).0;
        touched[file.position(start).0 - 1..last].fill(true);
    };
    let shifted = shifted(operation);
    for path in std::iter::once(&operation.path)
        .chain(&operation.from)
        .chain(&shifted)
    {
        let mut path = Some(Pointer::from_text(path.as_str()));
        let mut is_first = true;
        while let Some(at) = path {
            let place = document.place(at.as_str());
            let start = place
                .key
                .as_ref()
                .map_or(place.value.start, |key| key.start);
            let start = dash_before(&file.text, start).unwrap_or(start);
            let is_flow = file.text[place.value.clone()].starts_with(['{', '[', '&']);
            if is_first || is_flow {
                mark(start, place.value.end);
            } else {
                mark(start, place.value.start.max(start));
            }
            is_first = false;
            path = at.parent();
        }
    }
    // What stands behind a dash makes room for the next entry.
    for index in 0..lines.len() {
        let is_dash = lines[index].trim_start().starts_with("- ");
        let next = (index + 1..lines.len()).find(|next| {
            let line = lines[*next].trim();
            !touched[*next] && !line.is_empty() && !line.starts_with('#')
        });
        if let Some(next) = next.filter(|_| is_dash && touched[index]) {
            touched[index..=next].fill(true);
        }
    }
    // Comments go with what they stand beside.
    let is_comment = |line: &str| line.trim_start().starts_with('#');
    for index in (0..lines.len()).rev() {
        touched[index] |= is_comment(lines[index]) && touched[index + 1];
    }
    for index in 1..lines.len() {
        touched[index] |= is_comment(lines[index]) && touched[index - 1];
    }
    touched
}

/// The first line that should be there in `after`, in this order, and is not.
fn lost_line<'t>(before: &'t str, after: &str, touched: &[bool]) -> Option<&'t str> {
    let mut rest = after.split('\n').map(|line| line.trim_end_matches('\r'));
    before
        .split('\n')
        .map(|line| line.trim_end_matches('\r'))
        .zip(touched)
        .filter(|(line, touched)| !**touched && !line.is_empty())
        .find_map(|(line, _)| (!rest.any(|other| other == line)).then_some(line))
}

/// A comment that is gone, although the operation takes nothing away.
fn lost_comment<'t>(
    before: &'t str,
    after: &str,
    value: &Value,
    operation: &PatchOperation,
) -> Option<&'t str> {
    let parent = operation
        .path
        .rsplit_once('/')
        .map_or("", |(parent, _)| parent);
    let is_new = value.pointer(&operation.path).is_none()
        || value.pointer(parent).is_some_and(Value::is_array);
    let takes_nothing =
        matches!(operation.op, PatchOp::Add | PatchOp::Copy | PatchOp::Move) && is_new;
    let comments = |text: &'t str| {
        text.lines()
            .filter_map(|line| line.rfind("# c").map(|at| &line[at..]))
    };
    let kept: Vec<_> = after
        .split('#')
        .filter_map(|part| part.split_whitespace().next())
        .collect();
    let is_gone = |comment: &&str| !kept.contains(&&comment[2..]);
    comments(before).find(is_gone).filter(|_| takes_nothing)
}

fn document_of(text: &str) -> Option<SourceDocument> {
    let mut documents = read_text("t", text).documents;
    match documents.len() {
        1 => documents.pop(),
        3 => Some(documents.remove(1)),
        _ => None,
    }
}

/// What became of one case, by name.
fn outcome(value: &Value, new: &Value, seed: u64) -> Result<&'static str, String> {
    let mut writer = Writer::new(seed);
    let text = writer.file(value);
    let Some(document) = document_of(&text) else {
        return Ok("not a document");
    };
    let operation = operation(document.value(), &mut writer.dice, new);
    let Some(expected) = patched(document.value(), &operation) else {
        return Ok("does not apply");
    };
    if !expected.is_object() {
        return Ok("does not apply");
    }
    let say = |what: &str| {
        let operation = serde_json::to_string(&operation).unwrap();
        Err(format!("{what}\n--- {operation}\n{text}"))
    };
    let edited = match apply("t", &text, &[(document.number, vec![operation.clone()])]) {
        Err(EditError::Differs { .. }) => return Ok("refused: differs"),
        Err(EditError::Unsupported { .. }) => return Ok("refused: unsupported"),
        Err(EditError::DoesNotApply { .. }) => return say("does not apply"),
        Err(_) => return Ok("refused: anchors"),
        Ok(edited) => edited,
    };
    let Some(after) = document_of(&edited) else {
        return say(&format!("no document:\n{edited}"));
    };
    if !same(after.value(), &expected) {
        return say(&format!("other value:\n{edited}"));
    }
    if let Some(line) = lost_line(&text, &edited, &touched(&document, &operation)) {
        return say(&format!("lost line {line:?}:\n{edited}"));
    }
    if let Some(comment) = lost_comment(&text, &edited, document.value(), &operation) {
        return say(&format!("lost {comment:?}:\n{edited}"));
    }
    Ok("edited")
}

#[test]
fn an_edit_says_what_its_patch_says_and_touches_nothing_else() {
    let tally: Mutex<BTreeMap<&str, usize>> = Mutex::default();
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    let config = ProptestConfig::with_cases(cases.unwrap_or(2000));
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let fields = proptest::collection::btree_map("[a-e]|spec|metadata", any_value(), 1..5);
    let value = fields.prop_map(|fields| Value::Object(fields.into_iter().collect()));
    let result = runner.run(&(value, any_value(), any::<u64>()), |(value, new, seed)| {
        let outcome = outcome(&value, &new, seed).map_err(TestCaseError::fail)?;
        *tally.lock().unwrap().entry(outcome).or_default() += 1;
        Ok(())
    });
    let tally = tally.into_inner().unwrap();
    eprintln!("{tally:?}");
    if let Err(error) = result {
        panic!("{error}");
    }
    let count = |name: &str| tally.get(name).copied().unwrap_or_default();
    let tried = count("edited") + count("refused: differs") + count("refused: unsupported");
    assert!(
        count("edited") * 2 > cases.unwrap_or(2000) as usize,
        "too few cases: {tally:?}"
    );
    assert!(
        count("refused: differs") * 100 <= tried,
        "the safety net is no way of working: {tally:?}"
    );
}
