//! One listener for the small AWS services: SES's query protocol and KMS's JSON protocol.

use crate::kms::Kms;
use crate::ses::Ses;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use std::sync::Arc;

#[derive(Clone)]
struct Services {
    ses: Arc<Ses>,
    kms: Arc<Kms>,
    access_key_id: Arc<str>,
}

/// The HTTP service of both.
pub(crate) fn router(ses: Ses, kms: Kms, access_key_id: &str) -> axum::Router {
    axum::Router::new().fallback(answer).with_state(Services {
        ses: Arc::new(ses),
        kms: Arc::new(kms),
        access_key_id: access_key_id.into(),
    })
}

async fn answer(State(services): State<Services>, headers: HeaderMap, body: Bytes) -> Response {
    if !crate::guard::knows_key(&headers, &services.access_key_id) {
        return respond(StatusCode::FORBIDDEN, "text/plain", "MissingAuthenticationToken".to_owned());
    }
    match headers.get("x-amz-target").and_then(|target| target.to_str().ok()) {
        Some(target) => {
            let (status, answer) = services.kms.call(target, &body);
            respond(status, "application/x-amz-json-1.1", answer.to_string())
        }
        None => {
            let (status, answer) = services.ses.call(&body);
            respond(status, "text/xml", answer)
        }
    }
}

fn respond(status: StatusCode, kind: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
