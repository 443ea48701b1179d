//! The files that a packet leaves behind, and who works on them.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Mode, Packet, PacketError, PacketState, SlotState};
use crate::domain::document::Sha256Digest;
use crate::domain::id::SlotId;

/// A kept file: the canonical PDF with the evidence appended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedFile {
    /// Attempt that wrote it; part of its name in the store.
    pub attempt: u32,
    /// SHA-256 of its bytes.
    pub sha256: Sha256Digest,
    /// Length in bytes.
    pub bytes: u64,
    /// When it was sealed.
    pub sealed_at: Timestamp,
}

/// One of the files that are sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// The file with all signatures: the signers' own where they sign together, the clinic's record where they sign separately.
    Whole,
    /// The copy of one slot.
    Copy(SlotId),
}

/// How far a file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Seal {
    /// Waits for a sealer.
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
}

impl Seal {
    /// Claimed by a sealer, and the number of the attempt.
    fn claim(&self, now: Timestamp) -> Option<(Self, u32)> {
        let attempt = match *self {
            Self::Ready => 1,
            Self::Sealing { attempt, lease_until } if lease_until <= now => attempt + 1,
            Self::Sealing { .. } | Self::Sealed { .. } => return None,
        };
        Some((Self::Sealing { attempt, lease_until: now + Packet::LEASE }, attempt))
    }

    /// The file, once it is kept.
    #[must_use]
    pub const fn file(&self) -> Option<&SealedFile> {
        match self {
            Self::Sealed { sealed } => Some(sealed),
            Self::Ready | Self::Sealing { .. } => None,
        }
    }
}

impl From<Seal> for PacketState {
    fn from(seal: Seal) -> Self {
        match seal {
            Seal::Ready => Self::Ready,
            Seal::Sealing { attempt, lease_until } => Self::Sealing { attempt, lease_until },
            Seal::Sealed { sealed } => Self::Sealed { sealed },
        }
    }
}

impl Packet {
    /// How long a sealer may work before another takes over: more than the function's time-out.
    pub const LEASE: SignedDuration = SignedDuration::from_secs(90);

    /// How far a file is; none while its signatures are missing.
    #[must_use]
    pub fn seal_of(&self, piece: Piece) -> Option<Seal> {
        match piece {
            Piece::Copy(slot) => self.slot(slot).ok()?.copy.clone(),
            Piece::Whole => match self.state.clone() {
                PacketState::Ready => Some(Seal::Ready),
                PacketState::Sealing { attempt, lease_until } => Some(Seal::Sealing { attempt, lease_until }),
                PacketState::Sealed { sealed } => Some(Seal::Sealed { sealed }),
                PacketState::Out | PacketState::Declined | PacketState::Voided => None,
            },
        }
    }

    /// The files of the packet, the copies before the record that lists their seals.
    pub fn pieces(&self) -> impl Iterator<Item = Piece> {
        let copies = self.slots.iter().filter(|slot| slot.copy.is_some()).map(|slot| Piece::Copy(slot.id));
        copies.chain(self.seal_of(Piece::Whole).map(|_| Piece::Whole))
    }

    fn has_unsealed_copy(&self) -> bool {
        self.slots.iter().filter_map(|slot| slot.copy.as_ref()).any(|copy| copy.file().is_none())
    }

    /// Whether a file waits for a sealer. The event source looks at this.
    #[must_use]
    pub fn waits_for_seal(&self) -> bool {
        self.pieces().any(|piece| {
            self.seal_of(piece) == Some(Seal::Ready) && !(piece == Piece::Whole && self.has_unsealed_copy())
        })
    }

    /// Whether a file is still to be sealed, by whomever.
    #[must_use]
    pub fn is_unsealed(&self) -> bool {
        self.pieces().any(|piece| self.seal_of(piece).is_some_and(|seal| seal.file().is_none()))
    }

    /// When the last thing happened that made a file ready to be sealed.
    #[must_use]
    pub fn waits_since(&self) -> Timestamp {
        let answered = self.slots.iter().filter_map(|slot| match &slot.state {
            SlotState::Signed { signature } => Some(signature.signed_at),
            SlotState::OnPaper { at, .. } => Some(*at),
            SlotState::Waiting | SlotState::Declined { .. } => None,
        });
        let excused = self.slots.iter().filter_map(|slot| slot.excuse.as_ref()).map(|excuse| excuse.at);
        answered.chain(excused).max().unwrap_or(self.created_at)
    }

    /// The first file that a sealer can claim now.
    #[must_use]
    pub fn sealable(&self, now: Timestamp) -> Option<Piece> {
        self.pieces().find(|&piece| self.claim(piece, now).is_ok())
    }

    /// The packet with a file claimed by a sealer, and the number of the attempt. Copies are sealed whatever becomes of the
    /// packet: what was signed is kept.
    ///
    /// # Errors
    /// [`PacketError::NotSealable`].
    pub fn claim(&self, piece: Piece, now: Timestamp) -> Result<(Self, u32), PacketError> {
        if piece == Piece::Whole && self.has_unsealed_copy() {
            return Err(PacketError::NotSealable);
        }
        let seal = self.seal_of(piece).and_then(|seal| seal.claim(now));
        let (seal, attempt) = seal.ok_or(PacketError::NotSealable)?;
        Ok((self.with_seal(piece, seal), attempt))
    }

    /// The packet with a file sealed; only the sealer that holds the lease may finish.
    ///
    /// # Errors
    /// [`PacketError::NotSealable`].
    pub fn finish(&self, piece: Piece, sealed: SealedFile) -> Result<Self, PacketError> {
        match self.seal_of(piece) {
            Some(Seal::Sealing { attempt, .. }) if attempt == sealed.attempt => {
                Ok(self.with_seal(piece, Seal::Sealed { sealed }))
            }
            _ => Err(PacketError::NotSealable),
        }
    }

    fn with_seal(&self, piece: Piece, seal: Seal) -> Self {
        match piece {
            Piece::Whole => Self { state: seal.into(), ..self.clone() },
            Piece::Copy(slot) => self.with_slot(slot, |slot| slot.copy = Some(seal)),
        }
    }

    /// The file that a signer may keep: the own copy, or the shared one.
    #[must_use]
    pub fn file_of(&self, slot: SlotId) -> Option<(Piece, SealedFile)> {
        let piece = match self.mode {
            Mode::Separate => Piece::Copy(slot),
            Mode::Together => Piece::Whole,
        };
        let is_signed = self.slot(slot).is_ok_and(|slot| slot.is_signed());
        self.seal_of(piece).filter(|_| is_signed)?.file().cloned().map(|file| (piece, file))
    }
}
