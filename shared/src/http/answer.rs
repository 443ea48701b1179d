//! What a handler answers.

use lambda_http::http::header::{CONTENT_TYPE, HeaderValue, SET_COOKIE};
use lambda_http::{Body, Response};
use serde::{Deserialize, Serialize};

use super::stop::{Internal, Stop};

/// The body of a request that says everything with its path, its token or its cookie: `{}`.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// An answer in JSON, or without a body, or a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    status: u16,
    body: Option<String>,
    cookies: Vec<String>,
}

impl Answer {
    /// 200 with a JSON body.
    ///
    /// # Errors
    /// An internal error when the value cannot be written as JSON.
    pub fn ok(body: &impl Serialize) -> Result<Self, Stop> {
        Self::json(200, body)
    }

    /// 201 with a JSON body: something new exists.
    ///
    /// # Errors
    /// As [`Answer::ok`].
    pub fn created(body: &impl Serialize) -> Result<Self, Stop> {
        Self::json(201, body)
    }

    /// 204: done, nothing to say.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { status: 204, body: None, cookies: Vec::new() }
    }

    fn json(status: u16, body: &impl Serialize) -> Result<Self, Stop> {
        let body = serde_json::to_string(body).map_err(|_| Internal("an answer could not be written as JSON"))?;
        Ok(Self { status, body: Some(body), cookies: Vec::new() })
    }

    /// Whether the answer says anything.
    #[must_use]
    pub const fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// Adds a `Set-Cookie` header.
    #[must_use]
    pub fn with_cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(self.body.map_or(Body::Empty, Body::Text));
        *response.status_mut() =
            lambda_http::http::StatusCode::from_u16(self.status).unwrap_or(lambda_http::http::StatusCode::OK);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for cookie in self.cookies {
            if let Ok(value) = HeaderValue::from_str(&cookie) {
                headers.append(SET_COOKIE, value);
            }
        }
        response
    }
}
