//! Whole examples, both directions.

use ical_jscal::{FromIcal, ToIcal};
use serde_json::{Value, json};

use crate::case::{body, calendar, components, object, simple, subtract, write};

/// The group of a text as JSON text, with the codes of what is reported.
fn read(text: &str) -> (Value, Vec<String>) {
    let json = FromIcal::new().json(text).unwrap();
    let codes = json.diagnostics.iter().map(|found| found.code.to_owned()).collect();
    (serde_json::from_str(&json.value).unwrap(), codes)
}

/// A text there and back, its lines in order of their letters.
fn round(text: &str) -> Vec<String> {
    let json = FromIcal::new().json(text).unwrap().value;
    body(&ToIcal::new().json(&json).unwrap().value)
}

/// The lines of a component, without BEGIN and END of the calendar.
fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort_unstable();
    lines
}

const SERIES: &str = "BEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\n\
    DTSTART;TZID=Europe/Berlin:20240115T100000\nDTEND;TZID=Europe/Berlin:20240115T110000\n\
    RRULE:FREQ=DAILY;UNTIL=20240119T090000Z\nEXDATE;TZID=Europe/Berlin:20240117T100000\n\
    RDATE;TZID=Europe/Berlin:20240122T100000\nSUMMARY:Standup\nEND:VEVENT\n\
    BEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20240116T100000\n\
    DTSTART;TZID=Europe/Berlin:20240116T150000\nDTEND;TZID=Europe/Berlin:20240116T153000\n\
    SUMMARY:Standup (late)\nEND:VEVENT";

#[test]
fn c01_series_with_a_move_a_cancellation_and_an_extra_date() {
    let text = calendar(SERIES);
    let (group, codes) = read(&text);
    assert_eq!(codes, [""; 0]);
    assert_eq!(
        group,
        json!({"@type": "Group", "version": "2.0", "prodId": "-//t//t//EN", "entries": [
            {"@type": "Event", "uid": "u1", "updated": "2024-01-01T00:00:00Z", "title": "Standup",
             "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H",
             "recurrenceRule": {"frequency": "daily", "until": "2024-01-19T10:00:00"},
             "recurrenceOverrides": {
                "2024-01-16T10:00:00": {
                    "start": "2024-01-16T15:00:00", "duration": "PT30M", "title": "Standup (late)",
                },
                "2024-01-17T10:00:00": {"excluded": true},
                "2024-01-22T10:00:00": {},
             },
             "iCalendar": {"@type": "ICalComponent", "name": "vevent", "convertedProperties": {
                "duration": {"@type": "ICalProperty", "name": "dtend"},
             }}},
        ]})
    );
    assert_eq!(sorted(round(&text)), sorted(body(&text)));
}

#[test]
fn c02_task_with_vendor_data() {
    let task = object(
        "Task",
        json!({
            "uid": "t1", "title": "Buy milk", "due": "2024-01-20T00:00:00", "showWithoutTime": true,
            "progress": "in-process", "percentComplete": 40,
            "alerts": {"x1": {
                "trigger": {"offset": "-PT30M", "relativeTo": "end"}, "example.com:tone": "bell",
            }},
            "example.com:list": ["a", "b"],
        }),
    );
    let (text, codes) = write(&task);
    assert_eq!(codes, [""; 0]);
    let expected = [
        "UID:t1",
        "DTSTAMP:20240101T000000Z",
        "LAST-MODIFIED:20240101T000000Z",
        "SUMMARY:Buy milk",
        "DUE;VALUE=DATE:20240120",
        "STATUS:IN-PROCESS",
        "PERCENT-COMPLETE:40",
        r#"JSPROP;JSPTR="example.com:list":["a"\,"b"]"#,
        "BEGIN:VALARM",
        "JSID:x1",
        "ACTION:DISPLAY",
        "DESCRIPTION;DERIVED=TRUE:Buy milk",
        "TRIGGER;RELATED=END:-PT30M",
        r#"JSPROP;JSPTR="example.com:tone":"bell""#,
        "END:VALARM",
    ];
    let lines = components(&text, "VTODO").remove(0);
    assert_eq!(sorted(lines), sorted(expected.map(str::to_owned).into()));

    let (group, _) = read(&text);
    let mut back = simple(group)["entries"][0].clone();
    // What came from iCalendar remembers its LAST-MODIFIED.
    back.as_object_mut().unwrap().remove("iCalendar");
    back["version"] = json!("2.0");
    assert_eq!(back, simple(task));
}

