//! Which ways are there to ask for federation? Each dialect is read and lowered to the same
//! intent, and knows nothing of planning.

pub mod kubefed;
pub mod native;
