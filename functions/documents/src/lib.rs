//! Papers of a member: start an upload, list, look, read the fields of a form, open.
//!
//! The browser sends the file to S3 itself, with a link that is bound to the announced bytes; the function `intake` inspects
//! it, and only what passed is ever opened (design §7).

mod fields;
mod list;
mod look;
mod open;
mod refusal;
mod start;
mod view;

use hearth::aws::Aws;
use hearth::config::{ConfigError, Environment};
use hearth::files::Files;
use hearth::gate::Gate;
use hearth::http::openapi::Tokens;
use hearth::http::{Answer, Call, Problem, Routes, Stop};
use lambda_http::{Body, Request, Response};
use utoipa::OpenApi;

/// What the routes need, built once.
#[derive(Debug, Clone)]
pub struct Context {
    gate: Gate,
    files: Files,
}

impl Context {
    /// Reads `BUCKET` and what [`Gate`] and [`Aws`] need.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(env: &Environment) -> Result<Self, ConfigError> {
        let aws = Aws::from_environment(env)?;
        Ok(Self { gate: Gate::from_environment(env, &aws)?, files: Files::from_environment(env, &aws)? })
    }
}

impl Routes for Context {
    fn base_url(&self) -> Option<&str> {
        self.gate.base_url.as_deref()
    }

    async fn dispatch(&self, call: &Call) -> Result<Answer, Stop> {
        match call.route() {
            "POST /members/{member}/documents" => start::start(self, call).await,
            "GET /members/{member}/documents" => list::list(self, call).await,
            "GET /members/{member}/documents/{document}" => look::look(self, call).await,
            "GET /members/{member}/documents/{document}/fields" => fields::fields(self, call).await,
            "POST /members/{member}/documents/{document}/open" => open::open(self, call).await,
            _ => Err(Problem::not_found().into()),
        }
    }
}

/// Answers a request.
pub async fn handle(context: &Context, request: Request) -> Response<Body> {
    hearth::http::serve(context, request).await
}

/// The description of the routes.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(start::start, list::list, look::look, fields::fields, open::open), modifiers(&Tokens))]
struct Description;

#[cfg(test)]
mod tests {
    use utoipa::openapi::SecurityRequirement;

    #[test]
    fn every_route_is_described_and_wants_the_members_token() {
        let mut paths = super::openapi().paths.paths;
        let mut route = |path: &str| paths.remove(path).unwrap();
        let documents = route("/members/{member}/documents");
        let look = route("/members/{member}/documents/{document}").get;
        let fields = route("/members/{member}/documents/{document}/fields").get;
        let open = route("/members/{member}/documents/{document}/open").post;
        let member_token = SecurityRequirement::new("member", Vec::<String>::new());
        for operation in [documents.post, documents.get, look, fields, open] {
            let operation = operation.unwrap();
            assert!(operation.security == Some(vec![member_token.clone()]));
            for status in ["401", "404", "503"] {
                assert!(operation.responses.responses.contains_key(status), "{:?} {status}", operation.operation_id);
            }
        }
        assert!(paths.is_empty());
    }
}
