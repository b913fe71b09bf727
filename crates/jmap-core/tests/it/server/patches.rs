//! Patches (RFC 8620, section 5.3), through `Note/set`.

use jmap_core::PatchObject;
use jmap_core::server::{patched, unchanged};
use json_model::{Json, Map};
use proptest::prelude::*;

use super::notes::Note;
use super::support::Server;

/// What becomes of a note that speaks of another, and of an update of it.
fn update(patch: &str) -> String {
    let server = Server::new();
    server.calls(r#"["Note/set",{"accountId":"A1","create":{"k":{"text":"Milk","aboutIds":{"N8":true}}}},"a"]"#);
    let text = server
        .calls(&format!(r#"["Note/set",{{"accountId":"A1","update":{{"N1":{patch}}}}},"b"]"#));
    let response: serde_json::Value = serde_json::from_str(&text).unwrap();
    let error = &response[1]["notUpdated"]["N1"];
    let note =
        server.calls(r#"["Note/get",{"accountId":"A1","properties":["text","aboutIds"]},"c"]"#);
    let note: serde_json::Value = serde_json::from_str(&note).unwrap();
    format!("{} -> {error}", note[1]["list"][0])
}

#[test]
fn section_5_3_p1_no_pointer_leads_into_an_array() {
    let note: Note = serde_json::from_str(r#"{"text":"a","list":[1,{"a":1}]}"#).unwrap();
    for pointer in ["list/0", "list/-", "list/1/a", "list/x"] {
        let error = patched(&note, PatchObject::new().set(pointer, "b")).unwrap_err();
        assert_eq!(error.kind().as_str(), "invalidPatch");
        assert!(error.description.unwrap().contains(pointer));
    }
}

#[test]
fn section_5_3_p2_what_leads_there_exists_before() {
    insta::assert_snapshot!([
        r#"{"aboutIds/N9":true}"#,
        r#"{"parentId/x":true}"#,
        r#"{"other/x":true}"#,
        r#"{"aboutIds":{},"text/x":"a"}"#,
    ].map(update).join("\n"), @r#"
    {"aboutIds":{"N8":true,"N9":true},"id":"N1","text":"Milk"} -> null
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"patch \"parentId/x\": leads into something that does not exist","type":"invalidPatch"}
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"patch \"other/x\": leads into something that does not exist","type":"invalidPatch"}
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"patch \"text/x\": leads into something that does not exist","type":"invalidPatch"}
    "#);
}

#[test]
fn section_5_3_p3_no_pointer_begins_another() {
    insta::assert_snapshot!([
        r#"{"aboutIds":{},"aboutIds/N9":true}"#,
        r#"{"aboutIds/N9":true,"aboutIds/N91":true}"#,
        r#"{"aboutIds/N8":null,"aboutIds/N8/x":1}"#,
    ].map(update).join("\n"), @r#"
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"patch \"aboutIds/N9\": overlaps with \"aboutIds\"","type":"invalidPatch"}
    {"aboutIds":{"N8":true,"N9":true,"N91":true},"id":"N1","text":"Milk"} -> null
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"patch \"aboutIds/N8/x\": overlaps with \"aboutIds/N8\"","type":"invalidPatch"}
    "#);
}

#[test]
fn section_5_3_p4_values_suit_their_properties() {
    insta::assert_snapshot!([
        r#"{"text":5}"#,
        r#"{"text":["a"],"aboutIds":7}"#,
        r#"{"aboutIds/N8":"yes"}"#,
        r#"{"colour":"red"}"#,
        r#"{"text":null}"#,
        r#"{"parentId":null}"#,
        r#"{"aboutIds/N8":null}"#,
    ].map(update).join("\n"), @r##"
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"#/text: expected a string","properties":["text"],"type":"invalidProperties"}
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"#/text: expected a string","properties":["text","aboutIds"],"type":"invalidProperties"}
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"#/aboutIds/N8: expected true","properties":["aboutIds"],"type":"invalidProperties"}
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"properties":["colour"],"type":"invalidProperties"}
    {"aboutIds":{"N8":true},"id":"N1"} -> null
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> null
    {"id":"N1","text":"Milk"} -> null
    "##);
}

#[test]
fn section_5_3_what_the_server_sets_may_be_named_as_it_is() {
    insta::assert_snapshot!([
        r#"{"id":"N1","length":4,"text":"Salt"}"#,
        r#"{"id":"N1","length":5}"#,
        r#"{"id":"N2","text":"x"}"#,
        r#"{"id":null}"#,
    ].map(update).join("\n"), @r#"
    {"aboutIds":{"N8":true},"id":"N1","text":"Salt"} -> null
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"the server sets these, or they never change","properties":["length"],"type":"invalidProperties"}
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"the server sets these, or they never change","properties":["id"],"type":"invalidProperties"}
    {"aboutIds":{"N8":true},"id":"N1","text":"Milk"} -> {"description":"the server sets these, or they never change","properties":["id"],"type":"invalidProperties"}
    "#);
}

