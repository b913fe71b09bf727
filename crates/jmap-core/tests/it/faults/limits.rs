//! Too much of something, and what was given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

use jmap_core::Error;
use jmap_core::client::Upload;

use super::{Reply, Scripted, answer, echo, echoed, json, run, session};

const JSON: &str = "Content-Type: application/json\r\n";

#[test]
fn an_answer_past_the_limit() {
    let long = format!(r#"{{"methodResponses":[],"x":"{}"}}"#, "x".repeat(10_000));
    let server = Scripted::calls(move |nth| match nth {
        // The length is said, and it is not.
        0 => Reply::Answer(answer(JSON, &long)),
        1 => Reply::Last(format!("HTTP/1.1 200 OK\r\n{JSON}\r\n{long}").into_bytes()),
        _ => echoed("s0"),
    });
    run(async {
        let client = server.builder().max_response(9_000).connect().await.unwrap();
        for _ in 0..2 {
            let error = echo(&client).await.unwrap_err();
            assert!(matches!(error, Error::TooLarge { .. }) && !error.is_retryable());
            assert_eq!(server.said(&error), "the answer is larger than 9000 octets");
        }
        echo(&client).await.unwrap();
    });
}

#[test]
fn an_upload_past_the_limit_is_not_sent() {
    let limit = r#","capabilities":{"urn:ietf:params:jmap:core":{"maxSizeUpload":3}}"#;
    let server = Scripted::start(move |_| session("s0", limit));
    run(async {
        let client = server.client().await;
        let error = client.upload(Upload::new("text/plain", "Milk")).await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"4 is more than the server's maxSizeUpload of 3");
        assert_eq!(server.count("/up"), 0);
    });
}

/// How many are inside, and how many there were at most.
#[derive(Default)]
struct Crowd {
    inside: AtomicUsize,
    most: AtomicUsize,
}

impl Crowd {
    fn stay(&self) {
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(inside, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(30));
        self.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn never_more_at_a_time_than_the_server_takes() {
    const LIMITS: &str = r#","capabilities":{"urn:ietf:params:jmap:core":{"maxConcurrentRequests":3,"maxConcurrentUpload":2}}"#;
    let crowds = Arc::new([Crowd::default(), Crowd::default()]);
    let [calls, uploads] = [0, 1].map(|index| (Arc::clone(&crowds), index));
    let server = Scripted::start(move |asked| match asked.path.as_str() {
        "/session" => session("s0", LIMITS),
        "/up" => {
            uploads.0[uploads.1].stay();
            json(r#"{"blobId":"b","size":4}"#)
        }
        _ => {
            calls.0[calls.1].stay();
            echoed("s0")
        }
    });
    run(async {
        let client = server.client().await;
        let mut tasks = Vec::new();
        for _ in 0..12 {
            let client = client.clone();
            tasks.push(tokio::spawn(async move {
                echo(&client).await.unwrap();
                client.upload(Upload::new("text/plain", "Milk")).await.unwrap();
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
    let most = [0, 1].map(|index| crowds[index].most.load(Ordering::SeqCst));
    assert!((2..=3).contains(&most[0]) && most[1] <= 2, "{most:?}");
}

#[test]
fn what_is_dropped_leaves_the_pool_usable() {
    const LIMITS: &str =
        r#","capabilities":{"urn:ietf:params:jmap:core":{"maxConcurrentRequests":2}}"#;
    let is_well = Arc::new(AtomicBool::new(false));
    let becomes_well = Arc::clone(&is_well);
    let server = Scripted::start(move |asked| match asked.path.as_str() {
        "/session" => session("s0", LIMITS),
        // Half of an answer, of which nothing may be left when the next one is read.
        _ if !is_well.load(Ordering::SeqCst) => Reply::Silence(
            format!("HTTP/1.1 200 OK\r\n{JSON}Content-Length: 99\r\n\r\n{{\"me").into(),
        ),
        _ => echoed("s0"),
    });
    run(async {
        let client = server.client().await;
        for _ in 0..4 {
            let call = echo(&client);
            let given_up = tokio::time::timeout(Duration::from_millis(100), call).await;
            assert!(given_up.is_err());
        }
        becomes_well.store(true, Ordering::SeqCst);
        // One that was begun, and one that was not even that.
        let mut waiting = Box::pin(echo(&client));
        assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(waiting);
        drop(echo(&client));
        for _ in 0..8 {
            echo(&client).await.unwrap();
        }
    });
    // The session's connection, one for each that was given up, and one or two for the rest.
    assert!(server.server.connections() <= 7, "{}", server.server.connections());
}
