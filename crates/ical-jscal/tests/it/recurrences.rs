//! Rules, and the dates that lines add to a series and take away from it, both directions.

use serde_json::{Value, json};

use crate::case::{BARE, EVENT, SERIES, TASK, body, object, write};

const NONE: [&str; 0] = [];

/// The hatch of an object whose rule has another text than export would give it.
fn raw(rule: &str) -> Value {
    json!({"convertedProperties": {"recurrenceRule": {"name": "rrule", "ical-jscal:raw": rule}}})
}

/// Asserts that a rule is kept as it is, and that the event does not recur.
#[track_caller]
fn is_kept(rule: &str) {
    let event = EVENT.import(&format!("RRULE:{rule}"));
    assert_eq!(event.get("recurrenceRule"), None, "{rule}");
    assert_eq!(event["iCalendar"]["properties"][0][0], "rrule", "{rule}");
    assert_eq!(EVENT.codes(&format!("RRULE:{rule}")), ["invalid-value"], "{rule}");
    EVENT.stays(&format!("RRULE:{rule}"));
}

#[test]
fn r01_rule() {
    EVENT.both(
        "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=6;BYDAY=MO,TH",
        json!({"recurrenceRule": {
            "frequency": "weekly", "interval": 2, "count": 6, "byDay": [{"day": "mo"}, {"day": "th"}],
        }}),
    );
    // Another order says the same and is not kept.
    assert_eq!(
        EVENT.round("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=6"),
        ["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=6;BYDAY=MO,TH"]
    );
}

#[test]
fn r02_defaults() {
    assert_eq!(
        EVENT.import("RRULE:FREQ=MONTHLY;BYDAY=-1FR;INTERVAL=1;WKST=MO"),
        json!({"recurrenceRule": {
            "frequency": "monthly", "byDay": [{"day": "fr", "nthOfPeriod": -1}],
        }})
    );
}

#[test]
fn r03_until_in_winter() {
    EVENT.both(
        "RRULE:FREQ=DAILY;UNTIL=20240201T090000Z",
        json!({"recurrenceRule": {"frequency": "daily", "until": "2024-02-01T10:00:00"}}),
    );
}

#[test]
fn r04_until_in_summer() {
    EVENT.both(
        "RRULE:FREQ=DAILY;UNTIL=20240630T220000Z",
        json!({"recurrenceRule": {"frequency": "daily", "until": "2024-07-01T00:00:00"}}),
    );
}

#[test]
fn r05_until_of_a_floating_series() {
    BARE.both(
        "DTSTART:20240115T100000\nRRULE:FREQ=DAILY;UNTIL=20240201T100000",
        json!({
            "start": "2024-01-15T10:00:00",
            "recurrenceRule": {"frequency": "daily", "until": "2024-02-01T10:00:00"},
        }),
    );
}

#[test]
fn r06_until_of_a_series_on_dates() {
    BARE.both(
        "DTSTART;VALUE=DATE:20240115\nDURATION:P1D\nRRULE:FREQ=DAILY;UNTIL=20240201",
        json!({
            "start": "2024-01-15T00:00:00", "showWithoutTime": true, "duration": "P1D",
            "recurrenceRule": {"frequency": "daily", "until": "2024-02-01T00:00:00"},
        }),
    );
}

#[test]
fn r07_until_is_a_date_but_the_start_is_none() {
    // Open in the sources. RFC 5545, section 3.3.10, forbids it and says nothing of what it would mean; the conversion
    // draft reads a date as midnight.
    let line = "RRULE:FREQ=DAILY;UNTIL=20240201";
    EVENT.both(
        line,
        json!({
            "recurrenceRule": {"frequency": "daily", "until": "2024-02-01T00:00:00"},
            "iCalendar": raw("FREQ=DAILY;UNTIL=20240201"),
        }),
    );
    assert_eq!(EVENT.codes(line), ["until-date"]);
}

