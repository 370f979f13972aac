//! `fed.dev/v1alpha1`: the kind that is ours.
