//! How much may still be done?

use std::cell::Cell;

use super::{Failure, STEPS};

/// The steps that are left of an evaluation.
#[derive(Debug)]
pub(super) struct Budget(Cell<u64>);

impl Budget {
    pub(super) fn new() -> Self {
        Self(Cell::new(STEPS))
    }

    /// Takes one step.
    pub(super) fn step(&self) -> Result<(), Failure> {
        self.spend(1)
    }

    /// Takes as many steps as something has parts.
    pub(super) fn parts(&self, count: usize) -> Result<(), Failure> {
        self.spend(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Takes as many steps as a text of this length is worth.
    pub(super) fn bytes(&self, length: usize) -> Result<(), Failure> {
        self.parts(length / 8 + 1)
    }

    fn spend(&self, steps: u64) -> Result<(), Failure> {
        let left = self.0.get().checked_sub(steps);
        // What failed once fails again, whatever is asked for next.
        self.0.set(left.unwrap_or_default());
        match left {
            Some(_) => Ok(()),
            None => Err(Failure::limit(format!(
                "it takes more than {STEPS} steps: make it simpler, or the lists shorter"
            ))),
        }
    }
}
