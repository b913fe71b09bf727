//! Texts, lists, states and numbers, both directions.

use serde_json::{Value, json};

use crate::case::{EVENT, TASK, calendar, simple, write};

const NONE: [&str; 0] = [];

/// The hatch of an object that keeps one property.
fn kept(property: Value) -> Value {
    json!({"iCalendar": {"properties": [property]}})
}

#[test]
fn s01_escapes() {
    EVENT.both("SUMMARY:a\\, b\\; c\\\\ d\\n e", json!({"title": "a, b; c\\ d\n e"}));
}

#[test]
fn s02_language() {
    EVENT.both("SUMMARY;LANGUAGE=de:Hallo", json!({"title": "Hallo", "locale": "de"}));
    // The last draft for 1.0 leaves the parameter in the hatch, but 1.0 has `locale` as well (RFC 8984, section 4.2.8),
    // and it goes out as LANGUAGE.
    EVENT.v1().both("SUMMARY;LANGUAGE=de:Hallo", json!({"title": "Hallo", "locale": "de"}));
}

#[test]
fn s03_two_languages() {
    EVENT.both(
        "SUMMARY;LANGUAGE=de:Hallo\nDESCRIPTION;LANGUAGE=en:Hello",
        json!({
            "title": "Hallo", "description": "Hello", "locale": "de",
            "iCalendar": {"convertedProperties": {
                "description": {"name": "description", "parameters": {"language": "en"}},
            }},
        }),
    );
}

