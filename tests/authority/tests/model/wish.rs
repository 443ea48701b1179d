//! What people want, as their handlers do it: the rules on what was read, and what the write rests on.

use hearth::domain::decide::{Action, judge};
use hearth::domain::grant::{Grant, GrantState, Reason, ReasonCode};
use hearth::domain::id::BlockId;
use hearth::domain::invitation::{Invitation, InvitationState};
use hearth::domain::login::{AuthenticationMethod, Language};
use hearth::domain::member::Member;
use hearth::domain::member::block::{Barred, Block};
use hearth::domain::packet::Packet;
use hearth::domain::signature::{ATTESTATION_VERSION, CONSENT_VERSION, Mark, Signature, SigningCapacity};

use super::people::{PAPER, Person, SLOT, STAFF, WORKERS, now, policy};
use super::{Happened, Items};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// Accept the invitation.
    Accept(Person),
    /// Staff revoke somebody's access.
    Revoke(Person),
    /// Staff keep somebody out.
    Block(Person),
    /// Sign the slot that asks the mother.
    Sign(Person),
    /// Get a link to a document; that it was opened is written before the link is given.
    Open(Person),
    /// Staff pass the child from one worker to another.
    HandOver(Person, Person),
}

/// An item whose version a write rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pin {
    Invitation,
    Member,
    Grant(Person),
    Packet,
}

/// One transaction.
#[derive(Default)]
pub(super) struct Change {
    pub(super) rests_on: Vec<Pin>,
    invitation: Option<Invitation>,
    member: Option<Member>,
    grants: Vec<(Person, Grant)>,
    packet: Option<Packet>,
}

impl Change {
    fn under(rests_on: impl IntoIterator<Item = Pin>) -> Self {
        Self { rests_on: rests_on.into_iter().collect(), ..Self::default() }
    }

    /// Writes what changes; each item one version on.
    pub(super) fn write(self, items: &mut Items) {
        if let Some(invitation) = self.invitation {
            items.invitation = Invitation { version: items.invitation.version + 1, ..invitation };
        }
        if let Some(member) = self.member {
            items.member = Member { version: items.member.version + 1, ..member };
        }
        for (person, grant) in self.grants {
            let version = items.version(Pin::Grant(person)) + 1;
            items.grants[person as usize] = Some(Grant { version, ..grant });
        }
        if let Some(packet) = self.packet {
            items.packet = Packet { version: items.packet.version + 1, ..packet };
        }
    }
}

impl Wish {
    /// What the rules say to it.
    pub(super) fn on(self, read: &Items) -> Result<Change, ()> {
        match self {
            Self::Accept(person) => accept(person, read),
            Self::Revoke(person) => revoke(person, read),
            Self::Block(person) => block(person, read),
            Self::Sign(person) => sign(person, read),
            Self::Open(person) => {
                permit(Action::OpenDocument, person, read)?;
                Ok(Change::under([Pin::Member, Pin::Grant(person)]))
            }
            Self::HandOver(from, to) => hand_over(from, to, read),
        }
    }

    /// Takes down what it means that it happens now.
    pub(super) fn happens(self, items: &Items, happened: &mut Happened) {
        let has_no_right = |person: Person| !items.is_active(person) || items.member.is_barred(&person.login(), now());
        match self {
            Self::Accept(person) => {
                happened.accepts += 1;
                happened.accepted_past_block |= items.member.is_barred(&person.login(), now());
            }
            Self::Sign(person) => {
                happened.signatures += 1;
                happened.signed_without_right |= has_no_right(person);
            }
            Self::Open(person) => happened.opened_without_right |= has_no_right(person),
            Self::Revoke(person) => {
                happened.worker_revoked |= WORKERS.contains(&person);
                happened.stopped[person as usize] = true;
            }
            Self::Block(person) => happened.stopped[person as usize] = true,
            Self::HandOver(..) => {}
        }
    }
}

fn permit(action: Action, person: Person, read: &Items) -> Result<(), ()> {
    let facts = (&person.login(), read.grant(person));
    judge(action, facts, Some(&read.member), &policy(), now()).map(|_| ()).map_err(|_| ())
}

fn reason() -> Reason {
    Reason::of(ReasonCode::Safeguarding).expect("a reason")
}

fn accept(person: Person, read: &Items) -> Result<Change, ()> {
    let login = person.login();
    if read.member.is_barred(&login, now()) || read.member.outlived(&read.invitation, login.id) {
        return Err(());
    }
    let accepted = InvitationState::Accepted { by: login.id, at: now() };
    let invitation = read.invitation.closed(accepted, now()).map_err(|_| ())?;
    let stays = read.grant(person).is_some_and(|grant| grant.is_ahead(now()));
    Ok(Change {
        invitation: Some(invitation),
        grants: if stays { Vec::new() } else { vec![(person, person.new_grant())] },
        ..Change::under([Pin::Invitation, Pin::Member, Pin::Grant(person)])
    })
}

fn revoke(person: Person, read: &Items) -> Result<Change, ()> {
    let grant = read.grant(person).ok_or(())?.stopped(GrantState::Revoked, reason()).map_err(|_| ())?;
    Ok(Change {
        member: Some(read.member.with_withdrawal(&person.login(), now())),
        grants: vec![(person, grant)],
        ..Change::under([Pin::Member, Pin::Grant(person)])
    })
}

fn block(person: Person, read: &Items) -> Result<Change, ()> {
    let block = Block {
        id: BlockId::from_random([30; 16]),
        whom: Barred::login(&person.login()),
        reason: reason(),
        evidence: None,
        set_by: STAFF,
        set_at: now(),
        until: None,
        lifting: None,
    };
    block.check(&read.member.blocks).map_err(|_| ())?;
    let mut member = read.member.clone();
    member.blocks.push(block);
    Ok(Change { member: Some(member), ..Change::under([Pin::Member]) })
}

fn sign(person: Person, read: &Items) -> Result<Change, ()> {
    let slot = read.packet.slot(SLOT).map_err(|_| ())?;
    let holder = slot.login.ok_or(())?;
    permit(Action::FillSlot { holder, capacity: slot.capacity }, person, read)?;
    debug_assert_eq!(slot.capacity, SigningCapacity::Parent);
    let terms = person.terms();
    let signature = Signature {
        name: person.login().name,
        relationship: Some(terms.relationship),
        authority: Some(terms.authority),
        mark: Mark::Typed { name: person.login().name },
        document_sha256: PAPER,
        pages: 1,
        answers_sha256: None,
        consent_version: CONSENT_VERSION.to_owned(),
        attestation_version: ATTESTATION_VERSION.to_owned(),
        language: Language::English,
        method: AuthenticationMethod::Password,
        authenticated_at: now(),
        signed_at: now(),
    };
    let packet = read.packet.sign(SLOT, signature).map_err(|_| ())?;
    Ok(Change { packet: Some(packet), ..Change::under([Pin::Member, Pin::Grant(person), Pin::Packet]) })
}

fn hand_over(from: Person, to: Person, read: &Items) -> Result<Change, ()> {
    let reason = Reason::of(ReasonCode::ChangeInRelationship).expect("a reason");
    let ended = read.grant(from).ok_or(())?.stopped(GrantState::Ended, reason).map_err(|_| ())?;
    if read.member.is_barred(&to.login(), now()) || read.is_active(to) {
        return Err(());
    }
    Ok(Change {
        grants: vec![(from, ended), (to, to.new_grant())],
        ..Change::under([Pin::Member, Pin::Grant(from), Pin::Grant(to)])
    })
}
