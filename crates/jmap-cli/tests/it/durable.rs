//! What was acknowledged is there, whatever happened to the process.
//!
//! The process is killed, and not the machine: that the disk has what the system has taken is for `synchronous=FULL`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{process::Command, thread};

use jmap_core::{Client, Request};
use jmap_embedded::Embedded;
use serde_json::{Value, json};

use crate::program::Place;
use crate::serve::{Serving, serve};

const ROUNDS: usize = 20;
const WRITES: usize = 1_000;
const WRITERS: usize = 2;

/// What the server has acknowledged to one connection.
#[derive(Default)]
struct Acknowledged {
    ids: Vec<String>,
    state: Option<String>,
}

#[test]
fn every_acknowledged_write_survives_a_kill() {
    let place = Place::new();
    let file = place.path("jmap.db");
    let mut all = Vec::new();
    for round in 0..ROUNDS {
        let args =
            ["--db", "jmap.db", "--addr", "127.0.0.1:0", "--json", "--add-user", "jane", "--token"];
        let server = Serving::start(serve(&place, &args));
        // Another moment in each round.
        let acknowledged = write_until_killed(server, 25 + round * 383 % (WRITES - 50));
        let states: Vec<_> = acknowledged.iter().filter_map(|it| it.state.clone()).collect();
        let ids: Vec<String> = acknowledged.into_iter().flat_map(|it| it.ids).collect();

        let client = Embedded::open(&file).unwrap().client("jane").wait().unwrap();
        assert_are_there(&client, &ids);
        assert_moves_forward(&client, &states);
        all.extend(ids);
    }
    println!("{} writes were acknowledged in {ROUNDS} rounds", all.len());
    let server = Embedded::open(&file).unwrap();
    assert_are_there(&server.client("jane").wait().unwrap(), &all);
}

/// Writes on several connections, and kills the server after so many acknowledged writes, while it is writing.
fn write_until_killed(mut server: Serving, count: usize) -> Vec<Acknowledged> {
    let ready = server.json();
    let text = |name: &str| ready[name].as_str().unwrap().to_owned();
    let (address, token) = (text("address"), text("token"));
    let done = AtomicUsize::new(0);
    thread::scope(|scope| {
        let writers: Vec<_> =
            (0..WRITERS).map(|_| scope.spawn(|| write(&address, &token, &done))).collect();
        while done.load(Ordering::SeqCst) < count {
            thread::sleep(Duration::from_micros(200));
        }
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    })
}

fn write(address: &str, token: &str, done: &AtomicUsize) -> Acknowledged {
    let mut acknowledged = Acknowledged::default();
    let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
    let event =
        json!({"@type": "Event", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00"});
    let request = request("CalendarEvent/set", json!({"create": {"k": event}})).to_string();
    for _ in 0..WRITES / WRITERS {
        let head = format!(
            "POST /jmap/api HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{request}",
            request.len()
        );
        let Some(answer) = exchange(&mut stream, &head) else { break };
        let response = &answer["methodResponses"][0][1];
        let id = response["created"]["k"]["id"].as_str();
        acknowledged.ids.push(id.unwrap_or_else(|| panic!("{answer}")).to_owned());
        acknowledged.state = response["newState"].as_str().map(str::to_owned);
        done.fetch_add(1, Ordering::SeqCst);
    }
    acknowledged
}

/// The whole answer; `None` if the server is gone.
fn exchange(stream: &mut BufReader<TcpStream>, request: &str) -> Option<Value> {
    stream.get_mut().write_all(request.as_bytes()).ok()?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}

fn request(method: &str, mut arguments: Value) -> Value {
    arguments["accountId"] = json!("jane");
    let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
    json!({"using": using, "methodCalls": [[method, arguments, "c"]]})
}

fn result(client: &Client, method: &str, arguments: Value) -> Value {
    let request: Request = serde_json::from_value(request(method, arguments)).unwrap();
    let response = serde_json::to_value(client.request(request).wait().unwrap()).unwrap();
    response["methodResponses"][0][1].clone()
}

fn assert_are_there(client: &Client, ids: &[String]) {
    for ids in ids.chunks(500) {
        let got = result(client, "CalendarEvent/get", json!({"ids": ids, "properties": ["id"]}));
        assert_eq!(got["list"].as_array().map(Vec::len), Some(ids.len()), "{}", got["notFound"]);
    }
}

/// Clients that have these states get on from there.
fn assert_moves_forward(client: &Client, states: &[String]) {
    let calendar = json!({"create": {"k": {"name": "After"}}});
    let event =
        json!({"@type": "Event", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00"});
    assert!(result(client, "Calendar/set", calendar)["created"].get("k").is_some());
    let created = result(client, "CalendarEvent/set", json!({"create": {"k": event}}));
    let (id, now) = (&created["created"]["k"]["id"], &created["newState"]);
    assert_ne!(created["oldState"], *now);
    for state in states {
        assert_ne!(json!(state), *now);
        let changes = result(client, "CalendarEvent/changes", json!({"sinceState": state}));
        assert_eq!(changes["newState"], *now, "{changes}");
        assert!(changes["created"].as_array().unwrap().contains(id), "{changes}");
    }
}

/// A file of somebody else, or on a medium that cannot be written: an error, and the file is what it was.
#[test]
#[cfg(unix)]
fn a_file_that_cannot_be_written_is_left_alone() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    let place = Place::new();
    let file = place.path("jmap.db");
    Embedded::open(&file).unwrap().add_user("jane").unwrap();
    let before = std::fs::read(&file).unwrap();
    for (path, mode) in [(&file, 0o444), (&place.path(""), 0o555)] {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    }
    let mut command = serve(
        &place,
        &["--db", "jmap.db", "--addr", "127.0.0.1:0", "--add-user", "bob", "--token"],
    );
    if std::fs::metadata(&file).unwrap().uid() == 0 {
        // Nothing is closed to root.
        command.uid(65_534).gid(65_534);
        let reachable =
            Command::new("test").args(["-x", env!("CARGO_BIN_EXE_jmapctl")]).uid(65_534).status();
        if !reachable.is_ok_and(|status| status.success()) {
            println!("not run: nobody else can start the program where it was built");
            return;
        }
    }
    let output = command.output().unwrap();
    std::fs::set_permissions(place.path(""), PermissionsExt::from_mode(0o755)).unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    insta::assert_snapshot!(complaint, @"jmapctl serve: jmap.db: the store failed: attempt to write a readonly database");
    assert!(std::fs::read(&file).unwrap() == before);
}
