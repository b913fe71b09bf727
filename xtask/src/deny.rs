//! cargo-deny: licences, bans and sources always, advisories where their database can be reached.

use std::time::Duration;

use crate::command::{self, capture, cargo, run_within};
use crate::outcome::{Failure, Outcome, StepResult};

/// How long the database of advisories may take to arrive.
const FETCH_LIMIT: Duration = Duration::from_secs(60);

/// Runs the checks that `deny.toml` configures.
pub(crate) fn run() -> StepResult {
    if capture(&mut cargo(["deny", "--version"])).is_err() {
        return Err(Failure::new(
            "cargo-deny is not installed: `cargo install cargo-deny --locked`",
        ));
    }
    command::run(&mut cargo(["deny", "--locked", "check", "bans", "licenses", "sources"]))?;

    if let Err(failure) = run_within(&mut cargo(["deny", "--locked", "fetch", "db"]), FETCH_LIMIT) {
        println!("advisories: not checked ({failure})");
        return Ok(Outcome::Passed(
            "bans, licenses, sources; advisories not checked: their database cannot be fetched"
                .to_owned(),
        ));
    }
    command::run(&mut cargo(["deny", "--locked", "check", "--disable-fetch", "advisories"]))?;
    Ok(Outcome::Passed("bans, licenses, sources, advisories".to_owned()))
}
