//! What one login may do for one member, why, and when (design §5).

mod authority;
mod reason;

pub use authority::{Authority, Relationship, Scope};
pub use reason::ReasonCode;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::id::{LoginId, MemberId};

/// Why a grant cannot be as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GrantError {
    /// No scope at all.
    #[error("choose at least one thing that the person may do")]
    NoScope,
    /// A scope that the ground does not allow.
    #[error("this legal ground does not allow all of these; leave out `sign`")]
    BeyondAuthority,
    /// Ends before it begins.
    #[error("choose an end after the beginning")]
    EndsBeforeItBegins,
    /// Narrowing asked for a scope or a time that the grant does not have.
    #[error("a grant can only be narrowed here; to allow more, staff give a new one")]
    Widens,
    /// Not active any more.
    #[error("this grant has ended already")]
    NotActive,
}

/// What a grant allows, on which ground, and when: the part that staff choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Kinship, for display and for export.
    pub relationship: Relationship,
    /// The legal ground.
    pub authority: Authority,
    /// What is allowed.
    pub scopes: BTreeSet<Scope>,
    /// Nothing is allowed before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub not_before: Option<Timestamp>,
    /// Nothing is allowed from this moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub not_after: Option<Timestamp>,
}

impl Terms {
    /// Checks the terms against the caps of their authority.
    ///
    /// # Errors
    /// The first [`GrantError`] found.
    pub fn check(&self) -> Result<(), GrantError> {
        if self.scopes.is_empty() {
            return Err(GrantError::NoScope);
        }
        if !self.scopes.iter().all(|&scope| self.authority.allows(scope)) {
            return Err(GrantError::BeyondAuthority);
        }
        match (self.not_before, self.not_after) {
            (Some(from), Some(until)) if until <= from => Err(GrantError::EndsBeforeItBegins),
            _ => Ok(()),
        }
    }
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
    /// Why it stopped to count.
    pub reason: Option<ReasonCode>,
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

    /// Whether the grant allows `scope`, capped by its authority.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.terms.scopes.contains(&scope) && self.terms.authority.allows(scope)
    }

    /// The scopes that count: those of the terms, capped by the authority.
    #[must_use]
    pub fn effective_scopes(&self) -> BTreeSet<Scope> {
        self.terms.scopes.iter().copied().filter(|&scope| self.allows(scope)).collect()
    }

    /// The same grant with fewer scopes or an earlier end.
    ///
    /// # Errors
    /// [`GrantError::Widens`] when anything would be added, [`GrantError::NoScope`], [`GrantError::NotActive`].
    pub fn narrowed(&self, scopes: BTreeSet<Scope>, not_after: Option<Timestamp>) -> Result<Self, GrantError> {
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
        let mut narrowed = self.clone();
        narrowed.terms.scopes = scopes;
        narrowed.terms.not_after = not_after;
        narrowed.terms.check()?;
        Ok(narrowed)
    }

    /// The same grant, ended or revoked.
    ///
    /// # Errors
    /// [`GrantError::NotActive`] when it has stopped already.
    pub fn stopped(&self, state: GrantState, reason: ReasonCode) -> Result<Self, GrantError> {
        if self.state != GrantState::Active {
            return Err(GrantError::NotActive);
        }
        Ok(Self { state, reason: Some(reason), ..self.clone() })
    }
}
