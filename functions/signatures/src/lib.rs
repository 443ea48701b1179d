//! Packets: ask for signatures on a canonical PDF, look, fill in, sign, decline, void, open the paper.
//!
//! Signers of one packet learn nothing of each other but "so many of so many"; a packet that does not ask the reader does not
//! exist for the reader. Calls in series: list and look 1; create, sign, open and the others 2, or 3 when somebody else is told.

mod answers;
mod carry;
mod create;
mod decline;
mod list;
mod look;
mod open;
mod paper;
mod settle;
mod sign;
mod tell;
mod view;
mod void;

use hearth::aws::Aws;
use hearth::config::{ConfigError, Environment};
use hearth::domain::packet::Packet;
use hearth::files::Files;
use hearth::gate::Gate;
use hearth::http::openapi::Tokens;
use hearth::http::{Answer, Call, Problem, Routes, Stop};
use hearth::store::{Found, Key};
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

    /// The facts about the caller, and the packet of the path if there is one, in one round trip.
    async fn packet(&self, call: &Call) -> Result<(Found, Option<Packet>), Stop> {
        let (claims, member) = self.gate.member(call)?;
        let key = Key::packet(member, call.parameter("packet")?);
        let found = self.gate.read_for(call, &claims).member(member).also(key.clone()).send().await?;
        let packet = found.get(&key)?;
        Ok((found, packet))
    }
}

/// The packet as the caller reads it, with what was asked of a login whose place the caller's took.
fn as_read(found: &Found, packet: Option<&Packet>) -> Option<Packet> {
    Some(packet?.as_of(found.login.as_ref()?))
}

/// Whether the caller is asked to sign the packet. A packet that does not exist asks nobody.
fn holds_slot(found: &Found, packet: Option<&Packet>) -> bool {
    match (&found.login, packet) {
        (Some(login), Some(packet)) => packet.slot_of(login.id).is_some(),
        _ => false,
    }
}

impl Routes for Context {
    fn base_url(&self) -> Option<&str> {
        self.gate.base_url.as_deref()
    }

    async fn dispatch(&self, call: &Call) -> Result<Answer, Stop> {
        match call.route() {
            "POST /members/{member}/packets" => create::create(self, call).await,
            "GET /members/{member}/packets" => list::list(self, call).await,
            "GET /members/{member}/packets/{packet}" => look::look(self, call).await,
            "POST /members/{member}/packets/{packet}/slots/{slot}/sign" => sign::sign(self, call).await,
            "GET /members/{member}/packets/{packet}/slots/{slot}/answers" => answers::look(self, call).await,
            "POST /members/{member}/packets/{packet}/slots/{slot}/answers" => answers::save(self, call).await,
            "POST /members/{member}/packets/{packet}/slots/{slot}/answers/carry" => carry::carry(self, call).await,
            "POST /members/{member}/packets/{packet}/slots/{slot}/decline" => decline::decline(self, call).await,
            "POST /members/{member}/packets/{packet}/slots/{slot}/paper" => paper::paper(self, call).await,
            "POST /members/{member}/packets/{packet}/slots/{slot}/settle" => settle::settle(self, call).await,
            "POST /members/{member}/packets/{packet}/void" => void::void(self, call).await,
            "POST /members/{member}/packets/{packet}/open" => open::open(self, call).await,
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
#[openapi(
    paths(create::create, list::list, look::look, answers::look, answers::save, carry::carry, sign::sign, decline::decline, paper::paper, settle::settle, void::void, open::open),
    modifiers(&Tokens)
)]
struct Description;

#[cfg(test)]
mod tests {
    use utoipa::openapi::SecurityRequirement;

    #[test]
    fn every_route_is_described_and_wants_the_members_token() {
        let description = super::openapi();
        let operations: Vec<_> =
            description.paths.paths.values().flat_map(|path| [&path.get, &path.post]).flatten().collect();
        assert_eq!(operations.len(), 12);
        for operation in operations {
            let security = operation.security.as_ref().unwrap();
            assert!(*security == [SecurityRequirement::new::<_, [&str; 0], &str>("member", [])]);
            assert!(["401", "404", "503"].iter().all(|status| operation.responses.responses.contains_key(*status)));
        }
    }
}
