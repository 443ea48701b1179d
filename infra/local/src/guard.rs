//! Keeps web pages away from the embedded services.
//!
//! A page in the developer's browser can send requests to loopback, and the
//! embedded database would answer any of them. Only who knows the stack's
//! access key is let in: it is made at the first start, and each function gets
//! one of its own, by which it may do what its role in the template may. (S3
//! verifies whole signatures anyway.)

use crate::activity::Activity;
use crate::rights::{Ask, Callers, access_key};
use crate::template::{Table, World};
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

/// Headers that the embedded database reads.
const REQUEST: &[HeaderName] = &[header::CONTENT_TYPE, header::AUTHORIZATION, header::DATE];
const AMZ: &[&str] = &["x-amz-target", "x-amz-date", "x-amz-security-token"];
/// Headers that the SDKs read.
const RESPONSE: &[&str] = &["content-type", "x-amzn-requestid", "x-amz-crc32"];

/// The guarded way to the embedded database.
#[derive(Clone)]
pub(crate) struct Front {
    pub(crate) callers: Callers,
    pub(crate) tables: std::sync::Arc<[Table]>,
    pub(crate) world: std::sync::Arc<World>,
    /// Where the database listens.
    pub(crate) inner: String,
    pub(crate) client: reqwest::Client,
    pub(crate) activity: Activity,
}

impl Front {
    /// The HTTP service.
    pub(crate) fn router(self) -> axum::Router {
        axum::Router::new()
            .fallback(forward)
            // DynamoDB takes 16 MB, and says so itself.
            .layer(axum::extract::DefaultBodyLimit::max(17 * 1024 * 1024))
            .with_state(self)
    }
}

async fn forward(State(front): State<Front>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(caller) = access_key(&headers).filter(|key| front.callers.knows(key)) else {
        return refuse(StatusCode::FORBIDDEN, "UnrecognizedClientException");
    };
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default();
    if !front.callers.may(caller, &Ask::dynamodb(operation, &body, &front.tables, &front.world)) {
        return refuse(StatusCode::BAD_REQUEST, "AccessDeniedException");
    }
    let mut request = front.client.post(&front.inner).body(body);
    for name in REQUEST.iter().map(HeaderName::as_str).chain(AMZ.iter().copied()) {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    let Ok(answer) = request.send().await else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError");
    };
    let (status, given) = (answer.status(), answer.headers().clone());
    let Ok(body) = answer.bytes().await else {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError");
    };
    front.activity.wake();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    for name in RESPONSE {
        if let Some(value) = given.get(*name) {
            response.headers_mut().insert(*name, value.clone());
        }
    }
    response
}

fn refuse(status: StatusCode, kind: &str) -> Response {
    let mut response = Response::new(Body::from(format!("{{\"__type\":\"com.amazon.coral.service#{kind}\"}}")));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.0"));
    response
}
