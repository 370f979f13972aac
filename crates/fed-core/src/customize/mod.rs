//! What must the template look like in each cluster? Overrides, and how they apply.
