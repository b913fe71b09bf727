//! `jmap-calendars` seen from outside.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says when it was not run"
)]

mod recorded;
mod samples;
