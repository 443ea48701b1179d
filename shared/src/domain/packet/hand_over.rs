//! A signature that is asked for moves with a person from one login to another.

use super::{Packet, PacketError, PacketState};
use crate::domain::id::{LoginId, SlotId};
use crate::domain::login::Login;

impl Packet {
    /// The slots that still ask `login`, now or when its turn comes: what moves with the person.
    pub fn unanswered_of(&self, login: LoginId) -> impl Iterator<Item = SlotId> {
        let open = self.slots_of(login).filter(|slot| self.state == PacketState::Out && slot.is_open());
        open.map(|slot| slot.id)
    }

    /// The packet for reading by that person: what a login answered whose place the reader's took is the reader's own. It stays on
    /// record under the login that answered it, so that two logins can be taken apart again.
    #[must_use]
    pub fn as_of(&self, login: &Login) -> Self {
        let mut packet = self.clone();
        for slot in &mut packet.slots {
            slot.login = slot.login.map(|asked| if login.is_or_was(asked) { login.id } else { asked });
        }
        packet
    }

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
