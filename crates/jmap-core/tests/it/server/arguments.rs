//! The arguments of calls (RFC 8620, sections 3.2, 3.6.2 and 5).

use jmap_core::Id;

use super::notes::{Jane, Store};
use super::support::Server;

#[test]
fn section_3_6_2_accounts() {
    let server = Server::new();
    let error = |arguments: &str| server.error(arguments);
    insta::assert_snapshot!(error(r#"["Note/get",{"accountId":"A9"},"a"]"#), @r#""type":"accountNotFound""#);
    insta::assert_snapshot!(error(r#"["Note/get",{"accountId":"X"},"a"]"#), @r#""type":"accountNotSupportedByMethod""#);
    insta::assert_snapshot!(error(r#"["Note/set",{"accountId":"R"},"a"]"#), @r#""type":"accountReadOnly""#);
    insta::assert_snapshot!(server.calls(r#"["Note/get",{"accountId":"R"},"a"]"#), @r#"["Note/get",{"accountId":"R","list":[],"notFound":[],"state":"0"},"a"]"#);
}

#[test]
fn section_3_2_what_is_required() {
    let server = Server::new();
    let errors = [
        r#"["Note/get",{},"a"]"#,
        r#"["Note/get",{"accountId":null},"a"]"#,
        r#"["Note/changes",{"accountId":"A1"},"a"]"#,
        r#"["Note/queryChanges",{},"a"]"#,
        r#"["Note/copy",{"accountId":"A1"},"a"]"#,
    ]
    .map(|call| server.error(call));
    insta::assert_snapshot!(errors.join("\n"), @r#"
    "arguments":["accountId"],"description":"an argument is missing","type":"invalidArguments"
    "arguments":["accountId"],"description":"an argument is missing","type":"invalidArguments"
    "arguments":["sinceState"],"description":"an argument is missing","type":"invalidArguments"
    "arguments":["accountId","sinceQueryState"],"description":"an argument is missing","type":"invalidArguments"
    "arguments":["fromAccountId","create"],"description":"an argument is missing","type":"invalidArguments"
    "#);
}

#[test]
fn section_3_6_2_unknown_and_wrong_arguments() {
    let server = Server::new();
    let errors = [
        r#"["Note/get",{"accountId":"A1","ids":"N1"},"a"]"#,
        r#"["Note/get",{"accountId":"A1","ids":["N1",null]},"a"]"#,
        r#"["Note/get",{"accountId":"A1","colour":"red","size":{}},"a"]"#,
        r#"["Note/get",{"accountId":["A1"]},"a"]"#,
        r#"["Note/changes",{"accountId":"A1","sinceState":"0","maxChanges":-1},"a"]"#,
        r#"["Note/query",{"accountId":"A1","limit":-1},"a"]"#,
        r#"["Note/query",{"accountId":"A1","filter":{"operator":"XOR","conditions":[]}},"a"]"#,
        r#"["Note/query",{"accountId":"A1","filter":{"text":5}},"a"]"#,
        r#"["Note/query",{"accountId":"A1","sort":[{"property":5}]},"a"]"#,
        r#"["Note/set",{"accountId":"A1","create":[]},"a"]"#,
        r#"["Note/set",{"accountId":"A1","create":{"k 1":{}}},"a"]"#,
        r#"["Note/set",{"accountId":"A1","create":{"k":null}},"a"]"#,
        r#"["Note/set",{"accountId":"A1","update":{"N1":null}},"a"]"#,
        r#"["Note/set",{"accountId":"A1","destroy":{}},"a"]"#,
        r#"["Note/set",{"accountId":"A1","create/k":{}},"a"]"#,
    ]
    .map(|call| server.error(call));
    insta::assert_snapshot!(errors.join("\n"), @r##"
    "arguments":["ids"],"description":"#/ids: expected an array","type":"invalidArguments"
    "arguments":["ids"],"description":"#/ids/1: expected an id","type":"invalidArguments"
    "arguments":["colour","size"],"description":"not an argument of this method","type":"invalidArguments"
    "arguments":["accountId"],"description":"invalid type: sequence, expected an id at line 1 column 1","type":"invalidArguments"
    "arguments":["maxChanges"],"description":"#/maxChanges: expected an integer from 0 to 2^53 - 1","type":"invalidArguments"
    "arguments":["limit"],"description":"#/limit: expected an integer from 0 to 2^53 - 1","type":"invalidArguments"
    "arguments":["filter"],"description":"#/filter: expected a filter","type":"invalidArguments"
    "arguments":["filter"],"description":"#/filter/text: expected a string","type":"invalidArguments"
    "arguments":["sort"],"description":"#/sort/0/property: expected a string","type":"invalidArguments"
    "arguments":["create"],"description":"#/create: expected an object","type":"invalidArguments"
    "arguments":["create"],"description":"an id has only letters, digits, \"-\" and \"_\", found ' ' at octet 1","type":"invalidArguments"
    "arguments":["create"],"description":"create/k is null","type":"invalidArguments"
    "arguments":["update"],"description":"update/N1 is null","type":"invalidArguments"
    "arguments":["destroy"],"description":"#/destroy: expected an array","type":"invalidArguments"
    "arguments":["create~1k"],"description":"not an argument of this method","type":"invalidArguments"
    "##);
}

#[test]
fn section_3_2_null_is_the_default() {
    let server = Server::new();
    server.store.fill("A1", &["Milk"]);
    insta::assert_snapshot!(server.calls(
        r#"["Note/get",{"accountId":"A1","ids":null,"properties":null},"a"],
           ["Note/set",{"accountId":"A1","ifInState":null,"create":null,"update":null,"destroy":null},"b"],
           ["Note/query",{"accountId":"A1","filter":null,"sort":null,"anchor":null,"limit":null},"c"]"#,
    ), @r#"
    ["Note/get",{"accountId":"A1","list":[{"id":"N1","length":4,"text":"Milk"}],"notFound":[],"state":"1"},"a"]
    ["Note/set",{"accountId":"A1","newState":"1","oldState":"1"},"b"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N1"],"position":0,"queryState":"1"},"c"]
    "#);
}

#[test]
fn section_5_3_an_object_that_cannot_be_read_is_refused_alone() {
    let server = Server::new();
    server.store.fill("A1", &["Milk"]);
    insta::assert_snapshot!(server.calls(
        r#"["Note/set",{"accountId":"A1",
            "create":{"k1":{"text":"Bread"},"k2":5,"k3":{"text":["x"],"parentId":{},"aboutIds":{"N1":"yes"}}},
            "update":{"N1":"Butter"}},"a"]"#,
    ), @r##"["Note/set",{"accountId":"A1","created":{"k1":{"id":"N2","length":5}},"newState":"2","notCreated":{"k2":{"description":"expected an object","type":"invalidProperties"},"k3":{"description":"#/create/k3/text: expected a string","properties":["text","parentId","aboutIds"],"type":"invalidProperties"}},"notUpdated":{"N1":{"type":"invalidPatch"}},"oldState":"1"},"a"]"##);
}

#[test]
fn section_5_1_and_5_3_too_many_objects() {
    let server =
        Server::with(serde_json::from_str(r#"{"maxObjectsInGet":2,"maxObjectsInSet":2}"#).unwrap());
    server.store.fill("A1", &["a", "b", "c"]);
    let errors = [
        r#"["Note/get",{"accountId":"A1","ids":["N1","N2","N3"]},"a"]"#,
        // All, where there are more than that.
        r#"["Note/get",{"accountId":"A1"},"a"]"#,
        r#"["Note/set",{"accountId":"A1","create":{"k":{}},"update":{"N1":{}},"destroy":["N2"]},"a"]"#,
        r#"["Note/copy",{"fromAccountId":"A1","accountId":"A2","create":{"a":{"id":"N1"},"b":{"id":"N2"},"c":{"id":"N3"}}},"a"]"#,
    ]
    .map(|call| server.error(call));
    insta::assert_snapshot!(errors.join("\n"), @r#"
    "description":"3 objects are more than the maxObjectsInGet of 2","type":"requestTooLarge"
    "description":"3 objects are more than the maxObjectsInGet of 2","type":"requestTooLarge"
    "description":"3 objects are more than the maxObjectsInSet of 2","type":"requestTooLarge"
    "description":"3 objects are more than the maxObjectsInSet of 2","type":"requestTooLarge"
    "#);
    // The number that the limit names is allowed; nothing was changed before.
    insta::assert_snapshot!(server.calls(
        r#"["Note/get",{"accountId":"A1","ids":["N1","N2"],"properties":["id"]},"a"],
           ["Note/set",{"accountId":"A1","destroy":["N1"],"update":{"N2":{}}},"b"]"#,
    ), @r#"
    ["Note/get",{"accountId":"A1","list":[{"id":"N1"},{"id":"N2"}],"notFound":[],"state":"3"},"a"]
    ["Note/set",{"accountId":"A1","destroyed":["N1"],"newState":"4","oldState":"3","updated":{"N2":null}},"b"]
    "#);
    // References do not get round it.
    insta::assert_snapshot!(server.calls(
        r##"["Note/query",{"accountId":"A1"},"a"],
           ["Core/echo",{"ids":["N1","N2","N3"]},"b"],
           ["Note/get",{"accountId":"A1","#ids":{"resultOf":"b","name":"Core/echo","path":"/ids"}},"c"]"##,
    ), @r#"
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N2","N3"],"position":0,"queryState":"4"},"a"]
    ["Core/echo",{"ids":["N1","N2","N3"]},"b"]
    ["error",{"description":"3 objects are more than the maxObjectsInGet of 2","type":"requestTooLarge"},"c"]
    "#);
}

/// RFC 9670, section 2: accounts without anything subscribed are not in the session, and can be used.
#[test]
fn accounts_that_the_session_does_not_show() {
    let server = Server::new();
    let session = super::notes::dispatcher().session(&Jane { store: Store::default() });
    assert!(session.account(&Id::any("U")).is_none());
    insta::assert_snapshot!(server.calls(r#"["Note/get",{"accountId":"U","ids":[]},"a"]"#), @r#"["Note/get",{"accountId":"U","list":[],"notFound":[],"state":"0"},"a"]"#);
}
