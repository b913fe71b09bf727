//! VCALENDAR and `Group`, both directions.

use ical_jscal::{FromIcal, ToIcal};
use serde_json::{Value, json};

use crate::case::{EVENT, calendar, simple, write};

const NONE: [&str; 0] = [];
const TWO: &str = "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\nDTSTART:20240115T090000Z\nEND:VEVENT\n\
                   BEGIN:VEVENT\nUID:u2\nDTSTAMP:20240101T000000Z\nDTSTART:20240116T090000Z\nEND:VEVENT";

/// The group of a calendar with `lines`, without what all of them have.
fn group(lines: &str) -> Value {
    let mut group = simple(EVENT.read(&calendar(lines)).0);
    let members = group.as_object_mut().unwrap();
    assert_eq!(members.remove("version"), Some(json!("2.0")));
    assert_eq!(members.remove("prodId"), Some(json!("-//t//t//EN")));
    group
}

fn codes(lines: &str) -> Vec<String> {
    EVENT.read(&calendar(lines)).1
}

/// The lines of a group, unfolded, without those that all of them have.
fn lines(json: &Value) -> Vec<String> {
    let text = write(json).0.replace("\r\n ", "");
    let usual = ["BEGIN:VCALENDAR", "END:VCALENDAR", "VERSION:2.0", "PRODID:-//t//t//EN"];
    text.split_terminator("\r\n").filter(|line| !usual.contains(line)).map(str::to_owned).collect()
}

/// Asserts that a calendar's lines become these members, and come back.
#[track_caller]
fn both(text: &str, members: Value) {
    let mut expected = json!({"entries": []});
    expected.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    assert_eq!(group(text), expected);
    stays(text);
}

/// Asserts that a calendar's lines come back as they are, in whatever order.
#[track_caller]
fn stays(text: &str) {
    let json = FromIcal::new().json(calendar(text)).unwrap().value;
    let back = ToIcal::new().json(&json).unwrap().value.replace("\r\n ", "");
    assert_eq!(sorted(&back), sorted(&calendar(text)));
}

/// A group of JSON alone with these entries, to which uids are given.
fn of(entries: &[Value]) -> Value {
    let entry = |(at, members): (usize, &Value)| {
        let mut entry = json!({
            "@type": "Event", "uid": format!("u{at}"), "updated": "2024-01-01T00:00:00Z",
            "start": "2024-01-15T10:00:00",
        });
        entry.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        entry
    };
    let entries: Vec<Value> = entries.iter().enumerate().map(entry).collect();
    json!({"@type": "Group", "version": "2.0", "prodId": "-//t//t//EN", "entries": entries})
}

#[test]
fn g01_properties() {
    let text = "UID:g1\nNAME:Team\nDESCRIPTION:d\nCATEGORIES:x\nCOLOR:teal\nLAST-MODIFIED:20240102T030405Z\n\
                SOURCE;VALUE=URI:https://e.example/c.ics";
    let members = json!({
        "uid": "g1", "title": "Team", "description": "d", "keywords": {"x": true}, "color": "teal",
        "updated": "2024-01-02T03:04:05Z", "source": "https://e.example/c.ics",
    });
    both(text, members);
}

#[test]
fn g02_language() {
    both("NAME;LANGUAGE=fr:Equipe", json!({"title": "Equipe", "locale": "fr"}));
    let group = json!({"@type": "Group", "version": "2.0", "prodId": "-//t//t//EN", "entries": [],
        "description": "d", "locale": "fr"});
    assert_eq!(lines(&group), ["DESCRIPTION;LANGUAGE=fr:d"]);
}

#[test]
fn g03_method() {
    let text = format!("METHOD:REQUEST\n{TWO}");
    let group = group(&text);
    assert_eq!(group.get("method"), None);
    let methods: Vec<&Value> =
        group["entries"].as_array().unwrap().iter().map(|entry| &entry["method"]).collect();
    assert_eq!(methods, ["request", "request"]);
    stays(&text);
}

#[test]
fn g04_several_methods() {
    let group = of(&[json!({"method": "request"}), json!({"method": "cancel"})]);
    let (text, codes) = write(&group);
    let calendars: Vec<&str> = text.split("END:VCALENDAR\r\n").collect();
    assert_eq!(calendars.len(), 3);
    for (calendar, method, uid) in [
        (calendars[0], "METHOD:REQUEST\r\n", "UID:u0"),
        (calendars[1], "METHOD:CANCEL\r\n", "UID:u1"),
    ] {
        assert!(calendar.contains(method) && calendar.contains(uid), "{calendar}");
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 1, "{calendar}");
    }
    assert_eq!(codes, ["methods"]);
}

