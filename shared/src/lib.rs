//! Hearth's common crate: what every function shares.
//!
//! [`domain`] holds the rules and does no I/O. [`store`] keeps items in DynamoDB, [`files`] in S3, [`session`] issues and checks
//! tokens, [`mail`] holds the texts of mails, [`http`] turns requests into calls and errors into problem documents. Without
//! feature `aws` there are only the rules.

pub use jiff::Timestamp;

#[cfg(feature = "aws")]
pub mod aws;
#[cfg(feature = "aws")]
pub mod circle;
#[cfg(feature = "aws")]
pub mod clock;
#[cfg(feature = "aws")]
pub mod config;
pub mod domain;
#[cfg(feature = "aws")]
pub mod evidence;
#[cfg(feature = "aws")]
pub mod files;
#[cfg(feature = "aws")]
pub mod function;
#[cfg(feature = "aws")]
pub mod gate;
#[cfg(feature = "aws")]
pub mod http;
#[cfg(feature = "aws")]
pub mod log;
#[cfg(feature = "aws")]
pub mod mail;
#[cfg(feature = "aws")]
pub mod random;
#[cfg(feature = "aws")]
pub mod secrets;
#[cfg(feature = "aws")]
pub mod session;
#[cfg(feature = "aws")]
pub mod store;
