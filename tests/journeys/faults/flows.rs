//! The flows: one line each.

use super::clinic::Clinic;
use super::prepare::{self, Prepared};
use futures_util::future::BoxFuture;
use journeys::World;
use std::collections::BTreeSet;

/// How a fresh request comes about.
type Prepare = Box<dyn for<'a> Fn(&'a Clinic) -> BoxFuture<'a, Prepared> + Send + Sync>;

/// One way through a route.
pub(super) struct Flow {
    pub(super) route: &'static str,
    /// Which way, when there are several.
    pub(super) way: &'static str,
    pub(super) prepare: Prepare,
    /// The status of a good day.
    pub(super) good: std::ops::Range<u16>,
    /// What a repetition may be told when it was done before. Empty: the answer is kept, so it is told the same.
    pub(super) unkept: &'static [u16],
}

/// The example of a route that keeps its answers.
fn flow(route: &'static str) -> Flow {
    let prepare: Prepare = Box::new(move |clinic| Box::pin(prepare::example(clinic, route)));
    Flow { route, way: "", prepare, good: 200..300, unkept: &[] }
}

/// Prepares a request in a way of its own.
macro_rules! by {
    ($way:literal, $call:expr $(, $how:literal)?) => {{
        let prepare: Prepare = Box::new(|clinic| Box::pin($call(clinic $(, $how)?)));
        ($way, prepare)
    }};
}

impl Flow {
    fn by(self, (way, prepare): (&'static str, Prepare)) -> Self {
        Self { way, prepare, ..self }
    }

    /// No answer is kept: a repetition of what was done is told one of these.
    fn unkept(self, unkept: &'static [u16]) -> Self {
        Self { unkept, ..self }
    }

    /// On a good day it is refused, and that is put on record.
    fn refused(self, status: u16) -> Self {
        Self { good: status..status + 1, ..self }
    }

    pub(super) fn name(&self) -> String {
        if self.way.is_empty() { self.route.to_owned() } else { format!("{} ({})", self.route, self.way) }
    }
}

/// Routes that call nothing that could fail.
pub(super) const WITHOUT_CALLS: &[&str] = &["GET /", "GET /invitation", "GET /assets/{file}"];

/// Routes whose flows are not tried yet. The list only gets shorter. Signing in needs a clock that moves on, for guesses at one
/// address are limited.
pub(super) const NOT_TRIED: &[&str] = &[
    "POST /login",
    "POST /login/code",
    "POST /login/refresh",
    "POST /login/sign-out",
    "GET /agencies",
    "GET /agencies/{agency}",
    "GET /agencies/{agency}/hand-overs/{handover}",
    "GET /login/aliases",
    "GET /login/mailboxes",
    "GET /login/passkeys",
    "GET /login/sessions",
    "GET /members/{member}/blocks",
    "GET /members/{member}/directory",
    "GET /members/{member}/requests",
    "POST /agencies",
    "POST /agencies/{agency}/hand-overs",
    "POST /agencies/{agency}/hand-overs/{handover}/continue",
    "POST /agencies/{agency}/workers",
    "POST /agencies/{agency}/workers/{login}/remove",
    "POST /login/mailboxes",
    "POST /login/mailboxes/confirm",
    "POST /login/mailboxes/{mailbox}/prefer",
    "POST /login/mailboxes/{mailbox}/remove",
    "POST /login/merge",
    "POST /login/passkey",
    "POST /login/passkey/begin",
    "POST /login/passkeys",
    "POST /login/passkeys/begin",
    "POST /login/passkeys/{passkey}/remove",
    "POST /login/recover",
    "POST /login/recover/confirm",
    "POST /login/recovery-codes",
    "POST /login/sessions/end-others",
    "POST /login/sessions/{session}/end",
    "POST /login/step-up",
    "POST /logins/{login}/recovery",
    "POST /logins/{login}/unmerge",
    "POST /members/{member}/blocks",
    "POST /members/{member}/blocks/{block}/lift",
    "POST /members/{member}/grants/{login}/change",
    "POST /members/{member}/helpers",
    "POST /members/{member}/people/{login}/preview",
    "POST /members/{member}/people/{login}/why",
    "POST /members/{member}/requests",
    "POST /members/{member}/requests/{request}/approve",
    "POST /members/{member}/requests/{request}/refuse",
];

/// Every flow.
#[rustfmt::skip]
pub(super) fn table() -> Vec<Flow> {
    vec![
        flow("POST /members"),
        flow("GET /members"),
        flow("GET /members").by(by!("family", prepare::own_list)),
        flow("POST /members/{member}/switch"),
        flow("POST /members/{member}/switch").by(by!("family", prepare::own_switch)),
        flow("POST /members/{member}/switch").by(by!("denied", prepare::denied)).refused(404).unkept(&[404]),
        flow("GET /members/{member}"),
        flow("GET /members/{member}/grants"),
        flow("POST /members/{member}/grants").by(by!("", prepare::give)),
        flow("POST /members/{member}/grants/{login}/narrow").by(by!("", prepare::lower, "narrow")),
        flow("POST /members/{member}/grants/{login}/end").by(by!("", prepare::lower, "end")),
        flow("POST /members/{member}/grants/{login}/revoke").by(by!("", prepare::lower, "revoke")),
        flow("GET /members/{member}/activity"),
        flow("POST /invitations"),
        flow("POST /invitations/look").unkept(&[]),
        flow("POST /invitations/confirm"),
        flow("POST /invitations/accept"),
        flow("POST /invitations/accept").by(by!("existing login", prepare::accept_existing)),
        flow("POST /invitations/decline"),
        flow("POST /invitations/{invitation}/resend"),
        flow("POST /invitations/{invitation}/revoke"),
        flow("POST /members/{member}/documents"),
        flow("GET /members/{member}/documents"),
        flow("GET /members/{member}/documents/{document}"),
        flow("POST /members/{member}/documents/{document}/open"),
        flow("POST /members/{member}/packets"),
        flow("GET /members/{member}/packets"),
        flow("GET /members/{member}/packets/{packet}"),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/sign").by(by!("first of two", prepare::asked_of_two, "sign")),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/decline").by(by!("of two", prepare::asked_of_two, "decline")),
        flow("POST /members/{member}/packets/{packet}/void").by(by!("of two", prepare::asked_of_two, "void")),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/paper"),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/settle"),
        flow("POST /members/{member}/packets/{packet}/open"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_named() {
    let world = World::new().await;
    let routes: BTreeSet<String> = world.routes().into_iter().collect();
    let flows = table();
    let tried: BTreeSet<&str> = flows.iter().map(|flow| flow.route).collect();
    let others = WITHOUT_CALLS.iter().chain(NOT_TRIED).copied();
    assert!(NOT_TRIED.iter().all(|route| !tried.contains(route)), "take what is tried off the list of what is not");
    let named: BTreeSet<String> = tried.iter().copied().chain(others).map(str::to_owned).collect();
    assert_eq!(routes, named, "the template and the flows differ: add a line to `table`");
}
