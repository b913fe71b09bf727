//! The client and servers that do otherwise, whose answers are written out.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jmap_core::blob::Blob;
use jmap_core::client::{DownloadOptions, ObjectsStep, Upload};
use jmap_core::push::EventSourceOptions;
use jmap_core::transport::{Body, BoxFuture, Transport, TransportError};
use jmap_core::{Client, CreationId, GetArguments, Id, QueryArguments, SetArguments, State};

use super::{ids, note};
use crate::server::notes::Note;
use crate::server::support::block_on;

/// A server that answers in this order, whatever is asked; its session comes first.
#[derive(Clone)]
struct Script {
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Script {
    fn new(session: &str) -> Self {
        Self {
            answers: Arc::new(Mutex::new([(200, session.to_owned())].into())),
            asked: Arc::default(),
        }
    }

    /// A server of notes that gives at most two objects at a time, and makes as many.
    fn of_notes() -> Self {
        Self::new(
            r#"{"capabilities":{"urn:ietf:params:jmap:core":{"maxObjectsInGet":2,"maxObjectsInSet":2},
                "https://example.com/jmap/notes":{}},"username":"jane","apiUrl":"/jmap/",
                "accounts":{"a":{"isPersonal":true,"accountCapabilities":{"https://example.com/jmap/notes":{}}}}}"#,
        )
    }

    fn client(&self) -> Client {
        let client = Client::builder("https://example.com/jmap").transport(self.clone());
        let client = block_on(client.connect()).unwrap();
        self.asked();
        client
    }

    fn answer(&self, status: u16, text: impl Into<String>) {
        self.answers.lock().unwrap().push_back((status, text.into()));
    }

    /// These responses, to one request.
    fn respond(&self, responses: &str) {
        self.answer(200, format!(r#"{{"methodResponses":[{responses}]}}"#));
    }

    /// A request that is refused because of a limit.
    fn refuse(&self, limit: &str) {
        let problem = r#"{"type":"urn:ietf:params:jmap:error:limit","status":400,"limit":"#;
        self.answer(400, format!("{problem}\"{limit}\"}}"));
    }

    /// What was asked since the last time: verb, address and body.
    fn asked(&self) -> Vec<String> {
        assert!(self.answers.lock().unwrap().is_empty(), "an answer that nobody wanted");
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// The same, the calls of requests alone.
    fn calls(&self) -> String {
        let calls = |line: &String| {
            let (_, calls) = line.split_once(r#""methodCalls":"#)?;
            Some(calls.strip_suffix('}')?.to_owned())
        };
        self.asked().iter().filter_map(calls).collect::<Vec<_>>().join("\n")
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect(u64::MAX).await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            self.asked.lock().unwrap().push(format!("{} {} {body}", head.method, head.uri));
            let (status, text) = self.answers.lock().unwrap().pop_front().unwrap();
            let response = http::Response::builder().status(status);
            let response = response.header("content-type", "application/json; charset=utf-8");
            Ok(response.body(Body::from(text)).unwrap())
        })
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH
    }
}

/// A server that names no limits, or names them as nothing: the standard's suggestions hold.
#[test]
fn limits_that_are_not_named() {
    for core in ["{}", r#"{"maxCallsInRequest":null,"maxObjectsInGet":0,"maxSizeRequest":"x"}"#] {
        let script = Script::new(&format!(
            r#"{{"capabilities":{{"urn:ietf:params:jmap:core":{core}}},"username":"jane","apiUrl":"/"}}"#
        ));
        let mut limits = script.client().limits();
        limits.extra.clear();
        let written = serde_json::to_string(&limits).unwrap();
        insta::allow_duplicates! { insta::assert_snapshot!(written, @r#"{"maxSizeUpload":50000000,"maxConcurrentUpload":4,"maxSizeRequest":10000000,"maxConcurrentRequests":4,"maxCallsInRequest":16,"maxObjectsInGet":500,"maxObjectsInSet":500,"collationAlgorithms":[]}"#); }
    }
}

/// Addresses are resolved against that of the session, and templates may have any form.
#[test]
fn addresses_that_are_relative() {
    let script = Script::new(
        r#"{"capabilities":{"urn:ietf:params:jmap:core":{}},"username":"jane","accounts":{"a b":{"isPersonal":true,"accountCapabilities":{}}},
            "apiUrl":"/jmap/","uploadUrl":"upload/{accountId}/","downloadUrl":"/jmap/download/{accountId}/{blobId}/{name}?accept={type}",
            "eventSourceUrl":"/jmap/eventsource/?types={types}&closeafter={closeafter}&ping={ping}","state":"0"}"#,
    );
    let client = script.client().with_account(Id::any("a b"));
    script.answer(
        200,
        r#"{"accountId":"a b","blobId":"G1","size":4,"expires":"2026-11-22T00:00:00Z"}"#,
    );
    assert_eq!(block_on(client.upload(Upload::new("a/b", "Milk"))).unwrap().size, Some(4));
    script.answer(200, "Milk");
    let options = DownloadOptions { name: Some("x y".to_owned()), ..DownloadOptions::default() };
    block_on(client.download(Id::<Blob>::any("G1"), options)).unwrap();
    script.answer(204, "");
    let mut events = client.event_source(EventSourceOptions::of_types(["Note"]));
    assert!(block_on(events.next()).is_none());
    insta::assert_snapshot!(script.asked().join("\n"), @r"
    POST https://example.com/upload/a%20b/ Milk
    GET https://example.com/jmap/download/a%20b/G1/x%20y?accept=application%2Foctet-stream 
    GET https://example.com/jmap/eventsource/?types=Note&closeafter=no&ping=60
    ");
}

/// Fewer objects at a time are tried when there were too many, in whatever way the server says so.
#[test]
fn too_many_ids_are_halved() {
    let script = Script::of_notes();
    let client = script.client();
    let fetch = |numbers: Vec<usize>| block_on(client.get(GetArguments::<Note>::of(ids(numbers))));
    let says = [
        |script: &Script| script.refuse("maxObjectsInGet"),
        |script: &Script| script.respond(TOO_LARGE),
        |script: &Script| script.answer(413, ""),
    ];
    for say in says {
        say(&script);
        script.respond(r#"["Note/get",{"list":[{"id":"N1"}],"state":"1"},"c0"]"#);
        script.respond(r#"["Note/get",{"list":[{"id":"N2"}],"state":"1"},"c0"]"#);
        assert_eq!(fetch(vec![1, 2]).unwrap().list.len(), 2);
        insta::allow_duplicates! {
            insta::assert_snapshot!(script.calls(), @r#"
            [["Note/get",{"accountId":"a","ids":["N1","N2"]},"c0"]]
            [["Note/get",{"accountId":"a","ids":["N1"]},"c0"]]
            [["Note/get",{"accountId":"a","ids":["N2"]},"c0"]]
            "#);
        }
    }
    // One cannot be halved.
    script.respond(TOO_LARGE);
    insta::assert_snapshot!(fetch(vec![1]).unwrap_err(), @r"Note/get failed: requestTooLarge");
}

const TOO_LARGE: &str = r#"["error",{"type":"requestTooLarge"},"c0"]"#;

#[test]
fn too_many_changes_of_objects_are_halved() {
    let script = Script::of_notes();
    let client = script.client();
    let mut set = SetArguments::<Note>::default();
    set.create(CreationId::any("k1"), note("a")).create(CreationId::any("k2"), note("b"));
    script.refuse("maxObjectsInSet");
    script.respond(r#"["Note/set",{"created":{"k1":{"id":"N1"}}},"c0"]"#);
    script.respond(r#"["Note/set",{"created":{"k2":{"id":"N2"}}},"c0"]"#);
    assert_eq!(block_on(client.set(set)).unwrap().created.len(), 2);
    insta::assert_snapshot!(script.calls(), @r#"
    [["Note/set",{"accountId":"a","create":{"k1":{"text":"a"},"k2":{"text":"b"}}},"c0"]]
    [["Note/set",{"accountId":"a","create":{"k1":{"text":"a"}}},"c0"]],"createdIds":{}
    [["Note/set",{"accountId":"a","create":{"k2":{"text":"b"}}},"c0"]],"createdIds":{}
    "#);
}

fn texts(step: &ObjectsStep<Note>) -> Vec<&str> {
    let ObjectsStep::Changed(changed) = step else { panic!("{step:?}") };
    changed.objects.iter().filter_map(|note| note.text.as_deref()).collect()
}

/// A server that ignores `maxChanges`, so that there are more objects than it gives at a time.
#[test]
fn more_changes_than_were_asked_for() {
    let script = Script::of_notes();
    let changes = r#"["Note/changes",{"oldState":"1","newState":"4","hasMoreChanges":false,"created":["N1","N2","N3"]},"c0"]"#;
    let gets = |script: &Script| {
        script.respond(r#"["Note/get",{"state":"4","list":[{"id":"N1","text":"a"},{"id":"N2","text":"b"}]},"c0"]"#);
        script.respond(r#"["Note/get",{"state":"4","list":[{"id":"N3","text":"c"}]},"c0"]"#);
    };
    let client = script.client();
    let large = r#"["error",{"type":"requestTooLarge"},"c1"]"#;
    let none = r#"["Note/get",{"state":"4","list":[],"notFound":[]},"c2"]"#;
    script.respond(&format!("{changes},{large},{none}"));
    gets(&script);
    let step = block_on(client.objects_since::<Note>(State::any("1")).next()).unwrap().unwrap();
    assert_eq!(texts(&step), ["a", "b", "c"]);
    insta::assert_snapshot!(script.calls(), @r##"
    [["Note/changes",{"accountId":"a","sinceState":"1","maxChanges":2},"c0"],["Note/get",{"accountId":"a","#ids":{"name":"Note/changes","path":"/created","resultOf":"c0"}},"c1"],["Note/get",{"accountId":"a","#ids":{"name":"Note/changes","path":"/updated","resultOf":"c0"}},"c2"]]
    [["Note/get",{"accountId":"a","ids":["N1","N2"]},"c0"]]
    [["Note/get",{"accountId":"a","ids":["N3"]},"c0"]]
    "##);

    // One refuses the whole request then.
    script.refuse("maxObjectsInGet");
    script.respond(changes);
    gets(&script);
    let step = block_on(client.objects_since::<Note>(State::any("1")).next()).unwrap().unwrap();
    assert_eq!(texts(&step), ["a", "b", "c"]);
    insta::assert_snapshot!(script.calls(), @r##"
    [["Note/changes",{"accountId":"a","sinceState":"1","maxChanges":2},"c0"],["Note/get",{"accountId":"a","#ids":{"name":"Note/changes","path":"/created","resultOf":"c0"}},"c1"],["Note/get",{"accountId":"a","#ids":{"name":"Note/changes","path":"/updated","resultOf":"c0"}},"c2"]]
    [["Note/changes",{"accountId":"a","sinceState":"1","maxChanges":2},"c0"]]
    [["Note/get",{"accountId":"a","ids":["N1","N2"]},"c0"]]
    [["Note/get",{"accountId":"a","ids":["N3"]},"c0"]]
    "##);
}

/// Servers disagree on what `maxChanges: 0` means: one that allows no objects at a time gets the suggested number.
#[test]
fn a_limit_of_nothing_is_not_passed_on() {
    let script = Script::new(
        r#"{"capabilities":{"urn:ietf:params:jmap:core":{"maxObjectsInGet":0},"https://example.com/jmap/notes":{}},
            "username":"jane","apiUrl":"/jmap/",
            "accounts":{"a":{"isPersonal":true,"accountCapabilities":{"https://example.com/jmap/notes":{}}}}}"#,
    );
    let client = script.client();
    script.respond(
        r#"["Note/changes",{"oldState":"1","newState":"2","created":["N1"]},"c0"],
           ["Note/get",{"state":"2","list":[{"id":"N1","text":"a"}]},"c1"],["Note/get",{"state":"2","list":[]},"c2"]"#,
    );
    let step = block_on(client.objects_since::<Note>(State::any("1")).next()).unwrap().unwrap();
    assert_eq!(texts(&step), ["a"]);
    assert!(script.calls().contains(r#""sinceState":"1","maxChanges":500}"#));
}

/// Where there is no `queryChanges`, or it does not know, the query is run again.
#[test]
fn a_query_whose_changes_nobody_knows() {
    use jmap_core::sync::HeldQuery;

    let script = Script::of_notes();
    let client = script.client();
    let query = || QueryArguments::<Note>::all();
    script.respond(
        r#"["Note/query",{"queryState":"1","canCalculateChanges":true,"ids":["N1"]},"c0"]"#,
    );
    let held = HeldQuery::of(block_on(client.query(query())).unwrap()).unwrap();
    for kind in ["unknownMethod", "cannotCalculateChanges", "tooManyChanges"] {
        script.respond(&format!(r#"["error",{{"type":"{kind}"}},"c0"]"#));
        let error = block_on(client.query_changes(held.arguments(query()))).unwrap_err();
        assert!(error.is_unsupported() || error.needs_resync(), "{kind}");
    }
}

/// Stalwart leaves ids away that it cannot read: they are in neither list.
#[test]
fn what_a_server_says_nothing_about_is_not_found() {
    let server = Script::of_notes();
    let client = server.client();
    server.respond(r#"["Note/get",{"list":[{"id":"N1"}],"notFound":[],"state":"1"},"c0"]"#);
    server.respond(r#"["Note/get",{"list":[],"notFound":["N3"],"state":"1"},"c0"]"#);
    let get = GetArguments::<Note>::of(["N1", "?", "N3"].map(Id::any));
    let response = block_on(client.get(get)).unwrap();
    assert_eq!(response.list.len(), 1);
    let missing: Vec<_> = response.not_found.iter().map(Id::as_str).collect();
    assert_eq!(missing, ["N3", "?"]);
}

/// An account that does not exist is not there, or not for this user: neither a reason to log in again nor to try again.
#[test]
fn an_unknown_account_that_is_forbidden() {
    let server = Script::of_notes();
    let client = server.client().with_account(Id::any("nobody"));
    for kind in ["forbidden", "accountNotFound"] {
        server.respond(&format!(r#"["error",{{"type":"{kind}"}},"c0"]"#));
        let error = block_on(client.get(GetArguments::<Note>::of([Id::any("N1")]))).unwrap_err();
        assert!(!error.is_auth() && !error.is_retryable() && !error.needs_resync(), "{error}");
        assert_eq!(error.to_string(), format!("Note/get failed: {kind}"));
    }
}

/// Stalwart does not resolve creation ids in `destroy`: what it says of the id stands under the id that was sent.
#[test]
fn a_creation_id_that_the_server_does_not_resolve() {
    let server = Script::of_notes();
    let client = server.client();
    server.respond(r##"["Note/set",{"notDestroyed":{"#k1":{"type":"notFound"}}},"c0"]"##);
    let error = block_on(client.destroy::<Note>(Id::any("#k1"))).unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.to_string(), "the object #k1 was not changed: notFound");
}
