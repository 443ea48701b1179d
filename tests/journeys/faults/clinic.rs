//! A clinic whose AWS has bad days.

use super::shape::{Shape, guesses, shape};
use hearth::clock::Clock;
use hearth_local::faults::{Call, Faults, Past};
use hearth_local::{Options, Snapshot};
use journeys::{Bearer, Person, Record, World};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::OnceCell;

/// Everything that the table held, and that weak reads might have told.
pub(super) struct Moment {
    snapshot: Snapshot,
    past: Past,
}

/// A world with a fault layer, and a record that requests are about.
pub(super) struct Clinic {
    pub(super) world: World,
    pub(super) faults: Faults,
    pub(super) record: Record,
    /// The other parent's login.
    pub(super) father: String,
    keys: AtomicU64,
    seen: AtomicI64,
    tokens: [OnceCell<Option<String>>; 4],
}

impl Clinic {
    /// A clinic in which nothing goes wrong yet.
    pub(super) async fn open() -> Self {
        Self::retrying_after(Options::default().retry_delay).await
    }

    /// The same, where failed events come again after so long, and then after longer.
    pub(super) async fn retrying_after(retry_delay: Duration) -> Self {
        let faults = Faults::new();
        let clock = Clock::manual(jiff::Timestamp::now());
        let options = Options { clock, retry_delay, faults: Some(faults.clone()), ..Options::default() };
        let world = World::with(options).await;
        let record = world.record().await;
        let father = father(&world, &record).await;
        world.settled().await;
        Self {
            world,
            faults,
            record,
            father,
            keys: AtomicU64::new(0),
            seen: AtomicI64::new(0),
            tokens: Default::default(),
        }
    }

    /// An `Idempotency-Key` that nobody has used.
    pub(super) fn key(&self) -> String {
        format!("faults-{:016}", self.keys.fetch_add(1, Ordering::SeqCst))
    }

    /// Where the record of all writes ends now.
    pub(super) async fn now(&self) -> i64 {
        self.world.settled().await;
        let (_, now) = self.world.stack.changes(self.seen.load(Ordering::SeqCst));
        self.seen.store(now, Ordering::SeqCst);
        now
    }

    /// What has changed since then, when everything that follows from it has been done.
    pub(super) async fn changed(&self, since: i64) -> Shape {
        self.world.settled().await;
        shape(&self.world.stack.changes(since).0)
    }

    /// Guesses at codes that were counted since then.
    pub(super) fn guessed(&self, since: i64) -> usize {
        guesses(&self.world.stack.changes(since).0)
    }

    /// Everything as it is now.
    pub(super) async fn moment(&self) -> Moment {
        self.world.settled().await;
        Moment { snapshot: self.world.stack.snapshot().expect("a snapshot"), past: self.faults.past() }
    }

    /// Puts the table back to a moment, with what weak reads might have told then: so the next thing is tried on the same scene,
    /// and limits have as much room as they had.
    pub(super) async fn back_to(&self, moment: &Moment) {
        self.world.settled().await;
        self.world.stack.restore(&moment.snapshot).expect("the table as it was");
        self.faults.recall(&moment.past);
    }

    /// A token of the person, asked for once: the clock stands still.
    pub(super) async fn token_of(&self, bearer: Bearer) -> Option<String> {
        let place = match bearer {
            Bearer::Nobody => 0,
            Bearer::Staff => 1,
            Bearer::StaffForMember => 2,
            Bearer::SignerForMember => 3,
            // Each example has a person of its own.
            Bearer::Spare | Bearer::SpareForMember | Bearer::Signer => {
                return self.world.token_of(bearer, &self.record).await;
            }
        };
        self.tokens[place].get_or_init(|| self.world.token_of(bearer, &self.record)).await.clone()
    }

    /// The calls of one request, as it makes them on a good day.
    pub(super) fn calls_of(&self, lane: &str) -> Vec<Call> {
        let calls = self.faults.take_calls();
        calls.into_iter().filter(|call| call.lane == lane).collect()
    }

    /// The signer in another browser that the portal knows, with a session of its own.
    pub(super) async fn signer_elsewhere(&self) -> Person {
        let signer = &self.record.signer;
        let browser = self.world.browser();
        browser.set_cookie("__Host-device", signer.browser.cookie("__Host-device").as_deref());
        Person::new(browser, &signer.email, &signer.password).signs_in().await
    }
}

/// The login of the other parent, as staff find it.
async fn father(world: &World, record: &Record) -> String {
    let grants = world.staff.opens_as_staff(&record.member).await.get("/grants").await.is(200).list("grants");
    let fathers = grants.iter().filter(|grant| grant.to_string().contains("\"FTH\""));
    let logins = fathers.filter_map(|grant| grant.pointer("/login/id").or_else(|| grant.get("login"))?.as_str());
    logins.map(str::to_owned).next().expect("the other parent")
}
