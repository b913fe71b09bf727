//! What the crate does, seen from outside.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says when it was not run"
)]

#[cfg(feature = "server")]
mod client;
mod errors;
#[cfg(feature = "hyper")]
mod faults;
mod fuzzed;
mod recorded;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "hyper")]
mod socket;
mod tolerances;
