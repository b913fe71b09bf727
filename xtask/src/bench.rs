//! The comparison with peer crates, which is a package of its own outside the workspace.

use crate::command::{self, cargo, root};
use crate::outcome::{Failure, Outcome, StepResult};

/// Builds `bench/` for release and passes `args` to it.
pub(crate) fn run(args: &[String]) -> StepResult {
    if !root().join("bench/Cargo.toml").exists() {
        return Err(Failure::new("there is no bench/Cargo.toml yet"));
    }
    let mut command = cargo(["run", "--release", "--manifest-path", "bench/Cargo.toml", "--"]);
    command::run(command.args(args))?;
    Ok(Outcome::passed())
}
