//! API Gateway's HTTP API in front of the functions: routing, events, limits.

mod event;
mod routes;

use crate::functions::{Crash, HttpHandler, Invoker};
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use event::Envelope;
use hearth::clock::Clock;
use lambda_http::RequestExt;
pub(crate) use routes::Routes;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// Lambda takes 6 MB of request and gives 6 MB of answer in a synchronous invocation.
const PAYLOAD_LIMIT: usize = 6 * 1024 * 1024;
/// API Gateway waits so long for an integration, whatever the function's own limit.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(29);

/// A function that answers HTTP requests.
#[derive(Clone)]
pub(crate) struct HttpFunction {
    pub(crate) handler: HttpHandler,
    pub(crate) timeout: Duration,
}

/// The gateway of one stack.
#[derive(Clone)]
pub(crate) struct Gateway(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) routes: Routes,
    /// By their names in the template.
    pub(crate) functions: BTreeMap<String, HttpFunction>,
    pub(crate) invoker: Invoker,
    pub(crate) clock: Clock,
    pub(crate) account: String,
}

impl Gateway {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The HTTP service. It wants to know the peer's address.
    pub(crate) fn router(self) -> axum::Router {
        axum::Router::new().fallback(answer).with_state(self)
    }

    async fn invoke(&self, request: Request, peer: SocketAddr, request_id: &str) -> Response {
        let inner = &self.0;
        let (parts, body) = request.into_parts();
        let Some(route) = inner.routes.find(parts.method.as_str(), parts.uri.path()) else {
            return message(StatusCode::NOT_FOUND, "Not Found");
        };
        let Some(function) = inner.functions.get(&route.function) else {
            return message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
        };
        let Ok(body) = axum::body::to_bytes(body, PAYLOAD_LIMIT).await else {
            return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
        };
        let lane =
            parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default().to_owned();
        let envelope = Envelope { route: &route, peer, request_id, account: &inner.account, now: inner.clock.now() };
        let event = event::event(&parts, &body, &envelope).to_string();
        let Ok(request) = lambda_http::request::from_str(&event) else {
            return message(StatusCode::BAD_REQUEST, "Bad Request");
        };
        let mut context = lambda_http::Context::default();
        request_id.clone_into(&mut context.request_id);
        let answer = (function.handler)(request.with_lambda_context(context));
        let timeout = function.timeout.min(INTEGRATION_TIMEOUT);
        match inner.invoker.run(&route.function, &lane, timeout, answer).await {
            Ok(response) => convert(response),
            Err(Crash::TimedOut) => message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
            Err(Crash::Panicked | Crash::Killed) => message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error"),
        }
    }
}

async fn answer(
    State(gateway): State<Gateway>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let request_id = request_id();
    let mut response = gateway.invoke(request, peer, &request_id).await;
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(HeaderName::from_static("apigw-requestid"), value);
    }
    response
}

fn convert(response: lambda_http::Response<lambda_http::Body>) -> Response {
    let (parts, body) = response.into_parts();
    if body.len() > PAYLOAD_LIMIT {
        return message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
    }
    let body = match body {
        lambda_http::Body::Text(text) => Body::from(text),
        lambda_http::Body::Binary(bytes) => Body::from(bytes),
        _ => Body::empty(),
    };
    Response::from_parts(parts, body)
}

/// API Gateway's own answers.
fn message(status: StatusCode, text: &str) -> Response {
    let mut response = Response::new(Body::from(format!("{{\"message\":\"{text}\"}}")));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn request_id() -> String {
    let mut bytes = [0; 12];
    // Only a name for log lines: without random numbers it stays the same, and nothing depends on it.
    let _ = getrandom::fill(&mut bytes);
    hex::encode(bytes)
}
