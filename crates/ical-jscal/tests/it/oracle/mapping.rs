//! What of an iCalendar text JSCalendar 2.0 has a place for: the rows of the mapping (revision 25 of the conversion
//! draft, sections 2 and 3) that are no hatch. Everything else is taken away before two texts are compared.
//!
//! Where a row is not for every value or not for every line of a name, the rule stands at [`has_place`] and
//! [`keep_first`].

use std::collections::BTreeSet;

use super::lines::{Component, Line, Param, parse};
use super::zone::{Length, Moment};
use super::{Difference, Sides, matching, take_calendars};

/// A property that has a place, with those of its parameters that have one too.
type Row = (&'static str, &'static [&'static str]);

const LINKS: &[Row] = &[
    ("ATTACH", &["ENCODING", "FMTTYPE", "FILENAME", "LABEL", "SIZE"]),
    ("IMAGE", &["ENCODING", "FMTTYPE", "FILENAME", "LABEL", "SIZE", "DISPLAY"]),
    ("LINK", &["FMTTYPE", "LABEL", "LINKREL"]),
    ("URL", &["FMTTYPE", "LABEL"]),
];

const TEXTS: &[Row] = &[("DESCRIPTION", &[]), ("STYLED-DESCRIPTION", &["FMTTYPE"])];

const CALENDAR: &[Row] = &[
    ("CATEGORIES", &[]),
    ("COLOR", &[]),
    ("CONCEPT", &[]),
    ("CREATED", &[]),
    ("LAST-MODIFIED", &[]),
    ("METHOD", &[]),
    ("NAME", &["LANGUAGE"]),
    ("PRODID", &[]),
    ("SOURCE", &[]),
    ("UID", &[]),
    ("VERSION", &[]),
];

const EVENT: &[Row] = &[("DTEND", &["TZID"]), ("DURATION", &[])];

const TASK: &[Row] = &[("DUE", &["TZID"]), ("ESTIMATED-DURATION", &[]), ("PERCENT-COMPLETE", &[])];

const ENTRY: &[Row] = &[
    (
        "ATTENDEE",
        &[
            "CN",
            "CUTYPE",
            "DELEGATED-FROM",
            "DELEGATED-TO",
            "EMAIL",
            "MEMBER",
            "PARTSTAT",
            "ROLE",
            "RSVP",
            "SENT-BY",
        ],
    ),
    ("CATEGORIES", &[]),
    ("CLASS", &[]),
    ("COLOR", &[]),
    ("CONCEPT", &[]),
    ("CONFERENCE", &["FEATURE", "LABEL"]),
    ("CREATED", &[]),
    ("DTSTAMP", &[]),
    ("DTSTART", &["TZID"]),
    ("EXDATE", &["TZID"]),
    ("GEO", &[]),
    ("LOCATION", &[]),
    ("ORGANIZER", &["CN", "EMAIL", "SENT-BY"]),
    ("PRIORITY", &[]),
    ("RDATE", &["TZID"]),
    ("RECURRENCE-ID", &["TZID"]),
    ("RELATED-TO", &["RELTYPE"]),
    ("RRULE", &[]),
    ("SEQUENCE", &[]),
    ("SHOW-WITHOUT-TIME", &[]),
    ("STATUS", &[]),
    ("SUMMARY", &["LANGUAGE"]),
    ("TRANSP", &[]),
    ("UID", &[]),
];

const ALARM: &[Row] = &[
    ("ACKNOWLEDGED", &[]),
    ("ACTION", &[]),
    ("RELATED-TO", &["RELTYPE"]),
    ("TRIGGER", &["RELATED"]),
];

const LOCATION: &[Row] =
    &[("COORDINATES", &[]), ("GEO", &[]), ("LOCATION-TYPE", &[]), ("NAME", &[])];

const PARTICIPANT: &[Row] =
    &[("CALENDAR-ADDRESS", &[]), ("PERCENT-COMPLETE", &[]), ("SUMMARY", &[])];

/// The properties that may stand in a component several times.
const REPEATED: &[&str] = &[
    "ATTACH",
    "ATTENDEE",
    "CATEGORIES",
    "CONCEPT",
    "CONFERENCE",
    "EXDATE",
    "IMAGE",
    "LINK",
    "RDATE",
    "RELATED-TO",
];

/// The rows for a component, and which components inside it have a place.
fn table(component: &str) -> (&'static [&'static [Row]], &'static [&'static str]) {
    match component {
        "" => (&[], &["VCALENDAR"]),
        "VCALENDAR" => (&[CALENDAR, LINKS, TEXTS], &["VEVENT", "VTODO", "VTIMEZONE"]),
        "VEVENT" => (&[ENTRY, EVENT, LINKS, TEXTS], &["VALARM", "VLOCATION", "PARTICIPANT"]),
        "VTODO" => (&[ENTRY, TASK, LINKS, TEXTS], &["VALARM", "VLOCATION", "PARTICIPANT"]),
        "VALARM" => (&[ALARM], &[]),
        "VLOCATION" => (&[LOCATION, LINKS], &[]),
        "PARTICIPANT" => (&[PARTICIPANT, LINKS, TEXTS], &[]),
        _ => (&[], &[]),
    }
}

