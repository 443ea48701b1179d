//! Signing in and out, being let back in, and the addresses and logins of one person: `/login`, `/logins`.

mod alias;
mod code;
mod desk;
mod mailbox;
mod mailbox_proof;
mod merge;
mod merge_change;
mod new_password;
mod passkey;
mod password;
mod recover;
mod recovery_codes;
mod refresh;
mod session;
mod sessions;
mod sign_out;
mod step_up;
mod unmerge;
mod who;

use hearth::aws::Aws;
use hearth::config::{ConfigError, Environment};
use hearth::domain::text::Title;
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
            issuer: Issuer::from_environment(env, &aws)?,
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
            "POST /login" => password::sign_in(self, call).await,
            "POST /login/code" => code::confirm(self, call).await,
            "POST /login/passkey/begin" => passkey::prove::begin(self, call).await,
            "POST /login/passkey" => passkey::prove::prove(self, call).await,
            "POST /login/passkeys/begin" => passkey::add::begin(self, call).await,
            "POST /login/passkeys" => passkey::add::finish(self, call).await,
            "GET /login/passkeys" => passkey::list::list(self, call).await,
            "POST /login/passkeys/{passkey}/remove" => passkey::remove::remove(self, call).await,
            "POST /login/refresh" => refresh::refresh(self, call).await,
            "POST /login/step-up" => step_up::step_up(self, call).await,
            "POST /login/recover" => recover::recover(self, call).await,
            "POST /login/recover/confirm" => recover::confirm(self, call).await,
            "POST /login/password" => new_password::change(self, call).await,
            "POST /login/recovery-codes" => recovery_codes::make(self, call).await,
            "GET /login/sessions" => sessions::list(self, call).await,
            "POST /login/sessions/end-others" => sessions::end_others(self, call).await,
            "POST /login/sessions/{session}/end" => sessions::end(self, call).await,
            "POST /logins/{login}/recovery" => desk::start(self, call).await,
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
        passkey::prove::begin,
        passkey::prove::prove,
        passkey::add::begin,
        passkey::add::finish,
        passkey::list::list,
        passkey::remove::remove,
        refresh::refresh,
        step_up::step_up,
        recover::recover,
        recover::confirm,
        new_password::change,
        recovery_codes::make,
        sessions::list,
        sessions::end_others,
        sessions::end,
        desk::start,
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
