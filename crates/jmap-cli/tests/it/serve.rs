//! `jmapctl serve`, asked by `jmapctl session` and `jmapctl call`.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::program::{Place, Run};

/// A server that runs until this is dropped.
pub(crate) struct Serving {
    pub(crate) child: Child,
    /// What it said when it was ready.
    pub(crate) ready: String,
}

impl Serving {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut ready).unwrap();
        let mut serving = Self { child, ready };
        if serving.ready.is_empty() {
            panic!("it does not serve: {}", serving.complaints());
        }
        serving
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.ready).unwrap_or_else(|error| panic!("{error}: {}", self.ready))
    }

    /// What it has written to standard error, when it is over.
    fn complaints(&mut self) -> String {
        let mut text = String::new();
        self.child.stderr.as_mut().unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[cfg(unix)]
    fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        (code, self.complaints())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command, without anything from the environment of the test.
pub(crate) fn serve(place: &Place, args: &[&str]) -> Command {
    let mut command = place.command(["serve"].iter().chain(args));
    command.env_remove("JMAP_PASSWORD").env("XDG_DATA_HOME", place.path("data"));
    command
}

const ANY: [&str; 2] = ["--addr", "127.0.0.1:0"];

fn ask(place: &Place, url: &Value, variables: &[(&str, &str)], args: &[&str]) -> Run {
    let mut command = place.command(args);
    for name in ["JMAP_USER", "JMAP_PASSWORD", "JMAP_TOKEN"] {
        command.env_remove(name);
    }
    command.env("JMAP_URL", url.as_str().unwrap()).envs(variables.iter().copied());
    Run::of(command.output().unwrap())
}

#[test]
fn from_nothing_to_a_calendar() {
    let place = Place::new();
    let args = [&ANY[..], &["--json", "--add-user", "jane"]].concat();
    let mut command = serve(&place, &args);
    command.env("JMAP_PASSWORD", "tiger");
    let server = Serving::start(command);
    let ready = server.json();
    assert_eq!(ready["user"], "jane");
    assert_eq!(ready["token"], Value::Null);
    let file = place.path("data/jmapctl/jmap.db");
    assert_eq!(ready["database"].as_str().map(Into::into), Some(file.clone()));
    let jane = [("JMAP_USER", "jane"), ("JMAP_PASSWORD", "tiger")];
    let session = ask(&place, &ready["url"], &jane, &["session"]).ended(0);
    assert!(session.stdout.starts_with("Logged in as jane."), "{session:?}");
    let calendars = ask(&place, &ready["url"], &jane, &["call", "Calendar/get", "--json"]);
    assert_eq!(calendars.quietly().json()["list"][0]["isDefault"], true);
    let wrong = [("JMAP_USER", "jane"), ("JMAP_PASSWORD", "lion")];
    ask(&place, &ready["url"], &wrong, &["session"]).ended(1).says("Unauthorized; set JMAP_USER");

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(server.stop(), (Some(0), String::new()));
    }
}

#[test]
fn a_token_and_a_profile_and_a_second_server_with_the_file() {
    let place = Place::new();
    let args = ["--db", "team.db", "--add-user", "ci", "--token"];
    let server = Serving::start(serve(&place, &[&ANY[..], &args].concat()));
    let url = server.ready.split_once(" on ").unwrap().1.split_once(' ').unwrap().0.to_owned();
    assert_eq!(server.ready, format!("Serving team.db on {url} (Ctrl-C stops it).\n"));

    let args =
        ["--db", "team.db", "--add-user", "ci", "--token", "--json", "--profile", "cyrus-3.12"];
    let other = Serving::start(serve(&place, &[&ANY[..], &args].concat()));
    let ready = other.json();
    let token = [("JMAP_TOKEN", ready["token"].as_str().unwrap())];
    for url in [&Value::from(url), &ready["url"]] {
        let session = ask(&place, url, &token, &["session", "--json"]).quietly().json();
        let is_cyrus = session["capabilities"].to_string().contains("cyrus");
        assert_eq!(is_cyrus, *url == ready["url"], "{session}");
    }
}

#[test]
#[cfg(unix)]
fn passwords_come_from_commands() {
    let place = Place::new();
    let args = ["--json", "--db", "a.db", "--add-user", "jane", "--password-command"];
    let start = |command: &str| serve(&place, &[&ANY[..], &args, &[command]].concat());
    let server = Serving::start(start("printf 'tiger\\nand more\\n'"));
    let jane = [("JMAP_USER", "jane"), ("JMAP_PASSWORD", "tiger")];
    ask(&place, &server.json()["url"], &jane, &["session"]).ended(0);

    let fails = |command: &str| Run::of(start(command).output().unwrap()).ended(1);
    fails("exit 3").says("the password command failed: exit status: 3");
    fails("true").says("a password has a character at least");
}

#[test]
fn what_keeps_it_from_serving() {
    let place = Place::new().with("notes.txt", "not a database ".repeat(100));
    let run = |args: &[&str]| Run::of(serve(&place, args).output().unwrap());
    run(&["--db", "a.db", "--add-user", "jane", "--addr", "127.0.0.1:0"])
        .ended(1)
        .says("which password has jane? set JMAP_PASSWORD, or give --password-command or --token");
    run(&["--db", "notes.txt"])
        .ended(1)
        .says("notes.txt: the store failed: file is not a database");
    run(&["--db", "no/such/a.db"])
        .ended(1)
        .says("no/such/a.db: the file cannot be made: No such file");
    run(&["--db", "a.db", "--addr", "nowhere"]).ended(1).says("choose another address with --addr");
    run(&["--add-user", "a:b"]).ended(2).says("no colon");
    run(&["--password-command", "true"]).ended(2).says("--add-user");
    run(&["--profile", "cyrus"])
        .ended(2)
        .says("[possible values: cyrus-3.12, cyrus-3.13, stalwart-0.16]");
    run(&["--url", "example.com"]).ended(2).says("https://calendar.example.com");

    let first = Serving::start(serve(&place, &["--db", "a.db", "--addr", "127.0.0.1:0", "--json"]));
    let address = first.json()["address"].as_str().unwrap().to_owned();
    run(&["--db", "a.db", "--addr", &address]).ended(1).says("choose another address with --addr");
}

#[test]
#[cfg(unix)]
fn what_is_odd_is_said() {
    let place = Place::new();
    let server = Serving::start(serve(&place, &["--db", "a.db", "--addr", "0.0.0.0:0"]));
    insta::assert_snapshot!(server.stop().1, @"
    jmapctl serve: nobody can log in yet: add somebody with --add-user
    jmapctl serve: 0.0.0.0:0 can be reached by others, and nothing is encrypted: put a proxy with TLS before it, and name its URL with --url
    ");
}
