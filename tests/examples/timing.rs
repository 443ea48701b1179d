//! Measures whether the time of an answer tells known addresses from unknown ones:
//!
//! ```sh
//! cargo run -p journeys --example timing            # 200 pairs of each kind
//! cargo run -p journeys --example timing -- 1000
//! ```
//!
//! One call for a known address and one for an unknown one make a pair; which comes first alternates, over a stack of its own.
//! Only differences within pairs count, so a busy machine makes the answer less sharp and not wrong: what slows both calls down
//! cancels out, and ranks give no weight to a call that was held up. Wilcoxon's signed-rank test says whether the differences
//! lean to a side, and the sign test gives an interval for their median, both without a word on how times are distributed.
//!
//! A pair of kinds is `alike` when the test does not reject at 1 % over all comparisons together (Bonferroni) and the interval
//! lies within 2 ms; `unclear` when the interval is wider: then more pairs or a quieter machine are needed. The last comparison
//! is a control that must be `different`: one call to AWS more. Ends with 1 when anything is otherwise.

use jiff::SignedDuration;
use journeys::{Browser, Invited, PASSWORD, Reply, World, terms};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::Instant;

/// Milliseconds.
type Sample = f64;

/// How many comparisons share the 1 %.
const COMPARISONS: f64 = 12.0;

/// Two-sided p of Wilcoxon's signed-rank test, by the normal approximation with correction for ties and continuity; good from
/// some twenty pairs on (Wilcoxon, 1945).
fn p_value(differences: &[Sample]) -> f64 {
    let mut all: Vec<Sample> = differences.iter().copied().filter(|difference| *difference != 0.0).collect();
    all.sort_by(|left, right| left.abs().total_cmp(&right.abs()));
    let n = count(all.len());
    let (mut positive, mut ties, mut below) = (0.0, 0.0, 0);
    while below < all.len() {
        let equal = all[below..].iter().take_while(|other| other.abs().total_cmp(&all[below].abs()).is_eq()).count();
        let rank = count(below) + (count(equal) + 1.0) / 2.0;
        positive += rank * count(all[below..below + equal].iter().filter(|difference| **difference > 0.0).count());
        ties += count(equal).powi(3) - count(equal);
        below += equal;
    }
    let deviation = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0).sqrt();
    let z = ((positive - n * (n + 1.0) / 4.0).abs() - 0.5).max(0.0) / deviation;
    2.0 * upper_tail(z)
}

/// An interval that covers the median in 99 % of experiments: the order statistics that the sign test does not reject.
fn interval(samples: &[Sample]) -> (Sample, Sample) {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let away = 2.576 * count(sorted.len()).sqrt() / 2.0;
    let below = (0..sorted.len()).take_while(|&place| count(place) < count(sorted.len()) / 2.0 - away).count();
    let low = below.saturating_sub(1);
    (sorted[low], sorted[sorted.len() - 1 - low])
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Alike,
    Different,
    Unclear,
}

/// Takes samples of both kinds in turns, and says whether they can be told apart.
async fn compare(
    name: &str,
    pairs: usize,
    known: impl AsyncFn(usize) -> Sample,
    unknown: impl AsyncFn(usize) -> Sample,
) -> Verdict {
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
    let differences: Vec<Sample> = of_known.iter().zip(&of_unknown).map(|(one, other)| one - other).collect();
    let (p, (low, high)) = (p_value(&differences), interval(&differences));
    let verdict = if p <= 0.01 / COMPARISONS {
        Verdict::Different
    } else if low.abs().max(high.abs()) < 2.0 {
        Verdict::Alike
    } else {
        Verdict::Unclear
    };
    println!(
        "{name:<50} {pairs} pairs  medians {:>8.3} {:>8.3} ms  difference {:>7.3} ms in {low:>7.3} to {high:>6.3}  p {p:.4}  {verdict:?}",
        median(&of_known),
        median(&of_unknown),
        median(&differences),
    );
    verdict
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
    let invited = world.invites("one@family.example", &[(&child, parent())]).await;
    let person = world.joins(&invited, "Person").await;
    for number in 0..4 {
        let invited = world.invites("four@family.example", &[(&child, parent())]).await;
        world.accepts(&invited, &format!("Person {number}")).await;
    }
    let here = world.browser();
    let wrong = async |path: &str, address: &str| {
        // Time passes, so that no limit on guessing is what is measured.
        world.passes(SignedDuration::from_mins(2));
        let body = match path {
            "/login" => json!({"email": address, "password": "not the password at all"}),
            _ => json!({"email": address, "code": "0000-0000-0000-0000"}),
        };
        timed(here.post(path, &body), 401).await
    };
    let mut verdicts = Vec::new();
    for path in ["/login", "/login/recover"] {
        for (who, address) in
            [("one person", "one@family.example"), ("four persons", "four@family.example"), ("staff", journeys::DESK)]
        {
            let known = async |_| wrong(path, address).await;
            let unknown = async |pair: usize| wrong(path, &format!("nobody-{pair}@family.example")).await;
            verdicts.push(compare(&format!("POST {path}: {who}, or nobody"), pairs, known, unknown).await);
        }
    }
    // It takes no address: the browser of a person, and one that nobody has used, are all that there is to tell apart.
    let begin = async |browser: &Browser| {
        world.passes(SignedDuration::from_mins(2));
        timed(browser.post("/login/passkey/begin", &json!({})), 200).await
    };
    let known = async |_| begin(&person.browser).await;
    let name = "POST /login/passkey/begin: a person's browser, or not";
    verdicts.push(compare(name, pairs, known, async |_| begin(&here).await).await);

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
        let (known, unknown) =
            (async |pair: usize| post(&known[pair]).await, async |pair: usize| post(&unknown[pair]).await);
        verdicts.push(compare(&name, pairs, known, unknown).await);
        world.settled().await;
    }

    // A control: one AWS call more must be seen.
    let cookie = format!("log_{0}.ses_{0}.x", "0".repeat(32));
    let asking = world.browser();
    asking.set_cookie("__Host-refresh", Some(&cookie));
    let empty = json!({});
    let with_call = async |_| timed(asking.post("/login/refresh", &empty), 401).await;
    let without = async |_| timed(here.post("/login/refresh", &empty), 401).await;
    let control = compare("control: one call more, or none", pairs, with_call, without).await;
    let alike = verdicts.iter().all(|verdict| *verdict == Verdict::Alike);
    if alike && control == Verdict::Different { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
