//! One's own passkeys.

use futures_util::future::try_join;
use hearth::Timestamp;
use hearth::domain::decide::Action;
use hearth::domain::id::PasskeyId;
use hearth::domain::login::{Passkey, Standing};
use hearth::domain::text::Nickname;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use serde::Serialize;
use utoipa::ToSchema;

use super::own;
use super::relying_party::RelyingParty;
use crate::Context;

/// One's own passkeys.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnPasskeys {
    passkeys: Vec<OwnPasskey>,
}

/// A passkey, without the key.
#[derive(Serialize, ToSchema)]
pub(crate) struct OwnPasskey {
    id: PasskeyId,
    nickname: Nickname,
    state: Standing,
    #[schema(value_type = String, format = DateTime)]
    added_at: Timestamp,
    /// When it last signed in or proved who the person is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Timestamp>,
}

impl OwnPasskey {
    pub(super) fn of(passkey: Passkey, rp_id: &str) -> Self {
        Self {
            state: passkey.standing(rp_id),
            id: passkey.id,
            nickname: passkey.nickname,
            added_at: passkey.added_at,
            used_at: passkey.used_at,
        }
    }
}

/// Lists one's own passkeys, the oldest first.
#[utoipa::path(get, path = "/login/passkeys", operation_id = "list_passkeys", tag = "login", security(("session" = [])),
    responses((status = 200, body = OwnPasskeys), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn list(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let (mut found, mut passkeys) = try_join(gate.read_for(call, &claims).send(), own(context, &claims)).await?;
    gate.permit(Action::UseOwnLogin, &mut found).await?;
    let party = RelyingParty::of(call)?;
    passkeys.sort_by_key(|passkey| (passkey.added_at, passkey.id));
    let passkeys = passkeys.into_iter().map(|passkey| OwnPasskey::of(passkey, &party.id)).collect();
    Answer::ok(&OwnPasskeys { passkeys })
}
