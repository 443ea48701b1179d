//! A request for signatures on one canonical PDF: every slot must be signed, then the packet is sealed (design §8).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Version;
use super::document::{CanonicalFile, Sha256Digest};
use super::event::Capacity;
use super::id::{DocumentId, LoginId, MemberId, PacketId, SlotId};
use super::signature::{Signature, SigningCapacity};
use super::text::{Note, Title};

mod error;
mod hand_over;

pub use error::PacketError;

/// Where a slot stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "slot_state", rename_all = "kebab-case")]
pub enum SlotState {
    /// Nobody acted yet.
    Waiting,
    /// Signed; final.
    Signed {
        /// The signature.
        signature: Box<Signature>,
    },
    /// Declined; the reason is for staff only.
    Declined {
        /// In the signer's words.
        reason: Note,
        /// When.
        at: Timestamp,
    },
}

/// One signature asked for. A slot names a person and a capacity, never a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Identifier.
    pub id: SlotId,
    /// Who is asked.
    pub login: LoginId,
    /// In which capacity.
    pub capacity: SigningCapacity,
    /// Where it stands.
    #[serde(flatten)]
    pub state: SlotState,
}

/// The kept file: the canonical PDF with the evidence appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedFile {
    /// Attempt that wrote it; part of its name in the store.
    pub attempt: u32,
    /// SHA-256 of its bytes.
    pub sha256: Sha256Digest,
    /// Length in bytes.
    pub bytes: u64,
    /// When the packet was sealed.
    pub sealed_at: Timestamp,
}

/// Where a packet stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum PacketState {
    /// Waits for signatures.
    Out,
    /// Everybody signed; waits to be sealed.
    Ready,
    /// A sealer works on it until its lease ends.
    Sealing {
        /// Counts sealers.
        attempt: u32,
        /// Another sealer may take over from then on.
        lease_until: Timestamp,
    },
    /// Finished.
    Sealed {
        /// The kept file.
        sealed: SealedFile,
    },
    /// Somebody declined; finished.
    Declined,
    /// Staff took it back; finished.
    Voided,
}

/// A request for signatures on one canonical PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    /// Identifier.
    pub id: PacketId,
    /// Whose record it belongs to.
    pub member: MemberId,
    /// The document.
    pub document: DocumentId,
    /// The file of that document that everybody is shown.
    pub canonical: CanonicalFile,
    /// Title.
    pub title: Title,
    /// Who asked.
    pub created_by: LoginId,
    /// When.
    pub created_at: Timestamp,
    /// The signatures asked for; all of them are needed.
    pub slots: Vec<Slot>,
    /// Where it stands.
    #[serde(flatten)]
    pub state: PacketState,
    /// Replaced how often.
    pub version: Version,
}

impl Packet {
    /// Slots of one packet.
    pub const MOST_SLOTS: usize = 10;
    /// How long a sealer may work before another takes over: more than the function's time-out.
    pub const LEASE: SignedDuration = SignedDuration::from_secs(90);

    /// Checks the slots of a new packet.
    ///
    /// # Errors
    /// [`PacketError::Slots`].
    pub fn check_slots(&self) -> Result<(), PacketError> {
        let mut logins: Vec<_> = self.slots.iter().map(|slot| slot.login).collect();
        logins.sort_unstable();
        logins.dedup();
        if (1..=Self::MOST_SLOTS).contains(&self.slots.len()) && logins.len() == self.slots.len() {
            Ok(())
        } else {
            Err(PacketError::Slots)
        }
    }

    /// The slot of that identifier.
    ///
    /// # Errors
    /// [`PacketError::UnknownSlot`].
    pub fn slot(&self, id: SlotId) -> Result<&Slot, PacketError> {
        self.slots.iter().find(|slot| slot.id == id).ok_or(PacketError::UnknownSlot)
    }

