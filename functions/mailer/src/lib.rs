//! Sends what stands in the outbox (design §9).
//!
//! A mail is a row that was written in the same transaction as what it tells of; the table's stream brings it here. It is
//! sent at least once, and normally once: a row that says "sent" is skipped. Codes and links are computed while the mail is
//! written and go nowhere else, and no log line says to whom or what. SES also tells
//! of mails that came back.

mod came_back;
mod delivery;
mod outbox;
mod post;

use std::time::Instant;

use aws_lambda_events::dynamodb::{Event, EventRecord};
use futures_util::future::join_all;
use hearth::aws::Aws;
use hearth::clock::Clock;
use hearth::config::{ConfigError, Environment};
use hearth::domain::mail::{Delivery, Mail};
use hearth::function::{BatchItemFailure, BatchResponse, Failure};
use hearth::http::meter::Meter;
use hearth::log::Metric;
use hearth::secrets::Secrets;
use hearth::store::Store;
use hearth::store::items::UNSENT;
use jiff::SignedDuration;

pub use crate::came_back::{CameBack, Waking, note_what_came_back};
use crate::outbox::Row;
use crate::post::Post;

/// Mails in flight at once. Each takes at most three calls of five seconds, so a batch of ten ends within the function's 60.
const AT_ONCE: usize = 4;

/// How long a mail is the stream's: as long as Lambda tries a record again (`MaximumRecordAgeInSeconds`), and a little.
const PATIENCE: SignedDuration = SignedDuration::from_mins(65);

/// Mails that one run of the schedule looks at.
const MOST_LEFT: usize = 200;

/// What sending needs, built once.
#[derive(Debug, Clone)]
pub struct Context {
    store: Store,
    secrets: Secrets,
    post: Post,
    base_url: String,
    clock: Clock,
}

impl Context {
    /// Reads `TABLE`, `STACK_SECRET`, `BASE_URL`, `SENDER` and what [`Aws`] needs.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(env: &Environment) -> Result<Self, ConfigError> {
        let aws = Aws::from_environment(env)?;
        Ok(Self {
            store: Store::from_environment(env, &aws)?,
            secrets: Secrets::from_environment(env)?,
            post: Post::from_environment(env, &aws)?,
            // No request tells a mail where the portal is, so it must be said.
            base_url: env.base_url()?.ok_or(ConfigError::Missing("BASE_URL"))?,
            clock: env.clock(),
        })
    }
}

/// Sends the mails that a batch of stream records tells of, and names the records that must come again.
pub async fn handle(context: &Context, event: Event) -> BatchResponse {
    let mut response = BatchResponse::default();
    for records in event.records.chunks(AT_ONCE) {
        let failures = join_all(records.iter().map(|record| send(context, record))).await;
        response.batch_item_failures.extend(failures.into_iter().flatten());
    }
    response
}

/// Handles one record; what it returns must come again.
async fn send(context: &Context, record: &EventRecord) -> Option<BatchItemFailure> {
    let failure = || BatchItemFailure { item_identifier: record.change.sequence_number.clone().unwrap_or_default() };
    let row = match Row::read(record) {
        Ok(Some(row)) => row,
        Ok(None) => return None,
        Err(unreadable) => {
            tracing::error!(outcome = "failed", cause = %unreadable, "mail");
            return Some(failure());
        }
    };
    if run(context, &row).await { None } else { Some(failure()) }
}

/// Sends what the stream has left behind: mails whose records were given up.
///
/// # Errors
/// [`Failure::Event`] when a mail could not be sent now; the schedule comes again.
pub async fn on_schedule(context: &Context) -> Result<(), Failure> {
    let unsent = context.store.whole_directory(UNSENT, MOST_LEFT).await.map_err(|_| Failure::Event)?;
    let mails = context.store.values::<Mail>(&unsent.into_iter().collect()).await.map_err(|_| Failure::Event)?;
    // What is younger is still in the hands of the stream: to send it here as well would send it twice.
    let now = context.clock.now();
    let oldest = mails.iter().filter(|mail| mail.delivery == Delivery::Pending).map(|mail| mail.created_at).min();
    Metric::OldestUnsentMail.age(oldest.map_or(SignedDuration::ZERO, |oldest| now.duration_since(oldest)));
    let left = mails.into_iter().filter(|mail| mail.delivery == Delivery::Pending && mail.created_at + PATIENCE < now);
    let left: Vec<Row> = left.map(|mail| Row { mail: mail.id, mailbox: mail.mailbox }).collect();
    let mut result = Ok(());
    for rows in left.chunks(AT_ONCE) {
        if join_all(rows.iter().map(|row| run(context, row))).await.contains(&false) {
            result = Err(Failure::Event);
        }
    }
    result
}

/// Sends one mail and writes one line about it; whether it is settled.
async fn run(context: &Context, row: &Row) -> bool {
    let started = Instant::now();
    let meter = Meter::default();
    let outcome = meter.measure(delivery::run(context, row)).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (aws_calls, dynamodb_calls) = (meter.calls(), meter.dynamodb_calls());
    let mail = row.mail.to_string();
    match outcome {
        Ok(outcome) if outcome.is_loss() => {
            tracing::error!(mail, outcome = outcome.word(), duration_ms, aws_calls, dynamodb_calls, "mail");
            true
        }
        Ok(outcome) => {
            tracing::info!(mail, outcome = outcome.word(), duration_ms, aws_calls, dynamodb_calls, "mail");
            true
        }
        Err(stop) => {
            tracing::error!(
                mail,
                outcome = "failed",
                cause = stop.cause(),
                duration_ms,
                aws_calls,
                dynamodb_calls,
                "mail"
            );
            false
        }
    }
}
