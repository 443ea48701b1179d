//! Guesses at a code, counted before they are compared.

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::Deserialize;

use super::table::key_item;
use super::trouble::trouble;
use super::{Key, Store};
use crate::http::Stop;

/// What stands below [`Key::guesses`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Guesses {
    /// How many were counted.
    pub guesses: u32,
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
    /// # Errors
    /// [`Stop::Unavailable`] when nobody knows whether it was counted: then nothing is compared.
    pub async fn count_guess(&self, key: &Key, most: u32, expires: Timestamp) -> Result<Option<CountedGuess>, Stop> {
        let number = |number: i64| AttributeValue::N(number.to_string());
        let outcome = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_item(key)))
            .update_expression("SET expires = :expires ADD guesses :one")
            .condition_expression("attribute_not_exists(guesses) OR guesses < :most")
            .expression_attribute_values(":expires", number(expires.as_second()))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(most.into()))
            .send()
            .await;
        match outcome {
            Ok(_) => Ok(Some(CountedGuess(()))),
            Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
            Err(error) => Err(trouble(&error)),
        }
    }
}
