//! Is `fedctl plan` what the contract says? The built binary, run as people run it.

mod bad_input;
mod directory;
mod forms;
mod options;
mod run;
mod secrets;
mod size;
mod terminal;
