//! Every order in which signers, a second tab, a decline, a void and two sealers can read and write one packet.
//!
//! Each actor reads the packet, runs the real step on what it read, and writes when nobody wrote since: the condition of the
//! store. Between any two of these, any other actor may act; sealers may crash, time may pass beyond a lease. The search visits
//! each state once and checks all of them.

use std::rc::Rc;

use super::*;

mod search;

/// Leases that may end within one search: one for each sealer that crashes or is slow.
const LATEST: u8 = 2;

/// What an actor wants from the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Wish {
    Sign(u8),
    Decline(u8),
    Void,
}

/// How far an actor has come.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Begins,
    /// What was read, and what the actor makes of it.
    HasRead(Rc<Packet>, Result<Rc<Packet>, PacketError>),
    Done,
}

/// How far a sealer has come. Each may crash once; the stream then brings the record to another.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sealer {
    Begins,
    HasRead(Rc<Packet>),
    Claimed(Rc<Packet>, u32),
    HasWritten(Rc<Packet>, u32),
    Done,
}

/// Everything: what the store holds, how far everybody has come, and what has happened.
#[derive(Debug, Clone)]
struct World {
    stored: Rc<Packet>,
    actors: Vec<(Wish, Step)>,
    sealers: [(Sealer, bool); 2],
    files: Vec<u32>,
    leases_ended: u8,
    ends: u8,
    seals: u8,
}

impl World {
    fn new(slots: u8, others: &[Wish]) -> Self {
        let signers = (0..slots).map(Wish::Sign);
        Self {
            stored: Rc::new(packet(slots)),
            actors: signers.chain(others.iter().copied()).map(|wish| (wish, Step::Begins)).collect(),
            sealers: [(Sealer::Begins, false), (Sealer::Begins, false)],
            files: Vec::new(),
            leases_ended: 0,
            ends: 0,
            seals: 0,
        }
    }

    fn now(&self) -> Timestamp {
        now() + Packet::LEASE * i32::from(self.leases_ended)
    }

    /// The conditional write: nothing happens when somebody wrote since `read`.
    fn write(&mut self, read: &Packet, new: &Packet) -> Option<Rc<Packet>> {
        if self.stored.version != read.version {
            return None;
        }
        let new = Packet { version: read.version + 1, ..new.clone() };
        self.ends += u8::from(self.stored.state == PacketState::Out && new.state != PacketState::Out);
        self.seals += u8::from(matches!(new.state, PacketState::Sealed { .. }));
        assert!(!is_final(&self.stored.state), "a finished packet was changed: {:?}", self.stored.state);
        self.stored = Rc::new(new);
        Some(Rc::clone(&self.stored))
    }

    /// All worlds that can come next.
    fn next(&self) -> Vec<Self> {
        let mut next = Vec::new();
        let mut add = |change: &dyn Fn(&mut Self) -> bool| {
            let mut world = self.clone();
            if change(&mut world) {
                next.push(world);
            }
        };
        for actor in (0..self.actors.len()).filter(|&actor| self.actors[actor].1 != Step::Done) {
            add(&|world| world.act(actor));
        }
        for sealer in 0..self.sealers.len() {
            add(&|world| world.seal(sealer));
            add(&|world| world.crash(sealer));
        }
        add(&|world| {
            world.leases_ended += 1;
            matches!(world.stored.state, PacketState::Sealing { .. }) && world.leases_ended <= LATEST
        });
        next
    }

    fn act(&mut self, actor: usize) -> bool {
        let (wish, step) = self.actors[actor].clone();
        self.actors[actor].1 = match step {
            Step::Begins => Step::HasRead(Rc::clone(&self.stored), wish.on(&self.stored).map(Rc::new)),
            Step::HasRead(read, new) => match new.map(|new| self.write(&read, &new)) {
                // Told that it is too late, or done; or somebody was faster, and the recipe runs again.
                Err(_) | Ok(Some(_)) => Step::Done,
                Ok(None) => Step::Begins,
            },
            Step::Done => return false,
        };
        true
    }

    fn seal(&mut self, sealer: usize) -> bool {
        self.sealers[sealer].0 = match self.sealers[sealer].0.clone() {
            // The stream brings a record only when the packet is ready.
            Sealer::Begins if self.stored.state == PacketState::Out => return false,
            Sealer::Begins => Sealer::HasRead(Rc::clone(&self.stored)),
            Sealer::HasRead(read) => match read.claim(self.now()) {
                Ok((claimed, attempt)) => match self.write(&read, &claimed) {
                    Some(claimed) => Sealer::Claimed(claimed, attempt),
                    None => Sealer::Begins,
                },
                Err(_) if is_final(&read.state) => Sealer::Done,
                Err(_) => Sealer::Begins,
            },
            Sealer::Claimed(claimed, attempt) => {
                assert!(!self.files.contains(&attempt), "two sealers wrote one file");
                self.files.push(attempt);
                self.files.sort_unstable();
                Sealer::HasWritten(claimed, attempt)
            }
            Sealer::HasWritten(claimed, attempt) => {
                let finished = claimed.finish(file(attempt)).unwrap();
                match self.write(&claimed, &finished) {
                    Some(_) => Sealer::Done,
                    None => Sealer::Begins,
                }
            }
            Sealer::Done => return false,
        };
        true
    }

