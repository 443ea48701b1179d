//! Staff keep somebody out of a record, or hold somebody out for a while.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::{try_join, try_join_all};
use hearth::domain::decide::{Action, Permit};
use hearth::domain::event::{EventKind, NewEvent, Subject, Trail};
use hearth::domain::grant::{Authority, Grant, GrantState, Reason};
use hearth::domain::id::{BlockId, DocumentId, LoginId, MemberId};
use hearth::domain::invitation::{Invitation, InvitationState};
use hearth::domain::login::{Login, Mailbox, MailboxId};
use hearth::domain::member::Block;
use hearth::domain::member::block::Barred;
use hearth::domain::text::{EmailAddress, PersonName};
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use hearth::store::{Found, Key, Reading, Transaction};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::blocks::check_paper;

/// Whom to keep out, as well as staff know the person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBlock {
    /// The person, when the person has access.
    login: Option<LoginId>,
    /// An address of the person.
    email: Option<String>,
    /// The name of the person. Beside an address that several people use it says which of them.
    name: Option<String>,
    reason: Reason,
    /// The paper, among the member's documents; an order needs it.
    evidence: Option<DocumentId>,
    /// End of a hold, within 72 hours; a block has none.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// The block that was set.
#[derive(Serialize, ToSchema)]
pub(crate) struct Set {
    id: BlockId,
    /// The login that is kept out, when the person has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<LoginId>,
    /// Open invitations to the person's addresses that were taken back. Who shares the address is invited anew.
    invitations_revoked: usize,
}

