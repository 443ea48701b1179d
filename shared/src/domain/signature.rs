//! One person's signature, and everything that makes it worth something later (design §8).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::document::Sha256Digest;
use super::grant::{Authority, Relationship};
use super::login::{AuthenticationMethod, Language};
use super::text::PersonName;

/// In which capacity somebody signs (45 CFR 164.508(c)(1)(vi) wants it described).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SigningCapacity {
    /// As a parent.
    Parent,
    /// As a legal guardian, agency or other legal representative.
    Guardian,
    /// As the client.
    Patient,
    /// As a client who is a minor and agrees, beside the consent of a guardian.
    Assent,
    /// As a witness that others signed.
    Witness,
    /// For the clinic: a countersignature.
    Clinic,
}

impl SigningCapacity {
    /// The capacities that rest on a legal ground of one's own.
    pub const OF_GROUNDS: [Self; 4] = [Self::Parent, Self::Guardian, Self::Patient, Self::Assent];

    /// The sentence that the signer agrees to. A change of words is a new [`ATTESTATION_VERSION`].
    #[must_use]
    pub const fn attestation(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Parent, Language::English) => {
                "I have read this document. I sign it as a parent of the client, and I mean this as my signature."
            }
            (Self::Parent, Language::Spanish) => {
                "He leído este documento. Lo firmo como padre o madre del paciente y quiero que esta sea mi firma."
            }
            (Self::Guardian, Language::English) => {
                "I have read this document. I sign it as the client's legal guardian or representative, and I mean this as my signature."
            }
            (Self::Guardian, Language::Spanish) => {
                "He leído este documento. Lo firmo como tutor o representante legal del paciente y quiero que esta sea mi firma."
            }
            (Self::Patient, Language::English) => {
                "I have read this document. I sign it for myself, and I mean this as my signature."
            }
            (Self::Patient, Language::Spanish) => {
                "He leído este documento. Lo firmo por mí y quiero que esta sea mi firma."
            }
            (Self::Assent, Language::English) => {
                "I have read this document, or somebody explained it to me. I agree with it, and I mean this as my signature."
            }
            (Self::Assent, Language::Spanish) => {
                "He leído este documento o alguien me lo explicó. Estoy de acuerdo y quiero que esta sea mi firma."
            }
            (Self::Witness, Language::English) => {
                "I sign this document as a witness only, and I mean this as my signature."
            }
            (Self::Witness, Language::Spanish) => {
                "Firmo este documento solo como testigo y quiero que esta sea mi firma."
            }
            (Self::Clinic, Language::English) => {
                "I have read this document. I sign it for the clinic, and I mean this as my signature."
            }
            (Self::Clinic, Language::Spanish) => {
                "He leído este documento. Lo firmo en nombre de la clínica y quiero que esta sea mi firma."
            }
        }
    }

    /// Whether a grant on this ground lets its holder sign in this capacity. Anybody who may sign at all may witness.
    #[must_use]
    pub const fn fits(self, authority: Authority) -> bool {
        match self {
            Self::Parent => matches!(authority, Authority::ParentalResponsibility),
            Self::Guardian => {
                matches!(authority, Authority::Guardianship | Authority::AgencyCustody | Authority::CourtOrder)
            }
            Self::Patient | Self::Assent => matches!(authority, Authority::Oneself),
            Self::Witness => true,
            Self::Clinic => false,
        }
    }

    /// Whether people who work for the clinic sign in this capacity. In a family's name they never do.
    #[must_use]
    pub const fn is_for_staff(self) -> bool {
        matches!(self, Self::Witness | Self::Clinic)
    }

    /// Whether it is the consent of one who answers for a child: two of these are asked separately unless staff say otherwise.
    #[must_use]
    pub const fn is_guardians(self) -> bool {
        matches!(self, Self::Parent | Self::Guardian)
    }
}

/// Version of the attestation sentences.
pub const ATTESTATION_VERSION: &str = "2026-11-21";

/// Version of the text with which people agree to sign electronically (ESIGN, 15 U.S.C. 7001(c)).
pub const CONSENT_VERSION: &str = "2026-11-21";

