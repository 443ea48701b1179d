//! Packets of a form: whose answers are signed by whom.

use super::*;

const HERS: Sha256Digest = Sha256Digest::new([7; 32]);
const OTHERS: Sha256Digest = Sha256Digest::new([8; 32]);

fn form(mode: Mode, slots: u8) -> Packet {
    Packet { mode, is_form: true, ..packet(slots) }
}

fn over(answers: Option<Sha256Digest>) -> Signature {
    Signature { answers_sha256: answers, ..signature() }
}

fn sign(packet: &Packet, slot: u8, answers: Option<Sha256Digest>) -> Result<Packet, PacketError> {
    packet.sign(slot_id(slot), over(answers))
}

fn of(packet: &Packet, slot: u8) -> AnswersOf {
    packet.answers_of(packet.slot(slot_id(slot)).unwrap())
}

fn abandoned(before: &Packet, after: &Packet) -> Vec<SlotId> {
    before.abandoned(after).map(|slot| slot.id).collect()
}

#[test]
fn who_signs_separately_answers_alone() {
    let mut packet = form(Mode::Separate, 3);
    packet.slots[2].capacity = SigningCapacity::Witness;
    assert_eq!(
        (of(&packet, 0), of(&packet, 1), of(&packet, 2)),
        (AnswersOf::Oneself, AnswersOf::Oneself, AnswersOf::Nobody)
    );
    assert_eq!(sign(&packet, 0, None), Err(PacketError::Unanswered));
    assert_eq!(sign(&packet, 2, Some(HERS)), Err(PacketError::OtherAnswers));
    let one = sign(&packet, 0, Some(HERS)).unwrap();
    let both = sign(&one, 1, Some(OTHERS)).unwrap();
    assert_eq!(sign(&both, 2, None).unwrap().state, PacketState::Ready);
}

#[test]
fn where_people_share_a_form_one_fills_it_in_and_signs_first() {
    let packet = form(Mode::Together, 3).led_by_filler();
    packet.check_slots().unwrap();
    assert_eq!((of(&packet, 0), of(&packet, 1)), (AnswersOf::Oneself, AnswersOf::Slot(slot_id(0))));
    assert_eq!(packet.asked().map(|slot| slot.id).collect::<Vec<_>>(), [slot_id(0)]);
    assert_eq!(sign(&packet, 1, Some(HERS)), Err(PacketError::NotYet));
    let filled = sign(&packet, 0, Some(HERS)).unwrap();
    assert_eq!(sign(&filled, 1, None), Err(PacketError::OtherAnswers));
    assert_eq!(sign(&filled, 1, Some(OTHERS)), Err(PacketError::OtherAnswers));
    let second = sign(&filled, 1, Some(HERS)).unwrap();
    assert_eq!((of(&second, 0), sign(&second, 2, Some(HERS)).unwrap().state), (AnswersOf::Oneself, PacketState::Ready));
}

#[test]
fn the_next_fills_in_when_the_first_is_excused_and_the_others_wait() {
    let mut packet = form(Mode::Together, 3).led_by_filler();
    packet = packet.excuse(slot_id(0), excuse()).unwrap();
    assert_eq!((of(&packet, 1), of(&packet, 2)), (AnswersOf::Oneself, AnswersOf::Slot(slot_id(1))));
    assert_eq!(sign(&packet, 2, Some(HERS)), Err(PacketError::NotYet));
    let filled = sign(&packet, 1, Some(HERS)).unwrap();
    assert_eq!(sign(&filled, 2, Some(HERS)).unwrap().state, PacketState::Ready);
}

#[test]
fn groups_that_would_let_others_sign_an_empty_form_are_refused() {
    let mut packet = Packet { groups: vec![Group { needed: Some(1) }, Group::default()], ..form(Mode::Together, 3) };
    packet.slots[2].group = 1;
    let packet = packet.led_by_filler();
    assert_eq!(packet.check_slots(), Err(PacketError::FormGroups));
    assert_eq!(Packet { is_form: false, ..packet.clone() }.check_slots(), Ok(()));
    assert_eq!(Packet { mode: Mode::Separate, ..packet }.check_slots(), Ok(()));
    // The clinic signs alone: nobody fills in.
    let mut clinics = form(Mode::Together, 1);
    clinics.slots[0].capacity = SigningCapacity::Clinic;
    clinics.check_slots().unwrap();
    assert_eq!(sign(&clinics, 0, None).unwrap().state, PacketState::Ready);
}

#[test]
fn what_was_begun_ends_with_the_slot_unless_it_was_signed() {
    let packet = form(Mode::Separate, 3);
    let signed = sign(&packet, 0, Some(HERS)).unwrap();
    assert_eq!(abandoned(&packet, &signed), []);
    let declined = signed.decline(slot_id(1), reason(), now()).unwrap();
    assert_eq!(abandoned(&signed, &declined), [slot_id(1)]);
    assert_eq!(abandoned(&signed, &signed.void(None).unwrap()), [slot_id(1), slot_id(2)]);
    assert_eq!(abandoned(&signed, &signed.excuse(slot_id(2), excuse()).unwrap()), [slot_id(2)]);
    let plain = Packet { is_form: false, ..packet };
    assert_eq!(abandoned(&plain, &plain.void(None).unwrap()), []);
    // One of two was enough: the other's begun answers go when the packet is complete.
    let mut one_of_two = Packet { groups: vec![Group { needed: Some(1) }], ..form(Mode::Separate, 2) };
    one_of_two.check_slots().unwrap();
    one_of_two = one_of_two.clone();
    let done = sign(&one_of_two, 1, Some(HERS)).unwrap();
    assert_eq!((done.state.clone(), abandoned(&one_of_two, &done)), (PacketState::Ready, vec![slot_id(0)]));
}
