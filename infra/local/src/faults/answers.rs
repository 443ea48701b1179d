//! What the services answer when they do not do what was asked, in their own words.

use super::call::{Call, Service, body};
use super::rules::Fault;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use axum::http::StatusCode;
use serde_json::{Value as Json, json};

const JSON: &str = "application/x-amz-json-1.0";
const REFUSED: StatusCode = StatusCode::BAD_REQUEST;
const FAILED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;
const WORDS: &str = "A fault was asked for";

/// The answer that stands for a fault, when the fault is an answer.
pub(super) fn refusal(call: &Call, fault: Fault, request: &HttpRequest) -> Option<HttpResponse> {
    let (status, name) = match (fault, call.service) {
        (Fault::Cancelled(reason), _) if call.operation == "TransactWriteItems" => {
            return Some(cancelled(reason, &body(request)));
        }
        (Fault::Cancelled("TransactionConflict"), _) => (REFUSED, "TransactionConflictException"),
        (Fault::Cancelled(_), _) => (REFUSED, "ConditionalCheckFailedException"),
        (Fault::AllUnprocessed, _) => {
            let left = body(request).get("RequestItems").cloned();
            let document = json!({"Responses": {}, "UnprocessedKeys": left});
            return Some(answer(StatusCode::OK, JSON, document.to_string()));
        }
        (Fault::Throttled, Service::DynamoDb) => (REFUSED, "ProvisionedThroughputExceededException"),
        (Fault::Throttled, Service::Kms) => (REFUSED, "ThrottlingException"),
        (Fault::Throttled, Service::Ses) => (REFUSED, "Throttling"),
        (Fault::Throttled, Service::S3) => (StatusCode::SERVICE_UNAVAILABLE, "SlowDown"),
        (Fault::ServerError, Service::DynamoDb) => (FAILED, "InternalServerError"),
        (Fault::ServerError, Service::Kms) => (FAILED, "KMSInternalException"),
        (Fault::ServerError, Service::Ses) => (FAILED, "InternalFailure"),
        (Fault::ServerError, Service::S3) => (FAILED, "InternalError"),
        _ => return None,
    };
    Some(match call.service {
        Service::DynamoDb => {
            let kind = format!("com.amazonaws.dynamodb.v20120810#{name}");
            answer(status, JSON, json!({"__type": kind, "message": WORDS}).to_string())
        }
        Service::Kms => {
            answer(status, "application/x-amz-json-1.1", json!({"__type": name, "message": WORDS}).to_string())
        }
        Service::Ses => {
            let document = format!(
                "<ErrorResponse xmlns=\"http://ses.amazonaws.com/doc/2010-12-01/\"><Error><Type>Receiver</Type><Code>{name}</Code><Message>{WORDS}</Message></Error><RequestId>fault</RequestId></ErrorResponse>"
            );
            answer(status, "text/xml", document)
        }
        Service::S3 => {
            let document = format!("<Error><Code>{name}</Code><Message>{WORDS}</Message></Error>");
            answer(status, "application/xml", document)
        }
    })
}

/// A transaction that was cancelled because of its first item.
fn cancelled(reason: &str, request: &Json) -> HttpResponse {
    let count = request.get("TransactItems").and_then(Json::as_array).map_or(1, Vec::len);
    let reasons: Vec<Json> = (0..count)
        .map(|place| if place == 0 { json!({"Code": reason, "Message": "asked for"}) } else { json!({"Code": "None"}) })
        .collect();
    let document = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{reason}]"),
        "CancellationReasons": reasons,
    });
    answer(REFUSED, JSON, document.to_string())
}

/// A request for the first half of a batch, and what is left over; nothing when a half would be nothing.
pub(super) fn halved(request: &HttpRequest) -> Option<(Json, Json)> {
    let mut whole = body(request);
    let mut rest = json!({});
    for (table, part) in whole.get_mut("RequestItems")?.as_object_mut()? {
        let keys = part.get_mut("Keys")?.as_array_mut()?;
        let left = keys.split_off(keys.len() / 2);
        if keys.is_empty() {
            return None;
        }
        let mut left_part = part.clone();
        left_part.as_object_mut()?.insert("Keys".to_owned(), Json::Array(left));
        rest.as_object_mut()?.insert(table.clone(), left_part);
    }
    Some((whole, rest))
}

/// An answer of a service.
pub(super) fn answer(status: StatusCode, kind: &'static str, document: String) -> HttpResponse {
    let mut response = HttpResponse::new(status.into(), SdkBody::from(document));
    response.headers_mut().insert("content-type", kind);
    response
}
