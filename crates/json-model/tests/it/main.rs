//! Typed JSON objects seen from outside: what a stranger's crate can do with this one.

#![allow(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

mod forms;
mod hostile;
mod look_up;
mod props;
mod reading;
mod tagged;
mod types;
mod versions;
