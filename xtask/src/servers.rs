//! Real servers on this machine: `cargo xtask servers up|down|status cyrus`, and the step of CI that tests with one.
//!
//! What has to be done as root on a Debian is in the scripts of `docker-test-servers/cyrus`; here is what decides when
//! they are called, and what looks at the server that they start.

mod cyrus;
pub(crate) mod embedded;
mod http;
mod imap;

use std::net::TcpListener;
use std::path::PathBuf;

use crate::command;
use crate::outcome::{Failure, Outcome, StepResult};
use crate::servers::cyrus::{Cyrus, Ended, PASSWORD, USERS};

/// The step of CI: brings up a Cyrus of its own on a free port, tests with it, and takes it down again, whatever came
/// of the tests.
pub(crate) fn test() -> StepResult {
    let server = Cyrus::new(free_port()?, None, false)?;
    if let Ended::Cannot(why) = server.install()? {
        return Ok(Outcome::NotRun(why));
    }
    let result = server.up().and_then(|()| tests(&server));
    let down = server.down();
    let outcome = result?;
    down?;
    Ok(outcome)
}

/// Carries out `up`, `down` or `status` of the arguments.
///
/// `Err` is a usage error.
pub(crate) fn run(args: &[String]) -> Result<StepResult, String> {
    let Task { verb, port, dir, newest } = task(args)?;
    let server = match Cyrus::new(port, dir, newest) {
        Ok(server) => server,
        Err(failure) => return Ok(Err(failure)),
    };
    Ok(match verb {
        Verb::Up => up(&server),
        Verb::Down => server.down().map(|()| Outcome::Passed(format!("{server} is down"))),
        Verb::Status => status(&server),
    })
}

/// What needs a server, on one that is up.
fn tests(server: &Cyrus) -> StepResult {
    server.check_session()?;
    for package in ["jmap-core", "jmap-calendars"] {
        let mut tests = command::cargo(["test", "--package", package, "--test", "servers"]);
        // The features are those of the step `test-features`, so that nothing is built again.
        command::run(tests.args(["--all-features", "--locked"]).envs(server.variables()))?;
    }
    Ok(Outcome::Passed(format!("jmap-core and jmap-calendars with Cyrus {}", server.version())))
}

fn up(server: &Cyrus) -> StepResult {
    if !server.is_running()
        && let Ended::Cannot(why) = server.install()?
    {
        return Ok(Outcome::NotRun(why));
    }
    server.up()?;
    status(server)
}

fn status(server: &Cyrus) -> StepResult {
    if !server.is_running() {
        return Ok(Outcome::NotRun(format!("{server} is not up")));
    }
    server.check_session()?;
    println!("version:   {}", server.version());
    println!("session:   {}", server.url());
    println!("accounts:  {}, password {PASSWORD}", USERS.join(", "));
    println!("directory: {}", server.state().display());
    println!(
        "for tests: {}",
        server.variables().map(|(name, value)| format!("{name}={value}")).join(" ")
    );
    Ok(Outcome::Passed(format!("{server} is up")))
}

/// A port that nobody listens on, so that runs beside this one, and the server that somebody works with, are left alone.
fn free_port() -> Result<u16, Failure> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| Failure::new(format!("there is no free port on 127.0.0.1: {error}")))
}

#[derive(Debug, PartialEq)]
struct Task {
    verb: Verb,
    port: u16,
    dir: Option<PathBuf>,
    newest: bool,
}

#[derive(Debug, PartialEq)]
enum Verb {
    Up,
    Down,
    Status,
}

fn task(args: &[String]) -> Result<Task, String> {
    let (verb, rest) = args.split_first().ok_or("servers needs up, down or status")?;
    let verb = match verb.as_str() {
        "up" => Verb::Up,
        "down" => Verb::Down,
        "status" => Verb::Status,
        other => return Err(format!("servers knows up, down and status, not {other}")),
    };
    let (mut port, mut dir, mut newest, mut named) = (None, None, false, false);
    let mut rest = rest.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "cyrus" => named = true,
            "--newest" => newest = true,
            "--port" => {
                let number = rest.next().and_then(|text| text.parse().ok());
                port = Some(number.ok_or("--port needs a number up to 65535")?);
            }
            "--dir" => dir = Some(rest.next().ok_or("--dir needs a directory")?.into()),
            other => return Err(format!("servers does not know {other}")),
        }
    }
    if !named {
        return Err("which server? there is cyrus".to_owned());
    }
    Ok(Task { verb, port: port.unwrap_or(if newest { 8806 } else { 8805 }), dir, newest })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Task, String> {
        task(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn reads_its_arguments() {
        let up = Task { verb: Verb::Up, port: 8805, dir: None, newest: false };
        assert_eq!(read(&["up", "cyrus"]), Ok(up));
        let down = Task { verb: Verb::Down, port: 8806, dir: None, newest: true };
        assert_eq!(read(&["down", "--newest", "cyrus"]), Ok(down));
        let status = Task { verb: Verb::Status, port: 9, dir: Some("/d".into()), newest: false };
        assert_eq!(read(&["status", "cyrus", "--port", "9", "--dir", "/d"]), Ok(status));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for words in [
            &["up"][..],
            &["restart", "cyrus"],
            &["up", "stalwart"],
            &["up", "cyrus", "--port"],
            &["up", "cyrus", "--port", "65536"],
            &["up", "cyrus", "--dir"],
        ] {
            assert!(read(words).is_err(), "{words:?}");
        }
    }
}
