//! One packet: claim it, make the file, keep it, finish.

use std::collections::BTreeSet;

use futures_util::future::try_join3;
use hearth::circle::people;
use hearth::domain::answers::Answers;
use hearth::domain::decide::{Action, judge};
use hearth::domain::document::Sha256Digest;
use hearth::domain::draft::Draft;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject};
use hearth::domain::id::{LoginId, MailId};
use hearth::domain::mail::{Mail, MailKind};
use hearth::domain::member::Member;
use hearth::domain::packet::{Packet, Piece, Seal, SealedFile, Slot};
use hearth::files::FileKey;
use hearth::http::Stop;
use hearth::random;
use hearth::store::{Key, Transaction};
use sha2::{Digest, Sha256};

use crate::record::Place;
use crate::sealer::SealerError;
use crate::{Context, evidence};

/// Runs of the last transaction. Another event on the member's chain or another answer in the packet makes it run again.
const MOST_RUNS: u32 = 5;
/// Files of one packet that one record has sealed: a copy for each slot, the record of them, and as many claims that met a
/// signature that came at the same moment.
const MOST_CLAIMS: usize = 2 * Packet::MOST_SLOTS + 2;

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
    /// The answers on the form are not there, or not those that were signed.
    #[error("the answers that were signed are not in the table; look at who changed them")]
    OtherAnswers,
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

/// Seals whatever waits in the packet: the copies of those who sign separately, and the file with all signatures.
pub(crate) async fn seal(context: &Context, place: Place) -> Result<Outcome, Failure> {
    let key = Key::packet(place.member, place.packet);
    let mut outcome = Outcome::SealedBefore;
    // A signature that comes meanwhile makes a copy ready, so the packet is read again until nothing waits.
    for _ in 0..MOST_CLAIMS {
        let packet: Packet = context.store.get(&key).await?.ok_or(Failure::NotSealable)?;
        let now = context.clock.now();
        let Some(piece) = packet.sealable(now) else { return standing(&packet, outcome) };
        let (claimed, attempt) = packet.claim(piece, now).map_err(|_| Failure::NotSealable)?;
        match context.store.replace(&packet, claimed).await {
            Ok(claimed) => outcome = seal_piece(context, claimed, piece, attempt).await?,
            Err(Stop::Changed) => {}
            Err(stop) => return Err(stop.into()),
        }
    }
    Err(Failure::Claimed)
}

/// Makes and keeps one file that this sealer has claimed.
async fn seal_piece(context: &Context, claimed: Packet, piece: Piece, attempt: u32) -> Result<Outcome, Failure> {
    let bytes = file(context, &claimed, piece).await?;
    let sha256 = Sha256Digest::new(Sha256::digest(&bytes).into());
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let key = FileKey::sealed(claimed.member, claimed.id, piece, attempt);
    let until = context.locked_until(context.clock.now());
    if !context.files.write_locked(&key, bytes, &sha256, until).await? {
        return Err(Failure::NameTaken);
    }

    let mut packet = claimed;
    for _ in 0..MOST_RUNS {
        let sealed = SealedFile { attempt, sha256, bytes: length, sealed_at: context.clock.now() };
        match finish(context, &packet, piece, sealed).await {
            Err(Stop::Changed) => {}
            outcome => return Ok(outcome.map(|()| Outcome::Sealed)?),
        }
        // The chain of events went on, somebody else signed a copy, or another sealer took over because this one was slow.
        packet = context.store.get(&Key::packet(packet.member, packet.id)).await?.ok_or(Failure::NotSealable)?;
        match packet.seal_of(piece) {
            Some(Seal::Sealing { attempt: holder, .. }) if holder == attempt => {}
            Some(Seal::Sealed { .. }) => return Ok(Outcome::SealedBefore),
            Some(_) => return Err(Failure::Claimed),
            None => return Err(Failure::NotSealable),
        }
    }
    Err(Stop::Changed.into())
}

/// What it means that this sealer finds nothing to claim.
fn standing(packet: &Packet, outcome: Outcome) -> Result<Outcome, Failure> {
    if packet.is_unsealed() {
        Err(Failure::Claimed)
    } else if packet.pieces().next().is_some() {
        Ok(outcome)
    } else {
        Err(Failure::NotSealable)
    }
}

/// The canonical file with the signature record behind it, sealed.
async fn file(context: &Context, packet: &Packet, piece: Piece) -> Result<Vec<u8>, Failure> {
    let answers = answers(context, packet, piece).await?;
    let evidence = evidence::of(packet, piece, answers, context.clinic.as_ref(), &context.policy.time_zone)?;
    let key = FileKey::canonical(packet.member, packet.document, &packet.canonical.sha256);
    // No more is read than was inspected: the length is in the packet.
    let canonical = context.files.read(&key, packet.canonical.bytes).await?.ok_or(Failure::NoFile)?;
    Ok(context.sealer.seal(canonical, evidence).await?)
}

/// The answers that belong on a file: those that were signed, and no others.
async fn answers(context: &Context, packet: &Packet, piece: Piece) -> Result<Option<Answers>, Failure> {
    let Some((slot, signed)) = packet.answers_in(piece) else { return Ok(None) };
    let login = slot.login.ok_or(Failure::OtherAnswers)?;
    let draft: Option<Draft> = context.store.get(&Key::draft(login, packet.id, slot.id)).await?;
    match draft {
        Some(draft) if draft.answers.sha256() == signed => Ok(Some(draft.answers)),
        _ => Err(Failure::OtherAnswers),
    }
}

/// The end of one file: the packet, its event and the mails to those who can now download it, in one transaction.
async fn finish(context: &Context, claimed: &Packet, piece: Piece, sealed: SealedFile) -> Result<(), Stop> {
    let (store, now) = (&context.store, sealed.sealed_at);
    let finished = claimed.finish(piece, sealed)?;
    let subject = Subject::Member(claimed.member);
    let readers: BTreeSet<LoginId> =
        finished.slots.iter().filter(|slot| is_for(&finished, piece, slot)).filter_map(|slot| slot.login).collect();
    let member_key = Key::member(claimed.member);
    let (mut trail, member, people) =
        try_join3(store.trail(subject), store.get::<Member>(&member_key), people(store, claimed.member, &readers))
            .await?;

    let kind = match piece {
        Piece::Whole => EventKind::PacketSealed,
        Piece::Copy(_) => EventKind::CopySealed,
    };
    let object = Some(claimed.id.to_string());
    let event = NewEvent { kind, actor: None, capacity: Capacity::System, object, reason: None };
    let mut change = Transaction::unpermitted(now, "seal").replace(claimed, finished).record(&mut trail, event);
    for (login, grant) in &people {
        // Whoever may not open the copy any more hears nothing of it.
        let opens =
            |member| judge(Action::OpenOwnCopy, (login, grant.as_ref()), Some(member), &context.policy, now).is_ok();
        if !member.as_ref().is_some_and(opens) {
            continue;
        }
        let id = MailId::from_random(random::bytes()?);
        if let Some(mail) = Mail::to(login, MailKind::CopyReady, id, now) {
            change = change.mail(&mail);
        }
    }
    change.commit(store).await
}

/// Whether a file is the one that the signer of a slot keeps. The record of copies is the clinic's alone.
fn is_for(packet: &Packet, piece: Piece, slot: &Slot) -> bool {
    packet.file_of(slot.id).is_some_and(|(kept, _)| kept == piece)
}

#[cfg(test)]
mod tests;
