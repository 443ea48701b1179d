//! The flows: one line each.

use super::clinic::Clinic;
use super::prepare::{self, agencies, proofs};
use futures_util::future::BoxFuture;
use journeys::{Asking, PASSWORD, World};
use std::collections::BTreeSet;

/// How a request and its scene come about.
type Prepare = Box<dyn for<'a> Fn(&'a Clinic) -> BoxFuture<'a, Asking> + Send + Sync>;

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
    /// Each sending is an act of its own, and may count.
    pub(super) each_counts: bool,
    /// It is done in several steps, of which each is whole: when it breaks off, some may have been done.
    pub(super) in_steps: bool,
}

/// The example of a route that keeps its answers.
fn flow(route: &'static str) -> Flow {
    let prepare: Prepare = Box::new(move |clinic| Box::pin(prepare::example(clinic, route)));
    Flow { route, way: "", prepare, good: 200..300, unkept: &[], each_counts: false, in_steps: false }
}

/// Prepares a request in a way of its own.
macro_rules! by {
    ($way:literal, $call:expr $(, $how:expr)?) => {{
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

    /// Each sending is an act of its own.
    fn each_counts(self) -> Self {
        Self { each_counts: true, ..self.unkept(&[200]) }
    }

    /// Several changes, each whole, of which a repetition does what is left.
    fn in_steps(self) -> Self {
        Self { in_steps: true, ..self.unkept(&[200, 201]) }
    }

    /// Whether a repetition is told the very same.
    pub(super) fn is_kept(&self) -> bool {
        self.unkept.is_empty() && self.route.starts_with("POST") && self.route != "POST /invitations/look"
    }

    pub(super) fn name(&self) -> String {
        if self.way.is_empty() { self.route.to_owned() } else { format!("{} ({})", self.route, self.way) }
    }
}

/// Routes that call nothing that could fail.
pub(crate) const WITHOUT_CALLS: &[&str] =
    &["GET /", "GET /invitation", "GET /verify", "POST /verify", "GET /assets/{file}"];

/// Every flow.
#[rustfmt::skip]
pub(super) fn table() -> Vec<Flow> {
    vec![
        flow("POST /login"),
        flow("POST /login").by(by!("known device", proofs::sign_in, PASSWORD)),
        flow("POST /login").by(by!("wrong password", proofs::sign_in, "not the password at all")).refused(401),
        flow("POST /login/code"),
        flow("POST /login/code").by(by!("once more", proofs::step_up_code)),
        flow("POST /login/code").by(by!("recovery code", proofs::recovery_code)),
        flow("POST /login/code").by(by!("wrong", proofs::wrong_code)).refused(401),
        flow("POST /login/refresh").by(by!("", prepare::refresh)).unkept(&[200]),
        flow("POST /login/sign-out").unkept(&[401]),
        flow("POST /login/step-up"),
        flow("POST /login/step-up").by(by!("family", proofs::step_up, PASSWORD)),
        flow("POST /login/step-up").by(by!("wrong", proofs::step_up, "not the password at all")).refused(422),
        flow("POST /login/password"),
        flow("POST /login/recovery-codes"),
        flow("POST /login/recover"),
        flow("POST /login/recover").by(by!("recovery code", proofs::recover)),
        flow("POST /login/recover").by(by!("mistyped", proofs::mistyped)).refused(401),
        flow("POST /login/recover/confirm"),
        flow("POST /login/recover/confirm").by(by!("recovery code", proofs::new_password)),
        flow("POST /logins/{login}/recovery"),
        flow("GET /login/sessions"),
        flow("POST /login/sessions/{session}/end"),
        flow("POST /login/sessions/end-others").by(by!("", proofs::end_others)),
        flow("POST /login/passkey/begin").each_counts(),
        flow("POST /login/passkey"),
        flow("POST /login/passkey").by(by!("once more", proofs::passkey_again)),
        flow("POST /login/passkeys/begin").each_counts(),
        flow("POST /login/passkeys"),
        flow("GET /login/passkeys"),
        flow("POST /login/passkeys/{passkey}/remove"),
        flow("GET /login/mailboxes"),
        flow("POST /login/mailboxes"),
        flow("POST /login/mailboxes/confirm"),
        flow("POST /login/mailboxes/confirm").by(by!("wrong", proofs::wrong_address_code)).refused(422),
        flow("POST /login/mailboxes/{mailbox}/prefer"),
        flow("POST /login/mailboxes/{mailbox}/remove"),
        flow("GET /login/aliases"),
        flow("GET /login/aliases").by(by!("proved", proofs::aliases)),
        flow("POST /login/merge"),
        flow("POST /login/merge").by(by!("wrong password", proofs::merge_wrongly)).refused(422),
        flow("POST /logins/{login}/unmerge"),
        flow("POST /members"),
        flow("GET /members"),
        flow("GET /members").by(by!("family", prepare::own_list)),
        flow("POST /members/{member}/switch"),
        flow("POST /members/{member}/switch").by(by!("family", prepare::own_switch)),
        flow("POST /members/{member}/switch").by(by!("denied", prepare::denied)).refused(404),
        flow("GET /members/{member}"),
        flow("GET /members/{member}/grants"),
        flow("POST /members/{member}/grants").by(by!("", prepare::give)),
        flow("POST /members/{member}/grants/{login}/narrow").by(by!("", prepare::lower, "narrow")),
        flow("POST /members/{member}/grants/{login}/end").by(by!("", prepare::lower, "end")),
        flow("POST /members/{member}/grants/{login}/revoke").by(by!("", prepare::lower, "revoke")),
        flow("GET /members/{member}/activity"),
        flow("POST /members/{member}/grants/{login}/change"),
        flow("POST /members/{member}/people/{login}/preview"),
        flow("POST /members/{member}/people/{login}/why"),
        flow("GET /members/{member}/blocks"),
        flow("POST /members/{member}/blocks"),
        flow("POST /members/{member}/blocks").by(by!("by address", prepare::block_by_address)),
        flow("POST /members/{member}/blocks/{block}/lift"),
        flow("POST /members/{member}/blocks/{block}/lift").by(by!("first of two", prepare::lift, "first")),
        flow("POST /members/{member}/blocks/{block}/lift").by(by!("second of two", prepare::lift, "second")),
        flow("POST /members/{member}/helpers"),
        flow("GET /members/{member}/directory"),
        flow("POST /members/{member}/requests"),
        flow("GET /members/{member}/requests"),
        flow("POST /members/{member}/requests/{request}/approve"),
        flow("POST /members/{member}/requests/{request}/refuse"),
        flow("POST /agencies"),
        flow("GET /agencies"),
        flow("GET /agencies/{agency}"),
        flow("POST /agencies/{agency}/workers"),
        flow("POST /agencies/{agency}/workers/{login}/remove"),
        flow("POST /agencies/{agency}/hand-overs").in_steps(),
        flow("GET /agencies/{agency}/hand-overs/{handover}"),
        flow("POST /agencies/{agency}/hand-overs/{handover}/continue").in_steps(),
        flow("POST /agencies/{agency}/hand-overs/{handover}/continue").by(by!("half done", agencies::half_done)).in_steps(),
        flow("POST /invitations"),
        flow("POST /invitations/look"),
        flow("POST /invitations/confirm"),
        flow("POST /invitations/accept"),
        flow("POST /invitations/accept").by(by!("existing login", prepare::accept_existing)),
        flow("POST /invitations/accept").by(by!("wrong code", prepare::accept_wrongly)).refused(422),
        flow("POST /invitations/decline"),
        flow("POST /invitations/{invitation}/resend"),
        flow("POST /invitations/{invitation}/revoke"),
        flow("POST /members/{member}/documents"),
        flow("GET /members/{member}/documents"),
        flow("GET /members/{member}/documents/{document}"),
        flow("GET /members/{member}/documents/{document}/fields"),
        flow("POST /members/{member}/documents/{document}/open"),
        flow("POST /members/{member}/packets"),
        flow("GET /members/{member}/packets"),
        flow("GET /members/{member}/packets/{packet}"),
        flow("GET /members/{member}/packets/{packet}/slots/{slot}/answers"),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/answers"),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/answers").by(by!("changed", prepare::forms::save_again)),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/answers/carry"),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/sign").by(by!("a form", prepare::forms::sign)),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/sign").by(by!("first of two", prepare::asked_of_two, "sign")),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/decline").by(by!("of two", prepare::asked_of_two, "decline")),
        flow("POST /members/{member}/packets/{packet}/void").by(by!("of two", prepare::asked_of_two, "void")),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/paper"),
        flow("POST /members/{member}/packets/{packet}/slots/{slot}/settle").by(by!("of two", prepare::asked_of_two, "settle")),
        flow("POST /members/{member}/packets/{packet}/open"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_named() {
    let world = World::new().await;
    let routes: BTreeSet<String> = world.routes().into_iter().collect();
    let flows = table();
    let tried: BTreeSet<&str> = flows.iter().map(|flow| flow.route).collect();
    assert!(WITHOUT_CALLS.iter().all(|route| !tried.contains(route)), "take what is tried off the list of what is not");
    let named: BTreeSet<String> = tried.iter().chain(WITHOUT_CALLS).map(|route| (*route).to_owned()).collect();
    assert_eq!(routes, named, "the template and the flows differ: add a line to `table`");
}
