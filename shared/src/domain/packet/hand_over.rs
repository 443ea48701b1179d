//! A signature that is asked for moves with a person from one login to another.

use super::{Packet, PacketError, SlotState};
use crate::domain::id::{LoginId, SlotId};

impl Packet {
    /// The packet with a slot that nobody answered handed from one login of a person to another one of the same person.
    ///
    /// # Errors
    /// [`PacketError::Slots`] when the other login is asked as well, [`PacketError::Closed`], [`PacketError::AlreadyAnswered`].
    pub fn handed_over(&self, id: SlotId, from: LoginId, to: LoginId) -> Result<Self, PacketError> {
        let slot = self.slot(id)?;
        if slot.login != from {
            return Err(PacketError::UnknownSlot);
        }
        if self.slot_of(to).is_some() {
            return Err(PacketError::Slots);
        }
        let mut packet = self.answered(id, SlotState::Waiting)?;
        for slot in packet.slots.iter_mut().filter(|slot| slot.id == id) {
            slot.login = to;
        }
        Ok(packet)
    }
}