#[test]
fn g05_a_method_for_nothing() {
    both(
        "METHOD:PUBLISH",
        json!({"iCalendar": {"properties": [["method", {}, "text", "PUBLISH"]]}}),
    );
}

#[test]
fn g06_version() {
    both("", json!({}));
    for line in ["VERSION:3.0", "VERSION;X-A=b:2.0"] {
        let text = calendar("").replace("VERSION:2.0", line);
        let (group, _) = EVENT.read(&text);
        assert_eq!(group["iCalendar"]["properties"][0][0], "version", "{line}");
        assert_eq!(sorted(&write(&group).0), sorted(&text));
    }
}

/// The lines of a text, in the order of their letters.
fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.split_terminator("\r\n").collect();
    lines.sort_unstable();
    lines
}

#[test]
fn g07_product() {
    let (group, _) = EVENT.read(&calendar(TWO));
    assert_eq!(group["prodId"], "-//t//t//EN");
    assert_eq!(group["entries"][0].get("prodId"), None);
    // The group's own counts.
    let (text, _) = write(&of(&[json!({"prodId": "-//other//EN"})]));
    assert!(text.contains("PRODID:-//t//t//EN\r\n") && !text.contains("other"), "{text}");
}

#[test]
fn g08_no_product() {
    let group = json!({"@type": "Group", "version": "2.0", "entries": []});
    let mut options = ToIcal::new();
    options.prod_id = "-//mine//EN".to_owned();
    let text = options.json(&group.to_string()).unwrap().value;
    assert_eq!(text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mine//EN\r\nEND:VCALENDAR\r\n");
}

#[test]
fn g09_an_event_by_itself() {
    let event = json!({
        "@type": "Event", "version": "2.0", "uid": "u1", "updated": "2024-01-01T00:00:00Z",
        "start": "2024-01-15T10:00:00", "method": "publish", "prodId": "-//t//t//EN",
    });
    assert_eq!(
        lines(&event),
        [
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            "UID:u1",
            "DTSTAMP:20240101T000000Z",
            "LAST-MODIFIED:20240101T000000Z",
            "DTSTART:20240115T100000",
            "END:VEVENT"
        ]
    );
}

#[test]
fn g10_version_inside_a_group() {
    let (group, _) = EVENT.read(&calendar(TWO));
    assert_eq!(group["version"], "2.0");
    assert_eq!(group["entries"][0].get("version"), None);
}

#[test]
fn g11_no_uid() {
    // The sheets leave the choice; nothing is made up, so none goes out.
    assert_eq!(group(TWO).get("uid"), None);
    stays(TWO);
}

#[test]
fn g12_other_components() {
    let others = "BEGIN:VJOURNAL\nUID:j1\nDTSTAMP:20240101T000000Z\nDTSTART;VALUE=DATE:20240115\nSUMMARY:a\\, b\nEND:VJOURNAL\n\
                  BEGIN:VFREEBUSY\nUID:f1\nDTSTAMP:20240101T000000Z\nFREEBUSY;FBTYPE=BUSY:20240115T090000Z/PT1H,20240116T090000Z/20240116T100000Z\nEND:VFREEBUSY\n\
                  BEGIN:VAVAILABILITY\nUID:a1\nDTSTAMP:20240101T000000Z\nBEGIN:AVAILABLE\nUID:a2\nDTSTAMP:20240101T000000Z\n\
                  DTSTART:20240115T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU\nEND:AVAILABLE\nEND:VAVAILABILITY";
    let text = format!("{TWO}\n{others}");
    let group = group(&text);
    assert_eq!(group["entries"].as_array().unwrap().len(), 2);
    assert_eq!(
        group["iCalendar"]["components"],
        json!([
            ["vjournal", [
                ["uid", {}, "text", "j1"],
                ["dtstamp", {}, "date-time", "2024-01-01T00:00:00Z"],
                ["dtstart", {}, "date", "2024-01-15"],
                ["summary", {}, "text", "a, b"],
            ], []],
            ["vfreebusy", [
                ["uid", {}, "text", "f1"],
                ["dtstamp", {}, "date-time", "2024-01-01T00:00:00Z"],
                ["freebusy", {"fbtype": "BUSY"}, "period",
                    ["2024-01-15T09:00:00Z", "PT1H"], ["2024-01-16T09:00:00Z", "2024-01-16T10:00:00Z"]],
            ], []],
            ["vavailability", [
                ["uid", {}, "text", "a1"],
                ["dtstamp", {}, "date-time", "2024-01-01T00:00:00Z"],
            ], [
                ["available", [
                    ["uid", {}, "text", "a2"],
                    ["dtstamp", {}, "date-time", "2024-01-01T00:00:00Z"],
                    ["dtstart", {}, "date-time", "2024-01-15T09:00:00Z"],
                    ["duration", {}, "duration", "PT1H"],
                    ["rrule", {}, "recur", {"freq": "WEEKLY", "byday": ["MO", "TU"]}],
                ], []],
            ]],
        ])
    );
    stays(&text);
}

#[test]
fn g13_no_entries() {
    assert_eq!(group(""), json!({"entries": []}));
    let zone = "BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:-0835\n\
                TZOFFSETTO:-0835\nEND:STANDARD\nEND:VTIMEZONE";
    assert_eq!(group(zone)["entries"], json!([]));
    stays(zone);
}

#[test]
fn g13_entries_stand_where_the_group_ends() {
    let text = calendar("JSPROP;JSPTR=\"example.com:x\":1\nNAME:n");
    let streamed = FromIcal::new().json(&text).unwrap().value;
    assert_eq!(
        streamed,
        r#"{"@type":"Group","version":"2.0","prodId":"-//t//t//EN","title":"n","example.com:x":1,"entries":[]}"#
    );
    let mut old = FromIcal::new();
    old.version = jscalendar::Version::V1_0;
    assert_eq!(
        old.json(calendar("")).unwrap().value,
        r#"{"@type":"Group","prodId":"-//t//t//EN","entries":[]}"#
    );
    let group = ical_jscal::from_ical(calendar("")).unwrap().value;
    assert_eq!(
        serde_json::to_string(&group).unwrap(),
        r#"{"@type":"Group","version":"2.0","prodId":"-//t//t//EN","entries":[]}"#
    );
}

#[test]
fn g14_two_calendars() {
    let text = calendar("NAME:a") + &calendar("NAME:b");
    let (groups, codes) = EVENT.read(&text);
    assert_eq!([&groups[0]["title"], &groups[1]["title"]], ["a", "b"]);
    assert_eq!(codes, NONE);
    assert_eq!(write(&groups).0, text);
}

#[test]
fn g15_an_event_without_a_calendar() {
    let (group, _) = EVENT.read(&format!("{TWO}\n").replace('\n', "\r\n"));
    assert_eq!(group["entries"].as_array().unwrap().len(), 2);
    assert_eq!(group.get("prodId"), None);
}

#[test]
fn g16_an_entry_of_another_type() {
    let mut group = of(&[json!({}), json!({"@type": "Journal"})]);
    let (text, codes) = write(&group);
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
    assert_eq!(codes, ["unknown-type", "lost"]);
    group["entries"][1]["@type"] = json!("Event");
    assert_eq!(write(&group).0.matches("BEGIN:VEVENT").count(), 2);
}

#[test]
fn g17_no_uids() {
    let text = calendar(&TWO.replace("UID:u1\n", "").replace("UID:u2\n", ""));
    let (group, codes) = EVENT.read(&text);
    assert_eq!(codes, ["no-uid", "no-uid"]);
    let uids = [&group["entries"][0]["uid"], &group["entries"][1]["uid"]];
    assert_ne!(uids[0], uids[1]);
    let (again, _) = EVENT.read(&text);
    assert_eq!([&again["entries"][0]["uid"], &again["entries"][1]["uid"]], uids);
    // The same component twice gets two.
    let one = "BEGIN:VEVENT\nDTSTAMP:20240101T000000Z\nDTSTART:20240115T090000Z\nEND:VEVENT";
    let (group, _) = EVENT.read(&calendar(&format!("{one}\n{one}")));
    assert_ne!(group["entries"][0]["uid"], group["entries"][1]["uid"]);
}

#[test]
fn g18_no_start() {
    // Open in the sources. RFC 5545, section 3.6.1, demands DTSTART, JSCalendar `start`; nobody knows when it would be.
    let text = "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\nSUMMARY:x\nEND:VEVENT";
    assert_eq!(
        group(text),
        json!({"entries": [], "iCalendar": {"components": [["vevent", [
            ["uid", {}, "text", "u1"],
            ["dtstamp", {}, "date-time", "2024-01-01T00:00:00Z"],
            ["summary", {}, "text", "x"],
        ], []]]}})
    );
    assert_eq!(codes(text), ["no-start"]);
    stays(text);
}

#[test]
fn g19_vendor_names() {
    both(
        "X-WR-CALNAME:Feed",
        json!({"iCalendar": {"properties": [["x-wr-calname", {}, "unknown", "Feed"]]}}),
    );
}

#[test]
fn g20_calendar_scale() {
    assert_eq!(group("CALSCALE:GREGORIAN"), json!({"entries": []}));
    both(
        "CALSCALE:X-FOO",
        json!({"iCalendar": {"properties": [["calscale", {}, "text", "X-FOO"]]}}),
    );
    assert_eq!(codes("CALSCALE:X-FOO"), ["invalid-value"]);
}

#[test]
fn g21_refresh_interval() {
    both(
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        json!({"iCalendar": {"properties": [["refresh-interval", {}, "duration", "P1D"]]}}),
    );
}

#[test]
fn g22_many_entries() {
    let event = |at: u32| {
        format!(
            "BEGIN:VEVENT\nUID:u{at}\nDTSTAMP:20240101T000000Z\nDTSTART:20240115T090000Z\nEND:VEVENT\n"
        )
    };
    let text: String = (0..20_000).map(event).collect();
    let (group, _) = EVENT.read(&calendar(&text));
    let entries = group["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 20_000);
    assert!(entries.iter().enumerate().all(|(at, entry)| entry["uid"] == format!("u{at}")));
}

#[test]
fn g23_broken_nesting() {
    let (group, codes) =
        EVENT.read("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nDTSTART:20240115T090000Z\nSUMMARY:x\n");
    assert_eq!(group["entries"][0]["title"], "x");
    assert!(codes.contains(&"missing-end".to_owned()), "{codes:?}");

    let (group, codes) = EVENT.read(&calendar(&TWO.replace("SUMMARY", "END:VALARM\nSUMMARY")));
    assert_eq!(group["entries"].as_array().unwrap().len(), 2);
    assert_eq!(codes, NONE);
    let (group, codes) =
        EVENT.read(&calendar(&TWO.replace("DTSTART:20240115", "END:VALARM\nDTSTART:20240115")));
    assert_eq!(group["entries"].as_array().unwrap().len(), 2);
    assert_eq!(codes, ["stray-end"]);

    let deep = format!("{}{}", "BEGIN:VEVENT\n".repeat(100_000), "END:VEVENT\n".repeat(100_000));
    let (_, codes) = EVENT.read(&calendar(&deep));
    assert!(codes.contains(&"too-deep".to_owned()), "{codes:?}");
}

#[test]
fn what_is_reported_points_into_the_document() {
    let event = json!({"@type": "Event", "uid": "u1", "start": "2024-01-15T10:00:00"});
    let group = json!({"@type": "Group", "entries": [event, event]});
    let pointers = |document: &Value| {
        let written = ToIcal::new().json(&document.to_string()).unwrap();
        let places = written.diagnostics.iter().map(|found| found.position.to_string());
        places.collect::<Vec<_>>()
    };
    assert_eq!(pointers(&event), ["#/updated"]);
    assert_eq!(pointers(&group), ["#/entries/0/updated", "#/entries/1/updated"]);
    assert_eq!(
        pointers(&json!([group, event])),
        ["#/0/entries/0/updated", "#/0/entries/1/updated", "#/1/updated"]
    );

    let alone = jscalendar::Event::new("u1", "2024-01-15T10:00:00".parse().unwrap());
    let written = ical_jscal::to_ical(&alone).unwrap();
    assert_eq!(written.diagnostics[0].position.to_string(), "#/updated");
}

#[test]
fn a_calendar_without_a_name_has_the_language_of_its_description() {
    let group = json!({
        "@type": "Group", "version": "2.0", "uid": "g1", "prodId": "p", "locale": "de",
        "description": "Ferien", "entries": [],
    });
    let (text, codes) = write(&group);
    assert_eq!(codes, [""; 0]);
    assert!(text.contains("DESCRIPTION;LANGUAGE=de:Ferien\r\n"), "{text}");
    let back = FromIcal::new().json(&text).unwrap().value;
    assert_eq!(serde_json::from_str::<Value>(&back).unwrap(), group);
}
