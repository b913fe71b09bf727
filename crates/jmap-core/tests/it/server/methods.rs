//! The standard methods (RFC 8620, section 5), through a server that has them all.

use super::support::Server;

fn filled() -> Server {
    let server = Server::new();
    server.store.fill("A1", &["Milk", "Bread", "Butter"]);
    server
}

#[test]
fn section_5_1_get() {
    insta::assert_snapshot!(filled().calls(
        r#"["Note/get",{"accountId":"A1","ids":["N3","N9","N1","N3"],"properties":["text"]},"a"],
           ["Note/get",{"accountId":"A1","ids":[]},"b"],
           ["Note/get",{"accountId":"A2","ids":null},"c"],
           ["Note/get",{"accountId":"A1","properties":["colour"]},"d"]"#,
    ), @r#"
    ["Note/get",{"accountId":"A1","list":[{"id":"N1","text":"Milk"},{"id":"N3","text":"Butter"}],"notFound":["N9"],"state":"3"},"a"]
    ["Note/get",{"accountId":"A1","list":[],"notFound":[],"state":"3"},"b"]
    ["Note/get",{"accountId":"A2","list":[],"notFound":[],"state":"0"},"c"]
    ["error",{"description":"colour","type":"invalidArguments"},"d"]
    "#);
}

#[test]
fn section_5_2_changes() {
    insta::assert_snapshot!(filled().calls(
        r#"["Note/set",{"accountId":"A1","update":{"N1":{"text":"Cream"}},"destroy":["N2"]},"a"],
           ["Note/changes",{"accountId":"A1","sinceState":"2"},"b"],
           ["Note/changes",{"accountId":"A1","sinceState":"4","maxChanges":5},"c"],
           ["Note/changes",{"accountId":"A1","sinceState":"0","maxChanges":1},"d"],
           ["Note/changes",{"accountId":"A1","sinceState":"3","maxChanges":1},"e"],
           ["Note/changes",{"accountId":"A1","sinceState":"old"},"f"],
           ["Note/changes",{"accountId":"A1","sinceState":"0","maxChanges":0},"g"]"#,
    ), @r#"
    ["Note/set",{"accountId":"A1","destroyed":["N2"],"newState":"4","oldState":"3","updated":{"N1":{"length":5}}},"a"]
    ["Note/changes",{"accountId":"A1","created":["N3"],"destroyed":["N2"],"hasMoreChanges":false,"newState":"4","oldState":"2","updated":["N1"]},"b"]
    ["Note/changes",{"accountId":"A1","created":[],"destroyed":[],"hasMoreChanges":false,"newState":"4","oldState":"4","updated":[]},"c"]
    ["Note/changes",{"accountId":"A1","created":["N1"],"destroyed":[],"hasMoreChanges":true,"newState":"1","oldState":"0","updated":[]},"d"]
    ["error",{"type":"cannotCalculateChanges"},"e"]
    ["error",{"type":"cannotCalculateChanges"},"f"]
    ["error",{"arguments":["maxChanges"],"description":"it is less than 1","type":"invalidArguments"},"g"]
    "#);
}

/// What happened to an object in between is told once, as what it comes to.
#[test]
fn section_5_2_several_changes_of_one_object() {
    insta::assert_snapshot!(filled().calls(
        r##"["Note/set",{"accountId":"A1","create":{"k1":{"text":"new"},"k2":{"text":"soon gone"}},"update":{"N1":{"text":"Cream"},"N2":{"text":"Rolls"}}},"a"],
           ["Note/set",{"accountId":"A1","update":{"#k1":{"text":"newer"}},"destroy":["#k2","N1"]},"b"],
           ["Note/set",{"accountId":"A1","update":{"N2":{"text":"Bread"}}},"c"],
           ["Note/changes",{"accountId":"A1","sinceState":"3"},"all"],
           ["Note/changes",{"accountId":"A1","sinceState":"4"},"late"]"##,
    ).lines().skip(3).collect::<Vec<_>>().join("\n"), @r#"
    ["Note/changes",{"accountId":"A1","created":["N4"],"destroyed":["N1"],"hasMoreChanges":false,"newState":"6","oldState":"3","updated":[]},"all"]
    ["Note/changes",{"accountId":"A1","created":[],"destroyed":["N1","N5"],"hasMoreChanges":false,"newState":"6","oldState":"4","updated":["N2","N4"]},"late"]
    "#);
}

#[test]
fn section_5_2_changes_and_their_objects_in_one_request() {
    insta::assert_snapshot!(filled().calls(
        r##"["Note/changes",{"accountId":"A1","sinceState":"2"},"0"],
           ["Note/get",{"accountId":"A1","properties":["text"],"#ids":{"resultOf":"0","name":"Note/changes","path":"/created"}},"1"],
           ["Note/get",{"accountId":"A1","properties":["text"],"#ids":{"resultOf":"0","name":"Note/changes","path":"/updated"}},"2"]"##,
    ), @r#"
    ["Note/changes",{"accountId":"A1","created":["N3"],"destroyed":[],"hasMoreChanges":false,"newState":"3","oldState":"2","updated":[]},"0"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N3","text":"Butter"}],"notFound":[],"state":"3"},"1"]
    ["Note/get",{"accountId":"A1","list":[],"notFound":[],"state":"3"},"2"]
    "#);
}

#[test]
fn section_5_3_set() {
    insta::assert_snapshot!(filled().calls(
        r#"["Note/set",{"accountId":"A1","ifInState":"2","destroy":["N1"]},"a"],
           ["Note/set",{"accountId":"A1","ifInState":"3",
              "create":{"k1":{"text":"Cheese"},"k2":{"length":3}},
              "update":{"N1":{"text":"Cream"},"N2":{"length":5},"N3":{"length":1},"N9":{}},
              "destroy":["N8"]},"b"],
           ["Note/set",{"accountId":"A1","update":{"N1":{"text":"x"}},"destroy":["N1"]},"c"]"#,
    ), @r#"
    ["error",{"type":"stateMismatch"},"a"]
    ["Note/set",{"accountId":"A1","created":{"k1":{"id":"N4","length":6}},"newState":"4","notCreated":{"k2":{"properties":["length"],"type":"invalidProperties"}},"notDestroyed":{"N8":{"type":"notFound"}},"notUpdated":{"N3":{"description":"the server sets these, or they never change","properties":["length"],"type":"invalidProperties"},"N9":{"type":"notFound"}},"oldState":"3","updated":{"N1":{"length":5},"N2":null}},"b"]
    ["Note/set",{"accountId":"A1","destroyed":["N1"],"newState":"5","notUpdated":{"N1":{"type":"willDestroy"}},"oldState":"4"},"c"]
    "#);
}

#[test]
fn section_5_3_patches() {
    insta::assert_snapshot!(filled().calls(
        r#"["Note/set",{"accountId":"A1","update":{"N1":{"aboutIds":{"N2":true}}}},"a"],
           ["Note/set",{"accountId":"A1","update":{
              "N1":{"aboutIds/N3":true,"aboutIds/N2":null,"parentId":null},
              "N2":{"aboutIds/N1":true},
              "N3":{"aboutIds":{},"aboutIds/N1":true}}},"b"],
           ["Note/get",{"accountId":"A1","ids":["N1"],"properties":["aboutIds"]},"c"]"#,
    ), @r#"
    ["Note/set",{"accountId":"A1","newState":"4","oldState":"3","updated":{"N1":null}},"a"]
    ["Note/set",{"accountId":"A1","newState":"5","notUpdated":{"N2":{"description":"patch \"aboutIds/N1\": leads into something that does not exist","type":"invalidPatch"},"N3":{"description":"patch \"aboutIds/N1\": overlaps with \"aboutIds\"","type":"invalidPatch"}},"oldState":"4","updated":{"N1":null}},"b"]
    ["Note/get",{"accountId":"A1","list":[{"aboutIds":{"N3":true},"id":"N1"}],"notFound":[],"state":"5"},"c"]
    "#);
}

#[test]
fn section_5_4_copy_and_the_set_that_it_implies() {
    let server = filled();
    insta::assert_snapshot!(server.calls(
        r#"["Note/copy",{"fromAccountId":"A1","accountId":"A2","onSuccessDestroyOriginal":true,
              "create":{"a":{"id":"N1"},"b":{"id":"N9"},"c":{"id":"N2","text":"Rolls"}}},"c"],
           ["Note/copy",{"fromAccountId":"A1","accountId":"A2","create":{"d":{"id":"N3","text":"Milk"}}},"d"],
           ["Core/echo",{},"e"]"#,
    ), @r#"
    ["Note/copy",{"accountId":"A2","created":{"a":{"id":"N1"},"c":{"id":"N2"}},"fromAccountId":"A1","newState":"1","notCreated":{"b":{"type":"notFound"}},"oldState":"0"},"c"]
    ["Note/set",{"accountId":"A1","destroyed":["N1","N2"],"newState":"4","oldState":"3"},"c"]
    ["Note/copy",{"accountId":"A2","fromAccountId":"A1","newState":"1","notCreated":{"d":{"existingId":"N1","type":"alreadyExists"}},"oldState":"1"},"d"]
    ["Core/echo",{},"e"]
    "#);
    // The implied call has checks of its own, and what it breaks was copied all the same.
    insta::assert_snapshot!(server.calls(
        r#"["Note/copy",{"fromAccountId":"A1","accountId":"A2","onSuccessDestroyOriginal":true,
              "destroyFromIfInState":"0","create":{"a":{"id":"N3"}}},"c"],
           ["Note/get",{"accountId":"A2","properties":["text"]},"g"]"#,
    ), @r#"
    ["Note/copy",{"accountId":"A2","created":{"a":{"id":"N3"}},"fromAccountId":"A1","newState":"2","oldState":"1"},"c"]
    ["error",{"type":"stateMismatch"},"c"]
    ["Note/get",{"accountId":"A2","list":[{"id":"N1","text":"Milk"},{"id":"N2","text":"Rolls"},{"id":"N3","text":"Butter"}],"notFound":[],"state":"2"},"g"]
    "#);
}

#[test]
fn section_5_4_errors_of_copy() {
    let server = filled();
    let errors = [
        r#"["Note/copy",{"fromAccountId":"A9","accountId":"A2","create":{}},"c"]"#,
        r#"["Note/copy",{"fromAccountId":"X","accountId":"A2","create":{}},"c"]"#,
        r#"["Note/copy",{"fromAccountId":"A1","accountId":"A1","create":{}},"c"]"#,
        r#"["Note/copy",{"fromAccountId":"A1","accountId":"R","create":{}},"c"]"#,
        r#"["Note/copy",{"fromAccountId":"A1","accountId":"A2","ifFromInState":"0","create":{}},"c"]"#,
        r#"["Note/copy",{"fromAccountId":"A1","accountId":"A2","ifInState":"7","create":{}},"c"]"#,
    ]
    .map(|call| server.error(call));
    insta::assert_snapshot!(errors.join("\n"), @r#"
    "type":"fromAccountNotFound"
    "type":"fromAccountNotSupportedByMethod"
    "arguments":["fromAccountId"],"description":"it is the account to copy to","type":"invalidArguments"
    "type":"accountReadOnly"
    "type":"stateMismatch"
    "type":"stateMismatch"
    "#);
}

#[test]
fn section_5_5_query() {
    insta::assert_snapshot!(filled().calls(
        r#"["Note/query",{"accountId":"A1","sort":[{"property":"text"}],"calculateTotal":true},"a"],
           ["Note/query",{"accountId":"A1","sort":[{"property":"text","isAscending":false}],"position":-1},"b"],
           ["Note/query",{"accountId":"A1","position":7},"c"],
           ["Note/query",{"accountId":"A1","position":-7,"limit":1},"d"],
           ["Note/query",{"accountId":"A1","anchor":"N2","anchorOffset":1,"position":5,"limit":500},"e"],
           ["Note/query",{"accountId":"A1","anchor":"N2","anchorOffset":-5},"f"],
           ["Note/query",{"accountId":"A1","anchor":"N9"},"g"],
           ["Note/query",{"accountId":"A1","sort":[{"property":"colour"}]},"h"],
           ["Note/query",{"accountId":"A1","filter":{"colour":"red"}},"i"],
           ["Note/query",{"accountId":"A1","anchorOffset":2},"without an anchor"],
           ["Note/query",{"accountId":"A1","anchor":"N2","anchorOffset":7},"behind the end"],
           ["Note/query",{"accountId":"A1","sort":[],"limit":0},"none"]"#,
    ), @r#"
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N2","N3","N1"],"position":0,"queryState":"3","total":3},"a"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N2"],"position":2,"queryState":"3"},"b"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":[],"position":7,"queryState":"3"},"c"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N1"],"position":0,"queryState":"3"},"d"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N3"],"limit":100,"position":2,"queryState":"3"},"e"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N1","N2","N3"],"position":0,"queryState":"3"},"f"]
    ["error",{"type":"anchorNotFound"},"g"]
    ["error",{"type":"unsupportedSort"},"h"]
    ["error",{"type":"unsupportedFilter"},"i"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N1","N2","N3"],"position":0,"queryState":"3"},"without an anchor"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":[],"position":8,"queryState":"3"},"behind the end"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":[],"position":0,"queryState":"3"},"none"]
    "#);
}

