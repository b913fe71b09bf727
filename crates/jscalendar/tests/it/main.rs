//! The model as its users see it: both versions, the rules, the corpus, hostile input.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic, and figures are for whoever runs it"
)]

mod answers;
mod corpus;
mod expansion;
mod hostile;
mod laws;
mod membership;
mod rules;
mod samples;
mod series;
mod versions;
mod wire;
