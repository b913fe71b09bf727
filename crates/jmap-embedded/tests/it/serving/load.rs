//! Many at a time: 64 connections that read and write, and nothing is lost.
//!
//! Two seconds, or as many as `JMAP_LOAD_SECONDS` says.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use jmap_embedded::Embedded;
use serde_json::{Value, json};

use crate::wire::{Server, Wire, call};

/// As many as may ask at a time by the limits that the standard suggests.
const CONNECTIONS_OF_A_USER: usize = 4;
const USERS: usize = 16;

/// What one connection has done.
#[derive(Default)]
struct Done {
    requests: u64,
    /// The titles by id, as they were acknowledged last.
    events: BTreeMap<String, String>,
}

#[test]
fn connections_that_read_and_write_lose_nothing() {
    let seconds = std::env::var("JMAP_LOAD_SECONDS").ok().and_then(|it| it.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(2));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("calendar.db");
    let users: Vec<String> = (0..USERS).map(|number| format!("user{number}")).collect();
    let names: Vec<&str> = users.iter().map(String::as_str).collect();
    let server = Server::of(Embedded::open(&path).unwrap(), &names);
    let start = Instant::now();
    let work =
        |user: &str, connection: usize| work(server.connect(user), user, connection, start + time);
    let mut memory = Vec::new();
    let done: Vec<(&str, Done)> = thread::scope(|scope| {
        let connections =
            names.iter().flat_map(|user| (0..CONNECTIONS_OF_A_USER).map(move |it| (*user, it)));
        let workers: Vec<_> = connections
            .map(|(user, connection)| (user, scope.spawn(move || work(user, connection))))
            .collect();
        while start.elapsed() < time {
            memory.extend(resident());
            thread::sleep(time / 20);
        }
        workers.into_iter().map(|(user, worker)| (user, worker.join().unwrap())).collect()
    });

    let requests: u64 = done.iter().map(|(_, done)| done.requests).sum();
    let events: usize = done.iter().map(|(_, done)| done.events.len()).sum();
    println!("{requests} requests in {time:?}, {events} events, resident: {memory:?} kB");
    assert!(requests > 64);
    for (user, done) in &done {
        let mut wire = server.connect(user);
        for (id, title) in &done.events {
            let got = result(
                &mut wire,
                user,
                "CalendarEvent/get",
                json!({"ids": [id], "properties": ["title"]}),
            );
            assert_eq!(&got["list"][0]["title"], title, "{user} {id}");
        }
    }
    if time >= Duration::from_secs(30) && memory.len() > 15 {
        // After the first quarter everything has its place: caches, threads, connections.
        let (early, late) = (memory[5], memory[memory.len() - 1]);
        assert!(late < early + early / 2, "memory grew: {memory:?} kB");
    }
}

fn work(mut wire: Wire, user: &str, connection: usize, end: Instant) -> Done {
    let mut done = Done::default();
    let mut round = 0_u64;
    let mut last: Option<String> = None;
    while Instant::now() < end {
        round += 1;
        let title = format!("{connection}-{round}");
        // One in four creates, one changes, two read.
        let response = match (round % 4, &last) {
            (2, Some(id)) => {
                let update = json!({"update": {id: {"title": title}}});
                let response = result(&mut wire, user, "CalendarEvent/set", update);
                assert!(response["updated"].get(id).is_some(), "{response}");
                done.events.insert(id.clone(), title);
                response
            }
            (3, Some(id)) => {
                let response = result(&mut wire, user, "CalendarEvent/get", json!({"ids": [id]}));
                assert_eq!(response["list"][0]["title"], done.events[id], "{response}");
                response
            }
            (0, Some(_)) => result(&mut wire, user, "CalendarEvent/query", json!({"limit": 5})),
            _ => {
                let event = json!({"@type": "Event", "calendarIds": {"C1": true}, "title": title,
                    "start": "2027-03-01T09:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H"});
                let create = json!({"create": {"k": event}});
                let response = result(&mut wire, user, "CalendarEvent/set", create);
                let id = response["created"]["k"]["id"].as_str();
                let id = id.unwrap_or_else(|| panic!("{response}")).to_owned();
                done.events.insert(id.clone(), title);
                last = Some(id);
                response
            }
        };
        assert!(response.get("type").is_none(), "{response}");
        done.requests += 1;
        if round == 400 {
            // So that an account stays as large as it is, however long this takes.
            let gone: Vec<String> = std::mem::take(&mut done.events).into_keys().collect();
            let response = result(&mut wire, user, "CalendarEvent/set", json!({"destroy": gone}));
            assert_eq!(response["destroyed"].as_array().map(Vec::len), Some(gone.len()));
            (round, last) = (0, None);
        }
    }
    done
}

fn result(wire: &mut Wire, user: &str, method: &str, arguments: Value) -> Value {
    let answer = wire.api(&call(user, method, arguments));
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()["methodResponses"][0][1].clone()
}

/// What the process takes of the memory, in kilobytes, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
