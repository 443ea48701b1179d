//! Inviting a mailbox to members, and answering: `/invitations`.

mod accept;
mod answer;
mod arrival;
mod awaited;
mod create;
mod link;
mod look;
mod proof;
mod requests;
mod resend;
mod roster;
mod told;

use hearth::aws::Aws;
use hearth::config::{ConfigError, Environment};
use hearth::domain::text::Title;
use hearth::gate::Gate;
use hearth::http::openapi::Tokens;
use hearth::http::{Answer, Call, Problem, Routes, Stop};
use hearth::secrets::Secrets;
use lambda_http::{Body, Request, Response};
use utoipa::OpenApi;

/// What the function needs, built once.
#[derive(Debug)]
pub struct Context {
    gate: Gate,
    secrets: Secrets,
    clinic: Title,
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
            secrets: Secrets::from_environment(env)?,
            clinic: env.parsed("CLINIC_NAME")?,
        })
    }
}

impl Routes for Context {
    fn base_url(&self) -> Option<&str> {
        self.gate.base_url.as_deref()
    }

    async fn dispatch(&self, call: &Call) -> Result<Answer, Stop> {
        match call.route() {
            "POST /invitations" => create::create(self, call).await,
            "POST /invitations/look" => look::look(self, call).await,
            "POST /invitations/confirm" => answer::confirm(self, call).await,
            "POST /invitations/accept" => accept::accept(self, call).await,
            "POST /invitations/decline" => answer::decline(self, call).await,
            "POST /invitations/{invitation}/resend" => resend::resend(self, call).await,
            "POST /invitations/{invitation}/revoke" => resend::revoke(self, call).await,
            "POST /members/{member}/requests" => requests::ask(self, call).await,
            "GET /members/{member}/requests" => requests::list(self, call).await,
            "POST /members/{member}/requests/{request}/approve" => requests::approve(self, call).await,
            "POST /members/{member}/requests/{request}/refuse" => requests::refuse(self, call).await,
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
        create::create,
        look::look,
        answer::confirm,
        accept::accept,
        answer::decline,
        resend::resend,
        resend::revoke,
        requests::ask,
        requests::list,
        requests::approve,
        requests::refuse,
    ),
    modifiers(&Tokens)
)]
struct Description;

/// The description of this function's routes.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
