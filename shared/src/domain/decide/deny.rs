//! Why not.

use thiserror::Error;

/// Why not. Only the audit event and staff's explanations ever say which; outside all but three look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Deny {
    /// No live session: sign in again.
    #[error("session-ended")]
    SessionEnded,
    /// The person may, after proving anew who he or she is.
    #[error("proof-too-old")]
    ProofTooOld,
    /// The member does not exist.
    #[error("unknown-member")]
    UnknownMember,
    /// A block or hold keeps the person out.
    #[error("blocked")]
    Blocked,
    /// No grant for this member.
    #[error("no-grant")]
    NoGrant,
    /// The grant was ended or revoked.
    #[error("grant-stopped")]
    GrantStopped,
    /// Outside the dates of the grant.
    #[error("outside-dates")]
    OutsideDates,
    /// The person is not on the roster of the agency for which the grant was given.
    #[error("outside-agency")]
    OutsideAgency,
    /// The member came of age.
    #[error("member-of-age")]
    MemberOfAge,
    /// The member is at an age at which the clinic closes the record to guardians.
    #[error("closed-by-age")]
    ClosedByAge,
    /// The member is at an age at which guardians reach less.
    #[error("limited-by-age")]
    LimitedByAge,
    /// The member is too young for a login of the own.
    #[error("too-young")]
    TooYoung,
    /// The custody calendar gives this time to somebody else.
    #[error("outside-custody-time")]
    OutsideCustodyTime,
    /// The grant does not allow this.
    #[error("no-scope")]
    NoScope,
    /// Only an adult decides this, for the own record.
    #[error("not-own-record")]
    NotOwnRecord,
    /// The legal ground of the grant does not fit the capacity of the slot.
    #[error("other-capacity")]
    OtherCapacity,
    /// Only staff do this.
    #[error("staff-only")]
    StaffOnly,
    /// Staff may not do this.
    #[error("not-for-staff")]
    NotForStaff,
    /// The slot asks somebody else.
    #[error("not-own-slot")]
    NotOwnSlot,
    /// Staff do no office work on the record of their own family; a colleague does.
    #[error("own-case")]
    OwnCase,
    /// Staff open a record with a reason only.
    #[error("reason-missing")]
    ReasonMissing,
}

impl Deny {
    /// Every reason, for tables of texts and for tests.
    pub const ALL: [Self; 21] = [
        Self::SessionEnded,
        Self::ProofTooOld,
        Self::UnknownMember,
        Self::Blocked,
        Self::NoGrant,
        Self::GrantStopped,
        Self::OutsideDates,
        Self::OutsideAgency,
        Self::MemberOfAge,
        Self::ClosedByAge,
        Self::LimitedByAge,
        Self::TooYoung,
        Self::OutsideCustodyTime,
        Self::NoScope,
        Self::NotOwnRecord,
        Self::OtherCapacity,
        Self::StaffOnly,
        Self::NotForStaff,
        Self::NotOwnSlot,
        Self::OwnCase,
        Self::ReasonMissing,
    ];

    /// What staff read beside the code, and what they can do. Families never read any of it.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::SessionEnded => "the session is over; the person signs in again",
            Self::ProofTooOld => "the last proof is older than five minutes; the person shows once more who it is",
            Self::UnknownMember => "there is no such client; check whose record is open",
            Self::Blocked => {
                "a block or hold keeps the person out; look at the blocks before you tell anybody anything"
            }
            Self::NoGrant => "the person was never given access; give it, or invite the person",
            Self::GrantStopped => {
                "the access was ended or taken back; read the reason, and give it anew if it should count"
            }
            Self::OutsideDates => "today is outside the dates of the access; change the dates if they are wrong",
            Self::OutsideAgency => {
                "the person is not on the agency's list of workers; the agency's list must name the person"
            }
            Self::MemberOfAge => "the client is of age and decides alone; the client can keep a parent as a helper",
            Self::ClosedByAge => "at this age the clinic shows the record to no parent; talk to the teenager",
            Self::LimitedByAge => "at this age the clinic shows this to no parent; talk to the teenager",
            Self::TooYoung => "the client is too young for an own login; a parent uses theirs until then",
            Self::OutsideCustodyTime => {
                "by the custody calendar this is not the person's time; change the calendar if it is wrong"
            }
            Self::NoScope => "the access does not include this; change it if it should",
            Self::NotOwnRecord => "only a client who is of age decides this, for the own record",
            Self::OtherCapacity => "the paper asks for another role than the access has; ask anew in the right role",
            Self::StaffOnly => "only the clinic does this",
            Self::NotForStaff => "nobody at the clinic does this in a family's name; ask the family",
            Self::NotOwnSlot => "the paper asks somebody else to sign here",
            Self::OwnCase => "this is the record of the colleague's own family; another colleague does it",
            Self::ReasonMissing => "staff write why they open a record; write a reason",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_has_a_code_and_a_short_sentence_of_its_own() {
        let (mut codes, mut words) = (BTreeSet::new(), BTreeSet::new());
        for deny in Deny::ALL {
            assert!(codes.insert(deny.to_string()) && words.insert(deny.in_words()), "{deny:?}");
            let longest = deny.in_words().split(';').map(|part| part.split_whitespace().count()).max();
            assert!(longest.is_some_and(|longest| longest <= 16), "too long for a reader of twelve: {deny:?}");
            assert!(deny.in_words().starts_with(char::is_lowercase), "{deny:?}");
        }
    }
}
