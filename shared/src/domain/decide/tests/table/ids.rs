//! Identifiers of a row's people and things; a number tells rows apart that share a store.

use super::super::domain::id::{AgencyId, LoginId, MemberId};
use super::super::domain::login::MailboxId;

/// A person other than the one who asks.
pub(crate) fn other(number: u16) -> LoginId {
    LoginId::from_random(bits(number, 2))
}

/// The member whom a row is about.
pub(crate) fn member(number: u16) -> MemberId {
    MemberId::from_random(bits(number, 3))
}

/// The person who asks.
pub(crate) fn own(number: u16) -> LoginId {
    LoginId::from_random(bits(number, 1))
}

pub(crate) const fn bits(number: u16, kind: u8) -> [u8; 16] {
    let [high, low] = number.to_be_bytes();
    [kind, high, low, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]
}

pub(super) fn agency(name: &str) -> AgencyId {
    AgencyId::from_random([u8::try_from(name.len()).unwrap(); 16])
}

pub(super) fn mailbox(number: u16, kind: u8) -> MailboxId {
    let mut hash = [kind; 32];
    hash[..2].copy_from_slice(&number.to_be_bytes());
    MailboxId::from_hash(hash)
}
