//! Client records, who reaches them, and who did what: `/members` and what lies under it, except documents and packets.

mod activity;
mod directory;
mod give;
mod keep;
mod list;
mod lower;
mod people;
mod profile;
mod register;
mod switch;

use hearth::aws::Aws;
use hearth::config::{ConfigError, Environment};
use hearth::gate::Gate;
use hearth::http::openapi::Tokens;
use hearth::http::{Answer, Call, Problem, Routes, Stop};
use hearth::session::token::Issuer;
use lambda_http::{Body, Request, Response};
use utoipa::OpenApi;

/// What the function needs, built once.
#[derive(Debug)]
pub struct Context {
    gate: Gate,
    issuer: Issuer,
}

impl Context {
    /// Reads the surroundings.
    ///
    /// # Errors
    /// [`ConfigError`] names the variable.
    pub fn new(env: &Environment) -> Result<Self, ConfigError> {
        let aws = Aws::from_environment(env)?;
        Ok(Self { gate: Gate::from_environment(env, &aws)?, issuer: Issuer::from_environment(env, &aws)? })
    }
}

impl Routes for Context {
    fn base_url(&self) -> Option<&str> {
        self.gate.base_url.as_deref()
    }

    async fn dispatch(&self, call: &Call) -> Result<Answer, Stop> {
        match call.route() {
            "POST /members" => register::register(self, call).await,
            "GET /members" => list::list(self, call).await,
            "GET /members/{member}" => profile::profile(self, call).await,
            "POST /members/{member}/switch" => switch::switch(self, call).await,
            "GET /members/{member}/grants" => people::people(self, call).await,
            "POST /members/{member}/grants" => give::give(self, call).await,
            "POST /members/{member}/grants/{login}/narrow" => lower::narrow(self, call).await,
            "POST /members/{member}/grants/{login}/end" => lower::end(self, call).await,
            "POST /members/{member}/grants/{login}/revoke" => lower::revoke(self, call).await,
            "POST /members/{member}/helpers" => keep::keep(self, call).await,
            "GET /members/{member}/directory" => directory::directory(self, call).await,
            "GET /members/{member}/activity" => activity::activity(self, call).await,
            _ => Err(Problem::not_found().into()),
        }
    }
}

/// Answers a request.
pub async fn handle(context: &Context, request: Request) -> Response<Body> {
    hearth::http::serve(context, request).await
}

#[derive(OpenApi)]
#[openapi(
    paths(
        register::register,
        list::list,
        profile::profile,
        switch::switch,
        people::people,
        give::give,
        lower::narrow,
        lower::end,
        lower::revoke,
        keep::keep,
        directory::directory,
        activity::activity,
    ),
    modifiers(&Tokens)
)]
struct Description;

/// The description of this function's routes.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
