//! `jmap-calendars` seen from outside.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says when it was not run"
)]

mod availability;
mod dialects;
mod laws;
mod people;
mod recorded;
mod samples;
mod script;
mod tolerances;
mod wire;
