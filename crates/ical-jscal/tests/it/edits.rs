//! The law of the hints, row by row of the mapping: an edited member shows in the iCalendar text, and nothing else does.
//!
//! Each row imports some lines, most of them with something that only a hint can bring back, changes one member of the
//! JSON, and says which lines go and come. Unchanged, the lines come back as they stand. A row is written as a patch:
//!
//! ```text
//! @ POINTER = the member's new JSON; null: it goes
//!  a line before and after
//! -a line before
//! +a line after
//! ```
//!
//! In a pointer, `*` is the only key of a map. What is missing on its way is made.

mod calendar;
mod components;
mod entry;
mod times;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::links::sorted;

/// Where the lines of a row stand.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// In a VCALENDAR; the pointer leads on from the group.
    Calendar,
    /// In a VEVENT; the pointer leads on from the event.
    Event,
    /// In a VTODO; the pointer leads on from the task.
    Todo,
    /// In a component of this name in a VEVENT; the pointer leads on from the only element of this map.
    Inner(&'static str, &'static str),
}

/// Asserts all rows, and says of each that fails what came instead.
#[track_caller]
fn check(place: Place, rows: &str) {
    let rows: Vec<&str> = rows.trim().split("\n\n").collect();
    let failures: Vec<String> = rows.iter().filter_map(|row| place.failure(row)).collect();
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), rows.len(), failures.join("\n"));
    println!("{} rows of {place:?}", rows.len());
}

impl Place {
    fn failure(self, row: &str) -> Option<String> {
        let (edit, patch) = row.strip_prefix("@ ").unwrap().split_once('\n').unwrap();
        let (pointer, json) = edit.split_once(" = ").unwrap();
        let [before, after] = [[' ', '-'], [' ', '+']].map(|signs| {
            let lines = patch.lines().filter_map(|line| line.strip_prefix(signs));
            self.calendar(&lines.collect::<Vec<_>>())
        });
        let mut group = import(&before);
        let lost = difference(&before, &export(&group));
        set(&mut group, &format!("{}{pointer}", self.base()), serde_json::from_str(json).unwrap());
        let missed = difference(&after, &export(&group));
        match (lost.is_empty(), missed.is_empty()) {
            (true, true) => None,
            (true, false) => Some(format!("{row}\nbut: {missed:#?}\n")),
            (false, _) => Some(format!("{row}\nalready unchanged: {lost:#?}\n")),
        }
    }

    /// A calendar with the lines in their place.
    fn calendar(self, lines: &[&str]) -> String {
        let lines = lines.join("\n");
        let (own, entry) = match self {
            Self::Calendar => (lines.as_str(), component("VEVENT", "SUMMARY:S")),
            Self::Event => ("", component("VEVENT", &lines)),
            Self::Todo => ("", component("VTODO", &lines)),
            Self::Inner(name, _) => {
                ("", component("VEVENT", &format!("BEGIN:{name}\n{lines}\nEND:{name}")))
            }
        };
        let prod_id = if own.contains("PRODID") { "" } else { "PRODID:-//t//t//EN\n" };
        format!("BEGIN:VCALENDAR\nVERSION:2.0\n{prod_id}{own}\n{entry}\nEND:VCALENDAR\n")
    }

    fn base(self) -> String {
        match self {
            Self::Calendar => String::new(),
            Self::Event | Self::Todo => "entries/0/".to_owned(),
            Self::Inner(_, map) => format!("entries/0/{map}/*/"),
        }
    }
}

/// A component with what every entry has to have, as far as its own lines do not say it. A task needs no start.
fn component(name: &str, lines: &str) -> String {
    let own: Vec<&str> = lines.lines().take_while(|line| !line.starts_with("BEGIN:")).collect();
    let mut usual = vec!["UID:u1", "DTSTAMP:20240101T000000Z", "DTSTART:20240115T100000"];
    usual.retain(|usual| {
        let property = usual.split(':').next().unwrap();
        let optional = name == "VTODO" && property == "DTSTART";
        !optional && own.iter().all(|line| !line.starts_with(property))
    });
    format!("BEGIN:{name}\n{}\n{lines}\nEND:{name}", usual.join("\n"))
}

fn import(text: &str) -> Value {
    let text = text.replace('\n', "\r\n");
    serde_json::from_str(&ical_jscal::FromIcal::new().json(text).unwrap().value).unwrap()
}

fn export(group: &Value) -> String {
    let text = ical_jscal::ToIcal::new().json(&group.to_string()).unwrap().value;
    text.replace("\r\n ", "").replace("\r\n", "\n")
}

/// The lines that only the first (`-`) or the second (`+`) of two texts has.
fn difference(before: &str, after: &str) -> Vec<String> {
    let mut counts: BTreeMap<String, i32> = BTreeMap::new();
    content(before).for_each(|line| *counts.entry(sorted(line)).or_default() -= 1);
    content(after).for_each(|line| *counts.entry(sorted(line)).or_default() += 1);
    let only = counts.into_iter().filter(|(_, count)| *count != 0);
    only.map(|(line, count)| format!("{}{line}", if count < 0 { '-' } else { '+' })).collect()
}

/// The lines without those of time zones.
fn content(text: &str) -> impl Iterator<Item = &str> {
    let mut in_zone = false;
    text.lines().filter(move |line| {
        in_zone |= *line == "BEGIN:VTIMEZONE";
        let counts = !in_zone && !line.is_empty();
        in_zone &= *line != "END:VTIMEZONE";
        counts
    })
}

/// Puts `new` where `pointer` leads, or takes away what is there if it is `null`.
fn set(group: &mut Value, pointer: &str, new: Value) {
    let unescaped = |token: &str| token.replace("~1", "/").replace("~0", "~");
    let mut tokens: Vec<&str> = pointer.split('/').collect();
    let name = unescaped(tokens.pop().unwrap());
    let mut at = group;
    for token in tokens {
        at = match (token, at) {
            (index, Value::Array(array)) => &mut array[index.parse::<usize>().unwrap()],
            ("*", at) => at.as_object_mut().unwrap().values_mut().next().unwrap(),
            (name, at) => &mut at[unescaped(name)],
        };
    }
    match new {
        Value::Null => drop(at.as_object_mut().unwrap().remove(&name).unwrap()),
        new => at[name] = new,
    }
}
