//! What else is, or was, the same person: so that who is kept out stays out, whatever changes about the login.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Login, MailboxId};
use crate::domain::id::LoginId;

/// That another login took this one's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedInto {
    /// Which.
    pub login: LoginId,
    /// When.
    pub at: Timestamp,
}

/// That two logins were put together for a while, by mistake or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parted {
    /// From which login this one was taken apart again.
    pub from: LoginId,
    /// When they were put together.
    pub together_at: Timestamp,
    /// When they were taken apart.
    pub apart_at: Timestamp,
}

/// Other logins and addresses of a person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Lineage {
    /// The login that took this one's place, when the person had two: nobody signs in here any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedInto>,
    /// Logins whose place this one took. Who is kept out by one of them is kept out by this one, of every record, also of those
    /// for which no grant was ever given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absorbed: Vec<LoginId>,
    /// Logins that this one was put together with for a while.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parted: Vec<Parted>,
    /// Addresses that the person gave up. A block that knows the person by an address only goes on to find the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_mailboxes: Vec<MailboxId>,
}

impl Login {
    /// Whether another login took this one's place.
    #[must_use]
    pub const fn is_merged(&self) -> bool {
        self.lineage.merged.is_some()
    }

    /// Whether `id` is this login, or one whose place it took.
    #[must_use]
    pub fn is_or_was(&self, id: LoginId) -> bool {
        self.id == id || self.lineage.absorbed.contains(&id)
    }

    /// Whether what was said of `id` at that moment was said of this login as well: the two were one then. Who was meant, nobody
    /// can tell afterwards; at the very moment of coming apart the answer is yes, for it keeps somebody out.
    #[must_use]
    pub fn was_one_with(&self, id: LoginId, at: Timestamp) -> bool {
        let was_one = |parted: &Parted| parted.from == id && parted.together_at <= at && at <= parted.apart_at;
        self.lineage.parted.iter().any(was_one)
    }

    /// Whether the person has that address, or had it.
    #[must_use]
    pub fn has_or_had(&self, mailbox: &MailboxId) -> bool {
        self.mailboxes.contains(mailbox) || self.lineage.former_mailboxes.contains(mailbox)
    }

    /// This login, in the place of `other`.
    #[must_use]
    pub fn absorbing(&self, other: &Self) -> Self {
        let mut stays = self.clone();
        let (lineage, theirs) = (&mut stays.lineage, &other.lineage);
        lineage.absorbed.push(other.id);
        lineage.absorbed.extend(&theirs.absorbed);
        lineage.parted.extend(&theirs.parted);
        lineage.former_mailboxes.extend(theirs.former_mailboxes.iter().cloned());
        stays
    }

    /// This login, after `other` has its own place again.
    #[must_use]
    pub fn releasing(&self, other: &Self) -> Self {
        let mut stays = self.clone();
        let (lineage, theirs) = (&mut stays.lineage, &other.lineage);
        lineage.absorbed.retain(|id| !other.is_or_was(*id));
        lineage.parted.retain(|parted| !theirs.parted.contains(parted));
        lineage.former_mailboxes.retain(|mailbox| !theirs.former_mailboxes.contains(mailbox));
        stays
    }
}
