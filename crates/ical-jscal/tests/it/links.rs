//! ATTACH, IMAGE, LINK and URL, both directions.

use serde_json::{Value, json};

/// A calendar with one event that has `lines`.
pub(crate) fn calendar(lines: &str) -> String {
    let lines = lines.trim_matches('\n').replace('\n', "\r\n");
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20240101T000000Z\r\n\
         DTSTART;TZID=Europe/Berlin:20240115T100000\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// The event with `lines`, as JSON.
pub(crate) fn import(lines: &str) -> Value {
    entry(&ical_jscal::from_ical(calendar(lines)).unwrap().value)
}

/// The event with `lines`, in the JSON of version 1.0.
pub(crate) fn import_v1(lines: &str) -> Value {
    let mut options = ical_jscal::FromIcal::new();
    options.version = jscalendar::Version::V1_0;
    let json = options.json(calendar(lines)).unwrap().value;
    let mut group: Value = serde_json::from_str(&json).unwrap();
    group["entries"][0].take()
}

/// The codes of the diagnostics that importing `lines` gives.
pub(crate) fn complaints(lines: &str) -> Vec<String> {
    let converted = ical_jscal::from_ical(calendar(lines)).unwrap();
    converted.diagnostics.iter().map(|diagnostic| diagnostic.code.to_owned()).collect()
}

fn entry(group: &jscalendar::Group) -> Value {
    serde_json::to_value(&group.entries[0]).unwrap()
}

/// The text of an event with `members`, its lines unfolded, and the codes of what was reported.
pub(crate) fn export_reporting(members: Value) -> (Vec<String>, Vec<String>) {
    let mut event = json!({
        "@type": "Event", "uid": "u1", "updated": "2024-01-01T00:00:00Z",
        "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin",
    });
    for (name, value) in members.as_object().unwrap() {
        event[name] = value.clone();
    }
    let event: jscalendar::Event = serde_json::from_value(event).unwrap();
    let converted = ical_jscal::to_ical(&event).unwrap();
    let codes = converted.diagnostics.iter().map(|diagnostic| diagnostic.code.to_owned()).collect();
    (content(&converted.value), codes)
}

pub(crate) fn export(members: Value) -> Vec<String> {
    export_reporting(members).0
}

/// The lines of the event in a text that are not the same in all events here.
pub(crate) fn content(text: &str) -> Vec<String> {
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
    }
    let unfolded = text.replace("\r\n ", "");
    let event =
        unfolded.split("BEGIN:VEVENT\r\n").nth(1).unwrap().split("END:VEVENT\r\n").next().unwrap();
    let usual = ["UID:u1", "DTSTAMP:", "DTSTART;", "LAST-MODIFIED:"];
    let lines = event.split("\r\n").filter(|line| !line.is_empty());
    lines
        .filter(|line| !usual.iter().any(|start| line.starts_with(start)))
        .map(str::to_owned)
        .collect()
}

/// What `lines` come back as.
pub(crate) fn round(lines: &str) -> Vec<String> {
    let imported = ical_jscal::from_ical(calendar(lines)).unwrap().value;
    let text = ical_jscal::to_ical(&imported).unwrap().value;
    let again = ical_jscal::from_ical(&text).unwrap().value;
    assert_eq!(entry(&again), entry(&imported), "{text}");
    content(&text)
}

/// Asserts that `lines` come back as they are, though perhaps in another order.
#[track_caller]
pub(crate) fn stays(lines: &str) {
    same(&round(lines), lines);
}

/// Asserts that two texts have the same lines, their order and that of their parameters aside.
#[track_caller]
pub(crate) fn same(after: &[String], before: &str) {
    let mut after: Vec<String> = after.iter().map(|line| sorted(line)).collect();
    let mut before: Vec<String> = before.trim_matches('\n').split('\n').map(sorted).collect();
    after.sort();
    before.sort();
    assert_eq!(after, before);
}

