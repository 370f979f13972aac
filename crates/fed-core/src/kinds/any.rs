//! What holds for an object of whose kind nothing is known?

use super::{Kind, Scope};

/// A kind of which nothing is known: what holds for most kinds holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnyKind;

impl Kind for AnyKind {
    fn group(&self) -> &'static str {
        ""
    }

    fn version(&self) -> &'static str {
        ""
    }

    fn kind(&self) -> &'static str {
        ""
    }

    fn plural(&self) -> &'static str {
        ""
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }
}
