//! `jmapctl`: calendars, tasks and contacts on the command line.

mod args;
mod calendar;
mod call;
mod check;
mod convert;
mod document;
mod engine;
mod input;
mod kind;
mod manual;
mod report;
mod serve;
mod server;
mod session;
mod window;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};

fn main() -> ExitCode {
    let ended = match Args::parse().command {
        Command::Convert(args) => convert::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Session(args) => Ok(session::run(&args)),
        Command::Call(args) => call::run(&args),
        Command::Serve(args) => Ok(serve::run(&args)),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { command } => manual::page(command.as_deref()),
    };
    match ended {
        Ok(end) => end.into(),
        Err(usage) => {
            // Nobody is left to tell if even the message about the message cannot be written.
            let _ = usage.print();
            End::USAGE.into()
        }
    }
}

/// How a command ended: nothing went wrong, or something did. Wrong usage is the error beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Good,
    Failed,
}

impl End {
    const USAGE: u8 = 2;

    fn failed_if(failed: bool) -> Self {
        if failed { Self::Failed } else { Self::Good }
    }
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Good => Self::SUCCESS,
            End::Failed => Self::FAILURE,
        }
    }
}
