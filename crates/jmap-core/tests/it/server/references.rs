//! Result references (RFC 8620, section 3.7).

use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::{Server, lines};

#[test]
fn section_3_7_one_round_trip_finds_and_fetches() {
    let server = Server::new();
    server.store.fill("A1", &["Milk", "Bread"]);
    insta::assert_snapshot!(server.calls(
        r##"["Note/query",{"accountId":"A1","sort":[{"property":"text"}]},"q"],
           ["Note/get",{"accountId":"A1","properties":["text"],"#ids":{"resultOf":"q","name":"Note/query","path":"/ids"}},"g"],
           ["Note/get",{"accountId":"A1","properties":["id"],"#ids":{"resultOf":"g","name":"Note/get","path":"/list/*/id"}},"h"]"##,
    ), @r#"
    ["Note/query",{"accountId":"A1","canCalculateChanges":true,"ids":["N2","N1"],"position":0,"queryState":"2"},"q"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N1","text":"Milk"},{"id":"N2","text":"Bread"}],"notFound":[],"state":"2"},"g"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N1"},{"id":"N2"}],"notFound":[],"state":"2"},"h"]
    "#);
}

#[test]
fn section_3_7_what_leads_nowhere() {
    let server = Server::new();
    let text = server.calls(
        r##"["Note/frob",{},"failed"],
           ["Core/echo",{"a":[{"b":1},{"c":2}]},"ok"],
           ["Core/echo",{"#x":{"resultOf":"later","name":"Core/echo","path":""}},"r1"],
           ["Core/echo",{"#x":{"resultOf":"failed","name":"Note/frob","path":""}},"r2"],
           ["Core/echo",{"#x":{"resultOf":"ok","name":"Core/Echo","path":""}},"r3"],
           ["Core/echo",{"#x":{"resultOf":"ok","name":"Core/echo","path":"/z"}},"r4"],
           ["Core/echo",{"#x":{"resultOf":"ok","name":"Core/echo","path":"/a/*/b"}},"r5"],
           ["Core/echo",{"#x":{"resultOf":"ok","name":"Core/echo","path":"/a/-"}},"r6"],
           ["Core/echo",{"#x":{"resultOf":"ok","name":"Core/echo","path":"a"}},"r7"],
           ["Core/echo",{"#x":{"resultOf":"later","name":"Core/echo","path":""}},"later"],
           ["Core/echo",{"#x":{"resultOf":"failed","name":"error","path":"/type"}},"r8"]"##,
    );
    insta::assert_snapshot!(text, @r##"
    ["error",{"type":"unknownMethod"},"failed"]
    ["Core/echo",{"a":[{"b":1},{"c":2}]},"ok"]
    ["error",{"description":"#x leads nowhere","type":"invalidResultReference"},"r1"]
    ["error",{"description":"#x leads nowhere","type":"invalidResultReference"},"r2"]
    ["error",{"description":"#x leads nowhere","type":"invalidResultReference"},"r3"]
    ["error",{"description":"#x leads nowhere","type":"invalidResultReference"},"r4"]
    ["error",{"description":"#x leads nowhere","type":"invalidResultReference"},"r5"]
    ["error",{"description":"#x leads nowhere","type":"invalidResultReference"},"r6"]
    ["error",{"description":"#x leads nowhere","type":"invalidResultReference"},"r7"]
    ["error",{"description":"#x leads nowhere","type":"invalidResultReference"},"later"]
    ["Core/echo",{"x":"unknownMethod"},"r8"]
    "##);
}

#[test]
fn section_3_7_the_first_response_to_a_call_counts() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Core/echo",{"n":1},"same"],["Core/echo",{"n":2},"same"],
           ["Core/echo",{"#n":{"resultOf":"same","name":"Core/echo","path":"/n"}},"r"]"##,
    ), @r#"
    ["Core/echo",{"n":1},"same"]
    ["Core/echo",{"n":2},"same"]
    ["Core/echo",{"n":1},"r"]
    "#);
}

