//! The family that most journeys are about.

use crate::{Person, World};
use serde_json::{Value, json};

/// Two siblings and their separated parents; each parent reaches both children.
pub struct Family {
    /// The older child.
    pub child: String,
    /// The younger child.
    pub sibling: String,
    /// One parent.
    pub mother: Person,
    /// The other parent.
    pub father: Person,
}

/// Terms of a grant with every scope that the ground allows.
#[must_use]
pub fn terms(relationship: &str, authority: &str) -> Value {
    let mut scopes = vec!["profile", "documents-read", "documents-upload"];
    if !matches!(authority, "foster-placement" | "adult-consent") {
        scopes.push("sign");
    }
    json!({"relationship": relationship, "authority": authority, "scopes": scopes})
}

/// The same, for somebody who may ask the clinic for access for others.
fn who_may_ask(relationship: &str, authority: &str) -> Value {
    let mut terms = terms(relationship, authority);
    terms["scopes"].as_array_mut().expect("scopes").push(json!("invite"));
    terms
}

impl World {
    /// The family, registered, invited and signed in.
    pub async fn family(&self) -> Family {
        let child = self.registers("Older child", "2019-03-09").await;
        let sibling = self.registers("Younger child", "2021-07-21").await;
        let (mth, fth) = (who_may_ask("MTH", "parental-responsibility"), who_may_ask("FTH", "parental-responsibility"));
        let both = [(child.as_str(), mth.clone()), (sibling.as_str(), mth)];
        let invited = self.invites("mother@family.example", &both).await;
        let mother = self.joins(&invited, "One parent").await;
        let both = [(child.as_str(), fth.clone()), (sibling.as_str(), fth)];
        let invited = self.invites("father@family.example", &both).await;
        let father = self.joins(&invited, "Other parent").await;
        Family { child, sibling, mother, father }
    }

    /// One client of the clinic who reaches the own record.
    pub async fn client_alone(&self) -> (String, Person) {
        let member = self.registers("Adult client", "1990-05-05").await;
        let invited = self.invites("client@family.example", &[(&member, who_may_ask("ONESELF", "self"))]).await;
        (member, self.joins(&invited, "Adult client").await)
    }

    /// One parent of another child.
    pub async fn stranger(&self) -> (String, Person) {
        let member = self.registers("Another child", "2020-11-30").await;
        let terms = terms("PRN", "parental-responsibility");
        let invited = self.invites("stranger@other.example", &[(&member, terms)]).await;
        (member, self.joins(&invited, "Another parent").await)
    }
}
