//! A session that moves, and what is told about all this in traces.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jmap_core::{Client, Error, State};
use tracing::field::{Field, Visit};
use tracing::span;

use super::{
    Asked, Scripted, assert_no_secret, builder, create, echo, echoed, json, run, session, status,
};

/// The session moves with the first call, and stands still from then on.
fn moves(asked: &Asked) -> super::Reply {
    match (asked.path.as_str(), asked.nth) {
        ("/session", 0) => session("s0", ""),
        ("/session", _) => session("s1", r#","apiUrl":"/new-api""#),
        _ => echoed("s1"),
    }
}

#[test]
fn fetched_again_before_the_next_call() {
    let server = Scripted::start(moves);
    run(async {
        let client = server.client().await;
        let clone = client.clone();
        echo(&client).await.unwrap();
        assert_eq!(server.count("/session"), 1);
        echo(&clone).await.unwrap();
        echo(&client).await.unwrap();
        assert_eq!(client.session().api_url.as_deref(), Some("/new-api"));
    });
    assert_eq!(
        [server.count("/session"), server.count("/api"), server.count("/new-api")],
        [2, 1, 2]
    );
}

#[test]
fn fetched_once_by_all() {
    let server = Scripted::start(moves);
    run(async {
        let client = server.client().await;
        echo(&client).await.unwrap();
        let call = |client: Client| tokio::spawn(async move { echo(&client).await.unwrap() });
        let calls: Vec<_> = (0..8).map(|_| call(client.clone())).collect();
        for call in calls {
            call.await.unwrap();
        }
    });
    assert_eq!([server.count("/session"), server.count("/new-api")], [2, 8]);
}

#[test]
fn fetched_by_the_next_one_if_it_cannot_be_had() {
    let server = Scripted::start(|asked| match (asked.path.as_str(), asked.nth) {
        ("/session", 1) => status("500 Internal Server Error", "", ""),
        _ => moves(asked),
    });
    run(async {
        let client = server.client().await;
        echo(&client).await.unwrap();
        let error = echo(&client).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 500);
        echo(&client).await.unwrap();
        echo(&client).await.unwrap();
    });
    assert_eq!(server.count("/session"), 3);
}

/// As long as the session cannot be had for now, calls go on with the one that is held; it is not asked for each time.
#[test]
fn held_as_long_as_it_cannot_be_fetched() {
    let server = Scripted::start(|asked| match (asked.path.as_str(), asked.nth) {
        ("/session", 1..) => status("503 Service Unavailable", "", ""),
        _ => moves(asked),
    });
    run(async {
        let client = server.client().await;
        for _ in 0..4 {
            echo(&client).await.unwrap();
        }
        assert_eq!(client.session().state, Some(State::any("s0")));
        // Whoever wants it by name is told.
        assert_eq!(client.refresh().await.unwrap_err().status().unwrap(), 503);
    });
    // Four attempts each.
    assert_eq!([server.count("/session"), server.count("/api")], [1 + 4 + 4, 4]);
}

/// A server that moves: what there was at the first address is gone.
fn moved(gone: &'static str) -> Scripted {
    Scripted::start(move |asked| match (asked.path.as_str(), asked.nth) {
        (path, 1..) if path == gone => status("404 Not Found", "", ""),
        ("/.well-known/jmap", 0) => status("302 Found", "Location: /session\r\n", ""),
        ("/.well-known/jmap", _) => status("302 Found", "Location: /new-session\r\n", ""),
        ("/session", _) => session("s0", ""),
        ("/new-session", _) => session("s1", r#","apiUrl":"/new-api""#),
        ("/api", _) => echoed(if gone == "/session" { "s1" } else { "s0" }),
        _ => echoed("s1"),
    })
}

#[test]
fn looked_for_anew_when_it_is_gone() {
    let server = moved("/session");
    run(async {
        let client = builder(&server.server.url("")).connect().await.unwrap();
        for _ in 0..3 {
            echo(&client).await.unwrap();
        }
    });
    let counts = ["/.well-known/jmap", "/session", "/new-session", "/api", "/new-api"];
    assert_eq!(counts.map(|path| server.count(path)), [2, 2, 1, 1, 2]);
}

#[test]
fn looked_for_anew_when_the_api_is_gone() {
    let server = moved("/api");
    run(async {
        let client = builder(&server.server.url("")).connect().await.unwrap();
        for _ in 0..3 {
            echo(&client).await.unwrap();
        }
    });
    let counts = ["/.well-known/jmap", "/session", "/new-session", "/api", "/new-api"];
    assert_eq!(counts.map(|path| server.count(path)), [2, 1, 1, 2, 2]);
}

/// Where there is no other, the answer is the one that was given.
#[test]
fn looked_for_in_vain_when_the_api_is_gone() {
    let server = Scripted::calls(|_| status("410 Gone", "", "secret"));
    run(async {
        let error = echo(&server.client().await).await.unwrap_err();
        insta::assert_snapshot!(server.said(&error), @"the server answered with HTTP status 410 Gone");
    });
    assert_eq!([server.count("/session"), server.count("/api")], [2, 1]);
}

/// One server shows an empty session to whoever is not logged in any longer.
#[test]
fn nobody_in_a_session_that_was_somebodys() {
    let server = Scripted::start(|asked| match (asked.path.as_str(), asked.nth) {
        ("/session", 1) => json(r#"{"apiUrl":"/api","accounts":{},"username":"","state":"s1"}"#),
        _ => moves(asked),
    });
    run(async {
        let client = server.client().await;
        let error = client.refresh().await.unwrap_err();
        assert!(matches!(error, Error::NotLoggedIn), "{error:?}");
        assert!(!client.session().accounts.is_empty());
    });
}

#[test]
fn a_server_that_tells_another_state_than_its_session_has() {
    let server = Scripted::start(|asked| match asked.path.as_str() {
        "/session" => session("s0", ""),
        _ => echoed("never-the-same"),
    });
    run(async {
        let client = server.client().await;
        for _ in 0..3 {
            echo(&client).await.unwrap();
        }
    });
    // It is fetched once for that state, and not for every call.
    assert_eq!(server.count("/session"), 2);
}

/// Writes down everything that is traced.
#[derive(Clone, Default)]
struct Traces {
    text: Arc<Mutex<String>>,
    spans: Arc<AtomicU64>,
}

impl Visit for Traces {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text.lock().unwrap().push_str(&format!("{field}={value:?} "));
    }
}

impl tracing::Subscriber for Traces {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        self.text.lock().unwrap().push_str(attributes.metadata().name());
        attributes.record(&mut self.clone());
        span::Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[test]
fn traces_show_no_secret() {
    let server = Scripted::calls(|nth| match nth {
        0 => status("503 Service Unavailable", "", "secret"),
        1 => echoed("s0"),
        _ => status("500 Internal Server Error", "", "secret"),
    });
    let traces = Traces::default();
    // While there is only one subscriber, what threads of other tests trace first is taken for of no interest.
    let _second = tracing::Dispatch::new(Traces::default());
    tracing::subscriber::with_default(traces.clone(), || {
        run(async {
            let client = server.client().await;
            echo(&client).await.unwrap();
            create(&client, None).await.unwrap_err();
        });
    });
    let text = traces.text.lock().unwrap();
    assert_no_secret(&text);
    // It says something all the same.
    for said in ["jmap.exchange", "jmap.call", "Core/echo", "trying again"] {
        assert!(text.contains(said), "{said} not in {text}");
    }
}
