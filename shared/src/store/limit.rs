//! Limits on guessing, kept as one number for each bucket and changed by conditional writes alone.
//!
//! Two writes say the whole rule of [`Rate`]: the first takes an empty bucket, the second one with room. What a failed write
//! found tells whether the other can succeed. The first is enough for people who come after a pause; the second waits for
//! whatever else the request has to read meanwhile, so limits add no call in series. A write whose answer was lost is sent again
//! and counts twice: never too few.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use futures_util::future::try_join_all;
use jiff::{SignedDuration, Timestamp};

use super::items::Item;
use super::table::key_item;
use super::trouble::trouble;
use super::{Key, Store};
use crate::domain::limit::{Bucket, Millis, Rate, Wait};
use crate::http::Stop;

/// How long an empty bucket is kept. Deleting an empty one changes nothing; the hour covers clocks that differ.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Writes for one bucket, when others change it at the same moment.
const MOST_WRITES: u32 = 8;

/// How a try stands.
#[derive(Debug, Clone, Copy)]
enum Standing {
    Taken,
    Refused(Wait),
    /// The bucket has room; the second write may take it.
    Filled,
    /// The bucket is empty; the first write may take it.
    Empty,
}

/// Tries that were begun.
#[derive(Debug)]
#[must_use = "a try that was begun counts only after it was finished"]
pub struct Begun {
    tries: Vec<(Bucket, Standing)>,
    now: Timestamp,
}

/// How every bucket took the try.
#[derive(Debug)]
#[must_use = "a refusal must be answered"]
pub struct Taken(Vec<(Bucket, Option<Wait>)>);

impl Taken {
    /// How long to wait, by the buckets that count here; none when each of them had room.
    pub fn wait(&self, counts: impl Fn(&Bucket) -> bool) -> Option<Wait> {
        self.0.iter().filter(|(bucket, _)| counts(bucket)).filter_map(|&(_, wait)| wait).max()
    }
}

impl Store {
    /// Begins one try in each bucket: one call for each, all at once.
    ///
    /// # Errors
    /// [`Stop::Unavailable`]: what cannot be counted is not tried.
    pub async fn begin_to_take(&self, buckets: Vec<Bucket>, now: Timestamp) -> Result<Begun, Stop> {
        let tries = try_join_all(buckets.into_iter().map(|bucket| async move {
            let standing = self.write(&bucket, Standing::Empty, now).await?;
            Ok::<_, Stop>((bucket, standing))
        }));
        Ok(Begun { tries: tries.await?, now })
    }

    /// Finishes the tries that one write did not settle.
    ///
    /// # Errors
    /// As [`Store::begin_to_take`].
    pub async fn finish_taking(&self, begun: Begun) -> Result<Taken, Stop> {
        let Begun { tries, now } = begun;
        let settled = tries.into_iter().map(|(bucket, standing)| async move {
            let wait = self.settle(&bucket, standing, now).await?;
            Ok::<_, Stop>((bucket, wait))
        });
        Ok(Taken(try_join_all(settled).await?))
    }

    async fn settle(&self, bucket: &Bucket, mut standing: Standing, now: Timestamp) -> Result<Option<Wait>, Stop> {
        for _ in 0..MOST_WRITES {
            match standing {
                Standing::Taken => return Ok(None),
                Standing::Refused(wait) => return Ok(Some(wait)),
                Standing::Filled | Standing::Empty => standing = self.write(bucket, standing, now).await?,
            }
        }
        // So many at once is what the limit is for.
        Ok(Some(Wait { seconds: 1 }))
    }

    async fn write(&self, bucket: &Bucket, standing: Standing, now: Timestamp) -> Result<Standing, Stop> {
        let rate = bucket.rate();
        let number = |value: i64| AttributeValue::N(value.to_string());
        let write = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(&Key::limit(bucket))))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":expires", number((rate.emptied(now) + KEPT).as_second()));
        let write = if matches!(standing, Standing::Filled) {
            write
                .update_expression("SET filled = filled + :interval, expires = :expires")
                .condition_expression("filled >= :now AND filled <= :latest")
                .expression_attribute_values(":interval", number(rate.interval()))
                .expression_attribute_values(":latest", number(rate.latest(now)))
        } else {
            write
                .update_expression("SET filled = :first, expires = :expires")
                .condition_expression("attribute_not_exists(filled) OR filled < :now")
                .expression_attribute_values(":first", number(rate.first(now)))
        };
        match write.send().await {
            Ok(_) => Ok(Standing::Taken),
            Err(error) => match refused(&error) {
                Some(found) => Ok(standing_of(found, rate, now)),
                None => Err(trouble(&error)),
            },
        }
    }
}

/// What a failed write found, when it failed by its condition.
fn refused<R>(error: &SdkError<UpdateItemError, R>) -> Option<Option<&Item>> {
    match error {
        SdkError::ServiceError(service) => match service.err() {
            UpdateItemError::ConditionalCheckFailedException(failed) => Some(failed.item()),
            _ => None,
        },
        _ => None,
    }
}

fn standing_of(found: Option<&Item>, rate: Rate, now: Timestamp) -> Standing {
    let filled = found.and_then(|item| item.get("filled")?.as_n().ok()?.parse::<Millis>().ok());
    match filled {
        None => Standing::Empty,
        Some(filled) if filled < now.as_millisecond() => Standing::Empty,
        Some(filled) if filled > rate.latest(now) => Standing::Refused(rate.wait(filled, now)),
        Some(_) => Standing::Filled,
    }
}
