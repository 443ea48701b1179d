//! What the services answer when they do not do what was asked, in their own words.

use super::call::{Call, Service, body};
use super::rules::Fault;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::{Value as Json, json};

const JSON: &str = "application/x-amz-json-1.0";

/// The answer that stands for a fault, when the fault is an answer.
pub(super) fn refusal(call: &Call, fault: Fault, request: &HttpRequest) -> Option<HttpResponse> {
    let (status, name) = match (fault, call.service) {
        (Fault::Cancelled(reason), _) if call.operation == "TransactWriteItems" => {
            return Some(cancelled(reason, &body(request)));
        }
        (Fault::Cancelled("TransactionConflict"), _) => (400, "TransactionConflictException"),
        (Fault::Cancelled(_), _) => (400, "ConditionalCheckFailedException"),
        (Fault::AllUnprocessed, _) => {
            let left = body(request).get("RequestItems").cloned();
            let document = json!({"Responses": {}, "UnprocessedKeys": left});
            return Some(answer(200, JSON, document.to_string()));
        }
        (Fault::Throttled, Service::DynamoDb) => (400, "ProvisionedThroughputExceededException"),
        (Fault::Throttled, Service::Kms) => (400, "ThrottlingException"),
        (Fault::Throttled, Service::Ses) => (400, "Throttling"),
        (Fault::Throttled, Service::S3) => (503, "SlowDown"),
        (Fault::ServerError, Service::DynamoDb) => (500, "InternalServerError"),
        (Fault::ServerError, Service::Kms) => (500, "KMSInternalException"),
        (Fault::ServerError, Service::Ses) => (500, "InternalFailure"),
        (Fault::ServerError, Service::S3) => (500, "InternalError"),
        _ => return None,
    };
    const WORDS: &str = "A fault was asked for";
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
    answer(400, JSON, document.to_string())
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
pub(super) fn answer(status: u16, kind: &'static str, document: String) -> HttpResponse {
    // 200, 400, 500 and 503 are statuses.
    let status = StatusCode::try_from(status).unwrap_or_else(|_| StatusCode::from(http_ok()));
    let mut response = HttpResponse::new(status, SdkBody::from(document));
    response.headers_mut().insert("content-type", kind);
    response
}

fn http_ok() -> axum::http::StatusCode {
    axum::http::StatusCode::OK
}
