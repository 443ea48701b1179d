//! Adding an address: a code goes there and comes back. Whether somebody else uses the address, or how many do, changes no
//! answer before it was proved.

use hearth::domain::decide::{Action, Permit};
use hearth::domain::event::{EventKind, Subject};
use hearth::domain::id::{LoginId, MailId, ProofId};
use hearth::domain::login::{AddressProof, Login, Mailbox, ProofError};
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::text::EmailAddress;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use hearth::store::{Found, Key, Reading};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::mailbox::{OwnAddress, changed, notice};

/// An address to be proved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAddress {
    /// As the person writes it; it is shown like that.
    email: String,
}

/// The code from the mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressCode {
    /// Eight digits; spaces and dashes do not matter.
    code: String,
}

/// Mails a code to an address: a new one, an own one, or another spelling of an own one. Once a minute, five times an hour.
#[utoipa::path(post, path = "/login/mailboxes", operation_id = "add_address", tag = "login", security(("session" = [])),
    request_body = NewAddress,
    responses((status = 204), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn begin(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let NewAddress { email } = call.json()?;
    let address: EmailAddress = field("email", &email)?;
    let mailbox = context.secrets.mailbox(&address);
    let (proof_key, mailbox_key) = (Key::proof(claims.login), Key::mailbox(&mailbox));
    let reading = gate.read_for(call, &claims).also(proof_key.clone()).also(mailbox_key.clone());
    let mut found = reading.trail(Subject::Login(claims.login)).send().await?;
    let permit = gate.permit(Action::ChangeOwnLogin, &mut found).await?;
    let login = found.login.clone().ok_or(missing("a permit without a login"))?;

    let before: Option<AddressProof> = found.get(&proof_key)?;
    let proof = AddressProof {
        login: login.id,
        id: ProofId::from_random(random::bytes()?),
        session: permit.session(),
        mailbox: mailbox.clone(),
        group: context.secrets.alias_group(&address),
        sent_at: found.now,
        codes_sent: 1,
        counted_from: found.now,
        proved: false,
        spent: false,
        version: 1,
    };
    let proof = proof.after(before.as_ref()).map_err(Problem::from)?;
    let (kind, id) = (MailKind::AddressCode { proof: proof.id }, MailId::from_random(random::bytes()?));
    let mut change = gate
        .change(&permit, &found)
        .mail(&Mail::to_mailbox(&mailbox, login.language, kind, id, found.now))
        .record(found.trail(Subject::Login(login.id))?, event(&permit, EventKind::CodeSent));
    change = match &before {
        Some(before) => change.replace(before, proof),
        None => change.create(&proof),
    };
    // A mailbox that somebody uses is written as it is: what DynamoDB does, and how long it takes, is the same for every address.
    change = match found.get::<Mailbox>(&mailbox_key)? {
        Some(used) => change.replace(&used, used.clone()),
        None => change.create(&Mailbox { id: mailbox, address, logins: Vec::new(), version: 1 }),
    };
    gate.commit(change, &found, Answer::nothing()).await
}

/// Confirms the code: the address is the person's own from then on, and the first one is told. Which mailbox it is stands in the
/// proof only: three calls in series.
#[utoipa::path(post, path = "/login/mailboxes/confirm", operation_id = "confirm_address", tag = "login", security(("session" = [])),
    request_body = AddressCode,
    responses((status = 200, body = OwnAddress), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn confirm(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let AddressCode { code } = call.json()?;
    let reading = gate.read_for(call, &claims).trail(Subject::Login(claims.login));
    let Asked { mut found, permit, login, proof } =
        Asked::read(context, reading, claims.login, Action::ChangeOwnLogin).await?;
    if proof.proved {
        return Err(Problem::from(ProofError::NoCode).into());
    }
    compare(context, call, &proof, &code).await?;

    let key = Key::mailbox(&proof.mailbox);
    let mailbox: Mailbox = gate.store.get(&key).await?.ok_or(missing("a proof without its mailbox"))?;
    let proven = proof.proven();
    let mut change = gate.change(&permit, &found).replace(&proof, proven);
    let with = login.with_mailbox(&mailbox.id).map_err(Problem::from)?;
    let own = OwnAddress::of(context, &with, &mailbox);
    if !login.mailboxes.contains(&mailbox.id) {
        let id = context.secrets.address_id(login.id, &mailbox.id);
        change = change
            .mail(&notice(&login, login.mailboxes.first(), MailKind::AddressesChanged, found.now)?)
            .replace(&mailbox, mailbox.joined(login.id).map_err(Problem::from)?)
            .replace(&login, with)
            .record(found.trail(Subject::Login(login.id))?, changed(&permit, EventKind::AddressAdded, id));
    }
    if let Some(group) = &proof.group {
        change = change.point(Key::alias(group, &mailbox.id));
    }
    gate.commit(change, &found, Answer::ok(&own)?).await
}

/// A permitted request about the address that is being proved.
pub(crate) struct Asked {
    pub(crate) found: Found,
    pub(crate) permit: Permit,
    pub(crate) login: Login,
    pub(crate) proof: AddressProof,
}

impl Asked {
    /// Reads the proof beside the facts. It must be open in the session of the caller.
    pub(crate) async fn read(
        context: &Context,
        reading: Reading<'_>,
        caller: LoginId,
        action: Action,
    ) -> Result<Self, Stop> {
        let key = Key::proof(caller);
        let mut found = reading.also(key.clone()).send().await?;
        let permit = context.gate.permit(action, &mut found).await?;
        let login = found.login.clone().ok_or(missing("a permit without a login"))?;
        let proof: AddressProof = found.get(&key)?.ok_or_else(|| Problem::from(ProofError::NoCode))?;
        proof.open_in(permit.session(), found.now).map_err(Problem::from)?;
        Ok(Self { found, permit, login, proof })
    }
}

/// Compares a code. The guess is counted first, so that five are compared however many come at once.
pub(crate) async fn compare(context: &Context, call: &Call, proof: &AddressProof, code: &str) -> Result<(), Stop> {
    let (key, until) = (Key::guesses(proof.id), proof.sent_at + AddressProof::LIFE);
    let guess = context.gate.store.count_guess(call, &key, AddressProof::MOST_TRIES, until).await?;
    let guess = guess.ok_or_else(|| Problem::from(ProofError::NoCode))?;
    if context.secrets.address_code(proof.id).matches(code, guess) {
        return Ok(());
    }
    Err(Problem::cannot("code", "that code did not match; look at the newest mail and try again").into())
}