/// A line with its parameters in order, and without the value type that it has anyway.
pub(crate) fn sorted(line: &str) -> String {
    let mut quoted = false;
    let mut is_end = |byte: char, end: char| {
        quoted ^= byte == '"';
        byte == end && !quoted
    };
    let Some(colon) = line.find(|byte| is_end(byte, ':')) else { return line.to_owned() };
    let (head, value) = line.split_at(colon);
    let mut parts: Vec<&str> = head.split(|byte| is_end(byte, ';')).collect();
    parts[1..].sort_unstable();
    parts.retain(|part| *part != "VALUE=URI" || head.starts_with("STRUCTURED-DATA"));
    parts.join(";") + value
}

/// Asserts that `members` come back, whatever the hatch says besides.
#[track_caller]
pub(crate) fn returns(members: Value) {
    let lines = export(members.clone()).join("\n");
    let mut event = import(&lines);
    forget_hatch(&mut event);
    for (name, value) in members.as_object().unwrap() {
        let mut value = value.clone();
        forget_hatch(&mut value);
        assert_eq!(event[name], value, "{name} of {lines}");
    }
}

/// Removes every `iCalendar` and `@type`.
pub(crate) fn forget_hatch(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("iCalendar");
            members.remove("@type");
            members.values_mut().for_each(forget_hatch);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_hatch),
        _ => {}
    }
}

/// What `lines` come back as when every `iCalendar` is gone in between.
pub(crate) fn round_without_hatch(lines: &str) -> Vec<String> {
    let mut event = import(lines);
    let members = event.as_object_mut().unwrap();
    for name in ["@type", "uid", "updated", "start", "timeZone"] {
        members.remove(name);
    }
    forget_hatch(&mut event);
    export(event)
}

fn hint(event: &Value, path: &str) -> Value {
    event["iCalendar"]["convertedProperties"][path].clone()
}

const PDF: &str = "04d936e1-6c58-5815-9337-86884d5e6bf0";

#[test]
fn k01_attachment() {
    let lines = "ATTACH;FMTTYPE=application/pdf;FILENAME=a.pdf;SIZE=100:https://example.com/a.pdf";
    let event = import(lines);
    assert_eq!(
        event["links"],
        json!({PDF: {
            "href": "https://example.com/a.pdf", "contentType": "application/pdf", "size": 100, "title": "a.pdf",
        }})
    );
    assert_eq!(hint(&event, &format!("links/{PDF}/href")), Value::Null);
    stays(lines);
    assert_eq!(round_without_hatch(lines), [lines]);
}

#[test]
fn k02_inline_content() {
    let lines = "ATTACH;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=text/plain:aGk=";
    let event = import(lines);
    let (key, link) = event["links"].as_object().unwrap().iter().next().unwrap();
    assert_eq!(link["href"], "data:text/plain;base64,aGk=");
    assert_eq!(hint(&event, &format!("links/{key}/href"))["valueType"], "binary");
    stays(lines);
    assert_eq!(round_without_hatch(lines), [lines]);
    // As the draft has it, without contentType.
    let hint = json!({"@type": "ICalProperty", "name": "attach", "valueType": "binary"});
    let written = export(json!({
        "links": {"a": {"href": "data:text/plain;base64,aGk="}},
        "iCalendar": {"@type": "ICalComponent", "name": "vevent", "convertedProperties": {"links/a/href": hint}},
    }));
    assert_eq!(written, ["ATTACH;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=text/plain;JSID=a:aGk="]);
}

#[test]
fn k03_inline_content_without_type() {
    let lines = "ATTACH;VALUE=BINARY;ENCODING=BASE64:aGk=";
    let event = import(lines);
    let link = event["links"].as_object().unwrap().values().next().unwrap();
    assert_eq!(*link, json!({"href": "data:;base64,aGk="}));
    stays(lines);
    assert_eq!(round_without_hatch(lines), [lines]);
}

