//! Who is kept out, for how long, and who lets in again.

use super::*;
use crate::domain::login::{Language, Lineage, Parted, Role};
use crate::domain::member::Member;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + hours * 3600).unwrap()
}

fn mailbox(number: u8) -> MailboxId {
    MailboxId::from_hash([number; 32])
}

fn behind(number: u8, logins: &[u8]) -> Mailbox {
    Mailbox {
        id: mailbox(number),
        address: "shared@family.example".parse().unwrap(),
        logins: logins.iter().map(|&login| LoginId::from_random([login; 16])).collect(),
        version: 1,
    }
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
        lineage: Lineage::default(),
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
    assert!(barred.could_be(&behind(1, &[]), &"Somebody".parse().unwrap()), "a new login behind the mailbox");
    assert!(barred.could_be(&behind(9, &[]), &"ana-maria".parse().unwrap()), "the same name, written otherwise");
    assert!(!barred.could_be(&behind(9, &[]), &"Ana Lucía".parse().unwrap()));
    // Open invitations to any of these are taken back.
    assert_eq!(Barred::login(&login(1, &[1, 4], "Ana María")).mailboxes(), [mailbox(1), mailbox(4)]);
    assert_eq!(Barred::unknown(Some(mailbox(3)), None).unwrap().mailboxes(), [mailbox(3)]);
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
    let Ok(Lifted::Proposed(proposed)) = standing.lifted(first, Some(paper), at(1)) else { panic!("not proposed") };
    assert!(proposed.is_active(at(10_000)));
    assert_eq!(proposed.lifted(first, Some(paper), at(2)), Err(BlockError::SamePerson));
    assert_eq!(proposed.lifted(second, Some(paper), at(2)), Ok(Lifted::Gone));
    let hold = block(Barred::login(&login(1, &[1], "A")), Some(at(72)));
    let Ok(Lifted::Ended(ended)) = hold.lifted(first, None, at(1)) else { panic!("not ended") };
    assert!(!ended.is_active(at(1)) && ended.is_remembered(at(1)));
    assert_eq!(ended.lifted(first, None, at(1)), Err(BlockError::Over));
    assert_eq!(standing.lifted(first, None, at(1)), Err(BlockError::PaperMissing));
    assert_eq!(proposed.lifted(second, None, at(2)), Err(BlockError::PaperMissing));
}

#[test]
fn a_proposal_waits_two_weeks_for_a_colleague() {
    let (first, second) = (LoginId::from_random([8; 16]), LoginId::from_random([9; 16]));
    let paper = Some(DocumentId::from_random([5; 16]));
    let standing = block(Barred::login(&login(1, &[1], "A")), None);
    let Ok(Lifted::Proposed(proposed)) = standing.lifted(first, paper, at(0)) else { panic!("not proposed") };
    let over = at(14 * 24);
    assert_eq!(proposed.lifted(second, paper, over - SignedDuration::from_secs(1)), Ok(Lifted::Gone));
    let Ok(Lifted::Proposed(anew)) = proposed.lifted(second, paper, over) else { panic!("not proposed anew") };
    assert_eq!(anew.lifting.map(|lifting| lifting.by), Some(second));
}

#[test]
fn a_mailbox_is_not_invited_when_only_people_who_are_kept_out_read_it() {
    let member = |whom: Barred, until| Member { blocks: vec![block(whom, until)], ..nobody_barred() };
    let his = || Barred::login(&login(1, &[1], "A"));
    assert!(member(his(), None).bars_mailbox(&behind(1, &[1]), at(1)));
    assert!(member(his(), None).bars_mailbox(&behind(1, &[]), at(1)), "his mailbox, known from his login");
    assert!(member(his(), None).bars_mailbox(&behind(7, &[1]), at(1)), "a mailbox that he proved later");
    assert!(!member(his(), None).bars_mailbox(&behind(1, &[1, 2]), at(1)), "his wife reads it, too");
    assert!(!member(his(), None).bars_mailbox(&behind(2, &[2]), at(1)));
    assert!(!member(his(), Some(at(1))).bars_mailbox(&behind(1, &[1]), at(1)), "a hold that is over");
    let unknown = Barred::unknown(Some(mailbox(1)), None).unwrap();
    assert!(member(unknown, None).bars_mailbox(&behind(1, &[2]), at(1)));
    let mut both = member(his(), None);
    both.blocks.push(block(Barred::login(&login(2, &[1], "B")), None));
    assert!(both.bars_mailbox(&behind(1, &[1, 2]), at(1)));
}

#[test]
fn a_record_forgets_old_holds_when_the_next_is_set() {
    let hold = block(Barred::login(&login(1, &[1], "A")), Some(at(1)));
    let record = nobody_barred().with_block(hold.clone()).unwrap();
    let later = Block { set_at: at(1 + 30 * 24), until: None, id: BlockId::from_random([2; 16]), ..hold };
    let blocked = record.with_block(later.clone()).unwrap();
    assert_eq!(blocked.blocks, [later]);
}

fn nobody_barred() -> Member {
    Member {
        id: crate::domain::id::MemberId::from_random([7; 16]),
        name: "Child".parse().unwrap(),
        birth_date: "2018-01-01".parse().unwrap(),
        registered_at: at(0),
        withdrawn: Vec::new(),
        blocks: Vec::new(),
        version: 1,
    }
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
    assert_eq!(again(29).check(std::slice::from_ref(&hold)), Err(BlockError::HeldBefore));
    assert_eq!(again(30).check(std::slice::from_ref(&hold)), Ok(()));
    let forever = block(whom, None);
    assert_eq!(forever.check(&[hold]), Ok(()), "a block follows a hold");
    assert_eq!(forever.check(std::slice::from_ref(&forever)), Err(BlockError::Stands));
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
fn a_block_finds_the_person_by_a_login_that_became_part_of_another_and_by_an_address_given_up() {
    let (old, new) = (login(1, &[1], "Ana"), login(2, &[2], "Ana"));
    let by_login = Barred::login(&old);
    assert!(!by_login.is(&new));
    let both = new.absorbing(&old);
    assert!(by_login.is(&both), "whatever was granted to which of the two");
    assert!(!by_login.is(&both.releasing(&old)));

    let by_address = Barred::unknown(Some(mailbox(1)), None).unwrap();
    let moved = login(3, &[1, 4], "Ana").without_mailbox(&mailbox(1)).unwrap();
    assert!(by_address.is(&moved));
    assert!(by_address.is(&login(5, &[6], "Ana").absorbing(&moved)), "what one gave up goes along");
}

#[test]
fn a_block_from_when_two_logins_were_one_is_about_both_and_one_from_before_or_after_is_not() {
    let (stays, mut back) = (login(1, &[1], "Ana"), login(2, &[2], "Ana"));
    back.lineage.parted.push(Parted { from: stays.id, together_at: at(-1), apart_at: at(1) });
    let set = |hours: i64| Block { set_at: at(hours), ..block(Barred::login(&stays), None) };
    for (hours, is_barred) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        assert_eq!(set(hours).bars(&back), is_barred, "set at {hours}");
        assert!(set(hours).bars(&stays));
    }
    // Whose place another login takes, that one is kept out for.
    let heir = login(3, &[3], "Ana").absorbing(&back);
    assert!(set(0).bars(&heir) && !set(2).bars(&heir));
    assert!(!set(0).bars(&heir.releasing(&back)));
    assert!(!set(0).bars(&login(4, &[1], "Ana")));
}
