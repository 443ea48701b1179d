//! The web pages: one page for all addresses, and the files that it asks for. No table, no bucket, no secret; everything
//! that the page shows comes from the JSON API.

mod assets;
mod headers;

use hearth::config::{ConfigError, Environment};
use hearth::http::{Call, Problem, Stop};
use lambda_http::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, VARY};
use lambda_http::{Body, Request, Response};
use utoipa::OpenApi;

use crate::assets::{Assets, File};
use crate::headers::Keep;

/// What the function builds once.
#[derive(Debug, Clone)]
pub struct Context {
    assets: Assets,
    policy: HeaderValue,
}

impl Context {
    /// Reads `CLINIC_NAME`, and where uploads go: `AWS_ENDPOINT_URL_S3`, or else `BUCKET` and `AWS_REGION`.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(env: &Environment) -> Result<Self, ConfigError> {
        Ok(Self { assets: Assets::new(env.required("CLINIC_NAME")?), policy: headers::policy(env)? })
    }

    /// A file, compressed for who can read that: the HTTP API in front compresses nothing itself.
    fn answer(&self, file: &File, zips: bool, keep: Keep) -> Response<Body> {
        let zipped = if zips { file.gzip() } else { &[] };
        let mut response = Response::new(Body::Text(String::new()));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.media));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        headers::write(headers, &self.policy, keep);
        if zipped.is_empty() {
            *response.body_mut() = Body::Text(file.text.clone());
        } else {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            *response.body_mut() = Body::Binary(zipped.to_vec());
        }
        response
    }
}

/// Answers a request.
pub async fn handle(context: &Context, request: Request) -> Response<Body> {
    let zips = headers::takes_gzip(request.headers());
    hearth::http::serve_page(&request, |call| match call.route() {
        "GET /" => Ok(home(context, zips)),
        "GET /invitation" => Ok(invitation(context, zips)),
        "GET /verify" => Ok(verify(context, zips)),
        "GET /assets/{file}" => asset(context, call, zips),
        _ => Err(Problem::not_found().into()),
    })
}

/// The portal's page.
#[utoipa::path(
    get,
    path = "/",
    tag = "portal",
    responses((status = 200, description = "The page", content_type = "text/html", body = String))
)]
fn home(context: &Context, zips: bool) -> Response<Body> {
    context.answer(&context.assets.page, zips, Keep::Never)
}

/// The same page, at the address in invitations. The invitation's token stands in the fragment, which no server sees.
#[utoipa::path(
    get,
    path = "/invitation",
    tag = "portal",
    responses((status = 200, description = "The page", content_type = "text/html", body = String))
)]
fn invitation(context: &Context, zips: bool) -> Response<Body> {
    home(context, zips)
}

/// The same page, at the address for sealed files that somebody doubts.
#[utoipa::path(
    get,
    path = "/verify",
    tag = "portal",
    responses((status = 200, description = "The page", content_type = "text/html", body = String))
)]
fn verify(context: &Context, zips: bool) -> Response<Body> {
    home(context, zips)
}

/// A file of the page.
#[utoipa::path(
    get,
    path = "/assets/{file}",
    tag = "portal",
    params(("file" = String, Path, description = "Name with the digest of its content, as the page gives it")),
    responses(
        (status = 200, description = "The file; it may be kept for ever", content_type = "text/javascript", body = String),
        (status = 404, description = "No such file", content_type = "application/problem+json",
         body = hearth::http::problem::ProblemDocument),
    )
)]
fn asset(context: &Context, call: &Call, zips: bool) -> Result<Response<Body>, Stop> {
    let file = context.assets.file(&call.parameter::<String>("file")?).ok_or_else(Problem::not_found)?;
    Ok(context.answer(file, zips, Keep::Always))
}

#[derive(OpenApi)]
#[openapi(paths(home, invitation, verify, asset))]
struct Description;

/// The description of the routes (OpenAPI 3.1).
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

#[cfg(test)]
mod tests;
