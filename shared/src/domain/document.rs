//! Papers that somebody uploaded.

mod audience;
mod refusal;

pub use audience::Audience;
pub use refusal::RefusalCode;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::id::{DocumentId, LoginId, MemberId};
use super::text::Title;

/// A SHA-256, as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256Digest([u8; 32]);

/// The text is not a SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a SHA-256 has 64 lower-case hexadecimal digits")]
pub struct DigestError;

impl Sha256Digest {
    /// From the digest itself.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The digest itself.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Display for Sha256Digest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl std::str::FromStr for Sha256Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| DigestError)?;
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) { Err(DigestError) } else { Ok(Self(bytes)) }
    }
}

impl Serialize for Sha256Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl utoipa::PartialSchema for Sha256Digest {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[0-9a-f]{64}$"))
            .build()
            .into()
    }
}

impl ToSchema for Sha256Digest {}

/// What a file claims to be while it travels. What it is, its bytes say, and intake looks at nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub enum FileKind {
    /// A PDF.
    #[default]
    #[serde(rename = "application/pdf")]
    Pdf,
    /// A photograph of paper.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// A picture of paper.
    #[serde(rename = "image/png")]
    Png,
}

impl FileKind {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// The file that everybody sees, signs and keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanonicalFile {
    /// SHA-256 of its bytes.
    pub sha256: Sha256Digest,
    /// Length in bytes.
    pub bytes: u64,
    /// Pages.
    pub pages: u32,
}

/// How far a document has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum DocumentState {
    /// The upload was started; the file has not been inspected yet.
    Awaiting,
    /// Inspected; the canonical file exists.
    Ready {
        /// The file.
        canonical: CanonicalFile,
    },
    /// Inspected and refused.
    Refused {
        /// Why.
        refusal: RefusalCode,
    },
}

impl DocumentState {
    /// What to tell somebody who wants the file of a document that has none.
    #[must_use]
    pub const fn why_not_ready(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "this file could not be used; read why in the list, and send another one",
            Self::Awaiting | Self::Ready { .. } => {
                "this file is still on its way or being checked; try again in a minute"
            }
        }
    }
}

/// An uploaded paper (FHIR `DocumentReference`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Identifier.
    pub id: DocumentId,
    /// Whose record it belongs to.
    pub member: MemberId,
    /// Title.
    pub title: Title,
    /// Who uploaded it.
    pub uploaded_by: LoginId,
    /// When the upload was started.
    pub created_at: Timestamp,
    /// SHA-256 that the uploader announced; S3 takes no other bytes.
    pub announced_sha256: Sha256Digest,
    /// Length that the uploader announced, in bytes.
    pub announced_bytes: u64,
    /// For whom it is.
    #[serde(default)]
    pub audience: Audience,
    /// How far it has come.
    #[serde(flatten)]
    pub state: DocumentState,
    /// Replaced how often.
    pub version: Version,
}

impl Document {
    /// Largest upload, in bytes: 25 MiB (design §7).
    pub const LARGEST: u64 = 25 * 1024 * 1024;
    /// How long an upload may be started after it was announced (design §7, the presigned PUT): our choice, time for a slow
    /// telephone to begin.
    pub const UPLOAD_WITHIN: SignedDuration = SignedDuration::from_mins(5);

    /// The canonical file, once there is one.
    #[must_use]
    pub const fn canonical(&self) -> Option<&CanonicalFile> {
        match &self.state {
            DocumentState::Ready { canonical } => Some(canonical),
            _ => None,
        }
    }

    /// Whether it is one of `member`'s papers and can be read.
    #[must_use]
    pub fn is_paper_of(&self, member: MemberId) -> bool {
        self.member == member && self.canonical().is_some()
    }

    /// The document after inspection; `None` when it was inspected before, so that a doubled event changes nothing.
    #[must_use]
    pub fn inspected(&self, verdict: Result<CanonicalFile, RefusalCode>) -> Option<Self> {
        if self.state != DocumentState::Awaiting {
            return None;
        }
        let state = match verdict {
            Ok(canonical) => DocumentState::Ready { canonical },
            Err(refusal) => DocumentState::Refused { refusal },
        };
        Some(Self { state, ..self.clone() })
    }
}
