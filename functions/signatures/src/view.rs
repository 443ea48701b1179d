//! What a reader sees of a packet.

use hearth::domain::document::Sha256Digest;
use hearth::domain::event::Capacity;
use hearth::domain::id::{LoginId, PacketId};
use hearth::domain::packet::{
    Group, Mode, Packet, PacketStanding, PacketState, Piece, Seal, SealedFile, Slot, SlotState,
};
use hearth::domain::text::{Note, Title};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

mod slot;

use slot::{Mine, SlotView};

/// Where a packet stands for the reader.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Stage {
    /// Waits for signatures.
    Out,
    /// Everybody signed; or the reader did, where people sign separately.
    Ready,
    /// The signed copy is being made.
    Sealing,
    /// The signed copy is there.
    Sealed,
    /// Declined; closed.
    Declined,
    /// Taken back by the clinic; closed.
    Voided,
    /// The reader has nothing to do here, now or later.
    Closed,
}

/// How far the others are. It says no more of them.
#[derive(Serialize, ToSchema)]
struct Others {
    /// Slots of others without an answer.
    waiting: usize,
    /// Slots of others with an answer, whatever it is.
    done: usize,
}

/// A packet, as far as the reader may know.
#[derive(Serialize, ToSchema)]
pub(crate) struct PacketView {
    id: PacketId,
    title: Title,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    mode: Mode,
    state: Stage,
    /// SHA-256 of the paper that everybody is shown.
    document_sha256: Sha256Digest,
    /// Pages of the paper that everybody is shown.
    pages: u32,
    /// SHA-256 of the whole signed copy, with the signature record; none before it is sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_sha256: Option<Sha256Digest>,
    /// Length of the whole signed copy, in bytes; none before it is sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_bytes: Option<u64>,
    /// Signatures so far; for a family that signs separately the own ones.
    signed: usize,
    /// Signatures needed; for a family that signs separately the own ones.
    needed: usize,
    /// How far others are; for a family.
    #[serde(skip_serializing_if = "Option::is_none")]
    others: Option<Others>,
    /// What the reader is asked, next or at all; none for who is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    mine: Option<Mine>,
    /// What else the reader is asked, in other capacities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also_mine: Vec<Mine>,
    /// What staff may have to do, and what only they know.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<PacketStanding>,
    /// The groups, in the order in which they sign; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<Group>>,
    /// All slots; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    slots: Option<Vec<SlotView>>,
    /// The packet that this one takes the place of; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    supersedes: Option<PacketId>,
    /// The packet that took its place; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<PacketId>,
    /// Why staff took it back; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    closing: Option<Note>,
}

impl PacketView {
    /// What `reader` sees, acting in `capacity`, at `now`. Of other signers a family sees how many, and nothing else.
    pub(crate) fn of(packet: &Packet, reader: LoginId, capacity: Capacity, now: Timestamp) -> Self {
        let is_staff = capacity == Capacity::Staff;
        let own: Vec<&Slot> = packet.slots_of(reader).collect();
        let is_apart = !is_staff && packet.mode == Mode::Separate;
        let mine = packet.slot_of(reader);
        let sealed = if is_staff {
            whole(packet)
        } else {
            own.iter().find_map(|slot| packet.file_of(slot.id)).map(|(_, file)| file)
        };
        let for_staff = |text: &Option<PacketId>| text.filter(|_| is_staff);
        Self {
            id: packet.id,
            title: packet.title.clone(),
            created_at: packet.created_at,
            mode: packet.mode,
            state: match is_apart {
                true => stage_apart(packet, &own),
                false => stage(packet, if is_staff { &[] } else { &own }),
            },
            document_sha256: packet.canonical.sha256,
            pages: packet.canonical.pages,
            sealed_sha256: sealed.as_ref().map(|file| file.sha256),
            sealed_bytes: sealed.as_ref().map(|file| file.bytes),
            signed: if is_apart { own.iter().filter(|slot| slot.is_signed()).count() } else { packet.signed() },
            needed: if is_apart { own.len() } else { packet.needed() },
            others: (!is_staff).then(|| others(packet, reader)),
            mine: mine.map(|slot| Mine::of(packet, slot, now)),
            also_mine: own.iter().filter(|slot| Some(**slot) != mine).map(|slot| Mine::of(packet, slot, now)).collect(),
            standing: is_staff.then(|| packet.standing(now)),
            groups: is_staff.then(|| packet.groups.clone()),
            slots: is_staff.then(|| packet.slots.iter().map(|slot| SlotView::of(packet, slot, now)).collect()),
            supersedes: for_staff(&packet.supersedes),
            superseded_by: for_staff(&packet.superseded_by),
            closing: packet.closing.clone().filter(|_| is_staff),
        }
    }
}

fn whole(packet: &Packet) -> Option<SealedFile> {
    packet.seal_of(Piece::Whole).as_ref().and_then(Seal::file).cloned()
}

fn others(packet: &Packet, reader: LoginId) -> Others {
    let others = packet.slots.iter().filter(|slot| slot.login != Some(reader));
    let (waiting, done): (Vec<_>, Vec<_>) = others.partition(|slot| slot.is_open());
    Others { waiting: waiting.len(), done: done.len() }
}

/// Where a shared packet stands, for staff and for who is asked by `own`.
fn stage(packet: &Packet, own: &[&Slot]) -> Stage {
    match packet.state {
        PacketState::Out if !own.is_empty() && own.iter().all(|slot| slot.excuse.is_some()) => Stage::Closed,
        PacketState::Out => Stage::Out,
        PacketState::Ready => Stage::Ready,
        PacketState::Sealing { .. } => Stage::Sealing,
        PacketState::Sealed { .. } if !own.is_empty() && !own.iter().any(|slot| slot.is_signed()) => Stage::Closed,
        PacketState::Sealed { .. } => Stage::Sealed,
        PacketState::Declined => Stage::Declined,
        PacketState::Voided => Stage::Voided,
    }
}

/// Where a packet stands for who signs an own copy: what became of the own slots, and whether the clinic took it back.
fn stage_apart(packet: &Packet, own: &[&Slot]) -> Stage {
    let open = own.iter().any(|slot| slot.is_open());
    let seals: Vec<&Seal> = own.iter().filter_map(|slot| slot.copy.as_ref()).collect();
    match packet.state {
        PacketState::Out if open => Stage::Out,
        PacketState::Voided if seals.is_empty() => Stage::Voided,
        _ if seals.contains(&&Seal::Ready) => Stage::Ready,
        _ if seals.iter().any(|seal| seal.file().is_none()) => Stage::Sealing,
        _ if !seals.is_empty() => Stage::Sealed,
        _ if own.iter().any(|slot| matches!(slot.state, SlotState::Declined { .. })) => Stage::Declined,
        _ => Stage::Closed,
    }
}

#[cfg(test)]
mod tests;
