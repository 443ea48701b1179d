//! What becomes of a grant.

use super::*;
use crate::domain::document::{Audience, CanonicalFile, Document, DocumentState, RefusalCode, Sha256Digest};
use crate::domain::id::DocumentId;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).unwrap()
}

fn member() -> MemberId {
    MemberId::from_random([2; 16])
}

fn desk() -> LoginId {
    LoginId::from_random([8; 16])
}

fn reason() -> Reason {
    Reason::of(ReasonCode::Review).unwrap()
}

fn terms(scopes: impl IntoIterator<Item = Scope>) -> Terms {
    Terms::plain(Relationship::Grmth, Authority::FosterPlacement, scopes)
}

fn grant() -> Grant {
    Grant {
        login: LoginId::from_random([1; 16]),
        member: member(),
        terms: Terms { not_after: Some(at(100)), ..terms([Scope::Profile]) },
        state: GrantState::Active,
        reason: None,
        granted_by: LoginId::from_random([9; 16]),
        granted_at: at(0),
        version: 4,
    }
}

#[test]
fn a_change_replaces_all_terms_and_names_who_gave_them() {
    let wider = terms([Scope::Profile, Scope::DocumentsRead]);
    let changed = grant().changed(wider.clone(), reason(), desk(), at(99)).unwrap();
    assert_eq!((&changed.terms, changed.granted_by, changed.granted_at), (&wider, desk(), at(99)));
    assert_eq!((changed.reason, changed.state, changed.version), (Some(reason()), GrantState::Active, 4));
    assert_eq!(grant().changed(terms([Scope::Sign]), reason(), desk(), at(1)), Err(GrantError::BeyondAuthority));
}

#[test]
fn what_is_over_is_given_anew_and_not_changed() {
    let terms = || terms([Scope::Profile]);
    assert_eq!(grant().changed(terms(), reason(), desk(), at(100)), Err(GrantError::NotActive));
    for state in [GrantState::Ended, GrantState::Revoked] {
        let stopped = Grant { state, ..grant() };
        assert_eq!(stopped.changed(terms(), reason(), desk(), at(1)), Err(GrantError::NotActive));
    }
    let mut waiting = grant();
    waiting.terms.not_before = Some(at(50));
    assert!(waiting.changed(terms(), reason(), desk(), at(1)).is_ok(), "access that has not begun can be changed");
}

#[test]
fn the_paper_is_the_members_and_can_be_read() {
    let id = DocumentId::from_random([5; 16]);
    let ready =
        DocumentState::Ready { canonical: CanonicalFile { sha256: Sha256Digest::new([0; 32]), bytes: 1, pages: 1 } };
    let paper = |member, state| Document {
        id,
        member,
        title: "Order".parse().unwrap(),
        uploaded_by: desk(),
        created_at: at(0),
        announced_sha256: Sha256Digest::new([0; 32]),
        announced_bytes: 1,
        audience: Audience::Family,
        state,
        version: 1,
    };
    let named = Terms { evidence: Some(id), ..terms([Scope::Profile]) };
    let check = |paper: &Document| named.check_evidence(member(), Some(paper));
    assert_eq!(check(&paper(member(), ready.clone())), Ok(()));
    assert_eq!(terms([Scope::Profile]).check_evidence(member(), None), Ok(()));
    let elsewhere = paper(MemberId::from_random([3; 16]), ready.clone());
    let renamed = Document { id: DocumentId::from_random([6; 16]), ..paper(member(), ready) };
    let refused = paper(member(), DocumentState::Refused { refusal: RefusalCode::Damaged });
    for wrong in [elsewhere, renamed, refused, paper(member(), DocumentState::Awaiting)] {
        assert_eq!(check(&wrong), Err(GrantError::Evidence), "{wrong:?}");
    }
    assert_eq!(named.check_evidence(member(), None), Err(GrantError::Evidence));
}
