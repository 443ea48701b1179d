//! Hearth's common crate: what every function shares.
//!
//! [`domain`] holds the rules and does no I/O. [`store`] keeps items in DynamoDB, [`files`] in S3, [`session`] issues and checks
//! tokens, [`mail`] holds the texts of mails, [`http`] turns requests into calls and errors into problem documents.

pub use jiff::Timestamp;

pub mod aws;
pub mod circle;
pub mod clock;
pub mod config;
pub mod domain;
pub mod files;
pub mod function;
pub mod gate;
pub mod http;
pub mod log;
pub mod mail;
pub mod random;
pub mod secrets;
pub mod session;
pub mod store;
