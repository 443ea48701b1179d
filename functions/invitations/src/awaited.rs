//! Signatures that wait for whoever accepts: the person is asked in the same act that gives the access to sign.
//!
//! The packets are read beside the members, and changed with the rest. Where a packet was voided, or staff named somebody or went
//! on without, or what the person has does not allow that signature, nothing is asked: staff see an open slot, and settle it.

use std::collections::BTreeSet;

use hearth::domain::decide::may_sign;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject};
use hearth::domain::grant::Grant;
use hearth::domain::id::MailId;
use hearth::domain::invitation::Invitation;
use hearth::domain::login::{Login, Mailbox};
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::member::Member;
use hearth::domain::packet::Packet;
use hearth::http::Stop;
use hearth::random;
use hearth::store::items::Todo;
use hearth::store::{Found, Key, Reading, Transaction};

use crate::Context;

fn packets(invitation: &Invitation) -> BTreeSet<Key> {
    invitation.awaits.iter().map(|awaited| Key::packet(awaited.member, awaited.packet)).collect()
}

/// Reads the packets that wait beside the rest.
pub(crate) fn read<'a>(reading: Reading<'a>, invitation: &Invitation) -> Reading<'a> {
    packets(invitation).into_iter().fold(reading, Reading::also)
}

/// Asks the person who accepts, and tells by mail, as others who are asked. One mail stands for all of it.
pub(crate) fn bind(
    context: &Context,
    mut change: Transaction,
    records: &mut Found,
    invitation: &Invitation,
    (person, mailbox, grants): (&Login, &Mailbox, &[Grant]),
) -> Result<Transaction, Stop> {
    let (now, mut is_asked) = (records.now, false);
    for key in packets(invitation) {
        let Some(packet) = records.get::<Packet>(&key)? else { continue };
        let Some(member) = records.get::<Member>(&Key::member(packet.member))? else { continue };
        let grant = grants.iter().find(|grant| grant.member == packet.member);
        let signs = |capacity| may_sign((person, grant), &member, capacity, &context.gate.policy, now).is_ok();
        let Some(bound) = invitation.bind(&packet, person.id, signs) else { continue };
        let bound = bound.told(now);
        if bound.asks(person.id) && !packet.asks(person.id) {
            let (login, title) = (person.id, packet.title.clone());
            let todo = Todo { login, member: packet.member, packet: packet.id, title, since: now, version: 1 };
            change = change.create(&todo);
            is_asked = true;
        }
        let named = NewEvent {
            kind: EventKind::SlotNamed,
            actor: None,
            capacity: Capacity::System,
            object: Some(packet.id.to_string()),
            reason: None,
        };
        change = change.replace(&packet, bound).record(records.trail(Subject::Member(packet.member))?, named);
    }
    if is_asked {
        let id = MailId::from_random(random::bytes()?);
        let asked = MailKind::SignatureAsked;
        // Somebody who is new reads the mailbox that was invited, and has no other.
        let to = person.mailboxes.first().unwrap_or(&mailbox.id);
        change = change.mail(&Mail::to_mailbox(to, person.language, asked, id, now));
    }
    Ok(change)
}
