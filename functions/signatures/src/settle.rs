//! `POST /members/{member}/packets/{packet}/slots/{slot}/settle`: staff settle a slot that nobody signs here.

use hearth::domain::decide::{Action, Permit};
use hearth::domain::event::{EventKind, NewEvent, Subject};
use hearth::domain::grant::Grant;
use hearth::domain::id::{DocumentId, InvitationId, LoginId, MemberId, PacketId, SlotId};
use hearth::domain::login::Login;
use hearth::domain::packet::{Excuse, Packet};
use hearth::evidence;
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop, field};
use hearth::store::{Found, Key, Transaction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::create::{await_answer, signer};
use crate::sign::own_slot;
use crate::tell::tell;

/// What staff decide about a slot.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", tag = "how", deny_unknown_fields)]
pub(crate) enum Settling {
    /// Somebody signs where nobody was named yet.
    Named {
        /// Who; the person's access must allow it.
        login: LoginId,
    },
    /// Whoever accepts an invitation signs where nobody was named yet.
    Invited {
        /// Which; it must still be open, and let the person sign for this client.
        invitation: InvitationId,
    },
    /// The person signed on paper.
    OnPaper {
        /// The scan of it, among the member's documents.
        scan: DocumentId,
    },
    /// The packet goes on without: there is no second parent, one has sole custody, or one may consent although another refuses.
    Excused {
        /// In staff's words, for staff.
        #[schema(value_type = hearth::domain::text::Note)]
        reason: String,
        /// The paper that it rests on, for instance the order of a court.
        #[serde(default)]
        evidence: Option<DocumentId>,
    },
}

/// Settles a slot.
#[utoipa::path(
    post,
    path = "/members/{member}/packets/{packet}/slots/{slot}/settle",
    operation_id = "settle_slot",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
        ("slot" = SlotId, Path, description = "the slot"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Settling,
    responses(
        (status = 204, description = "settled"),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "answered already, closed, or nobody would be left to sign", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "the person may not sign, or the paper is not there", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn settle(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let body: Settling = call.json()?;
    let (claims, member) = gate.member(call)?;
    let key = Key::packet(member, call.parameter("packet")?);
    let mut reading = gate.read_for(call, &claims).member(member).also(key.clone());
    for key in body.keys(member) {
        reading = reading.also(key);
    }
    let mut found = reading.send().await?;
    // Whoever may ask for signatures may say who is asked.
    let permit = gate.permit(Action::CreatePacket, &mut found).await?;

    let (packet, slot) = own_slot(found.get(&key)?, call)?;
    let change = gate.change(&permit, &found);
    let (change, kind, settled) = body.settle(context, change, (&packet, slot.id), (&permit, &found))?;
    let settled = settled.told(found.now);
    let done = NewEvent { object: Some(packet.id.to_string()), ..event(&permit, kind) };
    let change = change.record(found.trail(Subject::Member(member))?, done);
    let change = tell(context, change, (&packet, &settled), &[].into(), &found).await?.replace(&packet, settled);
    gate.commit(change, &found, Answer::nothing()).await
}

impl Settling {
    /// What the decision rests on.
    fn keys(&self, member: MemberId) -> Vec<Key> {
        match *self {
            Self::Named { login } => vec![Key::login(login), Key::grant(login, member)],
            Self::Invited { invitation } => vec![Key::invitation(invitation)],
            Self::OnPaper { scan } => vec![Key::document(member, scan)],
            Self::Excused { evidence, .. } => evidence.map(|paper| Key::document(member, paper)).into_iter().collect(),
        }
    }

    fn settle(
        self,
        context: &Context,
        change: Transaction,
        (packet, slot): (&Packet, SlotId),
        (permit, found): (&Permit, &Found),
    ) -> Result<(Transaction, EventKind, Packet), Stop> {
        let (by, at) = (permit.login(), found.now);
        let kept = |change: Transaction, paper: DocumentId, name: &'static str| {
            let paper = evidence::paper(found, packet.member, paper)?
                .ok_or_else(|| Problem::cannot(name, "this paper is not among the documents; upload it first"))?;
            Ok::<_, Stop>(change.keep_as_evidence(Some(&paper)))
        };
        Ok(match self {
            Self::Named { login: id } => {
                let member =
                    found.member.as_ref().ok_or_else(|| missing("a permit for a packet came without a member"))?;
                let login: Option<Login> = found.get(&Key::login(id))?;
                let grant: Option<Grant> = found.get(&Key::grant(id, packet.member))?;
                let capacity = packet.slot(slot)?.capacity;
                signer(context, (login.as_ref(), grant.as_ref()), member, capacity, "login", at)?;
                let change = grant.iter().fold(change, |change, grant| change.pin(grant));
                (change, EventKind::SlotNamed, packet.named(slot, id)?)
            }
            Self::Invited { invitation } => {
                let waiting = packet.waiting_for(slot, invitation)?;
                (await_answer(change, &waiting, invitation, found)?, EventKind::SlotNamed, waiting)
            }
            Self::OnPaper { scan } => {
                (kept(change, scan, "scan")?, EventKind::PaperKept, packet.kept_on_paper(slot, scan, (by, at))?)
            }
            Self::Excused { reason, evidence } => {
                let reason = field("reason", &reason)?;
                let change = match evidence {
                    Some(paper) => kept(change, paper, "evidence")?,
                    None => change,
                };
                (change, EventKind::SlotExcused, packet.excuse(slot, Excuse { by, at, reason, evidence })?)
            }
        })
    }
}
