//! Disks that are full, files that others have, and many who open one at a time.

use std::path::PathBuf;
use std::sync::Barrier;
use std::thread;

use jmap_core::{Client, Request};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{Store, StoreError};
use crate::Embedded;

struct Place {
    _directory: tempfile::TempDir,
    path: PathBuf,
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("jmap.db");
        Self { _directory: directory, path }
    }

    fn with_jane(&self) -> (Embedded, Client) {
        let server = Embedded::open(&self.path).unwrap();
        server.add_user("jane").unwrap();
        let client = server.client("jane").wait().unwrap();
        (server, client)
    }

    /// Whether SQLite finds nothing wrong with the file.
    fn is_whole(&self) -> bool {
        let connection = Connection::open(&self.path).unwrap();
        let query = "PRAGMA integrity_check";
        connection.query_row(query, [], |row| row.get::<_, String>(0)).unwrap() == "ok"
    }
}

fn result(client: &Client, method: &str, mut arguments: Value) -> Value {
    arguments["accountId"] = json!("jane");
    let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
    let request = json!({"using": using, "methodCalls": [[method, arguments, "c"]]});
    let request: Request = serde_json::from_value(request).unwrap();
    let response = serde_json::to_value(client.request(request).wait().unwrap()).unwrap();
    response["methodResponses"][0][1].clone()
}

fn create(client: &Client, description: &str) -> Value {
    let event = json!({"@type": "Event", "calendarIds": {"C1": true}, "start": "2027-03-01T09:00:00",
        "description": description});
    result(client, "CalendarEvent/set", json!({"create": {"k": event}}))
}

fn pragma(server: &Embedded, name: &str, value: i64) {
    let set = |connection: &mut Connection| {
        // The one answers with a row, the other one does not.
        connection.pragma_update_and_check(None, name, value, |_| Ok(())).or_else(|error| {
            matches!(error, rusqlite::Error::QueryReturnedNoRows).then_some(()).ok_or(error)
        })
    };
    server.store.0.connections.with_writer(set).unwrap();
}

/// SQLite's own limit stands for that of the disk: it takes the same way through the code.
#[test]
fn a_full_disk_gives_errors_and_leaves_everything_as_it_was() {
    let place = Place::new();
    let (server, client) = place.with_jane();
    let kept = create(&client, "before");
    let kept = kept["created"]["k"]["id"].as_str().unwrap().to_owned();
    // As many as there are, and a few more.
    let pages = |connection: &mut Connection| {
        connection.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0))
    };
    let pages = server.store.0.connections.with_writer(pages).unwrap();
    pragma(&server, "max_page_count", pages + 8);

    let text = "x".repeat(8_000);
    let mut acknowledged = vec![kept];
    let error = loop {
        let response = create(&client, &text);
        match response["created"]["k"]["id"].as_str() {
            Some(id) => acknowledged.push(id.to_owned()),
            None => break response,
        }
        assert!(acknowledged.len() < 100);
    };
    insta::assert_snapshot!(error, @r#"{"description":"the store failed: database or disk is full","type":"serverFail"}"#);
    let state =
        result(&client, "CalendarEvent/get", json!({"ids": acknowledged, "properties": ["id"]}));
    assert_eq!(state["list"].as_array().map(Vec::len), Some(acknowledged.len()));
    assert!(client.upload(jmap_core::client::Upload::new("text/plain", text)).wait().is_err());

    // Somebody makes room.
    pragma(&server, "max_page_count", 1_000_000);
    let after = create(&client, "after");
    assert_eq!(after["oldState"], state["state"], "{after}");
    drop((server, client));
    assert!(place.is_whole());
}

/// As when the medium is no longer written to: whoever reads goes on.
#[test]
fn a_file_that_can_only_be_read_gives_errors_to_those_who_write() {
    let place = Place::new();
    let (server, client) = place.with_jane();
    create(&client, "before");
    pragma(&server, "query_only", 1);
    let error = create(&client, "no");
    insta::assert_snapshot!(error, @r#"{"description":"the store failed: attempt to write a readonly database","type":"serverFail"}"#);
    assert!(server.add_user("bob").is_err());
    let found = result(&client, "CalendarEvent/query", json!({}));
    assert_eq!(found["ids"].as_array().map(Vec::len), Some(1));
    pragma(&server, "query_only", 0);
    assert!(create(&client, "after")["created"].get("k").is_some());
}

#[test]
fn many_who_make_a_file_at_once_make_it_once() {
    for _ in 0..5 {
        let place = Place::new();
        let start = Barrier::new(8);
        thread::scope(|scope| {
            for number in 0..8 {
                let (start, path) = (&start, &place.path);
                scope.spawn(move || {
                    start.wait();
                    let server = Embedded::open(path).unwrap();
                    server.add_user(&format!("user{number}")).unwrap();
                });
            }
        });
        assert_eq!(Embedded::open(&place.path).unwrap().users().unwrap().len(), 8);
        assert!(place.is_whole());
    }
}

#[test]
fn files_of_others_are_left_alone() {
    let place = Place::new();
    Connection::open(&place.path).unwrap().execute_batch("CREATE TABLE note (text TEXT)").unwrap();
    let before = std::fs::read(&place.path).unwrap();
    assert!(matches!(Store::open(&place.path), Err(StoreError::Foreign)));
    assert_eq!(std::fs::read(&place.path).unwrap(), before);

    let place = Place::new();
    drop(Store::open(&place.path).unwrap());
    Connection::open(&place.path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = Store::open(&place.path).err().unwrap();
    insta::assert_snapshot!(error, @"the file was made by a newer version of this program: it has version 99, this one knows 1");
}

/// Nobody waits for a writer who only reads, and the other way round.
#[test]
fn reading_goes_on_beside_writing() {
    let place = Place::new();
    let store = Store::open(&place.path).unwrap();
    let written: Result<(), StoreError> = store.write(|work| {
        work.transaction.execute("INSERT INTO token (hash, user) VALUES (x'00', 'jane')", [])?;
        // Another connection, which sees what was there before.
        let count = |work: &super::Work<'_>| work.user_of_token(&[0]);
        assert_eq!(thread::scope(|scope| scope.spawn(|| store.read(count)).join().unwrap())?, None);
        Ok(())
    });
    written.unwrap();
    assert_eq!(store.read(|work| work.user_of_token(&[0])).unwrap().as_deref(), Some("jane"));
}
