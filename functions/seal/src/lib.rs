//! Seals what people signed: the canonical file with the signature record behind it, kept once (design §8). Who signs an own copy
//! has it as soon as it is signed; when all copies are there, a record of them follows for the clinic.
//!
//! A sealer claims one file of a packet for 90 seconds, writes it under a name of its own, and finishes it in one transaction.
//! Whatever stops it in between, the stream brings the record again, and the next sealer takes over when the claim has ended: a
//! crash leaves at most a file that nobody points to.
//!
//! Calls in series, when nothing goes wrong: packet, claim, the answers where there is a form, canonical file, the key's signature, the time stamp when there is an
//! authority, sealed file, the facts of the end, the end.

mod evidence;
pub mod pdf;
mod record;
mod sealer;
mod sealing;

use std::time::Instant;

use aws_lambda_events::dynamodb::{Event, EventRecord};
use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::{ConfigError, Environment};
use hearth::domain::packet::Packet;
use hearth::domain::policy::ClinicPolicy;
use hearth::domain::text::Title;
use hearth::files::Files;
use hearth::function::{BatchItemFailure, BatchResponse, Failure};
use hearth::http::meter::Meter;
use hearth::log::Metric;
use hearth::store::items::UNSEALED;
use hearth::store::{Key, Store};
use jiff::{SignedDuration, Timestamp};

use crate::record::Place;
use crate::sealer::Sealer;

/// Packets that one run of the schedule takes on.
const MOST_AT_ONCE: usize = 20;

/// What sealing needs, built once.
#[derive(Debug, Clone)]
pub struct Context {
    store: Store,
    files: Files,
    policy: ClinicPolicy,
    /// The clinic's name, for the record.
    clinic: Option<Title>,
    sealer: Sealer,
    /// How long a sealed file is locked; not at all when it is 0.
    locked_for: SignedDuration,
    clock: Clock,
}

impl Context {
    /// Reads `TABLE`, `BUCKET`, `SEAL_KEY_ID`, `SEAL_CERTIFICATE`, `CLINIC_TIME_ZONE`, `TIMESTAMP_URL`, `CLINIC_NAME` and
    /// `AGE_OF_MAJORITY`, `SEALED_RETENTION_YEARS` (these four optional) and what [`Aws`] needs.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(env: &Environment) -> Result<Self, ConfigError> {
        let aws = Aws::from_environment(env)?;
        Ok(Self {
            store: Store::from_environment(env, &aws)?,
            files: Files::from_environment(env, &aws)?,
            policy: env.clinic_policy()?,
            clinic: env.optional("CLINIC_NAME").map(|_| env.parsed("CLINIC_NAME")).transpose()?,
            sealer: Sealer::from_environment(env, &aws)?,
            locked_for: locked_for(env)?,
            clock: env.clock(),
        })
    }

    /// Until when a file that is sealed now is locked.
    pub(crate) fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        now.checked_add(self.locked_for).ok().filter(|until| *until > now)
    }
}

/// `SEALED_RETENTION_YEARS`, each with its leap day, so that no file is free a day too early.
fn locked_for(env: &Environment) -> Result<SignedDuration, ConfigError> {
    let years =
        env.optional("SEALED_RETENTION_YEARS").map(|_| env.parsed::<u16>("SEALED_RETENTION_YEARS")).transpose()?;
    Ok(SignedDuration::from_hours(24 * 366).saturating_mul(i32::from(years.unwrap_or_default())))
}

/// Seals the packets that a batch of stream records tells of, one after the other, and names the records that must come again.
/// A packet that fails does not hold up the others of its batch.
pub async fn handle(context: &Context, event: Event) -> BatchResponse {
    let mut response = BatchResponse::default();
    for record in &event.records {
        if !is_done(context, record).await {
            let item_identifier = record.change.sequence_number.clone().unwrap_or_default();
            response.batch_item_failures.push(BatchItemFailure { item_identifier });
        }
    }
    response
}

/// Handles one record and writes one line about it; identifiers of packets are random and name nobody.
async fn is_done(context: &Context, record: &EventRecord) -> bool {
    let place = match Place::read(record) {
        Ok(Some(place)) => place,
        Ok(None) => return true,
        Err(unreadable) => {
            tracing::error!(outcome = "failed", cause = %unreadable, "seal");
            return false;
        }
    };
    run(context, place).await
}

/// Seals what the stream has left undone: a record that was given up, or a sealer that died with the packet claimed.
///
/// # Errors
/// [`hearth::function::Failure::Event`] when a packet could not be sealed now; the schedule comes again.
pub async fn on_schedule(context: &Context) -> Result<(), Failure> {
    let keys = context.store.whole_directory(UNSEALED, MOST_AT_ONCE).await.map_err(|_| Failure::Event)?;
    measure(context, &keys).await;
    let mut result = Ok(());
    for place in keys.iter().filter_map(|key| Place::of(&key.pk, &key.sk)) {
        if !run(context, place).await {
            result = Err(Failure::Event);
        }
    }
    result
}

/// Says how long the oldest packet has waited. That this fails is no reason not to seal.
async fn measure(context: &Context, keys: &[Key]) {
    let Ok(packets) = context.store.values::<Packet>(&keys.iter().cloned().collect()).await else { return };
    let since = packets.iter().map(Packet::waits_since).min();
    let now = context.clock.now();
    Metric::OldestUnsealedPacket.age(since.map_or(SignedDuration::ZERO, |since| now.duration_since(since)));
}

/// Seals one packet and writes one line about it.
async fn run(context: &Context, place: Place) -> bool {
    let started = Instant::now();
    let meter = Meter::default();
    let outcome = meter.measure(sealing::seal(context, place)).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (aws_calls, dynamodb_calls) = (meter.calls(), meter.dynamodb_calls());
    let packet = place.packet.to_string();
    match &outcome {
        Ok(outcome) => tracing::info!(packet, outcome = outcome.word(), duration_ms, aws_calls, dynamodb_calls, "seal"),
        Err(failure) => {
            tracing::error!(packet, outcome = "failed", cause = %failure, duration_ms, aws_calls, dynamodb_calls, "seal")
        }
    }
    outcome.is_ok()
}
