//! Who may read an event. Whatever is not said here to be for somebody is for staff alone.

use std::collections::BTreeSet;

use super::{Capacity, Event, EventKind};
use crate::domain::id::{DocumentId, LoginId};

/// A guardian or patient who reads a member's activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// Who reads.
    pub login: LoginId,
    /// Whether the reader may know who else has access, and what they did.
    pub sees_others: bool,
}

/// For whom a kind of event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    /// What happened to the record itself: for all who may read the activity, when the clinic or the portal did it.
    Record,
    /// What people with access do: for themselves, and for those who may know of the others.
    Deed,
    /// What changes one person's access: for that person.
    Person,
    /// For who did it, and staff.
    Staff,
}

const fn audience(kind: EventKind) -> Audience {
    match kind {
        EventKind::MemberRegistered | EventKind::DocumentReady | EventKind::DocumentRefused => Audience::Record,
        EventKind::MemberOpened
        | EventKind::UploadStarted
        | EventKind::DocumentOpened
        | EventKind::PacketOpened
        | EventKind::PacketSigned => Audience::Deed,
        EventKind::GrantGiven
        | EventKind::GrantChanged
        | EventKind::GrantNarrowed
        | EventKind::GrantEnded
        | EventKind::GrantRevoked => Audience::Person,
        // Who is invited, refused, asked to sign or declines is nobody else's business, and a chain of a login has no other reader.
        EventKind::InvitationCreated
        | EventKind::InvitationResent
        | EventKind::InvitationAccepted
        | EventKind::InvitationDeclined
        | EventKind::InvitationRevoked
        | EventKind::RequestMade
        | EventKind::RequestApproved
        | EventKind::RequestRefused
        | EventKind::PacketCreated
        | EventKind::PacketDeclined
        | EventKind::PacketVoided
        | EventKind::PacketSealed
        | EventKind::CopySigned
        | EventKind::CopyOpened
        | EventKind::CopySealed
        | EventKind::PaperAsked
        | EventKind::PaperKept
        | EventKind::SlotExcused
        | EventKind::SlotNamed
        | EventKind::AccessDenied
        | EventKind::AccessPreviewed
        | EventKind::AccessExplained
        | EventKind::BlockSet
        | EventKind::HoldSet
        | EventKind::BlockLiftProposed
        | EventKind::BlockLifted
        | EventKind::LoginCreated
        | EventKind::AddressAdded
        | EventKind::AddressRemoved
        | EventKind::AddressPreferred
        | EventKind::LoginsMerged
        | EventKind::LoginsSeparated
        | EventKind::CodeSent
        | EventKind::AgencyRegistered
        | EventKind::RosterJoined
        | EventKind::RosterLeft
        | EventKind::HandOverBegun
        | EventKind::ChildHandedOver
        | EventKind::SignedIn
        | EventKind::ProvedAgain
        | EventKind::PasskeyAdded
        | EventKind::PasskeyRemoved
        | EventKind::PasskeySuspended
        | EventKind::SignedOut
        | EventKind::SessionEnded
        | EventKind::RecoveryCodesMade
        | EventKind::RecoveryCodeUsed
        | EventKind::RecoveryStarted
        | EventKind::PasswordChanged
        | EventKind::SessionReuseDetected => Audience::Staff,
    }
}

impl Event {
    /// Whether it is about no paper, or about one of those that the reader sees. What happens to a paper that is for staff is theirs
    /// to read, from when it was sent, and from when they kept it for themselves.
    #[must_use]
    pub fn is_about_one_of(&self, seen: &BTreeSet<DocumentId>, reader: LoginId) -> bool {
        let paper = self.object.as_deref().and_then(|object| object.parse().ok());
        self.actor == Some(reader) || paper.is_none_or(|paper| seen.contains(&paper))
    }

    /// Whether a guardian or patient may read the event. The own acts always, but for what only staff read; that the clinic looked, always; what another person
    /// did, only with the scope for it; that somebody was given, invited or refused access, never, unless it is the reader.
    #[must_use]
    pub fn concerns(&self, reader: Reader) -> bool {
        let by_the_clinic = matches!(self.capacity, Capacity::Staff | Capacity::System);
        let is_own = self.actor == Some(reader.login) && !self.kind.is_for_staff();
        is_own
            || match audience(self.kind) {
                Audience::Record => by_the_clinic,
                // Staff open a packet to see how far others are; the record itself they open for all to see.
                Audience::Deed if by_the_clinic => self.kind != EventKind::PacketOpened,
                Audience::Deed => reader.sees_others && self.capacity == Capacity::Family,
                Audience::Person => by_the_clinic && self.object.as_deref() == Some(reader.login.to_string().as_str()),
                Audience::Staff => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{NewEvent, Subject, Trail};
    use crate::domain::id::MemberId;

    fn reader(sees_others: bool) -> Reader {
        Reader { login: LoginId::from_random([1; 16]), sees_others }
    }

    fn event(kind: EventKind, actor: u8, capacity: Capacity, object: Option<LoginId>) -> Event {
        let mut trail = Trail::after(Subject::Member(MemberId::from_random([9; 16])), None);
        let new = NewEvent {
            kind,
            actor: Some(LoginId::from_random([actor; 16])),
            capacity,
            object: object.map(|object| object.to_string()),
            reason: None,
        };
        trail.append(new, "2026-11-21T12:00:00Z".parse().unwrap(), "request")
    }

    #[test]
    fn the_other_guardians_deeds_are_for_those_with_the_scope() {
        for kind in [EventKind::DocumentOpened, EventKind::MemberOpened, EventKind::PacketSigned] {
            let deed = event(kind, 2, Capacity::Family, None);
            assert!(!deed.concerns(reader(false)) && deed.concerns(reader(true)), "{kind:?}");
        }
        for kind in [EventKind::PacketDeclined, EventKind::InvitationAccepted, EventKind::AccessDenied] {
            assert!(!event(kind, 2, Capacity::Family, None).concerns(reader(true)), "{kind:?}");
        }
    }

    #[test]
    fn everybody_reads_the_own_deeds_and_that_the_clinic_looked() {
        assert!(event(EventKind::PacketDeclined, 1, Capacity::Family, None).concerns(reader(false)));
        assert!(event(EventKind::MemberOpened, 8, Capacity::Staff, None).concerns(reader(false)));
        assert!(event(EventKind::DocumentReady, 8, Capacity::System, None).concerns(reader(false)));
        assert!(!event(EventKind::PacketOpened, 8, Capacity::Staff, None).concerns(reader(true)));
    }

    #[test]
    fn nobody_reads_that_somebody_is_kept_out_not_even_who_did_it() {
        for kind in [EventKind::BlockSet, EventKind::HoldSet, EventKind::BlockLifted, EventKind::AccessDenied] {
            for capacity in [Capacity::Staff, Capacity::Family, Capacity::Nobody] {
                assert!(!event(kind, 1, capacity, Some(reader(true).login)).concerns(reader(true)), "{kind:?}");
            }
        }
    }

    #[test]
    fn a_change_of_access_is_for_the_person_it_concerns() {
        let (own, other) = (LoginId::from_random([1; 16]), LoginId::from_random([2; 16]));
        assert!(event(EventKind::GrantNarrowed, 8, Capacity::Staff, Some(own)).concerns(reader(false)));
        assert!(!event(EventKind::GrantNarrowed, 8, Capacity::Staff, Some(other)).concerns(reader(true)));
    }
}
