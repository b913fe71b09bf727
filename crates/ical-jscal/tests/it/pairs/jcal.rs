//! The hatch is jCal (RFC 7265): what another library makes of the same lines.

use std::path::Path;

use ical_jscal::FromIcal;
use serde_json::Value;

use super::SHARED;

/// Where we differ, and why.
const KNOWN: &[(&str, &str)] = &[
    ("icaljs__boolean", "a value that is no boolean stays as it is"),
    ("icaljs__dates", "a date in RDATE needs VALUE=DATE (RFC 5545, section 3.8.5.2)"),
    ("icaljs__float", "a value that is no number stays as it is"),
    ("icaljs__grouped", "a group is a parameter (RFC 7095, section 3.3.1.2)"),
    ("icaljs__integer", "a value that is no number stays as it is"),
    ("icaljs__time", "TIME, which no property of a calendar has, stays as it is"),
];

#[test]
fn the_hatch_is_what_others_take_for_jcal() {
    let Ok(files) = std::fs::read_dir(Path::new(SHARED).join("corpus/pairs/jcal")) else {
        println!("not run: corpus not found");
        return;
    };
    let mut texts: Vec<_> = files.flatten().map(|file| file.path()).collect();
    texts.retain(|path| path.extension().is_some_and(|it| it == "ics"));
    texts.sort();
    let mut differing = Vec::new();
    for path in &texts {
        let given = std::fs::read_to_string(format!("{}.jcal.json", path.display())).unwrap();
        let given: Value = serde_json::from_str(&given).unwrap();
        let ours = kept(&std::fs::read_to_string(path).unwrap());
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let expected = match given[0].is_array() {
            true => given.as_array().unwrap().clone(),
            false => vec![given],
        };
        if ours != expected {
            differing.push(name);
        }
    }
    println!("{} of {} texts have the same jCal", texts.len() - differing.len(), texts.len());
    let known: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    assert_eq!(differing, known);
}

/// The components of a text in the hatch, which holds them as they are if nobody knows the one around them.
fn kept(text: &str) -> Vec<Value> {
    let inner = text.trim().replace(":VCALENDAR", ":X-CALENDAR");
    let text =
        format!("BEGIN:VCALENDAR\r\nBEGIN:X-ALL\r\n{inner}\r\nEND:X-ALL\r\nEND:VCALENDAR\r\n");
    let json = FromIcal::new().json(text).unwrap().value.replace("x-calendar", "vcalendar");
    let mut json: Value = serde_json::from_str(&json).unwrap();
    match json["iCalendar"]["components"][0][2].take() {
        Value::Array(components) => components,
        other => vec![other],
    }
}
