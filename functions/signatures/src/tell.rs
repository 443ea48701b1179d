//! What a step of a packet means for others: whose turn it is now, and who is asked no more.

use std::collections::BTreeSet;

use hearth::circle::people;
use hearth::domain::decide::may_sign;
use hearth::domain::id::{LoginId, MailId};
use hearth::domain::login::Login;
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::packet::Packet;
use hearth::gate::missing;
use hearth::http::Stop;
use hearth::random;
use hearth::store::items::Todo;
use hearth::store::{Found, Key, Transaction};

use crate::Context;

/// The people whom a packet asks now.
pub(crate) fn asked(packet: &Packet) -> BTreeSet<LoginId> {
    packet.asked().filter_map(|slot| slot.login).collect()
}

/// Puts the packet on the lists of those whose turn it is after a step, takes it off the lists of those who are asked no more, and
/// tells them by mail. `quiet` are those who know: they did it, or hear of it in another way.
///
/// The third call in series, and only when somebody is told: who is asked stands in the packet, so their mailboxes cannot be
/// asked for before the packet is here. Copies of mailboxes in the packet would save it, and would go on mailing to an address
/// that its owner gave up. Whoever may no longer sign for the member is taken off the list in silence: somebody whose access
/// ended hears nothing more.
pub(crate) async fn tell(
    context: &Context,
    mut change: Transaction,
    (before, after): (&Packet, &Packet),
    quiet: &BTreeSet<LoginId>,
    found: &Found,
) -> Result<Transaction, Stop> {
    let gate = &context.gate;
    let (was, is) = (asked(before), asked(after));
    // What people have begun to write ends with what they were asked.
    for slot in before.abandoned(after) {
        let Some(login) = slot.login else { continue };
        let place = (before.member, before.id, slot.id);
        change = change.clear(Key::draft(login, before.id, slot.id));
        change = change.clear(Key::filled_in(login, &before.canonical.sha256, place));
    }
    for &login in was.difference(&is) {
        change = change.clear(Key::todo(login, before.member, before.id));
    }
    let told: BTreeSet<LoginId> =
        was.symmetric_difference(&is).copied().filter(|login| !quiet.contains(login)).collect();
    if told.is_empty() {
        return Ok(change);
    }
    let people = people(&gate.store, before.member, &told).await?;
    let member = found.member.as_ref().ok_or_else(|| missing("a permit for a packet came without a member"))?;

    for (login, grant) in &people {
        let (packet, kind) = match is.contains(&login.id) {
            true => (after, MailKind::SignatureAsked),
            false => (before, MailKind::RequestClosed),
        };
        let slot = packet.asked().find(|slot| slot.login == Some(login.id));
        let signs = |capacity| may_sign((login, grant.as_ref()), member, capacity, &gate.policy, found.now).is_ok();
        if !slot.is_some_and(|slot| signs(slot.capacity)) {
            continue;
        }
        if kind == MailKind::SignatureAsked {
            change = change.create(&todo(packet, login.id, found));
        }
        change = mail(change, login, kind, found)?;
    }
    Ok(change)
}

/// The packet on somebody's list.
pub(crate) fn todo(packet: &Packet, login: LoginId, found: &Found) -> Todo {
    Todo { login, member: packet.member, packet: packet.id, title: packet.title.clone(), since: found.now, version: 1 }
}

/// A mail to somebody, if the person has a mailbox.
pub(crate) fn mail(change: Transaction, login: &Login, kind: MailKind, found: &Found) -> Result<Transaction, Stop> {
    let id = MailId::from_random(random::bytes()?);
    Ok(match Mail::to(login, kind, id, found.now) {
        Some(mail) => change.mail(&mail),
        None => change,
    })
}
