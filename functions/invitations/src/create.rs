//! Staff invite an address to one or several members.

use std::collections::BTreeSet;

use hearth::domain::agency::Agency;
use hearth::domain::decide::{Action, Deny, judge};
use hearth::domain::document::Document;
use hearth::domain::event::{EventKind, Subject};
use hearth::domain::grant::{Authority, Grant};
use hearth::domain::id::{AgencyId, InvitationId, MailId, MemberId};
use hearth::domain::invitation::{Handing, Invitation, Offer};
use hearth::domain::login::{Language, Mailbox};
use hearth::domain::mail::{Delivery, Mail, MailKind};
use hearth::domain::member::Member;
use hearth::domain::text::EmailAddress;
use hearth::evidence;
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
    /// How the link is handed over: by mail unless given.
    #[serde(default)]
    handing: Handing,
}

/// The invitation on its way.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sent {
    pub(crate) id: InvitationId,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) expires_at: Timestamp,
    /// For an invitation at the desk: the page to print, path and fragment. It is shown once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
}

/// What staff learn of an invitation that is on its way.
pub(crate) fn sent(context: &Context, invitation: &Invitation) -> Sent {
    let link = || format!("/invitation#{}", context.secrets.link(invitation.id, invitation.generation));
    let link = (invitation.handing == Handing::Desk).then(link);
    Sent { id: invitation.id, expires_at: invitation.expires_at, link }
}

/// Whether a guardian of the member reads the mailbox. Whoever reads it could enrol in the teenager's place.
async fn is_read_by_guardian(context: &Context, mailbox: Option<&Mailbox>, member: MemberId) -> Result<bool, Stop> {
    let readers = mailbox.map(|mailbox| mailbox.logins.as_slice()).unwrap_or_default();
    let grants = readers.iter().map(|&login| Key::grant(login, member)).collect();
    let grants = context.gate.store.values::<Grant>(&grants).await?;
    Ok(grants.iter().any(|grant| grant.terms.authority != Authority::Oneself))
}

/// Invites a mailbox.
#[utoipa::path(post, path = "/invitations", operation_id = "create_invitation", tag = "invitations", security(("session" = [])),
    request_body = NewInvitation,
    responses((status = 201, body = Sent), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn create(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let NewInvitation { email, language, offers, handing } = call.json()?;
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
    let agencies: BTreeSet<AgencyId> = offers.iter().filter_map(|offer| offer.terms.agency).collect();
    let papers = offers.iter().filter_map(|offer| offer.terms.evidence.map(|paper| Key::document(offer.member, paper)));
    let also = agencies.iter().copied().map(Key::agency).chain(papers);
    let mut found = also.fold(reading, Reading::also).send().await?;
    let permit = gate.permit(Action::Invite, &mut found).await?;

    let mailbox: Option<Mailbox> = found.get(&mailbox_key)?;
    let unknown = Mailbox { id: mailbox_id.clone(), address, logins: Vec::new(), version: 1 };
    let invited = mailbox.as_ref().unwrap_or(&unknown);
    let mut papers = Vec::new();
    for offer in &offers {
        let member: Option<Member> = found.get(&Key::member(offer.member))?;
        let member = member.ok_or_else(|| Problem::cannot("offers", "choose members of this clinic"))?;
        offer.terms.check_for(&member, &gate.policy, found.now).map_err(|rule| Problem::in_field("offers", rule))?;
        papers.extend(check_evidence(&found, offer)?);
        if Invitation::needs_desk(offer, &member, &gate.policy, found.now) {
            if handing != Handing::Desk {
                let detail =
                    "a teenager's own login is set up at the desk: choose `desk` and hand over the printed link";
                return Err(Problem::cannot("handing", detail).into());
            }
            if is_read_by_guardian(context, mailbox.as_ref(), offer.member).await? {
                return Err(Problem::cannot("email", "use an address that only the teenager reads").into());
            }
        }
    }
    check_agencies(&agencies, &found)?;
    let id = InvitationId::from_random(random::bytes()?);
    let token = context.secrets.link(id, 1).hash();
    let invitation =
        Invitation::new(id, (mailbox_id.clone(), language, handing), offers, permit.login(), token, found.now);
    let change = gate.change(&permit, &found).create(&invitation);
    let mut change = papers.iter().fold(change, |change, paper| change.keep_as_evidence(Some(paper)));
    if handing == Handing::Mail {
        change = change.mail(&letter(&invitation, found.now)?);
    }
    for &member in &members {
        let Some(member) = found.get::<Member>(&Key::member(member))? else {
            return Err(Problem::cannot("offers", "choose members of this clinic").into());
        };
        let own: Option<Grant> = found.get(&Key::grant(permit.login(), member.id))?;
        may_invite(context, &found, own.as_ref(), &member)?;
        check_block(&member, invited, found.now)?;
        change = change.pin(&member).point(Key::invited(member.id, id));
    }
    if mailbox.is_none() {
        change = change.create(&unknown);
    }
    let created = about(event(&permit, EventKind::InvitationCreated), id, EventKind::InvitationCreated);
    let change = record_on_all(change, &mut found, &invitation, &created)?;
    gate.commit(change, &found, Answer::created(&sent(context, &invitation))?).await
}

/// A person works for one agency, and for one that the clinic knows.
fn check_agencies(agencies: &BTreeSet<AgencyId>, found: &Found) -> Result<(), Stop> {
    if agencies.len() > 1 {
        return Err(Problem::cannot("offers", "name one agency only; a person works for one").into());
    }
    for &agency in agencies {
        if found.get::<Agency>(&Key::agency(agency))?.is_none() {
            return Err(Problem::cannot("offers", "choose an agency that is registered here").into());
        }
    }
    Ok(())
}

/// The paper that staff name, checked to be the member's.
fn check_evidence(found: &Found, offer: &Offer) -> Result<Option<Document>, Stop> {
    let paper = offer.terms.evidence.map(|named| evidence::paper(found, offer.member, named)).transpose()?.flatten();
    let fits = offer.terms.check_evidence(offer.member, paper.as_ref());
    fits.map_err(|rule| Problem::in_field("offers", rule))?;
    Ok(paper)
}

/// The permit was for inviting as such: each record decides for itself. Who is kept out of one hears what everybody hears about
/// a record that does not exist.
pub(crate) fn may_invite(
    context: &Context,
    found: &Found,
    own: Option<&Grant>,
    member: &Member,
) -> Result<(), Problem> {
    let detail = match &found.login {
        Some(login) => match judge(Action::Invite, (login, own), Some(member), &context.gate.policy, found.now) {
            Ok(_) => return Ok(()),
            Err(Deny::OwnCase) => "this is the record of your own family; ask a colleague to invite people to it",
            Err(_) => "choose members of this clinic",
        },
        None => "choose members of this clinic",
    };
    Err(Problem::cannot("offers", detail))
}

/// Staff may know of a block, and so hear why nothing is sent.
pub(crate) fn check_block(member: &Member, mailbox: &Mailbox, now: Timestamp) -> Result<(), Problem> {
    if member.bars_mailbox(mailbox, now) {
        let rule = "somebody who uses this address is kept out of a record in this invitation; look at its blocks";
        return Err(Problem::cannot("offers", rule));
    }
    Ok(())
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