#[test]
fn r08_until_in_an_hour_that_comes_twice() {
    let lines =
        "DTSTART;TZID=Europe/Berlin:20241001T023000\nRRULE:FREQ=DAILY;UNTIL=20241027T013000Z";
    let members = json!({
        "start": "2024-10-01T02:30:00", "timeZone": "Europe/Berlin",
        "recurrenceRule": {"frequency": "daily", "until": "2024-10-27T02:30:00"},
        "iCalendar": raw("FREQ=DAILY;UNTIL=20241027T013000Z"),
    });
    BARE.both(lines, members.clone());
    let mut edited = members;
    edited["recurrenceRule"]["interval"] = json!(2);
    let (lines, codes) = BARE.export_reporting(edited);
    assert_eq!(lines[1], "RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20241027T003000Z");
    assert_eq!(codes, ["stale-hint"]);
}

#[test]
fn r09_the_last_instance_is_one() {
    let lines = "RRULE:FREQ=DAILY;UNTIL=20240117T090000Z\nBEGIN:VEVENT\nUID:u1\nDTSTAMP:20240101T000000Z\n\
                 RECURRENCE-ID;TZID=Europe/Berlin:20240117T100000\nDTSTART;TZID=Europe/Berlin:20240117T100000\nSUMMARY:New";
    let event = EVENT.import(lines);
    assert_eq!(
        event["recurrenceRule"],
        json!({"frequency": "daily", "until": "2024-01-17T10:00:00"})
    );
    assert_eq!(event["recurrenceOverrides"], json!({"2024-01-17T10:00:00": {"title": "New"}}));
    let back = EVENT.round(lines);
    assert!(back.contains(&"RRULE:FREQ=DAILY;UNTIL=20240117T090000Z".to_owned()), "{back:?}");
    assert!(!back.iter().any(|line| line.starts_with("RDATE")), "{back:?}");
}

#[test]
fn r10_two_rules() {
    EVENT.both(
        "RRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=WEEKLY;BYDAY=MO",
        json!({
            "recurrenceRule": {"frequency": "daily", "count": 2},
            "iCalendar": {"properties": [["rrule", {}, "recur", {"freq": "WEEKLY", "byday": "MO"}]]},
        }),
    );
}

#[test]
fn r11_two_rules_in_version_1() {
    let lines = "RRULE:FREQ=DAILY;COUNT=2\nRRULE:FREQ=WEEKLY;BYDAY=MO";
    assert_eq!(
        EVENT.v1().import(lines),
        json!({"recurrenceRules": [
            {"frequency": "daily", "count": 2}, {"frequency": "weekly", "byDay": [{"day": "mo"}]},
        ]})
    );
    EVENT.v1().stays(lines);
}

#[test]
fn r12_excluded_rule() {
    let line = "EXRULE:FREQ=WEEKLY;BYDAY=MO";
    EVENT.both(
        line,
        json!({"iCalendar": {"properties": [["exrule", {}, "recur", {"freq": "WEEKLY", "byday": "MO"}]]}}),
    );
    assert_eq!(
        EVENT.v1().import(line),
        json!({"excludedRecurrenceRules": [{"frequency": "weekly", "byDay": [{"day": "mo"}]}]})
    );
    EVENT.v1().stays(line);
}

#[test]
fn r13_numbers_that_no_rule_has() {
    is_kept("FREQ=DAILY;INTERVAL=0");
    is_kept("FREQ=DAILY;COUNT=0");
}

#[test]
fn r14_a_long_count() {
    EVENT.both(
        "RRULE:FREQ=DAILY;COUNT=4294967297",
        json!({"recurrenceRule": {"frequency": "daily", "count": 4_294_967_297_u64}}),
    );
    is_kept("FREQ=DAILY;COUNT=9007199254740993");
}

