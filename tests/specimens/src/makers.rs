//! The functions that write the specimens, one each, by what they try.

pub(crate) mod active;
pub(crate) mod bombs;
pub(crate) mod changes;
pub(crate) mod photos;
pub(crate) mod protected;
pub(crate) mod shapes;
pub(crate) mod tables;
pub(crate) mod trees;
