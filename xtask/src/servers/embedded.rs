//! The embedded server as a server to test with: as itself, and as each of those that it can be.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use super::cyrus::{PASSWORD, USERS};
use crate::command;
use crate::outcome::{Failure, Outcome, StepResult};

/// By which name the tests know it as itself.
const ITSELF: &str = "embedded";

/// The servers that it can be: `Quirks::NAMES` of the crate.
const PROFILES: [&str; 3] = ["cyrus-3.12", "cyrus-3.13", "stalwart-0.16"];

/// The step of CI: the tests of `jmap-calendars` that need a server, on each of them.
pub(crate) fn test() -> StepResult {
    for name in [ITSELF].into_iter().chain(PROFILES) {
        let server = Embedded::start(name)?;
        let mut tests =
            command::cargo(["test", "--package", "jmap-calendars", "--test", "servers"]);
        let variables = [
            ("JMAP_TEST_SERVER", name),
            ("JMAP_TEST_URL", &server.url),
            ("JMAP_TEST_USER", USERS[0]),
            ("JMAP_TEST_PASSWORD", PASSWORD),
        ];
        println!("as {name}:");
        command::run(tests.args(["--all-features", "--locked"]).envs(variables))?;
    }
    Ok(Outcome::Passed(format!("jmap-calendars with it as itself, {}", PROFILES.join(", "))))
}

/// One that runs until this is dropped.
struct Embedded {
    child: Child,
    url: String,
}

impl Embedded {
    fn start(name: &str) -> Result<Self, Failure> {
        let mut command = command::cargo([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "jmap-embedded",
            "--example",
            "three_users",
            "--",
            "127.0.0.1:0",
        ]);
        command.args(Some(name).filter(|name| *name != ITSELF));
        let failed =
            |why: String| Failure::new(format!("the embedded server does not start: {why}"));
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| failed(error.to_string()))?;
        let mut url = String::new();
        let read = child.stdout.take().map(|out| BufReader::new(out).read_line(&mut url));
        let server = Self { child, url: url.trim().to_owned() };
        match read {
            Some(Ok(_)) if !server.url.is_empty() => Ok(server),
            _ => Err(failed("it says no address".to_owned())),
        }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        // It stops when its input ends.
        drop(self.child.stdin.take());
        // If it ended already, there is nothing to wait for.
        self.child.wait().ok();
    }
}
