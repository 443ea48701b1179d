//! Documents and packets: what they say, what is on record, and what lies in the bucket.

use std::collections::BTreeSet;

use super::super::ledger::Ledger;
use hearth::domain::document::DocumentState;
use hearth::domain::event::EventKind;
use hearth::domain::packet::{AnswersOf, PacketState, Seal};
use hearth::files::FileKey;

/// I11: a document that is ready has its canonical file, and says so once.
pub(super) fn documents(ledger: &Ledger, wrong: &mut Vec<String>) {
    for document in &ledger.documents {
        let partition = format!("MEMBER#{}", document.member);
        let told = |kind: EventKind| {
            let chain = ledger.chains.get(&partition).into_iter().flatten();
            chain.filter(|event| event.kind == kind && event.object == Some(document.id.to_string())).count()
        };
        let expected = match &document.state {
            DocumentState::Awaiting => (1, 0, 0),
            DocumentState::Ready { canonical } => {
                let key = FileKey::canonical(document.member, document.id, &canonical.sha256);
                if !ledger.objects.contains(key.as_str()) {
                    wrong.push(format!("I11: {} is ready without its file", document.id));
                }
                (1, 1, 0)
            }
            DocumentState::Refused { .. } => (1, 0, 1),
        };
        let found = (told(EventKind::UploadStarted), told(EventKind::DocumentReady), told(EventKind::DocumentRefused));
        if found != expected {
            wrong.push(format!("I6: {} is on record {found:?} times, not {expected:?}", document.id));
        }
    }
}

/// I4: what is signed is on record, what waits stands on the list of who is asked, what is sealed has its file,
/// and answers are kept for as long as they can be signed or were.
pub(super) fn packets(ledger: &Ledger, wrong: &mut Vec<String>) {
    for packet in &ledger.packets {
        let chain = ledger.chains.get(&format!("MEMBER#{}", packet.member)).map(Vec::as_slice).unwrap_or_default();
        let told = |kind: EventKind| {
            chain.iter().filter(|event| event.kind == kind && event.object == Some(packet.id.to_string())).count()
        };
        let signed = packet.slots.iter().filter(|slot| slot.signature().is_some()).count();
        if signed != told(EventKind::PacketSigned) + told(EventKind::CopySigned) || told(EventKind::PacketCreated) != 1
        {
            wrong.push(format!(
                "I4: {} has {signed} signatures and {} on record",
                packet.id,
                told(EventKind::PacketSigned)
            ));
        }
        for login in packet.slots.iter().filter_map(|slot| slot.login).collect::<BTreeSet<_>>() {
            let waits = packet.asks(login);
            let listed = ledger.has(&format!("LOGIN#{login}"), &format!("TODO#{}#{}", packet.member, packet.id));
            if waits != listed {
                wrong.push(format!("I13: {} waits for {login}: {waits}, and the list says {listed}", packet.id));
            }
        }
        for slot in &packet.slots {
            let Some(login) = slot.login else { continue };
            let there = ledger.has(&format!("LOGIN#{login}"), &format!("ANSWERS#{}#{}", packet.id, slot.id));
            let pinned = packet.answers_of(slot) == AnswersOf::Oneself && slot.answers_sha256().is_some();
            if (pinned && !there) || (there && !pinned && !packet.is_fillable(slot)) {
                wrong.push(format!("I14: of {} the answers are there: {there}, signed: {pinned}", slot.id));
            }
        }
        for piece in packet.pieces() {
            let Some(Seal::Sealed { sealed }) = packet.seal_of(piece) else { continue };
            let key = FileKey::sealed(packet.member, packet.id, piece, sealed.attempt);
            if !ledger.objects.contains(key.as_str()) {
                wrong.push(format!("I11: {} is sealed without its file", packet.id));
            }
        }
        if matches!(packet.state, PacketState::Sealed { .. }) && told(EventKind::PacketSealed) != 1 {
            wrong.push(format!("I11: {} is sealed not once", packet.id));
        }
    }
}