/// Of the two responses to a copy, the second one cannot be referred to.
#[test]
fn section_3_7_nor_does_the_second_response_to_a_call() {
    let server = Server::new();
    server.store.fill("A1", &["Milk"]);
    let text = server.calls(
        r##"["Note/copy",{"fromAccountId":"A1","accountId":"A2","onSuccessDestroyOriginal":true,"create":{"k":{"id":"N1"}}},"c"],
           ["Core/echo",{"#x":{"resultOf":"c","name":"Note/set","path":"/destroyed"}},"d"],
           ["Note/get",{"accountId":"A2","properties":["text"],"#ids":{"resultOf":"c","name":"Note/copy","path":"/created/k/id"}},"e"],
           ["Core/echo",{"#x":{"resultOf":"c","name":"Note/copy","path":"/created/k/id"}},"f"]"##,
    );
    insta::assert_snapshot!(text.lines().skip(2).collect::<Vec<_>>().join("\n"), @r##"
    ["error",{"description":"#x leads nowhere","type":"invalidResultReference"},"d"]
    ["error",{"arguments":["ids"],"description":"#/ids: expected an array","type":"invalidArguments"},"e"]
    ["Core/echo",{"x":"N1"},"f"]
    "##);
}

/// What refers to a failed call fails as well, call after call.
#[test]
fn section_3_7_a_chain_breaks_where_its_first_call_fails() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Note/changes",{"accountId":"A1","sinceState":"s7","maxChanges":100},"c0"],
           ["Note/get",{"accountId":"A1","#ids":{"resultOf":"c0","name":"Note/changes","path":"/created"}},"c1"],
           ["Note/get",{"accountId":"A1","#ids":{"resultOf":"c1","name":"Note/get","path":"/list/*/id"}},"c2"],
           ["Core/echo",{},"c3"]"##,
    ), @r##"
    ["error",{"type":"cannotCalculateChanges"},"c0"]
    ["error",{"description":"#ids leads nowhere","type":"invalidResultReference"},"c1"]
    ["error",{"description":"#ids leads nowhere","type":"invalidResultReference"},"c2"]
    ["Core/echo",{},"c3"]
    "##);
}

/// Ids are passed on as often as they come; a get gives each object once.
#[test]
fn section_3_7_all_that_a_path_finds_is_passed_on() {
    let server = Server::new();
    server.store.fill("A1", &["Milk", "Bread"]);
    insta::assert_snapshot!(server.calls(
        r##"["Note/set",{"accountId":"A1","update":{"N1":{"text":"Cream","parentId":"N2"},"N2":{"parentId":"N2"}}},"a"],
           ["Note/queryChanges",{"accountId":"A1","sinceQueryState":"2"},"b"],
           ["Note/get",{"accountId":"A1","properties":["parentId"],"#ids":{"resultOf":"b","name":"Note/queryChanges","path":"/added/*/id"}},"c"],
           ["Core/echo",{"#parents":{"resultOf":"c","name":"Note/get","path":"/list/*/parentId"}},"d"],
           ["Note/get",{"accountId":"A1","properties":["text"],"#ids":{"resultOf":"c","name":"Note/get","path":"/list/*/parentId"}},"e"]"##,
    ), @r#"
    ["Note/set",{"accountId":"A1","newState":"3","oldState":"2","updated":{"N1":{"length":5},"N2":null}},"a"]
    ["Note/queryChanges",{"accountId":"A1","added":[{"id":"N1","index":0},{"id":"N2","index":1}],"newQueryState":"3","oldQueryState":"2","removed":["N1","N2"]},"b"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N1","parentId":"N2"},{"id":"N2","parentId":"N2"}],"notFound":[],"state":"3"},"c"]
    ["Core/echo",{"parents":["N2","N2"]},"d"]
    ["Note/get",{"accountId":"A1","list":[{"id":"N2","text":"Bread"}],"notFound":[],"state":"3"},"e"]
    "#);
}

#[test]
fn section_3_7_a_value_and_a_reference_are_too_much() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Core/echo",{"n":1},"a"],
           ["Core/echo",{"n":1,"#n":{"resultOf":"a","name":"Core/echo","path":"/n"}},"b"],
           ["Core/echo",{"#n":5},"c"],
           ["Core/echo",{"#n":{"resultOf":"a","path":"/n"}},"d"]"##,
    ), @r##"
    ["Core/echo",{"n":1},"a"]
    ["error",{"arguments":["n"],"description":"an argument has a value and a reference","type":"invalidArguments"},"b"]
    ["error",{"arguments":["#n"],"description":"an argument with # needs resultOf, name and path","type":"invalidArguments"},"c"]
    ["error",{"arguments":["#n"],"description":"an argument with # needs resultOf, name and path","type":"invalidArguments"},"d"]
    "##);
}

