//! `jmapctl convert --expand`.

use serde_json::Value;

use crate::program::{ICS, JSON, Place};

const MARCH: &str = "2026-03-01..2026-04-01";

/// A series in a zone that came with the calendar, a day, a task, and a task for no time.
const TEAM: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example.com//EN\r\n\
    BEGIN:VTIMEZONE\r\nTZID:Camp\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0137\r\n\
    TZOFFSETTO:+0137\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
    BEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Camp:20260223T013000\r\n\
    DURATION:PT1H\r\nRRULE:FREQ=WEEKLY\r\nEXDATE;TZID=Camp:20260309T013000\r\nSUMMARY:Watch\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;TZID=Camp:20260316T013000\r\n\
    DTSTART;TZID=Camp:20260317T013000\r\nDURATION:PT1H\r\nSUMMARY:Late watch\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:day\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260302\r\nSUMMARY:Day off\r\n\
    END:VEVENT\r\n\
    BEGIN:VTODO\r\nUID:report\r\nDTSTAMP:20260101T000000Z\r\nDUE;TZID=Europe/Berlin:20260331T170000\r\n\
    END:VTODO\r\nBEGIN:VTODO\r\nUID:some-day\r\nDTSTAMP:20260101T000000Z\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";

#[test]
fn an_occurrence_a_line_by_start() {
    let run = Place::new().with("team.ics", TEAM).run(["convert", "--expand", MARCH, "team.ics"]);
    insta::assert_snapshot!(run.ended(0).stdout, @r#"
    {"uid":"weekly","recurrenceId":"2026-03-02T01:30:00","start":"2026-03-02T01:30:00","end":"2026-03-02T02:30:00","zone":"/Camp","title":"Watch"}
    {"uid":"day","start":"2026-03-02","end":"2026-03-03","title":"Day off"}
    {"uid":"weekly","recurrenceId":"2026-03-16T01:30:00","start":"2026-03-17T01:30:00","end":"2026-03-17T02:30:00","zone":"/Camp","title":"Late watch"}
    {"uid":"weekly","recurrenceId":"2026-03-23T01:30:00","start":"2026-03-23T01:30:00","end":"2026-03-23T02:30:00","zone":"/Camp","title":"Watch"}
    {"uid":"weekly","recurrenceId":"2026-03-30T01:30:00","start":"2026-03-30T01:30:00","end":"2026-03-30T02:30:00","zone":"/Camp","title":"Watch"}
    {"uid":"report","start":"2026-03-31T17:00:00","end":"2026-03-31T17:00:00","zone":"Europe/Berlin"}
    "#);
}

#[test]
fn json_gives_what_its_calendar_gives() {
    let place = Place::new().with("team.ics", TEAM);
    let from_ical = place.run(["convert", "--expand", MARCH, "team.ics"]).ended(0).stdout;
    place.run(["convert", "team.ics", "-o", "team.json"]).ended(0);
    let from_json = place.run(["convert", "--expand", MARCH, "team.json"]).ended(0).stdout;
    assert_eq!(from_json, from_ical);
    let piped = place.pipe(["convert", "--expand", MARCH], TEAM.as_bytes()).ended(0).stdout;
    assert_eq!(piped, from_ical);
}

#[test]
fn the_end_of_the_window_is_not_part_of_it() {
    let place = Place::new().with("a.json", JSON);
    for (window, count) in [
        ("2026-03-01T09:00:00Z..2026-03-01T09:00:01Z", 1),
        ("2026-03-01..2026-03-01T09:00:00", 0),
        ("2026-03-01T09:00:01..2026-03-02", 0),
    ] {
        let run = place.run(["convert", "--expand", window, "a.json"]).quietly();
        assert_eq!(run.stdout.lines().count(), count, "{window}");
    }
}

#[test]
fn inputs_follow_each_other_into_one_place() {
    let later = JSON.replace("2026-03-01T09", "2026-03-01T08");
    let place = Place::new().with("in/a.ics", ICS).with("in/b.json", format!("[{later},{JSON}]"));
    let lines = place.run(["convert", "--expand", MARCH, "in"]).quietly().stdout;
    insta::assert_snapshot!(lines, @r#"
    {"uid":"e1","start":"2026-03-01T09:00:00","end":"2026-03-01T09:00:00","zone":"Etc/UTC","title":"Tea"}
    {"uid":"e1","start":"2026-03-01T08:00:00","end":"2026-03-01T08:00:00","zone":"Etc/UTC","title":"Tea"}
    {"uid":"e1","start":"2026-03-01T09:00:00","end":"2026-03-01T09:00:00","zone":"Etc/UTC","title":"Tea"}
    "#);
    assert_eq!(
        place.run(["convert", "--expand", MARCH, "in", "-o", "out.jsonl"]).quietly().stdout,
        ""
    );
    assert_eq!(place.read("out.jsonl"), lines);
    place.run(["convert", "--expand", MARCH, "in", "-o", "in"]).ended(2).says("in is a directory");
    place
        .run(["convert", "--expand", MARCH, "in", "-o", "in/a.ics"])
        .ended(2)
        .says("in/a.ics is an input: give another name with -o");
}

#[test]
fn another_zone_at_the_end_is_named() {
    let flight = JSON.replace("Etc/UTC", "Europe/Berlin");
    let flight = flight.replace(
        "\"title\"",
        "\"duration\":\"PT9H\",\"endTimeZone\":\"America/New_York\",\"title\"",
    );
    let run = Place::new().pipe(["convert", "--expand", MARCH], flight.as_bytes()).quietly();
    insta::assert_snapshot!(run.stdout, @r#"{"uid":"e1","start":"2026-03-01T09:00:00","end":"2026-03-01T12:00:00","zone":"Europe/Berlin","endZone":"America/New_York","title":"Tea"}"#);
}

#[test]
fn an_occurrence_without_its_series_keeps_its_id() {
    let one = JSON.replace("\"title\"", "\"recurrenceId\":\"2026-02-28T09:00:00\",\"title\"");
    let run = Place::new().pipe(["convert", "--expand", MARCH], one.as_bytes()).quietly();
    let line: Value = run.json();
    assert_eq!(line["recurrenceId"], "2026-02-28T09:00:00");
    assert_eq!(line["start"], "2026-03-01T09:00:00");
}

#[test]
fn what_cannot_be_expanded_is_listed() {
    let group = format!(
        "{{\"@type\":\"Group\",\"uid\":\"g\",\"entries\":[{},{},{},{JSON}]}}",
        JSON.replace("Etc/UTC", "Mars/Olympus"),
        JSON.replace(
            "\"title\"",
            "\"recurrenceRule\":{\"frequency\":\"daily\",\"byHour\":[24]},\"title\""
        ),
        JSON.replace("\"start\"", "\"begin\""),
    );
    let place = Place::new().with("a.json", group);
    let run = place.run(["convert", "--expand", MARCH, "a.json"]).ended(0);
    assert_eq!(run.stdout.lines().count(), 1);
    insta::assert_snapshot!(run.stderr, @r#"
    a.json#/entries/0/timeZone: warning[not-expanded]: not expanded: the time zone Mars/Olympus is not known
    a.json#/entries/1/recurrenceRule/byHour/0: warning[not-expanded]: not expanded: the rule cannot be followed: expected an hour from 0 to 23
    a.json#/entries/2/start: warning[not-expanded]: not expanded: there is no start
    "#);
    let run = place.run(["convert", "--expand", MARCH, "--mode", "strict", "a.json"]).ended(1);
    assert_eq!(run.stdout, "");
    run.says("a.json: error[not-exact]");
}

#[test]
fn too_many_occurrences_fail() {
    let each_second =
        JSON.replace("\"title\"", "\"recurrenceRule\":{\"frequency\":\"secondly\"},\"title\"");
    let place = Place::new().with("a.json", each_second).with("b.json", JSON).with("c.json", "{}");
    let run = place.run(["convert", "--expand", MARCH, "a.json", "b.json", "c.json"]).ended(1);
    assert_eq!(run.stdout.lines().count(), 1);
    insta::assert_snapshot!(run.stderr, @r#"
    a.json: error[too-many-occurrences]: more than 1000000 occurrences; ask for a shorter time
    c.json: error[unknown-kind]: JSON, but neither Event nor Task nor Group of JSCalendar: it has no @type
    2 of 3 inputs failed
    "#);
}

#[test]
fn a_file_stays_if_there_is_nothing_to_put_into_it() {
    let place = Place::new().with("a.json", "{}").with("out.jsonl", "kept");
    place.run(["convert", "--expand", MARCH, "a.json", "-o", "out.jsonl"]).ended(1);
    assert_eq!(place.read("out.jsonl"), "kept");
    place
        .run(["convert", "--expand", MARCH, "a.json", "-o", "missing/out.jsonl"])
        .ended(1)
        .says("missing/out.jsonl: error[unwritable]");
}

#[test]
fn what_makes_no_sense_with_it_is_refused() {
    for other in
        [&["--to", "jscal"][..], &["--jscal-version", "1.0"], &["--now", "now"], &["--pretty"]]
    {
        let args = ["convert", "--expand", MARCH].iter().chain(other).collect::<Vec<_>>();
        Place::new().run(args).ended(2).says("cannot be used with");
    }
}
