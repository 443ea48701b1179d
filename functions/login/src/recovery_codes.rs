//! Recovery codes: ten for paper, shown once.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, Subject};
use hearth::domain::id::RecoveryId;
use hearth::domain::login::RecoveryCodes;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Nothing, Stop};
use hearth::random;
use hearth::store::Key;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// Ten codes to print or to write down. The portal cannot show them again.
#[derive(Serialize, ToSchema)]
pub(crate) struct Shown {
    codes: Vec<String>,
}

/// Makes ten recovery codes; older ones count no more.
#[utoipa::path(post, path = "/login/recovery-codes", operation_id = "make_recovery_codes", tag = "login",
    security(("session" = [])), request_body = Nothing,
    responses((status = 200, body = Shown), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn make(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let Nothing {} = call.json()?;
    let key = Key::recovery_codes(claims.login);
    let reading = gate.read_for(call, &claims).also(key.clone()).trail(Subject::Login(claims.login));
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::ChangeOwnLogin, &mut found).await?;

    let set = RecoveryId::from_random(random::bytes()?);
    let codes = RecoveryCodes::new(claims.login, set, found.now);
    let shown = codes.left.iter().map(|&number| context.secrets.recovery_code(set, number).for_reading()).collect();
    let change = gate.change(&permit, &found);
    let change = match found.get::<RecoveryCodes>(&key)? {
        Some(before) => change.replace(&before, codes),
        None => change.create(&codes),
    };
    let change =
        change.record(found.trail(Subject::Login(claims.login))?, event(&permit, EventKind::RecoveryCodesMade));
    gate.commit(change, &found, Answer::ok(&Shown { codes: shown })?).await
}
