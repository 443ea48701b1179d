//! Drafts: saved over what was seen, carried over, signed.

use super::*;
use crate::domain::answers::{FieldAnswer, FieldAnswers};
use crate::domain::form::{FieldKind, FormField};
use crate::domain::id::DocumentId;
use crate::domain::packet::tests::{login, packet, slot_id};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn form() -> Form {
    let field = |name: &str, required| FormField {
        name: name.to_owned(),
        label: name.to_owned(),
        page: 1,
        required,
        kind: FieldKind::Text { max_length: None, multiline: false },
    };
    Form {
        member: MemberId::from_random([1; 16]),
        document: DocumentId::from_random([2; 16]),
        fields: vec![field("child", true), field("notes", false)],
        version: 1,
    }
}

fn answers(given: &[(&str, &str)]) -> Answers {
    let given = given.iter().map(|(name, text)| ((*name).to_owned(), FieldAnswer::Text((*text).to_owned())));
    form().answers(given.collect::<FieldAnswers>()).unwrap()
}

fn member(id: MemberId) -> Member {
    Member {
        id,
        name: "Robin Vale".parse().unwrap(),
        birth_date: jiff::civil::date(2019, 3, 9),
        registered_at: NOW,
        withdrawn: Vec::new(),
        blocks: Vec::new(),
        version: 1,
    }
}

fn place<'a>(packet: &'a Packet, before: Option<&'a Draft>, seen: Version) -> Place<'a> {
    Place { login: login(0), packet, slot: slot_id(0), before, seen }
}

#[test]
fn the_later_save_over_what_it_has_not_seen_is_refused() {
    let packet = packet(1);
    let first = place(&packet, None, 0).saved(answers(&[("notes", "a")]), &form(), NOW).unwrap();
    assert_eq!((first.version, &first.standing), (1, &Standing::Lacks { field: "child".to_owned() }));
    let second = Draft {
        version: 2,
        ..place(&packet, Some(&first), 1).saved(answers(&[("child", "x")]), &form(), NOW).unwrap()
    };
    assert_eq!(second.standing, Standing::Complete);
    let late = place(&packet, Some(&second), 1).saved(answers(&[("child", "y")]), &form(), NOW);
    assert_eq!(late, Err(DraftError::Stale));
    let unseen = place(&packet, Some(&second), 0).saved(answers(&[("child", "y")]), &form(), NOW);
    assert_eq!(unseen, Err(DraftError::Stale));
    let again = place(&packet, Some(&second), 1).saved(answers(&[("child", "x")]), &form(), NOW);
    assert_eq!(again, Ok(second), "the same once more is no conflict");
}

#[test]
fn only_what_is_complete_and_was_shown_is_signed_and_then_it_stays() {
    let packet = packet(1);
    let lacking = place(&packet, None, 0).saved(answers(&[("notes", "a")]), &form(), NOW).unwrap();
    assert_eq!(lacking.signed(lacking.answers.sha256(), NOW), Err(DraftError::Incomplete));
    let whole = place(&packet, None, 0).saved(answers(&[("child", "x")]), &form(), NOW).unwrap();
    assert_eq!(whole.signed(lacking.answers.sha256(), NOW), Err(DraftError::OtherAnswers));
    assert_eq!(whole.kept_until(), Some(NOW + Draft::KEPT));
    let signed = whole.signed(whole.answers.sha256(), NOW).unwrap();
    assert_eq!((signed.kept_until(), &signed.answers), (None, &whole.answers));
    assert_eq!(signed.signed(whole.answers.sha256(), NOW), Err(DraftError::Signed));
    let later = place(&packet, Some(&signed), 1).saved(answers(&[("child", "y")]), &form(), NOW);
    assert_eq!(later, Err(DraftError::Signed));
}

#[test]
fn what_is_carried_over_leaves_the_other_child_out_and_waits_for_a_look() {
    let packet = packet(1);
    let from =
        place(&packet, None, 0).saved(answers(&[("child", "Robin V."), ("notes", "none")]), &form(), NOW).unwrap();
    let sibling = member(MemberId::from_random([77; 16]));
    let (carried, left) = place(&packet, None, 0).carried(&from, &sibling, NOW).unwrap();
    assert_eq!((left, &carried.answers), (vec!["child".to_owned()], &answers(&[("notes", "none")])));
    assert_eq!(carried.signed(carried.answers.sha256(), NOW), Err(DraftError::Incomplete));
    let looked = place(&packet, Some(&carried), 1).saved(answers(&[("child", "Kim"), ("notes", "none")]), &form(), NOW);
    assert_eq!(looked.unwrap().standing, Standing::Complete);
    // The same child's paper of last year: the name stays.
    let (again, left) = place(&packet, None, 0).carried(&from, &member(packet.member), NOW).unwrap();
    assert_eq!((left.len(), again.answers), (0, from.answers.clone()));
    let other_form = Draft { document_sha256: Sha256Digest::new([99; 32]), ..from.clone() };
    assert_eq!(place(&packet, None, 0).carried(&other_form, &sibling, NOW), Err(DraftError::OtherForm));
    let somebody_elses = Draft { login: login(5), ..from };
    assert_eq!(place(&packet, None, 0).carried(&somebody_elses, &sibling, NOW), Err(DraftError::OtherForm));
}
