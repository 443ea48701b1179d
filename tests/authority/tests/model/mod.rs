//! People who act at the same time, in every order.
//!
//! Each wish takes the steps that its handler takes: read the facts, ask the rules, write on the condition that everything is as
//! it was read. Between any two steps anybody else may act. The rules are the product's own (`judge`, [`Invitation::closed`],
//! [`Packet::sign`], [`Grant::stopped`], [`Block::check`], [`Member::with_withdrawal`]); the model adds only the order.

mod people;
mod wish;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use hearth::domain::grant::{Grant, GrantState};
use hearth::domain::invitation::{Invitation, InvitationState};
use hearth::domain::member::Member;
use hearth::domain::packet::Packet;
use stateright::{Checker, Model, Property};

use people::{Person, WORKERS};
use wish::{Pin, Wish};

/// What stands in the table.
#[derive(Debug, Clone, PartialEq)]
struct Items {
    invitation: Invitation,
    member: Member,
    grants: [Option<Grant>; 5],
    packet: Packet,
}

impl Items {
    fn grant(&self, person: Person) -> Option<&Grant> {
        self.grants[person as usize].as_ref()
    }

    fn is_active(&self, person: Person) -> bool {
        self.grant(person).is_some_and(|grant| grant.state == GrantState::Active)
    }

    fn version(&self, pin: Pin) -> u64 {
        match pin {
            Pin::Invitation => self.invitation.version,
            Pin::Member => self.member.version,
            Pin::Grant(person) => self.grant(person).map_or(0, |grant| grant.version),
            Pin::Packet => self.packet.version,
        }
    }
}

/// Two tables are alike when everything goes on alike.
impl Hash for Items {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.invitation.version, self.invitation.state == InvitationState::Open).hash(state);
        (self.member.version, self.member.blocks.len(), self.member.withdrawn.len()).hash(state);
        for grant in &self.grants {
            grant.as_ref().map(|grant| (grant.version, grant.state == GrantState::Active)).hash(state);
        }
        (self.packet.version, self.packet.signed()).hash(state);
    }
}

#[derive(Debug, Clone, PartialEq, Hash)]
enum Step {
    Begins,
    /// Of what takes two round trips: the invitation is read.
    HasFound(Arc<Items>),
    HasRead(Arc<Items>),
    Done,
}

/// What happened, for the invariants: nobody in the model looks at it.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
struct Happened {
    accepts: u8,
    signatures: u8,
    worker_revoked: bool,
    accepted_past_block: bool,
    signed_without_right: bool,
    opened_without_right: bool,
    /// Whose access was revoked, or who was kept out. Nobody in the model gives it back.
    stopped: [bool; 5],
}

#[derive(Debug, Clone, PartialEq, Hash)]
struct State {
    items: Items,
    steps: Vec<Step>,
    happened: Happened,
}

/// Who acts, and whether writes are conditional on what was read.
#[derive(Clone)]
struct Clinic {
    wishes: Vec<Wish>,
    checks: bool,
}

impl Model for Clinic {
    type State = State;
    type Action = usize;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            items: people::items(),
            steps: vec![Step::Begins; self.wishes.len()],
            happened: Happened::default(),
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<usize>) {
        actions.extend((0..self.wishes.len()).filter(|&actor| state.steps[actor] != Step::Done));
    }

    fn next_state(&self, state: &State, actor: usize) -> Option<State> {
        let mut next = state.clone();
        let wish = self.wishes[actor];
        next.steps[actor] = match &state.steps[actor] {
            Step::Begins if matches!(wish, Wish::Accept(_)) => Step::HasFound(Arc::new(state.items.clone())),
            Step::Begins => Step::HasRead(Arc::new(state.items.clone())),
            Step::HasFound(found) => {
                let invitation = found.invitation.clone();
                Step::HasRead(Arc::new(Items { invitation, ..state.items.clone() }))
            }
            // Refused, or done; or somebody was faster, and the person tries again.
            Step::HasRead(read) => match wish.on(read) {
                Err(()) => Step::Done,
                Ok(change) => {
                    let is_as_read = |pin: &Pin| state.items.version(*pin) == read.version(*pin);
                    if self.checks && !change.rests_on.iter().all(is_as_read) {
                        Step::Begins
                    } else {
                        wish.happens(&state.items, &mut next.happened);
                        change.write(&mut next.items);
                        Step::Done
                    }
                }
            },
            Step::Done => return None,
        };
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(ONE_GRANT, |_: &Self, state: &State| state.happened.accepts <= 1),
            Property::always(NO_ACCEPT_PAST_BLOCK, |_: &Self, state: &State| !state.happened.accepted_past_block),
            Property::always(NO_SIGNATURE_WITHOUT_RIGHT, |_: &Self, state: &State| {
                !state.happened.signed_without_right
            }),
            Property::always(NO_LINK_WITHOUT_RIGHT, |_: &Self, state: &State| !state.happened.opened_without_right),
            Property::always(ONE_SIGNATURE, |_: &Self, state: &State| {
                state.happened.signatures <= 1 && state.items.packet.signed() == usize::from(state.happened.signatures)
            }),
            Property::always(ONE_WORKER, |_: &Self, state: &State| {
                let workers = WORKERS.into_iter().filter(|&worker| state.items.is_active(worker)).count();
                workers == 1 || workers == 0 && state.happened.worker_revoked
            }),
            Property::always(NOTHING_RETURNS, |_: &Self, state: &State| {
                people::nobody_stopped_may_read(&state.items, state.happened.stopped)
            }),
        ]
    }
}