/// Keeps somebody out, from the next request on. Three calls in series: who stands behind an address, and what is offered to it, is
/// known from the address and from the pointers only.
#[utoipa::path(post, path = "/members/{member}/blocks", operation_id = "set_block", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path)), request_body = NewBlock,
    responses((status = 201, body = Set), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn set(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let NewBlock { login, email, name, reason, evidence, until } = call.json()?;
    let address: Option<EmailAddress> = email.map(|email| field("email", &email)).transpose()?;
    let name: Option<PersonName> = name.map(|name| field("name", &name)).transpose()?;
    if login.is_some() && (address.is_some() || name.is_some()) {
        return Err(Problem::cannot("login", "name the person by the login, or by address and name, not both").into());
    }
    let mailbox_id = address.map(|address| context.secrets.mailbox(&address));
    let mut reading = gate.read_for(call, &claims).member(member);
    for key in [
        login.map(Key::login),
        mailbox_id.as_ref().map(Key::mailbox),
        evidence.map(|paper| Key::document(member, paper)),
    ] {
        reading = key.into_iter().fold(reading, Reading::also);
    }
    let pointers = Key::member(member);
    let (mut found, invited) = try_join(reading.send(), gate.store.list_names(&pointers, "INVITATION#")).await?;
    let permit = gate.permit(Action::Block, &mut found).await?;
    let paper = check_paper(&found, member, evidence)?;

    let mailbox: Option<Mailbox> = mailbox_id.as_ref().map(|id| found.get(&Key::mailbox(id))).transpose()?.flatten();
    let behind: Vec<LoginId> = mailbox.iter().flat_map(|mailbox| mailbox.logins.iter().copied()).chain(login).collect();
    let mut reading = gate.read(call);
    for &login in &behind {
        reading = reading.also(Key::login(login)).also(Key::grant(login, member));
    }
    let offers: Vec<Key> = invited.iter().filter_map(|id| id.parse().ok()).map(Key::invitation).collect();
    reading = offers.iter().cloned().fold(reading, Reading::also);
    let around = reading.without_kept_answer().send().await?;

    let whom = whom(&around, &behind, (login, mailbox_id, name))?;
    if let Some(login) = whom.login_id() {
        not_the_client(around.get(&Key::grant(login, member))?.as_ref())?;
    }
    let block = Block {
        id: BlockId::from_random(random::bytes()?),
        whom,
        reason,
        evidence,
        set_by: permit.login(),
        set_at: found.now,
        until,
        lifting: None,
    };
    let record = found.member.clone().ok_or(missing("a permit without a member"))?;
    let (id, login) = (block.id, block.whom.login_id());
    let invitations = offers.iter().filter_map(|key| around.get::<Invitation>(key).transpose());
    let mut stopped: Vec<Invitation> = invitations.collect::<Result<_, _>>()?;
    stopped.retain(|invitation| {
        invitation.state == InvitationState::Open && block.whom.mailboxes().contains(&invitation.mailbox)
    });
    let kind = if block.until.is_some() { EventKind::HoldSet } else { EventKind::BlockSet };
    let object = Some(block.id.to_string());
    let event = NewEvent { object, reason: Some(block.reason.to_string()), ..event(&permit, kind) };
    let mut change = gate.change(&permit, &found).keep_as_evidence(paper.as_ref());
    if let Some(login) = login {
        let login: Login = around.get(&Key::login(login))?.ok_or(missing("a block without its login"))?;
        change = change.pin(&login);
    }
    let after = record.with_block(block)?;
    change = change.replace(&record, after);
    let (change, invitations_revoked) = take_back(context, change, stopped, &permit, (member, &mut found)).await?;
    let change = change.record(found.trail(Subject::Member(member))?, event);
    gate.commit(change, &found, Answer::created(&Set { id, login, invitations_revoked })?).await
}

/// Who is meant. An address that several people use names nobody alone.
fn whom(
    around: &Found,
    behind: &[LoginId],
    (login, mailbox, name): (Option<LoginId>, Option<MailboxId>, Option<PersonName>),
) -> Result<Barred, Stop> {
    let people = behind.iter().filter_map(|&id| around.get::<Login>(&Key::login(id)).transpose());
    let people: Vec<Login> = people.collect::<Result<_, _>>()?;
    let meant: Vec<&Login> =
        people.iter().filter(|person| name.as_ref().is_none_or(|name| person.name.is_same_as(name))).collect();
    match (meant.as_slice(), people.is_empty()) {
        ([one], _) => Ok(Barred::login(one)),
        ([], true) if login.is_some() => Err(Problem::cannot("login", "choose a person who has a login").into()),
        ([], true) => Ok(Barred::unknown(mailbox, name)?),
        ([], false) => {
            let rule =
                "people with other names use this address; check the name, or block the name without the address";
            Err(Problem::cannot("name", rule).into())
        }
        _ => Err(Problem::cannot("name", "several people use this address; write the name of the one you mean").into()),
    }
}

/// Nobody takes a client's own record from the client.
fn not_the_client(grant: Option<&Grant>) -> Result<(), Stop> {
    match grant {
        Some(grant) if grant.terms.authority == Authority::Oneself && grant.state == GrantState::Active => {
            Err(Problem::cannot("login", "this is the client's own login; nobody is kept out of the own record").into())
        }
        _ => Ok(()),
    }
}

/// Offers of the taken back invitations that fit into one transaction, three items each. What is beyond stops when it is accepted.
const MOST_OFFERS: usize = 24;

/// Takes open invitations to the person's mailboxes back, so that their links answer like old ones. Somebody who only shares the
/// mailbox is invited anew by staff, who hear how many were taken back.
async fn take_back(
    context: &Context,
    mut change: Transaction,
    stopped: Vec<Invitation>,
    permit: &Permit,
    (member, found): (MemberId, &mut Found),
) -> Result<(Transaction, usize), Stop> {
    let mut offers = 0;
    let stopped = stopped.into_iter().take_while(|invitation| {
        offers += invitation.offers.len();
        offers <= MOST_OFFERS
    });
    let stopped: Vec<Invitation> = stopped.collect();
    let siblings: BTreeSet<MemberId> =
        stopped.iter().flat_map(|invitation| &invitation.offers).map(|offer| offer.member).collect();
    let trail =
        |sibling| async move { Ok::<_, Stop>((sibling, context.gate.store.trail(Subject::Member(sibling)).await?)) };
    let others = siblings.into_iter().filter(|&sibling| sibling != member).map(trail);
    let mut trails: BTreeMap<MemberId, Trail> = try_join_all(others).await?.into_iter().collect();
    for invitation in &stopped {
        let revoked = invitation.closed(InvitationState::Revoked, found.now).map_err(Problem::from)?;
        change = change.replace(invitation, revoked);
        for offer in &invitation.offers {
            let object = Some(invitation.id.to_string());
            let event = NewEvent { object, ..event(permit, EventKind::InvitationRevoked) };
            change = change.clear(Key::invited(offer.member, invitation.id));
            change = match trails.get_mut(&offer.member) {
                Some(trail) => change.record(trail, event),
                None => change.record(found.trail(Subject::Member(offer.member))?, event),
            };
        }
    }
    Ok((change, stopped.len()))
}
