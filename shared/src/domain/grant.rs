//! What one login may do for one member, why, and when (design §5).

mod authority;
pub mod custody;
mod kinship;
mod reason;
mod scope;
mod terms;

pub use authority::Authority;
pub use custody::CustodyTime;
pub use kinship::Relationship;
pub use reason::{Reason, ReasonCode};
pub use scope::Scope;
pub use terms::Terms;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::id::{LoginId, MemberId};
use super::login::Login;
use super::member::Member;
use super::policy::ClinicPolicy;
use custody::CustodyError;

/// Why a grant cannot be as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GrantError {
    /// No scope at all.
    #[error("choose at least one thing that the person may do")]
    NoScope,
    /// A scope that the ground does not allow.
    #[error("this legal ground does not allow all of these; leave out what it does not cover")]
    BeyondAuthority,
    /// A minor below the age for a login of the own.
    #[error("the client is too young for a login of the own; parents and guardians act for a child")]
    TooYoung,
    /// A ground that rests on minority, for an adult.
    #[error("the client is of age and decides alone; the ground is the client's own consent, or an order")]
    OfAge,
    /// An agency beside a ground that is not the agency's.
    #[error("name an agency only where the agency has custody")]
    ForeignAgency,
    /// The custody calendar cannot be as asked.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The paper is none of this client's, or did not pass inspection.
    #[error("name a paper from this client's documents that is ready; upload it first")]
    Evidence,
    /// Ends before it begins.
    #[error("choose an end after the beginning")]
    EndsBeforeItBegins,
    /// Narrowing asked for a scope or a time that the grant does not have.
    #[error("access can only be narrowed here; to allow more, staff change it as a whole")]
    Widens,
    /// Not active any more.
    #[error("this grant has ended already")]
    NotActive,
}

/// Whether a grant counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GrantState {
    /// Counts within its dates.
    Active,
    /// Came to its end.
    Ended,
    /// Was taken back.
    Revoked,
}

/// What one login may do for one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who may.
    pub login: LoginId,
    /// For whom.
    pub member: MemberId,
    /// What, why, when.
    #[serde(flatten)]
    pub terms: Terms,
    /// Whether it counts.
    pub state: GrantState,
    /// Why it is as it is; none for a grant that is as an invitation gave it.
    pub reason: Option<Reason>,
    /// Who gave it.
    pub granted_by: LoginId,
    /// When it was given.
    pub granted_at: Timestamp,
    /// Replaced how often.
    pub version: Version,
}

impl Grant {
    /// Whether the grant counts at `now`, apart from ages and scopes.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.state == GrantState::Active
            && self.terms.not_before.is_none_or(|from| from <= now)
            && self.terms.not_after.is_none_or(|until| now < until)
    }

    /// Whether the grant counts at `now` or will later, without anybody's doing.
    #[must_use]
    pub fn is_ahead(&self, now: Timestamp) -> bool {
        self.state == GrantState::Active && self.terms.not_after.is_none_or(|until| now < until)
    }

    /// Whether `login` had this grant as a guardian until `member` came of age, so that the young adult can keep the person as a
    /// helper. Somebody who is kept out, or whose access ended before, cannot be kept.
    #[must_use]
    pub fn is_former_guardians(&self, member: &Member, policy: &ClinicPolicy, login: &Login, now: Timestamp) -> bool {
        let until_majority = self.is_live(now) && self.terms.authority.rests_on_minority();
        until_majority && policy.is_of_age(member.birth_date, now) && !member.is_barred(login, now)
    }

    /// The same grant with fewer scopes or an earlier end.
    ///
    /// # Errors
    /// [`GrantError::Widens`] when anything would be added, [`GrantError::NoScope`], [`GrantError::NotActive`].
    pub fn narrowed(
        &self,
        scopes: BTreeSet<Scope>,
        not_after: Option<Timestamp>,
        reason: Reason,
    ) -> Result<Self, GrantError> {
        if self.state != GrantState::Active {
            return Err(GrantError::NotActive);
        }
        let later = match (self.terms.not_after, not_after) {
            (Some(_), None) => true,
            (Some(old), Some(new)) => new > old,
            (None, _) => false,
        };
        if later || !scopes.is_subset(&self.terms.scopes) {
            return Err(GrantError::Widens);
        }
        let mut narrowed = Self { reason: Some(reason), ..self.clone() };
        // A time that narrows what is not allowed any more has nothing left to say.
        for time in &mut narrowed.terms.custody {
            time.scopes.retain(|scope| scopes.contains(scope));
        }
        narrowed.terms.custody.retain(|time| !time.scopes.is_empty());
        narrowed.terms.scopes = scopes;
        narrowed.terms.not_after = not_after;
        narrowed.terms.check()?;
        Ok(narrowed)
    }

    /// The same grant with other terms, given anew by `by`: wider, narrower, or with another calendar.
    ///
    /// # Errors
    /// [`GrantError::NotActive`] when it has stopped or its time is over, and what [`Terms::check`] finds.
    pub fn changed(&self, terms: Terms, reason: Reason, by: LoginId, now: Timestamp) -> Result<Self, GrantError> {
        if !self.is_ahead(now) {
            return Err(GrantError::NotActive);
        }
        terms.check()?;
        Ok(Self { terms, reason: Some(reason), granted_by: by, granted_at: now, ..self.clone() })
    }

    /// The same grant, ended or revoked.
    ///
    /// # Errors
    /// [`GrantError::NotActive`] when it has stopped already.
    pub fn stopped(&self, state: GrantState, reason: Reason) -> Result<Self, GrantError> {
        if self.state != GrantState::Active {
            return Err(GrantError::NotActive);
        }
        Ok(Self { state, reason: Some(reason), ..self.clone() })
    }
}

#[cfg(test)]
mod tests;
