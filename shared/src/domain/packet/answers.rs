//! Whose answers stand on the form that a slot signs.

use super::{Group, Mode, Packet, PacketError, Piece, Slot};
use crate::domain::document::Sha256Digest;
use crate::domain::id::SlotId;
use crate::domain::signature::SigningCapacity;

/// Whose answers a slot signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswersOf {
    /// Nobody's: the document is no form, or nobody fills it in for this slot.
    Nobody,
    /// The signer's own.
    Oneself,
    /// Those of the slot that fills in the shared form.
    Slot(SlotId),
}

impl SigningCapacity {
    /// Whether who signs in this capacity fills in forms: who answers for the child, and the client. A child who agrees, a witness
    /// and the clinic sign what others have filled in.
    #[must_use]
    pub const fn fills_in(self) -> bool {
        matches!(self, Self::Parent | Self::Guardian | Self::Patient)
    }
}

impl Packet {
    /// Whose answers a slot signs. Where people sign separately, everybody's own: each copy is filled in by its signer. Where they
    /// share one file, those of one person alone, the first who fills it in and signs; all others see them before they sign, and
    /// sign the same. So two answers to one question cannot meet on one paper.
    #[must_use]
    pub fn answers_of(&self, slot: &Slot) -> AnswersOf {
        if !self.is_form {
            return AnswersOf::Nobody;
        }
        let own = if slot.capacity.fills_in() { AnswersOf::Oneself } else { AnswersOf::Nobody };
        match (self.mode, self.filler()) {
            (Mode::Separate, _) => own,
            (Mode::Together, None) => AnswersOf::Nobody,
            (Mode::Together, Some(filler)) if filler == slot.id => AnswersOf::Oneself,
            (Mode::Together, Some(filler)) => AnswersOf::Slot(filler),
        }
    }

    /// The slot that fills in the shared form: who signed it with answers, else the first who can.
    fn filler(&self) -> Option<SlotId> {
        let signed = self.slots.iter().find(|slot| slot.answers_sha256().is_some() && slot.capacity.fills_in());
        signed.or_else(|| self.next_filler()).map(|slot| slot.id)
    }

    fn next_filler(&self) -> Option<&Slot> {
        let fills = |slot: &&Slot| slot.is_open() && slot.capacity.fills_in();
        self.slots.iter().filter(fills).min_by_key(|slot| slot.group)
    }

    /// The slot whose answers are drawn on a file, and their hash. The clinic's record of copies shows none: each copy has its own.
    #[must_use]
    pub fn answers_in(&self, piece: Piece) -> Option<(&Slot, Sha256Digest)> {
        let slot = match (piece, self.mode) {
            (Piece::Copy(slot), _) => self.slot(slot).ok()?,
            (Piece::Whole, Mode::Separate) => return None,
            (Piece::Whole, Mode::Together) => self.slot(self.filler()?).ok()?,
        };
        slot.answers_sha256().map(|sha256| (slot, sha256))
    }

    /// Whether a signature of `slot` over these answers is one over this packet.
    pub(super) fn check_answers(&self, slot: &Slot, given: Option<Sha256Digest>) -> Result<(), PacketError> {
        match (self.answers_of(slot), given) {
            (AnswersOf::Nobody, None) | (AnswersOf::Oneself, Some(_)) => Ok(()),
            (AnswersOf::Oneself, None) => Err(PacketError::Unanswered),
            (AnswersOf::Nobody, Some(_)) => Err(PacketError::OtherAnswers),
            (AnswersOf::Slot(filler), given) => match self.slot(filler)?.answers_sha256() {
                None => Err(PacketError::NotYet),
                theirs if theirs == given => Ok(()),
                Some(_) => Err(PacketError::OtherAnswers),
            },
        }
    }

    /// The new packet with whoever fills in the shared form asked first, alone: nobody else could sign before. Groups that staff
    /// chose are left as they are.
    #[must_use]
    pub fn led_by_filler(mut self) -> Self {
        let Some(filler) = self.next_filler().map(|slot| slot.id) else { return self };
        if self.is_form && self.mode == Mode::Together && self.groups == Group::alone() && self.slots.len() > 1 {
            self.groups = vec![Group::default(), Group::default()];
            for slot in &mut self.slots {
                slot.group = usize::from(slot.id != filler);
            }
        }
        self
    }

    /// Whether whoever fills in the shared form signs before all others.
    pub(super) fn check_filler(&self) -> Result<(), PacketError> {
        let Some(filler) = self.next_filler() else { return Ok(()) };
        let is_alone = || self.slots.iter().all(|slot| slot.id == filler.id || slot.group > filler.group);
        if !self.is_form || self.mode == Mode::Separate || is_alone() { Ok(()) } else { Err(PacketError::FormGroups) }
    }

    /// The slots that lose what their people have begun to write, between one standing of the packet and the next: they can't be
    /// signed any more, and were not.
    pub fn abandoned<'a>(&'a self, after: &'a Self) -> impl Iterator<Item = &'a Slot> {
        let is_over = |slot: &&Slot| {
            let after_slot = after.slots.iter().find(|other| other.id == slot.id);
            after_slot.is_none_or(|other| !after.is_open(other) && other.signature().is_none())
        };
        self.slots.iter().filter(|slot| self.is_form && slot.login.is_some() && self.is_open(slot)).filter(is_over)
    }

    fn is_open(&self, slot: &Slot) -> bool {
        self.state == super::PacketState::Out && slot.is_open()
    }

    /// Whether the person of a slot can write answers now, or look what there is to write: others may still have to sign first.
    #[must_use]
    pub fn is_fillable(&self, slot: &Slot) -> bool {
        self.is_open(slot) && self.answers_of(slot) == AnswersOf::Oneself
    }
}

impl Slot {
    /// The hash of the answers that were signed here.
    #[must_use]
    pub fn answers_sha256(&self) -> Option<Sha256Digest> {
        self.signature().and_then(|signature| signature.answers_sha256)
    }
}
