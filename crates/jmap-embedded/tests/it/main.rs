//! The embedded server seen from outside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "a test that is not run says so")]

mod file;
mod people;
mod quirks;
mod recorded;
mod requests;
mod serving;
mod wire;
