//! When the entries of real calendars happen, beside the answers of another calendar library.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ical_jscal::CalendarZones;
use jscalendar::{Entry, LocalDateTime, Occurrences, Recurring, Series, TimeZoneId};

const ANSWERS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pairs/recur-kde");

/// The days on which they recur, from July 1996 to December 2020, at most 500 of them.
#[test]
fn the_days_that_kde_says() {
    let Ok(folder) = fs::read_dir(Path::new(ANSWERS)) else {
        println!("not run: corpus not found");
        return;
    };
    let mut files: Vec<_> = folder.flatten().map(|file| file.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "ics"));
    files.sort();
    let (mut days, mut differing) = (0, Vec::new());
    for file in &files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let answer = fs::read_to_string(file.with_extension("ics.recurson.ref")).unwrap();
        let expected: Vec<&str> = answer.lines().filter(|line| !line.is_empty()).collect();
        let found = days_of(&fs::read(file).unwrap());
        let found: Vec<&str> =
            found.iter().map(String::as_str).take(expected.len().max(500)).collect();
        days += expected.len();
        if found != expected {
            let place = found.iter().zip(&expected).take_while(|(a, b)| a == b).count();
            println!("{name}: {:?}, expected {:?}", found.get(place), expected.get(place));
            differing.push(name);
        }
    }
    println!("{} calendars, {days} days, {} differ", files.len(), differing.len());
    let known: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    assert_eq!(differing, known);
}

/// Calendars whose days differ, with the rule that decides.
const KNOWN: &[(&str, &str)] = &[
    // RFC 5545, section 3.8.4.4: a component with RECURRENCE-ID is one occurrence, also if it has an RRULE.
    ("ConnectDaily__ConnectDaily1", "it has a RECURRENCE-ID"),
    ("ConnectDaily__ConnectDaily10", "it has a RECURRENCE-ID"),
    ("ConnectDaily__ConnectDaily11", "it has a RECURRENCE-ID"),
    ("ConnectDaily__ConnectDaily1a", "it has a RECURRENCE-ID"),
    ("ConnectDaily__ConnectDaily5", "it has a RECURRENCE-ID"),
    ("ConnectDaily__ConnectDaily6", "it has a RECURRENCE-ID"),
    ("ConnectDaily__ConnectDaily7", "it has a RECURRENCE-ID"),
    ("KAlarm_3.4__KAlarm_TestCase06", "it does not recur, and KDE asks for recurrence only"),
    // RFC 8984, section 4.3.3: the start is always the first instance, and counts for `count`.
    ("KOrganizer_3.4__KOrganizer_Test01", "the rule does not give the start"),
    ("KOrganizer_3.4__KOrganizer_Test10", "the rule does not give the start"),
    ("KOrganizer_3.4__KOrganizer_Test11", "KDE goes on after 2020 here"),
    ("KOrganizer_3.4__KOrganizer_Test13", "the rule does not give the start"),
    ("LibICal__LibICal_TestCase02", "the rule does not give the start, which KDE does not count"),
    // RFC 5545, sections 3.8.5.1 and 3.8.5.2: the value is of the type of DTSTART.
    ("unsorted__exdate", "dates are excluded from a series of times"),
    ("unsorted__rdate", "times are added to a series of dates"),
];

/// The days of all occurrences of all entries.
fn days_of(ics: &[u8]) -> BTreeSet<String> {
    let group = ical_jscal::from_ical(ics).unwrap().value;
    let zones = CalendarZones::of(&group);
    let mut days = BTreeSet::new();
    for entry in &group.entries {
        match entry {
            Entry::Event(event) => add(&**event, &zones, zones.zone_of(&**event), &mut days),
            Entry::Task(task) => add(&**task, &zones, zones.zone_of(&**task), &mut days),
            _ => {}
        }
    }
    days
}

fn add<T: Recurring>(
    entry: &T,
    zones: &CalendarZones,
    zone: Option<TimeZoneId>,
    days: &mut BTreeSet<String>,
) {
    let Ok(series) = Series::with_zone(entry, zones.time_zones(), zone.as_ref()) else { return };
    let window: Occurrences<'_, T> = series
        .occurrences()
        .between("1996-07-01T00:00:00Z".parse().unwrap(), "2021-01-01T00:00:00Z".parse().unwrap());
    let mut last: Option<LocalDateTime> = None;
    for id in window.map(|it| it.recurrence_id().unwrap_or_else(|| it.start().local)) {
        let day = id.at_midnight();
        if last.replace(day) != Some(day) {
            days.insert(day.to_string().replace("T00:00:00", ""));
        }
    }
}
