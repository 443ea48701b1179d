//! Measures whether the time of an answer tells known addresses from unknown ones:
//!
//! ```sh
//! cargo run -p journeys --example timing            # 200 samples of each kind
//! cargo run -p journeys --example timing -- 1000
//! ```
//!
//! Samples are taken in pairs whose order alternates, over a stack of its own. A pair passes when the two-sided Mann–Whitney U
//! test does not reject at 0.01 and the medians differ by less than 2 ms. The last pair is a control that must fail: it shows
//! that the test can see a difference. Ends with 1 when anything is otherwise.

use jiff::SignedDuration;
use journeys::{Invited, PASSWORD, Person, Reply, World, terms};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::Instant;

/// Milliseconds.
type Sample = f64;

/// Two-sided p of the Mann–Whitney U test, by the normal approximation with correction for ties and continuity; good from some
/// twenty samples on (Mann and Whitney, 1947).
fn p_value(a: &[Sample], b: &[Sample]) -> f64 {
    let mut all: Vec<(Sample, bool)> =
        a.iter().map(|&time| (time, true)).chain(b.iter().map(|&time| (time, false))).collect();
    all.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (m, n, total) = (count(a.len()), count(b.len()), count(all.len()));
    let (mut ranks, mut ties, mut below) = (0.0, 0.0, 0);
    while below < all.len() {
        let equal = all[below..].iter().take_while(|sample| sample.0.total_cmp(&all[below].0).is_eq()).count();
        let rank = count(below) + (count(equal) + 1.0) / 2.0;
        ranks += rank * count(all[below..below + equal].iter().filter(|sample| sample.1).count());
        ties += count(equal).powi(3) - count(equal);
        below += equal;
    }
    let u = ranks - m * (m + 1.0) / 2.0;
    let deviation = (m * n / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)))).sqrt();
    let z = ((u - m * n / 2.0).abs() - 0.5).max(0.0) / deviation;
    2.0 * upper_tail(z)
}

#[allow(clippy::cast_precision_loss, reason = "counts of samples are far below 2^52")]
const fn count(number: usize) -> f64 {
    number as f64
}

/// Upper tail of the standard normal distribution (Abramowitz and Stegun 26.2.17, error below 1e-7).
fn upper_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let weights = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let sum = weights.iter().rev().fold(0.0, |sum, weight| (sum + weight) * t);
    (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * sum
}

fn median(samples: &[Sample]) -> Sample {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) { f64::midpoint(sorted[half - 1], sorted[half]) } else { sorted[half] }
}

async fn timed(answer: impl Future<Output = Reply>, status: u16) -> Sample {
    let start = Instant::now();
    let reply = answer.await;
    let time = start.elapsed().as_secs_f64() * 1000.0;
    let _ = reply.is(status);
    time
}

/// Takes samples of both kinds in turns, and says whether they can be told apart.
async fn compare(
    name: &str,
    pairs: usize,
    known: impl AsyncFn(usize) -> Sample,
    unknown: impl AsyncFn(usize) -> Sample,
) -> bool {
    let (mut of_known, mut of_unknown) = (Vec::new(), Vec::new());
    // The first ten open connections and fill caches.
    for pair in 0..pairs + 10 {
        let (one, other) = if pair % 2 == 0 {
            let one = known(pair).await;
            (one, unknown(pair).await)
        } else {
            let other = unknown(pair).await;
            (known(pair).await, other)
        };
        if pair >= 10 {
            of_known.push(one);
            of_unknown.push(other);
        }
    }
    let (p, medians) = (p_value(&of_known, &of_unknown), (median(&of_known), median(&of_unknown)));
    let difference = medians.0 - medians.1;
    let alike = p > 0.01 && difference.abs() < 2.0;
    let verdict = if alike { "alike" } else { "different" };
    println!(
        "{name:<46} n {pairs} and {pairs}  medians {:>8.3} {:>8.3} ms  difference {difference:>7.3} ms  p {p:.4}  {verdict}",
        medians.0, medians.1
    );
    alike
}

fn parent() -> Value {
    terms("PRN", "parental-responsibility")
}

async fn invitations(world: &World, member: &str, address: &str, count: usize) -> Vec<Invited> {
    let mut all = Vec::new();
    for number in 0..count {
        // Tokens live for ten minutes, sessions for thirty without a refresh; neither passes here.
        let address = if address.is_empty() { format!("nobody-{number}@family.example") } else { address.to_owned() };
        all.push(world.invites(&address, &[(member, parent())]).await);
    }
    all
}

#[tokio::main]
async fn main() -> ExitCode {
    let pairs = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200);
    let world = World::new().await;
    let child = world.registers("Child", "2016-01-01").await;
    for (address, persons) in [("one@family.example", 1), ("four@family.example", 4)] {
        for number in 0..persons {
            let invited = world.invites(address, &[(&child, parent())]).await;
            world.accepts(&invited, &format!("Person {number}")).await;
        }
    }
    let here = world.browser();
    let wrong = async |address: &str| {
        // Time passes, so that no limit on guessing is what is measured.
        world.passes(SignedDuration::from_mins(2));
        let person = Person::new(here.clone(), address, "not the password at all");
        timed(person.tries_to_sign_in(), 401).await
    };
    let mut alike = true;
    for (name, address) in [
        ("POST /login: one person, or nobody", "one@family.example"),
        ("POST /login: four persons, or nobody", "four@family.example"),
        ("POST /login: staff, or nobody", journeys::DESK),
    ] {
        let unknown = async |pair: usize| wrong(&format!("nobody-{pair}@family.example")).await;
        alike &= compare(name, pairs, async |_| wrong(address).await, unknown).await;
    }

    let world = World::new().await;
    let (_, client) = world.client_alone().await;
    let child = world.registers("Child", "2016-01-01").await;
    let known = invitations(&world, &child, &client.email, pairs + 10).await;
    let unknown = invitations(&world, &child, "", pairs + 10).await;
    let here = world.browser();
    for (path, status) in [("look", 200), ("confirm", 204), ("accept", 422), ("decline", 204)] {
        let post = async |invited: &Invited| {
            let mut body = json!({"token": invited.token});
            if path == "accept" {
                body["code"] = json!("0");
                body["new_login"] = json!({"name": "New", "password": PASSWORD, "language": "en"});
            }
            timed(here.post(&format!("/invitations/{path}"), &body), status).await
        };
        let name = format!("POST /invitations/{path}: a login, or nobody yet");
        alike &=
            compare(&name, pairs, async |pair| post(&known[pair]).await, async |pair| post(&unknown[pair]).await).await;
        world.settled().await;
    }

    // A control: one AWS call more must be seen.
    let cookie = format!("log_{0}.ses_{0}.x", "0".repeat(32));
    let asking = world.browser();
    asking.set_cookie("__Host-refresh", Some(&cookie));
    let empty = json!({});
    let with_call = async |_| timed(asking.post("/login/refresh", &empty), 401).await;
    let without = async |_| timed(here.post("/login/refresh", &empty), 401).await;
    let sees = !compare("control: one call more, or none", pairs, with_call, without).await;
    if alike && sees { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
