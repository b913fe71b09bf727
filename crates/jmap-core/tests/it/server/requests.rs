//! Requests and their errors (RFC 8620, sections 3.3 to 3.6).

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;
use jmap_core::capability::Core;
use jmap_core::transport::{Body, Transport, TransportError};

use super::support::{Server, block_on, lines};

const ECHO: &str =
    r#"{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{"n":1},"e"]]}"#;

#[test]
fn section_3_4_a_response_has_the_calls_in_their_order_and_the_session_state() {
    let server = Server::new();
    let answer = server.post(
        r#"{"using":["urn:ietf:params:jmap:core","urn:ietf:params:jmap:core"],
            "methodCalls":[["Core/echo",{"n":2},"same"],["Core/echo",{"n":1},"same"]],"other":[]}"#,
    );
    assert_eq!(
        (answer.status, &answer.headers["content-type"]),
        (200, &"application/json".parse().unwrap())
    );
    let session = server.http(http::Request::get("/jmap/session").body(Body::empty()).unwrap());
    let session: jmap_core::Session = serde_json::from_str(&session.text).unwrap();
    let state = session.state.unwrap();
    insta::assert_snapshot!(answer.text.replace(state.as_str(), "STATE"), @r#"{"methodResponses":[["Core/echo",{"n":2},"same"],["Core/echo",{"n":1},"same"]],"sessionState":"STATE"}"#);
}

#[test]
fn section_3_3_the_content_type_is_json() {
    let server = Server::new();
    let post = |media_type: Option<&str>| {
        let mut request = http::Request::post("/jmap/api");
        if let Some(media_type) = media_type {
            request = request.header("content-type", media_type);
        }
        server.http(request.body(Body::from(ECHO)).unwrap())
    };
    assert_eq!(post(Some("Application/JSON; charset=utf-8")).status, 200);
    for media_type in [None, Some("text/plain"), Some("application/jsonx")] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(post(media_type).text, @r#"{"type":"urn:ietf:params:jmap:error:notJSON","status":400,"detail":"the content type is not application/json"}"#);
        }
    }
}

