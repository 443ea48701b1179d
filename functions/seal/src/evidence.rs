//! What the signature record says of a packet, in words. All of it was fixed when people signed; nothing is looked up now.

use hearth::domain::answers::Answers;
use hearth::domain::grant::Authority;
use hearth::domain::login::AuthenticationMethod;
use hearth::domain::packet::{Mode, Packet, Piece, Seal, Slot, SlotState};
use hearth::domain::signature::{ATTESTATION_VERSION, Mark, Signature, SigningCapacity};
use hearth::domain::text::Title;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::pdf;

/// The packet cannot be put into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WordsError {
    /// A slot without a signature.
    #[error("a packet to seal lacks a signature; look at how it became ready")]
    Unsigned,
    /// The attestation sentence of that version is not in the program any more.
    #[error("the words of an older attestation are missing; put them back beside the present ones")]
    ForgottenWords,
}

/// The evidence on one file of a packet, under the clinic's name when it is known. The same packet yields the same evidence, and
/// that of a copy says nothing that depends on another slot.
pub(crate) fn of(
    packet: &Packet,
    piece: Piece,
    answers: Option<Answers>,
    clinic: Option<&Title>,
    time_zone: &TimeZone,
) -> Result<pdf::Evidence, WordsError> {
    let is_complete = match piece {
        Piece::Whole => packet.turn().is_none() && packet.signed() > 0,
        Piece::Copy(slot) => packet.slot(slot).is_ok_and(|slot| slot.signature().is_some()),
    };
    if !is_complete {
        return Err(WordsError::Unsigned);
    }
    let is_shown =
        |slot: &&Slot| slot.signature().is_some() && (piece == Piece::Whole || piece == Piece::Copy(slot.id));
    let signed: Vec<&Slot> = packet.slots.iter().filter(is_shown).collect();
    let requested = moment(packet.created_at, time_zone);
    let mut facts = vec![
        ("Requested".to_owned(), format!("{} ({})", requested.utc, requested.local)),
        ("Document".to_owned(), packet.document.to_string()),
    ];
    match (piece, packet.mode) {
        (Piece::Copy(_), _) => facts.push((
            "Copy".to_owned(),
            "of one signer. Who else the clinic asks signs a copy of his or her own, which says nothing of this one."
                .to_owned(),
        )),
        (Piece::Whole, Mode::Separate) => facts.push((
            "Record".to_owned(),
            "for the clinic: each signer has a sealed copy of his or her own with nothing of the others in it."
                .to_owned(),
        )),
        (Piece::Whole, Mode::Together) => {}
    }
    if piece == Piece::Whole {
        facts.extend(packet.slots.iter().filter_map(|slot| unsigned_here(slot, packet.mode, time_zone)));
    }
    let signature = |slot: &&Slot| match slot.signature() {
        Some(signature) => one(signature, slot, piece, time_zone),
        None => Err(WordsError::Unsigned),
    };
    Ok(pdf::Evidence {
        packet: packet.id.to_string(),
        title_lines: clinic.into_iter().chain([&packet.title]).map(|line| line.as_str().to_owned()).collect(),
        document_sha256: *packet.canonical.sha256.as_bytes(),
        pages: packet.canonical.pages,
        answers,
        signatures: signed.iter().map(signature).collect::<Result<_, _>>()?,
        facts,
        labels: pdf::ENGLISH,
    })
}

/// What became of a slot that was not signed here. Reasons and papers stay with the clinic, so they stand on its own record only.
fn unsigned_here(slot: &Slot, mode: Mode, time_zone: &TimeZone) -> Option<(String, String)> {
    let capacity = capacity_in_words(slot.capacity);
    let is_record = mode == Mode::Separate;
    if let SlotState::OnPaper { scan, at, .. } = &slot.state {
        let at = moment(*at, time_zone);
        let scan = if is_record { format!("; scan {scan}") } else { String::new() };
        return Some(("On paper".to_owned(), format!("signed {capacity}{scan}, kept {}", at.utc)));
    }
    if let SlotState::Declined { reason, at } = &slot.state
        && is_record
    {
        let excuse = slot.excuse.as_ref().map(|excuse| format!(". The clinic went on: {}", excuse.reason.as_str()));
        let (reason, at) = (reason.as_str(), moment(*at, time_zone).utc);
        return Some((
            "Declined".to_owned(),
            format!("asked {capacity}, {at}: {reason}{}", excuse.unwrap_or_default()),
        ));
    }
    let excuse = slot.excuse.as_ref()?;
    let at = moment(excuse.at, time_zone).utc;
    let reason = if is_record { format!(": {}", excuse.reason.as_str()) } else { String::new() };
    let evidence = excuse.evidence.filter(|_| is_record).map(|paper| format!(" ({paper})")).unwrap_or_default();
    Some(("Not needed".to_owned(), format!("a signature {capacity}, decided by the clinic {at}{reason}{evidence}")))
}

