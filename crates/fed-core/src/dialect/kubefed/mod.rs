//! KubeFed's own API kinds, as its users still have them.

mod go_json;
pub mod versions;
