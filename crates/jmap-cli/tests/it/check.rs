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

/// An event with these members besides.
fn with(members: &str) -> String {
    JSON.replace("\"title\"", &format!("{members},\"title\""))
}

#[test]
fn rules_that_never_match_are_found() {
    let never =
        r#""recurrenceRule":{"frequency":"yearly","byMonth":["2"],"byMonthDay":[30],"count":3}"#;
    let once = r#""recurrenceRule":{"frequency":"daily","count":1}"#;
    let over = r#""recurrenceRule":{"frequency":"daily","until":"2026-03-01T10:00:00"}"#;
    let rare = r#""recurrenceRule":{"frequency":"yearly","byMonth":["2"],"byMonthDay":[29]}"#;
    let several = r#""recurrenceRules":[{"frequency":"daily"},
        {"frequency":"daily","byMonth":["2"],"byMonthDay":[30]}]"#;
    let place = Place::new()
        .with("never.json", with(never))
        .with("once.json", with(once))
        .with("over.json", with(over))
        .with("rare.json", with(rare))
        .with(
            "never.ics",
            ICS.replace("SUMMARY", "RRULE:FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31\r\nSUMMARY"),
        );
    let run = place.run(["check", "."]).ended(1);
    insta::assert_snapshot!(run.stdout, @r#"
    ./never.ics#/entries/0/recurrenceRule: warning[never-matches]: the rule never matches: it gives nothing after the start, in any year
    ./never.json#/recurrenceRule: warning[never-matches]: the rule never matches: it gives nothing after the start, in any year
    "#);
    let several = with(several).replace("\"2.0\"", "\"1.0\"");
    let run = Place::new().pipe(["check"], several.as_bytes()).ended(1);
    assert_eq!(run.stdout.matches("[never-matches]").count(), 1);
}

#[test]
fn many_rules_that_never_match_are_not_all_looked_for() {
    let never =
        with(r#""recurrenceRule":{"frequency":"yearly","byMonth":["2"],"byMonthDay":[30]}"#);
    let never = never.replace("\"version\":\"2.0\",", "");
    let group = format!(
        r#"{{"@type":"Group","version":"2.0","uid":"g","updated":"2026-01-01T00:00:00Z","entries":[{}]}}"#,
        vec![never.as_str(); 30].join(",")
    );
    let run = Place::new().pipe(["check"], group.as_bytes()).ended(1);
    assert_eq!(run.stdout.matches("[never-matches]").count(), 20);
    insta::assert_snapshot!(run.stdout.lines().last().unwrap_or_default(), @"<stdin>#/entries/20/recurrenceRule: note[not-checked]: many rules never match; from here on this was not checked");
}

#[test]
fn exclusions_of_nothing_are_found() {
    let series = r#""recurrenceRule":{"frequency":"weekly"},"recurrenceOverrides":{
        "2026-03-08T09:00:00":{"excluded":true},"2026-03-09T09:00:00":{"excluded":true},
        "2026-03-10T09:00:00":{"title":"More"},"2026-02-22T09:00:00":{"excluded":true}}"#;
    let alone = r#""recurrenceOverrides":{"2026-03-01T09:00:00":{"excluded":true},
        "2026-03-02T09:00:00":{"excluded":true},"2026-03-03T09:00:00":{}}"#;
    let place = Place::new()
        .with("series.json", with(series))
        .with("alone.json", format!("[{}]", with(alone)))
        .with(
            "a.ics",
            ICS.replace(
                "SUMMARY",
                "RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20260302T090000Z,20260304T090000Z\r\nSUMMARY",
            ),
        );
    let run = place.run(["check", "."]).ended(1);
    insta::assert_snapshot!(run.stdout, @r#"
    ./a.ics#/entries/0/recurrenceOverrides/2026-03-04T09:00:00: warning[excludes-nothing]: nothing happens at this time that could be excluded
    ./alone.json#/0/recurrenceOverrides/2026-03-02T09:00:00: warning[excludes-nothing]: nothing happens at this time that could be excluded
    ./series.json#/recurrenceOverrides/2026-02-22T09:00:00: warning[excludes-nothing]: nothing happens at this time that could be excluded
    ./series.json#/recurrenceOverrides/2026-03-09T09:00:00: warning[excludes-nothing]: nothing happens at this time that could be excluded
    "#);
}

#[test]
fn zones_and_rules_that_nobody_knows_are_said_once() {
    let zone = JSON.replace("Etc/UTC", "Mars/Olympus");
    let custom = JSON.replace("Etc/UTC", "/Camp").replace("2.0", "1.0");
    let defined = custom.replace("\"title\"", r#""timeZones":{"/Camp":{"@type":"TimeZone","tzId":"Camp","standard":[{"@type":"TimeZoneRule","start":"1970-01-01T00:00:00","offsetFrom":"+0100","offsetTo":"+0100"}]}},"title""#);
    let place = Place::new()
        .with("a-zone.json", zone)
        .with("b-custom.json", custom)
        .with("c-defined.json", &defined)
        .with("d-empty.json", defined.replace("+0100", "later"))
        .with("e-hour.json", with(r#""recurrenceRule":{"frequency":"daily","byHour":[24]}"#))
        .with("f-vendor.json", with(r#""recurrenceRule":{"frequency":"example.com:fortnightly"}"#))
        .with(
            "g-calendar.json",
            with(r#""recurrenceRule":{"frequency":"daily","rscale":"martian"}"#),
        );
    let run = place.run(["check", "."]).ended(1);
    insta::assert_snapshot!(run.stdout, @r#"
    ./a-zone.json#/timeZone: warning[unknown-zone]: no time zone has the name Mars/Olympus
    ./b-custom.json#/timeZone: error[undefined-zone]: timeZones does not define /Camp
    ./d-empty.json#/timeZones/~1Camp/standard/0/offsetFrom: error[invalid-zone]: an offset is written as +0100 or -033000
    ./d-empty.json#/timeZones/~1Camp/standard/0/offsetTo: error[invalid-zone]: an offset is written as +0100 or -033000
    ./d-empty.json#/timeZone: warning[unknown-zone]: the time zone /Camp is not known
    ./e-hour.json#/recurrenceRule/byHour/0: error[out-of-range]: 24 is out of range
    ./f-vendor.json#/recurrenceRule/frequency: warning[wrong-rule]: the rule cannot be followed: expected a unit of time
    ./g-calendar.json#/recurrenceRule/rscale: note[wrong-rule]: the rule cannot be followed: expected a calendar that is known here
    "#);
}

#[test]
fn thousands_of_overrides_are_checked_quickly() {
    let days = (0..20_000).map(|at| {
        let (year, month, day) = (3000 + at / 336, at / 28 % 12 + 1, at % 28 + 1);
        format!(r#""{year}-{month:02}-{day:02}T09:00:00":{{"excluded":true}}"#)
    });
    let days: Vec<String> = days.collect();
    let members = format!(
        r#""recurrenceRule":{{"frequency":"minutely","interval":10}},"recurrenceOverrides":{{{}}}"#,
        days.join(",")
    );
    // Walking there would be 50 million occurrences.
    let run = Place::new().pipe(["check"], with(&members).as_bytes()).ended(0);
    assert!(!run.stdout.contains("excludes-nothing"), "{}", run.stdout);
}
