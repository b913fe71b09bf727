//! Event streams (RFC 8620, section 7.3): raw, and as the client reads them.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body::Frame;
use jmap_core::Client;
use jmap_core::client::Events;
use jmap_core::push::{Event, EventSourceOptions, StateChange};
use jmap_core::server::{Clock, Feed, Loopback, MemoryBlobs, Service};
use jmap_core::transport::{Body, BoxFuture, Transport, TransportError};

use super::notes::{self, Jane, Store};
use super::support::block_on;

struct Server {
    loopback: Loopback<Jane>,
    clock: Clock,
}

impl Server {
    fn new() -> Self {
        let service = Service::new(notes::dispatcher(), MemoryBlobs::new());
        let clock = Clock::new();
        let user = Jane { store: Store::default() };
        Self { loopback: Loopback::new(service, user).clock(clock.clone()), clock }
    }

    fn push(&self, account: &str, name: &str, state: &str) {
        let text = format!(r#"{{"changed":{{"{account}":{{"{name}":"{state}"}}}}}}"#);
        let change: StateChange = serde_json::from_str(&text).unwrap();
        self.loopback.service().push(&change);
    }

    fn stream(&self, query: &str, last: Option<&str>) -> http::Response<Body> {
        let mut request = http::Request::get(format!("/jmap/events?{query}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        block_on(self.loopback.send(request.body(Body::empty()).unwrap())).unwrap()
    }

    fn body(&self, query: &str) -> Body {
        self.stream(query, None).into_body()
    }
}

/// What a stream says now: "" for nothing, and "(end)".
fn now(body: &mut Body) -> String {
    let mut task = Context::from_waker(Waker::noop());
    match pin!(body.next()).poll(&mut task) {
        Poll::Pending => String::new(),
        Poll::Ready(None) => "(end)".to_owned(),
        Poll::Ready(Some(piece)) => String::from_utf8(piece.unwrap().to_vec()).unwrap(),
    }
}

fn next(events: &mut Events) -> Option<Event> {
    let mut task = Context::from_waker(Waker::noop());
    match pin!(events.next()).poll(&mut task) {
        Poll::Pending => None,
        Poll::Ready(event) => Some(event.unwrap().unwrap()),
    }
}

fn state(events: &mut Events) -> String {
    match next(events) {
        Some(Event::State(change)) => change.changed["A1"]["Note"].to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn section_7_3_changes_are_told_as_they_come() {
    let server = Server::new();
    server.push("A1", "Note", "0");
    let response = server.stream("types=*&closeafter=no&ping=0", None);
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    // Nothing of what was before, nor of what others have.
    assert_eq!(now(&mut body), "");
    server.push("elsewhere", "Note", "7");
    assert_eq!(now(&mut body), "");
    server.push("A1", "Note", "1");
    insta::assert_snapshot!(now(&mut body), @r#"
    event: state
    id: 3
    data: {"@type":"StateChange","changed":{"A1":{"Note":"1"}}}
    "#);
    // Several become one, of the newest states.
    server.push("A1", "Note", "2");
    server.push("A2", "Folder", "9");
    server.push("A1", "Note", "3");
    insta::assert_snapshot!(now(&mut body), @r#"
    event: state
    id: 6
    data: {"@type":"StateChange","changed":{"A1":{"Note":"3"},"A2":{"Folder":"9"}}}
    "#);
    assert_eq!(now(&mut body), "");
}

#[test]
fn section_7_3_a_change_wakes_whoever_waits() {
    struct Flag(AtomicBool);
    impl Wake for Flag {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    let server = Server::new();
    let mut body = server.body("types=*&closeafter=no&ping=0");
    let flag = Arc::new(Flag(false.into()));
    let waker = Waker::from(Arc::clone(&flag));
    assert!(pin!(body.next()).poll(&mut Context::from_waker(&waker)).is_pending());
    server.push("A1", "Note", "1");
    assert!(flag.0.load(Ordering::SeqCst));
}

#[test]
fn section_7_3_only_the_types_that_are_wanted() {
    let server = Server::new();
    let mut body = server.body("types=Folder%2CNote%C3%A4&closeafter=no&ping=0");
    server.push("A1", "Note", "1");
    assert_eq!(now(&mut body), "");
    server.push("A1", "Note\u{e4}", "2");
    server.push("A1", "Folder", "3");
    insta::assert_snapshot!(now(&mut body), @r#"
    event: state
    id: 3
    data: {"@type":"StateChange","changed":{"A1":{"Folder":"3","Noteä":"2"}}}
    "#);
}

#[test]
fn section_7_3_the_end_after_a_state() {
    let server = Server::new();
    let mut body = server.body("types=%2A&closeafter=state&ping=0");
    assert_eq!(now(&mut body), "");
    server.push("A1", "Note", "1");
    assert!(now(&mut body).starts_with("event: state\n"));
    assert_eq!(now(&mut body), "(end)");
}

#[test]
fn section_7_3_what_was_missed() {
    let server = Server::new();
    for (name, state) in [("Note", "1"), ("Folder", "1"), ("Note", "2")] {
        server.push("A1", name, state);
    }
    let missed = |id| now(&mut server.stream("types=*&closeafter=no&ping=0", Some(id)).into_body());
    assert_eq!(missed("3"), "");
    insta::assert_snapshot!(missed("2"), @r#"
    event: state
    id: 3
    data: {"@type":"StateChange","changed":{"A1":{"Note":"2"}}}
    "#);
    insta::assert_snapshot!(missed("0"), @r#"
    event: state
    id: 3
    data: {"@type":"StateChange","changed":{"A1":{"Folder":"1","Note":"2"}}}
    "#);
    // No id of ours, or one of another life: all that is known.
    assert_eq!(missed("4"), missed("0"));
    assert_eq!(missed("what"), missed("0"));
}

/// A log that outlives the service: its numbers are the ids, so a client that comes back to another one is told exactly
/// what it missed.
#[test]
fn section_7_3_ids_from_a_log() {
    let state = |name: &str, state: &str| -> StateChange {
        serde_json::from_str(&format!(r#"{{"changed":{{"A1":{{"{name}":"{state}"}}}}}}"#)).unwrap()
    };
    let feed = Arc::new(Feed::new());
    feed.tell_as(12, None, &state("Folder", "12"));
    feed.tell_as(17, Some("jane@example.com"), &state("Note", "17"));
    feed.tell_as(17, Some("joe"), &state("Folder", "17"));
    let service = || Service::new(notes::dispatcher(), MemoryBlobs::new()).feed(Arc::clone(&feed));
    let missed = |service: &Service<Jane>, id: &str| {
        let request = http::Request::get("/jmap/events?types=*&closeafter=no&ping=0");
        let request = request.header("last-event-id", id).body(Body::empty()).unwrap();
        let user = Jane { store: Store::default() };
        now(&mut block_on(service.respond(user, request)).into_body())
    };
    let [one, other] = [service(), service().at("https://elsewhere.example")];
    for service in [&one, &other] {
        assert_eq!(missed(service, "17"), "");
        insta::allow_duplicates! {
            insta::assert_snapshot!(missed(service, "12"), @r#"
            event: state
            id: 17
            data: {"@type":"StateChange","changed":{"A1":{"Note":"17"}}}
            "#);
        }
    }
    one.push(&state("Note", "18"));
    // The later of the two states of a type, whomever it was told.
    insta::assert_snapshot!(missed(&other, "12"), @r#"
    event: state
    id: 18
    data: {"@type":"StateChange","changed":{"A1":{"Note":"18"}}}
    "#);
}

#[test]
fn section_7_3_pings() {
    let interval = |ping: &str| {
        let server = Server::new();
        let mut body = server.body(&format!("types=*&closeafter=state&ping={ping}"));
        for second in 0..400 {
            let said = now(&mut body);
            if !said.is_empty() {
                return format!("{second}: {said}");
            }
            server.clock.advance(Duration::from_secs(1));
        }
        "never".to_owned()
    };
    insta::assert_snapshot!(["1", "30", "100", "300", "301", "0"].map(interval).join(""), @r#"
    30: event: ping
    data: {"interval":30}

    30: event: ping
    data: {"interval":30}

    100: event: ping
    data: {"interval":100}

    300: event: ping
    data: {"interval":300}

    300: event: ping
    data: {"interval":300}

    never
    "#);
}

#[test]
fn section_7_3_pings_are_counted_from_the_last_event() {
    let server = Server::new();
    let mut body = server.body("types=*&closeafter=no&ping=30");
    assert_eq!(now(&mut body), "");
    server.clock.advance(Duration::from_secs(20));
    server.push("A1", "Note", "1");
    assert!(now(&mut body).starts_with("event: state\n"));
    assert_eq!(now(&mut body), "");
    server.clock.advance(Duration::from_secs(29));
    assert_eq!(now(&mut body), "");
    server.clock.advance(Duration::from_secs(1));
    // A ping has no id.
    assert_eq!(now(&mut body), "event: ping\ndata: {\"interval\":30}\n\n");
}

#[test]
fn section_7_3_what_is_no_wish() {
    let server = Server::new();
    for query in ["closeafter=never", "ping=-1", "ping=often"] {
        assert_eq!(server.stream(query, None).status(), 400, "{query}");
    }
}

#[test]
fn a_service_without_a_way_to_wait_sends_no_pings() {
    let service = Service::new(notes::dispatcher(), MemoryBlobs::new());
    let request = http::Request::get("/jmap/events?types=*&closeafter=no&ping=30");
    let user = Jane { store: Store::default() };
    let response = block_on(service.respond(user, request.body(Body::empty()).unwrap()));
    assert_eq!(now(&mut response.into_body()), "");
}

/// A way to the server on which only the first piece of the first stream comes through.
struct Breaking {
    loopback: Loopback<Jane>,
    is_broken: AtomicBool,
}

impl Transport for Breaking {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        let is_stream = request.uri().path() == "/jmap/events";
        Box::pin(async move {
            let response = self.loopback.send(request).await?;
            if !is_stream || self.is_broken.swap(true, Ordering::SeqCst) {
                return Ok(response);
            }
            Ok(response.map(|body| Body::new(OnePiece(Some(body)))))
        })
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.loopback.sleep(duration)
    }

    fn now(&self) -> SystemTime {
        self.loopback.now()
    }
}

struct OnePiece(Option<Body>);

impl http_body::Body for OnePiece {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let Some(body) = &mut self.0 else { return Poll::Pending };
        let frame = std::task::ready!(Pin::new(body).poll_frame(context));
        self.0 = None;
        Poll::Ready(frame)
    }
}

#[test]
fn the_client_notices_a_dead_connection_and_hears_what_it_missed() {
    let server = Server::new();
    let breaking = Breaking { loopback: server.loopback.clone(), is_broken: false.into() };
    let client = Client::builder("https://example.com/jmap/session").transport(breaking);
    let options = EventSourceOptions::of_types(["Note"]);
    let mut events = block_on(client.connect()).unwrap().event_source(options);
    assert_eq!(next(&mut events), None);
    server.push("A1", "Note", "1");
    assert_eq!(state(&mut events), "1");
    server.push("A1", "Note", "2");
    // Neither that nor the pings come through: after twice their interval of 60 s the connection is given up.
    for _ in 0..119 {
        assert_eq!(next(&mut events), None);
        server.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(next(&mut events), None);
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(next(&mut events), None);
    // The next one, a moment later, begins behind the last event.
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(state(&mut events), "2");
    assert_eq!(next(&mut events), None);
    // This one has its pings, and lives.
    for _ in 0..5 {
        server.clock.advance(Duration::from_secs(60));
        let interval = Some(Duration::from_secs(60));
        assert_eq!(next(&mut events), Some(Event::Ping { interval }));
        assert_eq!(next(&mut events), None);
    }
}

#[test]
fn the_client_reads_on_after_the_end_of_each_stream() {
    let server = Server::new();
    let client =
        Client::builder("https://example.com/jmap/session").transport(server.loopback.clone());
    let mut options = EventSourceOptions::of_types(["Note"]);
    options.close_after_state = true;
    let mut events = block_on(client.connect()).unwrap().event_source(options);
    assert_eq!(next(&mut events), None);
    for round in 1..4 {
        server.push("A1", "Note", &format!("{round}"));
        assert_eq!(state(&mut events), format!("{round}"));
        // The stream ended. What is told while nobody listens comes with the next one.
        assert_eq!(next(&mut events), None);
        server.push("A1", "Note", &format!("{round}-missed"));
        assert_eq!(next(&mut events), None);
        server.clock.advance(Duration::from_secs(10));
        assert_eq!(state(&mut events), format!("{round}-missed"));
        assert_eq!(next(&mut events), None);
        server.clock.advance(Duration::from_secs(10));
        assert_eq!(next(&mut events), None);
    }
}

#[test]
fn the_client_hears_that_there_is_no_push() {
    let service = Service::new(notes::dispatcher(), MemoryBlobs::new()).without_push();
    let loopback = Loopback::new(service, Jane { store: Store::default() });
    let client = Client::builder("https://example.com/jmap/session").transport(loopback);
    let mut events =
        block_on(client.connect()).unwrap().event_source(EventSourceOptions::default());
    assert!(block_on(events.next()).is_none());
}