#[test]
fn s04_a_language_without_a_title() {
    let lines = EVENT.export(json!({"locale": "de", "description": "Hallo"}));
    assert_eq!(lines, [r#"JSPROP;JSPTR="locale":"de""#, "DESCRIPTION:Hallo"]);
    assert_eq!(EVENT.import(&lines.join("\n")), json!({"locale": "de", "description": "Hallo"}));
}

#[test]
fn s05_styled() {
    EVENT.both(
        "STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>x</b>\nDESCRIPTION;DERIVED=TRUE:x",
        json!({"description": "<b>x</b>", "descriptionContentType": "text/html"}),
    );
}

#[test]
fn s06_styled_and_plain() {
    let lines = "STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>x</b>\nDESCRIPTION:y";
    EVENT.both(
        lines,
        json!({
            "description": "<b>x</b>", "descriptionContentType": "text/html",
            "iCalendar": {"properties": [["description", {}, "text", "y"]]},
        }),
    );
}

#[test]
fn s07_styled_in_a_way_that_json_has_not() {
    EVENT.both(
        "STYLED-DESCRIPTION;VALUE=URI:https://e.example/d\nDESCRIPTION:y",
        json!({
            "description": "y",
            "iCalendar": {"properties": [["styled-description", {}, "uri", "https://e.example/d"]]},
        }),
    );
    let rtf = "STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=application/rtf:x\nDESCRIPTION:y";
    assert_eq!(EVENT.import(rtf)["description"], "y");
    assert_eq!(EVENT.import(rtf).get("descriptionContentType"), None);
}

#[test]
fn s08_derived_from_nothing() {
    EVENT.both(
        "DESCRIPTION;DERIVED=TRUE:x",
        kept(json!(["description", {"derived": "TRUE"}, "text", "x"])),
    );
}

#[test]
fn s09_plain_with_a_parameter() {
    let members = json!({"description": "x", "descriptionContentType": "text/plain;charset=utf-8"});
    let lines = EVENT.export(members.clone());
    assert_eq!(
        lines,
        ["DESCRIPTION:x", r#"JSPROP;JSPTR="descriptionContentType":"text/plain\;charset=utf-8""#]
    );
    assert_eq!(EVENT.import(&lines.join("\n")), members);
}

#[test]
fn s10_categories() {
    let lines = "CATEGORIES:Work,Re\\,al\nCATEGORIES:home";
    assert_eq!(
        EVENT.import(lines),
        json!({"keywords": {"Work": true, "Re,al": true, "home": true}})
    );
    assert_eq!(EVENT.round(lines), ["CATEGORIES:Re\\,al,Work,home"]);
}

#[test]
fn s11_categories_with_parameters() {
    let event = EVENT.import("CATEGORIES;LANGUAGE=en:A\nCATEGORIES;X-C=1:B");
    assert_eq!(event["keywords"], json!({"A": true, "B": true}));
    assert_eq!(
        event["iCalendar"]["convertedProperties"],
        json!({
            "keywords": {"name": "categories", "parameters": {"language": "en"}},
            "keywords/B": {"name": "categories", "parameters": {"x-c": "1"}},
        })
    );
}

#[test]
fn s12_empty_categories() {
    EVENT.both("CATEGORIES:", kept(json!(["categories", {}, "text", ""])));
    assert_eq!(EVENT.import("CATEGORIES:,A,,A"), json!({"keywords": {"A": true}}));
    assert_eq!(EVENT.round("CATEGORIES:,A,,A"), ["CATEGORIES:A"]);
}

#[test]
fn s13_a_set_with_false() {
    // It is no keyword, and it is not lost either.
    assert_eq!(
        EVENT.export(json!({"keywords": {"a": false, "b": true}})),
        ["CATEGORIES:b", r#"JSPROP;JSPTR="keywords/a":false"#]
    );
}

#[test]
fn s14_concepts() {
    EVENT.both(
        "CONCEPT:https://example.com/c/1",
        json!({"categories": {"https://example.com/c/1": true}}),
    );
}

#[test]
fn s15_colours() {
    EVENT.both("COLOR:turquoise", json!({"color": "turquoise"}));
    EVENT.both("COLOR:#A1B2C3", json!({"color": "#A1B2C3"}));
}

#[test]
fn s16_no_colours() {
    for colour in ["#abc", "bogus"] {
        let line = format!("COLOR:{colour}");
        EVENT.both(&line, kept(json!(["color", {}, "text", colour])));
        assert_eq!(EVENT.codes(&line), ["invalid-value"]);
    }
    assert_eq!(EVENT.v1().import("COLOR:#abc"), json!({"color": "#abc"}));
}

#[test]
fn s17_classes() {
    EVENT.both("CLASS:CONFIDENTIAL", json!({"privacy": "secret"}));
    EVENT.both("CLASS:PRIVATE", json!({"privacy": "private"}));
    EVENT.both("CLASS:PUBLIC", json!({"privacy": "public"}));
}

#[test]
fn s18_another_class() {
    // Open in the sources. RFC 5545, section 3.8.1.3: what is not known is treated as PRIVATE, which is for whoever shows
    // it; the conversion draft keeps the line.
    EVENT.both("CLASS:X-TEAM", kept(json!(["class", {}, "text", "X-TEAM"])));
}

#[test]
fn s19_privacy_of_a_vendor() {
    let lines = EVENT.export(json!({"privacy": "example.com:team"}));
    assert_eq!(lines, [r#"JSPROP;JSPTR="privacy":"example.com:team""#]);
    assert_eq!(EVENT.import(&lines[0]), json!({"privacy": "example.com:team"}));
}

#[test]
fn s20_transparency() {
    EVENT.both("TRANSP:TRANSPARENT", json!({"freeBusyStatus": "free"}));
    EVENT.both("TRANSP:OPAQUE", json!({"freeBusyStatus": "busy"}));
}

#[test]
fn s21_states() {
    EVENT.both("STATUS:TENTATIVE", json!({"status": "tentative"}));
    EVENT.both("STATUS:X-HOLD", kept(json!(["status", {}, "text", "X-HOLD"])));
    EVENT.both("STATUS:COMPLETED", kept(json!(["status", {}, "text", "COMPLETED"])));
}

#[test]
fn s22_priorities() {
    EVENT.both("PRIORITY:5", json!({"priority": 5}));
    EVENT.both("PRIORITY:12", kept(json!(["priority", {}, "integer", 12])));
    EVENT.both("PRIORITY:x", kept(json!(["priority", {}, "unknown", "x"])));
}

#[test]
fn s23_numbers_out_of_range() {
    for (name, value) in [("priority", json!(-1)), ("sequence", json!(9_007_199_254_740_991_u64))] {
        let (lines, codes) = EVENT.export_reporting(json!({name: value}));
        assert_eq!(lines, [format!(r#"JSPROP;JSPTR="{name}":{value}"#)]);
        assert_eq!(codes, ["out-of-range"]);
        assert_eq!(EVENT.import(&lines[0]), json!({name: value}));
    }
    // A number that the model cannot hold is told by the reader.
    let (lines, codes) = EVENT.export_reporting(json!({"sequence": u64::MAX}));
    assert_eq!(lines, [r#"JSPROP;JSPTR="sequence":18446744073709551615"#]);
    assert_eq!(codes, ["wrong-value"]);
    let (lines, codes) = TASK.export_reporting(json!({"percentComplete": 150}));
    assert_eq!(lines, [r#"JSPROP;JSPTR="percentComplete":150"#]);
    assert_eq!(codes, ["out-of-range"]);
}

#[test]
fn s29_texts_that_would_break_out() {
    let lines = EVENT.export(json!({"title": "a\r\nX-EVIL:1\u{0}b"}));
    assert_eq!(lines, ["SUMMARY:a\\nX-EVIL:1b"]);
    let text = r#"{"@type":"Event","uid":"u1","start":"2024-01-15T10:00:00","title":"a\ud800b"}"#;
    let converted = ical_jscal::ToIcal::new().json(text).unwrap();
    assert!(
        converted.value.contains("JSPROP;JSPTR=\"title\":\"a\\\\ud800b\"\r\n"),
        "{}",
        converted.value
    );
}

#[test]
fn s30_long_lines() {
    let title = "\u{1f600}".repeat(300);
    let line = format!("SUMMARY:{title}");
    EVENT.both(&line, json!({"title": title}));
    let (group, _) = EVENT.read(&EVENT.text(&line));
    let text = write(&group).0;
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");

    // Some programs fold inside a character.
    let mut folded = Vec::new();
    for (at, byte) in EVENT.text(&line).bytes().enumerate() {
        if at > 0 && at % 3 == 0 && byte >= 0x80 {
            folded.extend(b"\r\n ");
        }
        folded.push(byte);
    }
    let group = ical_jscal::from_ical(&folded).unwrap().value;
    assert_eq!(serde_json::to_value(&group.entries[0]).unwrap()["title"], title.as_str());
}

#[test]
fn s31_other_encodings_and_line_ends() {
    let text = EVENT.text("SUMMARY:caf\u{e9}");
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let converted = ical_jscal::from_ical(&latin).unwrap();
    assert_eq!(serde_json::to_value(&converted.value.entries[0]).unwrap()["title"], "caf\u{e9}");
    let codes: Vec<&str> = converted.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["encoding"]);
    for other in [format!("\u{feff}{text}"), text.replace("\r\n", "\n"), text.replace("\r\n", "\r")]
    {
        let (group, codes) = EVENT.read(&other);
        assert_eq!(group["entries"][0]["title"], "caf\u{e9}");
        assert_eq!(codes, NONE);
    }
}

#[test]
fn s32_request_status() {
    EVENT.both("REQUEST-STATUS:2.0;Ok", kept(json!(["request-status", {}, "text", ["2.0", "Ok"]])));
    assert_eq!(EVENT.v1().import("REQUEST-STATUS:2.0;Ok"), json!({"requestStatus": "2.0;Ok"}));
    EVENT.v1().stays("REQUEST-STATUS:2.0;Ok");
}

#[test]
fn s33_what_has_no_counterpart() {
    EVENT.both(
        "COMMENT:x\nCONTACT:y\nRESOURCES:a,b",
        json!({"iCalendar": {"properties": [
            ["comment", {}, "text", "x"],
            ["contact", {}, "text", "y"],
            ["resources", {}, "text", "a", "b"],
        ]}}),
    );
}

#[test]
fn s34_twice() {
    // The note of what the first one said lets both come back until one of them is edited.
    let members = json!({"title": "a", "iCalendar": {
        "properties": [["summary", {}, "text", "b"]],
        "convertedProperties": {"title": {"name": "summary", "ical-jscal:raw": "a"}},
    }});
    EVENT.both("SUMMARY:a\nSUMMARY:b", members.clone());
    let mut edited = members;
    edited["title"] = json!("c");
    let (lines, codes) = EVENT.export_reporting(edited);
    assert_eq!(lines, ["SUMMARY:c"]);
    assert_eq!(codes, ["stale-hint", "stale-property"]);
    EVENT.stays("PRIORITY:x\nPRIORITY:5\nPRIORITY:6");
    EVENT.stays("CLASS:X-TEAM\nCLASS:PUBLIC");
    TASK.stays("STATUS:COMPLETED\nSTATUS:FAILED\nPERCENT-COMPLETE:1\nPERCENT-COMPLETE:2");
    let lines = "DESCRIPTION;LANGUAGE=de:eins\nDESCRIPTION;LANGUAGE=en:one";
    let group = simple(EVENT.read(&calendar(lines)).0);
    assert_eq!(group["description"], "eins");
    // A calendar without a NAME is in the language of its description.
    assert_eq!(group["locale"], "de");
    assert_eq!(
        group["iCalendar"],
        json!({"properties": [["description", {"language": "en"}, "text", "one"]]})
    );
}
