//! What one login may do for one member, why, and when (design §5).

mod authority;
pub mod custody;
mod reason;
mod scope;

pub use authority::{Authority, Relationship};
pub use custody::CustodyTime;
pub use reason::{Reason, ReasonCode};
pub use scope::Scope;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::id::{AgencyId, DocumentId, LoginId, MemberId};
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
    /// Times to which some scopes are narrowed; a scope that no time names counts always.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custody: Vec<CustodyTime>,
    /// The agency for which the person acts: the grant counts while the person is on its roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyId>,
    /// The paper that shows the ground, among the member's documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<DocumentId>,
}

impl Terms {
    /// Terms without dates, calendar, agency or evidence.
    #[must_use]
    pub fn plain(relationship: Relationship, authority: Authority, scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self {
            relationship,
            authority,
            scopes: scopes.into_iter().collect(),
            not_before: None,
            not_after: None,
            custody: Vec::new(),
            agency: None,
            evidence: None,
        }
    }

    /// Checks the terms against their authority, and against the age of the member they are about.
    ///
    /// # Errors
    /// The first [`GrantError`] found.
    pub fn check_for(&self, member: &Member, policy: &ClinicPolicy, now: Timestamp) -> Result<(), GrantError> {
        if self.authority == Authority::Oneself && !policy.may_have_own_login(member.birth_date, now) {
            return Err(GrantError::TooYoung);
        }
        if self.authority.rests_on_minority() && policy.is_of_age(member.birth_date, now) {
            return Err(GrantError::OfAge);
        }
        self.check()
    }

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
        if self.agency.is_some() && self.authority != Authority::AgencyCustody {
            return Err(GrantError::ForeignAgency);
        }
        custody::check(&self.custody, &self.scopes)?;
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
