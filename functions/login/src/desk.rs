//! Recovery at the desk: staff check a document and print a code, with which the person chooses a new password.
//!
//! The code alone opens nothing: the person's own mailbox must send one as well. So a member of staff who prints a code for
//! somebody without being asked gets nowhere, and every mailbox of that person hears of it.

use hearth::domain::decide::Action;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::id::{LoginId, RecoveryId};
use hearth::domain::login::{DeskRecovery, Login};
use hearth::domain::mail::MailKind;
use hearth::domain::text::Note;
use hearth::gate::event;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::random;
use hearth::store::Key;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::code::notify;

/// Why the desk lets somebody back in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grounds {
    /// Which document was checked, in a few words; without its number.
    reason: String,
}

/// The code to print, shown once.
#[derive(Serialize, ToSchema)]
pub(crate) struct Printed {
    code: String,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// Begins a recovery for somebody at the desk; a code printed before counts no more.
#[utoipa::path(post, path = "/logins/{login}/recovery", operation_id = "start_recovery", tag = "login",
    security(("session" = [])), params(("login" = LoginId, Path)), request_body = Grounds,
    responses((status = 201, body = Printed), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn start(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let Grounds { reason } = call.json()?;
    let reason: Note = field("reason", &reason)?;
    let of: LoginId = call.parameter("login")?;
    let (login_key, key) = (Key::login(of), Key::desk_recovery(of));
    let reading = gate.read_for(call, &claims).also(login_key.clone()).also(key.clone());
    let mut found = reading.trail(Subject::Login(of)).send().await?;
    let permit = gate.permit(Action::MendLogin, &mut found).await?;
    let login: Login = found.get(&login_key)?.ok_or_else(Problem::not_found)?;
    if login.id == claims.login {
        return Err(Problem::conflict("nobody lets herself back in; a colleague checks your document").into());
    }

    let now = found.now;
    let recovery = DeskRecovery {
        id: RecoveryId::from_random(random::bytes()?),
        login: of,
        started_by: claims.login,
        expires_at: now + DeskRecovery::LIFE,
        version: 1,
    };
    let printed =
        Printed { code: context.secrets.desk_code(recovery.id).for_reading(), expires_at: recovery.expires_at };
    let change = gate.change(&permit, &found).pin(&login);
    let change = match found.get::<DeskRecovery>(&key)? {
        Some(before) => change.replace(&before, recovery),
        None => change.create(&recovery),
    };
    let record = NewEvent { reason: Some(reason.as_str().to_owned()), ..event(&permit, EventKind::RecoveryStarted) };
    let change = change.record(found.trail(Subject::Login(of))?, record);
    let change = notify(change, &login, &MailKind::RecoveryStarted, now)?;
    gate.commit(change, &found, Answer::created(&printed)?).await
}
