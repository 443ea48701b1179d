//! The same bytes for worlds that go on in the same way.

use super::*;

impl World {
    /// What was read before somebody else wrote can never be written any more with a careful store, so of such a reading only the
    /// answer to its reader counts. A careless store writes it.
    pub(super) fn fingerprint(&self) -> Vec<u8> {
        let mut bytes = vec![self.leases_ended, u8::from(self.is_late), self.ends, self.files.len() as u8];
        bytes.extend(self.seals.iter().chain(&self.told));
        bytes.extend(self.files.iter().flat_map(|&(piece, attempt)| [piece, attempt as u8]));
        of_packet(&self.stored, &mut bytes);
        for (_, step) in &self.actors {
            match step {
                Step::Begins => bytes.push(0),
                Step::HasRead(_, Err(_)) => bytes.push(1),
                Step::HasRead(read, Ok(new)) => self.of_reading(read, new, &mut bytes),
                Step::Done => bytes.push(2),
            }
        }
        // Which of two equal sealers does what makes no difference.
        let mut sealers: Vec<Vec<u8>> = self.sealers.iter().map(|sealer| self.of_sealer(sealer)).collect();
        sealers.sort_unstable();
        bytes.extend(sealers.into_iter().flatten());
        bytes
    }

    fn of_sealer(&self, (step, has_crashed): &(Sealer, bool)) -> Vec<u8> {
        let mut bytes = vec![u8::from(*has_crashed)];
        let (kind, read, piece, attempt) = match step {
            Sealer::Begins => return bytes,
            Sealer::HasRead(read) => (1, read, Piece::Whole, 0),
            Sealer::Claimed(read, piece, attempt) => (2, read, *piece, *attempt),
            Sealer::HasWritten(read, piece, attempt) => (3, read, *piece, *attempt),
        };
        bytes.extend([kind, number(piece), attempt as u8]);
        self.of_reading(read, read, &mut bytes);
        bytes
    }

    fn of_reading(&self, read: &Packet, new: &Packet, bytes: &mut Vec<u8>) {
        match self.store {
            Store::Careful => bytes.push(3 + u8::from(read.version == self.stored.version)),
            Store::Careless => {
                bytes.extend([5, read.version as u8]);
                of_packet(new, bytes);
            }
        }
        // A signature carries the time at which the packet was read.
        let late = |slot: &Slot| slot.signature().is_some_and(|signature| signature.signed_at > now());
        bytes.push(new.slots.iter().filter(|slot| late(slot)).count() as u8);
    }
}

fn of_packet(packet: &Packet, bytes: &mut Vec<u8>) {
    bytes.push(packet.version as u8);
    for slot in &packet.slots {
        bytes.push(u8::from(slot.excuse.is_some()));
        bytes.push(match &slot.state {
            SlotState::Waiting => 0,
            SlotState::Signed { signature } => 1 + 8 * u8::from(signature.signed_at >= now() + TIME),
            SlotState::Declined { .. } => 2,
            SlotState::OnPaper { .. } => 3,
        });
        of_seal(slot.copy.as_ref(), bytes);
    }
    of_seal(packet.seal_of(Piece::Whole).as_ref(), bytes);
    bytes.push(match packet.state {
        PacketState::Declined => 1,
        PacketState::Voided => 2,
        _ => 0,
    });
}

fn of_seal(seal: Option<&Seal>, bytes: &mut Vec<u8>) {
    match seal {
        None => bytes.push(0),
        Some(Seal::Ready) => bytes.push(1),
        Some(Seal::Sealing { attempt, lease_until }) => {
            bytes.extend([2, *attempt as u8]);
            bytes.extend((lease_until.as_second() - now().as_second()).to_be_bytes());
        }
        Some(Seal::Sealed { sealed }) => bytes.extend([3, sealed.attempt as u8]),
    }
}
