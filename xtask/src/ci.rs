//! The list of steps, and `cargo xtask ci`, which takes them one after the other.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::outcome::{Outcome, StepResult, in_brackets};
use crate::{cargo_steps, deny, deps, layers, servers, tidy};

/// One check, which is also a subcommand.
pub(crate) struct Step {
    name: &'static str,
    about: &'static str,
    pub(crate) run: fn() -> StepResult,
}

/// All steps of `cargo xtask ci`: the quick ones that most often fail come first.
const STEPS: &[Step] = &[
    Step { name: "fmt", about: "the code is formatted", run: cargo_steps::fmt },
    Step {
        name: "tidy",
        about: "conventions of the source tree and the manifests",
        run: tidy::run,
    },
    Step {
        name: "layers",
        about: "the crates depend on each other as designed, and pure ones on no runtime",
        run: layers::run,
    },
    Step {
        name: "deps",
        about: "the numbers of other people's crates stay within their limits",
        run: deps::run,
    },
    Step {
        name: "clippy",
        about: "no warnings with default, no and all features",
        run: cargo_steps::clippy,
    },
    Step {
        name: "test",
        about: "all tests, those in the documentation included",
        run: cargo_steps::test,
    },
    Step {
        name: "test-features",
        about: "the tests that need features: other calendars, the `time` crate, waiting for operations",
        run: cargo_steps::test_features,
    },
    Step { name: "doc", about: "the documentation builds without warnings", run: cargo_steps::doc },
    Step {
        name: "features",
        about: "each crate builds without features and with each one alone, and the facade has all of them",
        run: cargo_steps::features,
    },
    Step {
        name: "deny",
        about: "licences, banned crates and features, sources, advisories",
        run: deny::run,
    },
    Step {
        name: "servers",
        about: "the tests that need a real server, on a Cyrus that is started for them",
        run: servers::test,
    },
    Step {
        name: "embedded",
        about: "the same for calendars on the embedded server, as itself and as each of the others that it can be",
        run: servers::embedded::test,
    },
    Step { name: "msrv", about: "the oldest supported toolchain suffices", run: cargo_steps::msrv },
];

/// The step of this name.
pub(crate) fn step(name: &str) -> Option<&'static Step> {
    STEPS.iter().find(|step| step.name == name)
}

/// Runs every step that is not skipped, whatever becomes of the others, and ends with one line for each.
///
/// `Err` is a usage error.
pub(crate) fn run(args: &[String]) -> Result<ExitCode, String> {
    let skipped = skipped(args)?;
    let mut ends = Vec::new();
    for step in STEPS {
        if skipped.contains(&step.name) {
            ends.push((step.name, Ok(Outcome::NotChecked("skipped".to_owned())), Duration::ZERO));
            continue;
        }
        println!("\n== {}: {}", step.name, step.about);
        let start = Instant::now();
        let result = (step.run)();
        if let Err(failure) = &result {
            eprintln!("{}: failed: {failure}", step.name);
        }
        ends.push((step.name, result, start.elapsed()));
    }

    println!("\n== cargo xtask ci");
    for (name, result, time) in &ends {
        println!("{}", line(name, result, *time));
    }
    let failed = ends.iter().any(|(_, result, _)| result.is_err());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The text of `cargo xtask --help`.
pub(crate) fn help() -> String {
    let mut text = String::from(
        "cargo xtask TASK\n\n\
         \x20 ci [--skip STEP]…        every step below, in this order; exit 1 if any failed\n\n",
    );
    for Step { name, about, .. } in STEPS {
        // Writing into a String cannot fail.
        writeln!(text, "  {name:<24} {about}").ok();
    }
    text.push_str(
        "\nNot part of ci:\n\n\
         \x20 fuzz [--seconds N] [TARGET]…   each fuzz target for N seconds (30); needs nightly and cargo-fuzz\n\
         \x20 bench [ARGS]…                  the comparison with peer crates; ARGS go to it\n\
         \x20 servers up|down|status cyrus [--newest] [--port N] [--dir DIR]\n\
         \x20                                a real server to test with; --newest takes the current release\n\n\
         A step ends as passed, failed, not checked or not run: a missing tool or network is never a pass.\n",
    );
    text
}

fn skipped(args: &[String]) -> Result<Vec<&'static str>, String> {
    let mut skipped = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg != "--skip" {
            return Err(format!("ci does not know {arg}"));
        }
        let name = args.next().ok_or("--skip needs the name of a step")?;
        let step = step(name).ok_or_else(|| format!("there is no step {name} to skip"))?;
        skipped.push(step.name);
    }
    Ok(skipped)
}

fn line(name: &str, result: &StepResult, time: Duration) -> String {
    let time = time.as_secs_f64();
    match result {
        Ok(Outcome::Passed(detail)) => {
            format!("{name:<9} passed       {time:>6.1} s{}", in_brackets(detail))
        }
        Ok(Outcome::NotChecked(why)) => format!("{name:<9} not checked  {time:>6.1} s ({why})"),
        Ok(Outcome::NotRun(why)) => format!("{name:<9} not run      {time:>6.1} s ({why})"),
        // The first line says what failed; the rest, if any, was printed when it happened.
        Err(failure) => {
            let failure = failure.to_string();
            format!(
                "{name:<9} failed       {time:>6.1} s ({})",
                failure.lines().next().unwrap_or_default()
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Failure;

    #[test]
    fn skips_only_what_exists() {
        let args = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        assert_eq!(skipped(&args(&["--skip", "test", "--skip", "doc"])).unwrap(), ["test", "doc"]);
        assert!(skipped(&args(&["--skip", "tests"])).is_err());
        assert!(skipped(&args(&["--skip"])).is_err());
        assert!(skipped(&args(&["test"])).is_err());
    }

    #[test]
    fn never_calls_unchecked_passed() {
        let unchecked = Ok(Outcome::NotChecked("no network".to_owned()));
        assert_eq!(
            line("deny", &unchecked, Duration::ZERO),
            "deny      not checked     0.0 s (no network)"
        );
        let unrun = Ok(Outcome::NotRun("no apt-get".to_owned()));
        assert_eq!(
            line("servers", &unrun, Duration::ZERO),
            "servers   not run         0.0 s (no apt-get)"
        );
        let failed = Err(Failure::new("it broke\nat length"));
        assert_eq!(
            line("test", &failed, Duration::from_secs(2)),
            "test      failed          2.0 s (it broke)"
        );
    }
}
