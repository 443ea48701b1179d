//! Who stands behind an address, and whether somebody may guess at all.
//!
//! Known and unknown addresses make the same calls in the same order: the limits and the mailbox, then the rest of the limits and
//! four persons, of whom those that do not exist are looked up as well.

use futures_util::future::try_join;
use hearth::domain::event::Subject;
use hearth::domain::id::LoginId;
use hearth::domain::limit::Bucket;
use hearth::domain::login::{Device, Login, Mailbox, MailboxId};
use hearth::domain::text::EmailAddress;
use hearth::http::{Call, Problem, Stop};
use hearth::session::cookie;
use hearth::store::{Found, Key, Reading};
use jiff::Timestamp;

use crate::Context;

/// What somebody presents beside an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presented {
    /// A password, which may be guessed: each address has a limit of its own.
    Password,
    /// A recovery code or the desk's, which no guess finds: a limit for each address would only keep its owner out.
    LongCode,
}

/// Persons behind an address, and what was read about them.
pub(crate) struct Behind {
    pub(crate) found: Found,
    pub(crate) persons: Vec<Login>,
}

/// Places of a mailbox that hold nobody are looked up under these names.
const NOBODY: [LoginId; Mailbox::MOST_LOGINS] = [
    LoginId::from_random([0; 16]),
    LoginId::from_random([1; 16]),
    LoginId::from_random([2; 16]),
    LoginId::from_random([3; 16]),
];

/// Finds the persons behind an address, when there is room for one more guess.
///
/// # Errors
/// Too many guesses; unavailable when they cannot be counted.
pub(crate) async fn behind(context: &Context, call: &Call, email: &str, presented: Presented) -> Result<Behind, Stop> {
    let (gate, store) = (&context.gate, &context.gate.store);
    // What is no address at all is an address that nobody has.
    let mailbox = email
        .parse::<EmailAddress>()
        .map_or_else(|_| MailboxId::from_hash([0; 32]), |address| context.secrets.mailbox(&address));
    let device = call.cookie(cookie::DEVICE).map(cookie::read_device);
    let key = Key::mailbox(&mailbox);
    let mut buckets = vec![Bucket::Total, Bucket::Block(context.secrets.block(call.source()))];
    if presented == Presented::Password {
        buckets.push(Bucket::Mailbox(mailbox));
    }
    buckets.extend(device.clone().map(Bucket::Device));

    let (begun, found) =
        try_join(store.begin_to_take(buckets, gate.now()), gate.read(call).also(key.clone()).send()).await?;
    let mailbox: Option<Mailbox> = found.get(&key)?;
    let logins = places(mailbox.as_ref());
    let reading = logins.iter().fold(gate.read(call), |reading, &login| of_person(reading, login, device.as_deref()));
    let (taken, found) = try_join(store.finish_taking(begun), reading.send()).await?;

    let mut persons = Vec::new();
    let mut knows_device = false;
    for &login in &logins {
        persons.extend(found.get::<Login>(&Key::login(login))?);
        knows_device |= knows(&found, login, device.as_deref(), found.now)?;
    }
    let counts = |bucket: &Bucket| matches!(bucket, Bucket::Device(_)) == knows_device;
    match taken.wait(counts) {
        Some(wait) => Err(Problem::too_many(wait).into()),
        None => Ok(Behind { found, persons }),
    }
}

/// As many logins as a mailbox can hold, whoever is missing replaced by nobody.
fn places(mailbox: Option<&Mailbox>) -> Vec<LoginId> {
    let logins = mailbox.map(|mailbox| mailbox.logins.as_slice()).unwrap_or_default();
    logins.iter().copied().chain(NOBODY).take(Mailbox::MOST_LOGINS).collect()
}

fn of_person<'a>(reading: Reading<'a>, login: LoginId, device: Option<&str>) -> Reading<'a> {
    let reading = reading
        .also(Key::login(login))
        .also(Key::code_allowance(login))
        .also(Key::recovery_codes(login))
        .also(Key::desk_recovery(login))
        .trail(Subject::Login(login));
    match device {
        Some(device) => reading.also(Key::device(login, device)),
        None => reading,
    }
}

/// Whether the person confirmed this device before, and not too long ago.
pub(crate) fn knows(found: &Found, login: LoginId, device: Option<&str>, now: Timestamp) -> Result<bool, Stop> {
    let Some(device) = device else { return Ok(false) };
    Ok(found.get::<Device>(&Key::device(login, device))?.is_some_and(|device| now < device.expires_at))
}
