//! Dates, times and durations, both directions.

use ical_jscal::{FromIcal, ToIcal};
use serde_json::{Value, json};

use crate::case::{BARE, EVENT, body, object, write};

const NONE: [&str; 0] = [];
const DAY: &str = "DTSTART;VALUE=DATE:20240115";

/// An event on a day of dates, as it comes from [`DAY`].
fn day() -> Value {
    json!({
        "start": "2024-01-15T00:00:00", "showWithoutTime": true, "duration": "P1D",
        "iCalendar": {"convertedProperties": {"duration": {"name": "dtstart"}}},
    })
}

/// `members` with those of `changes`; null takes away.
fn with(mut members: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(members.as_object_mut().unwrap().remove(name)),
            value => members[name] = value.clone(),
        }
    }
    members
}

/// The hatch of an object whose duration came from DTEND.
fn dtend() -> Value {
    json!({"convertedProperties": {"duration": {"name": "dtend"}}})
}

#[test]
fn t01_in_a_zone() {
    BARE.both(
        "DTSTART;TZID=Europe/Berlin:20240115T100000",
        json!({"start": "2024-01-15T10:00:00", "timeZone": "Europe/Berlin"}),
    );
}

#[test]
fn t02_in_utc() {
    BARE.both(
        "DTSTART:20240115T090000Z",
        json!({"start": "2024-01-15T09:00:00", "timeZone": "Etc/UTC"}),
    );
}

#[test]
fn t03_floating() {
    BARE.both("DTSTART:20240115T100000", json!({"start": "2024-01-15T10:00:00"}));
    // "timeZone" may be null in 1.0, and is that if it is absent (RFC 8984, section 4.7.1): it is not written.
    assert_eq!(
        BARE.v1().import("DTSTART:20240115T100000"),
        json!({"start": "2024-01-15T10:00:00"})
    );
}

#[test]
fn t04_a_date() {
    BARE.both(DAY, day());
}

#[test]
fn t05_a_date_that_became_longer() {
    assert_eq!(BARE.export(with(day(), json!({"duration": "P2D"}))), [DAY, "DURATION:P2D"]);
}

#[test]
fn t06_a_date_that_got_a_zone() {
    assert_eq!(
        BARE.export(with(day(), json!({"timeZone": "Europe/Berlin"}))),
        [
            "DTSTART;TZID=Europe/Berlin:20240115T000000",
            "DURATION:P1D",
            "SHOW-WITHOUT-TIME;VALUE=BOOLEAN:TRUE"
        ]
    );
}

#[test]
fn t07_from_date_to_date() {
    BARE.both(
        "DTSTART;VALUE=DATE:20240115\nDTEND;VALUE=DATE:20240118",
        json!({
            "start": "2024-01-15T00:00:00", "showWithoutTime": true, "duration": "P3D",
            "iCalendar": dtend(),
        }),
    );
}

#[test]
fn t08_the_end() {
    EVENT.both(
        "DTEND;TZID=Europe/Berlin:20240115T113000",
        json!({"duration": "PT1H30M", "iCalendar": dtend()}),
    );
}

#[test]
fn t09_the_end_in_another_zone() {
    let lines =
        "DTSTART;TZID=America/New_York:20240601T100000\nDTEND;TZID=Europe/Berlin:20240601T200000";
    BARE.both(
        lines,
        json!({
            "start": "2024-06-01T10:00:00", "timeZone": "America/New_York",
            "duration": "PT4H", "endTimeZone": "Europe/Berlin",
        }),
    );
    let (group, _) = BARE.read(&BARE.text(lines));
    assert_eq!(write(&group).0.matches("BEGIN:VTIMEZONE").count(), 2);
}

#[test]
fn t10_the_end_in_another_zone_in_version_1() {
    let lines =
        "DTSTART;TZID=America/New_York:20240601T100000\nDTEND;TZID=Europe/Berlin:20240601T200000";
    let event = BARE.v1().import(lines);
    assert_eq!(event["duration"], "PT4H");
    let locations: Vec<&Value> = event["locations"].as_object().unwrap().values().collect();
    assert_eq!(locations, [&json!({"relativeTo": "end", "timeZone": "Europe/Berlin"})]);
    assert_eq!(event.get("endTimeZone"), None);
    BARE.v1().stays(lines);
}

