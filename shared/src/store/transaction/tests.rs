//! A change under a permit checks again everything that the yes rested on.

use jiff::tz::TimeZone;

use super::{Action, Condition, Transaction};
use crate::Timestamp;
use crate::domain::decide::{self, Facts, decide};
use crate::domain::grant::{Authority, Grant, GrantState, Relationship, Scope, Terms};
use crate::domain::id::{LoginId, MemberId, SessionId};
use crate::domain::login::{AuthenticationMethod, Language, Lineage, Login, Role, Session};
use crate::domain::member::Member;
use crate::domain::policy::{Ages, ClinicPolicy};
use crate::store::Key;

#[test]
fn login_session_member_and_grant_are_pinned() {
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let (id, child) = (LoginId::from_random([1; 16]), MemberId::from_random([2; 16]));
    let login = Login {
        id,
        name: "Parent".parse().unwrap(),
        role: Role::Family,
        language: Language::English,
        password_hash: String::new(),
        mailboxes: Vec::new(),
        agency: None,
        lineage: Lineage::default(),
        version: 3,
    };
    let session = Session {
        id: SessionId::from_random([3; 16]),
        login: id,
        method: AuthenticationMethod::Password,
        authenticated_at: now,
        ends_at: now + Session::LONGEST,
        idle_at: now + Session::IDLE,
        refresh_hash: String::new(),
        previous_hash: None,
        previous_until: None,
        version: 5,
    };
    let member = Member {
        id: child,
        name: "Child".parse().unwrap(),
        birth_date: "2018-01-01".parse().unwrap(),
        registered_at: now,
        withdrawn: Vec::new(),
        blocks: Vec::new(),
        version: 7,
    };
    let grant = Grant {
        login: id,
        member: child,
        terms: Terms::plain(Relationship::Mth, Authority::ParentalResponsibility, [Scope::Profile]),
        state: GrantState::Active,
        reason: None,
        granted_by: id,
        granted_at: now,
        version: 9,
    };
    let facts = Facts { login: Some(&login), session: Some(&session), member: Some(&member), grant: Some(&grant) };
    let policy = ClinicPolicy { time_zone: TimeZone::UTC, ages: Ages::default() };
    let permit = decide(decide::Action::ReadProfile, &facts, &policy, now).unwrap();

    let parts = Transaction::under(&permit, now, "request").parts;
    let pinned: Vec<(Key, Option<u64>)> = parts
        .into_iter()
        .map(|(key, (action, condition))| {
            assert!(matches!(action, Action::Check), "{key:?}");
            match condition {
                Condition::Version(version) => (key, Some(version)),
                Condition::Present => (key, None),
                other => panic!("{key:?}: {other:?}"),
            }
        })
        .collect();
    let mut expected = vec![
        (Key::login(id), Some(3)),
        // A refresh replaces the session without ending it, so it need only be there.
        (Key::session(id, session.id), None),
        (Key::member(child), Some(7)),
        (Key::grant(id, child), Some(9)),
    ];
    expected.sort();
    assert_eq!(pinned, expected);
}
