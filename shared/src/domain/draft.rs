//! Answers that somebody has begun to write on a form, until they are signed.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Version;
use super::answers::Answers;
use super::document::Sha256Digest;
use super::form::Form;
use super::id::{LoginId, MemberId, PacketId, SlotId};
use super::member::Member;
use super::packet::Packet;

/// Whether answers can be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// Everything that is required is answered.
    Complete,
    /// This field is required and has no answer; the first of them.
    Lacks {
        /// Its name.
        field: String,
    },
    /// Carried over from another paper, and not looked through since: the person saves them first.
    Carried,
    /// Signed, and final.
    Signed {
        /// When.
        at: Timestamp,
    },
}

/// The answers of one person for one slot of a packet. They are the person's own words until they are signed: they stand with the
/// person, and no way leads to them but through the person and the slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Whose words.
    pub login: LoginId,
    /// On whose record the packet is.
    pub member: MemberId,
    /// Which packet.
    pub packet: PacketId,
    /// Which of its slots.
    pub slot: SlotId,
    /// The form: SHA-256 of its canonical file. Equal files have equal fields.
    pub document_sha256: Sha256Digest,
    /// The answers so far.
    pub answers: Answers,
    /// Whether they can be signed.
    #[serde(flatten)]
    pub standing: Standing,
    /// When they were saved last.
    pub saved_at: Timestamp,
    /// Replaced how often.
    pub version: Version,
}

/// Why a draft stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DraftError {
    /// Saved by another window since this one read it.
    #[error("these answers were changed in another window; read them again, and put in what you wrote here")]
    Stale,
    /// Signed.
    #[error("you have signed these answers; they cannot be changed any more")]
    Signed,
    /// What is required is missing, or what was carried over was not looked through.
    #[error("fill in what is required, look the answers through and save them before you sign")]
    Incomplete,
    /// The signer saw other answers than those that were saved last.
    #[error("the answers on your screen are not the ones that were saved last; look at them again before you sign")]
    OtherAnswers,
    /// To another form.
    #[error("these answers belong to another form")]
    OtherForm,
}

/// Where answers are saved, and what the person has seen of it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Who writes.
    pub login: LoginId,
    /// For which packet.
    pub packet: &'a Packet,
    /// For which of its slots.
    pub slot: SlotId,
    /// What is there.
    pub before: Option<&'a Draft>,
    /// Version that the person saw; 0 for nothing.
    pub seen: Version,
}

impl Place<'_> {
    fn with(self, answers: Answers, standing: Standing, now: Timestamp) -> Result<Draft, DraftError> {
        if let Some(Draft { standing: Standing::Signed { .. }, .. }) = self.before {
            return Err(DraftError::Signed);
        }
        // The same once more is no conflict: the answer to the first time may have been lost.
        if let Some(before) = self.before.filter(|before| before.answers == answers && before.standing == standing) {
            return Ok(before.clone());
        }
        if self.before.map_or(0, |before| before.version) != self.seen {
            return Err(DraftError::Stale);
        }
        Ok(Draft {
            login: self.login,
            member: self.packet.member,
            packet: self.packet.id,
            slot: self.slot,
            document_sha256: self.packet.canonical.sha256,
            answers,
            standing,
            saved_at: now,
            version: self.before.map_or(1, |before| before.version),
        })
    }

    /// The draft with these answers.
    ///
    /// # Errors
    /// [`DraftError::Stale`], [`DraftError::Signed`].
    pub fn saved(self, answers: Answers, form: &Form, now: Timestamp) -> Result<Draft, DraftError> {
        let standing = match form.missing(&answers).next() {
            Some(field) => Standing::Lacks { field: field.name.clone() },
            None => Standing::Complete,
        };
        self.with(answers, standing, now)
    }

    /// The draft with what the same person answered on another copy of the form, and the fields that are left empty because
    /// their answers name the other child.
    ///
    /// # Errors
    /// [`DraftError::OtherForm`], [`DraftError::Stale`], [`DraftError::Signed`].
    pub fn carried(self, from: &Draft, about: &Member, now: Timestamp) -> Result<(Draft, Vec<String>), DraftError> {
        if from.document_sha256 != self.packet.canonical.sha256 || from.login != self.login {
            return Err(DraftError::OtherForm);
        }
        let same_record = about.id == self.packet.member;
        let (answers, left) =
            if same_record { (from.answers.clone(), Vec::new()) } else { from.answers.without(about) };
        Ok((self.with(answers, Standing::Carried, now)?, left))
    }
}

impl Draft {
    /// How long begun answers are kept after they were saved last, when nothing else ends them before.
    pub const KEPT: SignedDuration = SignedDuration::from_hours(180 * 24);

    /// The same, final. `shown` is the hash of the answers that the signer looked at.
    ///
    /// # Errors
    /// [`DraftError::Signed`], [`DraftError::Incomplete`], [`DraftError::OtherAnswers`].
    pub fn signed(&self, shown: Sha256Digest, at: Timestamp) -> Result<Self, DraftError> {
        match self.standing {
            Standing::Signed { .. } => Err(DraftError::Signed),
            Standing::Lacks { .. } | Standing::Carried => Err(DraftError::Incomplete),
            Standing::Complete if self.answers.sha256() != shown => Err(DraftError::OtherAnswers),
            Standing::Complete => Ok(Self { standing: Standing::Signed { at }, ..self.clone() }),
        }
    }

    /// Until when they are kept; what is signed stays.
    #[must_use]
    pub fn kept_until(&self) -> Option<Timestamp> {
        match self.standing {
            Standing::Signed { .. } => None,
            _ => Some(self.saved_at + Self::KEPT),
        }
    }
}

#[cfg(test)]
mod tests;
