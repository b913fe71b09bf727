//! The limits of the core capability, over HTTP (RFC 8620, sections 2 and 3.6.1).

use jmap_core::capability::Core;
use jmap_embedded::Embedded;
use serde_json::{Value, json};

use crate::wire::{Server, Wire, call};

fn server() -> Server {
    let mut limits = Core::default();
    limits.max_size_request = Some(2_000);
    limits.max_size_upload = Some(1_000);
    limits.max_concurrent_requests = Some(2);
    limits.max_concurrent_upload = Some(1);
    limits.max_calls_in_request = Some(3);
    limits.max_objects_in_get = Some(2);
    limits.max_objects_in_set = Some(2);
    Server::of(Embedded::in_memory().unwrap().limits(limits), &["jane", "bob"])
}

const LIMIT: &str = "urn:ietf:params:jmap:error:limit";

#[track_caller]
fn assert_limit(answer: &crate::wire::Answer, status: u16, limit: &str) {
    let problem = answer.json();
    assert_eq!(answer.status, status, "{problem}");
    assert_eq!((&problem["type"], &problem["limit"]), (&json!(LIMIT), &json!(limit)));
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
}

#[test]
fn the_session_says_what_they_are() {
    let session = server().connect("jane").get("/jmap/session").json();
    let core = &session["capabilities"]["urn:ietf:params:jmap:core"];
    assert_eq!(core["maxSizeRequest"], 2_000);
    assert_eq!(core["maxConcurrentUpload"], 1);
}

#[test]
fn sizes() {
    let server = server();
    let mut wire = server.connect("jane");
    let large = call("jane", "Core/echo", json!({"text": "x".repeat(2_000)}));
    assert_limit(&wire.api(&large), 400, "maxSizeRequest");
    // Also where nobody says beforehand how much it is.
    let mut wire = server.connect("jane");
    chunked(&mut wire, "/jmap/api", &large.to_string());
    assert_limit(&wire.answer(), 400, "maxSizeRequest");

    let mut wire = server.connect("jane");
    let exact = wire.post("/jmap/upload/jane", "text/plain", &[b'x'; 1_000]);
    assert_eq!(exact.status, 201);
    let answer = wire.post("/jmap/upload/jane", "text/plain", &[b'x'; 1_001]);
    assert_limit(&answer, 413, "maxSizeUpload");
}

fn chunked(wire: &mut Wire, path: &str, body: &str) {
    let authorization = wire.authorization.clone().unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: {authorization}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    wire.write(request.as_bytes());
}

#[test]
fn calls_and_objects() {
    let server = server();
    let mut wire = server.connect("jane");
    let echo = json!(["Core/echo", {}, "c"]);
    let request = |count: usize| json!({"using": ["urn:ietf:params:jmap:core"], "methodCalls": vec![&echo; count]});
    assert_eq!(wire.api(&request(3)).status, 200);
    assert_limit(&wire.api(&request(4)), 400, "maxCallsInRequest");

    let mut error = |method: &str, arguments: Value| {
        let answer = wire.api(&call("jane", method, arguments)).json();
        answer["methodResponses"][0][1]["type"].clone()
    };
    assert_eq!(error("Calendar/get", json!({"ids": ["C1", "a", "b"]})), "requestTooLarge");
    assert_eq!(error("Calendar/get", json!({"ids": ["C1", "a"]})), Value::Null);
    let create = json!({"create": {"a": {"name": "A"}, "b": {"name": "B"}}, "destroy": ["x"]});
    assert_eq!(error("Calendar/set", create), "requestTooLarge");
}

/// What is under way is counted by user, from the head of the request on.
#[test]
fn requests_and_uploads_at_a_time() {
    let server = server();
    let begin = |path: &str| {
        let mut wire = server.connect("jane");
        let authorization = wire.authorization.clone().unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: {authorization}\r\n\
             content-type: application/json\r\ncontent-length: 2\r\n\r\n"
        );
        wire.write(head.as_bytes());
        wire
    };
    let mut under_way = [begin("/jmap/api"), begin("/jmap/api"), begin("/jmap/upload/jane")];
    std::thread::sleep(std::time::Duration::from_millis(200));
    let echo =
        json!({"using": ["urn:ietf:params:jmap:core"], "methodCalls": [["Core/echo", {}, "c"]]});
    let mut jane = server.connect("jane");
    assert_limit(&jane.api(&echo), 400, "maxConcurrentRequests");
    let mut jane = server.connect("jane");
    let upload = jane.post("/jmap/upload/jane", "text/plain", b"Milk");
    assert_limit(&upload, 400, "maxConcurrentUpload");
    assert_eq!(server.connect("bob").api(&echo).status, 200);
    for wire in &mut under_way {
        wire.write(b"{}");
        wire.answer();
    }
    assert_eq!(server.connect("jane").api(&echo).status, 200);
}
