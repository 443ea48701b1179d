//! Rules of the domain, told to people.

use std::borrow::Cow;

use super::{FieldProblem, Kind, Problem};
use crate::domain::agency::AgencyError;
use crate::domain::answers::{AnswerError, AnswersError, WrongAnswer};
use crate::domain::draft::DraftError;
use crate::domain::grant::custody::RecurrenceError;
use crate::domain::grant::{GrantError, Reason};
use crate::domain::invitation::{AwaitError, InvitationError};
use crate::domain::login::{AddressError, MergeError, PasskeyError, ProofError};
use crate::domain::member::block::BlockError;
use crate::domain::packet::PacketError;
use crate::domain::request::RequestError;
use crate::domain::signature::MarkError;
use crate::domain::text::TextError;

/// Errors of the domain whose words are meant for people and repeat nothing that was typed.
pub trait FieldRule: std::fmt::Display {}

impl FieldRule for TextError {}
impl FieldRule for GrantError {}
impl FieldRule for AwaitError {}
impl FieldRule for BlockError {}
impl FieldRule for MarkError {}

impl From<InvitationError> for Problem {
    fn from(error: InvitationError) -> Self {
        let detail = Cow::Owned(error.to_string());
        match error {
            InvitationError::Gone => Self { detail, ..Self::new(Kind::Gone, "") },
            InvitationError::CodeTooSoon => Self { detail, retry_after: Some(60), ..Self::new(Kind::TooMany, "") },
            InvitationError::NoMoreCodes => Self { detail, ..Self::new(Kind::Conflict, "") },
            InvitationError::NoCode => {
                Self { detail, field: Some(Cow::Borrowed("code")), ..Self::new(Kind::CannotBeDone, "") }
            }
        }
    }
}

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        let kind = match error {
            PasskeyError::CeremonyOver => Kind::Gone,
            PasskeyError::TooMany | PasskeyError::Known => Kind::Conflict,
        };
        Self { detail: Cow::Owned(error.to_string()), ..Self::new(kind, "") }
    }
}

impl From<AddressError> for Problem {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::NotOwn => Self::not_found(),
            _ => Self { detail: Cow::Owned(error.to_string()), ..Self::new(Kind::Conflict, "") },
        }
    }
}

impl From<ProofError> for Problem {
    fn from(error: ProofError) -> Self {
        let detail = Cow::Owned(error.to_string());
        match error {
            ProofError::TooSoon => Self { detail, retry_after: Some(60), ..Self::new(Kind::TooMany, "") },
            ProofError::TooMany => Self { detail, retry_after: Some(3600), ..Self::new(Kind::TooMany, "") },
            ProofError::NoCode => {
                Self { detail, field: Some(Cow::Borrowed("code")), ..Self::new(Kind::CannotBeDone, "") }
            }
        }
    }
}

impl From<MergeError> for Problem {
    fn from(error: MergeError) -> Self {
        Self { detail: Cow::Owned(error.to_string()), ..Self::new(Kind::Conflict, "") }
    }
}

impl From<PacketError> for Problem {
    fn from(error: PacketError) -> Self {
        let detail = Cow::Owned(error.to_string());
        match error {
            PacketError::UnknownSlot => Self::not_found(),
            PacketError::Closed
            | PacketError::AlreadyAnswered
            | PacketError::NotYet
            | PacketError::TooLate
            | PacketError::Unread
            | PacketError::Unanswered
            | PacketError::OtherAnswers
            | PacketError::LastSlot
            | PacketError::NotSealable => Self { detail, ..Self::new(Kind::Conflict, "") },
            PacketError::OtherDocument => {
                Self { detail, field: Some(Cow::Borrowed("document_sha256")), ..Self::new(Kind::CannotBeDone, "") }
            }
            PacketError::Slots | PacketError::Groups | PacketError::FormGroups => {
                Self { detail, field: Some(Cow::Borrowed("slots")), ..Self::new(Kind::CannotBeDone, "") }
            }
        }
    }
}

