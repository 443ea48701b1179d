//! `POST /members/{member}/packets/{packet}/slots/{slot}/sign`: the caller signs the own slot.

use hearth::domain::decide::{Action, Permit};
use hearth::domain::document::Sha256Digest;
use hearth::domain::event::{Capacity, EventKind, NewEvent, Subject};
use hearth::domain::id::{MemberId, PacketId, SlotId};
use hearth::domain::login::Language;
use hearth::domain::packet::{AnswersOf, Mode, Packet, PacketError, Slot};
use hearth::domain::signature::{ATTESTATION_VERSION, CONSENT_VERSION, Mark, Signature};
use hearth::gate::{event, missing};
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Problem, Stop};
use hearth::store::Found;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Context;
use crate::answers::Asked;
use crate::tell::tell;
use crate::view::PacketView;

/// A signature, and what the signer saw and agreed to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signing {
    /// SHA-256 of the paper on the signer's screen.
    document_sha256: Sha256Digest,
    /// Pages of the paper on the signer's screen.
    pages: u32,
    /// SHA-256 of the answers on the signer's screen, where the document is a form that is filled in.
    #[serde(default)]
    answers_sha256: Option<Sha256Digest>,
    /// Version of the consent to electronic records that the signer agreed to.
    consent_version: String,
    /// Version of the sentence that the signer agreed to.
    attestation_version: String,
    /// Language in which the signer read both; English when it is not said.
    #[serde(default)]
    language: Language,
    mark: Mark,
}

/// Signs a slot. Of a signature, a decline, a void and a loss of the right to sign at the same moment, one wins: whoever
/// comes second meets a packet, a grant or a session that is not as it was read.
#[utoipa::path(
    post,
    path = "/members/{member}/packets/{packet}/slots/{slot}/sign",
    operation_id = "sign_slot",
    tag = "signatures",
    params(
        ("member" = MemberId, Path, description = "the member of the token"),
        ("packet" = PacketId, Path, description = "the packet"),
        ("slot" = SlotId, Path, description = "the slot that asks the caller"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same answer for the same key, for 24 hours"),
    ),
    request_body = Signing,
    responses(
        (status = 200, description = "signed", body = PacketView),
        (status = 400, description = "the body has the wrong form", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "sign in again", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "not there, or not for you", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "not opened, not filled in, not yet, too late, answered already, or closed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "the mark, the paper or a text does not fit", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "unknown whether it was done", body = ProblemDocument, content_type = "application/problem+json"),
    ),
    security(("member" = []))
)]
pub(crate) async fn sign(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let signing: Signing = call.json()?;
    signing.check()?;

    let Asked { mut found, packet, own } = Asked::read(context, call, &[]).await?;
    let (packet, slot) = own_slot(packet, call)?;
    let permit = gate.permit(deed(&slot)?, &mut found).await?;

    let shown = signing.answers_sha256;
    let signed = packet.sign(slot.id, signing.by(&permit, &found)?)?.told(found.now);
    let view = PacketView::of(&signed, permit.login(), permit.capacity(), found.now);
    let kind = match packet.mode {
        Mode::Separate => EventKind::CopySigned,
        Mode::Together => EventKind::PacketSigned,
    };
    let done = NewEvent { object: Some(packet.id.to_string()), ..event(&permit, kind) };
    let mut change = gate.change(&permit, &found).record(found.trail(Subject::Member(packet.member))?, done);
    if packet.answers_of(&slot) == AnswersOf::Oneself {
        let (draft, shown) = own.zip(shown).ok_or(PacketError::Unanswered)?;
        change = change.replace(&draft, draft.signed(shown, found.now)?);
    }
    let quiet = [permit.login()].into();
    let change = tell(context, change, (&packet, &signed), &quiet, &found).await?.replace(&packet, signed);
    gate.commit(change, &found, Answer::ok(&view)?).await
}

/// What it takes to answer a slot. One that asks nobody yet is nobody's.
pub(crate) fn deed(slot: &Slot) -> Result<Action, Stop> {
    let holder = slot.login.ok_or_else(Problem::not_found)?;
    Ok(Action::FillSlot { holder, capacity: slot.capacity })
}

/// The slot of the path. A packet or a slot that does not exist is answered like one of somebody else.
pub(crate) fn own_slot(packet: Option<Packet>, call: &Call) -> Result<(Packet, Slot), Stop> {
    let packet = packet.ok_or_else(Problem::not_found)?;
    let slot = packet.slot(call.parameter("slot")?)?.clone();
    Ok((packet, slot))
}

impl Signing {
    /// What can be said without a look at the packet.
    fn check(&self) -> Result<(), Problem> {
        self.mark.check().map_err(|rule| Problem::in_field("mark", rule))?;
        if self.consent_version != CONSENT_VERSION {
            return Err(Problem::cannot(
                "consent_version",
                "the words about electronic signing changed; read them again",
            ));
        }
        if self.attestation_version != ATTESTATION_VERSION {
            return Err(Problem::cannot(
                "attestation_version",
                "the sentence above your signature changed; read it again",
            ));
        }
        Ok(())
    }

    /// The signature of the caller, from what was read: nothing about the person comes from the request.
    fn by(self, permit: &Permit, found: &Found) -> Result<Signature, Stop> {
        let (Some(login), Some(session)) = (&found.login, &found.session) else {
            return Err(missing("a permit to sign came without a login or a session"));
        };
        let terms = found.grant.as_ref().filter(|_| permit.capacity() == Capacity::Family).map(|grant| &grant.terms);
        Ok(Signature {
            name: login.name.clone(),
            relationship: terms.map(|terms| terms.relationship),
            authority: terms.map(|terms| terms.authority),
            mark: self.mark,
            document_sha256: self.document_sha256,
            pages: self.pages,
            answers_sha256: self.answers_sha256,
            consent_version: self.consent_version,
            attestation_version: self.attestation_version,
            language: self.language,
            method: session.method,
            authenticated_at: session.authenticated_at,
            signed_at: found.now,
        })
    }
}
