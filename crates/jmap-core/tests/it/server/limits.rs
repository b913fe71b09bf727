//! Limits of the core capability (RFC 8620, section 2), by requests that are under way at the same time; and of values.

use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use bytes::Bytes;
use http_body::Frame;
use jmap_core::server::{Dispatcher, Loopback, MemoryBlobs, Service, User};
use jmap_core::transport::{Body, Transport, TransportError};
use jmap_core::{Account, Id, Json, Map, Method, MethodName};

use super::support::{Server, block_on};

/// Somebody with an account.
#[derive(Clone)]
struct Somebody(String);

impl User for Somebody {
    fn name(&self) -> &str {
        &self.0
    }

    fn accounts(&self) -> Map<Id<Account>, Account> {
        Map::from([(Id::any("A1"), Account::own(&self.0))])
    }
}

/// `Gate/pass`: waits at the gate.
#[derive(Clone, Debug, Default, PartialEq)]
struct Pass {
    extra: Map<String, Json>,
}

json_model::members! { Pass: "Gate/pass arguments" never {} extra }

impl Method for Pass {
    const NAME: MethodName = MethodName::new("Gate", "pass");
    const USING: &'static [&'static str] = &[];
    type Response = Self;
}

/// Tells who came to it, and keeps everybody until it is told to let one through.
#[derive(Clone)]
struct Gate {
    came: Sender<()>,
    open: Arc<Mutex<Receiver<()>>>,
}

/// The other side of a gate.
struct Keeper {
    came: Receiver<()>,
    open: Sender<()>,
}

/// Longer than anything takes, so that a test that fails ends.
const FOR_EVER: Duration = Duration::from_secs(10);

impl Gate {
    fn new() -> (Self, Keeper) {
        let (came, arrivals) = channel();
        let (open, openings) = channel();
        let gate = Self { came, open: Arc::new(Mutex::new(openings)) };
        (gate, Keeper { came: arrivals, open })
    }

    fn pass(&self) {
        let _ = self.came.send(());
        let _ = self.open.lock().unwrap().recv_timeout(FOR_EVER);
    }
}

impl Keeper {
    /// Waits until so many are at the gate.
    fn expect(&self, count: usize) {
        for _ in 0..count {
            self.came.recv_timeout(FOR_EVER).unwrap();
        }
    }

    fn let_one_through(&self) {
        self.open.send(()).unwrap();
    }
}

/// An upload of one octet, which comes from behind the gate.
struct Slow(Option<Gate>);

impl http_body::Body for Slow {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let Some(gate) = self.0.take() else { return Poll::Ready(None) };
        gate.pass();
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x")))))
    }
}

/// A server with these limits; users log in with their name.
fn server(limits: &str, gate: Gate) -> Loopback<Somebody> {
    let dispatcher = Dispatcher::new().limits(serde_json::from_str(limits).unwrap());
    let dispatcher = dispatcher.register(move |_, pass: Pass| {
        let gate = gate.clone();
        async move {
            gate.pass();
            Ok(pass)
        }
    });
    Loopback::with_login(Service::new(dispatcher, MemoryBlobs::new()), |headers| {
        Some(Somebody(headers.get("authorization")?.to_str().ok()?.to_owned()))
    })
}

fn send(server: &Loopback<Somebody>, request: http::request::Builder, body: Body) -> String {
    let response = block_on(server.send(request.body(body).unwrap())).unwrap();
    let status = response.status().as_u16();
    let body = block_on(response.into_body().collect(u64::MAX)).unwrap();
    format!("{status} {}", String::from_utf8(body.to_vec()).unwrap())
}

fn call(server: &Loopback<Somebody>, user: &str, method: &str) -> String {
    let body = format!(
        r#"{{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["{method}",{{}},"a"]]}}"#
    );
    let request = http::Request::post("/jmap/api").header("content-type", "application/json");
    send(server, request.header("authorization", user), Body::from(body))
}

fn upload(server: &Loopback<Somebody>, user: &str, gate: Option<Gate>) -> String {
    let request = http::Request::post("/jmap/upload/A1").header("authorization", user);
    send(server, request, Body::new(Slow(gate)))
}

fn all_done(threads: Vec<ScopedJoinHandle<'_, String>>, status: &str) {
    for thread in threads {
        let answer = thread.join().unwrap();
        assert!(answer.starts_with(status), "{answer}");
    }
}

