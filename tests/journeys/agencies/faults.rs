//! A machine that stops in the middle of a hand-over, at every place where it can.

use super::{chains_hold, each_has_one, goes_on, holders};
use hearth_local::{Answer, Handler, HttpHandler, Options, Registry};
use journeys::{World, handing};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const NEVER: usize = usize::MAX;

/// Work that is dropped at a certain one of its steps, as when the machine stops.
fn fragile<T: Send + 'static>(mut work: Answer<T>, steps: Arc<AtomicUsize>) -> Answer<T> {
    Box::pin(std::future::poll_fn(move |context| {
        let left = steps.load(Ordering::SeqCst);
        assert!(left > 0, "the machine stops here");
        if left != NEVER {
            steps.store(left - 1, Ordering::SeqCst);
        }
        work.as_mut().poll(context)
    }))
}

/// A clinic whose function `members` stops when `steps` are used up.
async fn world_with(steps: &Arc<AtomicUsize>) -> World {
    let steps = Arc::clone(steps);
    let programs = Registry::product().with("members", move |environment| {
        let Handler::Http(inner) = Registry::product().build("members", environment)? else {
            return Err("members answers HTTP".to_owned());
        };
        let steps = Arc::clone(&steps);
        let handler: HttpHandler = Arc::new(move |request| fragile(inner(request), Arc::clone(&steps)));
        Ok(Handler::Http(handler))
    });
    let clock = hearth::clock::Clock::manual(jiff::Timestamp::now());
    World::with(Options { clock, programs, ..Options::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hand_over_is_finished_wherever_the_machine_stopped() {
    let steps = Arc::new(AtomicUsize::new(NEVER));
    let world = world_with(&steps).await;
    let office = world.office(60).await;
    let path = format!("/agencies/{}/hand-overs", office.agency);
    let (mut from, mut to) = (office.from.clone(), office.to.clone());
    let mut seen = [0; 3];
    for (acts_before, round) in (1..60).step_by(4).enumerate() {
        steps.store(round, Ordering::SeqCst);
        let key = format!("a-key-of-sixteen-letters-{round}");
        let body = handing(&from, &to, &json!("all"));
        let broken = world.staff.ask("POST", &path).json(&body).key(&key).send().await;
        steps.store(NEVER, Ordering::SeqCst);
        world.settled().await;
        each_has_one(&world, &office.children).await;
        let moved = holders(&world).await.values().filter(|holders| **holders == [to.clone()]).count();
        assert!([0, 19, 38, 57, 60].contains(&moved), "{moved} have moved");
        seen[if moved == 0 { 0 } else { 1 + usize::from(moved == 60) }] += 1;
        // Half of the rounds the same request comes again, half of them somebody else goes on.
        let unfinished = world.staff.get(&format!("/agencies/{}", office.agency)).await.is(200).list("unfinished");
        let done = match unfinished.first() {
            Some(act) if acts_before % 2 == 0 => {
                let path = format!("{path}/{}/continue", act["id"].as_str().unwrap());
                goes_on(&world, &office.agency, world.staff.post(&path, &json!({})).await.is(200)).await
            }
            _ => {
                let again = world.staff.ask("POST", &path).json(&body).key(&key).send().await.is(201);
                goes_on(&world, &office.agency, again).await
            }
        };
        assert_eq!((&done["moved"], &done["left"]), (&json!(60), &json!(0)), "round {round}: {}", broken.text);
        each_has_one(&world, &office.children).await;
        // One act of one person, however often it was begun.
        let acts = world
            .items()
            .await
            .into_iter()
            .filter(|item| item["item"]["sk"]["S"].as_str().unwrap().starts_with("HANDOVER#"));
        assert_eq!(acts.count(), acts_before + 1);
        std::mem::swap(&mut from, &mut to);
    }
    println!("stopped before the first, between, and after the last child: {seen:?}");
    assert!(seen[0] > 0 && seen[1] > 0, "{seen:?}");
    chains_hold(&world).await;
}
