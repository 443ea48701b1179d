//! Hearth on a laptop: the whole stack that `template.yaml` describes, embedded in one process.
//!
//! DynamoDB, S3, SES and KMS stand behind their real wire protocols on
//! loopback, so the functions talk to them through the same AWS SDKs as in
//! production. Routes, tables, buckets, stream mappings and notifications are
//! read from the template: what it lacks does not exist here either.

mod activity;
mod aws;
pub mod chain;
pub mod cli;
pub mod client;
pub mod containers;
mod data;
mod dead_letters;
pub mod demo;
mod dynamodb;
mod error;
pub mod faults;
mod filter;
pub mod first_staff;
mod functions;
mod gateway;
mod guard;
pub mod journey;
mod keys;
mod kms;
mod log;
mod mail;
mod notifications;
mod openapi;
mod retry;
mod rights;
mod s3;
mod schedules;
mod ses;
mod stack;
mod streams;
pub mod template;
mod tools;

pub use data::erase;
pub use dead_letters::DeadLetter;
pub use dynamodb::Snapshot;
pub use error::StartError;
pub use functions::{Answer, Handler, HttpHandler, ObjectHandler, Registry, ScheduleHandler, StreamHandler};
pub use log::LogSink;
pub use mail::Mail;
pub use rights::Part;
pub use stack::{Clinic, Options, Stack};

/// The product's own template, the one at the root of the repository.
pub const TEMPLATE: &str = include_str!("../../../template.yaml");