#[test]
fn r15_rules_that_icalendar_cannot_say() {
    for (rule, json) in [
        (
            json!({"frequency": "monthly", "byDay": [{"day": "mo", "nthOfPeriod": 99999}]}),
            r#"{"frequency":"monthly"\,"byDay":[{"day":"mo"\,"nthOfPeriod":99999}]}"#,
        ),
        (json!({"frequency": "daily", "interval": 0}), r#"{"frequency":"daily"\,"interval":0}"#),
        (
            json!({"frequency": "daily", "byMonthDay": [0]}),
            r#"{"frequency":"daily"\,"byMonthDay":[0]}"#,
        ),
        (json!({"frequency": "daily", "byHour": [24]}), r#"{"frequency":"daily"\,"byHour":[24]}"#),
    ] {
        let (lines, codes) = EVENT.export_reporting(json!({"recurrenceRule": rule}));
        assert_eq!(lines, [format!(r#"JSPROP;JSPTR="recurrenceRule":{json}"#)]);
        assert_eq!(codes, ["rule"]);
        assert_eq!(EVENT.import(&lines[0])["recurrenceRule"], rule);
    }
}

#[test]
fn r16_skip_needs_a_calendar_system() {
    assert_eq!(
        EVENT.export(json!({"recurrenceRule": {"frequency": "yearly", "skip": "forward"}})),
        ["RRULE:RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD"]
    );
}

#[test]
fn r17_another_calendar_system() {
    EVENT.both(
        "RRULE:RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=8;SKIP=FORWARD",
        json!({"recurrenceRule": {
            "frequency": "yearly", "rscale": "hebrew", "skip": "forward", "byMonth": ["5L"], "byMonthDay": [8],
        }}),
    );
}

#[test]
fn r18_small_letters() {
    assert_eq!(
        EVENT.import("RRULE:freq=daily;byday=mo"),
        json!({"recurrenceRule": {"frequency": "daily", "byDay": [{"day": "mo"}]}})
    );
}

#[test]
fn r19_parts_that_nobody_knows() {
    EVENT.both(
        "RRULE:FREQ=DAILY;X-FOO=1;COUNT=2",
        json!({
            "recurrenceRule": {"frequency": "daily", "count": 2},
            "iCalendar": raw("FREQ=DAILY;X-FOO=1;COUNT=2"),
        }),
    );
}

#[test]
fn r20_no_rules() {
    // A property without a value is common and says nothing, so nothing is reported.
    EVENT.both("RRULE:", json!({"iCalendar": {"properties": [["rrule", {}, "unknown", ""]]}}));
    is_kept("FREQ=FORTNIGHTLY");
}

#[test]
fn r21_both_a_count_and_an_end() {
    // JSCalendar 2.0, section 4.3.3, allows one of them, and nobody knows which one was meant.
    is_kept("FREQ=DAILY;COUNT=2;UNTIL=20240201T090000Z");
}

#[test]
fn r22_an_occurrence_that_recurs() {
    let (lines, codes) = EVENT.export_reporting(json!({
        "recurrenceId": "2024-01-15T10:00:00", "recurrenceIdTimeZone": "Europe/Berlin",
        "recurrenceRule": {"frequency": "daily"},
    }));
    assert_eq!(
        lines,
        [
            "RECURRENCE-ID;TZID=Europe/Berlin:20240115T100000",
            r#"JSPROP;JSPTR="recurrenceRule":{"frequency":"daily"}"#
        ]
    );
    assert_eq!(codes, ["rule"]);
}

#[test]
fn r23_dates_without_a_rule() {
    EVENT.both(
        "RDATE;TZID=Europe/Berlin:20240122T100000",
        json!({"recurrenceOverrides": {"2024-01-22T10:00:00": {}}}),
    );
}

#[test]
fn r24_seconds_for_centuries() {
    let event = object(
        "Event",
        json!({
            "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin",
            "recurrenceRule": {"frequency": "secondly", "byMonthDay": [31], "byMonth": ["2"]},
            "recurrenceOverrides": {"2400-01-01T00:00:00": {"title": "x"}},
        }),
    );
    let lines = body(&write(&event).0);
    assert!(lines.contains(&"RDATE;TZID=Europe/Berlin:24000101T000000".to_owned()), "{lines:?}");
    assert!(lines.contains(&"RECURRENCE-ID;TZID=Europe/Berlin:24000101T000000".to_owned()));
}

#[test]
fn r25_empty_lists() {
    let rule = json!({"frequency": "weekly", "byDay": [], "byMonth": []});
    assert_eq!(EVENT.export(json!({"recurrenceRule": rule})), ["RRULE:FREQ=WEEKLY"]);
}

#[test]
fn r26_positions() {
    let day = |day: &str| json!({"day": day});
    EVENT.both(
        "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        json!({"recurrenceRule": {
            "frequency": "monthly", "bySetPosition": [-1],
            "byDay": [day("mo"), day("tu"), day("we"), day("th"), day("fr")],
        }}),
    );
}

#[test]
fn r27_two_rules_of_version_1() {
    let event = json!({
        "@type": "Event", "uid": "u1", "updated": "2024-01-01T00:00:00Z",
        "start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin",
        "recurrenceRules": [
            {"@type": "RecurrenceRule", "frequency": "daily", "count": 2},
            {"@type": "RecurrenceRule", "frequency": "weekly"},
        ],
        "excludedRecurrenceRules": [{"@type": "RecurrenceRule", "frequency": "yearly"}],
    });
    let lines = body(&write(&event).0);
    let rules: Vec<&String> = lines.iter().filter(|line| line.contains("RULE:")).collect();
    assert_eq!(rules, ["RRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=WEEKLY", "EXRULE:FREQ=YEARLY"]);
}

#[test]
fn a_rule_begins_with_its_frequency() {
    // RFC 5545, section 3.3.10, wants it so, and whoever stores the JSON may sort the members of an object.
    let hatch = json!({"properties": [
        ["rrule", {}, "recur", {"byday": "MO", "count": 2, "freq": "WEEKLY"}],
    ]});
    assert_eq!(EVENT.export(json!({"iCalendar": hatch})), ["RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2"]);
}

fn overrides(lines: &str) -> Value {
    SERIES.import(lines)["recurrenceOverrides"].clone()
}

/// What is left of the line that the override at `key` came from.
fn hint(lines: &str, key: &str) -> Value {
    SERIES.import(lines)["iCalendar"]["convertedProperties"][format!("recurrenceOverrides/{key}")]
        .clone()
}

#[test]
fn x01_exclusion() {
    SERIES.both(
        "EXDATE;TZID=Europe/Berlin:20240116T100000",
        json!({"recurrenceOverrides": {"2024-01-16T10:00:00": {"excluded": true}}}),
    );
}

#[test]
fn x02_exclusion_in_utc() {
    let line = "EXDATE:20240116T090000Z";
    assert_eq!(overrides(line), json!({"2024-01-16T10:00:00": {"excluded": true}}));
    SERIES.stays(line);
}

#[test]
fn x03_exclusion_in_another_zone() {
    let line = "EXDATE;TZID=America/New_York:20240116T040000";
    assert_eq!(overrides(line), json!({"2024-01-16T10:00:00": {"excluded": true}}));
    assert_eq!(
        hint(line, "2024-01-16T10:00:00"),
        json!({
            "name": "exdate", "parameters": {"tzid": "America/New_York"},
            "ical-jscal:raw": "20240116T040000",
        })
    );
    SERIES.stays(line);
}

#[test]
fn x04_two_exclusions_in_a_line() {
    let lines = "EXDATE;TZID=Europe/Berlin:20240116T100000,20240118T100000";
    assert_eq!(
        SERIES.import(lines),
        json!({"recurrenceOverrides": {
            "2024-01-16T10:00:00": {"excluded": true}, "2024-01-18T10:00:00": {"excluded": true},
        }})
    );
    assert_eq!(
        SERIES.round(lines),
        ["EXDATE;TZID=Europe/Berlin:20240116T100000", "EXDATE;TZID=Europe/Berlin:20240118T100000"]
    );
}

#[test]
fn x05_addition() {
    SERIES.both(
        "RDATE;TZID=Europe/Berlin:20240122T100000",
        json!({"recurrenceOverrides": {"2024-01-22T10:00:00": {}}}),
    );
}

#[test]
fn x06_period() {
    let line = "RDATE;VALUE=PERIOD:20240122T090000Z/PT30M";
    assert_eq!(overrides(line), json!({"2024-01-22T10:00:00": {"duration": "PT30M"}}));
    let hint = hint(line, "2024-01-22T10:00:00");
    assert_eq!([&hint["name"], &hint["valueType"]], ["rdate", "period"]);
    SERIES.stays(line);

    SERIES.both(
        "RDATE;TZID=Europe/Berlin;VALUE=PERIOD:20240122T100000/PT30M",
        json!({
            "recurrenceOverrides": {"2024-01-22T10:00:00": {"duration": "PT30M"}},
            "iCalendar": {"convertedProperties": {
                "recurrenceOverrides/2024-01-22T10:00:00": {"name": "rdate", "valueType": "period"},
            }},
        }),
    );
}

#[test]
fn x07_period_with_an_end() {
    let line = "RDATE;VALUE=PERIOD:20240122T090000Z/20240122T103000Z";
    assert_eq!(overrides(line), json!({"2024-01-22T10:00:00": {"duration": "PT1H30M"}}));
    SERIES.stays(line);
}

#[test]
fn x08_length_without_a_period() {
    let patch = json!({"2024-01-22T10:00:00": {"duration": "PT30M"}});
    assert_eq!(
        SERIES.export(json!({"recurrenceOverrides": patch})),
        [
            "RDATE;TZID=Europe/Berlin:20240122T100000",
            "BEGIN:VEVENT",
            "UID:u1",
            "DTSTAMP:20240101T000000Z",
            "LAST-MODIFIED:20240101T000000Z",
            "RECURRENCE-ID;TZID=Europe/Berlin:20240122T100000",
            "DTSTART;TZID=Europe/Berlin:20240122T100000",
            "DURATION:PT30M",
            "END:VEVENT",
        ]
    );
}

#[test]
fn x09_dates_that_are_there_already() {
    SERIES.both(
        "RDATE;TZID=Europe/Berlin:20240116T100000",
        json!({"recurrenceOverrides": {"2024-01-16T10:00:00": {}}}),
    );
    let twice =
        "RDATE;TZID=Europe/Berlin:20240122T100000\nRDATE;TZID=Europe/Berlin:20240122T100000";
    assert_eq!(overrides(twice), json!({"2024-01-22T10:00:00": {}}));
}

#[test]
fn x10_added_and_excluded() {
    let lines =
        "RDATE;TZID=Europe/Berlin:20240122T100000\nEXDATE;TZID=Europe/Berlin:20240122T100000";
    assert_eq!(overrides(lines), json!({"2024-01-22T10:00:00": {"excluded": true}}));
    SERIES.stays(lines);
}

#[test]
fn x11_a_date_excluded_from_times() {
    // Open in the sources. RFC 5545, section 3.8.5.1: an EXDATE matches the start of an instance, and a date is none of
    // them; so it stays as it is.
    let line = "EXDATE;VALUE=DATE:20240116";
    SERIES.both(line, json!({"iCalendar": {"properties": [["exdate", {}, "date", "2024-01-16"]]}}));
    assert_eq!(SERIES.codes(line), ["invalid-value"]);
}

#[test]
fn x12_a_date_added_to_times() {
    let line = "RDATE;VALUE=DATE:20240122";
    SERIES.both(line, json!({"iCalendar": {"properties": [["rdate", {}, "date", "2024-01-22"]]}}));
    assert_eq!(SERIES.codes(line), ["invalid-value"]);
}

#[test]
fn x13_a_period_and_its_component() {
    let lines = "RDATE;TZID=Europe/Berlin;VALUE=PERIOD:20240122T100000/PT30M\nBEGIN:VEVENT\nUID:u1\n\
                 DTSTAMP:20240101T000000Z\nRECURRENCE-ID;TZID=Europe/Berlin:20240122T100000\nSUMMARY:New";
    assert_eq!(
        overrides(lines),
        json!({"2024-01-22T10:00:00": {"title": "New", "duration": "PT30M",
        "iCalendar": {"convertedProperties": {
            "duration": {"name": "recurrence-id"}, "start": {"name": "recurrence-id"},
        }}}})
    );
}

#[test]
fn x14_excluded_false() {
    let patch = json!({"2024-01-16T10:00:00": {"excluded": false}});
    assert_eq!(
        SERIES.export(json!({"recurrenceOverrides": patch})),
        SERIES.export(json!({"recurrenceOverrides": {"2024-01-16T10:00:00": {}}}))
    );
    let changed = json!({"2024-01-16T10:00:00": {"excluded": false, "title": "T"}});
    assert!(
        SERIES.export(json!({"recurrenceOverrides": changed})).contains(&"SUMMARY:T".to_owned())
    );
}

#[test]
fn x15_excluded_with_more() {
    let patch = json!({"2024-01-16T10:00:00": {"excluded": true, "title": "x"}});
    let (lines, codes) = SERIES.export_reporting(json!({"recurrenceOverrides": patch}));
    assert_eq!(lines, ["EXDATE;TZID=Europe/Berlin:20240116T100000"]);
    assert_eq!(codes, ["excluded"]);
}

#[test]
fn x16_keys_that_are_none() {
    for key in ["2024-01-16", "2024-01-16T10:00:00Z"] {
        let patch = json!({key: {"excluded": true}});
        let (lines, codes) = SERIES.export_reporting(json!({"recurrenceOverrides": patch}));
        assert_eq!(
            lines,
            [format!(r#"JSPROP;JSPTR="recurrenceOverrides/{key}":{{"excluded":true}}"#)]
        );
        assert_eq!(codes, ["wrong-value"]);
    }
}

#[test]
fn x17_no_overrides() {
    assert_eq!(SERIES.export(json!({"recurrenceOverrides": {}})), NONE);
}

#[test]
fn x18_an_exclusion_of_nothing() {
    SERIES.both(
        "EXDATE;TZID=Europe/Berlin:20250101T000000",
        json!({"recurrenceOverrides": {"2025-01-01T00:00:00": {"excluded": true}}}),
    );
}

#[test]
fn x19_a_zone_in_a_floating_series() {
    let lines = "DTSTART:20240115T100000\nRRULE:FREQ=DAILY;COUNT=5\nEXDATE;TZID=Europe/Berlin:20240116T100000";
    let event = BARE.import(lines);
    assert_eq!(event["recurrenceOverrides"], json!({"2024-01-16T10:00:00": {"excluded": true}}));
    assert_eq!(
        event["iCalendar"]["convertedProperties"]["recurrenceOverrides/2024-01-16T10:00:00"],
        json!({"name": "exdate", "parameters": {"tzid": "Europe/Berlin"}})
    );
    BARE.stays(lines);
}

#[test]
fn x20_midnight_excluded_from_dates() {
    let lines = "DTSTART;VALUE=DATE:20240115\nRRULE:FREQ=DAILY;COUNT=5\nEXDATE:20240116T000000";
    let event = BARE.import(lines);
    assert_eq!(event["recurrenceOverrides"], json!({"2024-01-16T00:00:00": {"excluded": true}}));
    BARE.stays(lines);
    let mut plain = event;
    plain.as_object_mut().unwrap().remove("iCalendar");
    assert!(BARE.export(plain).contains(&"EXDATE;VALUE=DATE:20240116".to_owned()));
}

#[test]
fn dates_of_tasks_without_a_start_stay() {
    TASK.stays("RDATE:20240116T100000\nEXDATE:20240117T100000");
}
