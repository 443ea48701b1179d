//! The people around a member: who has access, and who is told when that changes.

use std::collections::{BTreeMap, BTreeSet};

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

/// A person, and the grant for a member if there was ever one: staff sign without.
pub type OnePerson = (Login, Option<Grant>);

/// Reads persons and their grants for a member, in the order of the persons' identifiers. Who does not exist is left out.
///
/// # Errors
/// As [`Store::values`].
pub async fn people(store: &Store, member: MemberId, whom: &BTreeSet<LoginId>) -> Result<Vec<OnePerson>, Stop> {
    let keys = |key: &dyn Fn(LoginId) -> Key| whom.iter().map(|&login| key(login)).collect::<BTreeSet<_>>();
    let (logins, grants) = (keys(&Key::login), keys(&|login| Key::grant(login, member)));
    let (mut logins, grants) = try_join(store.values::<Login>(&logins), store.values::<Grant>(&grants)).await?;
    logins.sort_by_key(|login| login.id);
    let mut grants: BTreeMap<LoginId, Grant> = grants.into_iter().map(|grant| (grant.login, grant)).collect();
    Ok(logins.into_iter().map(|login| (login.id, login)).map(|(id, login)| (login, grants.remove(&id))).collect())
}

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
        let people = people(store, member, &self.0).await?;
        Ok(people.into_iter().filter_map(|(login, grant)| Some((login, grant?))).collect())
    }
}

/// Mails of one change, so that it fits into its transaction.
const MOST_TOLD: usize = 10;

/// Who may know that access to these members changed, each once. Who is kept out or may not know is not among them.
#[must_use]
pub fn who_may_know<'a>(
    circles: &'a [(Member, Vec<Holder>)],
    newcomer: LoginId,
    policy: &ClinicPolicy,
    now: Timestamp,
) -> BTreeMap<LoginId, &'a Login> {
    let everybody = circles.iter().flat_map(|(member, holders)| holders.iter().map(move |holder| (member, holder)));
    everybody
        .filter(|(member, (login, grant))| {
            let person = (login, Some(grant));
            login.id != newcomer && judge(Action::ReadDirectory, person, Some(member), policy, now).is_ok()
        })
        .map(|(_, (login, _))| (login.id, login))
        .collect()
}

/// Tells them by mail that access changed, without a word about whom: nobody learns an address.
///
/// # Errors
/// An internal error without randomness.
pub fn tell(change: Transaction, people: &BTreeMap<LoginId, &Login>, now: Timestamp) -> Result<Transaction, Stop> {
    people.values().take(MOST_TOLD).try_fold(change, |change, login| {
        let mail = Mail::to(login, MailKind::AccessChanged, MailId::from_random(random::bytes()?), now);
        Ok(mail.iter().fold(change, Transaction::mail))
    })
}
