//! The people around a member: who has access, and who is told when that changes.

use std::collections::BTreeSet;

use futures_util::future::try_join;
use jiff::Timestamp;

use crate::domain::decide::{Action, judge};
use crate::domain::grant::Grant;
use crate::domain::id::{LoginId, MailId, MemberId};
use crate::domain::login::Login;
use crate::domain::mail::{Mail, MailKind};
use crate::domain::member::Member;
use crate::domain::policy::ClinicPolicy;
use crate::http::Stop;
use crate::random;
use crate::store::{Key, Store, Transaction};

/// Who holds or held a grant for a member: what the pointers say. They authorize nobody.
#[derive(Debug, Clone, Default)]
pub struct Circle(BTreeSet<LoginId>);

/// A person and the grant that the person holds or held.
pub type Holder = (Login, Grant);

impl Circle {
    /// Reads the pointers of a member; beside the facts, for it needs none of them.
    ///
    /// # Errors
    /// As [`Store::list_names`].
    pub async fn of(store: &Store, member: MemberId) -> Result<Self, Stop> {
        let names = store.list_names(&Key::member(member), "GRANTEE#").await?;
        Ok(Self(names.iter().filter_map(|name| name.parse().ok()).collect()))
    }

    /// Reads the persons and their grants, in the order of their identifiers.
    ///
    /// # Errors
    /// As [`Store::values`].
    pub async fn holders(&self, store: &Store, member: MemberId) -> Result<Vec<Holder>, Stop> {
        let keys = |key: &dyn Fn(LoginId) -> Key| self.0.iter().map(|&login| key(login)).collect::<BTreeSet<_>>();
        let (logins, grants) = (keys(&Key::login), keys(&|login| Key::grant(login, member)));
        let (logins, grants) = try_join(store.values::<Login>(&logins), store.values::<Grant>(&grants)).await?;
        let mut holders: Vec<Holder> = grants
            .into_iter()
            .filter_map(|grant| Some((logins.iter().find(|login| login.id == grant.login)?.clone(), grant)))
            .collect();
        holders.sort_by_key(|(login, _)| login.id);
        Ok(holders)
    }
}

/// Mails of one change, so that it fits into its transaction.
const MOST_TOLD: usize = 10;

/// Tells those who may know who has access that it changed, without a word about whom. Who is told learns no address, and who is
/// kept out or may not know hears nothing.
///
/// # Errors
/// An internal error without randomness.
pub fn tell(
    mut change: Transaction,
    (member, holders): (&Member, &[Holder]),
    except: &[LoginId],
    policy: &ClinicPolicy,
    now: Timestamp,
) -> Result<Transaction, Stop> {
    let may_know = holders.iter().filter(|(login, grant)| {
        let person = (login, Some(grant));
        !except.contains(&login.id) && judge(Action::ReadDirectory, person, Some(member), policy, now).is_ok()
    });
    for (login, _) in may_know.take(MOST_TOLD) {
        let id = MailId::from_random(random::bytes()?);
        if let Some(mail) = Mail::to(login, MailKind::AccessChanged, id, now) {
            change = change.mail(&mail);
        }
    }
    Ok(change)
}
