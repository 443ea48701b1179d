use hearth::domain::document::{CanonicalFile, Sha256Digest};
use hearth::domain::grant::Relationship;
use hearth::domain::id::{DocumentId, LoginId, MemberId, PacketId, SlotId};
use hearth::domain::login::Language;
use hearth::domain::packet::{Group, Mode, PacketState};
use hearth::domain::signature::CONSENT_VERSION;

use super::*;

fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").unwrap()
}

fn signature() -> Signature {
    Signature {
        name: "Alex".parse().unwrap(),
        relationship: Some(Relationship::Resprsn),
        authority: Some(Authority::AgencyCustody),
        mark: Mark::Drawn { strokes: vec![vec![[0, 10], [1_000, 300]]] },
        document_sha256: Sha256Digest::new([4; 32]),
        pages: 2,
        answers_sha256: None,
        consent_version: CONSENT_VERSION.to_owned(),
        attestation_version: ATTESTATION_VERSION.to_owned(),
        language: Language::English,
        method: AuthenticationMethod::PasswordAndMailedCode,
        authenticated_at: "2026-11-21T13:30:00Z".parse().unwrap(),
        signed_at: "2026-11-21T14:04:09Z".parse().unwrap(),
    }
}

fn packet(states: Vec<SlotState>) -> Packet {
    Packet {
        id: PacketId::from_random([1; 16]),
        member: MemberId::from_random([2; 16]),
        document: DocumentId::from_random([3; 16]),
        canonical: CanonicalFile { sha256: Sha256Digest::new([4; 32]), bytes: 1_000, pages: 2 },
        title: "Consent to treatment".parse().unwrap(),
        created_by: LoginId::from_random([9; 16]),
        created_at: "2026-07-01T16:00:00Z".parse().unwrap(),
        slots: states
            .into_iter()
            .map(|state| Slot {
                state,
                ..Slot::asking(
                    SlotId::from_random([5; 16]),
                    Some(LoginId::from_random([6; 16])),
                    SigningCapacity::Guardian,
                )
            })
            .collect(),
        mode: Mode::Together,
        groups: Group::alone(),
        is_form: false,
        supersedes: None,
        superseded_by: None,
        closing: None,
        state: PacketState::Ready,
        version: 4,
    }
}

fn signed(signature: Signature) -> SlotState {
    SlotState::Signed { signature: Box::new(signature) }
}

#[test]
fn everything_that_was_fixed_by_signing_is_in_the_record() {
    let evidence = of(
        &packet(vec![signed(signature())]),
        Piece::Whole,
        None,
        Some(&"Riverside Clinic".parse().unwrap()),
        &new_york(),
    )
    .unwrap();
    assert_eq!((evidence.document_sha256, evidence.pages), ([4; 32], 2));
    assert_eq!(evidence.title_lines, ["Riverside Clinic", "Consent to treatment"]);
    // Summer and winter at the clinic.
    assert_eq!(evidence.facts[0].1, "2026-07-01 16:00:00 UTC (1 July 2026, 12:00:00 EDT)");
    let [signature] = evidence.signatures.as_slice() else { panic!("one signature") };
    assert_eq!(signature.signer, "Alex");
    assert_eq!(signature.mark, pdf::Mark::Drawn(vec![vec![(0, 10), (1_000, 300)]]));
    assert_eq!(signature.capacity, "as the client's legal guardian or representative");
    assert_eq!(signature.authority, "custody of an agency, acting through its worker, as the clinic recorded it");
    assert!(signature.attestation.starts_with(SigningCapacity::Guardian.attestation(Language::English)));
    assert!(signature.attestation.contains(ATTESTATION_VERSION) && signature.records_consent.contains(CONSENT_VERSION));
    assert_eq!(signature.signed_at.utc, "2026-11-21 14:04:09 UTC");
    assert_eq!(signature.signed_at.local, "21 November 2026, 09:04:09 EST");
    assert_eq!(signature.authenticated_at.utc, "2026-11-21 13:30:00 UTC");
    assert_eq!(signature.authentication, "password and a code sent by email");
    assert_eq!(signature.facts, [("Relationship".to_owned(), "responsible party".to_owned())]);
}

#[test]
fn a_packet_without_all_signatures_is_never_put_into_words() {
    let declined = SlotState::Declined { reason: "no".parse().unwrap(), at: signature().signed_at };
    for missing in [SlotState::Waiting, declined] {
        let packet = packet(vec![signed(signature()), missing]);
        assert_eq!(of(&packet, Piece::Whole, None, None, &new_york()), Err(WordsError::Unsigned));
    }
}

#[test]
fn nobody_gets_words_that_were_not_on_the_screen() {
    let older = Signature { attestation_version: "2020-01-01".to_owned(), ..signature() };
    assert_eq!(
        of(&packet(vec![signed(older)]), Piece::Whole, None, None, &new_york()),
        Err(WordsError::ForgottenWords)
    );
}
