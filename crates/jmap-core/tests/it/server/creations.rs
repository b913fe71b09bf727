//! Creation ids (RFC 8620, sections 3.3, 3.4 and 5.3).

use super::support::{Server, lines};

#[test]
fn section_5_3_a_later_call_refers_to_what_an_earlier_one_created() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Note/set",{"accountId":"A1","create":{"k1":{"text":"Shopping"}}},"a"],
           ["Note/set",{"accountId":"A1","create":{"k2":{"text":"Milk","parentId":"#k1","aboutIds":{"#k1":true}}}},"b"],
           ["Note/get",{"accountId":"A1","ids":["#k2","#k1","#k9"],"properties":["parentId","aboutIds"]},"c"]"##,
    ), @r##"
    ["Note/set",{"accountId":"A1","created":{"k1":{"id":"N1","length":8}},"newState":"1","oldState":"0"},"a"]
    ["Note/set",{"accountId":"A1","created":{"k2":{"id":"N2","length":4}},"newState":"2","oldState":"1"},"b"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N1"},{"aboutIds":{"N1":true},"id":"N2","parentId":"N1"}],"notFound":["#k9"],"state":"2"},"c"]
    "##);
}

#[test]
fn section_5_3_objects_of_one_call_refer_to_each_other_in_any_order() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Note/set",{"accountId":"A1","create":{
              "k1":{"text":"c","parentId":"#k2"},"k2":{"text":"b","parentId":"#k3"},"k3":{"text":"a"},
              "k4":{"parentId":"#k5"},"k5":{"parentId":"#k4"},"k6":{"parentId":"#nobody"}}},"a"],
           ["Note/get",{"accountId":"A1","properties":["text","parentId"]},"b"]"##,
    ), @r#"
    ["Note/set",{"accountId":"A1","created":{"k1":{"id":"N3","length":1},"k2":{"id":"N2","length":1},"k3":{"id":"N1","length":1}},"newState":"1","notCreated":{"k4":{"properties":["parentId"],"type":"invalidProperties"},"k5":{"properties":["parentId"],"type":"invalidProperties"},"k6":{"properties":["parentId"],"type":"invalidProperties"}},"oldState":"0"},"a"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N1","text":"a"},{"id":"N2","parentId":"N1","text":"b"},{"id":"N3","parentId":"N2","text":"c"}],"notFound":[],"state":"1"},"b"]
    "#);
}

#[test]
fn section_5_3_updates_and_destroys_of_new_objects() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Note/set",{"accountId":"A1","create":{"k1":{"text":"a"},"k2":{"text":"b"}}},"a"],
           ["Note/set",{"accountId":"A1","update":{"#k1":{"text":"aa"},"#k9":{"text":"x"}},"destroy":["#k2","#k8"]},"b"],
           ["Note/set",{"accountId":"A1","create":{"k3":{"text":"c"}},"update":{"#k3":{"text":"cc"}},"destroy":["#k1"]},"c"],
           ["Note/get",{"accountId":"A1","properties":["text"]},"d"]"##,
    ), @r##"
    ["Note/set",{"accountId":"A1","created":{"k1":{"id":"N1","length":1},"k2":{"id":"N2","length":1}},"newState":"1","oldState":"0"},"a"]
    ["Note/set",{"accountId":"A1","destroyed":["N2"],"newState":"2","notDestroyed":{"#k8":{"type":"notFound"}},"notUpdated":{"#k9":{"type":"notFound"}},"oldState":"1","updated":{"N1":{"length":2}}},"b"]
    ["Note/set",{"accountId":"A1","created":{"k3":{"id":"N2","length":1}},"destroyed":["N1"],"newState":"3","oldState":"2","updated":{"N2":{"length":2}}},"c"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N2","text":"cc"}],"notFound":[],"state":"3"},"d"]
    "##);
}

#[test]
fn section_5_3_patches_refer_to_new_objects() {
    let server = Server::new();
    server.store.fill("A1", &["Milk"]);
    insta::assert_snapshot!(server.calls(
        r##"["Note/set",{"accountId":"A1","create":{"k1":{"text":"a"}},"update":{"N1":{"parentId":"#k1","aboutIds":{"#k1":true}}}},"a"],
           ["Note/set",{"accountId":"A1","create":{"k2":{"text":"b"}},"update":{"N1":{"aboutIds/#k2":true,"aboutIds/N2":null}}},"b"],
           ["Note/set",{"accountId":"A1","update":{"N1":{"aboutIds/#nobody":true}}},"c"],
           ["Note/get",{"accountId":"A1","ids":["N1"],"properties":["parentId","aboutIds"]},"d"]"##,
    ), @r#"
    ["Note/set",{"accountId":"A1","created":{"k1":{"id":"N2","length":1}},"newState":"2","oldState":"1","updated":{"N1":null}},"a"]
    ["Note/set",{"accountId":"A1","created":{"k2":{"id":"N3","length":1}},"newState":"3","oldState":"2","updated":{"N1":null}},"b"]
    ["Note/set",{"accountId":"A1","newState":"3","notUpdated":{"N1":{"properties":["aboutIds"],"type":"invalidProperties"}},"oldState":"3"},"c"]
    ["Note/get",{"accountId":"A1","list":[{"aboutIds":{"N3":true},"id":"N1","parentId":"N2"}],"notFound":[],"state":"3"},"d"]
    "#);
}

#[test]
fn section_5_3_the_latest_creation_of_a_name_counts() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Note/set",{"accountId":"A1","create":{"k":{"text":"a"}}},"a"],
           ["Note/set",{"accountId":"A2","create":{"x":{"text":"a"},"k":{"text":"b"}}},"b"],
           ["Note/get",{"accountId":"A2","ids":["#k"],"properties":["text"]},"c"],
           ["Note/set",{"accountId":"A1","create":{"k":{"length":1}}},"d"],
           ["Note/get",{"accountId":"A2","ids":["#k"],"properties":["text"]},"e"]"##,
    ), @r#"
    ["Note/set",{"accountId":"A1","created":{"k":{"id":"N1","length":1}},"newState":"1","oldState":"0"},"a"]
    ["Note/set",{"accountId":"A2","created":{"k":{"id":"N1","length":1},"x":{"id":"N2","length":1}},"newState":"1","oldState":"0"},"b"]
    ["Note/get",{"accountId":"A2","list":[{"id":"N1","text":"b"}],"notFound":[],"state":"1"},"c"]
    ["Note/set",{"accountId":"A1","newState":"1","notCreated":{"k":{"properties":["length"],"type":"invalidProperties"}},"oldState":"1"},"d"]
    ["Note/get",{"accountId":"A2","list":[{"id":"N1","text":"b"}],"notFound":[],"state":"1"},"e"]
    "#);
}

