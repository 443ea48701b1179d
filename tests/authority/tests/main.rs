//! The rules of access, proved from outside.

mod cedar;
mod model;
mod properties;
