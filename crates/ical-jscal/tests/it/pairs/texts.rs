//! Other answers that are no JSCalendar: where events start, and what a broken calendar was meant to be.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ical_jscal::FromIcal;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::SHARED;
use super::normal::Normal;

/// Events that do not start where the answer says, by file and summary, and why.
const STARTS: &[(&str, &str, &str)] = &[];

/// Where our reading of a broken calendar differs from that of its repaired form.
const REPAIRS: &[(&str, &[&str], &str)] = &[
    (
        "calendar-js__empty-trigger-with-parameters",
        &["0/alerts"],
        "an alarm without a usable TRIGGER is kept as it is; no time is made up",
    ),
    (
        "calendar-js__empty-trigger",
        &[
            "0/alerts/C922BD12-7629-48C6-BED6-470472B4B831",
            "0/alerts/C922BD12-7629-48C6-BED6-470472B4B832",
        ],
        "an alarm without a usable TRIGGER is kept as it is; no time is made up",
    ),
    (
        "calendar-js__illegal-created",
        &["0/created"],
        "the year 0 is a year (RFC 3339, section 5.6), so it is left as it is",
    ),
];

fn files(folder: &str, end: &str) -> Option<Vec<PathBuf>> {
    let folder = std::fs::read_dir(Path::new(SHARED).join("corpus/pairs").join(folder));
    let Ok(folder) = folder else {
        println!("not run: corpus not found");
        return None;
    };
    let mut files: Vec<PathBuf> = folder.flatten().map(|file| file.path()).collect();
    files.retain(|path| path.to_str().is_some_and(|path| path.ends_with(end)));
    files.sort();
    Some(files)
}

fn entries(path: &Path) -> Vec<Value> {
    let json = FromIcal::new().json(std::fs::read(path).unwrap()).unwrap().value;
    let group: Value = serde_json::from_str(&json).unwrap();
    group["entries"].as_array().unwrap().clone()
}

/// The answers are summaries and times of day in UTC. An event whose zone has no IANA name floats, and is not judged.
#[test]
fn events_start_where_their_zones_say() {
    let Some(files) = files("timezones", ".txt") else { return };
    let (mut right, mut floating, mut wrong) = (0, 0, Vec::new());
    for path in files {
        let answer = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = answer.lines().map(str::trim).collect();
        let name = path.file_stem().unwrap().to_str().unwrap();
        for event in entries(&path.with_extension("ics")) {
            let title = event["title"].as_str().unwrap_or_default().trim().to_owned();
            let mut told = lines.windows(2).filter(|pair| pair[0] == title).peekable();
            match in_utc(&event) {
                None => floating += 1,
                Some(_) if told.peek().is_none() => {}
                Some(time) if told.any(|pair| pair[1] == time) => right += 1,
                Some(_) => wrong.push((name.to_owned(), title)),
            }
        }
    }
    println!("{right} events start where they should, {} do not, {floating} float", wrong.len());
    let known: Vec<_> =
        STARTS.iter().map(|(name, title, _)| ((*name).to_owned(), (*title).to_owned())).collect();
    assert_eq!(wrong, known);
}

fn in_utc(event: &Value) -> Option<String> {
    let start: DateTime = event["start"].as_str()?.parse().ok()?;
    let zone = TimeZone::get(event["timeZone"].as_str()?).ok()?;
    let utc = start.to_zoned(zone).ok()?.with_time_zone(TimeZone::UTC);
    Some(utc.strftime("%H:%M").to_string())
}

#[test]
fn broken_calendars_say_what_their_repaired_forms_say() {
    let Some(files) = files("repair", ".sanitized.ics") else { return };
    let (mut agree, mut wrong) = (0, Vec::new());
    for path in &files {
        let name = path.file_name().unwrap().to_str().unwrap().trim_end_matches(".sanitized.ics");
        let broken = Value::from(entries(&path.with_file_name(format!("{name}.ics"))));
        let found = Normal::of(&Value::from(entries(path))).differences(&broken, false);
        let known = REPAIRS.iter().find(|(known, ..)| *known == name);
        let known = known.map(|(_, pointers, _)| pointers.iter().map(|it| (*it).to_owned()));
        agree += usize::from(found.is_empty());
        let known = known.into_iter().flatten().collect::<BTreeSet<_>>();
        if found != known {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    println!("{agree} of {} broken calendars say what their repaired forms say", files.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
