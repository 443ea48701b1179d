//! What one login may do for one member, why, and when (design §5).

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Version;
use super::id::{LoginId, MemberId};

/// Kinship by HL7 v3 RoleCode (`_PersonalRelationshipRoleType`, and `RESPRSN` for somebody who is no kin). It gives no right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Relationship {
    /// Mother.
    Mth,
    /// Father.
    Fth,
    /// Parent.
    Prn,
    /// Stepmother.
    Stpmth,
    /// Stepfather.
    Stpfth,
    /// Stepparent.
    Stpprn,
    /// Foster mother.
    Mthfost,
    /// Foster father.
    Fthfost,
    /// Foster parent.
    Prnfost,
    /// Grandmother.
    Grmth,
    /// Grandfather.
    Grfth,
    /// Grandparent.
    Grprn,
    /// Aunt.
    Aunt,
    /// Uncle.
    Uncle,
    /// Sibling.
    Sib,
    /// Spouse.
    Sps,
    /// Domestic partner.
    Dompart,
    /// Other family member.
    Fammemb,
    /// Friend.
    Frnd,
    /// Responsible party who is no kin, such as a caseworker.
    Resprsn,
    /// The member himself or herself.
    Oneself,
}

/// The legal ground of a grant. It caps the scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Authority {
    /// A parent of a minor (45 CFR 164.502(g)(3)).
    ParentalResponsibility,
    /// A guardian of a minor.
    Guardianship,
    /// A foster placement: daily care, no consent to treatment.
    FosterPlacement,
    /// An agency that has custody of a minor, acting through its worker.
    AgencyCustody,
    /// An order of a court, of a minor or an adult.
    CourtOrder,
    /// An adult client's own consent to the help of another (45 CFR 164.510(b)).
    AdultConsent,
    /// The client himself or herself.
    #[serde(rename = "self")]
    Oneself,
}

impl Authority {
    /// Whether the ground falls away when the member comes of age.
    #[must_use]
    pub const fn rests_on_minority(self) -> bool {
        matches!(self, Self::ParentalResponsibility | Self::Guardianship | Self::FosterPlacement | Self::AgencyCustody)
    }

    /// The most that a grant on this ground may allow: a foster carer and an adult's helper sign nothing in another's name.
    #[must_use]
    pub const fn allows(self, scope: Scope) -> bool {
        match self {
            Self::ParentalResponsibility
            | Self::Guardianship
            | Self::AgencyCustody
            | Self::CourtOrder
            | Self::Oneself => true,
            Self::FosterPlacement | Self::AdultConsent => !matches!(scope, Scope::Sign),
        }
    }
}

/// One thing that a grant can allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// See the member's name and date of birth, and the activity that concerns the reader.
    Profile,
    /// List and open documents.
    DocumentsRead,
    /// Upload documents.
    DocumentsUpload,
    /// Sign, or decline to sign, in the member's name.
    Sign,
}

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

/// Why a grant changed (the closed list of the NHS Validated Relationships Service, shortened).
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
    /// Something else; a note says what.
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
            Self::Other => "other",
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