impl From<AwaitError> for Problem {
    fn from(error: AwaitError) -> Self {
        Self::in_field("invitation", error)
    }
}

impl From<DraftError> for Problem {
    fn from(error: DraftError) -> Self {
        let detail = Cow::Owned(error.to_string());
        match error {
            DraftError::Stale | DraftError::Signed | DraftError::Incomplete | DraftError::OtherAnswers => {
                Self { detail, ..Self::new(Kind::Conflict, "") }
            }
            DraftError::OtherForm => {
                Self { detail, field: Some(Cow::Borrowed("from")), ..Self::new(Kind::CannotBeDone, "") }
            }
        }
    }
}

impl From<AnswersError> for Problem {
    fn from(error: AnswersError) -> Self {
        let answers = |detail: Cow<'static, str>| Self {
            detail,
            field: Some(Cow::Borrowed("answers")),
            ..Self::new(Kind::CannotBeDone, "")
        };
        match error {
            // The name is the client's own and is not repeated.
            AnswersError::Unknown => answers(Cow::Owned(AnswerError::Unknown.to_string())),
            AnswersError::TooLong => {
                answers(Cow::Borrowed("these answers are longer than a form can hold; shorten them"))
            }
            AnswersError::Wrong(wrong) => {
                let errors = wrong.into_iter().map(|WrongAnswer { field, error }| FieldProblem {
                    field,
                    rule: error.code(),
                    detail: error.to_string(),
                });
                Self { errors: errors.collect(), ..answers(Cow::Borrowed("some answers do not fit; see each of them")) }
            }
        }
    }
}

impl From<BlockError> for Problem {
    fn from(error: BlockError) -> Self {
        match error {
            BlockError::Nobody => Self::in_field("login", error),
            BlockError::OrderMissing | BlockError::PaperMissing => Self::in_field("evidence", error),
            BlockError::HoldTooLong | BlockError::HeldBefore => Self::in_field("until", error),
            BlockError::SamePerson | BlockError::Stands | BlockError::Over => {
                Self { detail: Cow::Owned(error.to_string()), ..Self::new(Kind::Conflict, "") }
            }
        }
    }
}

/// The words of a rule that reading a body has found broken. Other words of the reader may repeat what was typed and are not told.
pub(in crate::http) fn told(message: &str) -> Option<String> {
    let rules = [RecurrenceError::Rule.to_string(), RecurrenceError::Duration.to_string(), Reason::WORDLESS.to_owned()];
    rules.into_iter().find(|rule| message.starts_with(rule))
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        Self { detail: Cow::Owned(error.to_string()), ..Self::new(Kind::Conflict, "") }
    }
}

impl From<AgencyError> for Problem {
    fn from(error: AgencyError) -> Self {
        let field = match error {
            AgencyError::OtherRoster => "login",
            AgencyError::NotOnRoster | AgencyError::SamePerson | AgencyError::OwnHand => "to",
            AgencyError::WorksElsewhere => "from",
            AgencyError::NotHeld | AgencyError::Count => "members",
        };
        let detail = Cow::Owned(error.to_string());
        Self { detail, field: Some(Cow::Borrowed(field)), ..Self::new(Kind::CannotBeDone, "") }
    }
}

impl From<GrantError> for Problem {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::NotActive => Self { detail: Cow::Owned(error.to_string()), ..Self::new(Kind::Conflict, "") },
            GrantError::EndsBeforeItBegins => Self::in_field("not_after", error),
            GrantError::TooYoung | GrantError::OfAge => Self::in_field("authority", error),
            GrantError::ForeignAgency => Self::in_field("agency", error),
            GrantError::Custody(_) => Self::in_field("custody", error),
            GrantError::Evidence => Self::in_field("evidence", error),
            _ => Self::in_field("scopes", error),
        }
    }
}