/// The limit is reached by threads that are in the method at once; it is each user's own, and counts what is under way.
#[test]
fn section_2_max_concurrent_requests() {
    let (gate, keeper) = Gate::new();
    let server = server(r#"{"maxConcurrentRequests":3}"#, gate);
    thread::scope(|scope| {
        let threads = (0..3).map(|_| scope.spawn(|| call(&server, "jane", "Gate/pass"))).collect();
        keeper.expect(3);
        insta::assert_snapshot!(call(&server, "jane", "Core/echo"), @r#"400 {"type":"urn:ietf:params:jmap:error:limit","status":400,"limit":"maxConcurrentRequests"}"#);
        assert!(call(&server, "joe", "Core/echo").starts_with("200"));
        // Uploads are another matter.
        assert!(upload(&server, "jane", None).starts_with("201"));
        (0..3).for_each(|_| keeper.let_one_through());
        all_done(threads, "200");
    });
    assert!(call(&server, "jane", "Core/echo").starts_with("200"));
}

/// A request counts from its head on, not only when its body is there.
#[test]
fn section_2_max_concurrent_requests_whose_bodies_are_on_the_way() {
    let (gate, keeper) = Gate::new();
    let server = server(r#"{"maxConcurrentRequests":2}"#, gate.clone());
    let slow = || {
        let request = http::Request::post("/jmap/api").header("content-type", "application/json");
        send(&server, request.header("authorization", "jane"), Body::new(Slow(Some(gate.clone()))))
    };
    thread::scope(|scope| {
        let threads = (0..2).map(|_| scope.spawn(slow)).collect();
        keeper.expect(2);
        assert!(call(&server, "jane", "Core/echo").contains("maxConcurrentRequests"));
        (0..2).for_each(|_| keeper.let_one_through());
        // An "x" is no request.
        all_done(threads, r#"400 {"type":"urn:ietf:params:jmap:error:notJSON""#);
    });
    assert!(call(&server, "jane", "Core/echo").starts_with("200"));
}

/// The same for uploads, of which the octets are under way.
#[test]
fn section_2_max_concurrent_upload() {
    let (gate, keeper) = Gate::new();
    let server = server(r#"{"maxConcurrentUpload":3}"#, gate.clone());
    thread::scope(|scope| {
        let slow = || Some(gate.clone());
        let threads =
            (0..3).map(|_| slow()).map(|gate| scope.spawn(|| upload(&server, "jane", gate)));
        let threads = threads.collect();
        keeper.expect(3);
        insta::assert_snapshot!(upload(&server, "jane", None), @r#"400 {"type":"urn:ietf:params:jmap:error:limit","status":400,"limit":"maxConcurrentUpload"}"#);
        assert!(upload(&server, "joe", None).starts_with("201"));
        assert!(call(&server, "jane", "Core/echo").starts_with("200"));
        (0..3).for_each(|_| keeper.let_one_through());
        all_done(threads, "201");
    });
    assert!(upload(&server, "jane", None).starts_with("201"));
}

#[test]
fn section_5_5_collation_algorithms() {
    let limits = r#"{"collationAlgorithms":["i;octet"]}"#;
    let server = Server::with(serde_json::from_str(limits).unwrap());
    insta::assert_snapshot!(server.calls(
        r#"["Note/query",{"accountId":"A1","sort":[{"property":"text","collation":"i;octet"}]},"a"],
           ["Note/query",{"accountId":"A1","sort":[{"property":"text"},{"property":"text","collation":"i;ascii-casemap"}]},"b"],
           ["Note/queryChanges",{"accountId":"A1","sinceQueryState":"0","sort":[{"property":"text","collation":"x"}]},"c"],
           ["Note/query",{"accountId":"A1","sort":[{"property":"text","collation":null}]},"d"],
           ["Note/query",{"accountId":"A1","sort":[{"property":"text","collation":5}]},"e"]"#,
    ), @r##"
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":[],"position":0,"queryState":"0"},"a"]
    ["error",{"description":"there is no collation i;ascii-casemap","type":"unsupportedSort"},"b"]
    ["error",{"description":"there is no collation x","type":"unsupportedSort"},"c"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":[],"position":0,"queryState":"0"},"d"]
    ["error",{"arguments":["sort"],"description":"#/sort/0/collation: expected a string","type":"invalidArguments"},"e"]
    "##);
}

/// Integers are those that every floating-point number can hold (section 1.3).
#[test]
fn section_1_3_integers() {
    let server = Server::new();
    let error = |argument: &str| {
        server.error(&format!(r#"["Note/query",{{"accountId":"A1",{argument}}},"a"]"#))
    };
    insta::assert_snapshot!([
        r#""limit":9007199254740992"#,
        r#""limit":1.5"#,
        r#""limit":"1""#,
        r#""position":9007199254740992"#,
        r#""position":-9007199254740992"#,
        r#""calculateTotal":1"#,
    ].map(error).join("\n"), @r##"
    "arguments":["limit"],"description":"#/limit: expected an integer from 0 to 2^53 - 1","type":"invalidArguments"
    "arguments":["limit"],"description":"#/limit: expected an integer from 0 to 2^53 - 1","type":"invalidArguments"
    "arguments":["limit"],"description":"#/limit: expected an integer from 0 to 2^53 - 1","type":"invalidArguments"
    "arguments":["position"],"description":"#/position: expected an integer from -2^53 + 1 to 2^53 - 1","type":"invalidArguments"
    "arguments":["position"],"description":"#/position: expected an integer from -2^53 + 1 to 2^53 - 1","type":"invalidArguments"
    "arguments":["calculateTotal"],"description":"#/calculateTotal: expected true or false","type":"invalidArguments"
    "##);
    insta::assert_snapshot!(server.calls(
        r#"["Note/query",{"accountId":"A1","limit":9007199254740991,"position":-9007199254740991},"a"]"#,
    ), @r#"["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":[],"limit":100,"position":0,"queryState":"0"},"a"]"#);
}
