//! An answer that does not hold in every respect is no time stamp.

use jiff::SignedDuration;

use super::fixtures::{authority, now};
use crate::timestamp::{Request, TOLERANCE, TimeStampError, Token};

const IMPRINT: [u8; 32] = [9; 32];

fn request() -> Request {
    Request::new(IMPRINT, [3; 16]).unwrap()
}

#[test]
fn an_answer_holds_for_its_request_only() {
    let answer = authority().answer(request().der(), now()).unwrap();
    let token = request().answered(&answer, now()).unwrap();
    assert_eq!(token.time(), now());
    let encoded = token.clone().into_der();
    assert_eq!(Token::read(&encoded, &IMPRINT), Ok(token));
    assert_eq!(Token::read(&encoded, &[8; 32]), Err(TimeStampError::OtherImprint));

    let other = Request::new(IMPRINT, [4; 16]).unwrap();
    assert_eq!(other.answered(&answer, now()), Err(TimeStampError::OtherNonce));
    let other = Request::new([8; 32], [3; 16]).unwrap();
    assert_eq!(other.answered(&answer, now()), Err(TimeStampError::OtherImprint));
}

#[test]
fn the_clocks_must_be_near() {
    for (off, near) in [(TOLERANCE, true), (TOLERANCE + SignedDuration::from_secs(1), false)] {
        for at in [now() + off, now() - off] {
            let answer = authority().answer(request().der(), at).unwrap();
            assert_eq!(request().answered(&answer, now()).is_ok(), near, "{at}");
        }
    }
}

#[test]
fn a_refusal_and_rubbish_are_no_time_stamps() {
    // PKIStatus "rejection", without a token.
    let refusal = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02];
    assert_eq!(request().answered(&refusal, now()), Err(TimeStampError::Refused));
    // "granted", and nothing granted.
    let nothing = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00];
    assert_eq!(request().answered(&nothing, now()), Err(TimeStampError::Refused));
    for rubbish in [b"".as_slice(), b"<html>", &[0x30, 0x80]] {
        assert_eq!(request().answered(rubbish, now()), Err(TimeStampError::Unreadable));
    }
}

#[test]
fn every_changed_byte_of_an_answer_is_noticed() {
    let answer = authority().answer(request().der(), now()).unwrap();
    let good = request().answered(&answer, now()).unwrap().into_der();
    for place in 0..answer.len() {
        let mut changed = answer.clone();
        changed[place] ^= 1 << (place % 8);
        // What is kept is either refused or the same: parts that nobody signed are written anew.
        if let Ok(token) = request().answered(&changed, now()) {
            assert_eq!(token.into_der(), good, "byte {place}");
        }
    }
    for place in 0..good.len() {
        let mut changed = good.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(Token::read(&changed, &IMPRINT).is_err(), "byte {place}");
    }
}
