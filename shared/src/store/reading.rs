//! The facts of a request, in one round trip.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::try_join;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::idempotency::Slot;
use super::items::{Item, from_item};
use super::{Key, Store};
use crate::domain::decide::Facts;
use crate::domain::event::{Event, Subject, Trail};
use crate::domain::grant::Grant;
use crate::domain::id::{LoginId, MemberId, SessionId};
use crate::domain::login::{Login, Session};
use crate::domain::member::Member;
use crate::http::stop::Internal;
use crate::http::{Answer, Call, Problem, Stop};

/// What a request needs to know, before it is read.
#[must_use = "a reading reads nothing before it is sent"]
pub struct Reading<'a> {
    store: &'a Store,
    call: &'a Call,
    now: Timestamp,
    keys: BTreeSet<Key>,
    caller: Option<(LoginId, SessionId)>,
    member: Option<MemberId>,
    trails: Vec<Subject>,
    keeps_answer: bool,
}

impl<'a> Reading<'a> {
    /// Begins a reading for a call.
    pub const fn new(store: &'a Store, call: &'a Call, now: Timestamp) -> Self {
        Self {
            store,
            call,
            now,
            keys: BTreeSet::new(),
            caller: None,
            member: None,
            trails: Vec::new(),
            keeps_answer: true,
        }
    }

    /// Adds the caller's login and session. The reading then fails unless both live.
    pub fn caller(mut self, login: LoginId, session: SessionId) -> Self {
        self.caller = Some((login, session));
        self.also(Key::login(login)).also(Key::session(login, session))
    }

    /// Adds a member, the caller's grant for it, and the end of its chain of events.
    pub fn member(mut self, member: MemberId) -> Self {
        self.member = Some(member);
        if let Some((login, _)) = self.caller {
            self = self.also(Key::grant(login, member));
        }
        self.also(Key::member(member)).trail(Subject::Member(member))
    }

    /// Keeps no answer and gives none: for a request that says who asks by its cookie alone, so that the answer is sealed to
    /// nothing that only the caller has.
    pub const fn without_kept_answer(mut self) -> Self {
        self.keeps_answer = false;
        self
    }

    /// Adds an item.
    pub fn also(mut self, key: Key) -> Self {
        self.keys.insert(key);
        self
    }

    /// Adds the end of a chain of events.
    pub fn trail(mut self, subject: Subject) -> Self {
        if !self.trails.contains(&subject) {
            self.trails.push(subject);
        }
        self
    }

    /// Reads everything at once.
    ///
    /// # Errors
    /// Unavailable; sign in again when the caller's session is over; the kept answer when the request was answered before.
    pub async fn send(mut self) -> Result<Found, Stop> {
        let slot = self.slot()?;
        if let Some(slot) = &slot {
            self.keys.insert(slot.key());
        }
        let last_event = |subject: Subject| async move { Ok::<_, Stop>((subject, self.store.trail(subject).await?)) };
        let (items, trails) =
            try_join(self.store.items(&self.keys), try_join_all(self.trails.iter().copied().map(last_event))).await?;
        let mut found = Found {
            login: self.caller.map(|(login, _)| read(&items, &Key::login(login))).transpose()?.flatten(),
            session: self
                .caller
                .map(|(login, session)| read(&items, &Key::session(login, session)))
                .transpose()?
                .flatten(),
            member: self.member.map(|member| read(&items, &Key::member(member))).transpose()?.flatten(),
            grant: match (self.caller, self.member) {
                (Some((login, _)), Some(member)) => read(&items, &Key::grant(login, member))?,
                _ => None,
            },
            items,
            trails: trails.into_iter().collect(),
            slot,
            kept: None,
            now: self.now,
            request: self.call.request_id().to_owned(),
        };
        if self.caller.is_some() && !found.is_signed_in() {
            return Err(Problem::sign_in_again().into());
        }
        if let Some(slot) = &found.slot
            && let Some(answer) = slot.kept(found.items.get(&slot.key()), self.now)?
        {
            // What an answer says about a member is for those only who may still know it: the gate gives it after its yes.
            if self.member.is_some() && answer.has_body() {
                found.kept = Some(answer);
            } else {
                return Err(Stop::Replay(Box::new(answer)));
            }
        }
        Ok(found)
    }

    fn slot(&self) -> Result<Option<Slot>, Stop> {
        let scope = self.caller.map_or_else(|| "nobody".to_owned(), |(login, _)| login.to_string());
        let key = if self.call.is_post() && self.keeps_answer { self.call.idempotency_key()? } else { None };
        Ok(key.map(|key| Slot::new(&scope, key, &self.call.fingerprint())))
    }
}

impl Store {
    /// The end of a chain of events, strongly consistent: for functions that act without a request of a person.
    ///
    /// # Errors
    /// As [`Store::get`].
    pub async fn trail(&self, subject: Subject) -> Result<Trail, Stop> {
        let last: Vec<Event> = self.newest(&Key::of_subject(subject), "EVENT#", 1).await?;
        Ok(Trail::after(subject, last.first()))
    }
}

fn read<T: DeserializeOwned>(items: &HashMap<Key, Item>, key: &Key) -> Result<Option<T>, Internal> {
    items.get(key).map(from_item).transpose()
}

/// What a request knows.
pub struct Found {
    items: HashMap<Key, Item>,
    trails: HashMap<Subject, Trail>,
    slot: Option<Slot>,
    kept: Option<Answer>,
    /// The caller.
    pub login: Option<Login>,
    /// The caller's session.
    pub session: Option<Session>,
    /// The member concerned.
    pub member: Option<Member>,
    /// The caller's grant for the member.
    pub grant: Option<Grant>,
    /// When it was read.
    pub now: Timestamp,
    /// The request.
    pub request: String,
}

impl Found {
    /// The facts on which a decision rests.
    #[must_use]
    pub const fn facts(&self) -> Facts<'_> {
        Facts {
            login: self.login.as_ref(),
            session: self.session.as_ref(),
            member: self.member.as_ref(),
            grant: self.grant.as_ref(),
        }
    }

    fn is_signed_in(&self) -> bool {
        match (&self.login, &self.session) {
            (Some(login), Some(session)) => {
                session.login == login.id && session.is_live(self.now) && !login.is_merged()
            }
            _ => false,
        }
    }

    /// An item that was asked for, when it exists.
    ///
    /// # Errors
    /// An internal error when it cannot be read.
    pub fn get<T: DeserializeOwned>(&self, key: &Key) -> Result<Option<T>, Stop> {
        Ok(read(&self.items, key)?)
    }

    pub(super) fn item(&self, key: &Key) -> Option<&Item> {
        self.items.get(key)
    }

    /// The end of a chain that was asked for.
    ///
    /// # Errors
    /// An internal error when it was not asked for.
    pub fn trail(&mut self, subject: Subject) -> Result<&mut Trail, Stop> {
        self.trails.get_mut(&subject).ok_or(Stop::Internal(Internal("a chain of events was not read")))
    }

    /// The answer that the same request got before, once.
    pub(crate) const fn take_kept(&mut self) -> Option<Answer> {
        self.kept.take()
    }

    /// The place for the answer, when the client gave a key.
    #[must_use]
    pub const fn slot(&self) -> Option<&Slot> {
        self.slot.as_ref()
    }
}
