//! Every order in which signers, a second tab, a decline, a void, a decision of staff, the end of the time to answer and two sealers
//! can read and write one packet.
//!
//! Each actor reads the packet, runs the real step on what it read, and writes when nobody wrote since: the condition of the
//! store. Between any two of these, any other actor may act; sealers may crash, time may pass beyond a lease and beyond the end.
//! The search visits each state once and checks all of them. [`Store::Careless`] writes without the condition, as a program
//! that reads and then writes does; the same checks must catch it.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::*;

mod checks;
mod fingerprint;
mod search;

/// Time to answer, where there is an end.
const TIME: SignedDuration = SignedDuration::from_hours(1);

/// Whether the store looks at the version when it writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Store {
    Careful,
    Careless,
}

/// What an actor wants from the packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Wish {
    Sign(u8),
    Decline(u8),
    Void,
    Excuse(u8),
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
    Claimed(Rc<Packet>, Piece, u32),
    HasWritten(Rc<Packet>, Piece, u32),
}

/// Everything: what the store holds, how far everybody has come, and what has happened.
#[derive(Debug, Clone)]
struct World {
    store: Store,
    stored: Rc<Packet>,
    actors: Vec<(Wish, Step)>,
    sealers: Vec<(Sealer, bool)>,
    files: BTreeSet<(u8, u32)>,
    leases_ended: u8,
    /// Leases that may end within one search: one for each sealer that crashes or is slow.
    most_leases: u8,
    is_late: bool,
    can_be_late: bool,
    /// Ends that were written: ready, declined, voided.
    ends: u8,
    /// How often each file was finished: the slots', and at last the one of all.
    seals: [u8; 4],
    /// Who was told that the own signature counts.
    told: [u8; 3],
    /// What must not happen and did, on the way here.
    wrong: Vec<&'static str>,
}

impl World {
    fn new(packet: Packet, others: &[Wish]) -> Self {
        let signers = (0..packet.slots.len() as u8).map(Wish::Sign);
        Self {
            store: Store::Careful,
            actors: signers.chain(others.iter().copied()).map(|wish| (wish, Step::Begins)).collect(),
            can_be_late: packet.slots.iter().any(|slot| slot.answer_by.is_some()),
            stored: Rc::new(packet),
            sealers: vec![(Sealer::Begins, false), (Sealer::Begins, false)],
            files: BTreeSet::new(),
            leases_ended: 0,
            most_leases: 2,
            is_late: false,
            ends: 0,
            seals: [0; 4],
            told: [0; 3],
            wrong: Vec::new(),
        }
    }

    /// The same with only one of the sealers that may crash: where each signature has a file of its own, two make too many orders.
    fn with_one_crash(mut self) -> Self {
        self.most_leases = 1;
        for (_, has_crashed) in self.sealers.iter_mut().skip(1) {
            *has_crashed = true;
        }
        self
    }

    fn now(&self) -> Timestamp {
        let waited = if self.is_late { TIME } else { SignedDuration::ZERO };
        now() + waited + Packet::LEASE * i32::from(self.leases_ended)
    }

    /// The write: with a careful store nothing happens when somebody wrote since `read`.
    fn write(&mut self, read: &Packet, new: &Packet) -> Option<Rc<Packet>> {
        if self.store == Store::Careful && self.stored.version != read.version {
            return None;
        }
        let new = Packet { version: read.version + 1, ..new.clone() };
        self.notice(&new);
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
        let works = |seal: Option<Seal>| matches!(seal, Some(Seal::Sealing { .. }));
        add(&|world| {
            world.leases_ended += 1;
            world.stored.pieces().any(|piece| works(world.stored.seal_of(piece)))
                && world.leases_ended <= world.most_leases
        });
        add(&|world| {
            world.is_late = true;
            world.can_be_late && !self.is_late
        });
        next
    }

    fn act(&mut self, actor: usize) -> bool {
        let (wish, step) = self.actors[actor].clone();
        self.actors[actor].1 = match step {
            Step::Begins => Step::HasRead(Rc::clone(&self.stored), wish.on(&self.stored, self.now()).map(Rc::new)),
            Step::HasRead(read, new) => match new.map(|new| self.write(&read, &new)) {
                Ok(Some(_)) => {
                    if let Wish::Sign(slot) = wish {
                        self.told[usize::from(slot)] += 1;
                    }
                    Step::Done
                }
                // Told that it is too late, or done; or somebody was faster, and the recipe runs again.
                Err(_) => Step::Done,
                Ok(None) => Step::Begins,
            },
            Step::Done => return false,
        };
        true
    }

    fn seal(&mut self, sealer: usize) -> bool {
        self.sealers[sealer].0 = match self.sealers[sealer].0.clone() {
            // The stream brings a record only when there is something to seal.
            Sealer::Begins if self.stored.sealable(self.now()).is_none() => return false,
            Sealer::Begins => Sealer::HasRead(Rc::clone(&self.stored)),
            Sealer::HasRead(read) => {
                let claim = read.sealable(self.now()).map(|piece| (piece, read.claim(piece, self.now()).unwrap()));
                match claim.map(|(piece, (claimed, attempt))| (piece, attempt, self.write(&read, &claimed))) {
                    Some((piece, attempt, Some(claimed))) => Sealer::Claimed(claimed, piece, attempt),
                    Some((_, _, None)) | None => Sealer::Begins,
                }
            }
            Sealer::Claimed(claimed, piece, attempt) => {
                if !self.files.insert((number(piece), attempt)) {
                    self.wrong.push("two sealers wrote one file");
                }
                Sealer::HasWritten(claimed, piece, attempt)
            }
            Sealer::HasWritten(read, piece, attempt) => match read.finish(piece, file(attempt)) {
                Err(_) => Sealer::Begins,
                Ok(finished) => match self.write(&read, &finished) {
                    Some(_) => {
                        self.seals[usize::from(number(piece))] += 1;
                        Sealer::Begins
                    }
                    // Somebody answered meanwhile, or took over: it looks again.
                    None => Sealer::HasWritten(Rc::clone(&self.stored), piece, attempt),
                },
            },
        };
        true
    }

    fn crash(&mut self, sealer: usize) -> bool {
        let (step, has_crashed) = &mut self.sealers[sealer];
        if *has_crashed || *step == Sealer::Begins {
            return false;
        }
        (*step, *has_crashed) = (Sealer::Begins, true);
        true
    }
}

impl Wish {
    /// The real step.
    fn on(self, read: &Packet, now: Timestamp) -> Result<Packet, PacketError> {
        match self {
            Self::Sign(slot) => read.sign(slot_id(slot), Signature { signed_at: now, ..signature() }),
            Self::Decline(slot) => read.decline(slot_id(slot), reason(), now),
            Self::Void => read.void(None),
            Self::Excuse(slot) => read.excuse(slot_id(slot), excuse()),
        }
    }
}

/// Slots have small numbers, the file of all has the last.
fn number(piece: Piece) -> u8 {
    match piece {
        Piece::Whole => 3,
        Piece::Copy(slot) => (0..3).find(|&number| slot_id(number) == slot).unwrap(),
    }
}
