//! Time zones in whole calendars, both directions. What a TZID means by itself is tested beside the code.

use serde_json::{Value, json};

use crate::case::{BARE, body, calendar, components, object, simple, write};

const NONE: [&str; 0] = [];

/// A VTIMEZONE with one offset.
fn fixed(tzid: &str, offset: &str) -> String {
    format!(
        "BEGIN:VTIMEZONE\nTZID:{tzid}\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\n\
         TZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE"
    )
}

/// A VTIMEZONE with the rules of central Europe.
fn central(tzid: &str) -> String {
    format!(
        "BEGIN:VTIMEZONE\nTZID:{tzid}\nBEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\n\
         TZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nBEGIN:DAYLIGHT\n\
         DTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\n\
         END:DAYLIGHT\nEND:VTIMEZONE"
    )
}

/// An event that starts at ten in a zone of this name.
fn event(tzid: &str) -> String {
    let tzid = if tzid.contains([':', ';', ',']) { format!("\"{tzid}\"") } else { tzid.to_owned() };
    format!(
        "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\nDTSTART;TZID={tzid}:20240115T100000\nEND:VEVENT"
    )
}

/// The first entry of a calendar, and what was reported.
fn read(lines: &str) -> (Value, Vec<String>) {
    let (group, codes) = BARE.read(&calendar(lines));
    (simple(group)["entries"][0].clone(), codes)
}

