mod changes;
mod fixtures;
mod stamps;

use fixtures::{chain, file, key, seal, sealed};
use p256::ecdsa::SigningKey;

use super::local::self_signed;
use super::*;

#[test]
fn a_sealed_file_proves_itself() {
    for stamped in [false, true] {
        let file = sealed(stamped);
        assert!(file.starts_with(&fixtures::paper()));
        let verified = verify(&file, Some(&[chain().fingerprint()])).unwrap();
        assert_eq!(verified.chain, chain());
        assert_eq!((verified.pages, verified.record.document.pages), (2, 1));
        assert_eq!(verified.sealed_at, fixtures::now());
        assert_eq!(verified.record.signatures[0].signer, "Ana Núñez");
        let stamp = verified.time_stamp.map(|stamp| (stamp.time(), stamp.authority().to_owned()));
        assert_eq!(stamp, stamped.then(|| (fixtures::now(), "CN=Time stamps on this machine".to_owned())));
    }
}

#[test]
fn a_seal_of_another_key_is_known() {
    let other = SigningKey::from_slice(&[8; 32]).unwrap();
    let other = Chain::from_der(vec![self_signed(&other, "CN=Test seal").unwrap()]).unwrap();
    assert_eq!(verify(&sealed(false), Some(&[other.fingerprint()])).unwrap_err(), Unproven::OtherCertificate);
    // A key whose certificate is another's never gets as far as a file.
    let draft = Draft::new(file(false), fixtures::paper().len(), &other).unwrap();
    let signature = fixtures::ready(local::MemoryKey(key()).sign(draft.digest())).unwrap();
    assert_eq!(draft.sign(&signature).unwrap_err(), SigningError::OtherKey);
}

#[test]
fn a_file_has_one_place_for_a_seal() {
    let paper = fixtures::paper();
    assert_eq!(Draft::new(paper.clone(), 0, &chain()).unwrap_err(), SigningError::NoPlace);
    assert_eq!(Draft::new(sealed(false), paper.len(), &chain()).unwrap_err(), SigningError::NoPlace);
    let mut twice = file(false);
    twice.extend(file(false).split_off(paper.len()));
    assert_eq!(Draft::new(twice, paper.len(), &chain()).unwrap_err(), SigningError::NoPlace);
}

#[test]
fn certificates_are_read_as_people_have_them() {
    use base64::Engine;
    let der = chain().der()[0].clone();
    let digits = base64::engine::general_purpose::STANDARD.encode(&der);
    assert_eq!(digits.parse(), Ok(chain()));
    let pem = format!("Bag attributes\n-----BEGIN CERTIFICATE-----\n{digits}\n-----END CERTIFICATE-----\n");
    assert_eq!(pem.parse(), Ok(chain()));
    assert_eq!("".parse::<Chain>(), Err(ChainError::Unreadable));
    assert_eq!("AAAA".parse::<Chain>(), Err(ChainError::Unreadable));
    assert_eq!(format!("{digits},{digits},AAAA").parse::<Chain>(), Err(ChainError::Unreadable));
    let other = self_signed(&SigningKey::from_slice(&[8; 32]).unwrap(), "CN=Other").unwrap();
    assert_eq!(Chain::from_der(vec![der, other]), Err(ChainError::Unlinked));
}

#[test]
fn a_certificate_counts_in_its_time_only() {
    let early = "2019-12-31T23:59:59Z".parse().unwrap();
    assert!(!chain().is_valid_at(early));
    assert_eq!(verify(&seal(false, early), None).unwrap_err(), Unproven::NotValidThen);
}

#[test]
fn a_record_that_was_written_otherwise_is_none() {
    let record = fixtures::record(false);
    let text = String::from_utf8(record.to_json()).unwrap();
    assert_eq!(Record::read(text.as_bytes()), Some(record));
    for (old, new) in [("Núñez", "Nuñez"), ("\"format\":1", "\"format\":2"), ("parent", "guardian"), ("{", "{ ")] {
        assert_eq!(Record::read(text.replacen(old, new, 1).as_bytes()), None, "{old}");
    }
}

#[test]
fn a_certificate_may_have_others_above_it() {
    use p256::ecdsa::DerSignature;
    use p256::ecdsa::signature::Signer;
    use x509_cert::der::{Decode, Encode};
    let above = SigningKey::from_slice(&[12; 32]).unwrap();
    let root = self_signed(&above, "CN=Root").unwrap();
    let mut own = x509_cert::Certificate::from_der(&chain().der()[0]).unwrap();
    own.tbs_certificate.issuer = "CN=Root".parse().unwrap();
    let signature: DerSignature = above.sign(&own.tbs_certificate.to_der().unwrap());
    own.signature = der::asn1::BitString::from_bytes(signature.as_bytes()).unwrap();
    let own = own.to_der().unwrap();

    let both = Chain::from_der(vec![own.clone(), root.clone()]).unwrap();
    assert_eq!(Chain::from_der(vec![root.clone(), own.clone()]), Err(ChainError::Unlinked));
    let draft = Draft::new(file(false), fixtures::paper().len(), &both).unwrap();
    let signature = fixtures::signature(draft.digest());
    let sealed = draft.sign(&signature).unwrap().finish(None).unwrap();
    assert_eq!(verify(&sealed, None).unwrap().chain, both);
    // Whoever trusts the one above trusts the seal.
    let fingerprint = |der: Vec<u8>| Chain::from_der(vec![der]).unwrap().fingerprint();
    for trusted in [fingerprint(root), fingerprint(own)] {
        assert!(verify(&sealed, Some(&[chain().fingerprint(), trusted])).is_ok());
    }
    assert_eq!(verify(&sealed, Some(&[chain().fingerprint()])).unwrap_err(), Unproven::OtherCertificate);
    assert_eq!(verify(&sealed, Some(&[])).unwrap_err(), Unproven::OtherCertificate);
}
