//! What a reader sees of one slot.

use hearth::domain::document::Sha256Digest;
use hearth::domain::id::{DocumentId, InvitationId, LoginId, SlotId};
use hearth::domain::login::Language;
use hearth::domain::packet::{AnswersOf, Excuse, Packet, PacketState, Seal, Slot, SlotState};
use hearth::domain::signature::{ATTESTATION_VERSION, CONSENT_VERSION, SigningCapacity, consent};
use hearth::domain::text::{Note, PersonName};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Where a slot stands.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Answered {
    /// Others sign first.
    NotYet,
    /// To be answered now.
    Waiting,
    /// Not answered in time.
    Late,
    /// Signed.
    Signed,
    /// Signed on paper.
    OnPaper,
    /// Declined.
    Declined,
    /// Not needed any more.
    Closed,
}

/// Whose answers on a form somebody signs.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum WhoseAnswers {
    /// Nobody's: there is nothing to fill in.
    Nobody,
    /// The reader's own: the form is to be filled in before signing.
    Own,
    /// Somebody else's, who fills in the form that all share.
    Others,
}

/// What the reader is asked.
#[derive(Serialize, ToSchema)]
pub(super) struct Mine {
    slot: SlotId,
    capacity: SigningCapacity,
    state: Answered,
    /// Whose answers on the form the reader signs.
    answers: WhoseAnswers,
    /// Whether the reader opened the paper. Nobody signs before.
    opened: bool,
    /// Whether the reader asked to sign on paper.
    paper_asked: bool,
    /// From then on it is too late to answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    answer_by: Option<Timestamp>,
    /// The sentence that the signer agrees to, in English.
    attestation: &'static str,
    /// The same in Spanish. The signer sends the language of the one that was read.
    attestation_es: &'static str,
    attestation_version: &'static str,
    /// What the signer agrees to before signing electronically, in English.
    consent: &'static str,
    /// The same in Spanish.
    consent_es: &'static str,
    consent_version: &'static str,
}

/// A slot, for staff.
#[derive(Serialize, ToSchema)]
pub(super) struct SlotView {
    id: SlotId,
    /// Who is asked; nobody while the person is still to be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<LoginId>,
    /// The invitation for which it waits, or waited.
    #[serde(skip_serializing_if = "Option::is_none")]
    invitation: Option<InvitationId>,
    capacity: SigningCapacity,
    /// Its group, counted from 0.
    group: usize,
    state: Answered,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    answer_by: Option<Timestamp>,
    /// When the person first opened the paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    opened_at: Option<Timestamp>,
    /// When the person asked to sign on paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    paper_asked_at: Option<Timestamp>,
    /// Name of the signer when signing.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<PersonName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    signed_at: Option<Timestamp>,
    /// SHA-256 of the answers that were signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    answers_sha256: Option<Sha256Digest>,
    /// The scan of what was signed on paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    scan: Option<DocumentId>,
    /// Why the person declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Note>,
    /// The decision that the packet goes on without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    excuse: Option<ExcuseView>,
    /// SHA-256 of the signer's own sealed copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    copy_sha256: Option<Sha256Digest>,
}

/// A decision that a packet goes on without a slot, for staff.
#[derive(Serialize, ToSchema)]
struct ExcuseView {
    by: LoginId,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    reason: Note,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<DocumentId>,
}

impl Mine {
    pub(super) fn of(packet: &Packet, slot: &Slot, now: Timestamp) -> Self {
        Self {
            slot: slot.id,
            capacity: slot.capacity,
            state: answered(packet, slot, now),
            answers: match packet.answers_of(slot) {
                AnswersOf::Nobody => WhoseAnswers::Nobody,
                AnswersOf::Oneself => WhoseAnswers::Own,
                AnswersOf::Slot(_) => WhoseAnswers::Others,
            },
            opened: slot.opened_at.is_some(),
            paper_asked: slot.paper_asked_at.is_some(),
            answer_by: slot.answer_by,
            attestation: slot.capacity.attestation(Language::English),
            attestation_es: slot.capacity.attestation(Language::Spanish),
            attestation_version: ATTESTATION_VERSION,
            consent: consent(Language::English),
            consent_es: consent(Language::Spanish),
            consent_version: CONSENT_VERSION,
        }
    }
}

impl SlotView {
    pub(super) fn of(packet: &Packet, slot: &Slot, now: Timestamp) -> Self {
        let (name, signed_at, scan, reason) = match &slot.state {
            SlotState::Waiting => (None, None, None, None),
            SlotState::Signed { signature } => (Some(signature.name.clone()), Some(signature.signed_at), None, None),
            SlotState::OnPaper { scan, .. } => (None, None, Some(*scan), None),
            SlotState::Declined { reason, .. } => (None, None, None, Some(reason.clone())),
        };
        Self {
            id: slot.id,
            login: slot.login,
            invitation: slot.invitation,
            capacity: slot.capacity,
            group: slot.group,
            state: answered(packet, slot, now),
            answer_by: slot.answer_by,
            opened_at: slot.opened_at,
            paper_asked_at: slot.paper_asked_at,
            name,
            signed_at,
            answers_sha256: slot.answers_sha256(),
            scan,
            reason,
            excuse: slot.excuse.as_ref().map(|Excuse { by, at, reason, evidence }| ExcuseView {
                by: *by,
                at: *at,
                reason: reason.clone(),
                evidence: *evidence,
            }),
            copy_sha256: slot.copy.as_ref().and_then(Seal::file).map(|file| file.sha256),
        }
    }
}

fn answered(packet: &Packet, slot: &Slot, now: Timestamp) -> Answered {
    match slot.state {
        SlotState::Signed { .. } => Answered::Signed,
        SlotState::OnPaper { .. } => Answered::OnPaper,
        SlotState::Declined { .. } => Answered::Declined,
        SlotState::Waiting if packet.is_asked(slot) && slot.is_late(now) => Answered::Late,
        // What was closed or complete without an answer says so by its state; the slot was not answered.
        SlotState::Waiting if packet.is_asked(slot) => Answered::Waiting,
        SlotState::Waiting if packet.state != PacketState::Out && slot.excuse.is_none() => Answered::Waiting,
        SlotState::Waiting if slot.is_open() && packet.turn().is_some_and(|turn| turn < slot.group) => Answered::NotYet,
        SlotState::Waiting => Answered::Closed,
    }
}