#[test]
fn section_3_7_only_names_of_arguments_are_references() {
    let server = Server::new();
    insta::assert_snapshot!(server.calls(
        r##"["Core/echo",{"in":{"#n":{"resultOf":"a","name":"Core/echo","path":""}},"\u0023m":{"resultOf":"x","name":"y","path":""}},"a"],
           ["Core/echo",{"in":{"#n":5}},"b"]"##,
    ), @r##"
    ["error",{"description":"#m leads nowhere","type":"invalidResultReference"},"a"]
    ["Core/echo",{"in":{"#n":5}},"b"]
    "##);
}

#[test]
fn section_3_7_results_of_results_do_not_fill_the_memory() {
    let server = Server::with(serde_json::from_str(r#"{"maxSizeRequest":3000}"#).unwrap());
    let double = |from: &str, to: &str| {
        let all = format!(r#"{{"resultOf":"{from}","name":"Core/echo","path":""}}"#);
        format!(r##"["Core/echo",{{"#a":{all},"#b":{all}}},"{to}"]"##)
    };
    let start = format!(r#"["Core/echo",{{"x":"{}"}},"0"]"#, "x".repeat(1000));
    let calls = [start, double("0", "1"), double("1", "2"), double("2", "3")].join(",");
    let text = server.calls(&calls);
    let last = text.lines().skip(2).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(last, @r##"
    ["error",{"description":"the arguments would be larger than 3000 octets","type":"requestTooLarge"},"2"]
    ["error",{"description":"#a leads nowhere","type":"invalidResultReference"},"3"]
    "##);
}

/// What a path leads to, as the standard's own words have it, on a tree of values.
fn model(value: &Value, path: &[String]) -> Option<Value> {
    let Some((token, rest)) = path.split_first() else { return Some(value.clone()) };
    match value {
        Value::Array(elements) if token == "*" => {
            let mut all = Vec::new();
            for element in elements {
                match model(element, rest)? {
                    Value::Array(found) => all.extend(found),
                    found => all.push(found),
                }
            }
            Some(Value::Array(all))
        }
        Value::Array(elements) => {
            let index: usize = token.parse().ok().filter(|it: &usize| it.to_string() == *token)?;
            model(elements.get(index)?, rest)
        }
        Value::Object(members) => model(members.get(token)?, rest),
        _ => None,
    }
}

fn token() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "*", "0", "1", "01", "-", "", "~", "/", "#"])
        .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![(0..3).prop_map(|n| json!(n)), Just(json!("x"))];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(token(), inner, 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn section_3_7_references_resolve_like_the_model(
        value in value(),
        path in prop::collection::vec(token(), 0..4),
    ) {
        let server = Server::new();
        let escaped = path.iter().map(|token| token.replace('~', "~0").replace('/', "~1"));
        let pointer: String = std::iter::once("/v".to_owned())
            .chain(escaped.map(|token| format!("/{token}")))
            .collect();
        let request = json!({
            "using": ["urn:ietf:params:jmap:core"],
            "methodCalls": [
                ["Core/echo", {"v": value}, "a"],
                ["Core/echo", {"#r": {"resultOf": "a", "name": "Core/echo", "path": pointer}}, "b"],
            ],
        });
        let response = server.response(&request.to_string());
        let expected = match model(&value, &path) {
            Some(found) => json!(["Core/echo", {"r": found}, "b"]),
            None => json!(["error", {"type": "invalidResultReference", "description": "#r leads nowhere"}, "b"]),
        };
        prop_assert_eq!(&response["methodResponses"][1], &expected, "{}", lines(&response["methodResponses"]));
    }
}