#[test]
fn section_5_5_filters() {
    insta::assert_snapshot!(filled().calls(
        r#"["Note/query",{"accountId":"A1","filter":{"text":"B"}},"a"],
           ["Note/query",{"accountId":"A1","filter":{"operator":"NOT","conditions":[{"text":"Br"},{"text":"Bu"}]}},"b"],
           ["Note/query",{"accountId":"A1","filter":{"operator":"AND","conditions":[{"text":"B"},
              {"operator":"OR","conditions":[{"text":"M"},{"text":"ea"}]}]}},"c"],
           ["Note/query",{"accountId":"A1","filter":{}},"d"],
           ["Note/query",{"accountId":"A1","filter":{"operator":"AND","conditions":[]}},"e"],
           ["Note/query",{"accountId":"A1","filter":{"operator":"OR","conditions":[]}},"f"],
           ["Note/query",{"accountId":"A1","filter":{"operator":"NOT","conditions":[]}},"g"]"#,
    ), @r#"
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N2","N3"],"position":0,"queryState":"3"},"a"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N1"],"position":0,"queryState":"3"},"b"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N2"],"position":0,"queryState":"3"},"c"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N1","N2","N3"],"position":0,"queryState":"3"},"d"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N1","N2","N3"],"position":0,"queryState":"3"},"e"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":[],"position":0,"queryState":"3"},"f"]
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N1","N2","N3"],"position":0,"queryState":"3"},"g"]
    "#);
}

