//! What is wrong with this text? Faults as the parsing of one document collects them, before
//! anyone knows whether its text may be shown.

use std::ops::Range;

use fed_core::{Code, Pointer, Severity};
use granit_parser::ErrorKind;

/// How many faults of one severity are kept of one document.
pub(super) const FAULT_LIMIT: usize = 1000;

/// Something wrong or worth knowing, at a byte of the text.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) severity: Severity,
    pub(super) code: Code,
    /// Without a word from the text.
    pub(super) message: String,
    /// The same, quoting the text; for where it may be shown.
    pub(super) quoting: Option<String>,
    pub(super) range: Range<usize>,
    pub(super) path: Pointer,
    pub(super) related: Vec<usize>,
}

impl Fault {
    pub(super) fn error(code: Code, range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            quoting: None,
            range,
            path: Pointer::root(),
            related: Vec::new(),
        }
    }

    #[must_use]
    pub(super) fn graded(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    #[must_use]
    pub(super) fn quoting(mut self, message: String) -> Self {
        self.quoting = Some(message);
        self
    }

    #[must_use]
    pub(super) fn at(mut self, path: Pointer) -> Self {
        self.path = path;
        self
    }
}

/// The faults of one document, up to a limit: a small file can hold millions.
#[derive(Debug, Default)]
pub(super) struct Faults {
    kept: Vec<Fault>,
    tallies: Vec<Tally>,
}

#[derive(Debug)]
struct Tally {
    severity: Severity,
    count: usize,
    /// Code and place of the first that was left out.
    first_omitted: Option<(Code, Range<usize>)>,
}

impl Faults {
    /// Adds a fault, if there is room for another of its severity.
    pub(super) fn add(&mut self, severity: Severity, make: impl FnOnce() -> Fault) {
        let position = self
            .tallies
            .iter()
            .position(|tally| tally.severity == severity);
        let position = position.unwrap_or_else(|| {
            self.tallies.push(Tally {
                severity,
                count: 0,
                first_omitted: None,
            });
            self.tallies.len() - 1
        });
        let Some(tally) = self.tallies.get_mut(position) else {
            return;
        };
        tally.count += 1;
        if tally.count <= FAULT_LIMIT {
            self.kept.push(make());
        } else if tally.count == FAULT_LIMIT + 1 {
            let fault = make();
            tally.first_omitted = Some((fault.code, fault.range));
        }
    }

    /// All that was kept, and how many were left out.
    pub(super) fn into_list(mut self) -> Vec<Fault> {
        for tally in self.tallies {
            if let Some((code, range)) = tally.first_omitted {
                let more = tally.count - FAULT_LIMIT;
                let plural = if more == 1 { "" } else { "s" };
                let message = format!("{more} more {}{plural} in this document", tally.severity);
                self.kept
                    .push(Fault::error(code, range, message).graded(tally.severity));
            }
        }
        self.kept
    }
}

const TEMPLATE_HINT: &str = "; render templates with `{{` before they are read";

/// What to do about a syntax error, for those that people make most.
pub(super) fn hint(kind: &ErrorKind, text: &str) -> &'static str {
    match kind {
        _ if text.contains("{{") => TEMPLATE_HINT,
        ErrorKind::MappingValueNotAllowed => {
            "; quote a value that contains `: `, and check the indentation"
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidIndentation
        | ErrorKind::SimpleKeyExpected => "; check the indentation and the quotes above this line",
        ErrorKind::UnknownAnchor => {
            "; an alias can only refer to an anchor earlier in its document"
        }
        _ => "",
    }
}