const ONE_GRANT: &str = "an invitation brings one grant";
const NO_ACCEPT_PAST_BLOCK: &str = "nobody accepts past a block";
const NO_SIGNATURE_WITHOUT_RIGHT: &str = "nobody signs after a revocation or a block";
const NO_LINK_WITHOUT_RIGHT: &str = "nobody gets a link after a revocation or a block";
const ONE_SIGNATURE: &str = "a slot is signed once";
const ONE_WORKER: &str = "a child has one worker, never none or two";
const NOTHING_RETURNS: &str = "what was stopped stays stopped";

/// Looks at every order of the wishes' steps; returns how many states there are and which invariants break.
fn explore(wishes: &[Wish], checks: bool) -> (usize, Vec<&'static str>) {
    let clinic = Clinic { wishes: wishes.to_vec(), checks };
    let checker = clinic.checker().threads(1).spawn_bfs().join();
    let mut broken: Vec<&str> = checker.discoveries().into_keys().collect();
    broken.sort_unstable();
    (checker.unique_state_count(), broken)
}

/// With the conditions nothing breaks; without them, exactly what the wishes endanger.
fn check(name: &str, wishes: &[Wish], endangered: &[&str]) {
    let (states, broken) = explore(wishes, true);
    println!("{name}: {states} states");
    assert_eq!(broken, [""; 0], "{name}");
    let (states, broken) = explore(wishes, false);
    println!("{name}, without conditions: {states} states, broken: {broken:?}");
    let mut endangered = endangered.to_vec();
    endangered.sort_unstable();
    assert_eq!(broken, endangered, "{name}");
}

#[test]
fn accepting_beside_another_a_block_and_a_revocation() {
    let wishes = [
        Wish::Accept(Person::Grandmother),
        Wish::Accept(Person::Mother),
        Wish::Block(Person::Grandmother),
        Wish::Revoke(Person::Grandmother),
        Wish::Open(Person::Grandmother),
    ];
    check("accepting", &wishes, &[ONE_GRANT, NO_ACCEPT_PAST_BLOCK, NO_LINK_WITHOUT_RIGHT]);
}

#[test]
fn signing_in_two_tabs_beside_a_block_and_a_revocation() {
    let wishes = [
        Wish::Sign(Person::Mother),
        Wish::Sign(Person::Mother),
        Wish::Block(Person::Mother),
        Wish::Revoke(Person::Mother),
        Wish::Open(Person::Mother),
    ];
    check("signing", &wishes, &[NO_SIGNATURE_WITHOUT_RIGHT, NO_LINK_WITHOUT_RIGHT, ONE_SIGNATURE]);
}

#[test]
fn handing_over_to_two_workers_at_once_and_back() {
    let [first, second, third] = WORKERS;
    let wishes = [
        Wish::HandOver(first, second),
        Wish::HandOver(first, third),
        Wish::HandOver(second, first),
        Wish::Open(first),
        Wish::Block(second),
    ];
    check("handing over", &wishes, &[ONE_WORKER, NO_LINK_WITHOUT_RIGHT]);
    let with_revocation = [
        Wish::HandOver(first, second),
        Wish::Revoke(first),
        Wish::Revoke(second),
        Wish::Open(first),
        Wish::Open(second),
    ];
    check("handing over beside a revocation", &with_revocation, &[NO_LINK_WITHOUT_RIGHT]);
}

#[test]
fn everything_at_once() {
    let [first, second, third] = WORKERS;
    let wishes = [
        Wish::Accept(Person::Grandmother),
        Wish::Block(Person::Grandmother),
        Wish::Sign(Person::Mother),
        Wish::Revoke(Person::Mother),
        Wish::HandOver(first, second),
        Wish::HandOver(first, third),
    ];
    check("everything", &wishes, &[NO_ACCEPT_PAST_BLOCK, NO_SIGNATURE_WITHOUT_RIGHT, ONE_WORKER, NOTHING_RETURNS]);
}
