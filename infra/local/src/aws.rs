//! One listener for the small AWS services: SES's query protocol and KMS's JSON protocol.

use crate::kms::Kms;
use crate::rights::{Ask, Callers, access_key};
use crate::ses::{Ses, form};
use crate::template::World;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use std::sync::Arc;

#[derive(Clone)]
struct Services {
    ses: Arc<Ses>,
    kms: Arc<Kms>,
    callers: Callers,
    world: Arc<World>,
}

/// The HTTP service of both.
pub(crate) fn router(ses: Ses, kms: Kms, callers: Callers, world: Arc<World>) -> axum::Router {
    axum::Router::new().fallback(answer).with_state(Services { ses: Arc::new(ses), kms: Arc::new(kms), callers, world })
}

async fn answer(State(services): State<Services>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(caller) = access_key(&headers).filter(|key| services.callers.knows(key)) else {
        return respond(StatusCode::FORBIDDEN, "text/plain", "MissingAuthenticationToken".to_owned());
    };
    let may = |asks: &[Ask]| services.callers.may(caller, asks);
    match headers.get("x-amz-target").and_then(|target| target.to_str().ok()) {
        Some(target) => {
            let operation = target.rsplit('.').next().unwrap_or_default();
            if !may(&Ask::kms(operation, &body, &services.world)) {
                let answer = r#"{"__type":"AccessDeniedException"}"#.to_owned();
                return respond(StatusCode::BAD_REQUEST, "application/x-amz-json-1.1", answer);
            }
            let (status, answer) = services.kms.call(target, &body);
            respond(status, "application/x-amz-json-1.1", answer.to_string())
        }
        None => {
            if !may(&Ask::ses(&form(&body), &services.world)) {
                let answer =
                    "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>";
                return respond(StatusCode::FORBIDDEN, "text/xml", answer.to_owned());
            }
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