    fn crash(&mut self, sealer: usize) -> bool {
        let (step, has_crashed) = &mut self.sealers[sealer];
        if *has_crashed || matches!(step, Sealer::Begins | Sealer::Done) {
            return false;
        }
        (*step, *has_crashed) = (Sealer::Begins, true);
        true
    }

    fn check(&self) {
        assert!(self.ends <= 1, "two of last signature, decline and void won");
        assert!(self.seals <= 1, "sealed twice");
        let signed = self.stored.signed() == self.stored.slots.len();
        match &self.stored.state {
            PacketState::Sealed { sealed } => {
                assert!(signed && self.seals == 1, "sealed without all signatures");
                assert!(self.files.contains(&sealed.attempt), "sealed without a file");
            }
            PacketState::Ready | PacketState::Sealing { .. } => assert!(signed, "ready without all signatures"),
            PacketState::Out | PacketState::Declined | PacketState::Voided => assert!(!signed, "signed and not ready"),
        }
    }

    /// Whatever crashed: once the lease has ended, a sealer that the stream wakes can seal, under a name of its own.
    fn check_recovery(&self) -> &'static str {
        let (claimed, attempt) = self.stored.claim(self.now() + Packet::LEASE).unwrap();
        assert!(!self.files.contains(&attempt), "the next sealer finds its name taken");
        assert!(claimed.finish(file(attempt)).is_ok());
        "not yet sealed"
    }

    /// The same bytes for worlds that go on in the same way. What was read before somebody else wrote can never be written any
    /// more, so of such a reading only the answer to its reader counts.
    fn fingerprint(&self) -> Vec<u8> {
        let mut bytes = vec![self.leases_ended, self.ends, self.seals, self.files.len() as u8];
        bytes.extend(self.files.iter().map(|&attempt| attempt as u8));
        fingerprint(&self.stored, &mut bytes);
        let is_fresh = |read: &Packet| read.version == self.stored.version;
        bytes.extend(self.actors.iter().map(|(_, step)| match step {
            Step::Begins => 0,
            Step::HasRead(read, _) if is_fresh(read) => 1,
            Step::HasRead(_, new) => 2 + u8::from(new.is_err()),
            Step::Done => 4,
        }));
        for (step, has_crashed) in &self.sealers {
            bytes.push(u8::from(*has_crashed));
            match step {
                Sealer::Begins => bytes.push(0),
                Sealer::HasRead(read) => bytes.push(1 + u8::from(is_fresh(read))),
                Sealer::Claimed(claimed, attempt) => bytes.extend([3 + u8::from(is_fresh(claimed)), *attempt as u8]),
                Sealer::HasWritten(claimed, _) => bytes.push(5 + u8::from(is_fresh(claimed))),
                Sealer::Done => bytes.push(7),
            }
        }
        bytes
    }
}

impl Wish {
    /// The real step.
    fn on(self, read: &Packet) -> Result<Packet, PacketError> {
        match self {
            Self::Sign(slot) => read.sign(slot_id(slot), signature()),
            Self::Decline(slot) => read.decline(slot_id(slot), reason(), now()),
            Self::Void => read.void(),
        }
    }
}

const fn is_final(state: &PacketState) -> bool {
    matches!(state, PacketState::Sealed { .. } | PacketState::Declined | PacketState::Voided)
}

fn fingerprint(packet: &Packet, bytes: &mut Vec<u8>) {
    bytes.push(packet.version as u8);
    bytes.extend(packet.slots.iter().map(|slot| match slot.state {
        SlotState::Waiting => 0,
        SlotState::Signed { .. } => 1,
        SlotState::Declined { .. } => 2,
    }));
    bytes.push(match packet.state {
        PacketState::Out => 0,
        PacketState::Ready => 1,
        PacketState::Sealing { attempt, lease_until } => {
            let leases = (lease_until.as_second() - now().as_second()) / Packet::LEASE.as_secs();
            16 + 16 * attempt as u8 + leases as u8
        }
        PacketState::Sealed { .. } => 2,
        PacketState::Declined => 3,
        PacketState::Voided => 4,
    });
}
