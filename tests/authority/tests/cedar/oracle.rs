//! Cedar: the policies, validated strictly, and its answer to a case.

use std::str::FromStr;

use cedar_policy::{
    Authorizer, Decision, Entities, Entity, EntityUid, PolicyId, PolicySet, RestrictedExpression, Schema,
    ValidationMode, Validator,
};

use super::Answer;
use super::case::Case;
use super::request::{MEMBERS, request, uid};

pub(super) struct Oracle {
    policies: PolicySet,
    schema: Schema,
    entities: Entities,
}

impl Oracle {
    pub(super) fn new() -> Self {
        let (schema, warnings) =
            Schema::from_cedarschema_str(include_str!("../../policies/clinic.cedarschema")).expect("a schema");
        assert_eq!(warnings.map(|warning| warning.to_string()).collect::<Vec<_>>(), [""; 0]);
        let policies = PolicySet::from_str(include_str!("../../policies/clinic.cedar")).expect("policies");
        let verdict = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        assert!(verdict.validation_passed_without_warnings(), "{verdict}");
        let entities = Entities::from_entities(people(), Some(&schema)).expect("entities");
        Self { policies, schema, entities }
    }

    /// The same rules but for one.
    pub(super) fn without(&self, id: &PolicyId) -> Self {
        let mut policies = self.policies.clone();
        policies.remove_static(id.clone()).expect("a policy");
        Self { policies, schema: self.schema.clone(), entities: self.entities.clone() }
    }

    pub(super) fn policies(&self) -> Vec<PolicyId> {
        self.policies.policies().map(|policy| policy.id().clone()).collect()
    }

    pub(super) fn name(&self, id: &PolicyId) -> String {
        self.policies.annotation(id, "name").expect("every policy has a name").to_owned()
    }

    /// Cedar's answer. A policy that cannot be evaluated would be skipped, so an error is a no, and here a failure.
    pub(super) fn answer(&self, case: &Case) -> Answer {
        self.answer_and_reasons(case).0
    }

    /// The answer, and the policies that it rests on: those that permit, or those that forbid.
    pub(super) fn answer_and_reasons(&self, case: &Case) -> (Answer, Vec<PolicyId>) {
        let request = request(case, &self.schema);
        let response = Authorizer::new().is_authorized(&request, &self.policies, &self.entities);
        let errors: Vec<String> = response.diagnostics().errors().map(ToString::to_string).collect();
        assert!(errors.is_empty(), "{errors:?} in {case:#?}");
        let reasons: Vec<PolicyId> = response.diagnostics().reason().cloned().collect();
        if response.decision() == Decision::Deny {
            return (None, reasons);
        }
        let bases: Vec<&str> = reasons.iter().filter_map(|id| self.policies.annotation(id, "basis")).collect();
        (["grant", "own-login", "office"].into_iter().find(|basis| bases.contains(basis)), reasons)
    }
}

/// The person who asks, in every role and on every roster, somebody else, and the records.
fn people() -> Vec<Entity> {
    let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
    let mut people = Vec::new();
    for role in ["family", "staff"] {
        for roster in [None, Some("county"), Some("city")] {
            let mut attributes = vec![("role".to_owned(), text(role)), ("mailbox".to_owned(), text("mine"))];
            attributes.extend(roster.map(|roster| ("roster".to_owned(), text(roster))));
            let id = format!("{role}, {}", roster.unwrap_or("no agency"));
            people.push(entity(uid("Login", &id), attributes));
        }
    }
    people.push(entity(
        uid("Login", "somebody else"),
        vec![("role".to_owned(), text("family")), ("mailbox".to_owned(), text("theirs"))],
    ));
    people.extend(MEMBERS.map(|(id, known)| {
        entity(uid("Member", id), vec![("known".to_owned(), RestrictedExpression::new_bool(known))])
    }));
    people
}

fn entity(uid: EntityUid, attributes: Vec<(String, RestrictedExpression)>) -> Entity {
    Entity::new(uid, attributes.into_iter().collect(), [].into()).expect("an entity")
}
