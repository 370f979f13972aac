//! Is what was edited what was meant, and is all else as it was?

mod generate;
mod law;
mod repairs;
