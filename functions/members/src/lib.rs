//! Client records, who reaches them, and who did what: `/members` and what lies under it, except documents and packets. And the
//! agencies whose workers reach many of them: `/agencies`.

mod activity;
mod agencies;
mod block;
mod blocks;
mod change;
mod directory;
mod explain;
mod give;
mod keep;
mod list;
mod lower;
mod people;
mod profile;
mod register;
mod switch;
mod terms;

use hearth::aws::Aws;
use hearth::config::{ConfigError, Environment};
use hearth::gate::Gate;
use hearth::http::openapi::Tokens;
use hearth::http::{Answer, Call, Problem, Routes, Stop};
use hearth::secrets::Secrets;
use hearth::session::token::Issuer;
use lambda_http::{Body, Request, Response};
use utoipa::OpenApi;

/// What the function needs, built once.
#[derive(Debug)]
pub struct Context {
    gate: Gate,
    issuer: Issuer,
    secrets: Secrets,
}

impl Context {
    /// Reads the surroundings.
    ///
    /// # Errors
    /// [`ConfigError`] names the variable.
    pub fn new(env: &Environment) -> Result<Self, ConfigError> {
        let aws = Aws::from_environment(env)?;
        Ok(Self {
            gate: Gate::from_environment(env, &aws)?,
            issuer: Issuer::from_environment(env, &aws)?,
            secrets: Secrets::from_environment(env)?,
        })
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
            "POST /members/{member}/grants/{login}/change" => change::change(self, call).await,
            "POST /members/{member}/grants/{login}/narrow" => lower::narrow(self, call).await,
            "POST /members/{member}/grants/{login}/end" => lower::end(self, call).await,
            "POST /members/{member}/grants/{login}/revoke" => lower::revoke(self, call).await,
            "POST /members/{member}/people/{login}/preview" => explain::preview(self, call).await,
            "POST /members/{member}/people/{login}/why" => explain::why(self, call).await,
            "GET /members/{member}/blocks" => blocks::list(self, call).await,
            "POST /members/{member}/blocks" => block::set(self, call).await,
            "POST /members/{member}/blocks/{block}/lift" => blocks::lift(self, call).await,
            "POST /members/{member}/helpers" => keep::keep(self, call).await,
            "GET /members/{member}/directory" => directory::directory(self, call).await,
            "GET /members/{member}/activity" => activity::activity(self, call).await,
            "POST /agencies" => agencies::register::register(self, call).await,
            "GET /agencies" => agencies::register::list(self, call).await,
            "GET /agencies/{agency}" => agencies::roster::show(self, call).await,
            "POST /agencies/{agency}/workers" => agencies::roster::add(self, call).await,
            "POST /agencies/{agency}/workers/{login}/remove" => agencies::roster::remove(self, call).await,
            "POST /agencies/{agency}/hand-overs" => agencies::begin::begin(self, call).await,
            "GET /agencies/{agency}/hand-overs/{handover}" => agencies::look::look(self, call).await,
            "POST /agencies/{agency}/hand-overs/{handover}/continue" => agencies::begin::resume(self, call).await,
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
        change::change,
        lower::narrow,
        lower::end,
        lower::revoke,
        explain::preview,
        explain::why,
        blocks::list,
        block::set,
        blocks::lift,
        keep::keep,
        directory::directory,
        activity::activity,
        agencies::register::register,
        agencies::register::list,
        agencies::roster::show,
        agencies::roster::add,
        agencies::roster::remove,
        agencies::begin::begin,
        agencies::look::look,
        agencies::begin::resume,
    ),
    modifiers(&Tokens)
)]
struct Description;

/// The description of this function's routes.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
