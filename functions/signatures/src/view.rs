//! What a reader sees of a packet.

use hearth::domain::document::Sha256Digest;
use hearth::domain::event::Capacity;
use hearth::domain::id::{LoginId, PacketId, SlotId};
use hearth::domain::packet::{Packet, PacketState, Slot, SlotState};
use hearth::domain::signature::{ATTESTATION_VERSION, CONSENT, CONSENT_VERSION, SigningCapacity};
use hearth::domain::text::{Note, PersonName, Title};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Where a packet stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Stage {
    /// Waits for signatures.
    Out,
    /// Everybody signed.
    Ready,
    /// The signed copy is being made.
    Sealing,
    /// The signed copy is there.
    Sealed,
    /// Somebody declined; closed.
    Declined,
    /// Taken back by the clinic; closed.
    Voided,
}

/// Where a slot stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Answered {
    /// Not answered.
    Waiting,
    /// Signed.
    Signed,
    /// Declined.
    Declined,
}

/// A packet, as far as the reader may know.
#[derive(Serialize, ToSchema)]
pub(crate) struct PacketView {
    id: PacketId,
    title: Title,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    state: Stage,
    /// SHA-256 of the paper that everybody is shown.
    document_sha256: Sha256Digest,
    /// Pages of the paper that everybody is shown.
    pages: u32,
    /// SHA-256 of the whole signed copy, with the signature record; none before the packet is sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_sha256: Option<Sha256Digest>,
    /// Length of the whole signed copy, in bytes; none before the packet is sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_bytes: Option<u64>,
    /// Signatures so far.
    signed: usize,
    /// Signatures asked for.
    needed: usize,
    /// What the reader is asked; none for who is not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    mine: Option<Mine>,
    /// All slots; for staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    slots: Option<Vec<SlotView>>,
}

/// What the reader is asked.
#[derive(Serialize, ToSchema)]
struct Mine {
    slot: SlotId,
    capacity: SigningCapacity,
    state: Answered,
    /// The sentence that the signer agrees to.
    attestation: &'static str,
    attestation_version: &'static str,
    /// What the signer agrees to before signing electronically.
    consent: &'static str,
    consent_version: &'static str,
}

/// A slot, for staff.
#[derive(Serialize, ToSchema)]
struct SlotView {
    id: SlotId,
    login: LoginId,
    capacity: SigningCapacity,
    state: Answered,
    /// Name of the signer when signing.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    signed_at: Option<Timestamp>,
    /// Why the person declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Note>,
}

impl PacketView {
    /// What `reader` sees, acting in `capacity`. Of other signers a family sees how many, and nothing else.
    pub(crate) fn of(packet: &Packet, reader: LoginId, capacity: Capacity) -> Self {
        let sealed = match &packet.state {
            PacketState::Sealed { sealed } => Some(sealed),
            _ => None,
        };
        Self {
            id: packet.id,
            title: packet.title.clone(),
            created_at: packet.created_at,
            state: match packet.state {
                PacketState::Out => Stage::Out,
                PacketState::Ready => Stage::Ready,
                PacketState::Sealing { .. } => Stage::Sealing,
                PacketState::Sealed { .. } => Stage::Sealed,
                PacketState::Declined => Stage::Declined,
                PacketState::Voided => Stage::Voided,
            },
            document_sha256: packet.canonical.sha256,
            pages: packet.canonical.pages,
            sealed_sha256: sealed.map(|file| file.sha256),
            sealed_bytes: sealed.map(|file| file.bytes),
            signed: packet.signed(),
            needed: packet.slots.len(),
            mine: packet.slot_of(reader).map(Mine::of),
            slots: (capacity == Capacity::Staff).then(|| packet.slots.iter().map(SlotView::of).collect()),
        }
    }
}

impl Mine {
    fn of(slot: &Slot) -> Self {
        Self {
            slot: slot.id,
            capacity: slot.capacity,
            state: answered(&slot.state),
            attestation: slot.capacity.attestation(),
            attestation_version: ATTESTATION_VERSION,
            consent: CONSENT,
            consent_version: CONSENT_VERSION,
        }
    }
}

impl SlotView {
    fn of(slot: &Slot) -> Self {
        let (name, signed_at, reason) = match &slot.state {
            SlotState::Waiting => (None, None, None),
            SlotState::Signed { signature } => (Some(signature.name.clone()), Some(signature.signed_at), None),
            SlotState::Declined { reason, .. } => (None, None, Some(reason.clone())),
        };
        Self {
            id: slot.id,
            login: slot.login,
            capacity: slot.capacity,
            state: answered(&slot.state),
            name,
            signed_at,
            reason,
        }
    }
}

const fn answered(state: &SlotState) -> Answered {
    match state {
        SlotState::Waiting => Answered::Waiting,
        SlotState::Signed { .. } => Answered::Signed,
        SlotState::Declined { .. } => Answered::Declined,
    }
}

#[cfg(test)]
mod tests;
