//! The part of a grant that staff choose.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Authority, CustodyTime, GrantError, Relationship, Scope, custody};
use crate::domain::document::Document;
use crate::domain::id::{AgencyId, DocumentId, MemberId};
use crate::domain::member::Member;
use crate::domain::policy::ClinicPolicy;

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

    /// Checks that the paper named as evidence is one of the member's and can be read. `paper` is what stands under that name.
    ///
    /// # Errors
    /// [`GrantError::Evidence`].
    pub fn check_evidence(&self, member: MemberId, paper: Option<&Document>) -> Result<(), GrantError> {
        let fits = |named| paper.is_some_and(|paper| paper.id == named && paper.is_paper_of(member));
        if self.evidence.is_none_or(fits) { Ok(()) } else { Err(GrantError::Evidence) }
    }
}
