//! Laws of the conversion, on calendars and objects that are made up.

mod calendars;
mod clocks;
mod objects;

use std::io::Cursor;

use ical_jscal::{FromIcal, ToIcal};
use jscalendar::Version;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

use self::calendars::calendar;
use self::objects::{group, said, with_occurrences};
use crate::oracle;

/// The same calendars in every run. `PROPTEST_RNG_SEED` and `PROPTEST_CASES` look further.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 96;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(0x5545_8984);
    }
    config
}

fn from_ical(version: Version) -> FromIcal {
    let mut options = FromIcal::new();
    options.version = version;
    options
}

fn json(text: &str, version: Version) -> String {
    from_ical(version).json(text).unwrap().value
}

fn back(json: &str) -> String {
    ToIcal::new().json(json).unwrap().value
}

/// Nothing is lost or changed between two texts.
fn assert_same(before: &str, after: &str, json: &str) {
    let differences: Vec<String> = oracle::compare(before.as_bytes(), after.as_bytes())
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        differences.is_empty(),
        "{differences:#?}\nbefore\n{before}\nafter\n{after}\njson {json}"
    );
}

fn comes_back(text: &str, version: Version) {
    let first = json(text, version);
    let once = back(&first);
    assert_same(text, &once, &first);
    // Nothing moves from then on.
    let second = json(&once, version);
    let twice = back(&second);
    assert_eq!(once, twice, "in the second round");
    assert_eq!(second, json(&twice, version), "in the third round");
}

/// Where two JSON values differ: pointers.
fn differences(path: &str, before: &Value, after: &Value, found: &mut Vec<String>) {
    let (Value::Object(before), Value::Object(after)) = (before, after) else {
        if before != after {
            found.push(format!("{path}: {before} became {after}"));
        }
        return;
    };
    let more = after.keys().filter(|name| !before.contains_key(*name));
    for name in before.keys().chain(more) {
        let [before, after] = [before, after].map(|it| it.get(name).unwrap_or(&Value::Null));
        differences(&format!("{path}/{name}"), before, after, found);
    }
}

/// An object says the same after it was an iCalendar text.
fn object_comes_back(object: &Value) {
    let text = back(&object.to_string());
    let after = serde_json::from_str(&json(&text, Version::V2_0)).unwrap();
    let [before, after] = [object.clone(), after].map(said).map(with_occurrences);
    let mut found = Vec::new();
    if before["entries"].as_array().map(Vec::len) == after["entries"].as_array().map(Vec::len) {
        differences("", &by_uid(before), &by_uid(after), &mut found);
    } else {
        found.push(format!("{before} became {after}"));
    }
    assert!(found.is_empty(), "{found:#?}\nobject {object}\ntext\n{text}");
}

/// A group whose entries are members, named by their UID.
fn by_uid(mut group: Value) -> Value {
    let entries = group["entries"].take();
    let entries = entries.as_array().into_iter().flatten();
    group["entries"] = entries
        .map(|entry| (entry["uid"].as_str().unwrap_or_default().to_owned(), entry.clone()))
        .collect();
    group
}

fn streams(text: &str) {
    let converted = FromIcal::new().json(text).unwrap();
    assert_eq!(FromIcal::new().json(text).unwrap(), converted, "in a second run");
    let mut streamed = Vec::new();
    let diagnostics = FromIcal::new().stream(Cursor::new(text), &mut streamed).unwrap();
    assert_eq!(String::from_utf8(streamed).unwrap(), converted.value);
    assert_eq!(diagnostics, converted.diagnostics);

    let exported = ToIcal::new().json(&converted.value).unwrap();
    let mut streamed = Vec::new();
    let diagnostics = ToIcal::new().stream(Cursor::new(&converted.value), &mut streamed).unwrap();
    assert_eq!(String::from_utf8(streamed).unwrap(), exported.value);
    assert_eq!(diagnostics, exported.diagnostics);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn calendars_come_back(text in calendar()) {
        comes_back(&text, Version::V2_0);
    }

    #[test]
    fn calendars_come_back_by_way_of_1_0(text in calendar()) {
        comes_back(&text, Version::V1_0);
    }

    #[test]
    fn objects_come_back(object in group()) {
        object_comes_back(&object);
    }

    #[test]
    fn streams_give_what_texts_give(text in calendar()) {
        streams(&text);
    }
}

/// An event with an override, whose lines are added to those that every component has.
fn series(main: &str, occurrence: &str) -> String {
    let stamp = "UID:a\nDTSTAMP:20260101T120000Z\n";
    format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//laws//EN\nBEGIN:VEVENT\n{stamp}{main}\nEND:VEVENT\n\
         BEGIN:VEVENT\n{stamp}{occurrence}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
}

