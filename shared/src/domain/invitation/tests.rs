//! How long a link lives, how often a code may be asked for and guessed.

use super::*;

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
        tries: 0,
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
fn the_fifth_wrong_code_kills_the_link() {
    let mut current = invitation(noon()).with_code_sent(noon()).unwrap();
    for _ in 0..Invitation::MOST_TRIES {
        current = current.with_guess(noon()).unwrap();
    }
    assert_eq!(current.with_guess(noon()), Err(InvitationError::Gone));
    assert_eq!(current.closed(InvitationState::Declined, noon()), Err(InvitationError::Gone));
}

#[test]
fn codes_are_sent_once_a_minute_and_live_ten() {
    let first = invitation(noon()).with_code_sent(noon()).unwrap();
    assert_eq!(first.with_code_sent(noon() + SignedDuration::from_secs(59)), Err(InvitationError::CodeTooSoon));
    assert!(first.with_code_sent(noon() + Invitation::CODE_PAUSE).is_ok());
    assert_eq!(first.with_guess(noon() + Invitation::CODE_LIFE), Err(InvitationError::NoCode));
    assert_eq!(invitation(noon()).with_guess(noon()), Err(InvitationError::NoCode));
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
