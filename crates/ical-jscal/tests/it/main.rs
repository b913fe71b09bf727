//! What the crate does, seen from outside.

mod fidelity;
mod oracle;
