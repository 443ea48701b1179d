//! What the OpenAPI descriptions of all functions share.

use utoipa::Modify;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

/// Adds the bearer tokens to a description: `session` opens what is a person's own, `member` one member's record.
#[derive(Debug, Clone, Copy)]
pub struct Tokens;

impl Modify for Tokens {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        for (name, description) in [
            ("session", "the token of POST /login; at most 10 minutes"),
            ("member", "the token of POST /members/{member}/switch, for that member only; at most 10 minutes"),
        ] {
            let mut scheme = Http::new(HttpAuthScheme::Bearer);
            scheme.bearer_format = Some("JWT".to_owned());
            scheme.description = Some(description.to_owned());
            components.add_security_scheme(name, SecurityScheme::Http(scheme));
        }
    }
}
