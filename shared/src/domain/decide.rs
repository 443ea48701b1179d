//! The only place that says yes.
//!
//! [`decide`] looks at facts that were read in one strongly consistent call and at nothing else. Absence never grants: a
//! right comes from items that must exist. A [`Permit`] cannot be made anywhere else, and a write needs one. [`judge`] is the
//! same rule for somebody who is not calling: for lists, previews and explanations.

use jiff::Timestamp;

use super::event::Capacity;
use super::grant::{Grant, GrantState, Scope};
use super::login::{Login, Role, Session};
use super::member::Member;
use super::policy::{ClinicPolicy, Reach};
use super::signature::SigningCapacity;

mod action;
mod deny;
mod permit;
mod question;

pub use action::Action;
pub use deny::Deny;
pub use permit::Permit;
pub use question::Question;

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

/// On what a yes rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis<'a> {
    /// On being signed in: it concerns the person's own login.
    OwnLogin,
    /// On a live grant.
    Grant(&'a Grant),
    /// On working for the clinic.
    Office,
}

impl Basis<'_> {
    /// In which capacity somebody acts who may on this basis.
    #[must_use]
    pub const fn capacity(&self) -> Capacity {
        if matches!(self, Self::Office) { Capacity::Staff } else { Capacity::Family }
    }
}

/// Decides whether the caller may do `action` at `now`.
///
/// # Errors
/// The reason for a no.
pub fn decide(action: Action, facts: &Facts<'_>, policy: &ClinicPolicy, now: Timestamp) -> Result<Permit, Deny> {
    let (login, session) = signed_in(facts, now)?;
    let basis = judge(action, (login, facts.grant), facts.member, policy, now)?;
    // Last, so that a wish for a proof tells nothing to somebody who may not anyway.
    if action.wants_fresh_proof() && !session.is_fresh(now) {
        return Err(Deny::ProofTooOld);
    }
    let grant = match basis {
        Basis::Grant(grant) => Some(grant),
        Basis::OwnLogin | Basis::Office => None,
    };
    Ok(Permit::new(login, session, facts.member, grant, basis.capacity()))
}

/// The caller, when the session lives and belongs to the login.
fn signed_in<'a>(facts: &Facts<'a>, now: Timestamp) -> Result<(&'a Login, &'a Session), Deny> {
    match (facts.login, facts.session) {
        (Some(login), Some(session)) if session.login == login.id && session.is_live(now) && !login.is_merged() => {
            Ok((login, session))
        }
        _ => Err(Deny::SessionEnded),
    }
}

/// Judges whether a person with that grant could do `action` at `now`, signed in and with a fresh proof.
///
/// # Errors
/// The reason for a no.
pub fn judge<'a>(
    action: Action,
    (login, grant): (&Login, Option<&'a Grant>),
    member: Option<&Member>,
    policy: &ClinicPolicy,
    now: Timestamp,
) -> Result<Basis<'a>, Deny> {
    if action.concerns_own_login() {
        return Ok(Basis::OwnLogin);
    }
    if let Action::FillSlot { holder, .. } = action
        && holder != login.id
    {
        return Err(Deny::NotOwnSlot);
    }
    if action.needs_member() && member.is_none() {
        return Err(Deny::UnknownMember);
    }
    // Deny wins: over every grant, and over working here.
    if member.is_some_and(|member| member.is_barred(login, now)) {
        return Err(Deny::Blocked);
    }
    // Somebody who works for the clinic and is a parent as well acts as a parent where a grant says so.
    match (by_grant(action, (login, grant), member, policy, now), login.role) {
        (Ok(grant), _) => Ok(Basis::Grant(grant)),
        (Err(_), Role::Staff) => {
            let own = grant.filter(|grant| member.is_some_and(|member| is_own(grant, login, member)));
            by_office(action).and_then(|()| not_own_case(own)).map(|()| Basis::Office)
        }
        (Err(deny), Role::Family) => Err(deny),
    }
}

/// Whether `login` could fill a slot of that capacity now: [`judge`] for somebody who is about to be asked or told.
///
/// # Errors
/// The reason for a no.
pub fn may_sign(
    person: (&Login, Option<&Grant>),
    member: &Member,
    capacity: SigningCapacity,
    policy: &ClinicPolicy,
    now: Timestamp,
) -> Result<(), Deny> {
    judge(Action::FillSlot { holder: person.0.id, capacity }, person, Some(member), policy, now).map(|_| ())
}

