//! Documents that multiply themselves: what comes of them stays in proportion, and nothing is lost.

use std::fmt::Write as _;

use ical_jscal::{FromIcal, ToIcal};
use serde_json::{Value, json};

/// How many times as long as its source a result may be here.
const MOST: usize = 60;

fn to_json(text: &str) -> (String, Vec<&'static str>) {
    let converted = FromIcal::new().json(text).unwrap();
    assert!(converted.value.len() < MOST * text.len(), "{}", converted.value.len());
    (converted.value, converted.diagnostics.iter().map(|found| found.code).collect())
}

fn to_ical(json: &str) -> (String, Vec<&'static str>) {
    let converted = ToIcal::new().json(json).unwrap();
    assert!(converted.value.len() < MOST * json.len(), "{}", converted.value.len());
    (converted.value, converted.diagnostics.iter().map(|found| found.code).collect())
}

fn ids(text: &str) -> Vec<&str> {
    let mut ids: Vec<&str> =
        text.lines().filter(|line| line.starts_with("RECURRENCE-ID")).collect();
    ids.sort_unstable();
    ids
}

/// The start of the occurrence with this number, of a series that has one each minute.
fn minute(n: usize) -> (usize, usize, usize) {
    (n / 1440 + 1, n / 60 % 24, n % 60)
}

/// Each component that has one of a great many attendees undoes all others.
#[test]
fn components_that_say_little_beside_a_long_series() {
    const MANY: usize = 3_000;
    let mut text =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTART:20260101T000000Z\r\n\
        RRULE:FREQ=MINUTELY\r\nORGANIZER:mailto:o@x\r\n"
            .to_owned();
    for n in 0..MANY {
        write!(text, "ATTENDEE:mailto:a{n}@x\r\n").unwrap();
    }
    text.push_str("END:VEVENT\r\n");
    for n in 0..MANY {
        let (day, hour, minute) = minute(n);
        let at = format!("202601{day:02}T{hour:02}{minute:02}00Z");
        write!(
            text,
            "BEGIN:VEVENT\r\nUID:u\r\nRECURRENCE-ID:{at}\r\nDTSTART:{at}\r\nATTENDEE:mailto:a1@x\r\n\
            END:VEVENT\r\n"
        )
        .unwrap();
    }
    text.push_str("END:VCALENDAR\r\n");

    let (json, codes) = to_json(&text);
    let event = &serde_json::from_str::<Value>(&json).unwrap()["entries"][0];
    let patches = event["recurrenceOverrides"].as_object().unwrap().len();
    let kept = event["iCalendar"]["components"].as_array().unwrap().len();
    assert!(patches > 10 && kept > 10, "{patches}, {kept}");
    assert_eq!(patches + kept, MANY);
    assert!(codes.contains(&"excessive"));
    assert_eq!(ids(&to_ical(&json).0), ids(&text));
}

/// Each change of a title is a whole component.
#[test]
fn patches_that_say_little_beside_a_long_series() {
    const MANY: usize = 8_000;
    let participants: serde_json::Map<String, Value> = (0..2_000)
        .map(|n| (format!("p{n}"), json!({"calendarAddress": format!("mailto:a{n}@x")})))
        .collect();
    let overrides: serde_json::Map<String, Value> = (0..MANY)
        .map(|n| {
            let (day, hour, minute) = minute(n);
            (format!("2026-01-{day:02}T{hour:02}:{minute:02}:00"), json!({"title": "z"}))
        })
        .collect();
    let event = json!({
        "@type": "Event", "version": "2.0", "uid": "u", "start": "2026-01-01T00:00:00",
        "recurrenceRule": {"frequency": "minutely"}, "participants": participants,
        "recurrenceOverrides": overrides,
    });

    let (text, codes) = to_ical(&event.to_string());
    assert!(codes.contains(&"excessive"));
    let components = ids(&text).len();
    assert!(components > 10 && components < MANY, "{components}");
    let (json, _) = to_json(&text);
    let back = &serde_json::from_str::<Value>(&json).unwrap()["entries"][0];
    let titles = back["recurrenceOverrides"].as_object().unwrap().iter();
    let titles: serde_json::Map<String, Value> =
        titles.map(|(key, patch)| (key.clone(), json!({"title": patch["title"]}))).collect();
    assert!(Value::from(titles) == event["recurrenceOverrides"]);
}

#[test]
fn a_stale_hint_of_very_many_parameters() {
    let mut params: serde_json::Map<String, Value> =
        (0..50_000).map(|n| (format!("x-{n}"), json!("y"))).collect();
    params.insert("language".to_owned(), json!("de"));
    let event = json!({
        "@type": "Event", "version": "2.0", "uid": "u", "start": "2026-01-01T00:00:00", "title": "new",
        "iCalendar": {"@type": "ICalComponent", "name": "vevent", "convertedProperties": {
            "title": {"name": "summary", "ical-jscal:raw": "old", "parameters": params},
        }},
    });
    let (text, codes) = to_ical(&event.to_string());
    assert!(codes.contains(&"stale-hint"));
    assert_eq!(text.matches("=y").count(), 50_000);
}
