//! A request for signatures on one canonical PDF (design §8): slots in ordered groups, and one sealed file for all of them or one
//! for each.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Version;
use super::document::CanonicalFile;
use super::event::Capacity;
use super::id::{DocumentId, LoginId, MemberId, PacketId, SlotId};
use super::text::{Note, Title};

mod answers;
mod error;
mod group;
mod hand_over;
mod reminder;
mod seal;
mod slot;
mod standing;
mod steps;

pub use answers::AnswersOf;
pub use error::PacketError;
pub use group::Group;
pub use seal::{Piece, Seal, SealedFile};
pub use slot::{Excuse, Slot, SlotState};
pub use standing::PacketStanding;

/// Whether the signers share one file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Each slot has a sealed copy of its own, made as soon as it is signed. Nothing that a signer can reach depends on another
    /// one, but whether others are still asked. A record for the clinic alone lists all seals.
    Separate,
    /// One document with all signatures, sealed once; all signers get it.
    #[default]
    Together,
}

/// Where a packet stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum PacketState {
    /// Waits for signatures.
    Out,
    /// Everybody who is needed signed; waits to be sealed.
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
        /// The kept file: of a packet that people sign separately, the clinic's record of all copies.
        sealed: SealedFile,
    },
    /// Declined; finished.
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
    /// Whether the document has fields that people fill in.
    #[serde(default)]
    pub is_form: bool,
    /// Title.
    pub title: Title,
    /// Who asked.
    pub created_by: LoginId,
    /// When.
    pub created_at: Timestamp,
    /// Whether the signers share one file.
    #[serde(default)]
    pub mode: Mode,
    /// The groups, in the order in which they sign.
    #[serde(default = "Group::alone")]
    pub groups: Vec<Group>,
    /// The signatures asked for.
    pub slots: Vec<Slot>,
    /// The packet that this one takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<PacketId>,
    /// The packet that took the place of this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<PacketId>,
    /// Why staff took it back, in their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Note>,
    /// Where it stands.
    #[serde(flatten)]
    pub state: PacketState,
    /// Replaced how often.
    pub version: Version,
}

impl Packet {
    /// Slots of one packet.
    pub const MOST_SLOTS: usize = 10;

    /// Checks the slots of a new packet: each person once in each capacity, every group with slots, and as many of them as it
    /// needs.
    ///
    /// # Errors
    /// [`PacketError::Slots`], [`PacketError::Groups`], [`PacketError::FormGroups`], [`PacketError::TooLate`].
    pub fn check_slots(&self) -> Result<(), PacketError> {
        let mut asked: Vec<_> =
            self.slots.iter().filter_map(|slot| slot.login.map(|login| (login, slot.capacity))).collect();
        let people = asked.len();
        asked.sort_unstable_by_key(|(login, capacity)| (*login, *capacity as u8));
        asked.dedup();
        if !(1..=Self::MOST_SLOTS).contains(&self.slots.len()) || asked.len() != people {
            return Err(PacketError::Slots);
        }
        self.check_groups()?;
        self.check_filler()?;
        let in_time = |slot: &Slot| slot.answer_by.is_none_or(|end| end > self.created_at);
        if self.slots.iter().all(in_time) { Ok(()) } else { Err(PacketError::TooLate) }
    }

    /// The slot of that identifier.
    ///
    /// # Errors
    /// [`PacketError::UnknownSlot`].
    pub fn slot(&self, id: SlotId) -> Result<&Slot, PacketError> {
        self.slots.iter().find(|slot| slot.id == id).ok_or(PacketError::UnknownSlot)
    }

    /// The slots that ask `login`: one for each capacity.
    pub fn slots_of(&self, login: LoginId) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |slot| slot.login == Some(login))
    }

    /// The slot that `login` answers next; when none is left, the first that asks `login`, if any.
    #[must_use]
    pub fn slot_of(&self, login: LoginId) -> Option<&Slot> {
        self.slots_of(login).find(|slot| self.is_asked(slot)).or_else(|| self.slots_of(login).next())
    }

    /// What `reader` sees, newest first: staff all, a family what asks the reader.
    #[must_use]
    pub fn listed(mut packets: Vec<Self>, reader: LoginId, capacity: Capacity) -> Vec<Self> {
        packets.retain(|packet| capacity == Capacity::Staff || packet.slot_of(reader).is_some());
        packets.sort_unstable_by_key(|packet| std::cmp::Reverse((packet.created_at, packet.id)));
        packets
    }

    /// Signatures so far, on paper or here.
    #[must_use]
    pub fn signed(&self) -> usize {
        self.slots.iter().filter(|slot| slot.is_signed()).count()
    }

    /// The same packet with one slot changed.
    fn with_slot(&self, id: SlotId, change: impl FnOnce(&mut Slot)) -> Self {
        let mut packet = self.clone();
        if let Some(slot) = packet.slots.iter_mut().find(|slot| slot.id == id) {
            change(slot);
        }
        packet
    }
}

#[cfg(test)]
pub(super) mod tests;
