//! One packet: claim it, make the file, keep it, finish.

use std::collections::BTreeSet;

use futures_util::future::try_join;
use hearth::domain::decide::may_sign;
use hearth::domain::document::Sha256Digest;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject};
use hearth::domain::grant::Grant;
use hearth::domain::id::MailId;
use hearth::domain::login::Login;
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::member::Member;
use hearth::domain::packet::{Packet, PacketState, SealedFile};
use hearth::files::FileKey;
use hearth::http::Stop;
use hearth::random;
use hearth::store::{Key, Transaction};
use sha2::{Digest, Sha256};

use crate::record::Place;
use crate::sealer::SealerError;
use crate::{Context, evidence};

/// Runs of the last transaction. Only another event on the member's chain makes it run again.
const MOST_RUNS: u32 = 5;

/// How the work on a record ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// This sealer sealed the packet.
    Sealed,
    /// Nothing was left to do: sealed by another sealer.
    SealedBefore,
}

impl Outcome {
    /// The word for the log.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::SealedBefore => "sealed-before",
        }
    }
}

/// Why the record must come again. Nothing personal is in the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// Another sealer works on the packet, or died with it a moment ago.
    #[error("another sealer has the packet; it comes again")]
    Claimed,
    /// The packet is neither ready nor being sealed nor sealed.
    #[error("the packet of the record is not there to be sealed; look at how it became ready")]
    NotSealable,
    /// The canonical file is not in the bucket, or has grown.
    #[error("the canonical file is missing, or longer than it was; restore it")]
    NoFile,
    /// The name of the sealed file was taken, so what stands there may be something else.
    #[error("a file stands already under the name of this attempt; the next attempt takes another name")]
    NameTaken,
    /// The file could not be sealed.
    #[error(transparent)]
    Sealer(#[from] SealerError),
    /// The packet could not be put into words.
    #[error(transparent)]
    Words(#[from] evidence::WordsError),
    /// A service did not answer, or somebody else was faster.
    #[error("{0}")]
    Service(&'static str),
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Service(match stop {
            Stop::Unavailable(cause) => cause,
            Stop::Internal(internal) => internal.0,
            Stop::Changed => "somebody else was faster; it comes again",
            Stop::Problem(_) | Stop::Replay(_) => "an answer for a client came where there is none",
        })
    }
}

/// Seals the packet, unless it is sealed.
pub(crate) async fn seal(context: &Context, place: Place) -> Result<Outcome, Failure> {
    let key = Key::packet(place.member, place.packet);
    let packet: Packet = context.store.get(&key).await?.ok_or(Failure::NotSealable)?;
    let (claimed, attempt) = match packet.claim(context.clock.now()) {
        Ok(claimed) => claimed,
        Err(_) => return standing(&packet),
    };
    let claimed = context.store.replace(&packet, claimed).await?;

    let bytes = file(context, &claimed).await?;
    let sha256 = Sha256Digest::new(Sha256::digest(&bytes).into());
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if !context.files.write_once(&FileKey::sealed(place.member, place.packet, attempt), bytes, &sha256).await? {
        return Err(Failure::NameTaken);
    }

    for _ in 0..MOST_RUNS {
        let sealed = SealedFile { attempt, sha256, bytes: length, sealed_at: context.clock.now() };
        match finish(context, &claimed, sealed).await {
            Err(Stop::Changed) => {}
            outcome => return Ok(outcome.map(|()| Outcome::Sealed)?),
        }
        // The chain of events went on, or another sealer took over because this one was slow.
        let now: Packet = context.store.get(&key).await?.ok_or(Failure::NotSealable)?;
        if now.version != claimed.version {
            return standing(&now);
        }
    }
    Err(Stop::Changed.into())
}

/// What it means that the packet cannot be sealed by this sealer.
const fn standing(packet: &Packet) -> Result<Outcome, Failure> {
    match packet.state {
        PacketState::Sealed { .. } => Ok(Outcome::SealedBefore),
        PacketState::Sealing { .. } => Err(Failure::Claimed),
        PacketState::Ready | PacketState::Out | PacketState::Declined | PacketState::Voided => {
            Err(Failure::NotSealable)
        }
    }
}

/// The canonical file with the signature record behind it, sealed.
async fn file(context: &Context, packet: &Packet) -> Result<Vec<u8>, Failure> {
    let evidence = evidence::of(packet, context.clinic.as_ref(), &context.policy.time_zone)?;
    let key = FileKey::canonical(packet.member, packet.document, &packet.canonical.sha256);
    // No more is read than was inspected: the length is in the packet.
    let canonical = context.files.read(&key, packet.canonical.bytes).await?.ok_or(Failure::NoFile)?;
    Ok(context.sealer.seal(canonical, evidence).await?)
}

/// The end: the packet, its event and the mails to those who signed, in one transaction.
async fn finish(context: &Context, claimed: &Packet, sealed: SealedFile) -> Result<(), Stop> {
    let (store, now) = (&context.store, sealed.sealed_at);
    let finished = claimed.finish(sealed)?;
    let subject = Subject::Member(claimed.member);
    let keys = |key: &dyn Fn(_) -> Key| claimed.slots.iter().map(|slot| key(slot.login)).collect::<BTreeSet<_>>();
    let (login_keys, grant_keys) = (keys(&Key::login), keys(&|login| Key::grant(login, claimed.member)));
    let member_key = Key::member(claimed.member);
    let ((mut trail, member), (logins, grants)) = try_join(
        try_join(store.trail(subject), store.get::<Member>(&member_key)),
        try_join(store.values::<Login>(&login_keys), store.values::<Grant>(&grant_keys)),
    )
    .await?;

    let event = NewEvent {
        kind: EventKind::PacketSealed,
        actor: None,
        capacity: Capacity::System,
        object: Some(claimed.id.to_string()),
        reason: None,
    };
    let mut change = Transaction::unpermitted(now, "seal").replace(claimed, finished).record(&mut trail, event);
    for slot in &claimed.slots {
        let grant = grants.iter().find(|grant| grant.login == slot.login);
        let (Some(login), Some(member)) = (logins.iter().find(|login| login.id == slot.login), &member) else {
            continue;
        };
        // Whoever may not open the copy any more hears nothing of it.
        if may_sign((login, grant), member, slot.capacity, &context.policy, now).is_err() {
            continue;
        }
        let id = MailId::from_random(random::bytes()?);
        if let Some(mail) = Mail::to(login, MailKind::CopyReady, id, now) {
            change = change.mail(&mail);
        }
    }
    change.commit(store).await
}

#[cfg(test)]
mod tests;
