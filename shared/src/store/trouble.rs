//! What the errors of DynamoDB mean here.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;

use crate::http::Stop;
use crate::http::stop::Internal;

/// What an error of DynamoDB means here. Its own words stay inside: they can quote items.
pub(super) fn trouble<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Stop {
    match error {
        SdkError::ServiceError(service) => match service.err().code() {
            Some("ConditionalCheckFailedException" | "TransactionConflictException") => Stop::Changed,
            Some("ValidationException") => Stop::Internal(Internal("dynamodb refused a request")),
            Some("AccessDeniedException") => Stop::Internal(Internal("a right is missing in the template")),
            _ => Stop::Unavailable("dynamodb did not do it"),
        },
        _ => Stop::Unavailable("dynamodb did not answer"),
    }
}

/// A cancelled transaction wrote nothing. Which condition failed is found out by reading again, not from the reasons: they
/// can name several, and the newest state decides.
pub(super) fn transaction_trouble<R>(error: &SdkError<TransactWriteItemsError, R>) -> Stop {
    let SdkError::ServiceError(service) = error else { return trouble(error) };
    match service.err() {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            let settled = |code: &str| matches!(code, "None" | "ConditionalCheckFailed" | "TransactionConflict");
            let reasons = cancelled.cancellation_reasons();
            if !reasons.is_empty() && reasons.iter().all(|reason| reason.code().is_none_or(settled)) {
                Stop::Changed
            } else if reasons.iter().any(|reason| reason.code() == Some("ValidationError")) {
                Stop::Internal(Internal("dynamodb refused an item"))
            } else {
                Stop::Unavailable("dynamodb cancelled a transaction")
            }
        }
        TransactWriteItemsError::TransactionInProgressException(_) => Stop::Unavailable("a transaction is in progress"),
        _ => trouble(error),
    }
}
