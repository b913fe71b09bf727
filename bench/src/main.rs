//! Our conversion beside its peers: one process, one thread, in turn. `--help` and the README say how.

mod data;
mod generate;
mod hostile;
mod measure;
mod memory;
mod options;
mod protocol;
mod recurrence;
mod report;
mod store;
mod subject;

use std::process::ExitCode;

use crate::data::DataSet;
use crate::options::{Command, Options};
use crate::report::Report;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match Command::parse(&args) {
        Ok(Command::Help) => {
            print!("{}", options::HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::Generate { path, bytes, seed }) => done(data::write(&path, bytes, seed)),
        Ok(Command::Convert { from, to }) => done(memory::convert_here(&from, &to)),
        Ok(Command::Hostile { format, case }) => done(hostile::convert_here(&format, case)),
        Ok(Command::Compare(options)) => done(compare(&options)),
        Err(message) => {
            eprintln!("bench: {message}\n\n{}", options::HELP);
            ExitCode::from(2)
        }
    }
}

fn done(result: Result<(), String>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("bench: {message}");
            ExitCode::FAILURE
        }
    }
}

fn compare(options: &Options) -> Result<(), String> {
    let mut report = Report::new(options.json);
    for set in ["corpus", "stream"].into_iter().filter(|name| options.wants_data(name)) {
        let data = match set {
            "corpus" => DataSet::corpus()?,
            _ => Some(DataSet::stream(options.bytes, options.seed)),
        };
        let Some(data) = data else {
            report.not_run(set, "corpus not found");
            continue;
        };
        for contest in subject::CONTESTS.iter().filter(|contest| options.wants(contest.name)) {
            report.contest(&measure::contest(contest, &data, options.rounds));
        }
    }
    if options.wants_memory() {
        report.memory(&memory::measure(options.memory_bytes, options.seed)?);
    }
    if options.wants_hostile() {
        match hostile::measure()? {
            Some(rows) => report.hostile(&rows),
            None => report.not_run("hostile", "this system does not tell the memory of a process"),
        }
    }
    if options.wants_recurrence() {
        for outcome in recurrence::measure(options.rounds)? {
            report.recurrence(&outcome);
        }
    }
    if options.wants_protocol() {
        for outcome in protocol::measure(options.rounds)? {
            report.protocol(&outcome);
        }
    }
    if options.wants_store() {
        report.store(&store::measure(options.events, options.rounds)?);
    }
    report.end();
    Ok(())
}
