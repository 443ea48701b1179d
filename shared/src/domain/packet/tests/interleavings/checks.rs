//! What must hold of every packet and of every write.

use super::*;

const fn is_final(state: &PacketState) -> bool {
    matches!(state, PacketState::Sealed { .. } | PacketState::Declined | PacketState::Voided)
}

impl World {
    /// Looks at a write before it happens.
    pub(super) fn notice(&mut self, new: &Packet) {
        let old = Rc::clone(&self.stored);
        self.ends += u8::from(old.state == PacketState::Out && new.state != PacketState::Out);
        let mut wrong = |is_wrong: bool, words: &'static str| {
            if is_wrong {
                self.wrong.push(words);
            }
        };
        wrong(new.version != old.version + 1, "a change is missing from the count");
        wrong(is_final(&old.state) && old.state != new.state, "a finished packet was changed");
        let changed = old.slots.iter().zip(&new.slots).filter(|(old, new)| old != new).count();
        wrong(changed > 1, "one step changed the slots of two");
    }

    /// What is wrong here.
    pub(super) fn check(&self) -> Vec<&'static str> {
        let packet = &self.stored;
        let mut all = self.wrong.clone();
        let mut wrong = |is_wrong: bool, words: &'static str| {
            if is_wrong {
                all.push(words);
            }
        };
        wrong(self.ends > 1, "two of last signature, decline and void won");
        wrong(self.seals.iter().any(|&seals| seals > 1), "a file was sealed twice");
        wrong(self.told.iter().any(|&told| told > 1), "a slot was signed twice");
        let is_complete = packet.turn().is_none();
        match &packet.state {
            PacketState::Out | PacketState::Declined | PacketState::Voided => {
                wrong(is_complete, "everybody signed, and it is not ready");
            }
            PacketState::Ready | PacketState::Sealing { .. } | PacketState::Sealed { .. } => {
                wrong(!is_complete || packet.signed() == 0, "ready without the signatures it needs");
            }
        }
        for piece in packet.pieces() {
            let Some(Seal::Sealed { sealed }) = packet.seal_of(piece) else { continue };
            wrong(!self.files.contains(&(number(piece), sealed.attempt)), "sealed without a file");
            let is_unsealed = |slot: &Slot| slot.copy.as_ref().is_some_and(|copy| copy.file().is_none());
            wrong(piece == Piece::Whole && packet.slots.iter().any(is_unsealed), "the record came before a copy");
        }
        for (slot, told) in packet.slots.iter().zip(self.told) {
            wrong(told > 0 && slot.signature().is_none(), "a signature was lost");
            let Some(signature) = slot.signature() else { continue };
            let is_late = slot.answer_by.is_some_and(|end| end <= signature.signed_at);
            let is_unread = slot.opened_at.is_none_or(|opened_at| opened_at > signature.signed_at);
            wrong(is_late, "signed too late");
            wrong(is_unread || signature.document_sha256 != packet.canonical.sha256, "signed unseen");
            wrong(packet.turn().is_some_and(|turn| turn < slot.group), "signed before those who sign first");
            wrong((packet.mode == Mode::Separate) != slot.copy.is_some(), "a signature without its copy");
        }
        all
    }

    /// Whatever crashed: once the leases have ended, a sealer that the stream wakes can seal all that is left, under names of its
    /// own.
    pub(super) fn check_recovery(&self) {
        let mut packet = (*self.stored).clone();
        let later = self.now() + Packet::LEASE;
        while packet.is_unsealed() {
            let piece = packet.sealable(later).expect("nothing can be claimed");
            let (claimed, attempt) = packet.claim(piece, later).unwrap();
            assert!(!self.files.contains(&(number(piece), attempt)), "the next sealer finds its name taken");
            packet = claimed.finish(piece, file(attempt)).unwrap();
        }
        let is_whole = matches!(packet.state, PacketState::Sealed { .. });
        assert_eq!(is_whole, packet.turn().is_none(), "complete and not sealed at last");
    }
}
