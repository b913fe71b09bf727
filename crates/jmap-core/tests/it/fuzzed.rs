//! The bodies of the fuzz targets, on inputs that proptest makes: quick enough for every run. `cargo xtask fuzz` looks
//! further.

#[path = "../../../../fuzz/src/protocol.rs"]
#[allow(unreachable_pub, reason = "the fuzz targets need them public")]
mod bodies;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What event streams are made of, so that pieces put together at random often mean something.
const WORDS: &[&[u8]] = &[
    b"\n",
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"data",
    b"data:",
    b"data: x",
    b"event: state",
    b"event:ping",
    b": ",
    b"id: 7",
    b"id",
    b"id: \0",
    b"retry: 10",
    b"retry:x",
    b"\xef\xbb\xbf",
    b"\xef\xbb",
    b"\xff",
    b"{\"interval\":",
    b"{\"changed\":{}}",
    b"1000}",
    b"0}",
    b" ",
    b":",
];

/// Whole texts, so that changed ones still mean something.
const SESSIONS: &[&str] = &[
    r#"{"capabilities":{"urn:ietf:params:jmap:core":{"maxSizeUpload":50000000,"maxObjectsInGet":256,"x":[1.5e400]},
        "urn:ietf:params:jmap:blob":{}},"accounts":{"a1":{"name":"jane@example.com","isPersonal":true,"isReadOnly":false,
        "accountCapabilities":{"urn:ietf:params:jmap:blob":{"maxSizeBlobSet":null,"supportedTypeNames":["Note"]}}}},
        "primaryAccounts":{"urn:ietf:params:jmap:blob":"a1"},"username":"jane@example.com","state":"7",
        "apiUrl":"https://jmap.example.com/api/","downloadUrl":"/d/{accountId}/{blobId}/{name}?accept={type}",
        "uploadUrl":"../u/{accountId}/#x","eventSourceUrl":"//[::1]:8080/e?t={types}&c={closeafter}&p={ping}"}"#,
    r#"{"capabilities":{},"accounts":{"":{}," ":null},"primaryAccounts":null,"username":null,"apiUrl":"",
        "downloadUrl":"?{","uploadUrl":"http://h:99999/}{","eventSourceUrl":"{{types}}/./../.","state":7,"extra":{"a":[]}}"#,
];

const RESPONSES: &[&str] = &[
    r#"{"methodResponses":[
        ["Note/get",{"accountId":"a1","state":"2","list":[{"id":"n1","text":"Milk","size":3,"done":false,
            "labels":{"a":true}},7,null,{"id":"n2","size":"3","labels":null}],"notFound":["n3"]},"c0"],
        ["Note/changes",{"accountId":"a1","oldState":"1","newState":"2","hasMoreChanges":false,"created":["n1"],
            "updated":null,"destroyed":[]},"c1"],
        ["Note/set",{"accountId":"a1","oldState":null,"newState":"3","created":{"k1":{"id":"n4","size":1},"k2":null},
            "updated":{"n1":null,"n2":{"text":"x"}},"destroyed":["n5"],"notCreated":{"k3":{"type":"invalidProperties",
            "properties":["text"],"description":null}},"notUpdated":{"n6":{"type":"odd","x":1}}},"c2"],
        ["Note/copy",{"fromAccountId":"a2","accountId":"a1","newState":"4","created":{"k":{"id":"n7"}},
            "notCreated":{"k4":{"type":"alreadyExists","existingId":"n8"}}},"c3"],
        ["Note/query",{"accountId":"a1","queryState":"1","canCalculateChanges":true,"position":0,"ids":["a","b"],
            "total":2,"limit":2},"c4"],
        ["Note/queryChanges",{"accountId":"a1","oldQueryState":"1","newQueryState":"2","total":2,"removed":["a"],
            "added":[{"id":"c","index":0}]},"c5"]],
        "createdIds":{"k1":"n4"},"sessionState":"7"}"#,
    r#"{"methodResponses":[["error",{"type":"unknownMethod","description":"no"},"c0"],["Note/set",{},"c3"],
        ["Note/get",[],"c1"],["error",{},"c2"],["error",{"type":null},"c4"],[]],"sessionState":7,"createdIds":null}"#,
];

/// What is put into texts: parts that JSON, addresses and templates are made of.
const PIECES: &[&str] = &[
    "", "null", "0", "-1", "1e99", "[]", "{}", "\"\"", "true", ",", ":", "\"", "\\u0000",
    "{types}", "://", "//", "..", "/", "\u{e9}", "\"id\":", "\"n1\"", "c0", "#",
];

/// A text with some of its characters replaced by pieces; changes where nothing is replaced are insertions.
fn mutated(seeds: &'static [&'static str]) -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..12_usize, select(PIECES));
    (select(seeds), vec(change, 0..4)).prop_map(|(seed, changes)| {
        let mut text: Vec<char> = seed.chars().collect();
        for (at, length, piece) in changes {
            let start = at.index(text.len());
            let end = text.len().min(start + length);
            text.splice(start..end, piece.chars());
        }
        text.into_iter().collect()
    })
}

#[test]
fn unchanged_texts() {
    for seed in SESSIONS {
        assert!(serde_json::from_str::<jmap_core::Session>(seed).is_ok());
        bodies::session(seed.as_bytes());
    }
    for seed in RESPONSES {
        assert!(serde_json::from_str::<jmap_core::Response>(seed).is_ok());
        bodies::response(seed.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn changed_sessions(text in mutated(SESSIONS)) {
        bodies::session(text.as_bytes());
    }

    #[test]
    fn changed_responses(text in mutated(RESPONSES)) {
        bodies::response(text.as_bytes());
    }
}

proptest! {
    #[test]
    fn event_streams_of_any_octets(octets in vec(any::<u8>(), 0..200)) {
        bodies::event_stream(&octets);
    }

    #[test]
    fn event_streams_of_what_they_are_made_of(words in vec(select(WORDS), 0..40)) {
        bodies::event_stream(&words.concat());
    }
}
