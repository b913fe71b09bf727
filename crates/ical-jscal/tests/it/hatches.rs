//! What neither format has a word for: the hatch, JSPROP and JSID, both directions.

use ical_jscal::{FromIcal, Mode, ToIcal};
use serde_json::{Value, json};

use crate::links::{calendar, complaints, export, export_reporting, import, import_v1, stays};

/// Asserts that `members` come back exactly, without any hatch for them.
#[track_caller]
fn returns(members: Value) {
    let lines = export(members.clone());
    let back = import(&lines.join("\n"));
    for (name, value) in members.as_object().unwrap() {
        assert_eq!(back[name], *value, "{name} of {lines:?}");
    }
    assert_eq!(back["iCalendar"].get("properties"), None, "{lines:?}");
}

/// Asserts that the line is not applied, stays in the hatch, and comes back.
#[track_caller]
fn is_kept(line: &str) {
    let event = import(line);
    let properties =
        event["iCalendar"]["properties"].as_array().unwrap_or_else(|| panic!("{event}"));
    assert_eq!(properties.len(), 1);
    assert_eq!(properties[0][0], "jsprop");
    assert_eq!(complaints(line), ["not-applied"]);
    stays(line);
}

fn first_property(lines: &str) -> Value {
    import(lines)["iCalendar"]["properties"][0].clone()
}

#[test]
fn h01_unknown_property() {
    assert_eq!(
        first_property(r"X-FOO;X-P=1:a\,b"),
        json!(["x-foo", {"x-p": "1"}, "unknown", "a\\,b"])
    );
    stays(r"X-FOO;X-P=1:a\,b");
}

#[test]
fn h02_typed_unknown_properties() {
    assert_eq!(first_property(r"X-FOO;VALUE=TEXT:a\,b"), json!(["x-foo", {}, "text", "a,b"]));
    assert_eq!(first_property("X-N;VALUE=INTEGER:5"), json!(["x-n", {}, "integer", 5]));
    assert_eq!(first_property("X-D;VALUE=DATE:20240102"), json!(["x-d", {}, "date", "2024-01-02"]));
    for line in [r"X-FOO;VALUE=TEXT:a\,b", "X-N;VALUE=INTEGER:5", "X-D;VALUE=DATE:20240102"] {
        stays(line);
    }
}

#[test]
fn h03_numbers_that_are_none() {
    stays("X-F;VALUE=FLOAT:NaN");
    stays("X-I;VALUE=INTEGER:123456789012345678901");
    assert!(!import("X-F;VALUE=FLOAT:NaN").to_string().contains("null"));
}

#[test]
fn h04_unknown_component() {
    let lines = "BEGIN:X-THING\nX-A:1\nBEGIN:X-SUB\nEND:X-SUB\nEND:X-THING";
    assert_eq!(
        import(lines)["iCalendar"]["components"],
        json!([["x-thing", [["x-a", {}, "unknown", "1"]], [["x-sub", [], []]]]])
    );
    stays(lines);
}

#[test]
fn h05_unknown_parameter() {
    let line = "SUMMARY;X-A=1;X-B=1,2:t";
    assert_eq!(
        import(line)["iCalendar"]["convertedProperties"]["title"],
        json!({"@type": "ICalProperty", "name": "summary", "parameters": {"x-a": "1", "x-b": ["1", "2"]}})
    );
    stays(line);
}

#[test]
fn h06_hint_for_nothing() {
    let hatch = json!({"@type": "ICalComponent", "name": "vevent", "convertedProperties": {
        "title": {"@type": "ICalProperty", "name": "summary", "parameters": {"x-a": "1"}},
    }});
    assert_eq!(export(json!({"iCalendar": hatch})), Vec::<String>::new());
}

#[test]
fn h07_the_object_counts() {
    let hatch = json!({"@type": "ICalComponent", "name": "vevent", "properties": [["summary", {}, "text", "old"]]});
    let (lines, codes) = export_reporting(json!({"title": "new", "iCalendar": hatch}));
    assert_eq!(lines, ["SUMMARY:new"]);
    assert_eq!(codes, ["stale-property"]);
}

