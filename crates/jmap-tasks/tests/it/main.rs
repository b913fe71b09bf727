//! `jmap-tasks` seen from outside.

#![allow(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

mod deviations;
mod methods;
mod server;
mod wire;
