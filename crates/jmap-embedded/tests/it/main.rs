//! The embedded server seen from outside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod file;
mod people;
mod quirks;
mod recorded;
mod requests;
