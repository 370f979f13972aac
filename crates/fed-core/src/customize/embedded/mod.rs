//! How does an override change a document that stands in a text of the object?

mod json;
mod yaml;

use serde_json::Value;

use super::failure::{Failure, Way, quoted};
use super::limits::{CopyBudget, too_deep};
use super::native::FieldFormat;
use super::rfc6902;

/// Changes to a document in a text.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Embedded {
    /// Where the text stands.
    pub(super) path: String,
    pub(super) format: FieldFormat,
    pub(super) patches: Vec<json_patch::PatchOperation>,
}

impl Embedded {
    pub(super) fn apply(&self, object: &mut Value, copies: &mut CopyBudget) -> Result<(), Failure> {
        let Some(found) = object.pointer_mut(&self.path) else {
            return Err(Failure::NoSuchPath);
        };
        let Value::String(text) = found else {
            return Err(Failure::inside("/path", "what stands there is no text"));
        };
        let document = read(self.format, text)
            .map_err(|why| Failure::because(format!("the text is not to be read: {why}")))?;
        let mut changed = document.clone();
        for (index, patch) in self.patches.iter().enumerate() {
            rfc6902::apply(&mut changed, patch, copies)
                .map_err(|failure| failed(index, patch, &failure, &changed))?;
        }
        // What stays the same keeps its looks.
        if changed == document {
            return Ok(());
        }
        if too_deep(&changed) {
            return Err(Failure::TooDeep);
        }
        *text = match self.format {
            FieldFormat::Json => json::write(&changed, text),
            FieldFormat::Yaml => yaml::write(&changed),
        }
        .map_err(|why| Failure::because(format!("it is not to be written again: {why}")))?;
        Ok(())
    }
}

fn read(format: FieldFormat, text: &str) -> Result<Value, String> {
    match format {
        FieldFormat::Json => json::read(text),
        FieldFormat::Yaml => yaml::read(text),
    }
}

/// Can documents of this format be read at all?
pub(super) const fn is_readable(format: FieldFormat) -> bool {
    match format {
        FieldFormat::Json => true,
        FieldFormat::Yaml => cfg!(feature = "yaml"),
    }
}

/// The failure of one of the patches, told of the document in the text.
fn failed(
    index: usize,
    patch: &json_patch::PatchOperation,
    failure: &Failure,
    document: &Value,
) -> Failure {
    let way = Way {
        path: patch.path().as_str(),
        position: rfc6902::position,
    };
    let why = format!(
        "patch {index} ({}) fails in it: {}",
        quoted(way.path),
        way.because(failure, document)
    );
    Failure::inside(format!("/patches/{index}"), why)
}
