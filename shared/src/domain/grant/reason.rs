//! Why access changed.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::text::Note;

/// Why access changed (the closed list of the NHS Validated Relationships Service, shortened).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCode {
    /// Somebody's safety.
    Safeguarding,
    /// An order of a court.
    Order,
    /// The agreed time is over.
    EndDate,
    /// The relationship changed: a placement ended, a worker changed.
    ChangeInRelationship,
    /// The access was misused.
    Misuse,
    /// The person, the member or a guardian asked for it.
    Request,
    /// A review of access.
    Review,
    /// The person put two logins together, or staff took them apart.
    Merged,
    /// Something else; the note says what.
    Other,
}

impl ReasonCode {
    /// The code as events hold it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Safeguarding => "safeguarding",
            Self::Order => "order",
            Self::EndDate => "end-date",
            Self::ChangeInRelationship => "change-in-relationship",
            Self::Misuse => "misuse",
            Self::Request => "request",
            Self::Review => "review",
            Self::Merged => "merged",
            Self::Other => "other",
        }
    }
}

/// A code, and words where the code does not say enough. `other` without words is no reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Reason {
    code: ReasonCode,
    note: Option<Note>,
}

/// Described as it is written.
impl utoipa::PartialSchema for Reason {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        <Written as utoipa::PartialSchema>::schema()
    }
}

impl ToSchema for Reason {
    fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
        Written::schemas(schemas);
    }
}

impl Reason {
    /// What is wrong with [`ReasonCode::Other`] alone.
    pub const WORDLESS: &'static str = "`other` needs a note that says what it is";

    /// A reason that needs no words; `None` for [`ReasonCode::Other`], which does.
    #[must_use]
    pub fn of(code: ReasonCode) -> Option<Self> {
        Self::with_note(code, None)
    }

    /// A reason with words, which [`ReasonCode::Other`] cannot do without.
    #[must_use]
    pub fn with_note(code: ReasonCode, note: Option<Note>) -> Option<Self> {
        (code != ReasonCode::Other || note.is_some()).then_some(Self { code, note })
    }

    /// The code.
    #[must_use]
    pub const fn code(&self) -> ReasonCode {
        self.code
    }
}

/// As events hold it.
impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.code())?;
        self.note.as_ref().map_or(Ok(()), |note| write!(formatter, ": {}", note.as_str()))
    }
}

/// A reason in JSON: the bare code, or the code with a note.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
enum Written {
    Code(ReasonCode),
    WithNote(CodeAndNote),
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodeAndNote {
    code: ReasonCode,
    note: Option<Note>,
}

impl TryFrom<Written> for Reason {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        let (code, note) = match written {
            Written::Code(code) => (code, None),
            Written::WithNote(CodeAndNote { code, note }) => (code, note),
        };
        Self::with_note(code, note).ok_or(Self::WORDLESS)
    }
}

impl From<Reason> for Written {
    fn from(Reason { code, note }: Reason) -> Self {
        match note {
            None => Self::Code(code),
            note => Self::WithNote(CodeAndNote { code, note }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_needs_words_and_the_rest_may_have_them() {
        let read = |json: &str| serde_json::from_str::<Reason>(json);
        assert_eq!(read(r#""order""#).unwrap().to_string(), "order");
        let noted = read(r#"{"code": "order", "note": "case 12"}"#).unwrap();
        assert_eq!(noted.to_string(), "order: case 12");
        assert_eq!(serde_json::to_string(&noted).unwrap(), r#"{"code":"order","note":"case 12"}"#);
        assert!(read(r#""other""#).is_err());
        assert!(read(r#"{"code": "other", "note": "moved abroad"}"#).is_ok());
        assert!(read(r#"{"code": "order", "note": "x", "more": 1}"#).is_err());
    }
}
