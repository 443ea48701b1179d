//! What a guardian or client asks the clinic for: access for somebody else, or another member of the family on the own login. Asking
//! gives nothing; staff approve or refuse, and say why.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::grant::Relationship;
use super::id::{LoginId, MemberId, RequestId};
use super::text::{EmailAddress, Note, PersonName};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Wish {
    /// Access to this member for somebody else.
    Access {
        /// The person's name.
        name: PersonName,
        /// Where to invite the person; the asker knows the address, nobody else learns it from the portal.
        #[schema(value_type = String)]
        email: EmailAddress,
        /// What the person is to the member.
        relationship: Relationship,
    },
    /// Another client of the clinic, such as a sibling, on the asker's own login.
    FamilyMember {
        /// The client's name.
        name: PersonName,
        /// The client's date of birth, so that staff find the record.
        #[schema(value_type = String, format = Date)]
        birth_date: Date,
        /// What the asker is to that client.
        relationship: Relationship,
    },
}

/// Where a request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum RequestState {
    /// Nobody has answered.
    Open,
    /// Staff approved it.
    Approved {
        /// When.
        #[schema(value_type = String, format = DateTime)]
        at: Timestamp,
    },
    /// Staff refused it.
    Refused {
        /// When.
        #[schema(value_type = String, format = DateTime)]
        at: Timestamp,
        /// Why, in words that the asker reads.
        reason: Note,
    },
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Identifier.
    pub id: RequestId,
    /// On whose record.
    pub member: MemberId,
    /// Who asks.
    pub by: LoginId,
    /// For what.
    pub wish: Wish,
    /// A word to the clinic.
    pub note: Option<Note>,
    /// When.
    pub asked_at: Timestamp,
    /// Where it stands.
    #[serde(flatten)]
    pub state: RequestState,
    /// Replaced how often.
    pub version: Version,
}

/// Why a request cannot be made or answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RequestError {
    /// Somebody answered it.
    #[error("this request has an answer already")]
    Answered,
    /// Too many wait for an answer.
    #[error("five requests wait for the clinic's answer; wait for it, or call the clinic")]
    TooManyOpen,
}

impl Request {
    /// Requests of one person on one record that wait at the same time: our choice, a large family on one day.
    pub const MOST_OPEN: usize = 5;

    /// Whether it waits for an answer.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == RequestState::Open
    }

    /// Checks that `by` may ask once more, beside the requests `before` on the record.
    ///
    /// # Errors
    /// [`RequestError::TooManyOpen`].
    pub fn check_room(before: &[Self], by: LoginId) -> Result<(), RequestError> {
        let open = before.iter().filter(|request| request.by == by && request.is_open()).count();
        if open < Self::MOST_OPEN { Ok(()) } else { Err(RequestError::TooManyOpen) }
    }

    /// The request with its answer. An answer is final.
    ///
    /// # Errors
    /// [`RequestError::Answered`].
    pub fn answered(&self, state: RequestState) -> Result<Self, RequestError> {
        if self.is_open() { Ok(Self { state, ..self.clone() }) } else { Err(RequestError::Answered) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(by: u8) -> Request {
        Request {
            id: RequestId::from_random([1; 16]),
            member: MemberId::from_random([2; 16]),
            by: LoginId::from_random([by; 16]),
            wish: Wish::Access {
                name: "Grandmother".parse().unwrap(),
                email: "grandmother@family.example".parse().unwrap(),
                relationship: Relationship::Grmth,
            },
            note: None,
            asked_at: Timestamp::UNIX_EPOCH,
            state: RequestState::Open,
            version: 1,
        }
    }

    #[test]
    fn an_answer_is_final() {
        let approved = request(1).answered(RequestState::Approved { at: Timestamp::UNIX_EPOCH }).unwrap();
        let refusal = RequestState::Refused { at: Timestamp::UNIX_EPOCH, reason: "no".parse().unwrap() };
        assert_eq!(approved.answered(refusal), Err(RequestError::Answered));
    }

    #[test]
    fn five_may_wait_and_those_of_others_do_not_count() {
        let mut before = vec![request(1); 4];
        before.extend(vec![request(2); 9]);
        let asker = LoginId::from_random([1; 16]);
        assert_eq!(Request::check_room(&before, asker), Ok(()));
        before.push(request(1));
        assert_eq!(Request::check_room(&before, asker), Err(RequestError::TooManyOpen));
    }
}
