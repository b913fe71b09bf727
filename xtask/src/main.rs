//! The house-keeping of this workspace. `cargo xtask --help` lists what there is.
//!
//! Every check of the continuous integration is a subcommand here, so that whatever fails there can be run at home,
//! and `cargo xtask ci` runs all of them. The checks that only call cargo are in [`cargo_steps`]; the others have a
//! module each.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people at a terminal")]

mod bench;
mod cargo_steps;
mod ci;
mod command;
mod deny;
mod deps;
mod facade;
mod fuzz;
mod layers;
mod manifest;
mod outcome;
mod servers;
mod tidy;
mod workspace;

use std::env;
use std::process::ExitCode;

use crate::outcome::{Outcome, StepResult};

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let (name, rest) = match args.split_first() {
        None => return usage_error("which task?"),
        Some((name, rest)) => (name.as_str(), rest),
    };
    let wants_help = |arg: &str| ["help", "-h", "--help"].contains(&arg);
    // The benchmark has a help of its own.
    if wants_help(name) || (name != "bench" && rest.first().is_some_and(|arg| wants_help(arg))) {
        print!("{}", ci::help());
        return ExitCode::SUCCESS;
    }

    let result = match name {
        "ci" => return ci::run(rest).unwrap_or_else(|message| usage_error(&message)),
        "fuzz" => fuzz::run(rest),
        "bench" => bench::run(rest),
        "servers" if !rest.is_empty() => match servers::run(rest) {
            Ok(result) => result,
            Err(message) => return usage_error(&message),
        },
        _ => match ci::step(name) {
            Some(_) if !rest.is_empty() => {
                return usage_error(&format!("{name} takes no arguments"));
            }
            Some(step) => (step.run)(),
            None => return usage_error(&format!("there is no task {name}")),
        },
    };
    report(name, &result)
}

/// Says how a single task ended. What was not checked is no failure, but it is never called passed either.
fn report(name: &str, result: &StepResult) -> ExitCode {
    match result {
        Ok(Outcome::Passed(detail)) => println!("{name}: passed{}", outcome::in_brackets(detail)),
        Ok(Outcome::NotChecked(why)) => println!("{name}: not checked ({why})"),
        Ok(Outcome::NotRun(why)) => println!("{name}: not run: {why}"),
        Err(failure) => {
            eprintln!("{name}: failed: {failure}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn usage_error(message: &str) -> ExitCode {
    eprintln!("xtask: {message}\n\n{}", ci::help());
    ExitCode::from(2)
}
