//! Event streams: taken up again whatever happens to the connection.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use jmap_core::Client;
use jmap_core::client::Events;
use jmap_core::push::{Event, EventSourceOptions};

use super::{Connection, Server, answer, run};

const SESSION: &str = r#"{
    "capabilities": {"urn:ietf:params:jmap:core": {}},
    "accounts": {"a": {"accountCapabilities": {}}},
    "apiUrl": "/jmap/",
    "eventSourceUrl": "/events?types={types}&closeafter={closeafter}&ping={ping}",
    "state": "0"
}"#;

const STREAM: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

/// A server with a session, which does `serve` with the nth request for its event stream; and the heads of these.
fn server(
    serve: impl Fn(usize, &mut Connection) + Send + Sync + 'static,
) -> (Server, Receiver<String>) {
    let (sender, heads) = mpsc::channel();
    let served = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |_, mut connection| {
        while let Some(head) = connection.request() {
            if head.starts_with("GET /session ") {
                connection.send(answer("Content-Type: application/json\r\n", SESSION));
                continue;
            }
            sender.send(head).unwrap();
            serve(served.fetch_add(1, std::sync::atomic::Ordering::SeqCst), &mut connection);
            return;
        }
    });
    (server, heads)
}

async fn events(server: &Server) -> Events {
    let client = Client::builder(server.url("/session")).connect().await.unwrap();
    client.event_source(EventSourceOptions::of_types(["Note"]))
}

fn state(state: &str) -> String {
    format!(
        "id: {state}\nevent: state\ndata: {{\"changed\":{{\"a\":{{\"Note\":\"{state}\"}}}}}}\n\n"
    )
}

/// The state that the next event tells.
async fn next_state(events: &mut Events) -> String {
    match events.next().await.unwrap().unwrap() {
        Event::State(change) => change.changed["a"]["Note"].to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_broken_stream_is_continued_behind_its_last_event() {
    let (server, heads) = server(|index, connection| {
        connection.send(STREAM);
        match index {
            0 => connection.send(state("s1") + "id: s2\nevent: state\ndata: {\"chan"),
            _ => connection.send(state("s2")),
        }
    });
    run(async {
        let mut events = events(&server).await;
        assert_eq!(next_state(&mut events).await, "s1");
        assert_eq!(next_state(&mut events).await, "s2");
    });
    let first = heads.recv().unwrap();
    assert!(
        first.starts_with("GET /events?types=Note&closeafter=no&ping=60 HTTP/1.1\r\n"),
        "{first}"
    );
    assert!(first.contains("accept: text/event-stream\r\n"), "{first}");
    assert!(!first.contains("last-event-id"), "{first}");
    let second = heads.recv().unwrap();
    assert!(second.contains("last-event-id: s1\r\n"), "{second}");
}

/// One server gives its events no ids: there is nothing to continue behind.
#[test]
fn a_stream_without_ids() {
    let (server, heads) = server(|index, connection| {
        connection.send(STREAM);
        let event = state(&format!("s{index}"));
        let (_id, without_id) = event.split_once('\n').unwrap();
        connection.send(without_id);
    });
    run(async {
        let mut events = events(&server).await;
        assert_eq!(next_state(&mut events).await, "s0");
        assert_eq!(next_state(&mut events).await, "s1");
    });
    assert!(heads.try_iter().all(|head| !head.contains("last-event-id")));
}

#[test]
fn a_dead_connection_is_noticed_by_its_silence() {
    let (server, heads) = server(|index, connection| {
        connection.send(STREAM);
        if index == 0 {
            connection.send("event: ping\ndata: {\"interval\": 0.05}\n\n");
            connection.is_closed_by_client();
        }
        connection.send(state("s1"));
    });
    run(async {
        let mut events = events(&server).await;
        let interval = Some(Duration::from_millis(50));
        assert_eq!(events.next().await.unwrap().unwrap(), Event::Ping { interval });
        assert_eq!(next_state(&mut events).await, "s1");
    });
    assert_eq!(heads.try_iter().count(), 2);
}

#[test]
fn no_push_is_an_end() {
    let (server, _heads) = server(|_, connection| {
        connection.send("HTTP/1.1 204 No Content\r\n\r\n");
    });
    run(async {
        let mut events = events(&server).await;
        assert!(events.next().await.is_none());
        assert!(events.next().await.is_none());
    });
}

#[test]
fn what_does_not_mend_is_an_error_and_then_the_end() {
    let refusals = [
        (
            answer("Content-Type: text/html\r\n", "<html>"),
            "expected text/event-stream, found text/html",
        ),
        (
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
            "the server answered with HTTP status 404 Not Found",
        ),
        // One server says so of types that it does not know.
        (
            b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec(),
            "the server answered with HTTP status 400 Bad Request",
        ),
    ];
    for (refusal, message) in refusals {
        let (server, _heads) = server(move |_, connection| connection.send(&refusal));
        run(async {
            let mut events = events(&server).await;
            assert_eq!(events.next().await.unwrap().unwrap_err().to_string(), message);
            assert!(events.next().await.is_none());
        });
    }
}

/// It is given up before it is in memory, and not asked for again.
#[test]
fn an_event_without_an_end() {
    let (server, heads) = server(|_, connection| {
        connection.send(STREAM.to_owned() + &state("s1"));
        (0..300).for_each(|_| connection.send(format!("data: {}\n", "x".repeat(10_000))));
        connection.is_closed_by_client();
    });
    run(async {
        let mut events = events(&server).await;
        assert_eq!(next_state(&mut events).await, "s1");
        let error = events.next().await.unwrap().unwrap_err();
        insta::assert_snapshot!(error, @"the answer is larger than 1048576 octets");
        assert!(!error.is_retryable());
        assert!(events.next().await.is_none());
    });
    assert_eq!(heads.try_iter().count(), 1);
}

#[test]
fn what_may_mend_is_tried_again() {
    let (server, heads) = server(|index, connection| match index {
        0 => connection.send("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
        _ => connection.send(STREAM.to_owned() + &state("s1")),
    });
    run(async {
        let mut events = events(&server).await;
        assert_eq!(next_state(&mut events).await, "s1");
    });
    assert_eq!(heads.try_iter().count(), 2);
}

#[test]
fn whoever_stops_waiting_loses_nothing() {
    let (server, heads) = server(|_, connection| {
        for octet in (STREAM.to_owned() + &state("s1")).bytes() {
            connection.send([octet]);
            thread::sleep(Duration::from_millis(1));
        }
        connection.is_closed_by_client();
    });
    run(async {
        let mut events = events(&server).await;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let moment = tokio::time::timeout(Duration::from_millis(10), next_state(&mut events));
            if let Ok(state) = moment.await {
                break assert_eq!(state, "s1");
            }
        }
        assert!(attempts > 3);
    });
    assert_eq!(heads.try_iter().count(), 1);
}
