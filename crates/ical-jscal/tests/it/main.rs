//! What the crate does, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod alarms;
mod fidelity;
mod hatches;
mod links;
mod oracle;
mod people;
mod places;
