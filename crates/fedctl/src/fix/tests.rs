//! Are repairs made in a sound order, and is everything else told?
