//! Signing in and out, and the addresses and logins of one person: `/login`.

mod alias;
mod code;
mod mailbox;
mod mailbox_proof;
mod merge;
mod merge_change;
mod password;
mod refresh;
mod session;
mod sign_out;
mod unmerge;

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
            "POST /login" => password::sign_in(self, call).await,
            "POST /login/code" => code::confirm(self, call).await,
            "POST /login/refresh" => refresh::refresh(self, call).await,
            "GET /login/mailboxes" => mailbox::list(self, call).await,
            "POST /login/mailboxes" => mailbox_proof::begin(self, call).await,
            "POST /login/mailboxes/confirm" => mailbox_proof::confirm(self, call).await,
            "POST /login/mailboxes/{mailbox}/prefer" => mailbox::prefer(self, call).await,
            "POST /login/mailboxes/{mailbox}/remove" => mailbox::remove(self, call).await,
            "GET /login/aliases" => alias::aliases(self, call).await,
            "POST /login/merge" => merge::merge(self, call).await,
            "POST /logins/{login}/unmerge" => unmerge::unmerge(self, call).await,
            "POST /login/sign-out" => sign_out::sign_out(self, call).await,
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
        password::sign_in,
        code::confirm,
        refresh::refresh,
        mailbox::list,
        mailbox_proof::begin,
        mailbox_proof::confirm,
        mailbox::prefer,
        mailbox::remove,
        alias::aliases,
        merge::merge,
        unmerge::unmerge,
        sign_out::sign_out,
    ),
    modifiers(&Tokens)
)]
struct Description;

/// The description of this function's routes.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
