//! VTODO and `Task`, both directions.

use serde_json::{Value, json};

use crate::case::{Case, TASK, components, object, simple, write};

const NONE: [&str; 0] = [];
/// A task from ten in the morning.
const STARTED: Case = Case::new("VTODO", "\nDTSTART;TZID=Europe/Berlin:20240115T100000");

/// The hatch of a task that keeps `properties`.
fn kept(properties: Value) -> Value {
    json!({"iCalendar": {"properties": properties}})
}

#[test]
fn d01_a_bare_task() {
    TASK.both("SUMMARY:Buy milk", json!({"title": "Buy milk"}));
    let text = TASK.text("SUMMARY:Buy milk");
    assert_eq!(
        simple(TASK.read(&text).0)["entries"],
        json!([{"uid": "u1", "updated": "2024-01-01T00:00:00Z", "title": "Buy milk"}])
    );
    let task = ical_jscal::from_ical(&text).unwrap().value.entries.remove(0);
    let jscalendar::Entry::Task(mut task) = task else { panic!("not a task") };
    task.version = Some(jscalendar::Version::V2_0);
    assert_eq!(
        task.validate(jscalendar::Version::V2_0)
            .into_iter()
            .map(|found| found.to_string())
            .collect::<Vec<_>>(),
        NONE
    );
}

#[test]
fn d02_due() {
    TASK.both(
        "DUE;TZID=Europe/Berlin:20240120T170000",
        json!({"due": "2024-01-20T17:00:00", "timeZone": "Europe/Berlin"}),
    );
}

#[test]
fn d03_due_on_a_date() {
    TASK.both(
        "DUE;VALUE=DATE:20240120",
        json!({"due": "2024-01-20T00:00:00", "showWithoutTime": true}),
    );
}

#[test]
fn d04_due_in_another_zone() {
    STARTED.both(
        "DUE;TZID=Asia/Tokyo:20240120T170000",
        json!({
            "due": "2024-01-20T09:00:00",
            "iCalendar": {"convertedProperties": {"due": {
                "name": "due", "parameters": {"tzid": "Asia/Tokyo"}, "ical-jscal:raw": "20240120T170000",
            }}},
        }),
    );
}

#[test]
fn d05_a_time_beside_a_date() {
    const DATED: Case = Case::new("VTODO", "\nDTSTART;VALUE=DATE:20240115");
    let line = "DUE:20240120T170000Z";
    DATED.both(line, kept(json!([["due", {}, "date-time", "2024-01-20T17:00:00Z"]])));
    assert_eq!(DATED.codes(line), ["invalid-value"]);
}

#[test]
fn d06_a_length() {
    // Open in the sources. Task has no `duration`, and what nobody said is not made up.
    STARTED.both("DURATION:PT2H", kept(json!([["duration", {}, "duration", "PT2H"]])));
}

#[test]
fn d07_estimate() {
    TASK.both("ESTIMATED-DURATION:PT2H", json!({"estimatedDuration": "PT2H"}));
}

#[test]
fn d08_percentage() {
    TASK.both("PERCENT-COMPLETE:40", json!({"percentComplete": 40}));
    for (value, json) in [("150", json!(150)), ("-1", json!(-1)), ("4.5", json!(4.5))] {
        let line = format!("PERCENT-COMPLETE:{value}");
        let kept = TASK.import(&line)["iCalendar"]["properties"][0].clone();
        assert_eq!(kept[0], "percent-complete");
        assert_eq!(kept[3], json, "{line}");
        assert_eq!(TASK.import(&line).get("percentComplete"), None);
        assert_eq!(TASK.codes(&line), ["invalid-value"]);
        TASK.stays(&line);
    }
}

#[test]
fn d09_progress() {
    for state in ["IN-PROCESS", "COMPLETED", "NEEDS-ACTION", "CANCELLED"] {
        TASK.both(&format!("STATUS:{state}"), json!({"progress": state.to_lowercase()}));
    }
}

#[test]
fn d10_failed() {
    TASK.both("STATUS:FAILED", json!({"progress": "failed"}));
}

#[test]
fn d11_pending() {
    // Open in the sources. JSCalendar has no such progress.
    TASK.both("STATUS:PENDING", kept(json!([["status", {}, "text", "PENDING"]])));
}

#[test]
fn d12_when_it_was_completed() {
    TASK.both(
        "STATUS:COMPLETED\nCOMPLETED:20240119T120000Z",
        json!({
            "progress": "completed",
            "iCalendar": {"properties": [["completed", {}, "date-time", "2024-01-19T12:00:00Z"]]},
        }),
    );
    TASK.both(
        "COMPLETED:20240119T120000Z",
        kept(json!([["completed", {}, "date-time", "2024-01-19T12:00:00Z"]])),
    );
    assert_eq!(TASK.export(json!({"progress": "completed"})), ["STATUS:COMPLETED"]);
}

#[test]
fn d13_a_rule_beside_what_is_due() {
    let lines = "DUE;TZID=Europe/Berlin:20240120T170000\nRRULE:FREQ=DAILY\n\
                 RDATE;TZID=Europe/Berlin:20240122T170000\nEXDATE;TZID=Europe/Berlin:20240121T170000";
    TASK.both(
        lines,
        json!({
            "due": "2024-01-20T17:00:00", "timeZone": "Europe/Berlin",
            "iCalendar": {"properties": [
                ["rrule", {}, "recur", {"freq": "DAILY"}],
                ["rdate", {"tzid": "Europe/Berlin"}, "date-time", "2024-01-22T17:00:00"],
                ["exdate", {"tzid": "Europe/Berlin"}, "date-time", "2024-01-21T17:00:00"],
            ]},
        }),
    );
    assert_eq!(TASK.codes(lines), ["rule", "rule", "rule"]);
}

