//! How is a JSON Patch read and applied? Strictly as RFC 6902 says.
//!
//! Operations are applied one at a time, without the undo of `json_patch::patch`: that one cannot
//! undo a `move` whose source was removed before its target proved impossible. The caller works on
//! a copy instead.

use json_patch::jsonptr::PointerBuf;
use json_patch::{
    AddOperation, CopyOperation, MoveOperation, PatchErrorKind, PatchOperation as Patch,
    RemoveOperation, ReplaceOperation, TestOperation,
};
use serde_json::Value;

use super::failure::{Failure, clipped, quoted};
use super::limits::{CopyBudget, DEEPEST, too_deep};
use super::native::{PatchOp, PatchOperation};
use crate::location::Location;
use crate::problem::{Code, Problem};

/// A field that the operation has, and that has no effect there.
pub(super) fn unused(index: usize, patch: &PatchOperation, at: &Location) -> Option<Problem> {
    let field = match patch.op {
        op if patch.value.is_some() && !op.needs_value() => "value",
        op if patch.from.is_some() && !op.needs_from() => "from",
        _ => return None,
    };
    let message = format!(
        "override {index} ({} {}) has a {field:?}, which {} does not use",
        patch.op,
        quoted(&patch.path),
        patch.op
    );
    Some(Problem::warning(Code::SuspiciousOverride, message).at(at.child(field)))
}

/// What is wrong with an operation in itself.
pub(super) struct Fault(Code, String);

impl Fault {
    pub(super) const fn code(&self) -> Code {
        self.0
    }

    /// What the operation has, as a sentence goes on.
    pub(super) fn what(&self) -> &str {
        &self.1
    }

    /// The same, of this operation.
    pub(super) fn of(&self, patch: &PatchOperation) -> String {
        format!("({} {}) {}", patch.op, quoted(&patch.path), self.1)
    }
}

/// An operation as it is applied.
pub(super) fn compiled(source: &PatchOperation) -> Result<Patch, Fault> {
    let path = pointer("path", &source.path)?;
    Ok(match source.op {
        PatchOp::Remove => Patch::Remove(RemoveOperation { path }),
        PatchOp::Add => Patch::Add(AddOperation {
            path,
            value: value(source)?,
        }),
        PatchOp::Replace => Patch::Replace(ReplaceOperation {
            path,
            value: value(source)?,
        }),
        PatchOp::Test => Patch::Test(TestOperation {
            path,
            value: value(source)?,
        }),
        PatchOp::Move => Patch::Move(MoveOperation {
            path,
            from: from(source)?,
        }),
        PatchOp::Copy => Patch::Copy(CopyOperation {
            path,
            from: from(source)?,
        }),
    })
}

fn value(patch: &PatchOperation) -> Result<Value, Fault> {
    match &patch.value {
        None => Err(Fault(
            Code::InvalidOverride,
            format!(
                "has no \"value\", which {} needs; write null if that is meant",
                patch.op
            ),
        )),
        Some(value) if too_deep(value) => Err(Fault(
            Code::TooDeep,
            format!("has a value nested more than {DEEPEST} deep"),
        )),
        Some(value) => Ok(value.clone()),
    }
}

fn from(patch: &PatchOperation) -> Result<PointerBuf, Fault> {
    match &patch.from {
        Some(from) => pointer("from", from),
        None => Err(Fault(
            Code::InvalidOverride,
            format!("has no \"from\", which {} needs", patch.op),
        )),
    }
}

/// A path as it is followed.
pub(super) fn pointer(field: &str, text: &str) -> Result<PointerBuf, Fault> {
    if text.split('/').count() > DEEPEST + 1 {
        return Err(Fault(
            Code::TooDeep,
            format!("has a {field} of more than {DEEPEST} steps"),
        ));
    }
    PointerBuf::parse(text).map_err(|_| {
        let why = if text.is_empty() || text.starts_with('/') {
            "in which a \"~\" is followed by neither 0 nor 1; write \"~0\" for \"~\"".to_owned()
        } else {
            format!(
                "without a leading slash; did you mean {:?}?",
                format!("/{}", clipped(text))
            )
        };
        let message = format!("has a {field} {why}");
        Fault(Code::InvalidOverride, message)
    })
}

/// Applies one operation; after a failure, `object` may be half done.
pub(super) fn apply(
    object: &mut Value,
    patch: &Patch,
    copies: &mut CopyBudget,
) -> Result<(), Failure> {
    if let Some(from) = source_of(patch)
        && let Some(value) = object.pointer(from)
    {
        if too_deep(value) {
            return Err(Failure::TooDeep);
        }
        if matches!(patch, Patch::Copy(_)) && !copies.take(value) {
            return Err(Failure::TooLarge);
        }
    }
    json_patch::patch_unsafe(object, std::slice::from_ref(patch))
        .map_err(|error| failure(&error.kind, patch))
}

fn source_of(patch: &Patch) -> Option<&str> {
    match patch {
        Patch::Move(operation) => Some(operation.from.as_str()),
        Patch::Copy(operation) => Some(operation.from.as_str()),
        _ => None,
    }
}

fn failure(kind: &PatchErrorKind, patch: &Patch) -> Failure {
    match (kind, source_of(patch)) {
        (PatchErrorKind::TestFailed, _) => Failure::TestFailed,
        (PatchErrorKind::CannotMoveInsideItself, _) => Failure::IntoItself,
        (PatchErrorKind::InvalidFromPointer, Some(from)) => Failure::NoSuchSource(from.to_owned()),
        _ if patch.path().as_str().is_empty() => Failure::WholeObject,
        _ => Failure::NoSuchPath,
    }
}

/// The index that a step stands for, in a list of this many items.
pub(super) fn position(step: &str, count: usize) -> Option<usize> {
    let padded = step.starts_with('0') && step != "0";
    if padded || !step.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    step.parse().ok().filter(|index| *index < count)
}