#[test]
fn k04_inline_content_undeclared() {
    let lines = "ATTACH;ENCODING=BASE64:aGk=";
    let event = import(lines);
    let link = event["links"].as_object().unwrap().values().next().unwrap();
    assert_eq!(link["href"], "data:;base64,aGk=");
    stays(lines);
}

#[test]
fn k04_inline_content_without_encoding() {
    for property in ["ATTACH", "IMAGE"] {
        let lines = format!("{property};VALUE=BINARY;FMTTYPE=text/plain:aGk=");
        let event = import(&lines);
        let (key, link) = event["links"].as_object().unwrap().iter().next().unwrap();
        assert_eq!(link["href"], "data:text/plain;base64,aGk=");
        let hint = &hint(&event, &format!("links/{key}/href"));
        assert_eq!(
            (&hint["valueType"], &hint["parameters"]["encoding"]),
            (&json!("binary"), &json!([]))
        );
        assert_eq!(complaints(&lines), ["no-encoding"]);
        stays(&lines);
        let repaired = format!("{property};VALUE=BINARY;ENCODING=BASE64;FMTTYPE=text/plain:aGk=");
        assert_eq!(round_without_hatch(&lines), [repaired]);
    }
    let lines = "ATTACH;VALUE=BINARY:not base64";
    assert_eq!(import(lines)["links"], Value::Null);
    assert_eq!(complaints(lines), ["invalid-value"]);
    stays(lines);
}

#[test]
fn k05_other_data_uris() {
    let written = export(json!({"links": {
        "a": {"href": "data:text/plain;base64,@@@"},
        "b": {"href": "data:text/plain,hi"},
    }}));
    assert_eq!(
        written,
        ["ATTACH;JSID=a:data:text/plain;base64,@@@", "ATTACH;JSID=b:data:text/plain,hi"]
    );
    for lines in
        ["ATTACH:data:text/plain;base64,@@@", "ATTACH:data:text/plain,hi", "ATTACH:data:;base64,"]
    {
        stays(lines);
    }
    // A URI stays one, even if it could be BINARY.
    stays("ATTACH;VALUE=URI;FMTTYPE=text/plain:data:text/plain;base64,aGk=");
    // What is said to be base64 and is none is kept as it is.
    stays("ATTACH;VALUE=BINARY;ENCODING=BASE64:@@@");
    assert_eq!(complaints("ATTACH;VALUE=BINARY;ENCODING=BASE64:@@@"), ["invalid-value"]);
    returns(json!({"links": {
        "a": {"href": "data:text/plain;base64,aGk="},
        "b": {"href": "data:text/plain;base64,aGk=", "contentType": "image/png"},
        "c": {"href": "data:text/plain;charset=utf-8;base64,aGk=", "contentType": "text/plain; charset=utf-8"},
        "d": {"href": "data:;base64,aGk=", "rel": "icon"},
        "e": {"href": "data:;base64,aGk=", "rel": "license"},
    }}));
}

#[test]
fn k06_image() {
    let lines = "IMAGE;VALUE=URI;DISPLAY=BADGE,THUMBNAIL:https://example.com/i.png";
    let event = import(lines);
    let link = event["links"].as_object().unwrap().values().next().unwrap();
    assert_eq!(
        *link,
        json!({"href": "https://example.com/i.png", "rel": "icon", "display": {"badge": true, "thumbnail": true}})
    );
    stays(lines);
    assert_eq!(round_without_hatch(lines), [lines]);
    stays("IMAGE;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=image/png;FILENAME=a:aGVsbG8=");
    stays("IMAGE;VALUE=TEXT:a\\;b\\,c");
    stays("IMAGE;VALUE=URI;DISPLAY=\"no:token\":https://example.com/i.png");
}

