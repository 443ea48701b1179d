//! Embedded S3: `s3s` for the protocol and signatures, our own store below, CORS and notifications around.

mod backend;
mod cors;
mod objects;
mod presigned;
mod put;

use crate::notifications::Notifications;
use crate::rights::Callers;
use crate::template::{Bucket, World};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use backend::{Access, Backend};
use hearth::clock::Clock;
pub(crate) use objects::Objects;
use s3s::auth::SimpleAuth;
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use std::sync::Arc;

/// The credentials that the functions get and that S3 checks signatures against.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: String,
}

/// An object that was just stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) size: u64,
    pub(crate) e_tag: String,
}

/// The S3 endpoint, path style: `http://host/bucket/key`.
#[derive(Clone)]
pub(crate) struct S3Endpoint {
    service: S3Service,
    buckets: Arc<Vec<Bucket>>,
    credentials: Credentials,
    callers: Callers,
    clock: Clock,
}

impl S3Endpoint {
    pub(crate) fn new(
        objects: Objects,
        buckets: &[Bucket],
        credentials: Credentials,
        (callers, world): (Callers, Arc<World>),
        notifications: Notifications,
        clock: Clock,
    ) -> Self {
        let backend = Backend { objects, notifications, clock: clock.clone() };
        let mut builder = S3ServiceBuilder::new(backend);
        let mut keys = SimpleAuth::new();
        for key in callers.keys() {
            keys.register(key.to_owned(), credentials.secret_access_key.clone().into());
        }
        builder.set_auth(keys);
        builder.set_access(Access { callers: callers.clone(), world });
        let mut config = S3Config::default();
        // Functions sign with the stack's clock, which a test may have set years ahead.
        config.presigned_url_max_skew_time_secs = u32::MAX;
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
        Self { service: builder.build(), buckets: Arc::new(buckets.to_vec()), credentials, callers, clock }
    }

    /// The HTTP service.
    pub(crate) fn router(self) -> axum::Router {
        axum::Router::new().fallback(answer).with_state(self)
    }

    async fn call(&self, mut request: Request) -> Response {
        let presigned = presigned::is_presigned(request.uri());
        if presigned {
            let verified = presigned::verify(
                request.method(),
                request.uri(),
                request.headers(),
                &self.credentials,
                |key| self.callers.knows(key),
                self.clock.now(),
            );
            match verified {
                Ok((uri, caller)) => {
                    *request.uri_mut() = uri;
                    request.extensions_mut().insert(caller);
                }
                Err(refusal) => return refuse(refusal),
            }
            // The presigned URL alone decides; `s3s` must not look for another signature.
            request.headers_mut().remove(header::AUTHORIZATION);
        }
        match self.service.call(request.map(s3s::Body::http_body_unsync)).await {
            Ok(response) => response.map(Body::new),
            Err(_) => refuse(("InternalError", "We encountered an internal error. Please try again.")),
        }
    }
}

async fn answer(State(endpoint): State<S3Endpoint>, request: Request) -> Response {
    let bucket = request.uri().path().trim_start_matches('/').split('/').next().unwrap_or_default();
    let bucket = endpoint.buckets.iter().find(|known| known.name == bucket);
    let rules = bucket.map(|bucket| bucket.cors.as_slice()).unwrap_or_default();
    if request.method() == Method::OPTIONS {
        let (status, headers) = cors::preflight(rules, request.headers());
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response.headers_mut().extend(headers);
        return response;
    }
    let headers = cors::response_headers(rules, request.method(), request.headers());
    let mut response = endpoint.call(request).await;
    response.headers_mut().extend(headers);
    response
}

/// S3's error document.
fn refuse((code, message): presigned::Refusal) -> Response {
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    let mut response = Response::new(Body::from(document));
    *response.status_mut() = match code {
        "InternalError" => StatusCode::INTERNAL_SERVER_ERROR,
        "AuthorizationQueryParametersError" => StatusCode::BAD_REQUEST,
        _ => StatusCode::FORBIDDEN,
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}
