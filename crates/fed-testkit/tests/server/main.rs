//! Does the server in memory answer as a real one did?

#![allow(
    clippy::expect_used,
    reason = "clippy allows it in test functions, but not in what they share"
)]

mod differences;
mod laws;
mod oracle;