#[test]
fn h08_vendor_member() {
    let members = json!({"example.com:foo": {"a": [1, "x,y;z\n"]}});
    assert_eq!(
        export(members.clone()),
        [r#"JSPROP;JSPTR="example.com:foo":{"a":[1\,"x\,y\;z\\n"]}"#]
    );
    returns(members);
}

#[test]
fn h09_vendor_member_of_an_alert() {
    let alert =
        json!({"trigger": {"offset": "-PT5M", "example.com:t": 1}, "example.com:foo": {"a": 1}});
    let lines = export(json!({"alerts": {"k": alert}}));
    let at = |line: &str| {
        lines.iter().position(|other| other == line).unwrap_or_else(|| panic!("{line}: {lines:?}"))
    };
    assert!(at("BEGIN:VALARM") < at(r#"JSPROP;JSPTR="example.com:foo":{"a":1}"#));
    assert!(at(r#"JSPROP;JSPTR="trigger/example.com:t":1"#) < at("END:VALARM"));
    returns(json!({"alerts": {"k": alert}}));
    returns(
        json!({"alerts": {"k": {"trigger": {"offset": "PT0S", "relativeTo": "example.com:noon"}, "action": "example.com:ring"}}}),
    );
    returns(json!({"alerts": {
        "a": {"trigger": {"offset": "PT0S"}},
        "b": {"trigger": {"offset": "PT1M"}, "relatedTo": {"zz": {"relation": {"snooze": true}}}},
    }}));
}

#[test]
fn h09_relations_between_alerts() {
    let alerts = json!({
        "a": {"trigger": {"offset": "PT0S"}},
        "b": {"trigger": {"offset": "PT1M"}, "relatedTo": {"a": {"relation": {"example.com:r": true}, "example.com:x": 1}}},
    });
    let lines = export(json!({"alerts": alerts}));
    // The pointer names the key, so the alarm has to say it.
    assert!(lines.contains(&"JSID:a".to_owned()), "{lines:?}");
    let mut back = import(&lines.join("\n"))["alerts"].clone();
    back["a"].as_object_mut().unwrap().remove("iCalendar");
    assert_eq!(back, alerts);
}

#[test]
fn h10_vendor_member_of_a_link() {
    let members = json!({"links": {"a1": {"href": "https://e.example/x", "example.com:foo": [1]}}});
    let lines = export(members.clone());
    assert!(lines.iter().any(|line| line.contains(";JSID=a1")), "{lines:?}");
    assert!(
        lines.contains(&r#"JSPROP;JSPTR="links/a1/example.com:foo":[1]"#.to_owned()),
        "{lines:?}"
    );
    let back = import(&lines.join("\n"));
    assert_eq!(back["links"]["a1"]["example.com:foo"], json!([1]));
}

#[test]
fn h11_vendor_member_of_the_group() {
    let group = json!({"@type": "Group", "version": "2.0", "uid": "g", "entries": [], "example.com:foo": {"a": 1}});
    let typed: jscalendar::Group = serde_json::from_value(group.clone()).unwrap();
    let text = ical_jscal::to_ical(&typed).unwrap().value;
    assert!(text.contains("\r\nJSPROP;JSPTR=\"example.com:foo\":{\"a\":1}\r\n"), "{text}");
    let back = ical_jscal::from_ical(&text).unwrap().value;
    assert_eq!(serde_json::to_value(&back).unwrap()["example.com:foo"], json!({"a": 1}));
}

#[test]
fn h12_odd_names() {
    for name in [
        "example.com:a b^'",
        "example.com:a\"b",
        "a/b",
        "a~b",
        "example.com:a/b~c",
        "links/a",
        "a;b:c,d",
        "a\nb",
    ] {
        returns(json!({name: {"x": 1}}));
    }
}

#[test]
fn h13_existing_member() {
    let lines = "SUMMARY:t\nJSPROP;JSPTR=\"title\":\"x\"";
    assert_eq!(import(lines)["title"], "t");
    assert_eq!(complaints(lines), ["member-exists"]);
    assert_eq!(import(lines)["iCalendar"].get("properties"), None);
}

#[test]
fn h14_no_pointers() {
    for pointer in ["", "links/*/title", "/title", "a~2b", "a//b"] {
        is_kept(&format!("JSPROP;JSPTR=\"{pointer}\":\"x\""));
    }
    is_kept("JSPROP:\"x\"");
    let deep = format!("JSPROP;JSPTR=\"{}\":1", "a/".repeat(50_000) + "b");
    assert_eq!(complaints(&deep), ["not-applied"]);
}

#[test]
fn h15_no_values() {
    is_kept("JSPROP;JSPTR=\"example.com:x\":{\"a\":");
    is_kept("JSPROP;JSPTR=\"example.com:x\":null");
}

#[test]
fn h16_nothing_to_be_a_member_of() {
    is_kept("JSPROP;JSPTR=\"links/zz/example.com:x\":1");
    let lines = "JSPROP;JSPTR=\"links/zz/example.com:x\":1\nJSPROP;JSPTR=\"example.com:y\":2";
    assert_eq!(import(lines)["example.com:y"], 2);
    stays(lines);
}

#[test]
fn h17_members_that_are_not_to_be_set() {
    for name in [
        "@type",
        "uid",
        "version",
        "method",
        "excluded",
        "iCalendar",
        "recurrenceOverrides/2024-01-16T10:00:00/excluded",
    ] {
        is_kept(&format!("JSPROP;JSPTR=\"{name}\":\"x\""));
    }
}

#[test]
fn h18_two_for_one_pointer() {
    let lines = "JSPROP;JSPTR=\"a:b\":1\nJSPROP;JSPTR=\"a:b\":2";
    assert_eq!(import(lines)["a:b"], 1);
    assert_eq!(complaints(lines), ["member-exists"]);
    for lines in [
        "JSPROP;JSPTR=\"a:b/c\":1\nJSPROP;JSPTR=\"a:b\":{}",
        "JSPROP;JSPTR=\"a:b\":{}\nJSPROP;JSPTR=\"a:b/c\":1",
    ] {
        assert_eq!(import(lines)["a:b"], json!({"c": 1}));
    }
}

#[test]
fn h19_null_is_nothing() {
    assert_eq!(export(json!({"example.com:x": null})), Vec::<String>::new());
}

#[test]
fn h20_vendor_objects_are_whole() {
    returns(json!({"example.com:v": {"excluded": true, "@type": "X", "uid": "y"}}));
}

#[test]
fn h21_numbers_keep_their_digits() {
    for number in [
        "1e400",
        "1.0",
        "-0",
        "9007199254740993",
        "123456789012345678901234567890",
        "9223372036854775807",
    ] {
        let text = format!(
            r#"{{"@type":"Event","uid":"u1","updated":"2024-01-01T00:00:00Z","start":"2024-01-15T10:00:00","example.com:n":{number},"links":{{"a1":{{"href":"https://e.example/x","example.com:n":[{number}]}}}}}}"#
        );
        let event = jscalendar::Event::from_json(&text).unwrap().value;
        let ics = ical_jscal::to_ical(&event).unwrap().value;
        let back = ical_jscal::from_ical(&ics).unwrap().value;
        let jscalendar::Entry::Event(back) = &back.entries[0] else { panic!("{ics}") };
        assert_eq!(back.extra["example.com:n"].as_str(), number);
        assert_eq!(back.links["a1"].extra["example.com:n"].as_str(), format!("[{number}]"));
    }
}

#[test]
fn h22_strings() {
    returns(
        json!({"example.com:s": "a\u{2028}b\u{1f600}\u{7f}\u{1}\t\r\n\\n", "example.com:\u{1f600}": "x"}),
    );
}

#[test]
fn h23_jsid_that_is_no_id() {
    let lines = "BEGIN:VALARM\nJSID:a/b\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x\nEND:VALARM";
    assert!(import(lines)["alerts"].get("a/b").is_some());
    stays(lines);
}

#[test]
fn h24_old_names() {
    stays("JSCAL-PROP;JSCAL-PATH=title:\"x\"");
    let (lines, _) = export_reporting(json!({"iCalComponent": {"properties": []}}));
    assert_eq!(lines, [r#"JSPROP;JSPTR="iCalComponent":{"properties":[]}"#]);
}

#[test]
fn h25_a_fixed_point() {
    let lines = "SUMMARY;X-A=1:t\nX-B:2\nJSPROP;JSPTR=\"example.com:x\":{\"a\":1}\nJSPROP;JSPTR=\"\":1\n\
                 BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nJSPROP;JSPTR=\"q/r\":1\nJSPROP;JSPTR=\"example.com:y\":1\nEND:VALARM";
    stays(lines);
    let mut text = calendar(lines);
    let mut lengths = Vec::new();
    for _ in 0..3 {
        text = ical_jscal::to_ical(&ical_jscal::from_ical(&text).unwrap().value).unwrap().value;
        lengths.push(text.len());
    }
    assert_eq!(lengths[0], lengths[2]);
}

#[test]
fn h26_components_that_are_no_hatch() {
    let hatch = json!({"@type": "ICalComponent", "name": "vevent", "components": [
        ["vevent", [["uid", {}, "text", "evil"]], []], ["VTODO", [], []], ["x-fine", [], []],
    ]});
    let (lines, codes) = export_reporting(json!({"iCalendar": hatch}));
    assert_eq!(lines, ["BEGIN:X-FINE", "END:X-FINE"]);
    assert_eq!(codes, ["lost", "lost"]);
}

#[test]
fn h27_properties_that_would_break_out() {
    let hatch = json!({"@type": "ICalComponent", "name": "vevent", "properties": [
        ["begin", {}, "unknown", "VEVENT"], ["e\r\nnd", {}, "unknown", "VEVENT"], ["uid", {}, "text", "u2"],
        ["dtstart", {}, "date", "2024-01-01"], ["x-a\r\nX-EVIL", {"p\r\nX-EVIL": "a\r\nX-EVIL:1"}, "unknown", "1\r\nX-EVIL:2"],
    ], "components": [["x-c", [["END", {}, "unknown", "X-C"], ["b.egin", {}, "unknown", "VEVENT"]], []]]});
    let (lines, codes) = export_reporting(json!({"iCalendar": hatch}));
    assert_eq!(lines, ["X-AX-EVIL;PX-EVIL=\"a^nX-EVIL:1\":1X-EVIL:2", "BEGIN:X-C", "END:X-C"]);
    assert_eq!(codes.iter().filter(|code| *code == "bad-hatch").count(), 4);
}

#[test]
fn h28_members_of_a_server() {
    returns(json!({"id": "x", "calendarIds": {"a": true}, "isDraft": false}));
}

#[test]
fn h28_members_of_version_1_wait_for_it() {
    let lines = "JSPROP;JSPTR=\"useDefaultAlerts\":true\nJSPROP;JSPTR=\"keywords\":{\"a\":true}";
    let event = import(lines);
    assert_eq!(event["keywords"], json!({"a": true}));
    assert_eq!(event["iCalendar"]["properties"].as_array().unwrap().len(), 1);
    let back = export(json!({"keywords": event["keywords"], "iCalendar": event["iCalendar"]}));
    assert!(back.contains(&"JSPROP;JSPTR=\"useDefaultAlerts\":true".to_owned()));
    assert_eq!(import_v1(lines)["useDefaultAlerts"], true);
    let link = "ATTACH;JSID=a:https://e.example/x\nJSPROP;JSPTR=\"links/a/cid\":\"x\"\nJSPROP;JSPTR=\"links/a/rel\":\"icon\"";
    assert_eq!(import(link)["links"]["a"], json!({"href": "https://e.example/x", "rel": "icon"}));
    assert_eq!(import(link)["iCalendar"]["properties"][0][1]["jsptr"], "links/a/cid");
    assert_eq!(import_v1(link)["links"]["a"]["cid"], "x");
}

#[test]
fn h29_clean_mode() {
    let mut clean = FromIcal::new();
    clean.mode = Mode::Clean;
    let lines = "SUMMARY;X-A=1:t\nX-B:2\nJSPROP;JSPTR=\"example.com:x\":1\nJSPROP;JSPTR=\"color\":\"red\"\nJSPROP;JSPTR=\"\":1";
    let converted = clean.group(calendar(lines)).unwrap();
    let event = serde_json::to_value(&converted.value.entries[0]).unwrap();
    assert_eq!(event.get("iCalendar"), None);
    assert_eq!(event.get("example.com:x"), None);
    assert_eq!(event["color"], "red");
    assert_eq!(
        converted.diagnostics.iter().filter(|diagnostic| diagnostic.code == "lost").count(),
        4
    );

    let lossless = ical_jscal::from_ical(calendar(lines)).unwrap().value;
    let mut clean = ToIcal::new();
    clean.mode = Mode::Clean;
    let converted = clean.text(&lossless).unwrap();
    assert!(
        !converted.value.contains("JSPROP") && !converted.value.contains("X-"),
        "{}",
        converted.value
    );
    assert!(converted.value.contains("SUMMARY:t\r\n") && converted.value.contains("COLOR:red\r\n"));
}

#[test]
fn members_of_the_wrong_type_come_back() {
    let text = r#"{"@type":"Event","uid":"u1","start":"2024-01-15T10:00:00","title":1e400}"#;
    let event = jscalendar::Event::from_json(text).unwrap().value;
    let ics = ical_jscal::to_ical(&event).unwrap().value;
    let back = ical_jscal::from_ical(&ics).unwrap().value;
    let jscalendar::Entry::Event(back) = &back.entries[0] else { panic!("{ics}") };
    assert_eq!(back.extra["title"].as_str(), "1e400");
    returns(
        json!({"title": 5, "priority": "high", "alerts": {"x": 5}, "keywords": {"a": true, "b": "yes"}}),
    );
}

#[test]
fn many_of_them_take_no_longer_each() {
    let lines: String =
        (0..20_000).map(|at| format!("JSPROP;JSPTR=\"keywords/k{at}\":true\n")).collect();
    assert_eq!(
        import(&format!("CATEGORIES:a,z\n{lines}"))["keywords"].as_object().unwrap().len(),
        20_002
    );
    let lines: String =
        (0..20_000).map(|at| format!("JSPROP;JSPTR=\"example.com:{at}\":true\n")).collect();
    assert_eq!(import(&lines)["example.com:19999"], true);
}

#[test]
fn s24_relation() {
    assert_eq!(import("RELATED-TO:u2")["relatedTo"], json!({"u2": {}}));
    stays("RELATED-TO:u2");
    stays("RELATED-TO;RELTYPE=PARENT:u2");
}

#[test]
fn s25_several_relations_to_one() {
    let lines = "RELATED-TO;RELTYPE=CHILD:u2\nRELATED-TO;RELTYPE=NEXT:u2";
    assert_eq!(
        import(lines)["relatedTo"],
        json!({"u2": {"relation": {"child": true, "next": true}}})
    );
    stays(lines);
    stays("RELATED-TO:u2\nRELATED-TO;RELTYPE=NEXT:u2");
    stays("RELATED-TO;RELTYPE=NEXT:u2\nRELATED-TO:u2");
    stays("RELATED-TO;RELTYPE=NEXT:u2\nRELATED-TO;RELTYPE=NEXT:u2");
    stays("RELATED-TO;RELTYPE=CHILD;X-A=1:u2\nRELATED-TO;RELTYPE=NEXT:u2");
    stays("RELATED-TO;RELTYPE=CHILD:u2\nRELATED-TO;RELTYPE=NEXT;X-A=1:u2");
}

#[test]
fn s25_a_list_of_types() {
    let line = "RELATED-TO;RELTYPE=CHILD,X-A:u2";
    let event = import(line);
    assert_eq!(event["relatedTo"], json!({"u2": {"relation": {"child": true, "x-a": true}}}));
    stays(line);
    stays("RELATED-TO;RELTYPE=CHILD,X-A:u2\nRELATED-TO;RELTYPE=NEXT:u2");
    let relation = json!({"u2": {"relation": {"child": true, "next": true}}});
    assert_eq!(
        export(json!({"relatedTo": relation, "iCalendar": event["iCalendar"]})),
        ["RELATED-TO;RELTYPE=NEXT:u2", "RELATED-TO;RELTYPE=CHILD:u2"]
    );
    stays("RELATED-TO;RELTYPE=CHILD,NEXT,FIRST:u2");
}

#[test]
fn s26_gap() {
    let line = "RELATED-TO;RELTYPE=DEPENDS-ON;GAP=PT5M:u2";
    let event = import(line);
    assert_eq!(event["relatedTo"], json!({"u2": {"relation": {"depends-on": true}}}));
    assert_eq!(
        event["iCalendar"]["convertedProperties"]["relatedTo/u2"]["parameters"],
        json!({"gap": "PT5M"})
    );
    stays(line);
}

#[test]
fn s27_uri() {
    let line = "RELATED-TO;VALUE=URI:https://e.example/x,y";
    let event = import(line);
    assert_eq!(event["relatedTo"], json!({"https://e.example/x,y": {}}));
    assert_eq!(
        event["iCalendar"]["convertedProperties"]["relatedTo/https:~1~1e.example~1x,y"]["valueType"],
        "uri"
    );
    stays(line);
    stays("RELATED-TO;VALUE=UID:u2");
    stays("RELATED-TO;VALUE=X-OTHER:u2");
}

#[test]
fn s28_relation_that_is_no_token() {
    let members = json!({"relatedTo": {"u/2": {"relation": {"example.com:rel": true}}}});
    assert_eq!(
        export(members.clone()),
        ["RELATED-TO:u/2", r#"JSPROP;JSPTR="relatedTo/u~12/relation":{"example.com:rel":true}"#]
    );
    returns(members);
    returns(json!({"relatedTo": {"u2": {"relation": {"child": true, "example.com:rel": true}}}}));
    stays("RELATED-TO;RELTYPE=X_Y:u2");
}
