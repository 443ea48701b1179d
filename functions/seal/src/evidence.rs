//! What the signature record says of a packet, in words. All of it was fixed when people signed; nothing is looked up now.

use hearth::domain::grant::Authority;
use hearth::domain::login::AuthenticationMethod;
use hearth::domain::packet::{Packet, SlotState};
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

/// The evidence of a packet whose slots are all signed, under the clinic's name when it is known. The same packet yields the
/// same evidence.
pub(crate) fn of(packet: &Packet, clinic: Option<&Title>, time_zone: &TimeZone) -> Result<pdf::Evidence, WordsError> {
    let signature = |slot: &hearth::domain::packet::Slot| match &slot.state {
        SlotState::Signed { signature } => one(signature, slot.capacity, time_zone),
        SlotState::Waiting | SlotState::Declined { .. } => Err(WordsError::Unsigned),
    };
    let requested = moment(packet.created_at, time_zone);
    Ok(pdf::Evidence {
        packet: packet.id.to_string(),
        title_lines: clinic.into_iter().chain([&packet.title]).map(|line| line.as_str().to_owned()).collect(),
        document_sha256: *packet.canonical.sha256.as_bytes(),
        pages: packet.canonical.pages,
        signatures: packet.slots.iter().map(signature).collect::<Result<_, _>>()?,
        facts: vec![
            ("Requested".to_owned(), format!("{} ({})", requested.utc, requested.local)),
            ("Document".to_owned(), packet.document.to_string()),
        ],
        labels: pdf::ENGLISH,
    })
}

fn one(
    signature: &Signature,
    capacity: SigningCapacity,
    time_zone: &TimeZone,
) -> Result<pdf::SignatureEvidence, WordsError> {
    // Printing today's sentence for another one would put words into the signer's mouth. An older sentence must stay in the
    // program until the last packet signed under it is sealed.
    if signature.attestation_version != ATTESTATION_VERSION {
        return Err(WordsError::ForgottenWords);
    }
    Ok(pdf::SignatureEvidence {
        mark: match &signature.mark {
            Mark::Typed { name } => pdf::Mark::Typed(name.as_str().to_owned()),
            Mark::Drawn { strokes } => {
                pdf::Mark::Drawn(strokes.iter().map(|stroke| stroke.iter().map(|&[x, y]| (x, y)).collect()).collect())
            }
        },
        signer: signature.name.as_str().to_owned(),
        capacity: capacity_in_words(capacity).to_owned(),
        authority: format!("{}, as the clinic recorded it", authority_in_words(signature.authority)),
        attestation: format!("{} (version {})", capacity.attestation(), signature.attestation_version),
        records_consent: format!("agreed to sign electronically, text of {}", signature.consent_version),
        signed_at: moment(signature.signed_at, time_zone),
        authentication: method_in_words(signature.method).to_owned(),
        authenticated_at: moment(signature.authenticated_at, time_zone),
        facts: vec![("Relationship".to_owned(), signature.relationship.in_english().to_owned())],
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