#[test]
fn k07_image_in_version_1() {
    let lines = "IMAGE;VALUE=URI;DISPLAY=BADGE:https://example.com/i.png";
    let event = import_v1(lines);
    let link = event["links"].as_object().unwrap().values().next().unwrap();
    assert_eq!((&link["rel"], &link["display"]), (&json!("icon"), &json!("badge")));
    let written = export(json!({"links": event["links"]}));
    assert_eq!(written, [lines]);
    let lines = "IMAGE;VALUE=URI;DISPLAY=THUMBNAIL,BADGE:https://example.com/i.png";
    let event = import_v1(lines);
    let link = event["links"].as_object().unwrap().values().next().unwrap();
    assert_eq!(link["display"], "thumbnail");
    assert_eq!(export(json!({"links": event["links"], "iCalendar": event["iCalendar"]})), [lines]);
}

#[test]
fn version_1_has_no_relations() {
    for lines in [
        "URL:https://example.com/a",
        "IMAGE;VALUE=URI:https://example.com/a",
        "ATTACH:https://example.com/a",
    ] {
        let event = import_v1(lines);
        let link = event["links"].as_object().unwrap().values().next().unwrap();
        assert_eq!(link["rel"], Value::Null, "{lines}");
        same(&export(json!({"links": event["links"], "iCalendar": event["iCalendar"]})), lines);
    }
    let lines = "LINK;VALUE=URI;LINKREL=license:https://example.com/a";
    assert_eq!(import_v1(lines)["links"], Value::Null);
    let lines = "ATTACH;LINKREL=license:https://example.com/a";
    let event = import_v1(lines);
    assert_eq!(event["links"].as_object().unwrap().values().next().unwrap()["rel"], "license");
    same(&export(json!({"links": event["links"], "iCalendar": event["iCalendar"]})), lines);
}

#[test]
fn k08_k09_link() {
    let lines = "LINK;VALUE=URI;LINKREL=latest-version;LABEL=New:https://example.com/v";
    let event = import(lines);
    let link = event["links"].as_object().unwrap().values().next().unwrap();
    assert_eq!(
        *link,
        json!({"href": "https://example.com/v", "rel": "latest-version", "title": "New"})
    );
    stays(lines);
    assert_eq!(round_without_hatch(lines), [lines]);
    let lines = "LINK;VALUE=URI;LINKREL=\"https://example.com/rel\":https://example.com/v";
    let event = import(lines);
    assert_eq!(
        event["links"].as_object().unwrap().values().next().unwrap()["rel"],
        "https://example.com/rel"
    );
    stays(lines);
}

#[test]
fn k10_links_to_something_else() {
    for lines in [
        "LINK;LINKREL=x;VALUE=UID:abc",
        "LINK;LINKREL=x;VALUE=XML-REFERENCE:https://example.com/a#xpointer(b)",
        "URL;VALUE=TEXT:a\\,b",
        "URL;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:https://example.com/=41",
    ] {
        assert_eq!(import(lines)["links"], Value::Null, "{lines}");
        stays(lines);
    }
}

#[test]
fn k11_link_with_a_relation_of_others() {
    for rel in ["enclosure", "icon", "describedby"] {
        let lines = format!("LINK;VALUE=URI;LINKREL={rel}:https://example.com/v");
        let event = import(&lines);
        let (key, link) = event["links"].as_object().unwrap().iter().next().unwrap();
        assert_eq!(link["rel"], rel);
        assert_eq!(hint(&event, &format!("links/{key}/href"))["name"], "link");
        stays(&lines);
    }
    stays("LINK;VALUE=URI:https://example.com/v");
}

#[test]
fn k12_url() {
    let lines = "URL:https://example.com/a";
    let event = import(lines);
    let key = "c3e2ef56-00e8-5f96-9185-a9f4fcac0d27";
    assert_eq!(
        event["links"],
        json!({key: {"href": "https://example.com/a", "rel": "describedby"}})
    );
    assert_eq!(hint(&event, &format!("links/{key}/href")), Value::Null);
    stays(lines);
    assert_eq!(round_without_hatch(lines), [lines]);
    stays("URL:https://example.com/a\nLINK;VALUE=URI;LINKREL=describedby:https://example.com/a");
    stays("URL;LABEL=A:https://example.com/a\nURL:https://example.com/b");
}

