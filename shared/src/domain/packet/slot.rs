//! One signature that is asked for.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Seal;
use crate::domain::id::{DocumentId, InvitationId, LoginId, SlotId};
use crate::domain::signature::{Signature, SigningCapacity};
use crate::domain::text::Note;

/// What the person who is asked has answered.
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
    /// Signed on paper, and staff keep the scan; final.
    OnPaper {
        /// The scan, among the member's documents.
        scan: DocumentId,
        /// The staff member who checked it.
        recorded_by: LoginId,
        /// When.
        at: Timestamp,
    },
    /// Declined; the reason is for staff only.
    Declined {
        /// In the signer's words.
        reason: Note,
        /// When.
        at: Timestamp,
    },
}

/// The recorded decision of staff that a packet goes on without a slot: there is no second parent, one parent has sole custody, or
/// one consents and the other refuses and the clinic may go by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excuse {
    /// Who decided.
    pub by: LoginId,
    /// When.
    pub at: Timestamp,
    /// Why, in staff's words.
    pub reason: Note,
    /// The paper that it rests on, for instance the order of a court.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<DocumentId>,
}

/// One signature asked for. A slot names a person and one capacity, never a mailbox; a person in two capacities has two slots, and
/// agrees to a sentence in each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Identifier.
    pub id: SlotId,
    /// Who is asked; nobody as long as the person is still to be found or invited.
    pub login: Option<LoginId>,
    /// The invitation for which it waits: whoever accepts is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<InvitationId>,
    /// In which capacity.
    pub capacity: SigningCapacity,
    /// Its group, counted from 0.
    #[serde(default)]
    pub group: usize,
    /// From then on it is too late to answer; looked at when somebody answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_by: Option<Timestamp>,
    /// When the person was told last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// How often the person was reminded.
    #[serde(default)]
    pub reminders: u8,
    /// When the person first opened the paper: the proof that the device can show it (15 U.S.C. 7001(c)(1)(C)(ii)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// When the person asked to sign on paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper_asked_at: Option<Timestamp>,
    /// That the packet goes on without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excuse: Option<Excuse>,
    /// The signer's own sealed copy, where people sign separately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<Seal>,
    /// What the person answered.
    #[serde(flatten)]
    pub state: SlotState,
}

impl Slot {
    /// A slot that asks somebody, in the first group and without an end.
    #[must_use]
    pub const fn asking(id: SlotId, login: Option<LoginId>, capacity: SigningCapacity) -> Self {
        Self {
            id,
            login,
            invitation: None,
            capacity,
            group: 0,
            answer_by: None,
            told_at: None,
            reminders: 0,
            opened_at: None,
            paper_asked_at: None,
            excuse: None,
            copy: None,
            state: SlotState::Waiting,
        }
    }

    /// The signature that was made here.
    #[must_use]
    pub fn signature(&self) -> Option<&Signature> {
        match &self.state {
            SlotState::Signed { signature } => Some(signature),
            _ => None,
        }
    }

    /// Whether there is a signature, here or on paper.
    #[must_use]
    pub const fn is_signed(&self) -> bool {
        matches!(self.state, SlotState::Signed { .. } | SlotState::OnPaper { .. })
    }

    /// Whether nobody answered, and the packet does not go on without it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == SlotState::Waiting && self.excuse.is_none()
    }

    /// Whether it is too late to answer.
    #[must_use]
    pub fn is_late(&self, now: Timestamp) -> bool {
        self.answer_by.is_some_and(|end| end <= now)
    }
}
