//! The command line of fed, as a library: what `fedctl` reads, works out and prints.
//!
//! Everything that decides anything is in `fed-core`; this crate owns files, terminals and words.

pub mod answer;
pub mod cli;
pub mod crds;
pub mod edit;
pub mod fix;
mod live;
pub mod output;
pub mod plan;
mod question;
pub mod read;
pub mod what_if;
