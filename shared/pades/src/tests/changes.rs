//! Every later change is noticed.

use lopdf::{Document as Pdf, IncrementalDocument, Stream, dictionary};

use super::fixtures::{chain, paper, sealed, signed};
use crate::byte_range::ByteRange;
use crate::cms::{self, Parts};
use crate::{Unproven, verify};

#[test]
fn every_changed_byte_is_noticed() {
    for stamped in [false, true] {
        let file = sealed(stamped);
        // The zeros behind the signature are many and alike.
        let end = ByteRange::all(&file).remove(0).gap.end;
        let zeros = file[..end - 1].iter().rposition(|digit| *digit != b'0').unwrap() + 9;
        for place in (0..zeros).chain((zeros..end - 9).step_by(97)).chain(end - 9..file.len()) {
            // One bit after the other, and beside it the one that makes a small digit a capital one.
            for bit in [1 << (place % 8), 0x20] {
                let mut changed = file.clone();
                changed[place] ^= bit;
                assert!(verify(&changed, None).is_err(), "byte {place} of {} ({stamped}), bit {bit}", file.len());
            }
        }
    }
}

#[test]
fn every_missing_end_is_noticed() {
    for stamped in [false, true] {
        let file = sealed(stamped);
        for length in (0..file.len()).step_by(if stamped { 97 } else { 7 }).chain([file.len() - 1]) {
            let outcome = verify(&file[..length], None);
            assert!(outcome.is_err(), "{length} of {}", file.len());
        }
        assert_eq!(verify(&paper(), None).unwrap_err(), Unproven::NoSeal);
        assert_eq!(verify(&file[1..], None).unwrap_err(), Unproven::NotPdf);
    }
}

#[test]
fn what_is_added_behind_is_noticed() {
    let file = sealed(true);
    let sealed = file.len();
    let replaced = {
        let previous = Pdf::load_mem(&file).unwrap();
        let page = previous.page_iter().next().unwrap();
        let mut changed = previous.get_dictionary(page).unwrap().clone();
        let mut update = IncrementalDocument::create_from(file.clone(), previous);
        let content = Stream::new(dictionary! {}, b"1 0 0 rg 0 0 300 200 re f".to_vec());
        let content = update.new_document.add_object(content);
        changed.set("Contents", content);
        update.new_document.objects.insert(page, changed.into());
        let mut bytes = Vec::new();
        update.save_to(&mut bytes).unwrap();
        bytes
    };
    let more = [file.clone(), b"\n".to_vec()].concat();
    let twice = [file.clone(), file.clone()].concat();
    // An entry that looks like a seal's, and covers all.
    let decoy = [file.clone(), format!("/ByteRange[0 {sealed} 9 9]   /Contents<00>").into_bytes()].concat();
    for changed in [replaced, more, twice, decoy] {
        assert_eq!(verify(&changed, None).unwrap_err(), Unproven::Extended { sealed });
    }
}

#[test]
fn a_seal_that_was_taken_out_is_missed() {
    let file = sealed(false);
    let range = ByteRange::all(&file).remove(0);
    let mut emptied = file.clone();
    emptied[range.digits()].fill(b'0');
    assert_eq!(verify(&emptied, None).unwrap_err(), Unproven::Changed);
    let mut renamed = file;
    let entry = renamed.windows(10).rposition(|window| window == b"/ByteRange").unwrap();
    renamed[entry..entry + 10].copy_from_slice(b"/ByteRanGe");
    assert_eq!(verify(&renamed, None).unwrap_err(), Unproven::NoSeal);
}

/// Puts a signature made of other parts into its place.
fn with(file: &[u8], change: impl FnOnce(&mut Parts)) -> Vec<u8> {
    let range = ByteRange::all(file).remove(0);
    let bytes = hex::decode(&file[range.digits()]).unwrap();
    let length = der::Reader::tlv_bytes(&mut der::SliceReader::new(&bytes).unwrap()).unwrap().len();
    let mut parts = cms::read(&bytes[..length], range.digest(file)).unwrap();
    change(&mut parts);
    let mut changed = file.to_vec();
    changed[range.digits()].fill(b'0');
    let digits = hex::encode(parts.write().unwrap());
    changed[range.digits().start..][..digits.len()].copy_from_slice(digits.as_bytes());
    changed
}

#[test]
fn the_other_signature_that_verifies_is_not_the_one_that_was_written() {
    let changed = with(&sealed(false), |parts| {
        let (r, s) = parts.signature.split_scalars();
        parts.signature = p256::ecdsa::Signature::from_scalars(r, -s).unwrap();
    });
    assert_eq!(verify(&changed, None).unwrap_err(), Unproven::Changed);
}

#[test]
fn a_time_stamp_is_neither_cut_away_nor_added_nor_exchanged() {
    let stamped = sealed(true);
    let without = with(&stamped, |parts| parts.token = None);
    assert_eq!(verify(&without, None).unwrap_err(), Unproven::NoTimeStamp);
    let later = super::fixtures::now() + jiff::SignedDuration::from_hours(2);
    let late = signed(true, super::fixtures::now(), |signed| {
        let request = crate::timestamp::Request::new(signed.imprint(), [3; 16]).unwrap();
        let answer = super::fixtures::authority().answer(request.der(), later).unwrap();
        signed.finish(Some(request.answered(&answer, later).unwrap())).unwrap()
    });
    assert_eq!(verify(&late, None).unwrap_err(), Unproven::NoTimeStamp);
    let mut token = None;
    with(&stamped, |parts| token = parts.token.clone());
    let added = with(&sealed(false), |parts| parts.token = token.clone());
    assert_eq!(verify(&added, Some(&[chain().fingerprint()])).unwrap_err(), Unproven::NoTimeStamp);
}

#[test]
fn a_seal_that_certifies_nothing_is_none() {
    use crate::Draft;
    for (old, new) in [("/P 1/V", "/P 2/V"), ("/DocMDP ", "/DocMDQ "), ("ETSI.CAdES.detached", "adbe.pkcs7.detached")] {
        let mut file = super::fixtures::file(false);
        let at = file.windows(old.len()).rposition(|window| window == old.as_bytes()).unwrap();
        file[at..at + old.len()].copy_from_slice(new.as_bytes());
        let chain = chain();
        let draft = Draft::new(file, paper().len(), &chain).unwrap();
        let signature = super::fixtures::signature(draft.digest());
        let sealed = draft.sign(&signature).unwrap().finish(None).unwrap();
        assert_eq!(verify(&sealed, None).unwrap_err(), Unproven::NotCertified, "{old}");
    }
}
