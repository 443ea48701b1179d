//! The only place that says yes.
//!
//! [`decide`] looks at facts that were read in one strongly consistent call and at nothing else. Absence never grants: a
//! right comes from items that must exist. A [`Permit`] cannot be made anywhere else, and a write needs one.

use jiff::Timestamp;
use thiserror::Error;

use super::Version;
use super::event::Capacity;
use super::grant::{Grant, GrantState};
use super::id::{LoginId, MemberId, SessionId};
use super::login::{Login, Role, Session};
use super::member::Member;
use super::policy::ClinicPolicy;
use super::signature::SigningCapacity;

mod action;

pub use action::Action;

/// What was read, all of it strongly consistent.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Who calls.
    pub login: Option<&'a Login>,
    /// The session the token points to.
    pub session: Option<&'a Session>,
    /// The member concerned.
    pub member: Option<&'a Member>,
    /// The caller's grant for that member.
    pub grant: Option<&'a Grant>,
}

/// Why not. Only the audit event ever says which; outside all but two look the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Deny {
    /// No live session: sign in again.
    #[error("session-ended")]
    SessionEnded,
    /// The member does not exist.
    #[error("unknown-member")]
    UnknownMember,
    /// No grant for this member.
    #[error("no-grant")]
    NoGrant,
    /// The grant was ended or revoked.
    #[error("grant-stopped")]
    GrantStopped,
    /// Outside the dates of the grant.
    #[error("outside-dates")]
    OutsideDates,
    /// The member came of age.
    #[error("member-of-age")]
    MemberOfAge,
    /// The grant does not allow this.
    #[error("no-scope")]
    NoScope,
    /// The legal ground of the grant does not fit the capacity of the slot.
    #[error("other-capacity")]
    OtherCapacity,
    /// Only staff do this.
    #[error("staff-only")]
    StaffOnly,
    /// Staff may not do this.
    #[error("not-for-staff")]
    NotForStaff,
    /// The slot asks somebody else.
    #[error("not-own-slot")]
    NotOwnSlot,
    /// Staff do no office work on the record of their own family; a colleague does.
    #[error("own-case")]
    OwnCase,
    /// Staff open a record with a reason only.
    #[error("reason-missing")]
    ReasonMissing,
}

/// The proof that [`decide`] said yes, with the versions it rested on. A transaction checks them again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    login: (LoginId, Version),
    session: SessionId,
    member: Option<(MemberId, Version)>,
    grant: Option<(MemberId, Version)>,
    capacity: Capacity,
}

impl Permit {
    /// Who may.
    #[must_use]
    pub const fn login(&self) -> LoginId {
        self.login.0
    }

    /// In which capacity.
    #[must_use]
    pub const fn capacity(&self) -> Capacity {
        self.capacity
    }

    /// Version of the login that the yes rested on.
    #[must_use]
    pub const fn login_version(&self) -> Version {
        self.login.1
    }

    /// Session that the yes rested on.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// Member and its version that the yes rested on.
    #[must_use]
    pub const fn member(&self) -> Option<(MemberId, Version)> {
        self.member
    }

    /// Member and version of the grant that the yes rested on; none for staff.
    #[must_use]
    pub const fn grant(&self) -> Option<(MemberId, Version)> {
        self.grant
    }
}

/// Decides whether the caller may do `action` at `now`.
///
/// # Errors
/// The reason for a no.
pub fn decide(action: Action, facts: &Facts<'_>, policy: &ClinicPolicy, now: Timestamp) -> Result<Permit, Deny> {
    let (login, session) = signed_in(facts, now)?;
    if let Action::FillSlot { holder, .. } = action
        && holder != login.id
    {
        return Err(Deny::NotOwnSlot);
    }
    let member = match (action.needs_member(), facts.member) {
        (true, None) => return Err(Deny::UnknownMember),
        (_, member) => member,
    };
    let permit = |grant: Option<&Grant>, capacity| Permit {
        login: (login.id, login.version),
        session: session.id,
        member: member.map(|member| (member.id, member.version)),
        grant: grant.map(|grant| (grant.member, grant.version)),
        capacity,
    };
    // Somebody who works for the clinic and is a parent as well acts as a parent where a grant says so.
    match (by_grant(action, facts, policy, now), login.role) {
        (Ok(grant), _) => Ok(permit(grant, Capacity::Family)),
        (Err(_), Role::Staff) => {
            by_office(action).and_then(|()| not_own_case(facts.grant)).map(|()| permit(None, Capacity::Staff))
        }
        (Err(deny), Role::Family) => Err(deny),
    }
}

