//! `jmapctl completions` and `jmapctl man`.

use std::io::{self, Write};

use clap::CommandFactory;
use clap::error::ErrorKind;
use clap_complete::Shell;

use crate::End;
use crate::args::{Args, usage_error};

/// Prints the completion script for `shell`.
pub(crate) fn completions(shell: Shell) -> Result<End, clap::Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "jmapctl", &mut script);
    print("completions", &script)
}

/// Prints the manual page of the program, or of one of its commands.
pub(crate) fn page(command: Option<&str>) -> Result<End, clap::Error> {
    let mut program = Args::command();
    program.build();
    let about = match command {
        None => program,
        Some(name) => match program.find_subcommand(name) {
            Some(found) => found.clone(),
            None => {
                let names: Vec<&str> =
                    program.get_subcommands().map(clap::Command::get_name).collect();
                let message =
                    format!("there is no command '{name}'; the commands are {}", names.join(", "));
                return Err(usage_error("man", ErrorKind::InvalidValue, message));
            }
        },
    };
    let mut page = Vec::new();
    let source = concat!("jmapctl ", env!("CARGO_PKG_VERSION"));
    let page_of = clap_mangen::Man::new(about).source(source).manual("jmapctl");
    match page_of.render(&mut page) {
        Ok(()) => print("man", &page),
        Err(error) => Err(usage_error("man", ErrorKind::Io, error)),
    }
}

fn print(command: &str, text: &[u8]) -> Result<End, clap::Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Ok(()) => Ok(End::Good),
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(End::Good),
        Err(error) => Err(usage_error(
            command,
            ErrorKind::Io,
            format!("cannot write to standard output: {error}"),
        )),
    }
}
