//! How long a link lives, how often a code may be asked for and guessed.

use super::*;
use crate::domain::grant::{Relationship, Scope};
use crate::domain::id::{PacketId, SlotId};
use crate::domain::signature::SigningCapacity;

fn invitation(now: Timestamp) -> Invitation {
    Invitation {
        id: InvitationId::from_random([1; 16]),
        mailbox: MailboxId::from_hash([2; 32]),
        offers: Vec::new(),
        language: Language::English,
        handing: Handing::Mail,
        invited_by: LoginId::from_random([3; 16]),
        generation: 1,
        token_hash: "first".to_owned(),
        expires_at: now + Invitation::LIFE,
        codes_sent: 0,
        code_sent_at: None,
        awaits: Vec::new(),
        state: InvitationState::Open,
        version: 1,
    }
}

fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

#[test]
fn a_link_lives_72_hours_and_resending_starts_them_anew() {
    let sent = invitation(noon());
    let last = noon() + Invitation::LIFE - SignedDuration::from_secs(1);
    assert_eq!(sent.open_at(last), Ok(()));
    assert_eq!(sent.open_at(noon() + Invitation::LIFE), Err(InvitationError::Gone));
    let again = sent.resent("second".to_owned(), noon() + Invitation::LIFE).unwrap();
    assert_eq!((again.generation, again.token_hash.as_str()), (2, "second"));
    assert_eq!(again.open_at(noon() + Invitation::LIFE), Ok(()));
}

#[test]
fn codes_are_sent_once_a_minute_and_live_ten() {
    let first = invitation(noon()).with_code_sent(noon()).unwrap();
    assert_eq!(first.with_code_sent(noon() + SignedDuration::from_secs(59)), Err(InvitationError::CodeTooSoon));
    assert!(first.with_code_sent(noon() + Invitation::CODE_PAUSE).is_ok());
    assert_eq!(first.awaits_code(noon() + Invitation::CODE_LIFE - SignedDuration::from_secs(1)), Ok(()));
    assert_eq!(first.awaits_code(noon() + Invitation::CODE_LIFE), Err(InvitationError::NoCode));
    assert_eq!(invitation(noon()).awaits_code(noon()), Err(InvitationError::NoCode));
    let last = Invitation { codes_sent: Invitation::MOST_CODES, ..first };
    assert_eq!(last.with_code_sent(noon() + Invitation::CODE_PAUSE), Err(InvitationError::NoMoreCodes));
}

#[test]
fn an_answer_is_final_but_an_expired_link_can_be_taken_back() {
    let declined = invitation(noon()).closed(InvitationState::Declined, noon()).unwrap();
    assert_eq!(declined.closed(InvitationState::Revoked, noon()), Err(InvitationError::Gone));
    assert_eq!(declined.resent("x".to_owned(), noon()), Err(InvitationError::Gone));
    let late = noon() + Invitation::LIFE;
    assert!(invitation(noon()).closed(InvitationState::Revoked, late).is_ok());
    assert!(invitation(noon()).closed(InvitationState::Declined, late).is_err());
}

fn member() -> MemberId {
    MemberId::from_random([7; 16])
}

fn awaited(slot: u8) -> AwaitedSlot {
    AwaitedSlot { member: member(), packet: PacketId::from_random([8; 16]), slot: SlotId::from_random([slot; 16]) }
}

fn offering(scopes: &[Scope]) -> Invitation {
    let terms = Terms::plain(Relationship::Fth, Authority::ParentalResponsibility, scopes.iter().copied());
    Invitation { offers: vec![Offer { member: member(), terms }], ..invitation(noon()) }
}

#[test]
fn a_signature_waits_only_for_an_open_invitation_that_lets_somebody_sign() {
    let open = offering(&[Scope::Profile, Scope::Sign]);
    let parent = SigningCapacity::Parent;
    assert_eq!(open.awaiting(awaited(1), parent).unwrap().awaits, [awaited(1)]);
    assert_eq!(open.awaiting(awaited(1), SigningCapacity::Patient), Err(AwaitError::MayNotSign));
    assert_eq!(offering(&[Scope::Profile]).awaiting(awaited(1), parent), Err(AwaitError::MayNotSign));
    let elsewhere = AwaitedSlot { member: MemberId::from_random([6; 16]), ..awaited(1) };
    assert_eq!(open.awaiting(elsewhere, parent), Err(AwaitError::MayNotSign));
    let revoked = open.closed(InvitationState::Revoked, noon()).unwrap();
    assert_eq!(revoked.awaiting(awaited(1), parent), Err(AwaitError::Over));
    let full = (1..=5).try_fold(open, |invitation, slot| invitation.awaiting(awaited(slot), parent)).unwrap();
    assert_eq!(full.awaiting(awaited(6), parent), Err(AwaitError::TooMany));
    // It expired, and can be sent again: what waits for it waits on.
    assert_eq!(full.resent("second".to_owned(), noon() + Invitation::LIFE).unwrap().awaits.len(), 5);
}
