//! A signature that is asked for moves with a person from one login to another.

use super::{Packet, PacketError};
use crate::domain::id::{LoginId, SlotId};

impl Packet {
    /// The packet with a slot that nobody answered handed from one login of a person to another one of the same person.
    ///
    /// # Errors
    /// [`PacketError::Slots`] when the other login is asked in the same capacity, [`PacketError::Closed`],
    /// [`PacketError::AlreadyAnswered`].
    pub fn handed_over(&self, id: SlotId, from: LoginId, to: LoginId) -> Result<Self, PacketError> {
        let slot = self.slot(id)?;
        if slot.login != Some(from) {
            return Err(PacketError::UnknownSlot);
        }
        if self.slots_of(to).any(|other| other.capacity == slot.capacity) {
            return Err(PacketError::Slots);
        }
        self.changeable(id)?;
        Ok(self.with_slot(id, |slot| slot.login = Some(to)))
    }
}
