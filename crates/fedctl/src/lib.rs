//! The command line of fed.

pub mod read;