/// RFC 6901, section 3: names with `/` and `~` in them.
#[test]
fn section_5_3_pointers_have_escapes() {
    insta::assert_snapshot!([
        r#"{"aboutIds/a~1b":true,"aboutIds/c~0d":true}"#,
        r#"{"aboutIds/N8":null,"aboutIds/e":true,"aboutIds/nobody":null}"#,
    ].map(update).join("\n"), @r#"
    {"aboutIds":{"N8":true,"a/b":true,"c~d":true},"id":"N1","text":"Milk"} -> null
    {"aboutIds":{"e":true},"id":"N1","text":"Milk"} -> null
    "#);
}

#[test]
fn what_was_odd_before_is_no_fault_of_the_patch() {
    let note: Note = json_model::from_str(r#"{"text":5,"length":1}"#).unwrap().value;
    let after = patched(&note, PatchObject::new().set("parentId", "N1")).unwrap();
    assert_eq!(after.parent_id.unwrap().as_str(), "N1");
    assert!(
        patched(&note, PatchObject::new().set("text", Json::from(serde_json::json!(6)))).is_err()
    );
}

fn note() -> impl Strategy<Value = Note> {
    let text = proptest::option::of("[a-c/~\u{e4}]{0,3}");
    let about = proptest::collection::btree_map("[a-c/~]{1,3}", Just(true), 0..4);
    let extra = proptest::collection::btree_map("x[a-c/~]{0,2}", 0..9_u32, 0..3);
    (text, about, extra).prop_map(|(text, about, extra)| Note {
        text,
        about_ids: about.into_keys().map(jmap_core::Id::any).collect(),
        extra: extra
            .into_iter()
            .map(|(name, value)| (name, Json::from(serde_json::json!(value))))
            .collect::<Map<_, _>>(),
        ..Note::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// The differences between two objects lead from one to the other.
    #[test]
    fn differences_are_changes(before in note(), after in note()) {
        let json = |note: &Note| Json::from_serialize(note).unwrap();
        let patch = PatchObject::diff(&json(&before), &json(&after));
        prop_assert_eq!(patched(&before, &patch).unwrap(), after);
    }

    /// The same again changes nothing, and no change is no change.
    #[test]
    fn changes_are_done_once(before in note(), after in note()) {
        let json = |note: &Note| Json::from_serialize(note).unwrap();
        prop_assert_eq!(&patched(&before, &PatchObject::new()).unwrap(), &before);
        // Whole members can be set twice; deeper pointers may have lost what leads to them.
        let mut patch = PatchObject::diff(&json(&before), &json(&after));
        patch.0.retain(|pointer, _| !pointer.contains('/'));
        let once = patched(&before, &patch).unwrap();
        prop_assert_eq!(patched(&once, &patch).unwrap(), once);
    }

    /// What no change names stays.
    #[test]
    fn the_rest_stays(before in note(), text in "[a-z]{0,3}") {
        let after = patched(&before, PatchObject::new().set("text", text.as_str())).unwrap();
        prop_assert!(unchanged(&before, &after, &["id", "aboutIds", "parentId", "length"]).is_ok());
        prop_assert_eq!(after.extra, before.extra);
        prop_assert_eq!(after.text, Some(text));
    }

    /// Through the server: the note that was there becomes the note that is wanted.
    #[test]
    fn differences_are_changes_through_the_server(before in note(), after in note()) {
        let server = Server::new();
        let strip = |note: Note| Note { extra: Map::new(), ..note };
        let (before, after) = (strip(before), strip(after));
        let json = |note: &Note| Json::from_serialize(note).unwrap();
        let patch = serde_json::to_string(&PatchObject::diff(&json(&before), &json(&after))).unwrap();
        server.calls(&format!(r#"["Note/set",{{"accountId":"A1","create":{{"k":{}}}}},"a"]"#, json(&before)));
        let response = server.calls(&format!(r#"["Note/set",{{"accountId":"A1","update":{{"N1":{patch}}}}},"b"]"#));
        prop_assert!(!response.contains("notUpdated"), "{}", response);
        let found = server.calls(r#"["Note/get",{"accountId":"A1","properties":["text","aboutIds"]},"c"]"#);
        let found: serde_json::Value = serde_json::from_str(&found).unwrap();
        let found: Note = serde_json::from_value(found[1]["list"][0].clone()).unwrap();
        prop_assert_eq!(Note { id: None, ..found }, after);
    }
}
