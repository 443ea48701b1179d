//! `decide` against the same rules in Cedar.
//!
//! Ages, midnights and custody times are counted here a second time, too ([`calendar`]): nothing of the product but the facts
//! goes into Cedar's answer. Cedar itself is asked with feature `cedar` only: it brings 53 crates, and with one of their
//! features every crate that reads JSON would be built a second time. The properties draw their cases from here as well.
#![cfg_attr(not(feature = "cedar"), allow(dead_code, reason = "the rest of it goes to Cedar"))]

mod calendar;
pub(crate) mod case;
#[cfg(feature = "cedar")]
mod comparison;
#[cfg(feature = "cedar")]
mod oracle;
#[cfg(feature = "cedar")]
mod request;

/// What a case is answered: on what the yes rests, or nothing.
type Answer = Option<&'static str>;
