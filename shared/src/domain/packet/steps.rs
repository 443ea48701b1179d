//! What people do with a packet. Each step takes a packet as it was read and makes the next one, or says why not.

use jiff::Timestamp;

use super::{Excuse, Mode, Packet, PacketError, PacketState, Seal, Slot, SlotState};
use crate::domain::id::{DocumentId, InvitationId, LoginId, PacketId, SlotId};
use crate::domain::signature::Signature;
use crate::domain::text::Note;

impl Packet {
    /// The slot, when it can be answered at `now`.
    fn answerable(&self, id: SlotId, now: Timestamp) -> Result<&Slot, PacketError> {
        let slot = self.slot(id)?;
        if slot.state != SlotState::Waiting {
            return Err(PacketError::AlreadyAnswered);
        }
        if self.state != PacketState::Out || slot.excuse.is_some() {
            return Err(PacketError::Closed);
        }
        match self.turn() {
            Some(turn) if turn < slot.group => Err(PacketError::NotYet),
            Some(turn) if turn == slot.group && slot.is_late(now) => Err(PacketError::TooLate),
            Some(turn) if turn == slot.group => Ok(slot),
            _ => Err(PacketError::Closed),
        }
    }

    /// The packet with one slot signed; ready to seal when nobody else is needed.
    ///
    /// # Errors
    /// Any [`PacketError`] but those of slots and sealing.
    pub fn sign(&self, id: SlotId, signature: Signature) -> Result<Self, PacketError> {
        if signature.document_sha256 != self.canonical.sha256 || signature.pages != self.canonical.pages {
            return Err(PacketError::OtherDocument);
        }
        let slot = self.answerable(id, signature.signed_at)?;
        if slot.opened_at.is_none_or(|opened_at| opened_at > signature.signed_at) {
            return Err(PacketError::Unread);
        }
        self.check_answers(slot, signature.answers_sha256)?;
        let copy = (self.mode == Mode::Separate).then_some(Seal::Ready);
        let signed = self.with_slot(id, |slot| {
            slot.copy = copy;
            slot.state = SlotState::Signed { signature: Box::new(signature) };
        });
        Ok(signed.settled())
    }

    /// The packet with one slot declined. That closes it where people sign together and the others are not enough; where they
    /// sign separately, the others go on.
    ///
    /// # Errors
    /// As [`Packet::sign`].
    pub fn decline(&self, id: SlotId, reason: Note, now: Timestamp) -> Result<Self, PacketError> {
        self.answerable(id, now)?;
        Ok(self.with_slot(id, |slot| slot.state = SlotState::Declined { reason, at: now }).settled())
    }

    /// The packet after the person of `login` opened the paper; `None` when that is known already.
    #[must_use]
    pub fn opened(&self, login: LoginId, now: Timestamp) -> Option<Self> {
        if self.state != PacketState::Out {
            return None;
        }
        let mut packet = self.clone();
        let unread = packet
            .slots
            .iter_mut()
            .filter(|slot| slot.login == Some(login) && slot.opened_at.is_none() && slot.is_open());
        let marked = unread.map(|slot| slot.opened_at = Some(now)).count();
        (marked > 0).then_some(packet)
    }

    /// The packet after the person of a slot asked to sign on paper.
    ///
    /// # Errors
    /// [`PacketError::AlreadyAnswered`], [`PacketError::Closed`].
    pub fn paper_asked(&self, id: SlotId, now: Timestamp) -> Result<Self, PacketError> {
        self.changeable(id)?;
        Ok(self.with_slot(id, |slot| slot.paper_asked_at = slot.paper_asked_at.or(Some(now))))
    }

    /// The packet with a slot that was signed on paper. Staff have seen the paper, so neither order nor end counts.
    ///
    /// # Errors
    /// [`PacketError::AlreadyAnswered`], [`PacketError::Closed`].
    pub fn kept_on_paper(
        &self,
        id: SlotId,
        scan: DocumentId,
        (recorded_by, at): (LoginId, Timestamp),
    ) -> Result<Self, PacketError> {
        self.changeable(id)?;
        Ok(self.with_slot(id, |slot| slot.state = SlotState::OnPaper { scan, recorded_by, at }).settled())
    }

    /// The packet that goes on without a slot, by a decision of staff: nobody is there to sign, or the refusal of one does not
    /// hold up what the other may consent to. What the person answered stays on record.
    ///
    /// # Errors
    /// [`PacketError::AlreadyAnswered`] when it is signed or was decided before, [`PacketError::LastSlot`] when nothing would be
    /// left to sign, [`PacketError::Closed`].
    pub fn excuse(&self, id: SlotId, excuse: Excuse) -> Result<Self, PacketError> {
        let slot = self.slot(id)?;
        if slot.is_signed() || slot.excuse.is_some() {
            return Err(PacketError::AlreadyAnswered);
        }
        if self.state != PacketState::Out {
            return Err(PacketError::Closed);
        }
        let left = |other: &Slot| other.id != id && other.excuse.is_none();
        if !self.slots.iter().any(left) {
            return Err(PacketError::LastSlot);
        }
        Ok(self.with_slot(id, |slot| slot.excuse = Some(excuse)).settled())
    }

    /// The packet with a person named for a slot that waited for one.
    ///
    /// # Errors
    /// [`PacketError::Slots`] when the person has that slot's capacity already, [`PacketError::AlreadyAnswered`],
    /// [`PacketError::Closed`].
    pub fn named(&self, id: SlotId, login: LoginId) -> Result<Self, PacketError> {
        let slot = self.changeable(id)?;
        if slot.login.is_some() {
            return Err(PacketError::AlreadyAnswered);
        }
        if self.slots_of(login).any(|other| other.capacity == slot.capacity) {
            return Err(PacketError::Slots);
        }
        // The three days before the first reminder begin with the person.
        Ok(self.with_slot(id, |slot| (slot.login, slot.told_at) = (Some(login), None)))
    }

    /// The packet with a slot that waits for whoever accepts an invitation; another invitation than before, when staff invited anew.
    ///
    /// # Errors
    /// [`PacketError::AlreadyAnswered`] when somebody is named, [`PacketError::Closed`].
    pub fn waiting_for(&self, id: SlotId, invitation: InvitationId) -> Result<Self, PacketError> {
        if self.changeable(id)?.login.is_some() {
            return Err(PacketError::AlreadyAnswered);
        }
        Ok(self.with_slot(id, |slot| slot.invitation = Some(invitation)))
    }

    /// The slot, when nobody answered it and nothing closed it; it may be too early or too late to sign.
    pub(super) fn changeable(&self, id: SlotId) -> Result<&Slot, PacketError> {
        let slot = self.slot(id)?;
        if slot.state != SlotState::Waiting {
            return Err(PacketError::AlreadyAnswered);
        }
        if self.state == PacketState::Out && slot.excuse.is_none() { Ok(slot) } else { Err(PacketError::Closed) }
    }

    /// The packet taken back by staff.
    ///
    /// # Errors
    /// [`PacketError::Closed`] once it is ready, sealed, declined or voided.
    pub fn void(&self, reason: Option<Note>) -> Result<Self, PacketError> {
        if self.state == PacketState::Out {
            Ok(Self { state: PacketState::Voided, closing: reason, ..self.clone() })
        } else {
            Err(PacketError::Closed)
        }
    }

    /// The packet taken back because another one takes its place; what was signed stays on record.
    ///
    /// # Errors
    /// As [`Packet::void`].
    pub fn superseded(&self, by: PacketId) -> Result<Self, PacketError> {
        Ok(Self { superseded_by: Some(by), ..self.void(None)? })
    }
}
