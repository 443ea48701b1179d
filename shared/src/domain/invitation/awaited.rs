//! Signatures that wait for whoever accepts: the person is asked in the act of accepting.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Invitation, InvitationState};
use crate::domain::grant::Scope;
use crate::domain::id::{LoginId, MemberId, PacketId, SlotId};
use crate::domain::packet::Packet;
use crate::domain::signature::SigningCapacity;

/// A slot of a packet that asks whoever accepts the invitation. The invitation names it, so that tying it and accepting meet in
/// one item, and one of the two comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitedSlot {
    /// For whom.
    pub member: MemberId,
    /// In which packet.
    pub packet: PacketId,
    /// Which.
    pub slot: SlotId,
}

/// Why a signature cannot wait for an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AwaitError {
    /// Answered or taken back.
    #[error("this invitation was answered or taken back; name the person, or invite anew")]
    Over,
    /// It offers nothing with which to sign.
    #[error("this invitation does not let anybody sign for this client in that capacity; look at what it offers")]
    MayNotSign,
    /// As many as fit beside what accepting writes.
    #[error("at most five signatures wait for one invitation; ask for the others later")]
    TooMany,
}

impl Invitation {
    /// Signatures that wait for one invitation. Accepting writes three items more for each.
    pub const MOST_AWAITED: usize = 5;

    /// The invitation with one more signature that waits for it.
    ///
    /// # Errors
    /// [`AwaitError`]; of a link that expired it can be sent again, and so waits on.
    pub fn awaiting(&self, slot: AwaitedSlot, capacity: SigningCapacity) -> Result<Self, AwaitError> {
        if self.state != InvitationState::Open {
            return Err(AwaitError::Over);
        }
        let offer = self.offers.iter().find(|offer| offer.member == slot.member);
        let signs = |terms: &super::Terms| terms.scopes.contains(&Scope::Sign) && capacity.fits(terms.authority);
        if !offer.is_some_and(|offer| signs(&offer.terms)) {
            return Err(AwaitError::MayNotSign);
        }
        let mut awaited = self.awaits.clone();
        awaited.push(slot);
        if awaited.len() > Self::MOST_AWAITED {
            return Err(AwaitError::TooMany);
        }
        Ok(Self { awaits: awaited, ..self.clone() })
    }

    /// The packet, asking `login`, who accepts, wherever it waits for this invitation and can still ask. `None` when it does not:
    /// it was closed, staff named somebody or went on without, or `may_sign` says that the person may not sign in that capacity.
    #[must_use]
    pub fn bind(&self, packet: &Packet, login: LoginId, may_sign: impl Fn(SigningCapacity) -> bool) -> Option<Packet> {
        let tied = packet.slots.iter().filter(|slot| slot.invitation == Some(self.id) && may_sign(slot.capacity));
        let bound = tied.fold(packet.clone(), |packet, slot| packet.named(slot.id, login).unwrap_or(packet));
        (bound != *packet).then_some(bound)
    }
}
