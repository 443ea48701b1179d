//! Accepting: the person on the screen, an existing login or a new one, gets what the invitation offers.
//!
//! Four steps, all or nothing in one transaction: the link is open, the mailbox is proved, a person is there, the grants
//! come into being. What the link touches is known only after it was read: three round trips in series. A guess at the code
//! is counted beside the second.

use hearth::domain::event::{EventKind, Subject};
use hearth::domain::grant::{Grant, GrantState};
use hearth::domain::id::{LoginId, MemberId};
use hearth::domain::invitation::{Invitation, InvitationError, InvitationState, Offer};
use hearth::domain::login::{Device, Login, Mailbox};
use hearth::domain::member::Member;
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::session::cookie;
use hearth::store::{Found, Key, Transaction};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::arrival::{Arrival, NewLogin, Newcomer, by, who_accepts};
use crate::awaited;
use crate::link::{about, clear_pointers, read_members, record_on_all};
use crate::look::find;
use crate::proof::prove_mailbox;
use crate::roster;
use crate::told::{read_circles, read_holders, tell_others};

/// An invitation, accepted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    /// What stands after `#` in the link of the mail.
    token: String,
    /// The code from the invited mailbox; not needed when the login on screen proved that mailbox before.
    code: Option<String>,
    /// The person, when nobody is signed in.
    new_login: Option<NewLogin>,
}

/// What the person has now.
#[derive(Serialize, ToSchema)]
pub(crate) struct Accepted {
    login: LoginId,
    members: Vec<MemberId>,
    /// To be kept: it tells the person apart from others who use the same address, should they have the same password.
    sign_in_name: String,
}

/// Accepts an invitation.
#[utoipa::path(post, path = "/invitations/accept", operation_id = "accept_invitation", tag = "invitations", security((), ("session" = [])),
    request_body = Acceptance,
    responses((status = 200, body = Accepted), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn accept(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Acceptance { token, code, new_login } = call.json()?;
    let new_login = new_login.map(Newcomer::try_from).transpose()?;
    let (mut found, invitation) = find(context, call, &token).await?;
    // Before the code: what somebody can put right costs no guess.
    let accepter = who_accepts(&found, &invitation, new_login)?;

    let mailbox_key = Key::mailbox(&invitation.mailbox);
    let mut reading = read_members(context, call, &invitation).also(mailbox_key.clone());
    reading = roster::read(reading, &invitation, found.login.as_ref());
    if let Some(login) = &found.login {
        for offer in &invitation.offers {
            reading = reading.also(Key::grant(login.id, offer.member));
        }
    }
    reading = awaited::read(reading, &invitation);
    // All run to their end, so that every wrong code costs the same calls.
    let (records, circles, held, proof) = tokio::join!(
        reading.send(),
        read_circles(context, &invitation),
        roster::held(context, &invitation, found.login.as_ref()),
        prove_mailbox(context, call, &found, &invitation, code.as_deref())
    );
    proof?;
    let (mut records, circles) = (records?, read_holders(context, circles?).await?);
    let joins = roster::joined(&records, &invitation, found.login.as_ref(), &held?)?;
    let mailbox: Mailbox = records.get(&mailbox_key)?.ok_or(missing("an invitation without its mailbox"))?;
    let arrival = accepter.arrive(context, &mut found, (&mailbox, joins.as_ref())).await?;
    let Arrival { person, is_new, mut change, device, mut trail } = arrival;

    let login = person.id;
    if let Some(agency) = &joins {
        let trail = match &mut trail {
            Some(trail) => trail,
            None => records.trail(Subject::Login(login))?,
        };
        change = roster::join(change, agency, login, trail);
    }
    keep_out_barred(&records, (&invitation, &mailbox), &person, is_new, found.now)?;
    let accepted = InvitationState::Accepted { by: login, at: found.now };
    let mut change = change.replace(&invitation, invitation.closed(accepted, found.now).map_err(Problem::from)?);
    let mut grants = Vec::new();
    for offer in &invitation.offers {
        let (next, granted) = grant(change, &records, &invitation, offer, &person, &found)?;
        grants.push(granted);
        change = next;
    }
    let change = awaited::bind(context, change, &mut records, &invitation, (&person, &mailbox, &grants))?;
    let change = clear_pointers(change, &invitation);
    let event = about(by(login, EventKind::InvitationAccepted), invitation.id, EventKind::InvitationAccepted);
    let change = record_on_all(change, &mut records, &invitation, &event)?;
    let change = tell_others(context, change, (&records, circles), login)?;
    let members = invitation.offers.iter().map(|offer| offer.member).collect();
    let mut answer =
        Answer::ok(&Accepted { login, members, sign_in_name: context.secrets.sign_in_name(login).for_reading() })?;
    if let Some(secret) = device {
        answer = answer.with_cookie(cookie::set(cookie::DEVICE, &cookie::device_value(&secret), Device::REMEMBERED));
    }
    context.gate.commit(change, &found, answer).await
}

/// Deny wins here as well: a person who is kept out of one of the records hears what everybody hears whose link is too old. A
/// new login is kept out when it could be that person's.
fn keep_out_barred(
    records: &Found,
    (invitation, mailbox): (&Invitation, &Mailbox),
    person: &Login,
    is_new: bool,
    now: Timestamp,
) -> Result<(), Stop> {
    for offer in &invitation.offers {
        let member: Option<Member> = records.get(&Key::member(offer.member))?;
        let is_barred = member.is_some_and(|member| {
            member.is_barred(person, now) || is_new && member.may_be_barred(mailbox, &person.name, now)
        });
        if is_barred {
            return Err(Problem::from(InvitationError::Gone).into());
        }
    }
    Ok(())
}

/// Adds one member's grant, and gives the one that counts. Access that counts now, or will, stays as it is: an invitation never changes what staff gave. A
/// link from before somebody's access was lowered brings nothing back.
fn grant(
    change: Transaction,
    records: &Found,
    invitation: &Invitation,
    offer: &Offer,
    person: &Login,
    found: &Found,
) -> Result<(Transaction, Grant), Stop> {
    let member: Member =
        records.get(&Key::member(offer.member))?.ok_or(missing("an invitation to a member that is gone"))?;
    let login = person.id;
    if member.outlived(invitation, login) {
        return Err(Problem::from(InvitationError::Gone).into());
    }
    let change = change.pin(&member).point(Key::grantee(offer.member, login));
    let grant = Grant {
        login,
        member: offer.member,
        terms: offer.terms.clone(),
        state: GrantState::Active,
        reason: None,
        granted_by: invitation.invited_by,
        granted_at: found.now,
        version: 1,
    };
    Ok(match records.get::<Grant>(&Key::grant(login, offer.member))? {
        Some(before) if before.is_ahead(found.now) => (change.pin(&before), before),
        Some(before) => (change.replace(&before, grant.clone()), grant),
        None => (change.create(&grant), grant),
    })
}