#[test]
fn k13_one_url() {
    let links = json!({
        "a": {"href": "https://example.com/a", "rel": "describedby"},
        "b": {"href": "https://example.com/b", "rel": "describedby"},
    });
    assert_eq!(
        export(json!({"links": links})),
        [
            "URL;JSID=a:https://example.com/a",
            "LINK;VALUE=URI;LINKREL=describedby;JSID=b:https://example.com/b"
        ]
    );
    let hatch = json!({
        "@type": "ICalComponent", "name": "vevent",
        "convertedProperties": {"links/b/href": {"@type": "ICalProperty", "name": "url"}},
    });
    assert_eq!(
        export(json!({"links": links, "iCalendar": hatch})),
        [
            "URL;JSID=b:https://example.com/b",
            "LINK;VALUE=URI;LINKREL=describedby;JSID=a:https://example.com/a"
        ]
    );
}

#[test]
fn k14_equal_values() {
    stays("ATTACH:https://example.com/a\nURL:https://example.com/a");
    let many = vec!["ATTACH:https://example.com/a"; 2000].join("\n");
    let event = import(&many);
    assert_eq!(event["links"].as_object().unwrap().len(), 2000);
    stays(&many);
    let sized: Vec<String> =
        (1..=120).map(|size| format!("ATTACH;SIZE={size}:https://example.com/a")).collect();
    stays(&sized.join("\n"));
}

#[test]
fn k15_relation_that_is_none() {
    let links = json!({"links": {"a": {"href": "https://example.com/a", "rel": "not a token"}}});
    assert_eq!(
        export(links.clone()),
        ["ATTACH;JSID=a:https://example.com/a", "JSPROP;JSPTR=\"links/a/rel\":\"not a token\""]
    );
    returns(links);
}

#[test]
fn k16_link_without_uri() {
    for link in [
        json!({"title": "x"}),
        json!({"blobId": "B1"}),
        json!({"href": ""}),
        json!({"href": "a\nX-B:c"}),
    ] {
        let members = json!({"links": {"a": link}});
        let (lines, codes) = export_reporting(members.clone());
        assert_eq!(codes, ["no-href"]);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with("JSPROP;JSPTR=\"links/a\":"), "{lines:?}");
        returns(members);
    }
}

#[test]
fn k17_display_of_something_else() {
    let links =
        json!({"links": {"a": {"href": "https://example.com/a", "display": {"badge": true}}}});
    assert_eq!(
        export(links.clone()),
        [
            "ATTACH;JSID=a:https://example.com/a",
            "JSPROP;JSPTR=\"links/a/display\":{\"badge\":true}"
        ]
    );
    returns(links);
    returns(json!({"links": {"a": {
        "href": "https://example.com/a", "rel": "icon", "display": {"badge": true, "example.com:x": true},
    }}}));
}

#[test]
fn k18_other_parameters() {
    let lines = "ATTACH;MANAGED-ID=7;X-A=b:https://example.com/a.pdf";
    let event = import(lines);
    assert_eq!(
        hint(&event, &format!("links/{PDF}/href")),
        json!({"@type": "ICalProperty", "name": "attach", "parameters": {"managed-id": "7", "x-a": "b"}})
    );
    stays(lines);
    stays("ATTACH;FILENAME=Minutes,final.pdf:https://example.com/a.pdf");
    stays("ATTACH;FILENAME=:https://example.com/a.pdf");
    stays("ATTACH;LINKREL=license:https://example.com/a.pdf");
    stays("IMAGE;VALUE=BINARY;ENCODING=BASE64;LINKREL=license:aGk=");
    stays("ATTACH;VALUE=BINARY;ENCODING=BASE64;LINKREL=icon:aGk=");
    stays("ATTACH;VALUE=BINARY;ENCODING=BASE64;LINKREL=enclosure:aGk=");
}

