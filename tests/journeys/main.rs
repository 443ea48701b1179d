//! Black-box journeys through the whole product, over HTTP only (design §2). Every test has a stack of its own, in memory.

mod access;
mod canary;
mod chains;
mod hostile;
mod idempotency;
mod input;
mod inviting;
mod limits;
mod matrix;
mod openapi;
mod outbox;
mod papers;
mod races;
mod restart;
mod round_trips;
mod signing;
mod signing_in;
mod table;