/// What people agree to before they sign electronically.
#[must_use]
pub const fn consent(language: Language) -> &'static str {
    match language {
        Language::English => {
            "You may sign on paper instead; ask the clinic, it costs nothing. If you sign here, the clinic keeps the \
             signed file and you can download it. You may change your mind for later papers at any time. You need a device that \
             opens PDF files."
        }
        Language::Spanish => {
            "También puede firmar en papel; pídalo a la clínica, no cuesta nada. Si firma aquí, la clínica guarda el \
             archivo firmado y usted puede descargarlo. Puede cambiar de opinión para otros documentos en cualquier momento. \
             Necesita un dispositivo que abra archivos PDF."
        }
    }
}

/// How the signature was made by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum Mark {
    /// The name, typed.
    Typed {
        /// As typed.
        name: PersonName,
    },
    /// Lines drawn with a finger, a pen or a mouse.
    Drawn {
        /// Each line as points `[x, y]` in a field of 1,000 by 300, from the top left.
        strokes: Vec<Vec<[u16; 2]>>,
    },
}

/// Why a mark was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MarkError {
    /// No line at all, or only dots.
    #[error("draw your signature, or type your name")]
    Empty,
    /// More than can be stored.
    #[error("draw your signature with fewer lines")]
    TooLong,
    /// A point outside the field.
    #[error("keep your signature inside the box")]
    OutsideField,
}

impl Mark {
    /// Width of the field in its own units.
    pub const WIDTH: u16 = 1_000;
    /// Height of the field in its own units.
    pub const HEIGHT: u16 = 300;
    /// Points over all lines; several times what a long signature has. A point takes 12 bytes in an item of DynamoDB, and ten
    /// drawings of this length stay within its 400 KB.
    pub const MOST_POINTS: usize = 2_500;

    /// Checks a mark that came from outside.
    ///
    /// # Errors
    /// The first [`MarkError`] found.
    pub fn check(&self) -> Result<(), MarkError> {
        let Self::Drawn { strokes } = self else { return Ok(()) };
        if !strokes.iter().any(|stroke| stroke.len() >= 2) {
            return Err(MarkError::Empty);
        }
        if strokes.iter().map(Vec::len).sum::<usize>() > Self::MOST_POINTS || strokes.len() > 200 {
            return Err(MarkError::TooLong);
        }
        let inside = |&[x, y]: &[u16; 2]| x <= Self::WIDTH && y <= Self::HEIGHT;
        if strokes.iter().flatten().all(inside) { Ok(()) } else { Err(MarkError::OutsideField) }
    }
}

/// A signature as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The signer's name when signing.
    pub name: PersonName,
    /// Kinship of the signer to the member; none for who signs for the clinic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<Relationship>,
    /// Legal ground on which the signer signs; none for who signs for the clinic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// How it was made by hand.
    pub mark: Mark,
    /// SHA-256 of what the signer was shown.
    pub document_sha256: Sha256Digest,
    /// Pages of what the signer was shown.
    pub pages: u32,
    /// SHA-256 of the answers on the form, as the signer was shown them; none where nothing was filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers_sha256: Option<Sha256Digest>,
    /// Version of the consent to electronic records.
    pub consent_version: String,
    /// Version of the attestation sentence.
    pub attestation_version: String,
    /// Language in which the signer read both.
    #[serde(default)]
    pub language: Language,
    /// How the signer proved who he or she is.
    pub method: AuthenticationMethod,
    /// When the signer proved it.
    pub authenticated_at: Timestamp,
    /// When the signature was made.
    pub signed_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_needs_a_line_inside_the_field() {
        let drawn = |strokes: Vec<Vec<[u16; 2]>>| Mark::Drawn { strokes }.check();
        assert_eq!(drawn(vec![]), Err(MarkError::Empty));
        assert_eq!(drawn(vec![vec![[1, 1]], vec![[5, 5]]]), Err(MarkError::Empty));
        assert_eq!(drawn(vec![vec![[0, 0], [1_000, 300]]]), Ok(()));
        assert_eq!(drawn(vec![vec![[0, 0], [1_001, 0]]]), Err(MarkError::OutsideField));
        assert_eq!(drawn(vec![vec![[0, 0]; 2_501]]), Err(MarkError::TooLong));
    }
}
