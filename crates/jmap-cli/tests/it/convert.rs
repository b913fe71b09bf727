//! One input: what comes out, and where.

use std::fs::{self, File};

use serde_json::json;

use crate::program::{ICS, JSON, ODD, Place, Run, fixture};

#[test]
fn one_input_goes_to_standard_output_as_compact_json() {
    let place = Place::new().with("a.ics", ICS);
    let run = place.run(["convert", "a.ics"]).quietly();
    assert!(run.stdout.starts_with(r#"{"@type":"Group","#), "{}", run.stdout);
    assert_eq!(run.stdout.matches('\n').count(), 1, "one line, which has an end");
    let group = run.json();
    assert_eq!(group["entries"][0]["title"], "Tea");
    assert_eq!(place.files(""), ["a.ics"], "nothing else is left behind");
}

#[test]
fn json_becomes_icalendar() {
    let place = Place::new().with("a.json", JSON);
    let run = place.run(["convert", "a.json"]).quietly();
    assert!(run.stdout.starts_with("BEGIN:VCALENDAR\r\n"));
    assert!(run.stdout.ends_with("END:VCALENDAR\r\n"));
    assert!(run.stdout.contains("SUMMARY:Tea\r\n"));
}

#[test]
fn what_is_converted_and_converted_back_is_the_same() {
    let place = Place::new().with("a.ics", ICS);
    place.run(["convert", "a.ics", "-o", "b.json"]).quietly();
    let back = place.run(["convert", "b.json"]).quietly().stdout;
    let lines = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&back), lines(ICS));
}

#[test]
fn the_kind_shows_in_the_content_and_not_in_the_name() {
    let place = Place::new().with("a.json", ICS).with("b.ics", JSON).with("c", ICS);
    assert!(place.run(["convert", "a.json"]).quietly().stdout.starts_with('{'));
    assert!(place.run(["convert", "b.ics"]).quietly().stdout.starts_with("BEGIN"));
    assert!(place.run(["convert", "c"]).quietly().stdout.starts_with('{'));
}

#[test]
fn o_names_a_file() {
    let place = Place::new().with("a.ics", ICS).with("b", "old");
    let run = place.run(["convert", "a.ics", "-o", "b"]).quietly();
    assert_eq!(run.stdout, "");
    assert_eq!(place.json("b")["entries"][0]["uid"], "e1");
    assert_eq!(place.files(""), ["a.ics", "b"]);
}

#[test]
fn o_names_a_directory_that_is_there() {
    let place = Place::new().with("a.ics", ICS).with("out/other", "");
    place.run(["convert", "a.ics", "-o", "out"]).quietly();
    assert_eq!(place.files("out"), ["a.json", "other"]);
}

#[test]
fn o_names_a_directory_that_is_made() {
    let place = Place::new().with("a.ics", ICS);
    place.run(["convert", "a.ics", "-o", "out/"]).quietly();
    assert_eq!(place.files("out"), ["a.json"]);
}

#[test]
fn standard_input_is_a_dash_or_nothing() {
    let place = Place::new();
    let dash = place.pipe(["convert", "-"], ICS.as_bytes()).quietly();
    let nothing = place.pipe(["convert"], ICS.as_bytes()).quietly();
    assert_eq!(dash.json()["entries"][0]["uid"], "e1");
    assert_eq!(dash.stdout, nothing.stdout);

    place.pipe(["convert", "-o", "."], JSON.as_bytes()).quietly();
    assert_eq!(place.files(""), ["stdin.ics"]);
}

#[test]
fn standard_input_may_be_a_file() {
    let place = Place::new().with("a.ics", ICS);
    let mut command = place.command(["convert"]);
    let output = command.stdin(File::open(place.path("a.ics")).unwrap()).output().unwrap();
    assert_eq!(Run::of(output).quietly().json()["entries"][0]["uid"], "e1");
}

#[test]
fn a_dash_after_o_is_standard_output() {
    let place = Place::new().with("a.ics", ICS);
    assert!(place.run(["convert", "a.ics", "-o", "-"]).quietly().stdout.starts_with('{'));
}

#[test]
fn several_calendars_are_an_array_and_an_array_is_several_calendars() {
    let place = Place::new().with("a.ics", format!("{ICS}{ICS}"));
    let run = place.run(["convert", "a.ics", "-o", "a.json"]).quietly();
    assert_eq!(run.stdout, "");
    assert_eq!(place.json("a.json").as_array().map(Vec::len), Some(2));
    let back = place.run(["convert", "a.json"]).quietly();
    assert_eq!(back.stdout.matches("BEGIN:VCALENDAR").count(), 2);
}

#[test]
fn pretty_indents_json_and_changes_nothing_else() {
    let place = Place::new().with("a.ics", format!("{ICS}{ICS}")).with("a.json", JSON);
    let compact = place.run(["convert", "a.ics"]).quietly();
    let pretty = place.run(["convert", "--pretty", "a.ics"]).quietly();
    assert!(pretty.stdout.starts_with("[\n  {\n    \"@type\": \"Group\",\n"), "{}", pretty.stdout);
    assert_eq!(pretty.json(), compact.json());
    let plain = place.run(["convert", "a.json"]).quietly();
    assert_eq!(place.run(["convert", "--pretty", "a.json"]).quietly().stdout, plain.stdout);
}

