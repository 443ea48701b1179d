//! The gate that every signed-in request passes: token, facts, decision, and the record of a no.

use jiff::Timestamp;

use crate::aws::Aws;
use crate::clock::Clock;
use crate::config::{ConfigError, Environment};
use crate::domain::decide::{Action, Deny, Permit, decide};
use crate::domain::event::EventKind;
use crate::domain::event::{Capacity, NewEvent, Subject};
use crate::domain::id::MemberId;
use crate::domain::policy::ClinicPolicy;
use crate::http::stop::Internal;
use crate::http::{Answer, Call, Problem, Stop};
use crate::session::token::{Claims, Verifier};
use crate::store::items::Denial;
use crate::store::{Found, Key, Reading, Store, Transaction};

/// What every function that answers signed-in people needs.
#[derive(Debug, Clone)]
pub struct Gate {
    /// The table.
    pub store: Store,
    /// The clinic's rules.
    pub policy: ClinicPolicy,
    /// Where people reach the portal, when the clinic set it.
    pub base_url: Option<String>,
    verifier: Verifier,
    clock: Clock,
}

impl Gate {
    /// Reads `TABLE`, `BASE_URL`, `CLINIC_TIME_ZONE`, `STACK_ID` and `TOKEN_PUBLIC_KEYS`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn from_environment(env: &Environment, aws: &Aws) -> Result<Self, ConfigError> {
        Ok(Self {
            store: Store::from_environment(env, aws)?,
            policy: env.clinic_policy()?,
            base_url: env.base_url()?,
            verifier: Verifier::from_environment(env)?,
            clock: env.clock(),
        })
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Who calls, by a session token.
    ///
    /// # Errors
    /// Sign in again.
    pub fn session(&self, call: &Call) -> Result<Claims, Stop> {
        let token = call.bearer().ok_or_else(Problem::sign_in_again)?;
        self.verifier.session(token, self.now()).ok_or_else(|| Problem::sign_in_again().into())
    }

    /// Who calls, when a session token was sent at all.
    ///
    /// # Errors
    /// Sign in again, when a token was sent that does not count.
    pub fn session_if_any(&self, call: &Call) -> Result<Option<Claims>, Stop> {
        call.bearer().map(|_| self.session(call)).transpose()
    }

    /// Who calls for which member, by a member token that names the member of the path.
    ///
    /// # Errors
    /// Sign in again; not found when the token is for another member.
    pub fn member(&self, call: &Call) -> Result<(Claims, MemberId), Stop> {
        let token = call.bearer().ok_or_else(Problem::sign_in_again)?;
        let (claims, member) = self.verifier.member(token, self.now()).ok_or_else(Problem::sign_in_again)?;
        if call.parameter::<MemberId>("member")? == member {
            Ok((claims, member))
        } else {
            Err(Problem::not_found().into())
        }
    }

    /// Begins a reading of facts about nobody in particular.
    pub fn read<'a>(&'a self, call: &'a Call) -> Reading<'a> {
        Reading::new(&self.store, call, self.now())
    }

    /// Begins a reading of facts about the caller.
    pub fn read_for<'a>(&'a self, call: &'a Call, claims: &Claims) -> Reading<'a> {
        self.read(call).caller(claims.login, claims.session)
    }

    /// Decides, and records a no on the member's chain.
    ///
    /// # Errors
    /// The answer that the same request got before; sign in or prove again, a missing reason, or not found for every other no.
    pub async fn permit(&self, action: Action, found: &mut Found) -> Result<Permit, Stop> {
        let deny = match decide(action, &found.facts(), &self.policy, found.now) {
            Ok(permit) => {
                return match found.take_kept() {
                    Some(answer) => Err(Stop::Replay(Box::new(answer))),
                    None => Ok(permit),
                };
            }
            Err(deny) => deny,
        };
        match deny {
            Deny::SessionEnded => return Err(Problem::sign_in_again().into()),
            Deny::ProofTooOld => return Err(Problem::prove_again().into()),
            Deny::ReasonMissing => {
                return Err(Problem::cannot("reason", "write why you open this record").into());
            }
            _ => {}
        }
        self.record_denial(deny, found).await?;
        Err(Problem::not_found().into())
    }

    /// Puts a no on the record of the member concerned, once an hour for each person. A no that concerns no existing member has
    /// no record to stand on.
    async fn record_denial(&self, deny: Deny, found: &mut Found) -> Result<(), Stop> {
        let (Some(login), Some(member)) = (&found.login, &found.member) else { return Ok(()) };
        let (login, member, now, request) = (login.id, member.id, found.now, found.request.clone());
        let before: Option<Denial> = self.store.get(&Key::denied(member, login)).await?;
        if before.as_ref().is_some_and(|before| now < before.until) {
            return Ok(());
        }
        let denial = Denial { member, login, until: now + Denial::SPAN, version: 1 };
        let event = NewEvent {
            kind: EventKind::AccessDenied,
            actor: Some(login),
            capacity: Capacity::Nobody,
            object: None,
            reason: Some(deny.to_string()),
        };
        let change = Transaction::unpermitted(now, &request).record(found.trail(Subject::Member(member))?, event);
        let change = match &before {
            Some(before) => change.replace(before, denial),
            None => change.create(&denial),
        };
        change.commit(&self.store).await
    }

    /// A change under a permit.
    pub fn change(&self, permit: &Permit, found: &Found) -> Transaction {
        Transaction::under(permit, found.now, &found.request)
    }

    /// Commits a change together with its answer, which is kept for the client's idempotency key.
    ///
    /// # Errors
    /// As [`Transaction::commit`].
    pub async fn commit(&self, change: Transaction, found: &Found, answer: Answer) -> Result<Answer, Stop> {
        commit(&self.store, change, found, answer).await
    }
}

/// Commits a change together with its answer, which is kept for the client's idempotency key.
///
/// # Errors
/// As [`Transaction::commit`].
pub async fn commit(store: &Store, change: Transaction, found: &Found, answer: Answer) -> Result<Answer, Stop> {
    let change = match found.slot() {
        Some(slot) => slot.keep(change, &answer, found.now)?,
        None => change,
    };
    change.commit(store).await?;
    Ok(answer)
}

/// The event of something a permit allowed.
#[must_use]
pub fn event(permit: &Permit, kind: EventKind) -> NewEvent {
    NewEvent { kind, actor: Some(permit.login()), capacity: permit.capacity(), object: None, reason: None }
}

/// An internal error for an item that must exist beside the ones that were read.
#[must_use]
pub const fn missing(what: &'static str) -> Stop {
    Stop::Internal(Internal(what))
}
