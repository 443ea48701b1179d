//! Every flow × every AWS call × everything that can happen to the call: success, a clean refusal or 503, and never half a
//! change, a second one, or a yes that is not true.
//!
//! The layer between functions and services is [`hearth_local::faults`]. A new route of the template fails
//! [`every_route_is_named`](flows) until a line of [`flows::table`] names it.

mod background;
mod clinic;
mod combinations;
mod flows;
mod invariants;
mod ledger;
mod must_fail;
mod prepare;
mod schedules;
mod shape;
mod silence;
mod soak;
mod together;
mod trial;