fn row(component: &str, property: &str) -> Option<Row> {
    let mut rows = table(component).0.iter().flat_map(|rows| rows.iter());
    rows.find(|(name, _)| *name == property).copied()
}

/// Whether there is a row for a property of a component.
pub(crate) fn is_mapped(component: &str, property: &str) -> bool {
    row(component, property).is_some()
}

/// The differences between two texts in what has a place. Zones count by the instants that they give.
pub(crate) fn compare(before: &[u8], after: &[u8]) -> Vec<Difference> {
    let [mut before, mut after] = [before, after].map(reduced);
    let (before, after) = (take_calendars(&mut before), take_calendars(&mut after));
    let mut out = Vec::new();
    for (before, after) in before.iter().zip(&after) {
        let sides = Sides::by_instants(before, after);
        matching::compare_components(before, after, "VCALENDAR", &sides, &mut out);
    }
    out.retain(|difference| !format!("{difference}").contains("/VTIMEZONE"));
    out
}

/// The lines of a text that have a place, each with its component and its name.
pub(crate) fn lines_with_place(text: &[u8]) -> Vec<(String, String)> {
    names(reduced(text))
}

/// All lines of a text, each with its component and its name.
pub(crate) fn all_lines(text: &[u8]) -> Vec<(String, String)> {
    names(parse(text))
}

fn names(root: Component) -> Vec<(String, String)> {
    let mut names = Vec::new();
    let mut open = vec![root];
    while let Some(component) = open.pop() {
        names
            .extend(component.lines.iter().map(|line| (component.name.clone(), line.name.clone())));
        open.extend(component.children);
    }
    names
}

fn reduced(text: &[u8]) -> Component {
    let mut root = parse(text);
    reduce(&mut root);
    root
}

/// Takes away what has no place.
fn reduce(component: &mut Component) {
    if component.name == "VTIMEZONE" {
        return;
    }
    let whole = component.clone();
    for line in &mut component.lines {
        keep_sound_dates(line, &whole);
    }
    component.lines.retain(|line| has_place(line, &whole));
    keep_first(&mut component.lines);
    for line in &mut component.lines {
        let (_, params) = row(&whole.name, &line.name).unwrap_or_default();
        let known = |param: &Param| params.contains(&param.name.as_str()) && is_known(param);
        // A time shows by itself whether it is a date, and a date has no zone.
        let is_time = Moment::parse(&line.value).is_some();
        line.params.retain(|param| match param.name.as_str() {
            "VALUE" => !is_time,
            "TZID" => !is_day(&line.value) && known(param),
            _ => known(param),
        });
    }
    component.children.retain(|child| {
        table(&whole.name).1.contains(&child.name.as_str()) && can_be_object(child)
    });
    drop_outdated(&mut component.children);
    component.children.iter_mut().for_each(reduce);
}

/// Whether JSCalendar has a place for a line: it has a value, and one that can be read and is among those of the row.
fn is_base64(value: &str) -> bool {
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/".contains(&byte);
    value.trim_end_matches('=').bytes().all(digit)
}