#[test]
fn version_1_0_has_its_own_names() {
    let place = Place::new().with("a.ics", ICS.replace("SUMMARY:Tea", "RRULE:FREQ=DAILY"));
    let entry = |args: &[&str]| place.run(args).quietly().json()["entries"][0].clone();
    let new = entry(&["convert", "a.ics"]);
    assert!(new.get("recurrenceRule").is_some() && new.get("recurrenceRules").is_none(), "{new}");
    let old = entry(&["convert", "--jscal-version", "1.0", "a.ics"]);
    assert!(old.get("recurrenceRule").is_none() && old.get("recurrenceRules").is_some(), "{old}");
}

#[test]
fn to_jscal_changes_the_version_of_jscalendar() {
    let place = Place::new();
    let path = fixture("legacy-event.json");
    let new = place
        .run(["convert".as_ref(), "--to".as_ref(), "jscal".as_ref(), path.as_os_str()])
        .ended(0)
        .json();
    assert_eq!((&new["@type"], &new["version"]), (&json!("Event"), &json!("2.0")));
    assert!(new.get("recurrenceRule").is_some());
    let args = ["convert", "--to", "jscal", "--jscal-version", "1.0"];
    let old = place.pipe(args, new.to_string().as_bytes()).ended(0).json();
    assert!(old.get("version").is_none() && old.get("recurrenceRules").is_some(), "{old}");
}

#[test]
fn to_jscal_keeps_an_array_an_array() {
    let place = Place::new().with("a.json", format!("[{JSON}, {JSON}]"));
    let run = place.run(["convert", "--to", "jscal", "a.json"]).quietly();
    assert_eq!(run.json().as_array().map(Vec::len), Some(2));
}

#[test]
fn to_ical_makes_icalendar_regular() {
    let place = Place::new().with("a.ics", ICS.replace("\r\n", "\n"));
    let run = place.run(["convert", "--to", "ical", "a.ics"]).quietly();
    assert!(run.stdout.contains("SUMMARY:Tea\r\n") && run.stdout.contains("X-MOOD:good\r\n"));
}

#[test]
fn clean_leaves_out_what_has_no_counterpart_and_says_so() {
    let place = Place::new().with("a.ics", ICS);
    let run = place
        .run(["convert", "--mode", "clean", "a.ics"])
        .ended(0)
        .says("a.ics:9:1: warning[lost]");
    assert!(!run.stdout.to_lowercase().contains("x-mood"), "{}", run.stdout);
    let run = place.run(["convert", "a.ics"]).quietly();
    assert!(run.stdout.to_lowercase().contains("x-mood"), "{}", run.stdout);
}

#[test]
fn strict_refuses_what_had_to_be_repaired() {
    let place = Place::new().with("good.ics", ICS).with("odd.ics", ODD);
    place.run(["convert", "--mode", "strict", "good.ics"]).quietly();
    let run = place.run(["convert", "--mode", "strict", "odd.ics"]).ended(1);
    assert_eq!(run.stdout, "");
    insta::assert_snapshot!(run.stderr, @"
    odd.ics:8:1: warning[until-date]: UNTIL is a date but the start is a date-time; read as midnight
    odd.ics: error[not-exact]: something was lost or had to be repaired, which strict mode does not allow
    ");
    place.run(["convert", "odd.ics"]).ended(0).says("warning[until-date]");
}

#[test]
fn now_is_the_time_stamp_of_what_has_none() {
    let unstamped = ICS.replace("DTSTAMP:20260101T000000Z\r\n", "");
    let place = Place::new().with("a.ics", &unstamped).with("stamped.ics", ICS);
    let updated = |args: &[&str]| place.run(args).ended(0).json()["entries"][0]["updated"].clone();
    assert_eq!(updated(&["convert", "a.ics"]), json!(null));
    assert_eq!(
        updated(&["convert", "--now", "2026-02-03T04:05:06Z", "a.ics"]),
        "2026-02-03T04:05:06Z"
    );
    assert_eq!(
        updated(&["convert", "--now", "2026-02-03T04:05:06Z", "stamped.ics"]),
        "2026-01-01T00:00:00Z"
    );
    let now = updated(&["convert", "--now", "now", "a.ics"]);
    assert!(now.as_str().unwrap() > "2025", "{now}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let place = Place::new();
    for name in ["meeting.ics", "broken.ics", "event.json"] {
        let path = fixture(name);
        let run = || place.run(["convert".as_ref(), path.as_os_str()]).ended(0);
        let (first, second) = (run(), run());
        assert_eq!((first.stdout, first.stderr), (second.stdout, second.stderr), "{name}");
    }
}

#[test]
fn every_fixture_converts() {
    let place = Place::new();
    for name in ["meeting", "tasks", "holidays", "custom-zone", "broken"] {
        let path = fixture(&format!("{name}.ics"));
        let json = place.run(["convert".as_ref(), path.as_os_str()]).ended(0).stdout;
        let back = place.pipe(["convert"], json.as_bytes()).ended(0).stdout;
        let events =
            |text: &str| text.matches("BEGIN:VEVENT").count() + text.matches("BEGIN:VTODO").count();
        assert_eq!(events(&back), events(&fs::read_to_string(path).unwrap()), "{name}");
    }
}

#[test]
fn byte_order_marks_are_no_content() {
    let place = Place::new()
        .with("a.json", format!("\u{FEFF}{JSON}"))
        .with("a.ics", format!("\u{FEFF}{ICS}"));
    place.run(["convert", "a.json"]).quietly();
    place.run(["convert", "a.ics"]).quietly();
}