/// Deeper than anybody means it, and than the stack should be asked for.
#[test]
fn section_5_5_filters_have_a_depth() {
    let nested = |depth: usize| {
        let not = r#"{"operator":"NOT","conditions":["#;
        let filter = format!("{}{{}}{}", not.repeat(depth), "]}".repeat(depth));
        filled().calls(&format!(r#"["Note/query",{{"accountId":"A1","filter":{filter}}},"a"]"#))
    };
    assert!(nested(30).contains(r#""ids":["N1","N2","N3"]"#));
    insta::assert_snapshot!(nested(40), @r##"["error",{"arguments":["filter"],"description":"#/filter: expected a filter","type":"invalidArguments"},"a"]"##);
}

#[test]
fn section_5_6_query_changes() {
    insta::assert_snapshot!(filled().calls(
        r#"["Note/set",{"accountId":"A1","create":{"k":{"text":"Apples"}},"update":{"N1":{"text":"Zwieback"}},"destroy":["N2"]},"a"],
           ["Note/queryChanges",{"accountId":"A1","sort":[{"property":"text"}],"sinceQueryState":"3","calculateTotal":true},"b"],
           ["Note/queryChanges",{"accountId":"A1","filter":{"text":"B"},"sinceQueryState":"3"},"c"],
           ["Note/queryChanges",{"accountId":"A1","sinceQueryState":"3","maxChanges":1},"d"],
           ["Note/queryChanges",{"accountId":"A1","sinceQueryState":"old"},"e"]"#,
    ), @r#"
    ["Note/set",{"accountId":"A1","created":{"k":{"id":"N4","length":6}},"destroyed":["N2"],"newState":"4","oldState":"3","updated":{"N1":{"length":8}}},"a"]
    ["Note/queryChanges",{"accountId":"A1","added":[{"id":"N4","index":0},{"id":"N1","index":2}],"newQueryState":"4","oldQueryState":"3","removed":["N2","N1"],"total":3},"b"]
    ["Note/queryChanges",{"accountId":"A1","added":[],"newQueryState":"4","oldQueryState":"3","removed":["N2"]},"c"]
    ["error",{"type":"tooManyChanges"},"d"]
    ["error",{"type":"cannotCalculateChanges"},"e"]
    "#);
}
