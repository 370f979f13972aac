//! Does the server in memory answer as a real one did?

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "clippy allows these in test functions, but not in what they share"
)]

mod compare;
mod dialogue;
mod differences;
mod laws;
#[cfg(unix)]
mod live;
#[cfg(unix)]
mod live_dialogue;
#[cfg(unix)]
mod objects;
mod oracle;
mod published;
#[cfg(unix)]
mod reading;
mod without_effect;
