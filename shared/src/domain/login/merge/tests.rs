//! What staff's undoing gives back, and what it does not.

use serde_json::{Value, json};

use super::*;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + hours * 3_600).unwrap()
}

fn login(number: u8) -> LoginId {
    LoginId::from_random([number; 16])
}

fn grant(holder: LoginId, scopes: &Value) -> Grant {
    serde_json::from_value(json!({
        "login": holder, "member": MemberId::from_random([3; 16]), "relationship": "PRN",
        "authority": "parental-responsibility", "scopes": scopes, "state": "active", "reason": null,
        "granted_by": login(9), "granted_at": at(-100), "version": 4,
    }))
    .unwrap()
}

fn all() -> Value {
    json!(["profile", "documents-read", "sign"])
}

/// A merge of one grant, and the grant that the login that stays has right after.
fn merge(moved: bool) -> (Merge, Grant) {
    let before = grant(login(1), &all());
    let after = if moved { before.moved_to(login(2), at(0)) } else { grant(login(2), &all()) };
    let moved = MovedGrant { before, moved, version_after: after.version };
    let merge = Merge {
        merged: login(1),
        into: login(2),
        at: at(0),
        grants: vec![moved],
        slots: Vec::new(),
        mailboxes: vec![MailboxId::from_hash([1; 32]), MailboxId::from_hash([2; 32])],
        gained: vec![MailboxId::from_hash([1; 32])],
        undone_at: None,
        version: 1,
    };
    (merge, after)
}

fn restored(merge: &Merge, today: &Grant) -> Option<Grant> {
    merge.restored(&merge.grants[0], Some(today))
}

#[test]
fn what_nobody_changed_comes_back_as_it_was() {
    for moved in [true, false] {
        let (merge, today) = merge(moved);
        assert_eq!(restored(&merge, &today), Some(merge.grants[0].before.clone()));
        assert_eq!(merge.goes(&merge.grants[0], &today), moved, "an own grant of the login that stays is not touched");
    }
}

#[test]
fn what_was_taken_since_stays_taken() {
    for moved in [true, false] {
        let (merge, today) = merge(moved);
        for state in [GrantState::Revoked, GrantState::Ended] {
            let stopped = Grant { state, version: today.version + 1, ..today.clone() };
            assert_eq!(restored(&merge, &stopped), None);
            assert!(!merge.goes(&merge.grants[0], &stopped));
        }
        assert_eq!(merge.restored(&merge.grants[0], None), None);
    }
}

#[test]
fn what_was_narrowed_since_comes_back_as_narrow() {
    let (merge, today) = merge(true);
    let reason = Reason::of(ReasonCode::Review).unwrap();
    let mut narrow = today.narrowed(serde_json::from_value(json!(["profile"])).unwrap(), Some(at(50)), reason).unwrap();
    narrow.version += 1;
    let back = restored(&merge, &narrow).unwrap();
    assert_eq!((back.login, back.terms.scopes.len(), back.terms.not_after), (login(1), 1, Some(at(50))));
    assert!(merge.goes(&merge.grants[0], &narrow));
}

#[test]
fn what_was_given_anew_since_belongs_to_the_login_that_stays() {
    let (merge, today) = merge(true);
    let anew = Grant { granted_at: at(5), version: today.version + 2, ..today };
    assert_eq!(restored(&merge, &anew), None);
    assert!(!merge.goes(&merge.grants[0], &anew));
}

#[test]
fn undoing_takes_thirty_days_and_works_once() {
    let (merge, _) = merge(true);
    assert_eq!(merge.reversible_at(at(30 * 24 - 1)), Ok(()));
    assert_eq!(merge.reversible_at(at(30 * 24)), Err(MergeError::TooLate));
    let undone = Merge { undone_at: Some(at(1)), ..merge };
    assert_eq!(undone.reversible_at(at(2)), Err(MergeError::Undone));
}

#[test]
fn an_address_that_was_removed_since_does_not_come_back() {
    let (merge, _) = merge(true);
    let (first, second, other) =
        (MailboxId::from_hash([1; 32]), MailboxId::from_hash([2; 32]), MailboxId::from_hash([3; 32]));
    assert_eq!(merge.mailboxes_left(&[second.clone(), first.clone()]), Ok(vec![first, second.clone()]));
    assert_eq!(merge.mailboxes_left(std::slice::from_ref(&second)), Ok(vec![second.clone()]));
    assert_eq!(merge.mailboxes_left(&[other]), Err(MergeError::NoAddress));
}

#[test]
fn an_own_grant_that_counts_or_was_revoked_is_kept() {
    let counts = grant(login(2), &all());
    let state = |state| Grant { state, ..counts.clone() };
    assert!(counts.is_kept_in_merge(at(0)));
    assert!(state(GrantState::Revoked).is_kept_in_merge(at(0)));
    assert!(!state(GrantState::Ended).is_kept_in_merge(at(0)));
}
