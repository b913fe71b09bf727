//! iCalendar to JSCalendar and back, over a corpus of real calendars: nothing is lost and nothing is changed.

use std::collections::BTreeMap;
use std::io::Cursor;

use ical_jscal::{FromIcal, ToIcal};
use serde_json::Value;

use crate::oracle::{self, samples};

/// Files that do not come back exactly, each with the reason.
const KNOWN: &[(&str, &str)] = &[
    (
        "ical4j__samples-invalid-smallcluster.ics",
        "a VCALENDAR within a VCALENDAR; they come out one after the other",
    ),
    (
        "libical__smallcluster.ics",
        "a VCALENDAR within a VCALENDAR; they come out one after the other",
    ),
    (
        "icalnet__Calendars-Serialization-Parse1.ics",
        "lines that are no content lines after soft line breaks",
    ),
    ("libical__simple-mime.ics", "the header of a mail message stands before the calendar"),
];

#[test]
fn the_corpus_comes_back() {
    let Some(samples) = samples::corpus() else {
        println!("not run: corpus not found");
        return;
    };
    let mut differing: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for sample in &samples {
        let back = round_trip(&sample.bytes);
        let differences = oracle::compare(&sample.bytes, back.as_bytes());
        if !differences.is_empty() {
            differing
                .insert(name(&sample.name), differences.iter().map(ToString::to_string).collect());
        }
    }
    let good = samples.len() - differing.len();
    println!("{good} of {} files come back with nothing lost or changed", samples.len());
    for (name, differences) in &differing {
        let reason = reason(name).unwrap_or("not expected");
        println!(
            "{name}: {} differences ({reason}), the first:\n    {}",
            differences.len(),
            differences[0]
        );
    }
    let unexpected: Vec<_> = differing.keys().filter(|name| reason(name).is_none()).collect();
    assert!(unexpected.is_empty(), "{} files differ: {unexpected:?}", unexpected.len());
    let solved: Vec<_> = KNOWN.iter().filter(|(known, _)| !differing.contains_key(known)).collect();
    assert!(solved.is_empty(), "they come back now, so they leave the list: {solved:?}");
}

#[test]
fn a_stream_gives_what_a_text_gives_and_so_does_a_second_run() {
    let Some(samples) = samples::corpus() else {
        println!("not run: corpus not found");
        return;
    };
    for sample in &samples {
        let text = FromIcal::new().json(&sample.bytes).unwrap();
        assert_eq!(FromIcal::new().json(&sample.bytes).unwrap(), text, "{}", sample.name);
        let mut streamed = Vec::new();
        let diagnostics =
            FromIcal::new().stream(Cursor::new(&sample.bytes), &mut streamed).unwrap();
        assert_eq!(String::from_utf8(streamed).unwrap(), text.value, "{}", sample.name);
        assert_eq!(diagnostics, text.diagnostics, "{}", sample.name);
        let groups = FromIcal::new().groups(&sample.bytes).unwrap().value;
        let back = ToIcal::new().text(&groups[..]).unwrap().value;
        assert_eq!(back, ToIcal::new().json(&text.value).unwrap().value, "{}", sample.name);
    }
    println!("{} files, streamed and in memory", samples.len());
}

/// What goes through the hatch, by property: mostly what has no counterpart, and of the others only what is broken,
/// said twice, or not said by JSCalendar in that place.
#[test]
fn the_hatch_holds_what_has_no_counterpart() {
    let Some(samples) = samples::corpus() else {
        println!("not run: corpus not found");
        return;
    };
    let mut lines: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for sample in &samples {
        let json = FromIcal::new().json(&sample.bytes).unwrap().value;
        count_entry_lines(&sample.lines, &mut lines);
        count_kept(&serde_json::from_str(&json).unwrap(), &mut lines);
    }
    let (mut mapped, mut kept) = (0, 0);
    for (name, (all, aside)) in lines.iter().filter(|(_, (_, aside))| *aside > 0) {
        let is_mapped = MAPPED.contains(&name.as_str());
        println!("{name}: {aside} of {all}{}", if is_mapped { "" } else { " (no counterpart)" });
        if is_mapped {
            kept += aside;
        }
    }
    MAPPED.iter().filter_map(|name| lines.get(*name)).for_each(|(all, _)| mapped += all);
    println!("of {mapped} lines that have a counterpart, {kept} went through the hatch");
    assert!(kept * 50 < mapped, "{kept} of {mapped}");
}

/// The properties of VEVENT and VTODO that have a counterpart in 2.0.
const MAPPED: &[&str] = &[
    "ATTACH",
    "ATTENDEE",
    "CATEGORIES",
    "CLASS",
    "COLOR",
    "CONCEPT",
    "CONFERENCE",
    "CREATED",
    "DESCRIPTION",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "DUE",
    "DURATION",
    "ESTIMATED-DURATION",
    "EXDATE",
    "GEO",
    "IMAGE",
    "LINK",
    "LOCATION",
    "ORGANIZER",
    "PERCENT-COMPLETE",
    "PRIORITY",
    "RDATE",
    "RECURRENCE-ID",
    "RELATED-TO",
    "RRULE",
    "SEQUENCE",
    "STATUS",
    "STYLED-DESCRIPTION",
    "SUMMARY",
    "TRANSP",
    "UID",
    "URL",
];

/// Counts the lines that stand directly in VEVENTs and VTODOs.
fn count_entry_lines(lines: &[String], counts: &mut BTreeMap<String, (usize, usize)>) {
    let mut open: Vec<String> = Vec::new();
    for line in lines {
        let upper = line.trim().to_ascii_uppercase();
        if let Some(name) = upper.strip_prefix("BEGIN:") {
            open.push(name.to_owned());
        } else if upper.starts_with("END:") {
            open.pop();
        } else if open.last().is_some_and(|name| name == "VEVENT" || name == "VTODO") {
            let name: String = upper.chars().take_while(|c| !matches!(c, ':' | ';')).collect();
            counts.entry(name).or_default().0 += 1;
        }
    }
}

/// Counts the properties in the hatches of entries and of their overrides.
fn count_kept(json: &Value, counts: &mut BTreeMap<String, (usize, usize)>) {
    let groups: Vec<&Value> =
        json.as_array().map_or_else(|| vec![json], |groups| groups.iter().collect());
    for entry in groups.iter().filter_map(|group| group["entries"].as_array()).flatten() {
        let overrides = entry["recurrenceOverrides"].as_object();
        let patches = overrides.into_iter().flat_map(|overrides| overrides.values());
        for object in patches.chain([entry]) {
            for property in object["iCalendar"]["properties"].as_array().into_iter().flatten() {
                let name = property[0].as_str().unwrap_or_default().to_ascii_uppercase();
                counts.entry(name).or_default().1 += 1;
            }
        }
    }
}

fn round_trip(bytes: &[u8]) -> String {
    let json = FromIcal::new().json(bytes).unwrap().value;
    ToIcal::new().json(&json).unwrap().value
}

pub(crate) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

pub(crate) fn reason(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason)
}