/// Whether `login` could fill a slot of that capacity now: the rule of [`Action::FillSlot`] for somebody who is not calling, but
/// is about to be asked or told.
///
/// # Errors
/// The reason for a no.
pub fn may_sign(
    (login, grant): (&Login, Option<&Grant>),
    member: &Member,
    capacity: SigningCapacity,
    policy: &ClinicPolicy,
    now: Timestamp,
) -> Result<(), Deny> {
    let facts = Facts { login: Some(login), session: None, member: Some(member), grant };
    by_grant(Action::FillSlot { holder: login.id, capacity }, &facts, policy, now).map(|_| ())
}

/// The caller, when the session lives and belongs to the login.
fn signed_in<'a>(facts: &Facts<'a>, now: Timestamp) -> Result<(&'a Login, &'a Session), Deny> {
    match (facts.login, facts.session) {
        (Some(login), Some(session)) if session.login == login.id && session.is_live(now) && login.merged.is_none() => {
            Ok((login, session))
        }
        _ => Err(Deny::SessionEnded),
    }
}

/// Whether staff may do office work on a member, given the grant they themselves have or had for that member.
///
/// # Errors
/// [`Deny::OwnCase`].
pub const fn not_own_case(grant: Option<&Grant>) -> Result<(), Deny> {
    if grant.is_some() { Err(Deny::OwnCase) } else { Ok(()) }
}

/// What staff may do for the clinic.
const fn by_office(action: Action) -> Result<(), Deny> {
    match action {
        Action::OpenMember { with_reason: false } => Err(Deny::ReasonMissing),
        action if action.is_staff_work() => Ok(()),
        _ => Err(Deny::NotForStaff),
    }
}

/// What a person may do by a grant, or by being signed in.
fn by_grant<'a>(
    action: Action,
    facts: &Facts<'a>,
    policy: &ClinicPolicy,
    now: Timestamp,
) -> Result<Option<&'a Grant>, Deny> {
    if action.is_about_own_login() {
        return Ok(None);
    }
    let lowers_own = matches!((action, facts.login), (Action::LowerGrant { of }, Some(login)) if of == login.id);
    if action.scope().is_none() && !lowers_own {
        return Err(Deny::StaffOnly);
    }
    let grant = live_grant(facts, policy, now)?;
    match (action.scope(), action) {
        (Some(scope), _) if !grant.allows(scope) => Err(Deny::NoScope),
        (_, Action::FillSlot { capacity, .. }) if !capacity.fits(grant.terms.authority) => Err(Deny::OtherCapacity),
        _ => Ok(Some(grant)),
    }
}

/// The caller's grant for the member, when it counts now.
fn live_grant<'a>(facts: &Facts<'a>, policy: &ClinicPolicy, now: Timestamp) -> Result<&'a Grant, Deny> {
    let (Some(login), Some(member)) = (facts.login, facts.member) else {
        return Err(Deny::UnknownMember);
    };
    let grant =
        facts.grant.filter(|grant| grant.login == login.id && grant.member == member.id).ok_or(Deny::NoGrant)?;
    if grant.state != GrantState::Active {
        Err(Deny::GrantStopped)
    } else if !grant.is_live(now) {
        Err(Deny::OutsideDates)
    } else if grant.terms.authority.rests_on_minority() && policy.is_of_age(member.birth_date, now) {
        Err(Deny::MemberOfAge)
    } else {
        Ok(grant)
    }
}

#[cfg(test)]
mod tests;
