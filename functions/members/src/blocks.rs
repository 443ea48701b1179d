//! Who is kept out of a record, for staff. The person kept out never learns of it.

use hearth::domain::decide::Action;
use hearth::domain::document::Document;
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::Reason;
use hearth::domain::id::{BlockId, DocumentId, LoginId, MemberId};
use hearth::domain::member::{Block, Lifted};
use hearth::domain::text::PersonName;
use hearth::evidence;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::{Found, Key};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// Who is kept out.
#[derive(Serialize, ToSchema)]
pub(crate) struct Blocks {
    blocks: Vec<BlockView>,
}

/// A block, or a hold when it has an end.
#[derive(Serialize, ToSchema)]
pub(crate) struct BlockView {
    id: BlockId,
    /// The login, when the person has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<LoginId>,
    /// The name, when it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<PersonName>,
    reason: Reason,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<DocumentId>,
    set_by: LoginId,
    #[schema(value_type = String, format = DateTime)]
    set_at: Timestamp,
    /// End of a hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Whether it keeps the person out now. A hold that is over stays listed for 30 days.
    counts: bool,
    /// Who proposed to lift it; a colleague has to confirm.
    #[serde(skip_serializing_if = "Option::is_none")]
    lift_proposed_by: Option<LoginId>,
}

impl BlockView {
    fn of(block: &Block, now: Timestamp) -> Self {
        Self {
            id: block.id,
            login: block.whom.login_id(),
            name: block.whom.name().cloned(),
            reason: block.reason.clone(),
            evidence: block.evidence,
            set_by: block.set_by,
            set_at: block.set_at,
            until: block.until,
            counts: block.is_active(now),
            lift_proposed_by: block.lifting_at(now).map(|lifting| lifting.by),
        }
    }
}

/// Lists who is kept out.
#[utoipa::path(get, path = "/members/{member}/blocks", operation_id = "list_blocks", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path)),
    responses((status = 200, body = Blocks), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn list(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let mut found = gate.read_for(call, &claims).member(member).send().await?;
    gate.permit(Action::ReadPeople, &mut found).await?;
    let record = found.member.as_ref().ok_or(missing("a permit without a member"))?;
    let known = record.blocks.iter().filter(|block| block.is_remembered(found.now));
    Answer::ok(&Blocks { blocks: known.map(|block| BlockView::of(block, found.now)).collect() })
}

/// Lets somebody in again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lift {
    reason: Reason,
    /// The paper that allows it, among the member's documents; a hold needs none.
    evidence: Option<DocumentId>,
}

/// What became of a block.
#[derive(Serialize, ToSchema)]
pub(crate) struct Lifting {
    /// Whether the person may come in again.
    lifted: bool,
    /// What happens next, when something must.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<&'static str>,
}

/// Lifts a hold, or takes one of the two steps that lift a block.
#[utoipa::path(post, path = "/members/{member}/blocks/{block}/lift", operation_id = "lift_block", tag = "members", security(("member" = [])),
    params(("member" = MemberId, Path), ("block" = BlockId, Path)), request_body = Lift,
    responses((status = 200, body = Lifting), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn lift(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let (claims, member) = gate.member(call)?;
    let block = call.parameter::<BlockId>("block")?;
    let Lift { reason, evidence } = call.json()?;
    let mut reading = gate.read_for(call, &claims).member(member);
    if let Some(paper) = evidence {
        reading = reading.also(Key::document(member, paper));
    }
    let mut found = reading.send().await?;
    let permit = gate.permit(Action::LiftBlock, &mut found).await?;

    let paper = check_paper(&found, member, evidence)?;
    let record = found.member.clone().ok_or(missing("a permit without a member"))?;
    let (after, lifted) =
        record.with_lifting(block, permit.login(), evidence, found.now)?.ok_or_else(Problem::not_found)?;
    let (kind, lifting) = match lifted {
        Lifted::Proposed(_) => {
            let next = Some("a colleague has to confirm this within two weeks");
            (EventKind::BlockLiftProposed, Lifting { lifted: false, next })
        }
        Lifted::Ended(_) | Lifted::Gone => (EventKind::BlockLifted, Lifting { lifted: true, next: None }),
    };
    let done = NewEvent { object: Some(block.to_string()), reason: Some(reason.to_string()), ..event(&permit, kind) };
    let change = gate
        .change(&permit, &found)
        .keep_as_evidence(paper.as_ref())
        .replace(&record, after)
        .record(found.trail(Subject::Member(member))?, done);
    gate.commit(change, &found, Answer::ok(&lifting)?).await
}

/// The paper that somebody names, checked to be the member's and readable.
pub(crate) fn check_paper(
    found: &Found,
    member: MemberId,
    evidence: Option<DocumentId>,
) -> Result<Option<Document>, Stop> {
    let Some(named) = evidence else { return Ok(None) };
    let paper = evidence::paper(found, member, named)?.ok_or_else(|| {
        Problem::cannot("evidence", "name a paper from this client's documents that is ready; upload it first")
    })?;
    Ok(Some(paper))
}