const MEETING: &str = "ORGANIZER;CN=Ann;SENT-BY=\"mailto:sec@example.com\":mailto:ann@example.com\n\
    ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:ann@example.com\n\
    ATTENDEE;CUTYPE=ROOM;RSVP=TRUE;X-NUM-GUESTS=2:mailto:bob@example.com";

#[test]
fn c03_meeting_with_its_organizer_as_an_attendee() {
    let event = crate::case::EVENT.import(MEETING);
    assert_eq!(
        event,
        json!({
            "organizerCalendarAddress": "mailto:ann@example.com", "sentBy": "sec@example.com",
            "participants": {
                "ce92c35a-3241-5d9a-a50c-ba56aaefd2bb": {
                    "calendarAddress": "mailto:ann@example.com", "name": "Ann", "sentBy": "sec@example.com",
                    "participationStatus": "accepted", "roles": {"owner": true, "chair": true},
                },
                "b9c13e2b-773e-5cb7-9267-136b443c83a5": {
                    "calendarAddress": "mailto:bob@example.com", "kind": "location", "expectReply": true,
                },
            },
            // That Ann's ATTENDEE has no SENT-BY is noted, for the conversion draft writes it on both lines.
            "iCalendar": {"convertedProperties": {
                "participants/ce92c35a-3241-5d9a-a50c-ba56aaefd2bb/calendarAddress": {
                    "name": "attendee", "parameters": {"sent-by": []},
                },
                "participants/b9c13e2b-773e-5cb7-9267-136b443c83a5/calendarAddress": {
                    "name": "attendee", "parameters": {"x-num-guests": "2"},
                },
            }},
        })
    );
    let parameters = |line: &str| {
        let (head, value) =
            line.split_at(line.find(":mailto:ann@").or_else(|| line.find(":mailto:bob@")).unwrap());
        let mut parts: Vec<&str> = head.split(';').collect();
        parts.sort_unstable();
        format!("{}{value}", parts.join(";"))
    };
    let found: Vec<String> =
        crate::case::EVENT.round(MEETING).iter().map(|line| parameters(line)).collect();
    assert_eq!(sorted(found), sorted(MEETING.split('\n').map(parameters).collect()));
}

#[test]
fn c04_zone_that_cannot_be_guessed() {
    let text = calendar(
        "BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:-0835\nTZOFFSETTO:-0835\n\
         END:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\n\
         DTSTART;TZID=Odd:20240115T100000\nEND:VEVENT",
    );
    let (mut group, codes) = read(&text);
    assert_eq!(codes, ["time-zone"]);
    assert_eq!(
        simple(group.clone()),
        json!({
            "version": "2.0", "prodId": "-//t//t//EN",
            "entries": [{
                "uid": "u1", "updated": "2024-01-01T00:00:00Z", "start": "2024-01-15T10:00:00",
                "iCalendar": {"convertedProperties": {
                    "start": {"name": "dtstart", "parameters": {"tzid": "Odd"}},
                }},
            }],
            "iCalendar": {"components": [["vtimezone", [["tzid", {}, "text", "Odd"]], [
                ["standard", [
                    ["dtstart", {}, "date-time", "1970-01-01T00:00:00"],
                    ["tzoffsetfrom", {}, "utc-offset", "-08:35"],
                    ["tzoffsetto", {}, "utc-offset", "-08:35"],
                ], []],
            ]]]},
        })
    );
    assert_eq!(write(&group).0, text);
    group["entries"][0]["timeZone"] = json!("Asia/Tokyo");
    let (edited, _) = write(&group);
    assert!(!edited.contains("Odd"), "{edited}");
    assert_eq!(
        subtract(body(&edited), body(&text)),
        ["DTSTART;TZID=Asia/Tokyo:20240115T100000", "-DTSTART;TZID=Odd:20240115T100000"]
    );
}
