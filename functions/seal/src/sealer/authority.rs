//! Asking a time-stamp authority (RFC 3161, 3.4). Only a hash leaves the clinic.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use hearth::config::ConfigError;
use hearth::random;
use http_body_util::{BodyExt, Limited};
use jiff::Timestamp;
use pades::timestamp::{LONGEST, QUERY, REPLY, Request, TimeStampError, Token};

/// How long an answer may take. The claim on the packet is longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// An authority.
#[derive(Debug, Clone)]
pub(crate) struct Authority {
    url: String,
    http: SharedHttpConnector,
}

/// Why there is no time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AuthorityError {
    /// It did not answer, or not with a time stamp.
    #[error("the time-stamp authority did not answer; the packet is sealed when it does")]
    NoAnswer,
    /// The operating system gave no randomness for the nonce.
    #[error("there is no randomness for a time stamp")]
    NoRandomness,
    /// The answer does not hold.
    #[error(transparent)]
    Answer(#[from] TimeStampError),
}

impl Authority {
    /// The authority at this address.
    ///
    /// # Errors
    /// It is no address of the web.
    pub(crate) fn at(url: &str) -> Result<Self, ConfigError> {
        if url.starts_with("https://") || url.starts_with("http://") {
            Ok(Self { url: url.to_owned(), http: hearth::aws::connector() })
        } else {
            Err(ConfigError::Malformed("TIMESTAMP_URL"))
        }
    }

    /// The time of `imprint`, from the authority and from nobody else.
    pub(crate) async fn stamp(&self, imprint: [u8; 32], now: Timestamp) -> Result<Token, AuthorityError> {
        let nonce = random::bytes().map_err(|_| AuthorityError::NoRandomness)?;
        let request = Request::new(imprint, nonce)?;
        let answer = tokio::time::timeout(PATIENCE, self.ask(request.der())).await;
        let answer = answer.ok().flatten().ok_or(AuthorityError::NoAnswer)?;
        Ok(request.answered(&answer, now)?)
    }

    async fn ask(&self, query: &[u8]) -> Option<Vec<u8>> {
        let mut request = HttpRequest::new(SdkBody::from(query));
        request.set_method("POST").ok()?;
        request.set_uri(self.url.as_str()).ok()?;
        request.headers_mut().try_insert("content-type", QUERY).ok()?;
        request.headers_mut().try_insert("accept", REPLY).ok()?;
        let response = self.http.call(request).await.ok().filter(|response| response.status().is_success())?;
        let is_reply = response.headers().get("content-type").is_some_and(|kind| kind.starts_with(REPLY));
        let body = Limited::new(response.into_body(), LONGEST).collect();
        if is_reply { Some(body.await.ok()?.to_bytes().to_vec()) } else { None }
    }
}
