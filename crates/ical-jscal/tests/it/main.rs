//! What the crate does, seen from outside.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and figures are printed"
)]

mod alarms;
mod edits;
mod fidelity;
mod hatches;
mod links;
mod mapped;
mod mutations;
mod oracle;
mod pairs;
mod people;
mod places;
