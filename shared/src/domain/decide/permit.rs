//! The proof of a yes.

use crate::domain::Version;
use crate::domain::event::Capacity;
use crate::domain::grant::Grant;
use crate::domain::id::{LoginId, MemberId, SessionId};
use crate::domain::login::{Login, Session};
use crate::domain::member::Member;

/// The proof that [`decide`](super::decide) said yes, with the versions it rested on. A transaction checks them again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    login: (LoginId, Version),
    session: SessionId,
    member: Option<(MemberId, Version)>,
    grant: Option<(MemberId, Version)>,
    capacity: Capacity,
}

impl Permit {
    pub(super) fn new(
        login: &Login,
        session: &Session,
        member: Option<&Member>,
        grant: Option<&Grant>,
        capacity: Capacity,
    ) -> Self {
        Self {
            login: (login.id, login.version),
            session: session.id,
            member: member.map(|member| (member.id, member.version)),
            grant: grant.map(|grant| (grant.member, grant.version)),
            capacity,
        }
    }

    /// Who may.
    #[must_use]
    pub const fn login(&self) -> LoginId {
        self.login.0
    }

    /// In which capacity.
    #[must_use]
    pub const fn capacity(&self) -> Capacity {
        self.capacity
    }

    /// Version of the login that the yes rested on.
    #[must_use]
    pub const fn login_version(&self) -> Version {
        self.login.1
    }

    /// Session that the yes rested on.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// Member and its version that the yes rested on.
    #[must_use]
    pub const fn member(&self) -> Option<(MemberId, Version)> {
        self.member
    }

    /// Member and version of the grant that the yes rested on; none for staff.
    #[must_use]
    pub const fn grant(&self) -> Option<(MemberId, Version)> {
        self.grant
    }
}
