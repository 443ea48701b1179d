//! The embedded stack, tested through its wire protocols with functions made of closures.
//!
//! The modules say `cfg(test)`, which always holds here, because clippy knows test helpers by it.

#[cfg(test)]
mod chain;
#[cfg(test)]
mod events;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod operators;
mod product;
#[cfg(test)]
mod s3;
#[cfg(test)]
mod services;
#[cfg(test)]
mod start;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod support;
