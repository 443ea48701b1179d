//! PDFs that are hostile or odd, and what intake says to each: [`SET`] is the table to read.
//!
//! Nothing here is read from elsewhere: every file is written by the functions that the table names. Each one is inspected in a
//! process of its own, bounded in time and memory as the function is in the cloud ([`bounded`]); the same is done to every PDF
//! of a folder that the tests are pointed at.

pub mod bounded;
mod draft;
mod makers;
mod set;
pub mod verdict;

pub use set::{Expected, SET, Specimen};
