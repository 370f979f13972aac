//! The examples stand beside this file, a folder each. This crate also tests the README's code.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
