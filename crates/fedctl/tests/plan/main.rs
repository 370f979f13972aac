//! Is `fedctl plan` what the contract says? The built binary, run as people run it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::format_push_string,
    reason = "a test that cannot go on has failed; its input is made to be read"
)]

mod bad_input;
mod checks;
mod directory;
mod forms;
mod kinds;
mod live;
mod options;
mod readme;
mod run;
mod secrets;
mod size;
mod terminal;
mod what_if;
