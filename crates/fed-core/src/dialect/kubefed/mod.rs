//! KubeFed's own API kinds, as its users still have them.