fn one(
    signature: &Signature,
    slot: &Slot,
    piece: Piece,
    time_zone: &TimeZone,
) -> Result<pdf::SignatureEvidence, WordsError> {
    // Printing today's sentence for another one would put words into the signer's mouth. An older sentence must stay in the
    // program until the last packet signed under it is sealed.
    if signature.attestation_version != ATTESTATION_VERSION {
        return Err(WordsError::ForgottenWords);
    }
    let mut facts = Vec::new();
    if let Some(relationship) = signature.relationship {
        facts.push(("Relationship".to_owned(), relationship.in_english().to_owned()));
    }
    if let Some(opened_at) = slot.opened_at {
        let opened = moment(opened_at, time_zone);
        facts.push(("First opened".to_owned(), format!("{} ({})", opened.local, opened.utc)));
    }
    if let Some(copy) = slot.copy.as_ref().and_then(Seal::file).filter(|_| piece == Piece::Whole) {
        facts.push(("Sealed copy".to_owned(), format!("SHA-256 {}", copy.sha256)));
    }
    if let Some(answers) = signature.answers_sha256 {
        facts.push(("Answers".to_owned(), format!("as filled in on the form, SHA-256 {answers}")));
    }
    let attestation = slot.capacity.attestation(signature.language);
    Ok(pdf::SignatureEvidence {
        mark: match &signature.mark {
            Mark::Typed { name } => pdf::Mark::Typed(name.as_str().to_owned()),
            Mark::Drawn { strokes } => {
                pdf::Mark::Drawn(strokes.iter().map(|stroke| stroke.iter().map(|&[x, y]| (x, y)).collect()).collect())
            }
        },
        signer: signature.name.as_str().to_owned(),
        capacity: capacity_in_words(slot.capacity).to_owned(),
        authority: match signature.authority {
            Some(authority) => format!("{}, as the clinic recorded it", authority_in_words(authority)),
            None => "works for the clinic".to_owned(),
        },
        attestation: format!("{attestation} (version {})", signature.attestation_version),
        records_consent: format!("agreed to sign electronically, text of {}", signature.consent_version),
        answers_sha256: signature.answers_sha256.map(|sha256| *sha256.as_bytes()),
        signed_at: moment(signature.signed_at, time_zone),
        authentication: method_in_words(signature.method).to_owned(),
        authenticated_at: moment(signature.authenticated_at, time_zone),
        facts,
    })
}

/// A moment in UTC, and as the clocks at the clinic showed it.
fn moment(at: Timestamp, time_zone: &TimeZone) -> pdf::Moment {
    pdf::Moment {
        utc: at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        local: at.to_zoned(time_zone.clone()).strftime("%-d %B %Y, %H:%M:%S %Z").to_string(),
    }
}

const fn capacity_in_words(capacity: SigningCapacity) -> &'static str {
    match capacity {
        SigningCapacity::Parent => "as a parent of the client",
        SigningCapacity::Guardian => "as the client's legal guardian or representative",
        SigningCapacity::Patient => "as the client",
        SigningCapacity::Assent => "as a client who is a minor and agrees",
        SigningCapacity::Witness => "as a witness",
        SigningCapacity::Clinic => "for the clinic",
    }
}

const fn authority_in_words(authority: Authority) -> &'static str {
    match authority {
        Authority::ParentalResponsibility => "parental responsibility",
        Authority::Guardianship => "guardianship",
        Authority::FosterPlacement => "foster placement",
        Authority::AgencyCustody => "custody of an agency, acting through its worker",
        Authority::CourtOrder => "order of a court",
        Authority::AdultConsent => "consent of the adult client",
        Authority::Oneself => "the client's own right",
    }
}

const fn method_in_words(method: AuthenticationMethod) -> &'static str {
    match method {
        AuthenticationMethod::Password => "password, on a device confirmed earlier by a code sent by email",
        AuthenticationMethod::PasswordAndMailedCode => "password and a code sent by email",
        AuthenticationMethod::PasswordAndRecoveryCode => "password and a recovery code kept on paper",
        AuthenticationMethod::Passkey => "passkey, on a device that checked its user by finger, face or PIN",
    }
}

#[cfg(test)]
mod tests;
