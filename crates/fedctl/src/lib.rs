//! The command line of fed.
