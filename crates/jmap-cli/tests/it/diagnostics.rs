//! How findings are said, for people and for programs.

use serde_json::Value;

use crate::program::{ICS, JSON, ODD, Place};

#[test]
fn people_get_file_line_and_column() {
    let place = Place::new().with("odd.ics", ODD);
    let run = place.run(["convert", "odd.ics"]).ended(0);
    insta::assert_snapshot!(run.stderr, @"odd.ics:8:1: warning[until-date]: UNTIL is a date but the start is a date-time; read as midnight");
}

#[test]
fn people_get_file_and_pointer_on_the_json_side() {
    let place = Place::new().with("odd.json", format!("[{JSON},{}]", JSON.replace("\"Tea\"", "5")));
    let run = place.run(["convert", "odd.json"]).ended(0);
    insta::assert_snapshot!(run.stderr, @"odd.json#/1/title: warning[wrong-value]: expected a string; kept as it is");
}

#[test]
fn a_pointer_leads_into_the_file_as_it_is() {
    let place = Place::new()
        .with("a.json", r#"{"@type":"Event","uid":"e1","start":"2026-03-01T09:00:00"}"#);
    let run = place.run(["convert", "a.json"]).ended(0);
    insta::assert_snapshot!(run.stderr, @"a.json#/updated: warning[no-updated]: no time of the last change; DTSTAMP is made up");
}

#[test]
fn programs_get_an_object_a_line() {
    let place = Place::new()
        .with("in/odd.ics", ODD)
        .with("in/odd.json", JSON.replace("\"Tea\"", "5"))
        .with("in/x", "");
    let run = place.run(["convert", "--json", "in", "missing.ics", "-o", "out"]).ended(1);
    insta::assert_snapshot!(run.stderr, @r#"
    {"file":"in","severity":"note","code":"skipped-files","property":"","message":"1 file was skipped: only .ics, .ical, .ifb, .icalendar, .vcs and .json count"}
    {"file":"in/odd.ics","line":8,"column":1,"severity":"warning","code":"until-date","property":"RRULE","message":"UNTIL is a date but the start is a date-time; read as midnight"}
    {"file":"in/odd.json","pointer":"/title","severity":"warning","code":"wrong-value","property":"title","message":"expected a string; kept as it is"}
    {"file":"missing.ics","severity":"error","code":"not-found","property":"","message":"there is no such file; check the spelling and the directory"}
    "#);
    for line in run.stderr.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        for member in ["file", "severity", "code", "property", "message"] {
            assert!(line[member].is_string(), "{line}");
        }
    }
}

#[test]
fn standard_input_has_a_name() {
    let run = Place::new().pipe(["convert", "--json", "-"], ODD.as_bytes()).ended(0);
    let line: Value = serde_json::from_str(&run.stderr).unwrap();
    assert_eq!(
        (&line["file"], &line["line"], &line["column"]),
        (&"<stdin>".into(), &8.into(), &1.into())
    );
}

#[test]
fn a_missing_file_is_answered_with_advice() {
    let run = Place::new().run(["convert", "calender.ics"]).ended(1);
    insta::assert_snapshot!(run.stderr, @"calender.ics: error[not-found]: there is no such file; check the spelling and the directory");
}

#[test]
fn an_unknown_kind_is_answered_with_what_is_known() {
    let place = Place::new()
        .with("a", "hello")
        .with("b", "")
        .with("c", "[\"vcalendar\",[],[]]")
        .with("d", r#"{"@type":"Note"}"#)
        .with("e", b"{\"@type\":\"Event\",\n\"title\":\"\xE9\"}")
        .with("f", "{\"uid\":\"a\"}");
    let said: Vec<String> = ["a", "b", "c", "d", "e", "f"]
        .map(|name| place.run(["convert", name]).ended(1).stderr)
        .into();
    insta::assert_snapshot!(said.concat(), @r#"
    a: error[unknown-kind]: neither iCalendar (no BEGIN:VCALENDAR in it) nor JSCalendar (no JSON)
    b: error[unknown-kind]: there is nothing in it
    c: error[unknown-kind]: this is jCal, which is not supported; convert it to text first
    d: error[unknown-kind]: its @type is "Note"; JSCalendar has Event, Task and Group
    e: error[not-utf-8]: JSON has to be UTF-8, and this is not (line 2); convert the encoding first
    f: error[not-jscalendar]: not JSCalendar: an object without @type
    "#);
}

#[test]
fn findings_that_are_not_listed_are_counted() {
    let event = ICS
        .split_inclusive("PRODID:-//example.com//EN\r\n")
        .nth(1)
        .unwrap()
        .replace("END:VCALENDAR\r\n", "");
    let calendar = format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", event.repeat(1500));
    let run = Place::new().pipe(["convert", "--mode", "clean", "-"], calendar.as_bytes()).ended(0);
    assert_eq!(run.stderr.lines().count(), 1001);
    run.says("<stdin>: note[not-listed]: 500 more findings are not listed");
}

#[cfg(unix)]
#[test]
fn a_file_name_does_not_steer_the_terminal() {
    let place = Place::new().with("a\u{1b}[2J\n.ics", "hello");
    place
        .run(["convert", "a\u{1b}[2J\n.ics"])
        .ended(1)
        .says("a\\u{1b}[2J\\n.ics: error[unknown-kind]");
}
