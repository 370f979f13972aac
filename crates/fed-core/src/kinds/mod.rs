//! What is known of each Kubernetes kind? One file a kind, behind one trait.
