//! Signatures that wait for somebody who is invited: the invitation is told, and whoever accepts it is asked.

use std::collections::BTreeSet;

use hearth::domain::id::InvitationId;
use hearth::domain::invitation::{AwaitedSlot, Invitation};
use hearth::domain::packet::Packet;
use hearth::http::{Problem, Stop};
use hearth::store::{Found, Key, Transaction};

/// Tells the invitations that signatures wait for them.
pub(crate) fn wait(change: Transaction, packet: &Packet, found: &Found) -> Result<Transaction, Stop> {
    let awaited: BTreeSet<InvitationId> = packet.slots.iter().filter_map(|slot| slot.invitation).collect();
    awaited.into_iter().try_fold(change, |change, id| await_answer(change, packet, id, found))
}

/// Tells an invitation which slots of a packet wait for it. Of accepting and this, one comes first: they meet in the invitation.
pub(crate) fn await_answer(
    change: Transaction,
    packet: &Packet,
    id: InvitationId,
    found: &Found,
) -> Result<Transaction, Stop> {
    let unknown = || Problem::cannot("invitation", "choose an open invitation to this client");
    let invitation: Invitation = found.get(&Key::invitation(id))?.ok_or_else(unknown)?;
    let mut tied = packet.slots.iter().filter(|slot| slot.invitation == Some(id) && slot.login.is_none());
    let told = tied.try_fold(invitation.clone(), |invitation, slot| {
        let awaited = AwaitedSlot { member: packet.member, packet: packet.id, slot: slot.id };
        invitation.awaiting(awaited, slot.capacity)
    });
    Ok(change.replace(&invitation, told.map_err(Problem::from)?))
}