fn has_place(line: &Line, component: &Component) -> bool {
    let value = line.value.trim();
    let token = value.to_ascii_uppercase();
    let number = |to: u64| value.parse::<u64>().is_ok_and(|number| number <= to);
    let is = |tokens: &[&str]| tokens.contains(&token.as_str());
    let encoded = line.param("ENCODING").is_some_and(|it| !it.eq_ignore_ascii_case("8BIT"));
    let recurs = || {
        component.line("RECURRENCE-ID").is_none()
            && (component.name == "VEVENT" || component.line("DTSTART").is_some())
    };
    is_mapped(&component.name, &line.name)
        && !value.is_empty()
        && match line.name.as_str() {
            "ACKNOWLEDGED" | "CREATED" | "DTSTAMP" | "LAST-MODIFIED" => {
                matches!(Moment::parse(value), Some(Moment::Time(_, true)))
            }
            "ACTION" => is(&["DISPLAY", "EMAIL"]),
            "ATTACH" | "IMAGE" => {
                let binary =
                    line.param("VALUE").is_some_and(|it| it.eq_ignore_ascii_case("BINARY"));
                // Where ENCODING was forgotten, the value tells.
                encoded == binary || (line.param("ENCODING").is_none() && is_base64(value))
            }
            "CATEGORIES" => !encoded,
            "CLASS" => is(&["PUBLIC", "PRIVATE", "CONFIDENTIAL"]),
            "DESCRIPTION" => !is_derived(line) && component.lines.iter().all(|it| !is_styled(it)),
            "DTEND" => ends_after_start(value, component),
            "DTSTART" | "RECURRENCE-ID" => Moment::parse(value).is_some(),
            "DUE" => same_form(value, component),
            "DURATION" => component.line("DTEND").is_none() && is_length(value, component),
            "ESTIMATED-DURATION" => is_length(value, component),
            "EXDATE" | "RDATE" | "RRULE" => recurs(),
            "GEO" => !is_derived(line) && value.split(';').all(|part| part.parse::<f64>().is_ok()),
            "LINK" => line.param("VALUE").is_none_or(|it| it.eq_ignore_ascii_case("URI")),
            "LOCATION" => !is_derived(line),
            "METHOD" => component
                .children
                .iter()
                .any(|it| ["VEVENT", "VTODO"].contains(&it.name.as_str()) && can_be_object(it)),
            "PERCENT-COMPLETE" => number(100),
            "PRIORITY" => number(9),
            "SEQUENCE" => number(u64::from(i32::MAX.unsigned_abs())),
            "SHOW-WITHOUT-TIME" => token == "TRUE",
            "STATUS" if component.name == "VEVENT" => is(&["TENTATIVE", "CONFIRMED", "CANCELLED"]),
            "STATUS" => is(&["NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED", "FAILED"]),
            "STYLED-DESCRIPTION" => is_styled(line),
            "TRANSP" => is(&["OPAQUE", "TRANSPARENT"]),
            "VERSION" => value == "2.0" && line.params.is_empty(),
            _ => true,
        }
}

fn is_derived(line: &Line) -> bool {
    line.param("DERIVED").is_some_and(|it| it.eq_ignore_ascii_case("TRUE"))
}

fn is_styled(line: &Line) -> bool {
    line.name == "STYLED-DESCRIPTION" && !line.value.is_empty() && !is_derived(line)
}

/// Whether a length is not negative, and whole days beside a date.
fn is_length(value: &str, component: &Component) -> bool {
    let days = component.line("DTSTART").is_some_and(|start| is_day(&start.value));
    Length::parse(value)
        .is_some_and(|it| it.days >= 0 && it.seconds >= 0 && (!days || it.seconds == 0))
}

fn is_day(value: &str) -> bool {
    matches!(Moment::parse(value), Some(Moment::Day(_)))
}