#[test]
fn section_5_3_what_a_call_creates_is_meant_before_what_an_earlier_one_did() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Note/set",{"accountId":"A1","create":{"k":{"text":"old"}}},"a"],
           ["Note/set",{"accountId":"A1","create":{"k":{"text":"new"}},"update":{"#k":{"text":"newer"}}},"b"],
           ["Note/set",{"accountId":"A1","update":{"#k":{"text":"x"},"N2":{"text":"newest"}}},"c"],
           ["Note/get",{"accountId":"A1","properties":["text"]},"d"]"##,
    ), @r#"
    ["Note/set",{"accountId":"A1","created":{"k":{"id":"N1","length":3}},"newState":"1","oldState":"0"},"a"]
    ["Note/set",{"accountId":"A1","created":{"k":{"id":"N2","length":3}},"newState":"2","oldState":"1","updated":{"N2":{"length":5}}},"b"]
    ["Note/set",{"accountId":"A1","newState":"3","oldState":"2","updated":{"N2":{"length":6}}},"c"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N1","text":"old"},{"id":"N2","text":"newest"}],"notFound":[],"state":"3"},"d"]
    "#);
}

#[test]
fn section_3_3_created_ids_go_in_and_out() {
    let server = Server::new();
    let request = |created: &str| {
        format!(
            r##"{{"using":["https://example.com/jmap/notes"],{created}"methodCalls":[
                ["Note/set",{{"accountId":"A1","create":{{"k":{{"text":"a","parentId":"#p"}}}}}},"a"]]}}"##
        )
    };
    // Nothing comes back that was not sent.
    let response = server.response(&request(""));
    assert!(response.get("createdIds").is_none());
    insta::assert_snapshot!(lines(&response["methodResponses"]), @r#"["Note/set",{"accountId":"A1","newState":"0","notCreated":{"k":{"properties":["parentId"],"type":"invalidProperties"}},"oldState":"0"},"a"]"#);

    let response = server.response(&request(r#""createdIds":{"p":"N77","k":"old"},"#));
    insta::assert_snapshot!(response["createdIds"], @r#"{"k":"N1","p":"N77"}"#);
    let empty = server.response(r#"{"using":[],"methodCalls":[],"createdIds":{}}"#);
    insta::assert_snapshot!(empty["createdIds"], @"{}");
}

#[test]
fn rfc_9404_section_4_1_blobs_are_creations_too() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Blob/upload",{"accountId":"A1","create":{"b1":{"data":[{"data:asText":"Milk"}]},"b2":{"data":5}}},"a"],
           ["Core/echo",{"#x":{"resultOf":"a","name":"Blob/upload","path":"/created/b1/id"}},"b"],
           ["Note/set",{"accountId":"A1","create":{"k":{"text":"x","parentId":"#b1"}}},"c"],
           ["Note/get",{"accountId":"A1","properties":["parentId"]},"d"]"##,
    ), @r##"
    ["Blob/upload",{"accountId":"A1","created":{"b1":{"id":"blob-b1"}},"notCreated":{"b2":{"description":"#/create/b2/data: expected an array","properties":["data"],"type":"invalidProperties"}}},"a"]
    ["Core/echo",{"x":"blob-b1"},"b"]
    ["Note/set",{"accountId":"A1","created":{"k":{"id":"N1","length":1}},"newState":"1","oldState":"0"},"c"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N1","parentId":"blob-b1"}],"notFound":[],"state":"1"},"d"]
    "##);
}

#[test]
fn section_5_4_copies_are_creations_too() {
    let server = Server::new();
    server.store.fill("A1", &["Milk"]);
    insta::assert_snapshot!(server.calls(
        r##"["Note/copy",{"fromAccountId":"A1","accountId":"A2","create":{"c":{"id":"N1"}}},"a"],
           ["Note/get",{"accountId":"A2","ids":["#c"],"properties":["text"]},"b"]"##,
    ), @r#"
    ["Note/copy",{"accountId":"A2","created":{"c":{"id":"N1"}},"fromAccountId":"A1","newState":"1","oldState":"0"},"a"]
    ["Note/get",{"accountId":"A2","list":[{"id":"N1","text":"Milk"}],"notFound":[],"state":"1"},"b"]
    "#);
}
