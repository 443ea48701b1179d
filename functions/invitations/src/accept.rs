//! Accepting: the person on the screen, an existing login or a new one, gets what the invitation offers.
//!
//! Four steps, all or nothing in one transaction: the link is open, the mailbox is proved, a person is there, the grants
//! come into being. What the link touches is known only after it was read: three round trips in series. A guess at the code
//! is counted beside the second.

use hearth::domain::agency::Agency;
use hearth::domain::decide::Action;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject, Trail};
use hearth::domain::grant::{Grant, GrantState};
use hearth::domain::id::{LoginId, MemberId};
use hearth::domain::invitation::{Invitation, InvitationError, InvitationState, Offer};
use hearth::domain::login::{Device, Language, Lineage, Login, Mailbox, Role};
use hearth::domain::member::Member;
use hearth::domain::text::{Password, PersonName};
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::stop::Internal;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use hearth::session::cookie::{self, Secret};
use hearth::session::password;
use hearth::store::{Found, Key, Transaction};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
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

/// A person without a login.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLogin {
    /// The person's own name.
    name: String,
    /// At least 15 characters, and not one that many people have.
    password: String,
    language: Language,
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
    let place = (&mailbox, joins.as_ref());
    let Arrival { person, is_new, mut change, device, mut trail } = match accepter {
        Accepter::Known(login) => join(context, &mut found, place, *login).await?,
        Accepter::New(newcomer) => create_login(context, &found, place, newcomer).await?,
    };

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
    for offer in &invitation.offers {
        change = grant(change, &records, &invitation, offer, &person, &found)?;
    }
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

/// A person without a login, with name and password that fit.
struct Newcomer {
    name: PersonName,
    password: Password,
    language: Language,
}

impl TryFrom<NewLogin> for Newcomer {
    type Error = Stop;

    fn try_from(input: NewLogin) -> Result<Self, Stop> {
        Ok(Self {
            name: field("new_login.name", &input.name)?,
            password: Password::chosen(&input.password)
                .map_err(|rule| Problem::in_field("new_login.password", rule))?,
            language: input.language,
        })
    }
}

/// Who accepts.
enum Accepter {
    /// The login on the screen.
    Known(Box<Login>),
    /// Somebody without a login.
    New(Newcomer),
}

fn who_accepts(found: &Found, invitation: &Invitation, newcomer: Option<Newcomer>) -> Result<Accepter, Stop> {
    match (&found.login, newcomer) {
        // Nobody at the clinic makes herself a parent: a colleague invites her.
        (Some(login), None) if login.id == invitation.invited_by => {
            Err(Problem::cannot("token", "you sent this invitation yourself; ask a colleague to invite you").into())
        }
        (Some(login), None) => Ok(Accepter::Known(Box::new(login.clone()))),
        (None, Some(newcomer)) => Ok(Accepter::New(newcomer)),
        (Some(_), Some(_)) => Err(Problem::cannot("new_login", "you are signed in; accept with your own login").into()),
        (None, None) => Err(Problem::cannot("new_login", "sign in, or write your name and a new password").into()),
    }
}

/// The person who accepts, and the beginning of the change.
struct Arrival {
    person: Login,
    is_new: bool,
    change: Transaction,
    device: Option<Secret>,
    /// The record of a person who is new.
    trail: Option<Trail>,
}

async fn join(
    context: &Context,
    found: &mut Found,
    (mailbox, joins): (&Mailbox, Option<&Agency>),
    login: Login,
) -> Result<Arrival, Stop> {
    let permit = context.gate.permit(Action::UseOwnLogin, found).await?;
    let mut change = context.gate.change(&permit, found);
    let mut proved = login.with_mailbox(&mailbox.id).map_err(Problem::from)?;
    proved.agency = joins.map_or(login.agency, |agency| Some(agency.id));
    if !login.mailboxes.contains(&mailbox.id) {
        change = stand_behind(context, change, mailbox, login.id)?;
    }
    if proved != login {
        change = change.replace(&login, proved);
    }
    Ok(Arrival { person: login, is_new: false, change, device: None, trail: None })
}

async fn create_login(
    context: &Context,
    found: &Found,
    (mailbox, joins): (&Mailbox, Option<&Agency>),
    newcomer: Newcomer,
) -> Result<Arrival, Stop> {
    let id = LoginId::from_random(random::bytes()?);
    let pepper = *context.secrets.pepper();
    let Newcomer { name, password, language } = newcomer;
    password
        .avoids(&[name.as_str(), mailbox.address.as_typed(), context.clinic.as_str()])
        .map_err(|rule| Problem::in_field("new_login.password", rule))?;
    // Hashing takes 20 ms of CPU; other requests of the local stack go on meanwhile.
    let password_hash = tokio::task::spawn_blocking(move || password::hash(&password, &pepper))
        .await
        .map_err(|_| Internal("hashing stopped"))??;
    let mailboxes = vec![mailbox.id.clone()];
    let login = Login {
        id,
        name,
        role: Role::Family,
        language,
        password_hash,
        mailboxes,
        agency: joins.map(|agency| agency.id),
        lineage: Lineage::default(),
        version: 1,
    };
    let secret = Secret::draw()?;
    // The code proved this browser as well: signing in with the new password needs no second code.
    let device =
        Device { login: id, token_hash: secret.hash(), expires_at: found.now + Device::REMEMBERED, version: 1 };
    let mut trail = Trail::after(Subject::Login(id), None);
    let change = Transaction::unpermitted(found.now, &found.request)
        .create(&login)
        .create(&device)
        .record(&mut trail, by(id, EventKind::LoginCreated));
    let change = stand_behind(context, change, mailbox, id)?;
    Ok(Arrival { person: login, is_new: true, change, device: Some(secret), trail: Some(trail) })
}

/// Puts a person behind the mailbox, where twins of its address are looked for as well.
fn stand_behind(
    context: &Context,
    change: Transaction,
    mailbox: &Mailbox,
    login: LoginId,
) -> Result<Transaction, Stop> {
    let change = change.replace(mailbox, mailbox.joined(login).map_err(Problem::from)?);
    Ok(match context.secrets.alias_group(&mailbox.address) {
        Some(group) => change.point(Key::alias(&group, &mailbox.id)),
        None => change,
    })
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

/// Adds one member's grant. Access that counts now, or will, stays as it is: an invitation never changes what staff gave. A
/// link from before somebody's access was lowered brings nothing back.
fn grant(
    change: Transaction,
    records: &Found,
    invitation: &Invitation,
    offer: &Offer,
    person: &Login,
    found: &Found,
) -> Result<Transaction, Stop> {
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
        Some(before) if before.is_ahead(found.now) => change.pin(&before),
        Some(before) => change.replace(&before, grant),
        None => change.create(&grant),
    })
}

fn by(login: LoginId, kind: EventKind) -> NewEvent {
    NewEvent { kind, actor: Some(login), capacity: Capacity::Family, object: None, reason: None }
}
