//! Runs a handler's recipe and turns whatever comes out into a response and one log line.

use std::future::Future;
use std::time::{Duration, Instant};

use lambda_http::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use lambda_http::{Body, Request, Response};

use super::meter::Meter;
use super::{Answer, Call, Problem, Stop};
use crate::log::Metric;
use crate::random;

/// A function's routes: one `match` over [`Call::route`].
pub trait Routes: Sync {
    /// Where people reach the portal, when the clinic set it; requests of other sites' pages are refused.
    fn base_url(&self) -> Option<&str>;

    /// Runs the recipe of the call's route. It may be run again when what it read had changed, so everything it does must
    /// be in its one transaction.
    fn dispatch(&self, call: &Call) -> impl Future<Output = Result<Answer, Stop>> + Send;
}

/// Runs of one recipe: six people on one link, and one more for a raced audit chain.
const MOST_RUNS: u32 = 8;
/// No run begins later than this: a recipe that hashes passwords takes its time, and whoever waits must hear from us and not
/// from Lambda, which ends the function after ten seconds without a word.
const LAST_RUN_WITHIN: Duration = Duration::from_secs(3);

/// Answers a request.
pub async fn serve(routes: &impl Routes, request: Request) -> Response<Body> {
    let started = Instant::now();
    let call = Call::read(&request, routes.base_url());
    let meter = Meter::default();
    let outcome = meter.measure(run(routes, &call)).await;
    let (mut response, cause) = respond(outcome);
    keep_private(&mut response);
    note(&call, &response, started, &meter, cause);
    response
}

/// Answers a request with a page or one of its files: no recipe, no calls. The headers are the handler's own; a problem gets
/// those of every other problem.
pub fn serve_page(request: &Request, answer: impl FnOnce(&Call) -> Result<Response<Body>, Stop>) -> Response<Body> {
    let started = Instant::now();
    let call = Call::read(request, None);
    let (response, cause) = match answer(&call) {
        Ok(response) => (response, None),
        Err(stop) => {
            let (mut response, cause) = respond(Err(stop));
            keep_private(&mut response);
            (response, cause)
        }
    };
    note(&call, &response, started, &Meter::default(), cause);
    response
}

/// Nobody stores an answer, guesses its type or passes its address on.
fn keep_private(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("vary"), HeaderValue::from_static("authorization, cookie"));
}

/// The one line per request: never a name, an address or a body.
fn note(call: &Call, response: &Response<Body>, started: Instant, meter: &Meter, cause: Option<&'static str>) {
    tracing::info!(
        route = call.route(),
        status = response.status().as_u16(),
        duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        aws_calls = meter.calls(),
        aws_series = meter.series(),
        aws_operations = meter.operations(),
        dynamodb_calls = meter.dynamodb_calls(),
        codes_compared = meter.codes(),
        request = call.request_id(),
        cause,
        "request"
    );
    if is_failed_login(call.route(), response.status().as_u16()) {
        Metric::LoginFailures.count();
    }
}

/// Whether somebody tried to sign in and did not succeed, or came too often (45 CFR 164.308(a)(5)(ii)(C)).
fn is_failed_login(route: &str, status: u16) -> bool {
    let proves = [
        "POST /login",
        "POST /login/code",
        "POST /login/passkey",
        "POST /login/recover",
        "POST /login/recover/confirm",
    ];
    matches!(status, 401 | 429) && proves.contains(&route)
}

async fn run(routes: &impl Routes, call: &Call) -> Result<Answer, Stop> {
    call.refuse_foreign()?;
    let started = Instant::now();
    for run in 0..MOST_RUNS {
        match routes.dispatch(call).await {
            Err(Stop::Changed) if started.elapsed() < LAST_RUN_WITHIN => tokio::time::sleep(pause(run)).await,
            Err(Stop::Changed) => break,
            outcome => return outcome,
        }
    }
    Err(Stop::Unavailable("the recipe met changes every time"))
}

/// A random part of a time that doubles, so that those who collided meet no second time.
fn pause(run: u32) -> Duration {
    let [share] = random::bytes().unwrap_or([128]);
    let longest = 8_u64 << run.min(5);
    Duration::from_millis(longest * u64::from(share) / 255)
}

fn respond(outcome: Result<Answer, Stop>) -> (Response<Body>, Option<&'static str>) {
    match outcome {
        Ok(answer) => (answer.into_response(), None),
        Err(Stop::Replay(answer)) => (answer.into_response(), None),
        Err(Stop::Problem(problem)) => (problem.into_response(), None),
        Err(Stop::Changed) => (Problem::unavailable().into_response(), Some("changed")),
        Err(Stop::Unavailable(cause)) => (Problem::unavailable().into_response(), Some(cause)),
        Err(Stop::Internal(internal)) => (Problem::internal().into_response(), Some(internal.0)),
    }
}
