//! RFC 9457 problem documents: the one place where an error gets the words that a client sees.

mod rules;

pub use rules::FieldRule;
pub(super) use rules::told;

use std::borrow::Cow;

use lambda_http::http::StatusCode;
use lambda_http::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use lambda_http::{Body, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::limit::Wait;

/// A problem as a client sees it. Made from constants and from errors whose words are meant for people; an internal error
/// has no way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    retry_after: Option<u32>,
    errors: Vec<FieldProblem>,
}

/// The kinds of problem. Their names are part of the API and stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Malformed,
    SignInAgain,
    ProveAgain,
    NotFound,
    Conflict,
    Gone,
    TooLarge,
    WrongType,
    CannotBeDone,
    KeyReused,
    TooMany,
    Internal,
    Unavailable,
}

impl Kind {
    const fn parts(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::Malformed => (400, "malformed", "The request has the wrong form"),
            Self::SignInAgain => (401, "sign-in-again", "Sign in again"),
            Self::ProveAgain => (401, "prove-again", "Show that it is you"),
            Self::NotFound => (404, "not-found", "There is nothing here for you"),
            Self::Conflict => (409, "conflict", "Something changed in the meantime"),
            Self::Gone => (410, "gone", "This is over"),
            Self::TooLarge => (413, "too-large", "Too much text"),
            Self::WrongType => (415, "wrong-type", "Send JSON"),
            Self::CannotBeDone => (422, "cannot-be-done", "This cannot be done as asked"),
            Self::KeyReused => (422, "idempotency-key-reused", "This key was used for another request"),
            Self::TooMany => (429, "too-many", "Wait a moment"),
            Self::Internal => (500, "internal", "Something went wrong on our side"),
            Self::Unavailable => (503, "unavailable", "We could not confirm this"),
        }
    }
}

/// The body of a problem document.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// Stable name of the kind of problem, a URN.
    pub r#type: String,
    /// The kind in words.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What to do.
    pub detail: String,
    /// The field that needs a change, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Every field of a form that needs a change, when it is about a form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name in the form.
    pub field: String,
    /// The rule it breaks, for programs.
    pub rule: &'static str,
    /// What to do.
    pub detail: String,
}

impl Problem {
    const fn new(kind: Kind, detail: &'static str) -> Self {
        Self { kind, detail: Cow::Borrowed(detail), field: None, retry_after: None, errors: Vec::new() }
    }

    /// 400: the request cannot be read.
    #[must_use]
    pub const fn malformed(detail: &'static str) -> Self {
        Self::new(Kind::Malformed, detail)
    }

    /// 400: a field cannot be read; in the words of the rule it breaks, when there is one.
    #[must_use]
    pub fn malformed_field(field: String, rule: Option<String>) -> Self {
        let detail = rule.map_or(Cow::Borrowed("check this field: its name, its type and its value"), Cow::Owned);
        Self { field: Some(Cow::Owned(field)), detail, ..Self::new(Kind::Malformed, "") }
    }

    /// 401: no session, or one that is over.
    #[must_use]
    pub const fn sign_in_again() -> Self {
        Self::new(Kind::SignInAgain, "your session is over; sign in to go on")
    }

    /// 401: address, password or code do not fit; which of them is not said.
    #[must_use]
    pub const fn wrong_credentials() -> Self {
        Self::new(Kind::SignInAgain, "that did not match; check what you typed, or ask the clinic for help")
    }

    /// 401: no passkey of anybody, or not one that still works here.
    #[must_use]
    pub const fn unknown_passkey() -> Self {
        Self::new(Kind::SignInAgain, "this passkey did not work; try once more, or sign in with your password")
    }

    /// 422: not a passkey of the person who is signed in, or not one that still works here.
    #[must_use]
    pub fn other_passkey() -> Self {
        Self::cannot("credential", "this passkey did not work; try once more with your own, or use your password")
    }

    /// 401: signed in, but too long ago for this (RFC 9470 calls it insufficient user authentication).
    #[must_use]
    pub const fn prove_again() -> Self {
        Self::new(Kind::ProveAgain, "show once more that it is you; this needs a proof from the last five minutes")
    }

    /// 404: denied, foreign, revoked or unknown, which look alike.
    #[must_use]
    pub const fn not_found() -> Self {
        Self::new(Kind::NotFound, "this does not exist, or is not shared with you; ask the clinic if you expected it")
    }

    /// 409: somebody else was faster.
    #[must_use]
    pub const fn conflict(detail: &'static str) -> Self {
        Self::new(Kind::Conflict, detail)
    }

    /// 413: the body is larger than any request needs.
    #[must_use]
    pub const fn too_large() -> Self {
        Self::new(Kind::TooLarge, "this is more text than fits; send less")
    }

    /// 415: not JSON.
    #[must_use]
    pub const fn wrong_type() -> Self {
        Self::new(Kind::WrongType, "send a JSON body with content type application/json")
    }

    /// 422: understood, and not possible.
    #[must_use]
    pub fn cannot(field: &'static str, detail: &'static str) -> Self {
        Self { field: Some(Cow::Borrowed(field)), ..Self::new(Kind::CannotBeDone, detail) }
    }

    /// 422: the idempotency key came with another body before.
    #[must_use]
    pub const fn key_reused() -> Self {
        Self::new(Kind::KeyReused, "use a new Idempotency-Key for a new request")
    }

    /// 429: too many tries in a short time.
    #[must_use]
    pub fn too_many(wait: Wait) -> Self {
        let detail = "that was often in a short time; wait a little and try again";
        Self { retry_after: Some(wait.seconds), ..Self::new(Kind::TooMany, detail) }
    }

    /// 500: a fault of ours, told without a word about it.
    #[must_use]
    pub const fn internal() -> Self {
        Self::new(Kind::Internal, "nothing was changed; try again, and tell the clinic if it stays")
    }

    /// 503: the outcome is unknown, which is never told as success.
    #[must_use]
    pub fn unavailable() -> Self {
        let detail = "we do not know whether this was done; try again with the same Idempotency-Key";
        Self { retry_after: Some(2), ..Self::new(Kind::Unavailable, detail) }
    }

    /// A mistake in a named field, in the words of the rule it breaks.
    pub fn in_field(field: &'static str, rule: impl FieldRule) -> Self {
        Self {
            field: Some(Cow::Borrowed(field)),
            detail: Cow::Owned(rule.to_string()),
            ..Self::new(Kind::CannotBeDone, "")
        }
    }

    /// HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.kind.parts().0
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let (status, name, title) = self.kind.parts();
        let document = ProblemDocument {
            r#type: format!("urn:hearth:problem:{name}"),
            title,
            status,
            detail: self.detail.into_owned(),
            field: self.field.map(Cow::into_owned),
            errors: self.errors,
        };
        let mut response = Response::new(Body::Text(serde_json::to_string(&document).unwrap_or_default()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
