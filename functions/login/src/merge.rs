//! Putting two logins of one person together: the one on screen stays, the other one is no more.
//!
//! What it takes: a fresh session of the login that stays, a code from a mailbox of the other one, the other one's password, and
//! a provider by whose rule that mailbox is one that the person on screen proved as well. Five calls in series, each needs the
//! one before: the proof and the own grants, the mailboxes, the persons behind and what they have, the records, the change.

use std::collections::BTreeSet;

use futures_util::future::{try_join, try_join_all, try_join3};
use hearth::domain::decide::Action;
use hearth::domain::event::Subject;
use hearth::domain::grant::Grant;
use hearth::domain::id::LoginId;
use hearth::domain::login::alias::are_twins;
use hearth::domain::login::{Login, Mailbox, Role};
use hearth::domain::packet::Packet;
use hearth::domain::text::Password;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::items::Todo;
use hearth::store::{Found, Key, Reading};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::mailbox::own_mailboxes;
use crate::mailbox_proof::{Asked, compare};
use crate::merge_change::Merging;
use crate::password::recognise;

/// Proof that the other login is one's own as well.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherLogin {
    /// The code that `POST /login/mailboxes` mailed to an address of the other login.
    code: String,
    /// The other login's password.
    password: String,
}

/// What a login has.
pub(crate) struct Belongings {
    pub(crate) login: Login,
    pub(crate) grants: Vec<Grant>,
    pub(crate) todos: Vec<Todo>,
}

/// Puts another login of the same person together with the one on screen.
#[utoipa::path(post, path = "/login/merge", operation_id = "merge_logins", tag = "login", security(("session" = [])),
    request_body = OtherLogin,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn merge(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let OtherLogin { code, password } = call.json()?;
    let password = Password::presented(&password).map_err(|rule| Problem::in_field("password", rule))?;
    let reading = gate.read_for(call, &claims).trail(Subject::Login(claims.login));
    let (asked, own_grants) = try_join(
        Asked::read(context, reading, claims.login, Action::ChangeOwnLogin),
        gate.store.list::<Grant>(&Key::login(claims.login), "GRANT#"),
    )
    .await?;
    let Asked { found, permit, login, proof } = asked;
    mergeable(&login)?;
    compare(context, call, &proof, &code).await?;

    let (own, proved) =
        try_join(own_mailboxes(context, &login), gate.store.get::<Mailbox>(&Key::mailbox(&proof.mailbox))).await?;
    let is_twin = |proved: &&Mailbox| own.iter().any(|own| are_twins(&own.address, &proved.address));
    let proved = proved.as_ref().filter(is_twin).ok_or_else(|| {
        Problem::cannot(
            "code",
            "this address is no other spelling of one of yours; ask the clinic to help you with two sign-ins",
        )
    })?;
    let other = find_other(context, proved, login.id, password).await?;
    mergeable(&other.login)?;

    // What waits for a later group stands on no list; the packets themselves say it.
    let members = other.grants.iter().map(|grant| Key::member(grant.member));
    let packets =
        try_join_all(members.map(|member| async move { gate.store.list::<Packet>(&member, "PACKET#").await }));
    let (records, packets) = try_join(read_records(gate.read(call), &login, &other).send(), packets).await?;
    let packets = packets.into_iter().flatten().filter(|packet| packet.unanswered_of(other.login.id).next().is_some());
    let packets = packets.collect();
    let change = gate.change(&permit, &found);
    let merging = Merging { permit, login, own_grants, other, packets, proof, found, records };
    let (change, found) = merging.into_change(change)?;
    gate.commit(change, &found, Answer::nothing()).await
}

/// Logins of staff, and of an agency's workers, are the employer's and not one person's to put together.
fn mergeable(login: &Login) -> Result<(), Stop> {
    if login.role == Role::Family && login.agency.is_none() {
        Ok(())
    } else {
        Err(Problem::conflict("sign-ins for work stay apart; ask the clinic to help you with two sign-ins").into())
    }
}

/// The one other person behind the proved mailbox whose password it is. The work is the same whoever stands there, and a wrong
/// guess counts as one at the code does.
async fn find_other(context: &Context, proved: &Mailbox, own: LoginId, password: Password) -> Result<Belongings, Stop> {
    let others = proved.logins.iter().copied().filter(|&other| other != own);
    let read = |other: LoginId| async move {
        let (store, key) = (&context.gate.store, Key::login(other));
        try_join3(store.get::<Login>(&key), store.list::<Grant>(&key, "GRANT#"), store.list::<Todo>(&key, "TODO#"))
            .await
    };
    let mut all: Vec<Belongings> = try_join_all(others.map(read))
        .await?
        .into_iter()
        .filter_map(|(login, grants, todos)| Some(Belongings { login: login?, grants, todos }))
        .filter(|other| !other.login.is_merged())
        .collect();
    let persons = all.iter().map(|other| other.login.clone()).collect();
    match recognise(context, persons, None, password).await? {
        Some(person) => all.retain(|other| other.login.id == person.id),
        None => all.clear(),
    }
    match all.pop() {
        Some(other) => Ok(other),
        // The code that came with it was counted, so that this guess was as well.
        None => {
            let words = "that did not match; type the password of your other sign-in";
            Err(Problem::cannot("password", words).into())
        }
    }
}

/// Everything that is about to change beside the two logins.
fn read_records<'a>(reading: Reading<'a>, login: &Login, other: &Belongings) -> Reading<'a> {
    let reading = reading.without_kept_answer().trail(Subject::Login(other.login.id)).also(Key::merge(other.login.id));
    let reading = other.login.mailboxes.iter().fold(reading, |reading, mailbox| reading.also(Key::mailbox(mailbox)));
    let reading =
        other.todos.iter().fold(reading, |reading, todo| reading.also(Key::todo(login.id, todo.member, todo.packet)));
    let members: BTreeSet<_> = other.grants.iter().map(|grant| grant.member).collect();
    members
        .into_iter()
        .fold(reading, |reading, member| reading.also(Key::member(member)).trail(Subject::Member(member)))
}

/// An item that must be there.
pub(crate) fn there<T: serde::de::DeserializeOwned>(found: &Found, key: &Key) -> Result<T, Stop> {
    found.get(key)?.ok_or(hearth::gate::missing("an item named by another one is gone"))
}
