//! What a request to AWS asks for.

use super::invocation::Invocation;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value as Json;

/// A service of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// DynamoDB.
    DynamoDb,
    /// S3.
    S3,
    /// SES.
    Ses,
    /// KMS.
    Kms,
}

/// A call that a function made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function, as the template names it.
    pub function: String,
    /// The `Idempotency-Key` of the request that the function answered; empty without one.
    pub lane: String,
    /// The service.
    pub service: Service,
    /// What was asked for: `TransactWriteItems`, `Sign`.
    pub operation: String,
    /// Whether the answer may be older than the last change: a read of DynamoDB without strong consistency.
    pub weak: bool,
    /// The SDK's name of the call; all attempts have the same.
    pub(super) id: String,
}

impl Call {
    pub(super) fn read(request: &HttpRequest, function: &str, invocation: &Invocation) -> Self {
        let header = |name: &str| request.headers().get(name).unwrap_or_default();
        let (service, operation) = match header("x-amz-target").split_once('.') {
            Some(("TrentService", operation)) => (Service::Kms, operation),
            Some((_, operation)) => (Service::DynamoDb, operation),
            None if header("content-type").starts_with("application/x-www-form-urlencoded") => {
                (Service::Ses, "SendEmail")
            }
            None if request.method() == "GET" => (Service::S3, "GetObject"),
            None => (Service::S3, "PutObject"),
        };
        Self {
            function: function.to_owned(),
            lane: invocation.lane.clone(),
            service,
            operation: operation.to_owned(),
            weak: service == Service::DynamoDb && is_weak(operation, &body(request)),
            id: header("amz-sdk-invocation-id").to_owned(),
        }
    }
}

/// The JSON body of a request; null when it has none.
pub(super) fn body(request: &HttpRequest) -> Json {
    request.body().bytes().and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default()
}

/// Whether a read may give an old answer. Queries of an index always may.
fn is_weak(operation: &str, body: &Json) -> bool {
    let strong = |part: &Json| part.get("ConsistentRead") == Some(&Json::Bool(true));
    match operation {
        "GetItem" => !strong(body),
        "Query" => !strong(body) || body.get("IndexName").is_some(),
        "BatchGetItem" => {
            let tables = body.get("RequestItems").and_then(Json::as_object);
            tables.is_some_and(|tables| !tables.values().all(strong))
        }
        _ => false,
    }
}
