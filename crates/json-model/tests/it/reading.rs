//! Reading never fails over one value, and writing gives back what was read.

use insta::assert_snapshot;
use json_model::{Json, Map, Severity, Version};
use serde_json::json;

use crate::types::{Chore, Progress, StoredChore, read, round_trip};

#[test]
fn everything_of_the_right_form_is_typed() {
    let text = r#"{
        "title": "Lawn", "size": 3, "shift": -2, "private": true, "progress": "example.com:half",
        "tags": {"a": true, "b": true}, "days": ["mo", "tu"], "moods": {"open": true, "odd": true},
        "links": {"1": {"href": "x", "rels": {"self": true}, "next": {"href": "y"}}},
        "grid": {"a": {"b": 1}}, "rows": [{"a": 1}], "steps": [{"href": "s", "example.com:x": null}],
        "ranks": {"a": 1}, "mainLink": {"href": "m"}, "names": {"de": "Rasen"},
        "changes": {"a": {"title": null}}, "anything": [1, {"a": null}], "example.com:x": {"y": [1]}
    }"#;
    let (chore, odd) = read::<Chore>(text);
    assert_eq!(odd, "");
    assert_eq!(chore.progress, Some(Progress::from("example.com:half")));
    assert_eq!(chore.links["1"].next.as_ref().unwrap().href.as_deref(), Some("y"));
    assert_eq!(chore.grid["a"]["b"], 1);
    assert_eq!(chore.extra.keys().collect::<Vec<_>>(), ["example.com:x"]);
    round_trip::<Chore>(&text.replace(r#", "example.com:x": null"#, ""));
}

#[test]
fn wrong_values_are_kept_where_they_were() {
    let odd = round_trip::<Chore>(
        r#"{
        "title": 5, "size": -1, "shift": 1.5, "private": "yes", "progress": {"a": 1},
        "tags": {"a": true, "b": false, "c/d": 1}, "days": ["mo", 2, "we"],
        "links": {"1": {"href": 7, "rels": {"x": 0}}, "2": "y", "": []},
        "grid": {"a": {"b": "c", "d": 1}, "e": {"f": 2}}, "rows": [{"a": 1}, {"b": null, "c": "d"}],
        "steps": [{"href": "s"}, [], {"href": "t"}], "ranks": {"a": 1, "Big": 2, "b": "3"},
        "mainLink": {"next": {"next": {"href": false}}}, "names": {"de": 1},
        "changes": {"a": "b"}
    }"#,
    );
    assert_snapshot!(odd, @r#"
    #/title: warning[wrong-value]: expected a string; kept as it is
    #/size: warning[wrong-value]: expected an integer from 0 to 2^53 - 1; kept as it is
    #/shift: warning[wrong-value]: expected an integer from -2^53 + 1 to 2^53 - 1; kept as it is
    #/private: warning[wrong-value]: expected true or false; kept as it is
    #/progress: warning[wrong-value]: expected a string; kept as it is
    #/tags/b: warning[wrong-value]: expected true; kept as it is
    #/tags/c~1d: warning[wrong-value]: expected true; kept as it is
    #/days/1: warning[wrong-value]: expected a string; kept as it is
    #/links/1/href: warning[wrong-value]: expected a string; kept as it is
    #/links/1/rels/x: warning[wrong-value]: expected true; kept as it is
    #/links/2: warning[wrong-value]: expected an object; kept as it is
    #/links/: warning[wrong-value]: expected an object; kept as it is
    #/grid/a/b: warning[wrong-value]: expected an integer from 0 to 2^53 - 1; kept as it is
    #/rows/1/c: warning[wrong-value]: expected an integer from 0 to 2^53 - 1; kept as it is
    #/steps/1: warning[wrong-value]: expected an object; kept as it is
    #/ranks/Big: warning[wrong-value]: expected one lower-case letter; kept as it is
    #/ranks/b: warning[wrong-value]: expected an integer from 0 to 2^53 - 1; kept as it is
    #/mainLink/next/next/href: warning[wrong-value]: expected a string; kept as it is
    #/names/de: warning[wrong-value]: expected a string; kept as it is
    #/changes/a: warning[wrong-value]: expected an object; kept as it is
    "#);
}

#[test]
fn only_wrong_entries_leave_the_map_absent_but_written() {
    let odd = round_trip::<Chore>(r#"{"links": {"a": 1}, "names": {"de": 1}, "tags": {"x": 5}}"#);
    assert_snapshot!(odd, @r#"
    #/links/a: warning[wrong-value]: expected an object; kept as it is
    #/names/de: warning[wrong-value]: expected a string; kept as it is
    #/tags/x: warning[wrong-value]: expected true; kept as it is
    "#);
}

#[test]
fn diagnostics_name_the_member() {
    let parsed =
        json_model::from_str::<Chore>(r#"{"tags":{"b":0},"days":["a",1],"@type":"X"}"#).unwrap();
    let properties: Vec<&str> = parsed.diagnostics.iter().map(|odd| &*odd.property).collect();
    assert_eq!(properties, ["tags", "days", "@type"]);
    assert_eq!(parsed.diagnostics.worst(), Some(Severity::Warning));
}

#[test]
fn a_value_set_later_wins_and_is_written_once() {
    let (mut chore, _) = read::<Chore>(r#"{"title":5,"links":7,"tags":{"a":1,"b":2},"size":"x"}"#);
    chore.title = Some("Five".to_owned());
    chore.links.insert("l".to_owned(), Default::default());
    chore.tags.insert("a".to_owned());
    assert_eq!(
        serde_json::to_string(&chore).unwrap(),
        r#"{"@type":"Chore","title":"Five","tags":{"a":true,"b":2},"links":{"l":{}},"size":"x"}"#
    );
}

#[test]
fn null_is_absent_without_a_word() {
    let (stored, odd) = read::<StoredChore>(
        r#"{"id":null,"title":null,"tags":null,"links":{"a":null},"x":null,"replyTo":null}"#,
    );
    assert_eq!((stored, odd.as_str()), (StoredChore::default(), ""));
}

#[test]
fn of_equal_names_the_last_wins() {
    let same = |text: &str, expected: &str| {
        let (chore, _) = read::<Chore>(text);
        let (other, _) = read::<Chore>(expected);
        assert_eq!(chore, other, "{text}");
    };
    same(r#"{"title":"a","title":"b"}"#, r#"{"title":"b"}"#);
    same(r#"{"title":"a","title":5}"#, r#"{"title":5}"#);
    same(r#"{"title":5,"title":"a"}"#, r#"{"title":"a"}"#);
    same(r#"{"title":5,"title":null}"#, r#"{}"#);
    same(r#"{"title":"a","title":null}"#, r#"{}"#);
    same(r#"{"x":1,"x":2}"#, r#"{"x":2}"#);
    same(r#"{"x":1,"x":null}"#, r#"{}"#);
    same(r#"{"x/y":1,"x":1,"x":null}"#, r#"{"x/y":1}"#);
    same(r#"{"links":5,"links":{"a":1}}"#, r#"{"links":{"a":1}}"#);
    same(r#"{"links":{"a":1},"links":5}"#, r#"{"links":5}"#);
    same(r#"{"links":{"a":1},"links":{"b":1}}"#, r#"{"links":{"b":1}}"#);
    same(r#"{"tags":{"a":true,"a":1}}"#, r#"{"tags":{"a":1}}"#);
    same(r#"{"tags":{"a":1,"a":true}}"#, r#"{"tags":{"a":true}}"#);
    same(r#"{"tags":{"a":true,"a":null}}"#, r#"{}"#);
    same(r#"{"@type":"X","@type":"Chore"}"#, r#"{}"#);
}

#[test]
fn the_type_may_be_missing_or_wrong() {
    assert_eq!(read::<Chore>("{}"), (Chore::default(), String::new()));
    assert_eq!(read::<Chore>(r#"{"@type":"Chore"}"#), (Chore::default(), String::new()));

    let (chore, odd) = read::<Chore>(r#"{"@type":"Task","links":{"a":{"@type":5}}}"#);
    assert_snapshot!(odd, @r#"
    #/@type: warning[wrong-type]: expected "Chore"
    #/links/a/@type: warning[wrong-value]: expected a string; kept as it is
    "#);
    // Always written: the typed name wins. Written in 1.0 only: elsewhere what was read stays.
    assert_eq!(
        serde_json::to_string(&chore).unwrap(),
        r#"{"@type":"Chore","links":{"a":{"@type":5}}}"#
    );
}

#[test]
fn sets_are_read_from_arrays_and_strings() {
    let (chore, odd) = read::<Chore>(r#"{"tags":["a","b"],"moods":"open"}"#);
    assert_eq!(chore.tags, ["a".to_owned(), "b".to_owned()].into());
    assert!(chore.moods.contains(&Progress::Open));
    assert_snapshot!(odd, @r#"
    #/tags: note[array-for-set]: read an array as a set
    #/moods: note[text-for-set]: read a string as a set
    "#);
    let odd = round_trip::<Chore>(r#"{"tags":["a",1]}"#);
    assert_snapshot!(odd, @"#/tags: warning[wrong-value]: expected an object whose members are all true; kept as it is");
}

#[test]
fn names_with_a_slash_are_names() {
    let text = r#"{"example.com:a/b":1,"links/a":2,"links~1a":3,"links~0":4,"title/x":5,"a~b":6,"/":7,
        "links":{"a":8,"b/c":9,"~":10}}"#;
    let odd = round_trip::<Chore>(text);
    assert_eq!(odd.lines().count(), 3, "{odd}");
    let (chore, _) = read::<Chore>(text);
    assert_eq!(chore.extra["example.com:a/b"].as_str(), "1");
    assert_eq!(chore.extra["links/a"].as_str(), "8");
    assert_eq!(chore.extra["links~1a"].as_str(), "2");
}

#[test]
fn hand_made_extras_never_write_a_name_twice() {
    let names = ["links", "links/a", "title/x", "replyTo", "replyTo/x", "@type"];
    let extra = Map::from(names.map(|name| (name.to_owned(), Json::from(json!(1)))));
    let mut chore = Chore { extra, ..Chore::default() };
    assert_eq!(
        serde_json::to_string(&chore).unwrap(),
        r#"{"@type":"Chore","title":{"x":1},"links":{"a":1},"replyTo":1}"#
    );
    chore.title = Some("t".to_owned());
    let written = serde_json::to_string(&chore).unwrap();
    assert!(written.starts_with(r#"{"@type":"Chore","title":"t","#), "{written}");
}

#[test]
fn what_the_parser_refuses_does_not_lose_the_rest() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let text = format!(
        r#"{{"title":"\ud800","size":1e400,"private":{deep},"links":{{"a":{{"href":1e400,"rels":{{"r":true}}}},
            "b":{{"href":"\ud800"}},"c":{{"href":"fine"}}}},"days":["\udfff","mo"],"progress":"done",
            "ranks":{{"a":1e999,"b":2}},"x":1e400,"tags":["\ud800"],"anything":"\ud800"}}"#
    );
    let (chore, odd) = read::<Chore>(&text);
    assert_snapshot!(odd, @r#"
    #/title: warning[wrong-value]: expected a value that can be read; kept as it is
    #/size: warning[wrong-value]: expected a value that can be read; kept as it is
    #/private: warning[wrong-value]: expected true or false; kept as it is
    #/links/a/href: warning[wrong-value]: expected a value that can be read; kept as it is
    #/links/b/href: warning[wrong-value]: expected a value that can be read; kept as it is
    #/days/0: warning[wrong-value]: expected a string; kept as it is
    #/ranks/a: warning[wrong-value]: expected an integer from 0 to 2^53 - 1; kept as it is
    #/tags: warning[wrong-value]: expected an object whose members are all true; kept as it is
    "#);
    assert_eq!(chore.progress, Some(Progress::Done));
    assert_eq!(chore.links["c"].href.as_deref(), Some("fine"));
    assert!(chore.links["a"].rels.contains("r"));
    assert_eq!(chore.links["a"].extra["href"].as_str(), "1e400");
    assert_eq!(chore.ranks.len(), 1);
    assert_eq!(chore.extra["ranks/a"].as_str(), "1e999");
    assert!(chore.extra["private"].as_str() == deep);
    assert_eq!(chore.extra["days"].as_str(), r#"["\udfff","mo"]"#);
    // Every one of these spellings is written as it was read, so reading again gives the same.
    let written = serde_json::to_string(&chore).unwrap();
    assert!(read::<Chore>(&written).0 == chore, "not the same again");
}

#[test]
fn a_name_with_half_a_surrogate_does_not_lose_the_rest() {
    let (chore, odd) =
        read::<Chore>(r#"{"a\ud800":1,"title":"t","links":{"\ud800":{"href":"h"}}}"#);
    assert_snapshot!(odd, @r#"
    #/a���: warning[bad-name]: a name that is no Unicode text; half surrogates were replaced by U+FFFD
    #/links/���: warning[bad-name]: a name that is no Unicode text; half surrogates were replaced by U+FFFD
    "#);
    assert_eq!(chore.title.as_deref(), Some("t"));
    assert_eq!(chore.extra.len(), 1);
    assert_eq!(chore.links.len(), 1);
}

#[test]
fn wrong_numbers_keep_their_digits() {
    let text =
        r#"{"title":123456789012345678901234567890,"steps":[{"old":"o"},0.12345678901234567891]}"#;
    let (chore, _) = read::<Chore>(text);
    assert_eq!(chore.extra["title"].as_str(), "123456789012345678901234567890");
    // Nor does a wrong element cost the others what only version 1.0 writes.
    assert_eq!(chore.extra["steps"].as_str(), r#"[{"old":"o"},0.12345678901234567891]"#);
}

#[test]
fn text_that_is_no_object_fails_with_its_place() {
    let error = |text: &str| json_model::from_str::<Chore>(text).unwrap_err().to_string();
    assert_snapshot!(error(""), @"EOF while parsing a value at line 1 column 0");
    assert_snapshot!(error("[1]"), @"invalid type: sequence, expected an object of type Chore at line 1 column 0");
    assert_snapshot!(error("{\"title\": \"a\",\n  \"size\": }"), @"expected value at line 2 column 11");
    assert_snapshot!(error("{\"links\": {\"a\": [1,\n 2}}"), @"expected `,` or `]` at line 2 column 3");
    assert_snapshot!(error("{} {}"), @"trailing characters at line 1 column 4");
    assert_snapshot!(error("{\"title\": \"a"), @"EOF while parsing a string at line 1 column 12");
}

#[test]
fn serde_reads_from_everywhere() {
    let value = json!({"id": "c1", "title": 5, "links": {"a": {"href": "x"}, "b": 1}, "y": [1, 2],
        "tags": {"t": true}, "days": ["mo", 1]});
    let text = value.to_string();
    let (expected, _) = read::<StoredChore>(&text);
    assert_eq!(serde_json::from_value::<StoredChore>(value).unwrap(), expected);
    assert_eq!(serde_json::from_str::<StoredChore>(&text).unwrap(), expected);
    assert_eq!(serde_json::from_slice::<StoredChore>(text.as_bytes()).unwrap(), expected);
    assert_eq!(serde_json::from_reader::<_, StoredChore>(text.as_bytes()).unwrap(), expected);
    let list = serde_json::from_str::<Vec<StoredChore>>(&format!("[{text},{text}]")).unwrap();
    assert_eq!(list, [expected.clone(), expected]);
}

#[test]
fn outer_inner_and_legacy_share_one_object() {
    let text = r#"{"id":"c1","title":"Lawn","folderIds":{"f":true,"g":0},"links":{"a":5},"x":1,
        "@type":"Chore"}"#;
    let odd = round_trip::<StoredChore>(text);
    assert_snapshot!(odd, @r#"
    #/folderIds/g: warning[wrong-value]: expected true; kept as it is
    #/links/a: warning[wrong-value]: expected an object; kept as it is
    "#);
    let (stored, _) = read::<StoredChore>(
        r#"{"id":5,"replyTo":{"imip":"mailto:a","web":1},"excluded":true,"onlyOld":"o"}"#,
    );
    assert_eq!(stored.chore.legacy.as_ref().unwrap().reply_to["imip"], "mailto:a");
    assert_eq!(stored.chore.extra.keys().collect::<Vec<_>>(), ["id", "replyTo/web"]);
    let old = json_model::ToJson::versioned(&stored, Version::V1_0);
    assert_eq!(
        serde_json::to_string(&old).unwrap(),
        r#"{"@type":"Chore","onlyOld":"o","replyTo":{"imip":"mailto:a","web":1},"excluded":true,"id":5}"#
    );
}