#[test]
fn k19_label_of_an_attachment() {
    let lines = "ATTACH;LABEL=old.pdf:https://example.com/a.pdf";
    assert_eq!(import(lines)["links"][PDF]["title"], "old.pdf");
    stays(lines);
    let lines = "ATTACH;FILENAME=new.pdf;LABEL=old.pdf:https://example.com/a.pdf";
    assert_eq!(import(lines)["links"][PDF]["title"], "new.pdf");
    stays(lines);
    assert_eq!(
        round_without_hatch("ATTACH;LABEL=old.pdf:https://example.com/a.pdf"),
        ["ATTACH;FILENAME=old.pdf:https://example.com/a.pdf"]
    );
}

#[test]
fn k20_one_jsid_twice() {
    let lines = "ATTACH;JSID=a:https://example.com/1\nATTACH;JSID=a:https://example.com/2";
    let event = import(lines);
    let keys: Vec<&String> = event["links"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["a", "a-2"]);
    assert_eq!(complaints(lines), ["duplicate-jsid"]);
    for lines in [
        "CONFERENCE;VALUE=URI;JSID=a:https://example.com/1\nCONFERENCE;VALUE=URI;JSID=a:https://example.com/2",
        "BEGIN:VALARM\nJSID:a\nACTION:DISPLAY\nTRIGGER:PT0S\nEND:VALARM\n\
         BEGIN:VALARM\nJSID:a\nACTION:DISPLAY\nTRIGGER:PT1M\nEND:VALARM",
        "BEGIN:VLOCATION\nJSID:a\nNAME:x\nEND:VLOCATION\nBEGIN:VLOCATION\nJSID:a\nNAME:y\nEND:VLOCATION",
        "ORGANIZER:mailto:o@example.com\nATTENDEE;JSID=a:mailto:a@example.com\nATTENDEE;JSID=a:mailto:b@example.com",
    ] {
        assert_eq!(complaints(lines), ["duplicate-jsid"], "{lines}");
    }
}

#[test]
fn k21_key_that_a_pointer_names() {
    let link = |extra: &str| json!({"href": "https://example.com/a.pdf", extra: 1});
    let lines = export(json!({"links": {PDF: link("example.com:x")}}));
    assert_eq!(
        lines,
        [
            format!("ATTACH;JSID={PDF}:https://example.com/a.pdf"),
            format!("JSPROP;JSPTR=\"links/{PDF}/example.com:x\":1"),
        ]
    );
    returns(json!({"links": {"a/b~c": link("example.com:x")}}));
}

#[test]
fn k22_size_that_is_none() {
    for size in ["abc", "-5", "+5", "007", "1.5", "99999999999999999999"] {
        let lines = format!("ATTACH;SIZE={size}:https://example.com/a.pdf");
        assert_eq!(import(&lines)["links"][PDF], json!({"href": "https://example.com/a.pdf"}));
        stays(&lines);
    }
}

#[test]
fn k23_values_that_are_no_parameters() {
    for (member, value) in [
        ("size", json!(2.5)),
        ("size", json!(-5)),
        ("contentType", json!("bad\r\nX:1")),
        ("title", json!("a\u{7}b")),
        ("title", json!("")),
    ] {
        let mut link = json!({"href": "https://example.com/a.pdf"});
        link[member] = value;
        let members = json!({"links": {"a": link}});
        let lines = export(members.clone());
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(lines[0], "ATTACH;JSID=a:https://example.com/a.pdf");
        assert!(lines[1].starts_with(&format!("JSPROP;JSPTR=\"links/a/{member}\":")), "{lines:?}");
        returns(members);
    }
    returns(json!({"links": {"a": {"href": "x:y", "title": "two\nlines, \"quoted\"; ^'"}}}));
}

