//! `jmapctl check`.

use serde_json::Value;

use crate::program::{ICS, JSON, ODD, Place, fixture};

#[test]
fn good_files_have_no_violations() {
    let place = Place::new().with("a.ics", ICS).with("a.json", JSON);
    let run = place.run(["check", "a.ics", "a.json"]).ended(0);
    assert_eq!(run.stdout, "");
    insta::assert_snapshot!(run.stderr, @"checked: 2, with violations: 0 (errors: 0, warnings: 0)");
    for name in ["meeting.ics", "tasks.ics", "holidays.ics", "event.json", "legacy-event.json"] {
        let run = place.run(["check".as_ref(), fixture(name).as_os_str()]);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
    }
}

#[test]
fn violations_are_listed_with_their_place() {
    let bad = JSON.replace("\"Tea\"", "5").replace("\"uid\":\"e1\",", "\"priority\":10,");
    let place = Place::new()
        .with("a.json", &bad)
        .with("b.json", format!("[{JSON},{bad}]"))
        .with("c.ics", ODD);
    let run = place.run(["check", "a.json", "b.json", "c.ics"]).ended(1);
    insta::assert_snapshot!(run.stdout, @r#"
    a.json#/title: error[wrong-value]: the value has the wrong type or form
    a.json#/uid: error[missing-member]: uid is mandatory
    a.json#/priority: error[out-of-range]: 10 is not from 0 to 9
    b.json#/1/title: error[wrong-value]: the value has the wrong type or form
    b.json#/1/uid: error[missing-member]: uid is mandatory
    b.json#/1/priority: error[out-of-range]: 10 is not from 0 to 9
    c.ics:8:1: warning[until-date]: UNTIL is a date but the start is a date-time; read as midnight
    "#);
    insta::assert_snapshot!(run.stderr, @"checked: 3, with violations: 3 (errors: 6, warnings: 1)");
}

#[test]
fn programs_get_an_object_a_line() {
    let place =
        Place::new().with("in/a.json", JSON.replace("\"uid\":\"e1\",", "")).with("in/b.ics", ODD);
    let run = place.run(["check", "--json", "in", "missing.json"]).ended(1);
    insta::assert_snapshot!(run.stdout, @r#"
    {"file":"in/a.json","pointer":"/uid","severity":"error","code":"missing-member","property":"uid","message":"uid is mandatory"}
    {"file":"in/b.ics","line":8,"column":1,"severity":"warning","code":"until-date","property":"RRULE","message":"UNTIL is a date but the start is a date-time; read as midnight"}
    "#);
    insta::assert_snapshot!(run.stderr, @r#"
    {"file":"missing.json","severity":"error","code":"not-found","property":"","message":"there is no such file; check the spelling and the directory"}
    {"checked":2,"invalid":2,"unreadable":1,"errors":1,"warnings":1,"notes":0}
    "#);
    for line in run.stdout.lines().chain(run.stderr.lines()) {
        let _: Value = serde_json::from_str(line).unwrap();
    }
}

#[test]
fn each_object_is_checked_by_the_rules_of_its_version() {
    let old = r#"{"@type":"Event","uid":"e1","updated":"2026-01-01T00:00:00Z","start":"2026-03-01T09:00:00"}"#;
    let place = Place::new().with("old.json", old).with("new.json", JSON);
    place.run(["check", "old.json", "new.json"]).ended(0);
}

#[test]
fn notes_are_no_violations() {
    let place =
        Place::new().with("a.json", JSON.replace("\"title\"", "\"status\":\"odd\",\"title\""));
    let run = place.run(["check", "a.json"]).ended(0);
    insta::assert_snapshot!(run.stdout, @r#"a.json#/status: note[unknown-value]: "odd" is not registered"#);
    insta::assert_snapshot!(run.stderr, @"checked: 1, with violations: 0 (errors: 0, warnings: 0), notes: 1");
}

#[test]
fn standard_input_is_checked_too() {
    let run = Place::new().pipe(["check"], JSON.replace("\"uid\":\"e1\",", "").as_bytes()).ended(1);
    insta::assert_snapshot!(run.stdout, @"<stdin>#/uid: error[missing-member]: uid is mandatory");
}

#[test]
fn what_cannot_be_read_fails() {
    let place = Place::new().with("a.json", "{\"@type\":\"Event\"");
    let run = place.run(["check", "a.json", "missing.ics"]).ended(1);
    assert_eq!(run.stdout, "");
    insta::assert_snapshot!(run.stderr, @r#"
    a.json: error[not-jscalendar]: not JSCalendar: EOF while parsing an object at line 1 column 16
    missing.ics: error[not-found]: there is no such file; check the spelling and the directory
    checked: 0, with violations: 0 (errors: 0, warnings: 0), not readable: 2
    "#);
}
