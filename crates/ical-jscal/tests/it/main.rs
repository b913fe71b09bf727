//! What the crate does, seen from outside.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and figures are printed"
)]

mod alarms;
mod calendars;
mod case;
mod composites;
mod edits;
mod expansions;
mod fidelity;
mod hatches;
mod hostile;
mod laws;
mod links;
mod mapped;
mod mutations;
mod oracle;
mod overrides;
mod pairs;
mod people;
mod places;
mod recurrences;
mod tasks;
mod texts;
mod times;
mod zones;
