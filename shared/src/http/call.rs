//! A request, read once: route, path, tokens, cookies, body.

use std::net::IpAddr;
use std::str::FromStr;

use lambda_http::{Body, Request, RequestExt, http::HeaderValue, request::RequestContext};
use serde::de::DeserializeOwned;

use super::Problem;
use super::origin;
use super::problem::{FieldRule, told};
use super::stop::Stop;
use crate::store::idempotency::IdempotencyKey;

/// Largest body that is read, in bytes: drawn signatures are the longest, with at most 2,500 points.
const LARGEST_BODY: usize = 64 * 1024;

/// A request as handlers see it.
#[derive(Clone)]
pub struct Call {
    route: String,
    parameters: Vec<(String, String)>,
    query: Vec<(String, String)>,
    bearer: Option<String>,
    cookies: Vec<(String, String)>,
    body: Vec<u8>,
    is_json: bool,
    idempotency: Result<Option<IdempotencyKey>, Problem>,
    own_origin: String,
    is_foreign: bool,
    request_id: String,
    source: Option<IpAddr>,
}

impl Call {
    /// Reads a request that API Gateway sent with payload format 2.0.
    #[must_use]
    pub fn read(request: &Request, base_url: Option<&str>) -> Self {
        let (route, request_id, source) = match request.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => (
                context.route_key.clone().unwrap_or_default(),
                context.request_id.clone().unwrap_or_default(),
                // Set by API Gateway itself, unlike what headers say of it.
                context.http.source_ip.as_deref().and_then(|address| address.parse().ok()),
            ),
            _ => (String::new(), String::new(), None),
        };
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let own_origin = origin::own(request, base_url);
        let pairs = |map: Option<&lambda_http::aws_lambda_events::query_map::QueryMap>| {
            let pairs = map.into_iter().flat_map(|map| map.iter());
            let mut pairs: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            // The map keeps no order, and the same request must have the same fingerprint.
            pairs.sort_unstable();
            pairs
        };
        Self {
            route,
            parameters: pairs(request.path_parameters_ref()),
            query: pairs(request.query_string_parameters_ref()),
            bearer: request.headers().get("authorization").map(bearer),
            cookies: cookies(request),
            body: match request.body() {
                Body::Text(text) => text.as_bytes().to_vec(),
                Body::Binary(bytes) => bytes.clone(),
                _ => Vec::new(),
            },
            is_json: header("content-type").is_some_and(|value| {
                value.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
            }),
            idempotency: header("idempotency-key")
                .map(|key| {
                    key.parse().map_err(|()| {
                        Problem::malformed(
                            "write an Idempotency-Key of 16 to 128 letters, digits, dashes or underscores",
                        )
                    })
                })
                .transpose(),
            is_foreign: origin::is_foreign(header("sec-fetch-site"), header("origin"), &own_origin),
            own_origin,
            request_id,
            source,
        }
    }

    /// The route, as the template writes it: `POST /members/{member}/switch`.
    #[must_use]
    pub fn route(&self) -> &str {
        &self.route
    }

    /// The request's identifier, as in API Gateway's log.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// The address that the request came from. It goes into limits as a keyed hash, and nowhere else.
    #[must_use]
    pub const fn source(&self) -> Option<IpAddr> {
        self.source
    }

    /// Whether the request changes something.
    #[must_use]
    pub fn is_post(&self) -> bool {
        self.route.starts_with("POST ")
    }

    /// An identifier from the path. What cannot be read cannot exist: 404.
    ///
    /// # Errors
    /// Not found.
    pub fn parameter<T: FromStr>(&self, name: &str) -> Result<T, Stop> {
        find(&self.parameters, name).and_then(|value| value.parse().ok()).ok_or_else(|| Problem::not_found().into())
    }

    /// A part of the query, if present.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// The bearer token; empty when other credentials came, or none that can be read.
    #[must_use]
    pub fn bearer(&self) -> Option<&str> {
        self.bearer.as_deref()
    }

    /// A cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        find(&self.cookies, name)
    }

    /// The portal's own origin, such as `https://portal.example.org`.
    #[must_use]
    pub fn own_origin(&self) -> &str {
        &self.own_origin
    }

    /// The key under which the answer is kept, if the client gave one.
    ///
    /// # Errors
    /// Malformed.
    pub fn idempotency_key(&self) -> Result<Option<&IdempotencyKey>, Stop> {
        match &self.idempotency {
            Ok(key) => Ok(key.as_ref()),
            Err(problem) => Err(problem.clone().into()),
        }
    }

    /// What the request is, apart from who sends it: the same bytes for the same request.
    #[must_use]
    pub fn fingerprint(&self) -> Vec<u8> {
        let mut bytes = self.route.clone().into_bytes();
        for (name, value) in &self.parameters {
            bytes.extend_from_slice(format!("\n{name}={value}").as_bytes());
        }
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// The body. Unknown fields are refused by the types; what was sent is never repeated in the problem.
    ///
    /// # Errors
    /// Too large, wrong type or malformed.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Stop> {
        self.json_of(LARGEST_BODY)
    }

    /// The same for a body that may be longer, in bytes.
    ///
    /// # Errors
    /// As [`Call::json`].
    pub fn json_of<T: DeserializeOwned>(&self, most: usize) -> Result<T, Stop> {
        if self.body.len() > most {
            return Err(Problem::too_large().into());
        }
        if !self.is_json {
            return Err(Problem::wrong_type().into());
        }
        // Serde would read the fields of a type from an array as well, in the order of the program.
        if self.body.trim_ascii_start().first() != Some(&b'{') {
            return Err(Problem::malformed("send a JSON object").into());
        }
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            // The path can hold a field name that the client made up; only names of known form are repeated.
            let path = error.path().to_string();
            let is_known_form = path.len() <= 60
                && path != "."
                && path.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.[]".contains(c))
                && !error.inner().to_string().starts_with("unknown field");
            if is_known_form {
                Problem::malformed_field(path, told(&error.inner().to_string()))
            } else {
                Problem::malformed("this body does not fit; check the names and types of its fields")
            }
        })?;
        reader.end().map_err(|_| Problem::malformed("send one JSON object and nothing after it"))?;
        Ok(value)
    }

    pub(super) fn refuse_foreign(&self) -> Result<(), Stop> {
        if self.is_foreign && self.is_post() {
            return Err(Problem::not_found().into());
        }
        if self.is_post() {
            self.idempotency_key()?;
        }
        Ok(())
    }
}

/// Reads a field that a person filled, with the rule's own words when it does not fit.
///
/// # Errors
/// A problem that names the field.
pub fn field<T>(name: &'static str, text: &str) -> Result<T, Stop>
where
    T: FromStr,
    T::Err: FieldRule,
{
    text.parse().map_err(|rule| Problem::in_field(name, rule).into())
}

/// The token of a bearer header, in any case (RFC 9110 §11.1). What cannot be read becomes a token that fails, not none.
fn bearer(value: &HeaderValue) -> String {
    match value.to_str().unwrap_or_default().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.to_owned(),
        _ => String::new(),
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn cookies(request: &Request) -> Vec<(String, String)> {
    request
        .headers()
        .get_all("cookie")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
