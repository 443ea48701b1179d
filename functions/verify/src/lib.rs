//! What a sealed file proves, for anybody who holds one: `POST /verify`. No table, no bucket, no secret, and nothing is kept. Who
//! has the file can read all that is answered in it.

mod proof;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hearth::config::{ConfigError, Environment};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Routes, Stop};
use lambda_http::{Body, Request, Response};
use pades::{Chain, Fingerprint};
use serde::Deserialize;
use std::sync::Arc;
use tokio::task::spawn_blocking;
use utoipa::{OpenApi, ToSchema};

use crate::proof::Proof;

/// Longest body, in bytes: Lambda takes six million with the event around it. A file of 4 MiB fits.
const LARGEST_BODY: usize = 5_800_000;

/// What the function needs, built once.
#[derive(Debug, Clone)]
pub struct Context {
    base_url: Option<String>,
    /// The clinic's certificates: that of today, and those of before.
    clinic: Arc<[Fingerprint]>,
}

impl Context {
    /// Reads `SEAL_CERTIFICATE`, `FORMER_SEAL_FINGERPRINTS` (optional: SHA-256 in hexadecimal digits, between commas) and
    /// `BASE_URL` (optional).
    ///
    /// # Errors
    /// [`ConfigError`] names the variable.
    pub fn new(env: &Environment) -> Result<Self, ConfigError> {
        const FORMER: &str = "FORMER_SEAL_FINGERPRINTS";
        let mut clinic = vec![env.parsed::<Chain>("SEAL_CERTIFICATE")?.fingerprint()];
        for former in env.optional(FORMER).into_iter().flat_map(|list| list.split(',')) {
            let mut fingerprint = Fingerprint::default();
            hex::decode_to_slice(former, &mut fingerprint).map_err(|_| ConfigError::Malformed(FORMER))?;
            clinic.push(fingerprint);
        }
        Ok(Self { base_url: env.optional("BASE_URL").map(str::to_owned), clinic: clinic.into() })
    }
}

impl Routes for Context {
    fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    async fn dispatch(&self, call: &Call) -> Result<Answer, Stop> {
        match call.route() {
            "POST /verify" => verify(self, call).await,
            _ => Err(Problem::not_found().into()),
        }
    }
}

/// Answers a request.
pub async fn handle(context: &Context, request: Request) -> Response<Body> {
    hearth::http::serve(context, request).await
}

/// A file that somebody doubts.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Doubted {
    /// The file, in base64: up to 4 MiB.
    file: String,
}

/// Says what a file proves.
#[utoipa::path(post, path = "/verify", operation_id = "verify_file", tag = "verify",
    request_body = Doubted,
    responses((status = 200, body = Proof), (status = "4XX", body = ProblemDocument)))]
async fn verify(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Doubted { file } = call.json_of(LARGEST_BODY)?;
    let file = STANDARD.decode(file).map_err(|_| Problem::malformed_field("file".to_owned(), None))?;
    let clinic = Arc::clone(&context.clinic);
    // Off the thread that answers: the local stack runs all functions on one.
    let proof = spawn_blocking(move || Proof::of(&file, &clinic)).await;
    Answer::ok(&proof.map_err(|_| Stop::Unavailable("the file was not read to its end"))?)
}

#[derive(OpenApi)]
#[openapi(paths(verify))]
struct Description;

/// The description of this function's routes.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}
