//! `POST /members/{member}/packets/{packet}/slots/{slot}/answers/carry`: the caller's own answers on another copy of the form.

use hearth::domain::Version;
use hearth::domain::answers::FieldAnswers;
use hearth::domain::decide::may_sign;
use hearth::domain::document::Sha256Digest;
use hearth::domain::draft::{Draft, Place};
use hearth::domain::grant::Grant;
use hearth::domain::id::{MemberId, PacketId, SlotId};
use hearth::domain::member::Member;
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::Key;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::answers::{Asked, SourceView, check_fillable, keep, own_form};

/// Which answers to take.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Carrying {
    from: SourceView,
    /// Version of the answers here that the caller saw last; 0 for none. They give way to what is carried over.
    version: Version,
}

/// What was carried over.
#[derive(Serialize, ToSchema)]
pub(crate) struct CarriedAnswers {
    answers: FieldAnswers,
    /// SHA-256 of the answers. They are signed only after they were saved once more.
    sha256: Sha256Digest,
    /// Their version now.
    version: Version,
    /// Fields that are left empty because their answers name the other child, or its date of birth.
    left_empty: Vec<String>,
}

/// Begins a form with what the caller answered on another copy of it: another child's, for whom the caller may sign now, or an
/// older one of the same child. It is a draft to look through, and only after it was saved can it be signed.
#[utoipa::path(
    post,
    path = "/members/{member}/packets/{packet}/slots/{slot}/answers/carry",
    operation_id = "carry_answers",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
        ("slot" = SlotId, Path, description = "the slot that asks the caller"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Carrying,
    responses(
        (status = 200, description = "carried over", body = CarriedAnswers),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "changed in another window, signed, or not to be filled in", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "those answers belong to another form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn carry(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let Carrying { from: SourceView { member: about, packet: other, slot: theirs }, version } = call.json()?;
    let (claims, _) = context.gate.member(call)?;
    // The key of the answers begins with the caller, so nobody else's can be meant.
    let (source_key, member_key, grant_key) =
        (Key::draft(claims.login, other, theirs), Key::member(about), Key::grant(claims.login, about));
    let keys = [source_key.clone(), member_key.clone(), grant_key.clone()];
    let Asked { mut found, packet, own } = Asked::read(context, call, &keys).await?;
    let (permit, packet, slot) = own_form(context, call, &mut found, packet).await?;

    let source: Option<Draft> = found.get(&source_key)?;
    let source = source.filter(|source| source.member == about).ok_or_else(Problem::not_found)?;
    let member: Member = found.get(&member_key)?.ok_or_else(Problem::not_found)?;
    let grant: Option<Grant> = found.get(&grant_key)?;
    let login = found.login.as_ref().ok_or_else(|| missing("a permit came without a login"))?;
    may_sign((login, grant.as_ref()), &member, slot.capacity, &context.gate.policy, found.now)
        .map_err(|_| Problem::not_found())?;
    check_fillable(&packet, &slot)?;

    let place = Place { login: login.id, packet: &packet, slot: slot.id, before: own.as_ref(), seen: version };
    let (draft, left_empty) = place.carried(&source, &member, found.now)?;
    let (change, version) = keep(context, (&permit, &found), &packet, own.as_ref(), &draft);
    let change = grant.iter().fold(change.pin(&member), hearth::store::Transaction::pin);
    let carried = CarriedAnswers {
        answers: draft.answers.by_field().clone(),
        sha256: draft.answers.sha256(),
        version,
        left_empty,
    };
    context.gate.commit(change, &found, Answer::ok(&carried)?).await
}
