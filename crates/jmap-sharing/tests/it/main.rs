//! `jmap-sharing` seen from outside.

#![allow(clippy::unwrap_used, reason = "a test may panic, also in its helpers")]

mod scheduled;
mod wire;