/// Asserts that a calendar comes back as it is, its lines in whatever order.
#[track_caller]
fn stays(lines: &str) {
    let (group, _) = BARE.read(&calendar(lines));
    let text = write(&group).0.replace("\r\n ", "");
    let mut found: Vec<&str> = text.split_terminator("\r\n").collect();
    let expected = calendar(lines);
    let mut expected: Vec<&str> = expected.split_terminator("\r\n").collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

/// The TZIDs of the VTIMEZONEs in a text.
fn defined(text: &str) -> Vec<String> {
    let tzid =
        |lines: Vec<String>| lines.into_iter().find(|line| line.starts_with("TZID:")).unwrap();
    components(text, "VTIMEZONE").into_iter().map(tzid).collect()
}

#[test]
fn z01_a_definition_that_contradicts_the_name() {
    let (event, codes) =
        read(&format!("{}\n{}", fixed("Europe/Berlin", "-0500"), event("Europe/Berlin")));
    assert_eq!(event["timeZone"], "Europe/Berlin");
    assert_eq!(codes, NONE);
}

#[test]
fn z02_a_name_of_windows() {
    let lines =
        format!("{}\n{}", central("W. Europe Standard Time"), event("W. Europe Standard Time"));
    let (event, codes) = read(&lines);
    assert_eq!(event["timeZone"], "Europe/Berlin");
    assert_eq!(
        event["iCalendar"],
        json!({"convertedProperties": {
            "start": {"name": "dtstart", "parameters": {"tzid": "W. Europe Standard Time"}},
        }})
    );
    assert_eq!(codes, ["time-zone-name"]);
    stays(&lines);
}

#[test]
fn z03_another_zone_than_that_of_windows() {
    let lines =
        format!("{}\n{}", central("W. Europe Standard Time"), event("W. Europe Standard Time"));
    let (mut group, _) = BARE.read(&calendar(&lines));
    group["entries"][0]["timeZone"] = json!("Asia/Tokyo");
    let (text, codes) = write(&group);
    assert!(text.contains("DTSTART;TZID=Asia/Tokyo:20240115T100000\r\n"), "{text}");
    assert_eq!(defined(&text), ["TZID:Asia/Tokyo"]);
    assert_eq!(codes, ["stale-hint"]);
}

#[test]
fn z10_a_zone_that_an_object_of_version_1_brings_along() {
    let lines = format!("{}\n{}", fixed("Odd", "-0835"), event("Odd"));
    let (group, _) = BARE.v1().read(&calendar(&lines));
    let entry = &simple(group.clone())["entries"][0];
    assert_eq!(entry["timeZone"], "/Odd");
    assert_eq!(
        entry["timeZones"],
        json!({"/Odd": {"tzId": "Odd", "standard": [
            {"start": "1970-01-01T00:00:00", "offsetFrom": "-0835", "offsetTo": "-0835"},
        ]}})
    );
    let text = write(&group).0;
    assert!(text.contains("DTSTART;TZID=Odd:20240115T100000\r\n"), "{text}");
    assert_eq!(defined(&text), ["TZID:Odd"]);
}

#[test]
fn z11_a_zone_of_its_own_comes_back() {
    let lines = format!("{}\n{}", fixed("Odd", "-0835"), event("Odd"));
    let (event, codes) = read(&lines);
    assert_eq!(event.get("timeZone"), None);
    assert_eq!(event["start"], "2024-01-15T10:00:00");
    assert_eq!(codes, ["time-zone"]);
    stays(&lines);
}

#[test]
fn z12_a_name_that_nobody_knows_comes_back() {
    let (event, codes) = read(&event("Nowhere"));
    assert_eq!(event.get("timeZone"), None);
    assert_eq!(
        event["iCalendar"]["convertedProperties"]["start"],
        json!({"name": "dtstart", "parameters": {"tzid": "Nowhere"}})
    );
    assert_eq!(codes, ["time-zone"]);
    stays(&self::event("Nowhere"));
}

#[test]
fn z14_an_instant_beside_a_zone() {
    BARE.both(
        "DTSTART;TZID=Europe/Berlin:20240115T090000Z",
        json!({
            "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin",
            "iCalendar": {"convertedProperties": {
                "start": {"name": "dtstart", "ical-jscal:raw": "20240115T090000Z"},
            }},
        }),
    );
}

#[test]
fn z15_a_zone_at_the_end_only() {
    // The sheets follow Cyrus, which puts both into the zone. RFC 5545, section 3.8.2.4, says that a start without a zone
    // floats, and an event that floats may be seen anywhere: the start stays as it is, and the length is the same.
    let lines = "DTSTART:20240115T100000\nDTEND;TZID=Europe/Berlin:20240115T110000";
    let event = BARE.import(lines);
    assert_eq!(event["duration"], "PT1H");
    assert_eq!(event.get("timeZone"), None);
    assert_eq!(BARE.codes(lines), ["mixed-zones"]);
    BARE.stays(lines);
}

#[test]
fn z16_a_date_beside_a_zone() {
    BARE.both(
        "DTSTART;VALUE=DATE;TZID=Europe/Berlin:20240115\nDURATION:P1D",
        json!({
            "start": "2024-01-15T00:00:00", "showWithoutTime": true, "duration": "P1D",
            "iCalendar": {"convertedProperties": {
                "start": {"name": "dtstart", "parameters": {"tzid": "Europe/Berlin"}},
            }},
        }),
    );
}

#[test]
fn z17_links_stay_as_they_are() {
    BARE.both(
        "DTSTART;TZID=US/Eastern:20240115T100000",
        json!({"start": "2024-01-15T10:00:00", "timeZone": "US/Eastern"}),
    );
}

#[test]
fn z18_utc_as_a_zone() {
    BARE.both(
        "DTSTART;TZID=UTC:20240115T100000",
        json!({"start": "2024-01-15T10:00:00", "timeZone": "UTC"}),
    );
}

#[test]
fn z19_utc_beside_another_end() {
    let members = json!({
        "start": "2024-01-15T09:00:00", "timeZone": "Etc/UTC", "endTimeZone": "Europe/Berlin",
        "duration": "PT1H",
    });
    assert_eq!(
        BARE.export(members),
        ["DTSTART;TZID=Etc/UTC:20240115T090000", "DTEND;TZID=Europe/Berlin:20240115T110000"]
    );
}

#[test]
fn z20_one_definition_each() {
    let series = object(
        "Event",
        json!({
            "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin", "endTimeZone": "Asia/Tokyo",
            "duration": "PT1H", "recurrenceRule": {"frequency": "daily", "count": 5},
            "recurrenceOverrides": {
                "2024-01-16T10:00:00": {"timeZone": "America/New_York"},
                "2024-01-17T10:00:00": {"timeZone": "Etc/UTC", "endTimeZone": null},
                "2024-01-18T10:00:00": {"endTimeZone": "America/New_York"},
            },
        }),
    );
    let (text, _) = write(&series);
    assert_eq!(defined(&text), ["TZID:America/New_York", "TZID:Asia/Tokyo", "TZID:Europe/Berlin"]);
    let alone = object(
        "Event",
        json!({
            "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin", "recurrenceId": "2024-01-15T09:00:00",
            "recurrenceIdTimeZone": "Europe/London",
        }),
    );
    assert_eq!(defined(&write(&alone).0), ["TZID:Europe/Berlin", "TZID:Europe/London"]);
    let utc = object("Event", json!({"start": "2024-01-15T10:00:00", "timeZone": "Etc/UTC"}));
    assert_eq!(defined(&write(&utc).0), NONE);
}

#[test]
fn z21_a_zone_that_nobody_knows() {
    // Open in the sources: the name goes out without a definition, so that it comes back.
    let members = json!({"start": "2024-01-15T10:00:00", "timeZone": "Foo/Bar"});
    let (text, codes) = write(&object("Event", members.clone()));
    assert!(text.contains("DTSTART;TZID=Foo/Bar:20240115T100000\r\n"), "{text}");
    assert_eq!(defined(&text), NONE);
    assert_eq!(codes, ["time-zone"]);
}

#[test]
fn z22_a_definition_that_comes_late() {
    let (zone, event) = (central("Office"), event("Office"));
    let before = BARE.read(&calendar(&format!("{zone}\n{event}"))).0;
    let after = BARE.read(&calendar(&format!("{event}\n{zone}"))).0;
    assert_eq!(before, after);
    assert_eq!(before["entries"][0]["timeZone"], "Europe/Berlin");
}

#[test]
fn z24_an_end_zone_alone() {
    let event = object(
        "Event",
        json!({
            "start": "2024-01-15T10:00:00", "endTimeZone": "Europe/Berlin", "duration": "PT1H",
        }),
    );
    let (text, codes) = write(&event);
    let lines = body(&text);
    for line in [
        "DTSTART:20240115T100000",
        "DURATION:PT1H",
        r#"JSPROP;JSPTR="endTimeZone":"Europe/Berlin""#,
    ] {
        assert!(lines.contains(&line.to_owned()), "{line} of {lines:?}");
    }
    assert_eq!(codes, ["zone-without-time"]);
}

#[test]
fn z25_a_zone_that_was_not_brought_along() {
    let event = json!({
        "@type": "Event", "uid": "u1", "updated": "2024-01-01T00:00:00Z",
        "start": "2024-01-15T10:00:00", "timeZone": "/X",
    });
    let (text, codes) = write(&event);
    assert!(text.contains("DTSTART;TZID=X:20240115T100000\r\n"), "{text}");
    assert_eq!(codes, ["time-zone"]);
}

#[test]
fn z26_the_zone_of_a_feed() {
    let lines = "X-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\n\
                 DTSTART:20240115T100000\nEND:VEVENT";
    let (group, _) = BARE.read(&calendar(lines));
    assert_eq!(group["entries"][0].get("timeZone"), None);
    assert_eq!(
        group["iCalendar"]["properties"],
        json!([["x-wr-timezone", {}, "unknown", "Europe/Berlin"]])
    );
    stays(lines);
}

#[test]
fn a_zone_inside_an_event_stays_there() {
    let odd = json!([
        "vtimezone",
        [["tzid", {}, "text", "Odd"]],
        [[
            "standard",
            [
                ["dtstart", {}, "date-time", "1970-01-01T00:00:00"],
                ["tzoffsetfrom", {}, "utc-offset", "+01:17"],
                ["tzoffsetto", {}, "utc-offset", "+01:17"],
            ],
            []
        ]]
    ]);
    let event = object(
        "Event",
        json!({
            "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin",
            "iCalendar": {"@type": "ICalComponent", "name": "vevent", "components": [odd],
                "convertedProperties": {"start": {"name": "dtstart", "parameters": {"tzid": "Odd"}}}},
        }),
    );
    let (text, codes) = write(&event);
    assert_eq!(codes, ["stale-hint"]);
    assert_eq!(text.matches("TZID:Odd").count(), 1, "{text}");
    let json = ical_jscal::FromIcal::new().json(&text).unwrap().value;
    assert_eq!(ical_jscal::ToIcal::new().json(&json).unwrap().value, text);
}
