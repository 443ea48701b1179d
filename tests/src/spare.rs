//! People whom the example of one route is about, and nobody else.

use crate::{Person, World, terms};
use std::sync::PoisonError;

impl World {
    /// A parent of a client that nobody else is concerned with; the newest one is [`World::spare`].
    pub(crate) async fn spare_person(&self) -> Person {
        let invited = self.spare_invitation().await;
        let spare = self.joins(&invited, "Spare").await;
        *self.newest_spare.lock().unwrap_or_else(PoisonError::into_inner) = Some(spare.clone());
        spare
    }

    /// The spare person of the newest example.
    pub(crate) fn spare(&self) -> Person {
        let newest = self.newest_spare.lock().unwrap_or_else(PoisonError::into_inner).clone();
        newest.expect("an example with a spare person")
    }

    /// A spare person, and a second login of the same person by another spelling of the address, which is returned.
    pub(crate) async fn spare_twins(&self) -> Person {
        let (first, second) = self.twins("PRN").await;
        *self.newest_spare.lock().unwrap_or_else(PoisonError::into_inner) = Some(first);
        second
    }

    /// Two logins of one person, invited by two spellings of one address, for a child each.
    pub async fn twins(&self, relationship: &str) -> (Person, Person) {
        let mut twins = Vec::new();
        for (tag, password) in [("", "the password of the first"), ("+clinic", "the password of the second")] {
            let member = self.registers("A twin's child", "2020-02-02").await;
            let base = twins.first().map_or_else(|| member.replace('_', ""), |(base, _): &(String, _)| base.clone());
            let invited = self
                .invites(
                    &format!("{base}{tag}@gmail.com"),
                    &[(&member, terms(relationship, "parental-responsibility"))],
                )
                .await;
            twins.push((base, self.joins_with(&invited, "Rosa", password).await));
        }
        let mut persons = twins.into_iter().map(|(_, person)| person);
        (persons.next().expect("the first"), persons.next().expect("the second"))
    }
}