#[test]
fn t11_time_that_passes() {
    let length = |lines: &str| BARE.import(lines)["duration"].clone();
    assert_eq!(
        length(
            "DTSTART;TZID=Europe/Berlin:20240331T000000\nDTEND;TZID=Europe/Berlin:20240401T000000"
        ),
        "PT23H"
    );
    assert_eq!(
        length(
            "DTSTART;TZID=Europe/Berlin:20241027T000000\nDTEND;TZID=Europe/Berlin:20241028T000000"
        ),
        "PT25H"
    );
}

#[test]
fn t12_a_day_is_24_hours() {
    // RFC 5545, section 3.8.5.3: an end given as a time makes the length exact, and P1D would be nominal.
    EVENT.both(
        "DTEND;TZID=Europe/Berlin:20240116T100000",
        json!({"duration": "PT24H", "iCalendar": dtend()}),
    );
}

#[test]
fn t13_a_nominal_day_ends_at_the_same_time() {
    let members = json!({"start": "2024-03-30T12:00:00", "duration": "P1D", "iCalendar": dtend()});
    assert_eq!(
        EVENT.export(members),
        [
            "DTSTART;TZID=Europe/Berlin:20240330T120000",
            "DTEND;TZID=Europe/Berlin:20240331T120000",
            "-DTSTART;TZID=Europe/Berlin:20240115T100000",
        ]
    );
}

#[test]
fn t14_24_hours_end_at_another_time() {
    let members =
        json!({"start": "2024-03-30T12:00:00", "duration": "PT24H", "iCalendar": dtend()});
    assert_eq!(EVENT.export(members)[1], "DTEND;TZID=Europe/Berlin:20240331T130000");
}

#[test]
fn t15_weeks_stand_alone() {
    assert_eq!(EVENT.export(json!({"duration": "P1W2D"})), ["DURATION:P9D"]);
}

#[test]
fn t16_odd_spellings() {
    assert_eq!(EVENT.export(json!({"duration": "P1DT0S"})), ["DURATION:P1DT0S"]);
    assert_eq!(EVENT.export(json!({"duration": "PT90M"})), ["DURATION:PT90M"]);
    EVENT.both("DURATION:PT90M", json!({"duration": "PT90M"}));
}

#[test]
fn t17_a_gap_between_hours_and_seconds() {
    EVENT.both(
        "DURATION:PT1H5S",
        json!({
            "duration": "PT1H0M5S",
            "iCalendar": {"convertedProperties": {
                "duration": {"name": "duration", "ical-jscal:raw": "PT1H5S"},
            }},
        }),
    );
}

#[test]
fn t18_a_negative_length() {
    EVENT.both(
        "DURATION:-PT1H",
        json!({"iCalendar": {"properties": [["duration", {}, "duration", "-PT1H"]]}}),
    );
    assert_eq!(EVENT.codes("DURATION:-PT1H"), ["invalid-value"]);
}

#[test]
fn t19_a_plus() {
    EVENT.both(
        "DURATION:+PT1H",
        json!({
            "duration": "PT1H",
            "iCalendar": {"convertedProperties": {
                "duration": {"name": "duration", "ical-jscal:raw": "+PT1H"},
            }},
        }),
    );
}

#[test]
fn t20_the_end_before_the_start() {
    let line = "DTEND;TZID=Europe/Berlin:20240115T090000";
    EVENT.both(
        line,
        json!({"iCalendar": {"properties": [
            ["dtend", {"tzid": "Europe/Berlin"}, "date-time", "2024-01-15T09:00:00"],
        ]}}),
    );
    assert_eq!(EVENT.codes(line), ["invalid-value"]);
}

#[test]
fn t21_the_end_at_the_start() {
    EVENT.both(
        "DTEND;TZID=Europe/Berlin:20240115T100000",
        json!({"duration": "PT0S", "iCalendar": dtend()}),
    );
}

#[test]
fn t22_both_an_end_and_a_length() {
    let lines = "DTEND;TZID=Europe/Berlin:20240115T110000\nDURATION:PT2H";
    let event = EVENT.import(lines);
    assert_eq!(event["duration"], "PT1H");
    assert_eq!(event["iCalendar"]["properties"], json!([["duration", {}, "duration", "PT2H"]]));
    EVENT.stays(lines);
}

#[test]
fn t23_a_date_beside_a_time() {
    let lines = format!("{DAY}\nDTEND:20240115T120000Z");
    BARE.both(
        &lines,
        json!({
            "start": "2024-01-15T00:00:00", "showWithoutTime": true,
            "iCalendar": {"properties": [["dtend", {}, "date-time", "2024-01-15T12:00:00Z"]]},
        }),
    );
    assert_eq!(BARE.codes(&lines), ["invalid-value"]);
}