    /// The slot that asks `login`, if any.
    #[must_use]
    pub fn slot_of(&self, login: LoginId) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.login == login)
    }

    /// What `reader` sees, newest first: staff all, a family what asks the reader.
    #[must_use]
    pub fn listed(mut packets: Vec<Self>, reader: LoginId, capacity: Capacity) -> Vec<Self> {
        packets.retain(|packet| capacity == Capacity::Staff || packet.slot_of(reader).is_some());
        packets.sort_unstable_by_key(|packet| std::cmp::Reverse((packet.created_at, packet.id)));
        packets
    }

    /// Signatures so far.
    #[must_use]
    pub fn signed(&self) -> usize {
        self.slots.iter().filter(|slot| matches!(slot.state, SlotState::Signed { .. })).count()
    }

    /// The slots that nobody answered.
    pub fn waiting(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.state == SlotState::Waiting)
    }

    /// The packet with one slot signed; ready to seal when it was the last.
    ///
    /// # Errors
    /// Any [`PacketError`] but those of slots and sealing.
    pub fn sign(&self, id: SlotId, signature: Signature) -> Result<Self, PacketError> {
        if signature.document_sha256 != self.canonical.sha256 || signature.pages != self.canonical.pages {
            return Err(PacketError::OtherDocument);
        }
        let mut packet = self.answered(id, SlotState::Signed { signature: Box::new(signature) })?;
        if packet.signed() == packet.slots.len() {
            packet.state = PacketState::Ready;
        }
        Ok(packet)
    }

    /// The packet with one slot declined, which closes it.
    ///
    /// # Errors
    /// As [`Packet::sign`].
    pub fn decline(&self, id: SlotId, reason: Note, now: Timestamp) -> Result<Self, PacketError> {
        let mut packet = self.answered(id, SlotState::Declined { reason, at: now })?;
        packet.state = PacketState::Declined;
        Ok(packet)
    }

    fn answered(&self, id: SlotId, answer: SlotState) -> Result<Self, PacketError> {
        if self.slot(id)?.state != SlotState::Waiting {
            return Err(PacketError::AlreadyAnswered);
        }
        if self.state != PacketState::Out {
            return Err(PacketError::Closed);
        }
        let mut packet = self.clone();
        for slot in packet.slots.iter_mut().filter(|slot| slot.id == id) {
            slot.state = answer.clone();
        }
        Ok(packet)
    }

    /// Whether only a sealer's work is missing.
    #[must_use]
    pub const fn is_unsealed(&self) -> bool {
        matches!(self.state, PacketState::Ready | PacketState::Sealing { .. })
    }

    /// The packet taken back by staff.
    ///
    /// # Errors
    /// [`PacketError::Closed`] once it is ready, sealed, declined or voided.
    pub fn void(&self) -> Result<Self, PacketError> {
        if self.state == PacketState::Out {
            Ok(Self { state: PacketState::Voided, ..self.clone() })
        } else {
            Err(PacketError::Closed)
        }
    }

    /// The packet claimed by a sealer, and the number of the attempt.
    ///
    /// # Errors
    /// [`PacketError::NotSealable`].
    pub fn claim(&self, now: Timestamp) -> Result<(Self, u32), PacketError> {
        let attempt = match self.state {
            PacketState::Ready => 1,
            PacketState::Sealing { attempt, lease_until } if lease_until <= now => attempt + 1,
            _ => return Err(PacketError::NotSealable),
        };
        let state = PacketState::Sealing { attempt, lease_until: now + Self::LEASE };
        Ok((Self { state, ..self.clone() }, attempt))
    }

    /// The sealed packet; only the sealer that holds the lease may finish.
    ///
    /// # Errors
    /// [`PacketError::NotSealable`].
    pub fn finish(&self, sealed: SealedFile) -> Result<Self, PacketError> {
        match self.state {
            PacketState::Sealing { attempt, .. } if attempt == sealed.attempt => {
                Ok(Self { state: PacketState::Sealed { sealed }, ..self.clone() })
            }
            _ => Err(PacketError::NotSealable),
        }
    }
}

#[cfg(test)]
mod tests;
