//! Who is kept out, for how long, and who lets in again.

use super::*;
use crate::domain::login::{Language, Role};

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + hours * 3600).unwrap()
}

fn mailbox(number: u8) -> MailboxId {
    MailboxId::from_hash([number; 32])
}

fn login(number: u8, mailboxes: &[u8], name: &str) -> Login {
    Login {
        id: LoginId::from_random([number; 16]),
        name: name.parse().unwrap(),
        role: Role::Family,
        language: Language::English,
        password_hash: String::new(),
        mailboxes: mailboxes.iter().copied().map(mailbox).collect(),
        agency: None,
        version: 1,
    }
}

fn block(whom: Barred, until: Option<Timestamp>) -> Block {
    Block {
        id: BlockId::from_random([1; 16]),
        whom,
        reason: Reason::of(ReasonCode::Safeguarding).unwrap(),
        evidence: None,
        set_by: LoginId::from_random([8; 16]),
        set_at: at(0),
        until,
        lifting: None,
    }
}

#[test]
fn a_block_follows_the_person_and_spares_who_shares_the_mailbox() {
    let barred = Barred::login(&login(1, &[1], "Ana María"));
    assert!(barred.is(&login(1, &[2], "Another name")));
    assert!(!barred.is(&login(2, &[1], "The wife")), "another login behind the same mailbox");
    assert!(barred.could_be(&mailbox(1), &"Somebody".parse().unwrap()), "a new login behind the mailbox");
    assert!(barred.could_be(&mailbox(9), &"ana-maria".parse().unwrap()), "the same name, written otherwise");
    assert!(!barred.could_be(&mailbox(9), &"Ana Lucía".parse().unwrap()));
}

#[test]
fn somebody_without_a_login_is_known_by_mailbox_or_name() {
    let barred = Barred::unknown(Some(mailbox(3)), None).unwrap();
    assert!(barred.is(&login(5, &[4, 3], "Whoever")) && !barred.is(&login(5, &[4], "Whoever")));
    assert_eq!(Barred::unknown(None, None), Err(BlockError::Nobody));
}

#[test]
fn holds_of_one_person_count_together_and_those_of_others_do_not() {
    let known = Barred::login(&login(1, &[1], "Ana"));
    assert_eq!(known.login_id(), Some(login(1, &[], "Ana").id));
    assert_eq!(known.name().map(PersonName::as_str), Some("Ana"));
    let before = [block(known, Some(at(1)))];
    let again = |whom| block(whom, Some(at(2))).check(&before);
    let renamed = Barred::login(&login(1, &[1, 2], "Ana again"));
    assert_eq!(again(renamed), Err(BlockError::HeldBefore), "the same login with another mailbox");
    assert_eq!(again(Barred::login(&login(2, &[1], "Ana"))), Ok(()), "somebody else behind the mailbox");
    let unknown = |number| Barred::unknown(Some(mailbox(number)), None).unwrap();
    let before = [block(unknown(3), Some(at(1)))];
    assert_eq!(block(unknown(3), Some(at(2))).check(&before), Err(BlockError::HeldBefore));
    assert_eq!(block(unknown(4), Some(at(2))).check(&before), Ok(()));
}

#[test]
fn two_people_lift_a_block_and_one_a_hold() {
    let (first, second) = (LoginId::from_random([8; 16]), LoginId::from_random([9; 16]));
    let paper = DocumentId::from_random([5; 16]);
    let standing = block(Barred::login(&login(1, &[1], "A")), None);
    let Ok(Lifted::Proposed(proposed)) = standing.lifted(first, paper, at(1)) else { panic!("not proposed") };
    assert!(proposed.is_active(at(10_000)));
    assert_eq!(proposed.lifted(first, paper, at(2)), Err(BlockError::SamePerson));
    assert_eq!(proposed.lifted(second, paper, at(2)), Ok(Lifted::Gone));
    let hold = block(Barred::login(&login(1, &[1], "A")), Some(at(72)));
    assert_eq!(hold.lifted(first, paper, at(1)), Ok(Lifted::Gone));
}

#[test]
fn a_hold_lasts_72_hours_and_is_not_repeated() {
    let whom = Barred::login(&login(1, &[1], "A"));
    let hold = block(whom.clone(), Some(at(72)));
    assert!(hold.is_active(at(72) - SignedDuration::from_secs(1)) && !hold.is_active(at(72)));
    assert_eq!(hold.check(&[]), Ok(()));
    assert_eq!(
        block(whom.clone(), Some(at(72) + SignedDuration::from_secs(1))).check(&[]),
        Err(BlockError::HoldTooLong)
    );
    assert_eq!(block(whom.clone(), Some(at(0))).check(&[]), Err(BlockError::HoldTooLong));
    let again = |days: i64| Block { set_at: at(72 + 24 * days), until: Some(at(72 + 24 * days + 1)), ..hold.clone() };
    assert_eq!(again(29).check(&[hold.clone()]), Err(BlockError::HeldBefore));
    assert_eq!(again(30).check(&[hold.clone()]), Ok(()));
    let forever = block(whom, None);
    assert_eq!(forever.check(&[hold]), Ok(()), "a block follows a hold");
    assert_eq!(forever.check(&[forever.clone()]), Err(BlockError::Stands));
}

#[test]
fn an_order_needs_its_paper() {
    let mut order = block(Barred::login(&login(1, &[1], "A")), None);
    order.reason = Reason::of(ReasonCode::Order).unwrap();
    assert_eq!(order.check(&[]), Err(BlockError::OrderMissing));
    order.evidence = Some(DocumentId::from_random([5; 16]));
    assert_eq!(order.check(&[]), Ok(()));
}

#[test]
fn a_block_follows_a_person_whose_logins_became_one() {
    let (old, new) = (login(1, &[1], "A"), login(2, &[2], "A"));
    let moved = Barred::login(&old).moved(old.id, &new);
    assert!(moved.is(&new) && moved.could_be(&mailbox(1), &"X".parse().unwrap()));
    assert!(moved.could_be(&mailbox(2), &"X".parse().unwrap()));
}
