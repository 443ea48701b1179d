//! Other spellings of an own address, which its provider delivers to the same mailbox.
//!
//! Whether somebody signs in with one is told to nobody but who has just proved the mailbox by a code, in this very session:
//! having proved it once would let a former partner watch it for ever.

use std::collections::BTreeSet;

use futures_util::future::try_join;
use hearth::domain::decide::Action;
use hearth::domain::id::LoginId;
use hearth::domain::login::alias::{are_twins, canonical_form};
use hearth::domain::login::{AddressProof, Mailbox};
use hearth::domain::text::EmailAddress;
use hearth::gate::missing;
use hearth::http::problem::ProblemDocument;
use hearth::http::{Answer, Call, Stop};
use hearth::store::Key;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::mailbox::{OwnAddress, own_mailboxes};

/// What may belong together.
#[derive(Serialize, ToSchema)]
pub(crate) struct Aliases {
    /// Own addresses that have other spellings by their provider's rule. Prove one again to see who signs in with them.
    addresses: Vec<OwnAddress>,
    /// Addresses with a sign-in of their own that reach the mailbox proved just now, as they were typed.
    found: Vec<EmailAddress>,
}

/// Lists what may belong together. The proof names the group, the group its addresses: three calls in series, one less when
/// nothing was proved just now.
#[utoipa::path(get, path = "/login/aliases", operation_id = "list_aliases", tag = "login", security(("session" = [])),
    responses((status = 200, body = Aliases), (status = "4XX", body = ProblemDocument)))]
pub(crate) async fn aliases(context: &Context, call: &Call) -> Result<Answer, Stop> {
    let gate = &context.gate;
    let claims = gate.session(call)?;
    let key = Key::proof(claims.login);
    let mut found = gate.read_for(call, &claims).also(key.clone()).send().await?;
    gate.permit(Action::UseOwnLogin, &mut found).await?;
    let login = found.login.clone().ok_or(missing("a permit without a login"))?;
    let proof: Option<AddressProof> = found.get(&key)?;
    let proof = proof.filter(|proof| proof.proved && proof.open_in(claims.session, found.now).is_ok());

    let (own, group) = try_join(own_mailboxes(context, &login), group_of(context, proof.as_ref())).await?;
    Answer::ok(&Aliases {
        addresses: own
            .iter()
            .filter(|mailbox| canonical_form(&mailbox.address).is_some())
            .map(|mailbox| OwnAddress::of(context, &login, mailbox))
            .collect(),
        found: others(login.id, &own, &group),
    })
}

/// All mailboxes of the group that was proved.
async fn group_of(context: &Context, proof: Option<&AddressProof>) -> Result<Vec<Mailbox>, Stop> {
    let Some(group) = proof.and_then(|proof| proof.group.as_ref()) else { return Ok(Vec::new()) };
    let store = &context.gate.store;
    let names = store.list_names(&Key::aliases(group), "MAILBOX#").await?;
    let keys: BTreeSet<Key> = names.iter().filter_map(|name| name.parse().ok()).map(|id| Key::mailbox(&id)).collect();
    store.values(&keys).await
}

/// Addresses behind which somebody else stands, and which are another spelling of an own one.
fn others(login: LoginId, own: &[Mailbox], group: &[Mailbox]) -> Vec<EmailAddress> {
    let mut others: Vec<EmailAddress> = group
        .iter()
        .filter(|mailbox| mailbox.logins.iter().any(|&other| other != login))
        .filter(|mailbox| own.iter().any(|own| are_twins(&own.address, &mailbox.address)))
        .map(|mailbox| mailbox.address.clone())
        .collect();
    others.sort_by_key(EmailAddress::canonical);
    others
}