#[test]
fn d14_a_rule_without_a_time() {
    TASK.both("RRULE:FREQ=DAILY", kept(json!([["rrule", {}, "recur", {"freq": "DAILY"}]])));
    assert_eq!(TASK.codes("RRULE:FREQ=DAILY"), ["rule"]);
}

#[test]
fn d15_an_occurrence_that_is_due_later() {
    let lines = "DUE;TZID=Europe/Berlin:20240115T180000\nRRULE:FREQ=DAILY;COUNT=5\nBEGIN:VTODO\nUID:u1\n\
                 DTSTAMP:20240101T000000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20240116T100000\n\
                 DTSTART;TZID=Europe/Berlin:20240116T100000\nDUE;TZID=Europe/Berlin:20240116T200000";
    let task = STARTED.import(lines);
    assert_eq!(
        task["recurrenceOverrides"],
        json!({"2024-01-16T10:00:00": {"due": "2024-01-16T20:00:00"}})
    );
    let (group, _) = STARTED.read(&STARTED.text(lines));
    let all = components(&write(&group).0, "VTODO");
    assert_eq!(
        all[1],
        [
            "UID:u1",
            "DTSTAMP:20240101T000000Z",
            "RECURRENCE-ID;TZID=Europe/Berlin:20240116T100000",
            "DTSTART;TZID=Europe/Berlin:20240116T100000",
            "DUE;TZID=Europe/Berlin:20240116T200000"
        ]
    );
}

#[test]
fn d16_a_zone_without_a_time() {
    let (lines, codes) = TASK.export_reporting(json!({"timeZone": "Europe/Berlin"}));
    assert_eq!(lines, [r#"JSPROP;JSPTR="timeZone":"Europe/Berlin""#]);
    assert_eq!(codes, ["zone-without-time"]);
    assert_eq!(TASK.import(&lines[0]), json!({"timeZone": "Europe/Berlin"}));
}

#[test]
fn d17_no_date_to_show() {
    let lines = TASK.export(json!({"showWithoutTime": true}));
    assert_eq!(lines, [r#"JSPROP;JSPTR="showWithoutTime":true"#]);
    assert_eq!(TASK.import(&lines[0]), json!({"showWithoutTime": true}));
}

#[test]
fn d18_due_at_a_time_that_is_not_shown() {
    TASK.both(
        "DUE;TZID=Europe/Berlin:20240120T170000\nSHOW-WITHOUT-TIME;VALUE=BOOLEAN:TRUE",
        json!({"due": "2024-01-20T17:00:00", "timeZone": "Europe/Berlin", "showWithoutTime": true}),
    );
}

#[test]
fn d19_what_only_icalendar_says_of_tasks() {
    TASK.both(
        "TASK-MODE:AUTOMATIC-COMPLETION\nSUBSTATE:OK\nREASON;VALUE=URI:https://e.example/r\n\
         BEGIN:VSTATUS\nSTATUS:IN-PROCESS\nDTSTAMP:20240101T000000Z\nEND:VSTATUS",
        json!({"iCalendar": {
            "properties": [
                ["task-mode", {}, "text", "AUTOMATIC-COMPLETION"],
                ["substate", {}, "text", "OK"],
                ["reason", {}, "uri", "https://e.example/r"],
            ],
            "components": [["vstatus", [
                ["status", {}, "text", "IN-PROCESS"],
                ["dtstamp", {}, "date-time", "2024-01-01T00:00:00Z"],
            ], []]],
        }}),
    );
}

#[test]
fn d20_when_the_progress_changed() {
    let task = json!({
        "@type": "Task", "uid": "u1", "updated": "2024-01-01T00:00:00Z", "progress": "completed",
        "progressUpdated": "2024-01-19T12:00:00Z",
    });
    assert_eq!(
        components(&write(&task).0, "VTODO"),
        [[
            "UID:u1",
            "DTSTAMP:20240101T000000Z",
            "LAST-MODIFIED:20240101T000000Z",
            "STATUS:COMPLETED",
            r#"JSPROP;JSPTR="progressUpdated":"2024-01-19T12:00:00Z""#
        ]]
    );
}

#[test]
fn d21_due_before_the_start() {
    let (lines, codes) = STARTED.export_reporting(json!({"due": "2024-01-14T10:00:00"}));
    assert_eq!(lines, ["DUE;TZID=Europe/Berlin:20240114T100000"]);
    assert_eq!(codes, ["due-before-start"]);
    STARTED.stays("DUE;TZID=Europe/Berlin:20240114T100000");
}

#[test]
fn d22_weeks_and_days() {
    assert_eq!(TASK.export(json!({"estimatedDuration": "P1W1D"})), ["ESTIMATED-DURATION:P8D"]);
    let (text, _) = write(&object("Task", json!({"estimatedDuration": "P1W"})));
    assert!(text.contains("ESTIMATED-DURATION:P1W\r\n"), "{text}");
}