#[test]
fn k24_ten_megabytes() {
    let base64 = "QUJD".repeat(10_000_000 / 4);
    let lines = format!("ATTACH;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=image/png:{base64}");
    let imported = ical_jscal::from_ical(calendar(&lines)).unwrap().value;
    let text = ical_jscal::to_ical(&imported).unwrap().value;
    assert_eq!(content(&text), [lines]);
}

#[test]
fn k25_uris_are_no_texts() {
    for uri in [
        "https://e.example/a,b;c",
        "https://e.example/a\\,b",
        "https://e.example/\"a\"",
        "CID:part1",
        "Pop",
        "mailto:a@b",
    ] {
        let lines = format!("ATTACH:{uri}");
        let event = import(&lines);
        assert_eq!(event["links"].as_object().unwrap().values().next().unwrap()["href"], uri);
        stays(&lines);
    }
}

#[test]
fn k26_links_of_a_calendar() {
    let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nURL:https://example.com/a\r\n\
                IMAGE;VALUE=URI:https://example.com/b\r\nATTACH;X-A=1:https://example.com/c\r\n\
                LINK;VALUE=URI;LINKREL=license:https://example.com/d\r\nEND:VCALENDAR\r\n";
    let group = ical_jscal::from_ical(text).unwrap().value;
    let rels: Vec<Option<&str>> = group.links.values().map(|link| link.rel.as_deref()).collect();
    assert_eq!(rels.len(), 4);
    let written = ical_jscal::to_ical(&group).unwrap().value;
    let mut lines: Vec<&str> = written.split("\r\n").collect();
    let mut before: Vec<&str> = text.split("\r\n").collect();
    lines.sort_unstable();
    before.sort_unstable();
    assert_eq!(lines, before);

    let mut old = ical_jscal::FromIcal::new();
    old.version = jscalendar::Version::V1_0;
    // What is kept has its VALUE last.
    let text = text.replace("LINK;VALUE=URI;LINKREL=license", "LINK;LINKREL=license;VALUE=URI");
    let json = old.json(&text).unwrap().value;
    let group: Value = serde_json::from_str(&json).unwrap();
    let hrefs: Vec<&Value> =
        group["links"].as_object().unwrap().values().map(|it| &it["href"]).collect();
    assert_eq!(hrefs, ["https://example.com/a"]);
    let written = ical_jscal::ToIcal::new().json(&json).unwrap().value;
    let mut lines: Vec<&str> = written.split("\r\n").collect();
    let mut before: Vec<&str> = text.split("\r\n").collect();
    lines.sort_unstable();
    before.sort_unstable();
    assert_eq!(lines, before);
}

#[test]
fn an_edit_shows() {
    let lines = "ATTACH;VALUE=BINARY;ENCODING=BASE64;MANAGED-ID=7:aGk=";
    let mut event = import(lines);
    let link = event["links"].as_object_mut().unwrap().values_mut().next().unwrap();
    link["href"] = json!("https://example.com/a");
    let key = event["links"].as_object().unwrap().keys().next().unwrap().clone();
    let written = export(json!({"links": event["links"], "iCalendar": event["iCalendar"]}));
    // What JSCalendar has no word for stays, as it does when the old link was a URI too.
    assert_eq!(written, [format!("ATTACH;JSID={key};MANAGED-ID=7:https://example.com/a")]);

    let mut event = import("LINK;VALUE=URI;LINKREL=enclosure:https://example.com/a");
    event["links"].as_object_mut().unwrap().values_mut().next().unwrap()["rel"] = json!("license");
    let written = export(json!({"links": event["links"], "iCalendar": event["iCalendar"]}));
    assert_eq!(written, ["LINK;VALUE=URI;LINKREL=license:https://example.com/a"]);
}
