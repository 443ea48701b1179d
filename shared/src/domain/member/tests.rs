//! What a record remembers of people whose access was lowered.

use super::*;
use crate::domain::id::InvitationId;
use crate::domain::invitation::InvitationState;
use crate::domain::login::{Language, Lineage, Role};
use jiff::SignedDuration;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

fn mailbox(number: u8) -> MailboxId {
    MailboxId::from_hash([number; 32])
}

fn login(number: u8) -> Login {
    Login {
        id: LoginId::from_random([number; 16]),
        name: "Parent".parse().unwrap(),
        role: Role::Family,
        language: Language::English,
        password_hash: String::new(),
        mailboxes: vec![mailbox(number)],
        agency: None,
        lineage: Lineage::default(),
        version: 1,
    }
}

fn invitation(number: u8, sent: Timestamp) -> Invitation {
    Invitation {
        id: InvitationId::from_random([9; 16]),
        mailbox: mailbox(number),
        offers: Vec::new(),
        language: Language::English,
        handing: crate::domain::invitation::Handing::Mail,
        invited_by: LoginId::from_random([8; 16]),
        generation: 1,
        token_hash: String::new(),
        expires_at: sent + Invitation::LIFE,
        codes_sent: 0,
        code_sent_at: None,
        awaits: Vec::new(),
        state: InvitationState::Open,
        version: 1,
    }
}

fn member() -> Member {
    Member {
        id: MemberId::from_random([7; 16]),
        name: "Child".parse().unwrap(),
        birth_date: "2018-01-01".parse().unwrap(),
        registered_at: at(0),
        withdrawn: Vec::new(),
        blocks: Vec::new(),
        version: 1,
    }
}

#[test]
fn only_what_was_sent_after_the_withdrawal_counts_for_that_person_and_mailbox() {
    let member = member().with_withdrawal(&login(1), at(100));
    let (person, newcomer) = (login(1).id, login(2).id);
    assert!(member.outlived(&invitation(1, at(99)), person));
    assert!(member.outlived(&invitation(1, at(100)), newcomer), "a new login behind the same mailbox");
    assert!(member.outlived(&invitation(3, at(99)), person), "the same login by another mailbox");
    assert!(!member.outlived(&invitation(1, at(101)), person));
    assert!(!member.outlived(&invitation(2, at(99)), newcomer), "somebody else");
}

#[test]
fn withdrawals_are_kept_while_links_from_before_can_live() {
    let first = member().with_withdrawal(&login(1), at(0));
    let last = at(0) + Invitation::LIFE - SignedDuration::from_secs(1);
    assert_eq!(first.with_withdrawal(&login(2), last).withdrawn.len(), 2);
    assert_eq!(first.with_withdrawal(&login(2), at(0) + Invitation::LIFE).withdrawn.len(), 1);
    assert_eq!(first.with_withdrawal(&login(1), at(5)).withdrawn.len(), 1);
}