#[test]
fn t24_no_days() {
    // Open in the sources. Programs that write this mean the day, and RFC 5545, section 3.6.1, has no shorter event on
    // dates.
    BARE.both(
        "DTSTART;VALUE=DATE:20240115\nDTEND;VALUE=DATE:20240115",
        json!({
            "start": "2024-01-15T00:00:00", "showWithoutTime": true, "duration": "P1D",
            "iCalendar": {"convertedProperties": {
                "duration": {"name": "dtend", "ical-jscal:raw": "20240115"},
            }},
        }),
    );
}

#[test]
fn t25_an_hour_that_is_left_out() {
    let line = "DTSTART;TZID=Europe/Berlin:20240331T023000";
    BARE.both(line, json!({"start": "2024-03-31T02:30:00", "timeZone": "Europe/Berlin"}));
    // As an instant it is 01:30Z: one hour later it is 02:30Z, which Berlin calls 04:30.
    let end = format!("{line}\nDTEND;TZID=Europe/Berlin:20240331T043000");
    assert_eq!(BARE.import(&end)["duration"], "PT1H");
}

#[test]
fn t26_an_hour_that_comes_twice() {
    let line = "DTSTART;TZID=Europe/Berlin:20241027T023000";
    BARE.both(line, json!({"start": "2024-10-27T02:30:00", "timeZone": "Europe/Berlin"}));
    // As an instant it is 00:30Z, and 03:30 is 02:30Z.
    let end = format!("{line}\nDTEND;TZID=Europe/Berlin:20241027T033000");
    assert_eq!(BARE.import(&end)["duration"], "PT2H");
}

#[test]
fn t27_a_length_with_hours_is_of_no_date() {
    assert_eq!(
        BARE.export(with(day(), json!({"duration": "PT24H", "iCalendar": null}))),
        ["DTSTART:20240115T000000", "DURATION:PT24H", "SHOW-WITHOUT-TIME;VALUE=BOOLEAN:TRUE"]
    );
}

/// A series on dates.
fn days(changes: Value) -> Value {
    let series = with(day(), json!({"recurrenceRule": {"frequency": "daily"}, "iCalendar": null}));
    object("Event", with(series, changes))
}

#[test]
fn t28_an_override_with_a_time_of_day() {
    let (text, _) = write(&days(json!({"recurrenceOverrides": {"2024-01-17T08:00:00": {}}})));
    let lines = body(&text);
    for line in [
        "DTSTART:20240115T000000",
        "DURATION:P1D",
        "RDATE:20240117T080000",
        "SHOW-WITHOUT-TIME;VALUE=BOOLEAN:TRUE",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line} of {lines:?}");
    }
}

#[test]
fn t29_a_rule_that_ends_at_a_time_of_day() {
    let rule = json!({"frequency": "daily", "until": "2024-02-01T12:00:00"});
    let lines = body(&write(&days(json!({"recurrenceRule": rule}))).0);
    for line in [
        "DTSTART:20240115T000000",
        "RRULE:FREQ=DAILY;UNTIL=20240201T120000",
        "SHOW-WITHOUT-TIME;VALUE=BOOLEAN:TRUE",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line} of {lines:?}");
    }
}

#[test]
fn t30_show_without_time_that_says_nothing() {
    let line = "SHOW-WITHOUT-TIME;VALUE=BOOLEAN:TRUE";
    assert_eq!(BARE.import(&format!("{DAY}\n{line}")), day());
    assert_eq!(EVENT.import("SHOW-WITHOUT-TIME;VALUE=BOOLEAN:FALSE"), json!({}));
    EVENT.both(line, json!({"showWithoutTime": true}));
}

#[test]
fn t31_show_without_time_that_is_false() {
    assert_eq!(EVENT.export(json!({"showWithoutTime": false})), NONE);
}

#[test]
fn t32_a_date_without_a_length() {
    // JSCalendar's default is PT0S and iCalendar's one day, but a length that nobody gave is not written.
    let members = with(day(), json!({"duration": null, "iCalendar": null}));
    assert_eq!(BARE.export(members), [DAY]);
}

