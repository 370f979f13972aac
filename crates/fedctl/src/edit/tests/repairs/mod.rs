//! The repairs that checks propose, on documents as people have them: before, patch, and what
//! changes.

mod labels;
mod moved;
mod renamed;
mod selector;
mod version;

use fed_core::PatchOperation;
use serde_json::{Value, json};

use crate::edit::apply;
use crate::output::diff::unified;
use crate::read::read_text;

/// Name, text, number of the document, patch.
type Case = (&'static str, &'static str, usize, Vec<PatchOperation>);

/// Before, patch and difference of every case. The reader finds nothing new in any result.
fn shown(cases: Vec<Case>) -> String {
    let mut shown = String::new();
    for (name, text, number, patch) in cases {
        let lines: Vec<_> = patch
            .iter()
            .map(|step| serde_json::to_string(step).unwrap())
            .collect();
        let patch_lines = lines.join("\n         ");
        shown += &[
            "======== ",
            name,
            "\n",
            &visible(text),
            "\n-------- ",
            &patch_lines,
            "\n",
        ]
        .concat();
        match apply("before", text, &[(number, patch)]) {
            Ok(edited) => {
                let findings = read_text("after", edited.as_str()).findings;
                assert_eq!(findings, read_text("after", text).findings, "{edited}");
                assert_eq!(edited.ends_with('\n'), text.ends_with('\n'), "{name}");
                assert_eq!(edited.contains('\r'), text.contains('\r'), "{name}");
                let diff = unified("", &visible(text), &visible(&edited));
                shown += diff.strip_prefix("--- \n+++ \n").unwrap();
            }
            Err(error) => shown += &["refused: ", &error.to_string(), "\n"].concat(),
        }
    }
    shown
}

fn visible(text: &str) -> String {
    text.replace('\r', "␍")
}

/// `containers` (or another field) laid under the spec of the object, where its pods' belongs.
fn into_pod(object: &str, fields: &[&str], has: &[&str]) -> Vec<PatchOperation> {
    let spec = format!("{object}/spec");
    let parents = [format!("{spec}/template"), format!("{spec}/template/spec")];
    let new = parents.iter().filter(|path| !has.contains(&path.as_str()));
    let adds = new.map(|path| PatchOperation::add(path.as_str(), json!({})));
    let moves = fields.iter().map(|field| {
        PatchOperation::move_to(
            format!("{spec}/{field}"),
            format!("{spec}/template/spec/{field}"),
        )
    });
    adds.chain(moves).collect()
}

fn add(path: &str, value: Value) -> Vec<PatchOperation> {
    vec![PatchOperation::add(path, value)]
}

fn rename(from: &str, to: &str) -> Vec<PatchOperation> {
    let parent = from.rsplit_once('/').unwrap().0;
    vec![PatchOperation::move_to(from, format!("{parent}/{to}"))]
}

fn replace(path: &str, value: &str) -> Vec<PatchOperation> {
    vec![PatchOperation::replace(path, value)]
}
