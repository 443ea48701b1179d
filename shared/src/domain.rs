//! The rules of the clinic, pure: no I/O, no clock, no randomness. Everything that decides who may do what stands here.

pub mod agency;
pub mod answers;
pub mod decide;
pub mod document;
pub mod draft;
pub mod event;
pub mod form;
pub mod grant;
pub mod id;
pub mod invitation;
pub mod limit;
pub mod login;
pub mod mail;
pub mod member;
pub mod packet;
pub mod policy;
pub mod request;
pub mod signature;
pub mod text;

/// How often an item was replaced; a transaction pins the version that was read (design §3).
pub type Version = u64;
