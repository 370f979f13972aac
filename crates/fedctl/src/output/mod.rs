//! How is an answer printed? A file for each form.

pub mod changes;
pub mod diff;
pub mod directory;
mod fields;
mod grid;
pub mod json;
pub mod replace;
pub mod report;
pub mod table;
mod terminal;
pub mod text;
pub mod yaml;

pub use terminal::Terminal;
