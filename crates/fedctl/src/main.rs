//! `fedctl`: plan Kubernetes federation offline, and see why.

fn main() {}
