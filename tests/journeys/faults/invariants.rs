//! What must hold of a clinic at any time, whatever happened to any call. The numbers are those of the design's list.

mod papers;

use super::ledger::Ledger;
use hearth::domain::event::{Capacity, Event, EventKind, Subject, first_broken};
use hearth::domain::grant::GrantState;
use hearth::domain::invitation::InvitationState;
use hearth::domain::mail::Delivery;
use journeys::World;
use papers::{documents, packets};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is broken in a clinic in which nothing is under way.
pub(super) fn invariants(world: &World) -> Vec<String> {
    let ledger = match Ledger::read(world) {
        Ok(ledger) => ledger,
        Err(wrong) => return vec![wrong],
    };
    let mut wrong = Vec::new();
    for check in [chains, invitations, access_along_the_record, grants, documents, packets, sessions] {
        check(&ledger, &mut wrong);
    }
    mails(world, &ledger, &mut wrong);
    wrong
}

/// I6, I18: every chain is whole, stands where its events say, and tells of a change of a request once.
fn chains(ledger: &Ledger, wrong: &mut Vec<String>) {
    for (partition, chain) in &ledger.chains {
        if let Some(place) = first_broken(chain) {
            wrong.push(format!("I6: the chain of {partition} is broken at {place}"));
        }
        let mut told = BTreeSet::new();
        for event in chain {
            let of = match event.subject {
                Subject::Member(member) => format!("MEMBER#{member}"),
                Subject::Login(login) => format!("LOGIN#{login}"),
            };
            if of != *partition {
                wrong.push(format!("I18: an event about {of} stands with {partition}"));
            }
            // The sealer acts without a request.
            let once = event.request != "seal";
            if once && !told.insert((event.request.clone(), format!("{:?}", event.kind), event.object.clone())) {
                wrong.push(format!("I6: {partition} tells twice that {:?} by request {}", event.kind, event.request));
            }
        }
    }
}

/// I1, I2: an accepted invitation is accepted once, in time, and gave exactly what it offered; no other was accepted.
fn invitations(ledger: &Ledger, wrong: &mut Vec<String>) {
    let mut accepted: BTreeMap<(String, String), Vec<&Event>> = BTreeMap::new();
    for (partition, chain) in &ledger.chains {
        for event in chain.iter().filter(|event| event.kind == EventKind::InvitationAccepted) {
            let object = event.object.clone().unwrap_or_default();
            accepted.entry((partition.clone(), object)).or_default().push(event);
        }
    }
    for invitation in &ledger.invitations {
        let is_open = invitation.state == InvitationState::Open;
        for offer in &invitation.offers {
            let partition = format!("MEMBER#{}", offer.member);
            let told = accepted.remove(&(partition.clone(), invitation.id.to_string())).unwrap_or_default();
            if is_open != ledger.has(&partition, &format!("INVITATION#{}", invitation.id)) {
                wrong.push(format!("I1: {} is open: {is_open}, and {partition} says otherwise", invitation.id));
            }
            match (&invitation.state, told.as_slice()) {
                (InvitationState::Accepted { by, at }, [event]) => {
                    if event.actor != Some(*by) || event.at != *at || *at >= invitation.expires_at {
                        wrong.push(format!("I2: {} was accepted by somebody else, or too late", invitation.id));
                    }
                    if !ledger.grants.iter().any(|grant| grant.login == *by && grant.member == offer.member) {
                        wrong.push(format!("I1: {} was accepted and gave nothing for {partition}", invitation.id));
                    }
                }
                (InvitationState::Accepted { .. }, told) => {
                    wrong.push(format!("I2: {} was accepted {} times for {partition}", invitation.id, told.len()));
                }
                (_, []) => {}
                (state, _) => wrong.push(format!("I2: {} is {state:?}, and was accepted", invitation.id)),
            }
        }
    }
    wrong.extend(
        accepted.keys().map(|(partition, of)| format!("I1: {partition} was accepted by {of}, which is unknown")),
    );
}