/// Whether a grant counts for its holder now, whatever it allows.
///
/// # Errors
/// The reason for a no.
pub fn standing(
    (login, grant): (&Login, &Grant),
    member: &Member,
    policy: &ClinicPolicy,
    now: Timestamp,
) -> Result<(), Deny> {
    if member.is_barred(login, now) { Err(Deny::Blocked) } else { live(login, grant, member, policy, now) }
}

/// What a grant allows its holder now, one scope after the other.
#[must_use]
pub fn scopes((login, grant): (&Login, &Grant), member: &Member, policy: &ClinicPolicy, now: Timestamp) -> Vec<Scope> {
    if standing((login, grant), member, policy, now).is_err() {
        return Vec::new();
    }
    Scope::ALL.into_iter().filter(|&scope| covers(grant, scope, member, policy, now).is_ok()).collect()
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

/// What a person may do by a grant.
fn by_grant<'a>(
    action: Action,
    (login, grant): (&Login, Option<&'a Grant>),
    member: Option<&Member>,
    policy: &ClinicPolicy,
    now: Timestamp,
) -> Result<&'a Grant, Deny> {
    let takes = action.takes(login.id).ok_or(Deny::StaffOnly)?;
    let member = member.ok_or(Deny::UnknownMember)?;
    let grant = grant.ok_or(Deny::NoGrant)?;
    live(login, grant, member, policy, now)?;
    match takes {
        action::Takes::Scope(scope) => covers(grant, scope, member, policy, now)?,
        action::Takes::AnyGrant => {}
        action::Takes::OwnRecord => {
            if grant.terms.authority != super::grant::Authority::Oneself || !policy.is_of_age(member.birth_date, now) {
                return Err(Deny::NotOwnRecord);
            }
        }
    }
    match action {
        Action::FillSlot { capacity, .. } if !capacity.fits(grant.terms.authority) => Err(Deny::OtherCapacity),
        _ => Ok(grant),
    }
}

/// Whether it is the grant of `login` for `member`.
fn is_own(grant: &Grant, login: &Login, member: &Member) -> bool {
    grant.login == login.id && grant.member == member.id
}

/// Whether a grant of `login` for `member` counts now, whatever it allows.
fn live(login: &Login, grant: &Grant, member: &Member, policy: &ClinicPolicy, now: Timestamp) -> Result<(), Deny> {
    if !is_own(grant, login, member) {
        return Err(Deny::NoGrant);
    }
    let authority = grant.terms.authority;
    if grant.state != GrantState::Active {
        return Err(Deny::GrantStopped);
    }
    if !grant.is_live(now) {
        return Err(Deny::OutsideDates);
    }
    if grant.terms.agency.is_some() && grant.terms.agency != login.agency {
        return Err(Deny::OutsideAgency);
    }
    if authority.rests_on_minority() {
        match policy.reach(member.birth_date, now) {
            Reach::Ended => return Err(Deny::MemberOfAge),
            Reach::Closed => return Err(Deny::ClosedByAge),
            Reach::Limited | Reach::Full => {}
        }
    }
    if authority == super::grant::Authority::Oneself && !policy.may_have_own_login(member.birth_date, now) {
        return Err(Deny::TooYoung);
    }
    Ok(())
}

/// Whether a live grant allows `scope` now: given, within the cap of its ground, the age, and the custody calendar.
fn covers(grant: &Grant, scope: Scope, member: &Member, policy: &ClinicPolicy, now: Timestamp) -> Result<(), Deny> {
    let terms = &grant.terms;
    if !terms.scopes.contains(&scope) || !terms.authority.allows(scope) {
        return Err(Deny::NoScope);
    }
    let is_limited = terms.authority.rests_on_minority() && policy.reach(member.birth_date, now) == Reach::Limited;
    if is_limited && !scope.stays_when_limited() {
        return Err(Deny::LimitedByAge);
    }
    if super::grant::custody::counts(&terms.custody, scope, &policy.time_zone, now) {
        Ok(())
    } else {
        Err(Deny::OutsideCustodyTime)
    }
}

#[cfg(test)]
mod tests;
