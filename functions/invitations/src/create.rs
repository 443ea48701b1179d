//! Staff invite an address to one or several members.

use std::collections::BTreeSet;

use hearth::domain::decide::{Action, not_own_case};
use hearth::domain::document::Document;
use hearth::domain::event::{EventKind, Subject};
use hearth::domain::grant::Grant;
use hearth::domain::id::{InvitationId, MailId, MemberId};
use hearth::domain::invitation::{Invitation, InvitationState, Offer};
use hearth::domain::login::{Language, Mailbox};
use hearth::domain::mail::{Delivery, Mail, MailKind};
use hearth::domain::member::Member;
use hearth::domain::text::EmailAddress;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use hearth::store::{Found, Key, Reading};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::link::{about, record_on_all};

/// Whom to invite to what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    /// The address; whether somebody behind it has a login already is never told.
    email: String,
    language: Language,
    /// 1 to 15 members, each once.
    offers: Vec<Offer>,
}

/// The invitation on its way.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sent {
    pub(crate) id: InvitationId,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
}

/// Invites a mailbox.
#[utoipa::path(post, path = "/invitations", operation_id = "create_invitation", tag = "invitations", security(("session" = [])),
    request_body = NewInvitation,
    responses((status = 201, body = Sent), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn create(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let NewInvitation { email, language, offers } = call.json()?;
    let address: EmailAddress = field("email", &email)?;
    let mailbox_id = context.secrets.mailbox(&address);
    let mailbox_key = Key::mailbox(&mailbox_id);
    let members: BTreeSet<MemberId> = offers.iter().map(|offer| offer.member).collect();
    if members.len() != offers.len() || !(1..=Invitation::MOST_MEMBERS).contains(&offers.len()) {
        return Err(Problem::cannot("offers", "choose 1 to 15 members, each of them once").into());
    }
    let reading = members.iter().fold(gate.read_for(call, &claims).also(mailbox_key.clone()), |reading, &member| {
        let own = Key::grant(claims.login, member);
        reading.also(Key::member(member)).also(own).trail(Subject::Member(member))
    });
    let papers = offers.iter().filter_map(|offer| offer.terms.evidence.map(|paper| Key::document(offer.member, paper)));
    let mut found = papers.fold(reading, Reading::also).send().await?;
    let permit = gate.permit(Action::Invite, &mut found).await?;

    offers.iter().try_for_each(|offer| check(&found, offer))?;
    let mailbox: Option<Mailbox> = found.get(&mailbox_key)?;
    let invited =
        mailbox.clone().unwrap_or(Mailbox { id: mailbox_id.clone(), address, logins: Vec::new(), version: 1 });
    let id = InvitationId::from_random(random::bytes()?);
    let invitation = Invitation {
        id,
        mailbox: mailbox_id.clone(),
        offers,
        language,
        invited_by: permit.login(),
        generation: 1,
        token_hash: context.secrets.link(id, 1).hash(),
        expires_at: found.now + Invitation::LIFE,
        codes_sent: 0,
        code_sent_at: None,
        tries: 0,
        state: InvitationState::Open,
        version: 1,
    };
    let mut change = gate.change(&permit, &found).create(&invitation).mail(&letter(&invitation, found.now)?);
    for &member in &members {
        let Some(member) = found.get::<Member>(&Key::member(member))? else {
            return Err(Problem::cannot("offers", "choose members of this clinic").into());
        };
        let own: Option<Grant> = found.get(&Key::grant(permit.login(), member.id))?;
        not_own_case(own.as_ref()).map_err(|_| {
            Problem::cannot("offers", "this is the record of your own family; ask a colleague to invite people to it")
        })?;
        if member.bars_mailbox(&invited, found.now) {
            let rule = "somebody who uses this address is kept out of a record in this invitation; look at its blocks";
            return Err(Problem::cannot("offers", rule).into());
        }
        change = change.pin(&member).point(Key::invited(member.id, id));
    }
    if mailbox.is_none() {
        change = change.create(&invited);
    }
    let created = about(event(&permit, EventKind::InvitationCreated), id, EventKind::InvitationCreated);
    let change = record_on_all(change, &mut found, &invitation, &created)?;
    gate.commit(change, &found, Answer::created(&Sent { id, expires_at: invitation.expires_at })?).await
}

/// Checks what staff offer for one member.
fn check(found: &Found, offer: &Offer) -> Result<(), Stop> {
    let paper = offer.terms.evidence.map(|paper| found.get::<Document>(&Key::document(offer.member, paper)));
    let paper = paper.transpose()?.flatten();
    let rule = offer.terms.check().and_then(|()| offer.terms.check_evidence(offer.member, paper.as_ref()));
    rule.map_err(|rule| Problem::in_field("offers", rule).into())
}

/// The mail with the link of the invitation's present sending.
pub(crate) fn letter(invitation: &Invitation, now: Timestamp) -> Result<Mail, Stop> {
    Ok(Mail {
        id: MailId::from_random(random::bytes()?),
        mailbox: invitation.mailbox.clone(),
        language: invitation.language,
        kind: MailKind::Invitation { invitation: invitation.id, generation: invitation.generation },
        created_at: now,
        delivery: Delivery::Pending,
        version: 1,
    })
}
