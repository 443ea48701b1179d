//! Guesses at a code, counted before they are compared.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;

use super::idempotency::{GuessName, name_of_guess};
use super::items::Item;
use super::table::key_item;
use super::trouble::trouble;
use super::{Found, Key, Store};
use crate::http::{Call, Stop};

/// What stands below [`Key::guesses`]: the names of the requests that guessed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guesses(BTreeSet<Vec<u8>>);

impl Guesses {
    /// What was read at a key.
    #[must_use]
    pub fn found(found: &Found, key: &Key) -> Self {
        Self::of(found.item(key))
    }

    fn of(item: Option<&Item>) -> Self {
        let names = item.and_then(|item| item.get("guesses")?.as_bs().ok());
        Self(names.into_iter().flatten().map(|name| name.as_ref().to_vec()).collect())
    }

    /// Whether a call may still guess: there is room, or it is one that was counted.
    ///
    /// # Errors
    /// Malformed.
    pub fn admit(&self, call: &Call, most: u32) -> Result<bool, Stop> {
        Ok(self.0.len() < usize::try_from(most).unwrap_or(usize::MAX) || self.knows(&name_of_guess(call)?))
    }

    fn knows(&self, guess: &GuessName) -> bool {
        self.0.contains(guess.as_ref())
    }
}

/// A guess that was counted; without one no code is compared.
#[derive(Debug)]
#[must_use = "a guess is counted to be compared"]
pub struct CountedGuess(());

#[cfg(test)]
impl CountedGuess {
    pub(crate) const fn for_tests() -> Self {
        Self(())
    }
}

impl Store {
    /// Counts one more guess, unless `most` were counted: one conditional update, so that however many come at once, none is
    /// lost and none too many is compared. The count may be forgotten from `expires` on, when the code is worth nothing.
    ///
    /// The same request is counted once, however often it comes: sent again by the person whose answer was lost, or by the SDK.
    /// It is compared again then, which tells nobody anything: the request is the same to the byte, the code in it included, and
    /// so is the answer. Another code is another guess, whatever idempotency key it comes with.
    ///
    /// # Errors
    /// [`Stop::Unavailable`] when nobody knows whether it was counted: then nothing is compared.
    pub async fn count_guess(
        &self,
        call: &Call,
        key: &Key,
        most: u32,
        expires: Timestamp,
    ) -> Result<Option<CountedGuess>, Stop> {
        let number = |number: i64| AttributeValue::N(number.to_string());
        let guess = name_of_guess(call)?;
        let name = Blob::new(guess.as_ref());
        let outcome = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(key)))
            .update_expression("SET expires = :expires ADD guesses :these")
            .condition_expression(
                "attribute_not_exists(guesses) OR (size(guesses) < :most AND NOT contains(guesses, :this))",
            )
            .expression_attribute_values(":expires", number(expires.as_second()))
            .expression_attribute_values(":these", AttributeValue::Bs(vec![name.clone()]))
            .expression_attribute_values(":this", AttributeValue::B(name))
            .expression_attribute_values(":most", number(most.into()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let error = match outcome {
            Ok(_) => return Ok(Some(CountedGuess(()))),
            Err(error) => error,
        };
        match &error {
            SdkError::ServiceError(service) => match service.err() {
                UpdateItemError::ConditionalCheckFailedException(failed) => {
                    Ok(Guesses::of(failed.item()).knows(&guess).then_some(CountedGuess(())))
                }
                _ => Err(trouble(&error)),
            },
            _ => Err(trouble(&error)),
        }
    }
}