#[test]
fn t33_fractions_of_seconds() {
    let event = json!({
        "@type": "Event", "uid": "u1", "updated": "2024-01-01T00:00:00Z",
        "start": "2024-01-15T10:00:00.5", "timeZone": "Europe/Berlin", "duration": "PT1.5S",
    });
    let (text, codes) = write(&event);
    assert!(
        body(&text).contains(&"DTSTART;TZID=Europe/Berlin:20240115T100000".to_owned()),
        "{text}"
    );
    assert!(body(&text).contains(&"DURATION:PT1S".to_owned()), "{text}");
    assert_eq!(codes, ["fraction", "fraction"]);
}

#[test]
fn t34_a_leap_second() {
    // RFC 3339, section 5.6, on which the times of JSCalendar rest, has leap seconds too.
    BARE.both(
        "DTSTART:20161231T235960Z",
        json!({"start": "2016-12-31T23:59:60", "timeZone": "Etc/UTC"}),
    );
}

#[test]
fn t35_the_ends_of_time() {
    for lines in [
        "DTSTART:00000101T000000Z",
        "DTSTART:99991231T235959Z\nDURATION:P9999999W",
        "DTSTART;TZID=Europe/Berlin:00000101T000000\nRRULE:FREQ=DAILY;UNTIL=99991231T235959Z",
    ] {
        BARE.stays(lines);
    }
    // The end is beyond the last year in the zone of the start.
    let lines =
        "DTSTART;TZID=Europe/Berlin:99991231T235959\nDTEND;TZID=America/New_York:99991231T235959";
    assert_eq!(
        BARE.round(lines),
        [
            "DTSTART;TZID=Europe/Berlin:99991231T235959",
            r#"JSPROP;JSPTR="endTimeZone":"America/New_York""#,
            "DURATION:PT6H"
        ]
    );
    let far =
        json!({"start": "9999-12-31T23:59:59", "duration": "P4294967295D", "iCalendar": dtend()});
    assert_eq!(EVENT.export(far)[1], "DURATION:P4294967295D");
}

#[test]
fn t36_created() {
    EVENT.both("CREATED:20240102T030405Z", json!({"created": "2024-01-02T03:04:05Z"}));
}

#[test]
fn t37_created_that_is_not_utc() {
    EVENT.both(
        "CREATED:20240102T030405",
        json!({"iCalendar": {"properties": [["created", {}, "date-time", "2024-01-02T03:04:05"]]}}),
    );
    assert_eq!(EVENT.codes("CREATED:20240102T030405"), ["invalid-value"]);
}

#[test]
fn t38_updated() {
    assert_eq!(
        EVENT.export(json!({"updated": "2024-01-02T03:04:05Z"})),
        [
            "DTSTAMP:20240102T030405Z",
            "LAST-MODIFIED:20240102T030405Z",
            "-DTSTAMP:20240101T000000Z",
            "-LAST-MODIFIED:20240101T000000Z",
        ]
    );
}

#[test]
fn t39_the_stamp_and_the_last_change() {
    EVENT.both(
        "LAST-MODIFIED:20240105T000000Z",
        json!({"iCalendar": {
            "properties": [["last-modified", {}, "date-time", "2024-01-05T00:00:00Z"]],
            "convertedProperties": {
                "updated": {"name": "dtstamp", "ical-jscal:raw": "20240101T000000Z"},
            },
        }}),
    );
}

#[test]
fn t40_no_stamp() {
    let text = EVENT.text("").replace("DTSTAMP:20240101T000000Z\r\n", "");
    let updated = |now: Option<&str>| {
        let mut options = FromIcal::new();
        options.now = now.map(|now| now.parse().unwrap());
        let group: Value = serde_json::from_str(&options.json(&text).unwrap().value).unwrap();
        group["entries"][0].get("updated").cloned()
    };
    assert_eq!(updated(None), None);
    assert_eq!(updated(Some("2026-01-02T03:04:05Z")), Some(json!("2026-01-02T03:04:05Z")));

    let event = json!({"@type": "Event", "uid": "u1", "start": "2024-01-15T10:00:00"});
    let (text, codes) = write(&event);
    assert!(text.contains("DTSTAMP:19700101T000000Z\r\n"), "{text}");
    assert_eq!(codes, ["no-updated"]);
    let mut options = ToIcal::new();
    options.now = Some("2026-01-02T03:04:05Z".parse().unwrap());
    let text = options.json(&event.to_string()).unwrap().value;
    assert!(text.contains("DTSTAMP:20260102T030405Z\r\n"), "{text}");
}
