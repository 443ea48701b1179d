//! People whom the example of one route is about, and nobody else.

use crate::{Person, World, terms};
use hearth::domain::grant::{Authority, Grant, GrantState, Relationship, Scope, Terms};
use hearth::domain::id::{LoginId, MemberId};
use hearth::store::{Key, Transaction};
use serde_json::{Value, json};
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

    /// An adult client, who is the spare person from now on.
    pub(crate) async fn grown(&self) -> String {
        let member = self.registers("Grown up", "1990-05-05").await;
        let invited = self.invites(&format!("{member}@spare.example"), &[(&member, terms("ONESELF", "self"))]).await;
        let spare = self.joins(&invited, "Grown up").await;
        *self.newest_spare.lock().unwrap_or_else(PoisonError::into_inner) = Some(spare);
        member
    }

    /// Somebody who was the guardian of the spare person until majority; no route can make that of an adult.
    pub(crate) async fn former_guardian(&self) -> String {
        let own = self.spare().members().await.remove(0);
        let member: MemberId = own["id"].as_str().expect("an identifier").parse().expect("a member");
        let invited = self.spare_invitation().await;
        let login = self.accepts(&invited, "Guardian").await.at("/login");
        let holder: LoginId = login.parse().expect("a login");
        let grant = Grant {
            login: holder,
            member,
            terms: Terms::plain(Relationship::Mth, Authority::ParentalResponsibility, [Scope::Profile]),
            state: GrantState::Active,
            reason: None,
            granted_by: holder,
            granted_at: self.clock.now(),
            version: 1,
        };
        let change = Transaction::unpermitted(self.clock.now(), "a guardian from childhood");
        change.create(&grant).point(Key::grantee(member, holder)).commit(&self.store()).await.expect("a grant");
        login
    }

    /// A request that waits for an answer, by somebody who has access to the member for nothing else.
    pub(crate) async fn spare_request(&self, member: &str) -> String {
        let mut asking = terms("GRPRN", "court-order");
        asking["scopes"] = json!(["profile", "invite"]);
        let email = format!("asker-{}@spare.example", self.stack.mails().len());
        let invited = self.invites(&email, &[(member, asking)]).await;
        let asker = self.joins(&invited, "Asker").await;
        asker.opens(member).await.post("/requests", &wish()).await.is(201).at("/id")
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

/// A wish for access for somebody else.
pub(crate) fn wish() -> Value {
    let wish = json!({"kind": "access", "name": "Rosa", "email": "rosa@spare.example", "relationship": "GRMTH"});
    json!({"wish": wish})
}
