//! Mailboxes: several for one person, several persons behind one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Login;
use crate::domain::Version;
use crate::domain::id::LoginId;
use crate::domain::text::EmailAddress;

/// A mailbox, named by the keyed hash of its address: 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MailboxId(String);

impl MailboxId {
    /// From the keyed hash of the canonical address.
    #[must_use]
    pub fn from_hash(hash: [u8; 32]) -> Self {
        Self(hex::encode(hash))
    }
}

impl fmt::Display for MailboxId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for MailboxId {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash)?;
        Ok(Self::from_hash(hash))
    }
}

/// A mailbox and the persons who proved that they read it (FHIR `ContactPoint`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Keyed hash of the address.
    pub id: MailboxId,
    /// The address, as it was first typed.
    pub address: EmailAddress,
    /// Persons behind the mailbox, at most [`Mailbox::MOST_LOGINS`].
    pub logins: Vec<LoginId>,
    /// Replaced how often.
    pub version: Version,
}

/// Why a person's addresses cannot be as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressError {
    /// The mailbox has as many persons as sign-in compares passwords.
    #[error("too many people use this address; choose another one, or ask the clinic")]
    MailboxFull,
    /// The person has as many addresses as one may have.
    #[error("you have five addresses already; remove one first")]
    TooMany,
    /// A person without an address could not be reached, nor sign in.
    #[error("this is your only address; add another one first")]
    Last,
    /// Not one of the person's own.
    #[error("this is none of your addresses")]
    NotOwn,
}

impl Mailbox {
    /// Persons behind one mailbox. Sign-in checks the password against this number of hashes, always, so that time tells
    /// nothing about how many there are; four cost 80 ms.
    pub const MOST_LOGINS: usize = 4;

    /// The mailbox with `login` behind it.
    ///
    /// # Errors
    /// [`AddressError::MailboxFull`].
    pub fn joined(&self, login: LoginId) -> Result<Self, AddressError> {
        let mut joined = self.clone();
        if !joined.logins.contains(&login) {
            joined.logins.push(login);
        }
        if joined.logins.len() > Self::MOST_LOGINS { Err(AddressError::MailboxFull) } else { Ok(joined) }
    }

    /// The mailbox without `login`. It stays for the others, and for invitations on their way to it.
    #[must_use]
    pub fn left(&self, login: LoginId) -> Self {
        let mut left = self.clone();
        left.logins.retain(|&other| other != login);
        left
    }
}

impl Login {
    /// Addresses of one person: our choice. Putting two logins together moves all of them in one transaction.
    pub const MOST_MAILBOXES: usize = 5;

    /// The person with one more address, which receives no mail unless it is the first.
    ///
    /// # Errors
    /// [`AddressError::TooMany`].
    pub fn with_mailbox(&self, mailbox: &MailboxId) -> Result<Self, AddressError> {
        let mut with = self.clone();
        if !with.mailboxes.contains(mailbox) {
            with.mailboxes.push(mailbox.clone());
        }
        if with.mailboxes.len() > Self::MOST_MAILBOXES { Err(AddressError::TooMany) } else { Ok(with) }
    }

    /// The person without one of the addresses. When it was the first, the next one receives mail.
    ///
    /// # Errors
    /// [`AddressError::NotOwn`] or [`AddressError::Last`].
    pub fn without_mailbox(&self, mailbox: &MailboxId) -> Result<Self, AddressError> {
        let mut without = self.clone();
        without.mailboxes.retain(|own| own != mailbox);
        match without.mailboxes.len() {
            left if left == self.mailboxes.len() => Err(AddressError::NotOwn),
            0 => Err(AddressError::Last),
            _ => {
                without.lineage.former_mailboxes.retain(|former| former != mailbox);
                without.lineage.former_mailboxes.push(mailbox.clone());
                Ok(without)
            }
        }
    }

    /// The person with another of the own addresses as the one that receives mail.
    ///
    /// # Errors
    /// [`AddressError::NotOwn`].
    pub fn preferring(&self, mailbox: &MailboxId) -> Result<Self, AddressError> {
        let mut preferring = self.clone();
        preferring.mailboxes.retain(|own| own != mailbox);
        if preferring.mailboxes.len() == self.mailboxes.len() {
            return Err(AddressError::NotOwn);
        }
        preferring.mailboxes.insert(0, mailbox.clone());
        Ok(preferring)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::login::{Language, Lineage, Role};

    fn mailbox(number: u8) -> MailboxId {
        MailboxId::from_hash([number; 32])
    }

    fn login(mailboxes: &[u8]) -> Login {
        Login {
            id: LoginId::from_random([1; 16]),
            name: "Rosa".parse().unwrap(),
            role: Role::Family,
            language: Language::English,
            password_hash: String::new(),
            mailboxes: mailboxes.iter().copied().map(mailbox).collect(),
            agency: None,
            lineage: Lineage::default(),
            version: 1,
        }
    }

    #[test]
    fn a_person_keeps_at_least_one_address_and_at_most_five() {
        let two = login(&[1, 2]);
        assert_eq!(two.without_mailbox(&mailbox(1)).unwrap().mailboxes, [mailbox(2)]);
        assert_eq!(two.without_mailbox(&mailbox(3)), Err(AddressError::NotOwn));
        assert_eq!(login(&[1]).without_mailbox(&mailbox(1)), Err(AddressError::Last));
        let five = login(&[1, 2, 3, 4, 5]);
        assert_eq!(five.with_mailbox(&mailbox(6)), Err(AddressError::TooMany));
        assert_eq!(five.with_mailbox(&mailbox(5)), Ok(five));
    }

    #[test]
    fn the_preferred_address_comes_first_and_must_be_an_own_one() {
        assert_eq!(login(&[1, 2, 3]).preferring(&mailbox(3)), Ok(login(&[3, 1, 2])));
        assert_eq!(login(&[1, 2]).preferring(&mailbox(9)), Err(AddressError::NotOwn));
    }

    #[test]
    fn four_persons_stand_behind_a_mailbox_and_leaving_touches_nobody_else() {
        let person = |number| LoginId::from_random([number; 16]);
        let mut shared =
            Mailbox { id: mailbox(1), address: "all@family.example".parse().unwrap(), logins: Vec::new(), version: 1 };
        for number in 1..=4 {
            shared = shared.joined(person(number)).unwrap();
        }
        assert_eq!(shared.joined(person(5)), Err(AddressError::MailboxFull));
        assert_eq!(shared.joined(person(4)), Ok(shared.clone()));
        assert_eq!(shared.left(person(2)).logins, [person(1), person(3), person(4)]);
    }
}