/// What the laws above found once.
#[test]
fn what_was_found_comes_back() {
    const DAY: &str = "DTSTART;VALUE=DATE:20260105";
    const SAME_DAY: &str = "RECURRENCE-ID;VALUE=DATE:20260105";
    const TIME: &str = "DTSTART;TZID=Europe/Berlin:20260105T080000";
    const SAME_TIME: &str = "RECURRENCE-ID;TZID=Europe/Berlin:20260105T080000";
    let with = |lines: [&str; 2], more: [&str; 2]| {
        let [main, occurrence] = [0, 1].map(|at| format!("{}\n{}", lines[at], more[at]));
        series(main.trim_end(), occurrence.trim_end())
    };
    let found = [
        // An occurrence without a start has the end of its series, and does not say so.
        with([DAY, SAME_DAY], ["", ""]),
        with([TIME, SAME_TIME], ["DTEND;TZID=Europe/Berlin:20260105T090000", ""]),
        with([TIME, SAME_TIME], ["SHOW-WITHOUT-TIME;VALUE=BOOLEAN:TRUE", ""]),
        // What only 1.0 has is in overrides too.
        with([DAY, SAME_DAY], ["REQUEST-STATUS:2.0;Success", "REQUEST-STATUS:3.1;Invalid"]),
        with([DAY, SAME_DAY], ["REQUEST-STATUS:2.0;Success", "SUMMARY:b"]),
        with([DAY, SAME_DAY], ["SUMMARY;LANGUAGE=de:a", "SUMMARY;LANGUAGE=en:b"]),
        with([TIME, SAME_TIME], ["DTEND:20260106T172000Z\nLOCATION:x", ""]),
        // A patch leads into the hatch of a participant.
        with(
            [DAY, SAME_DAY],
            [
                "ATTENDEE:mailto:b@x\nBEGIN:PARTICIPANT\nCALENDAR-ADDRESS:mailto:b@x\nSUMMARY:x\nEND:PARTICIPANT",
                "BEGIN:PARTICIPANT\nCALENDAR-ADDRESS:mailto:b@x\nSUMMARY:x\nEND:PARTICIPANT",
            ],
        ),
        // Alerts name each other.
        with(
            [DAY, SAME_DAY],
            [
                "BEGIN:VALARM\nUID:2\nTRIGGER;VALUE=DATE-TIME:20260101T081000Z\nACTION:DISPLAY\n\
                 RELATED-TO;RELTYPE=SNOOZE:1\nEND:VALARM",
                "BEGIN:VALARM\nUID:2\nTRIGGER;VALUE=DATE-TIME:20260101T081000Z\nACTION:DISPLAY\n\
                 RELATED-TO;RELTYPE=SNOOZE:1\nEND:VALARM\n\
                 BEGIN:VALARM\nUID:1\nTRIGGER:-PT5M\nACTION:DISPLAY\nEND:VALARM",
            ],
        ),
        with(["DTSTART:20260107T000000", SAME_DAY], ["SHOW-WITHOUT-TIME;VALUE=BOOLEAN:TRUE", ""]),
        with([DAY, SAME_DAY], ["STYLED-DESCRIPTION:x", "STYLED-DESCRIPTION;VALUE=TEXT:y"]),
        with(
            [DAY, SAME_DAY],
            [
                "STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>x</b>\nDESCRIPTION;DERIVED=TRUE:x",
                "STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>z</b>\nDESCRIPTION;DERIVED=TRUE:z",
            ],
        ),
        // Lines of one list that say different things beside their values.
        with(
            [DAY, SAME_DAY],
            [
                "CATEGORIES;LANGUAGE=de:a\nCATEGORIES:b,c\nCATEGORIES;X-A=1:d",
                "CONCEPT;X-A=1:urn:a\nCONCEPT:urn:b",
            ],
        ),
        with([DAY, SAME_DAY], ["X-OWN;X-A=1;X-A=2:x", "SUMMARY;X-A=1,2;X-A=3:x"]),
        with([DAY, SAME_DAY], ["BEGIN:PARTICIPANT\nSUMMARY:x\\N\nEND:PARTICIPANT", ""]),
        with(
            [DAY, SAME_DAY],
            [
                "ORGANIZER:mailto:e@x\nATTENDEE;ROLE=OWNER:mailto:a@x\nATTENDEE;CN=Eve:mailto:e@x",
                "ORGANIZER:mailto:e@x",
            ],
        ),
        // The end is in a zone that the object cannot name, or the start is.
        with(
            ["DTSTART;TZID=Odd:20260105T080000", "RECURRENCE-ID;TZID=Odd:20260105T080000"],
            [
                "DTEND:20260106T172000Z",
                "DTSTART;TZID=Odd:20260105T080000\nDTEND;TZID=Europe/Berlin:20260105T090000",
            ],
        )
        .replacen("BEGIN:VEVENT", ODD, 1),
        with([TIME, SAME_TIME], ["DTEND;TZID=Odd:20260105T172000", ""]).replacen(
            "BEGIN:VEVENT",
            ODD,
            1,
        ),
    ];
    for text in &found {
        comes_back(text, Version::V2_0);
        comes_back(text, Version::V1_0);
    }
}

/// A zone like no other, in front of the first event.
const ODD: &str = "BEGIN:VTIMEZONE\nTZID:Odd\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0117\n\
                   TZOFFSETTO:+0117\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT";