#[test]
fn section_3_6_1_what_is_no_i_json() {
    let server = Server::new();
    insta::assert_snapshot!(server.refused("{"), @r#"400 {"type":"urn:ietf:params:jmap:error:notJSON","status":400,"detail":"EOF while parsing an object at line 1 column 1"}"#);
    insta::assert_snapshot!(server.refused(vec![b'"', 0xff, b'"']), @r#"400 {"type":"urn:ietf:params:jmap:error:notJSON","status":400,"detail":"invalid utf-8 sequence of 1 bytes from index 1"}"#);
    insta::assert_snapshot!(server.refused(ECHO.replace("{\"n\":1}", r#"{"n":1,"n":1}"#)), @r#"400 {"type":"urn:ietf:params:jmap:error:notJSON","status":400,"detail":"the name \"n\" comes twice at line 1 column 80"}"#);
    insta::assert_snapshot!(server.refused(ECHO.replace("{\"n\":1}", r#"{"n":"\udc00"}"#)), @r#"400 {"type":"urn:ietf:params:jmap:error:notJSON","status":400,"detail":"lone leading surrogate in hex escape at line 1 column 79"}"#);
    insta::assert_snapshot!(server.refused(ECHO.replace("{\"n\":1}", r#"{"n":1e999}"#)), @r#"400 {"type":"urn:ietf:params:jmap:error:notJSON","status":400,"detail":"number out of range at line 1 column 77"}"#);
    assert!(server.refused("[".repeat(100_000)).contains("recursion limit"));
}

#[test]
fn section_3_6_1_what_is_no_request() {
    let server = Server::new();
    let details = [
        "[]",
        "[[],[],{}]",
        r#"{"methodCalls":[]}"#,
        r#"{"using":[]}"#,
        r#"{"using":null,"methodCalls":[]}"#,
        r#"{"using":[1],"methodCalls":[]}"#,
        r#"{"using":[],"methodCalls":{}}"#,
        r#"{"using":[],"methodCalls":[["Core/echo",{}]]}"#,
        r#"{"using":[],"methodCalls":[["Core/echo",{},"e",1]]}"#,
        r#"{"using":[],"methodCalls":[["Core/echo",[],"e"]]}"#,
        r#"{"using":[],"methodCalls":[["Core/echo",{},5]]}"#,
        r#"{"using":[],"methodCalls":[],"createdIds":{"k":1}}"#,
    ]
    .map(|request| {
        let problem = server.refused(request);
        let start =
            r#"400 {"type":"urn:ietf:params:jmap:error:notRequest","status":400,"detail":""#;
        problem.strip_prefix(start).unwrap_or_else(|| panic!("{request}: {problem}")).to_owned()
    });
    insta::assert_snapshot!(details.join("\n"), @r#"
    expected an object"}
    expected an object"}
    missing field `using` at line 1 column 18"}
    missing field `methodCalls` at line 1 column 12"}
    invalid type: null, expected a sequence at line 1 column 13"}
    invalid type: integer `1`, expected a string at line 1 column 11"}
    invalid type: map, expected a sequence at line 1 column 26"}
    invalid length 2, expected a tuple of size 3 at line 1 column 43"}
    trailing characters at line 1 column 48"}
    the arguments of Core/echo are no object"}
    invalid type: integer `5`, expected a string at line 1 column 44"}
    invalid type: integer `1`, expected a string at line 1 column 48"}
    "#);
}

#[test]
fn section_3_6_1_unknown_capabilities() {
    let server = Server::new();
    let request = ECHO.replace(":core\"", ":core\",\"https://example.com/other\"");
    insta::assert_snapshot!(server.refused(request), @r#"400 {"type":"urn:ietf:params:jmap:error:unknownCapability","status":400,"detail":"https://example.com/other"}"#);
}

#[test]
fn section_3_6_1_limits() {
    let limits = |limit: &str| serde_json::from_str::<Core>(&format!("{{{limit}}}")).unwrap();
    let two = r#"{"using":[],"methodCalls":[["Core/echo",{},"a"],["Core/echo",{},"b"]]}"#;
    let server = Server::with(limits(r#""maxCallsInRequest":1"#));
    insta::assert_snapshot!(server.refused(two), @r#"400 {"type":"urn:ietf:params:jmap:error:limit","status":400,"limit":"maxCallsInRequest"}"#);
    assert_eq!(server.post(ECHO).status, 200);

    let size = ECHO.len();
    let server = Server::with(limits(&format!(r#""maxSizeRequest":{size}"#)));
    insta::assert_snapshot!(server.refused(format!("{ECHO} ")), @r#"400 {"type":"urn:ietf:params:jmap:error:limit","status":400,"limit":"maxSizeRequest"}"#);
    assert_eq!(server.post(ECHO).status, 200);
    // Also where nobody says beforehand how much there is.
    let endless = Body::new(Pieces { piece: " ", left: usize::MAX, breaks: false });
    insta::assert_snapshot!(server.refused(endless), @r#"400 {"type":"urn:ietf:params:jmap:error:limit","status":400,"limit":"maxSizeRequest"}"#);
}

/// A body that comes piece by piece, and perhaps breaks off.
struct Pieces {
    piece: &'static str,
    left: usize,
    breaks: bool,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        if self.left == 0 {
            let error = TransportError::broken("reset", "reset");
            return Poll::Ready(self.breaks.then_some(Err(error)));
        }
        self.left -= 1;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(self.piece)))))
    }
}

#[test]
fn a_request_that_comes_in_pieces_or_not_at_all() {
    let server = Server::new();
    let whole = Pieces { piece: ECHO, left: 1, breaks: false };
    assert_eq!(server.post(Body::new(whole)).status, 200);
    let broken = Pieces { piece: ECHO, left: 1, breaks: true };
    insta::assert_snapshot!(server.refused(Body::new(broken)), @r#"400 {"type":"about:blank","status":400,"title":"Bad Request"}"#);
    let upload = |body: Pieces| {
        let request = http::Request::post("/jmap/upload/A1").body(Body::new(body));
        let answer = server.http(request.unwrap());
        format!("{} {}", answer.status, answer.text)
    };
    insta::assert_snapshot!(upload(Pieces { piece: "Milk", left: 1, breaks: true }), @r#"400 {"type":"about:blank","status":400,"title":"Bad Request"}"#);
    // Without a media type.
    insta::assert_snapshot!(upload(Pieces { piece: "Milk", left: 2, breaks: false }), @r#"201 {"accountId":"A1","blobId":"b1","size":8,"type":"application/octet-stream"}"#);
}

#[test]
fn section_3_6_1_concurrent_requests() {
    let server = Server::with(serde_json::from_str(r#"{"maxConcurrentRequests":1}"#).unwrap());
    let request = || {
        http::Request::post("/jmap/api")
            .header("content-type", "application/json")
            .body(Body::from(
                r#"{"using":["https://example.com/jmap/notes"],"methodCalls":[["Note/wait",{"accountId":"A1"},"w"]]}"#,
            ))
            .unwrap()
    };
    let mut slow = server.loopback.send(request());
    let mut task = Context::from_waker(std::task::Waker::noop());
    assert!(slow.as_mut().poll(&mut task).is_pending());
    insta::assert_snapshot!(server.refused(ECHO), @r#"400 {"type":"urn:ietf:params:jmap:error:limit","status":400,"limit":"maxConcurrentRequests"}"#);

    // The permit comes back with the answer, and when somebody gives up.
    assert_eq!(block_on(slow).unwrap().status(), 200);
    assert_eq!(server.post(ECHO).status, 200);
    let mut given_up = server.loopback.send(request());
    assert!(given_up.as_mut().poll(&mut task).is_pending());
    drop(given_up);
    assert_eq!(server.post(ECHO).status, 200);
}

#[test]
fn section_3_6_2_unknown_methods() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(r#"["Note/frob",{},"a"],["error",{},"b"],["Core/echo",{},"c"]"#), @r#"
    ["error",{"type":"unknownMethod"},"a"]
    ["error",{"type":"unknownMethod"},"b"]
    ["Core/echo",{},"c"]
    "#);
}

#[test]
fn section_3_3_a_method_needs_its_capability_in_using() {
    let server = Server::new();
    let response = server.response(
        r#"{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Note/get",{"accountId":"A1"},"a"]]}"#,
    );
    insta::assert_snapshot!(lines(&response["methodResponses"]), @r#"["error",{"type":"unknownMethod"},"a"]"#);
    let response = server.response(r#"{"using":[],"methodCalls":[["Core/echo",{},"a"]]}"#);
    insta::assert_snapshot!(lines(&response["methodResponses"]), @r#"["error",{"type":"unknownMethod"},"a"]"#);
}

#[test]
fn section_3_6_2_a_failed_call_does_not_stop_the_others() {
    let server = Server::new();
    server.store.fill("A1", &["Milk"]);
    // The panic of a method is its own affair as well; its message comes on standard error.
    insta::assert_snapshot!(server.calls(
        r#"["Note/burn",{"accountId":"A1"},"a"],["Note/get",{"accountId":"A1","ids":["N1"],"properties":["text"]},"b"]"#,
    ), @r#"
    ["error",{"description":"the method panicked","type":"serverFail"},"a"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N1","text":"Milk"}],"notFound":[],"state":"1"},"b"]
    "#);
}

#[test]
fn section_4_echo_gives_everything_back() {
    let server = Server::new();
    let arguments = r#"{"z":null,"a":[1.0,{"x":"\ud83d\ude00"}],"accountId":7,"":""}"#;
    let answer = server.post(format!(
        r#"{{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{arguments},"e"]]}}"#
    ));
    assert!(answer.text.contains(arguments), "{}", answer.text);
}