/// Whether a time is a date as the start is, or has a time of day as the start has.
fn same_form(value: &str, component: &Component) -> bool {
    let start = component.line("DTSTART").filter(|line| Moment::parse(&line.value).is_some());
    Moment::parse(value).is_some() && start.is_none_or(|it| is_day(&it.value) == is_day(value))
}

/// JSCalendar has no negative length. Ends in another zone are not judged.
fn ends_after_start(value: &str, component: &Component) -> bool {
    let Some(start) = component.line("DTSTART") else { return false };
    let zone = |line: &Line| line.param("TZID");
    let same_zone = component.line("DTEND").and_then(zone) == zone(start);
    same_form(value, component)
        && match (Moment::parse(&start.value), Moment::parse(value)) {
            (Some(Moment::Time(start, utc)), Some(Moment::Time(end, end_utc))) => {
                !same_zone || utc != end_utc || start <= end
            }
            // A day that ends where it starts is one day all the same.
            (Some(Moment::Day(start)), Some(Moment::Day(end))) => start < end,
            _ => false,
        }
}

/// Leaves those values in a list of dates that the series can have.
fn keep_sound_dates(line: &mut Line, component: &Component) {
    if ["EXDATE", "RDATE"].contains(&line.name.as_str()) {
        let values = line.value.split(',').map(str::trim);
        let sound =
            |value: &&str| same_form(value.split('/').next().unwrap_or_default(), component);
        line.value = values.filter(sound).collect::<Vec<_>>().join(",");
    }
}

/// Of a property that an object has once, the first line counts; of one person too.
fn keep_first(lines: &mut Vec<Line>) {
    let mut seen = BTreeSet::new();
    lines.retain(|line| match line.name.as_str() {
        "ATTENDEE" => seen.insert(line.value.to_ascii_lowercase()),
        name => REPEATED.contains(&name) || seen.insert(name.to_owned()),
    });
}

/// Whether a value of a parameter has a place.
fn is_known(param: &Param) -> bool {
    let value = param.values.join(",").to_ascii_uppercase();
    match param.name.as_str() {
        "CUTYPE" => ["INDIVIDUAL", "GROUP", "RESOURCE", "ROOM"].contains(&value.as_str()),
        "PARTSTAT" => !value.starts_with("X-"),
        "ROLE" => !value.contains('_'),
        "RSVP" => value == "TRUE",
        "SENT-BY" => value.starts_with("MAILTO:"),
        "SIZE" => value.parse::<u64>().is_ok(),
        _ => !value.is_empty(),
    }
}

/// Whether a component says what its object has to have: an event when it starts, an alarm when it goes off.
fn can_be_object(component: &Component) -> bool {
    let time = |name| component.line(name).is_some_and(|it| Moment::parse(&it.value).is_some());
    match component.name.as_str() {
        "VEVENT" => time("DTSTART") || time("RECURRENCE-ID"),
        "VALARM" => {
            let none = component.line("ACTION").is_some_and(|it| it.value == "NONE");
            let trigger = component.line("TRIGGER").map(|it| it.value.as_str()).unwrap_or_default();
            let moment = matches!(Moment::parse(trigger), Some(Moment::Time(_, true)));
            !none && (moment || Length::parse(trigger).is_some())
        }
        _ => true,
    }
}

/// Of several components for one occurrence the one with the highest SEQUENCE counts, then the last one.
fn drop_outdated(children: &mut Vec<Component>) {
    let text = |child: &Component, name| child.line(name).map(|line| line.value.clone());
    let rank = |child: &Component| {
        let sequence = text(child, "SEQUENCE").and_then(|it| it.parse::<u64>().ok());
        (text(child, "UID"), text(child, "RECURRENCE-ID"), sequence.unwrap_or_default())
    };
    let ranks: Vec<_> = children.iter().map(rank).collect();
    let mut at = 0..;
    children.retain(|child| {
        let (uid, id, sequence) = rank(child);
        let later = |(i, (u, r, s)): (usize, &(_, _, u64))| {
            (u, r) == (&uid, &id) && (*s, i) > (sequence, at.start)
        };
        let outdated = id.is_some() && ranks.iter().enumerate().any(later);
        at.next();
        !outdated
    });
}
