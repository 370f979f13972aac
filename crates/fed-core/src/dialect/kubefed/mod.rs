//! KubeFed's own API kinds, as its users still have them.

pub mod api;
pub mod constants;
pub mod plural;
mod go_json;
pub mod versions;
