//! Rules of the domain, told to people.

use std::borrow::Cow;

use super::{Kind, Problem};
use crate::domain::grant::GrantError;
use crate::domain::invitation::InvitationError;
use crate::domain::packet::PacketError;
use crate::domain::request::RequestError;
use crate::domain::signature::MarkError;
use crate::domain::text::TextError;

/// Errors of the domain whose words are meant for people and repeat nothing that was typed.
pub trait FieldRule: std::fmt::Display {}

impl FieldRule for TextError {}
impl FieldRule for GrantError {}
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

impl From<PacketError> for Problem {
    fn from(error: PacketError) -> Self {
        let detail = Cow::Owned(error.to_string());
        match error {
            PacketError::UnknownSlot => Self::not_found(),
            PacketError::Closed | PacketError::AlreadyAnswered | PacketError::NotSealable => {
                Self { detail, ..Self::new(Kind::Conflict, "") }
            }
            PacketError::OtherDocument => {
                Self { detail, field: Some(Cow::Borrowed("document_sha256")), ..Self::new(Kind::CannotBeDone, "") }
            }
            PacketError::Slots => {
                Self { detail, field: Some(Cow::Borrowed("slots")), ..Self::new(Kind::CannotBeDone, "") }
            }
        }
    }
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        Self { detail: Cow::Owned(error.to_string()), ..Self::new(Kind::Conflict, "") }
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
            _ => Self::in_field("scopes", error),
        }
    }
}