/// I3, I5: along every member's record, whoever acts for the family has access at that moment, signs once in a packet, and not
/// after its end.
fn access_along_the_record(ledger: &Ledger, wrong: &mut Vec<String>) {
    for (partition, chain) in ledger.chains.iter().filter(|(partition, _)| partition.starts_with("MEMBER#")) {
        let (mut inside, mut signed, mut closed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut merged: BTreeMap<String, (String, bool)> = BTreeMap::new();
        for event in chain {
            let (actor, object) = (
                event.actor.map(|actor| actor.to_string()).unwrap_or_default(),
                event.object.clone().unwrap_or_default(),
            );
            match event.kind {
                EventKind::InvitationAccepted => drop(inside.insert(actor)),
                EventKind::GrantGiven => drop(inside.insert(object)),
                EventKind::ChildHandedOver => match ledger.hand_overs.get(&object) {
                    Some(act) => {
                        inside.remove(&act.from.to_string());
                        inside.insert(act.to.to_string());
                    }
                    None => wrong.push(format!("I5: {partition} was handed over by {object}, which is unknown")),
                },
                // One person with two logins: what the other one had is had by the one who stays.
                EventKind::LoginsMerged => {
                    inside.remove(&object);
                    let is_new = inside.insert(actor.clone());
                    merged.insert(object, (actor, is_new));
                }
                EventKind::LoginsSeparated => {
                    if let Some((stays, true)) = merged.remove(&object) {
                        inside.remove(&stays);
                    }
                    inside.insert(object);
                }
                EventKind::GrantEnded | EventKind::GrantRevoked => {
                    let had = inside.remove(&object);
                    wrong.extend((!had).then(|| format!("I5: {partition} lost {object} who had no access")));
                }
                EventKind::InvitationDeclined => {}
                kind if event.capacity == Capacity::Family && !inside.contains(&actor) => {
                    wrong.push(format!("I5: {kind:?} on {partition} by {actor} without access"));
                }
                EventKind::PacketSigned => {
                    if closed.contains(&object) {
                        wrong.push(format!("I3: {object} was signed after its end"));
                    }
                    if !signed.insert((object.clone(), actor)) {
                        wrong.push(format!("I4: {object} was signed twice by one person"));
                    }
                }
                EventKind::PacketDeclined | EventKind::PacketVoided | EventKind::PacketSealed => {
                    let first = closed.insert(object.clone());
                    wrong.extend((!first).then(|| format!("I3: {object} came to an end twice")));
                }
                _ => {}
            }
        }
        let now: BTreeSet<String> = ledger
            .grants
            .iter()
            .filter(|grant| grant.state == GrantState::Active && *partition == format!("MEMBER#{}", grant.member))
            .map(|grant| grant.login.to_string())
            .collect();
        if now != inside {
            wrong.push(format!("I6: {partition} is open to {now:?}; its record says {inside:?}"));
        }
    }
}

/// I13: whoever has access stands on the member's list, and nobody without a grant does.
fn grants(ledger: &Ledger, wrong: &mut Vec<String>) {
    let pointed: BTreeSet<(String, String)> = ledger
        .keys
        .iter()
        .filter(|(pk, sk)| pk.starts_with("MEMBER#") && sk.starts_with("GRANTEE#"))
        .cloned()
        .collect();
    let given: BTreeSet<(String, String)> = ledger
        .grants
        .iter()
        .map(|grant| (format!("MEMBER#{}", grant.member), format!("GRANTEE#{}", grant.login)))
        .collect();
    wrong.extend(
        given.symmetric_difference(&pointed).map(|(member, login)| format!("I13: {member} and {login} disagree")),
    );
}

/// I9: a session stands for one sign-in.
fn sessions(ledger: &Ledger, wrong: &mut Vec<String>) {
    let mut signed_in: BTreeMap<String, usize> = BTreeMap::new();
    for (partition, chain) in &ledger.chains {
        let count = chain.iter().filter(|event| event.kind == EventKind::SignedIn).count();
        signed_in.insert(partition.clone(), count);
    }
    let mut open: BTreeMap<String, usize> = BTreeMap::new();
    for session in &ledger.sessions {
        *open.entry(format!("LOGIN#{}", session.login)).or_default() += 1;
    }
    for (login, count) in open {
        if count > signed_in.get(&login).copied().unwrap_or(0) {
            wrong.push(format!("I9: {login} has {count} sessions, more than it signed in"));
        }
    }
}

/// I7: every mail went out at least once, or is parked where somebody looks.
fn mails(world: &World, ledger: &Ledger, wrong: &mut Vec<String>) {
    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    for mail in world.stack.mails() {
        *sent.entry(mail.to.join(",")).or_default() += 1;
    }
    let parked = world.stack.dead_letters().len();
    let addresses: BTreeMap<String, String> = ledger
        .mailboxes
        .iter()
        .map(|mailbox| (mailbox.id.to_string(), mailbox.address.as_typed().to_owned()))
        .collect();
    let mut due: BTreeMap<String, usize> = BTreeMap::new();
    for mail in &ledger.mails {
        if mail.delivery != Delivery::Refused {
            *due.entry(addresses.get(&mail.mailbox.to_string()).cloned().unwrap_or_default()).or_default() += 1;
        }
    }
    for (address, due) in due {
        let sent = sent.get(&address).copied().unwrap_or(0);
        if sent + parked < due {
            wrong.push(format!("I7: {due} mails to one address, {sent} sent and {parked} parked"));
        }
    }
}
