//! Examples mostly leave out what does not matter. Here they are made whole.

use jscalendar::Version;
use serde_json::{Map, Value, json};

/// What every component has to have, for those that do not say it.
const FILLERS: &[(&str, &[&str])] = &[
    ("VEVENT", &["UID:filler", "DTSTAMP:19700101T000000Z", "DTSTART:19700101T000000"]),
    ("VTODO", &["UID:filler", "DTSTAMP:19700101T000000Z"]),
    ("VALARM", &["ACTION:DISPLAY", "TRIGGER:PT0S"]),
];

/// A whole VCALENDAR with the lines of an example.
pub(super) fn calendar(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "...").collect();
    let outer = match lines.first().copied().unwrap_or_default() {
        "BEGIN:VCALENDAR" => &[][..],
        "BEGIN:VEVENT" | "BEGIN:VTODO" => &["BEGIN:VCALENDAR"][..],
        _ => &["BEGIN:VCALENDAR", "BEGIN:VEVENT"][..],
    };
    let mut open: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut whole = String::new();
    for line in outer.iter().chain(&lines) {
        match line.split_once(':') {
            Some(("END", _)) => {
                close(open.pop(), &mut whole);
                continue;
            }
            Some(("BEGIN", name)) => open.push((name, Vec::new())),
            _ => open.last_mut().unwrap().1.push(line),
        }
        whole.push_str(&format!("{line}\r\n"));
    }
    while let Some(component) = open.pop() {
        close(Some(component), &mut whole);
    }
    whole
}

/// Fills up and ends a component.
fn close(component: Option<(&str, Vec<&str>)>, whole: &mut String) {
    let (name, lines) = component.unwrap();
    let says =
        |property: &str| lines.iter().any(|it| it.split([':', ';']).next() == Some(property));
    for (_, fillers) in FILLERS.iter().filter(|(component, _)| *component == name) {
        let missing = |filler: &&&str| match filler.split(':').next().unwrap() {
            "DTSTART" => !says("DTSTART") && !says("RECURRENCE-ID"),
            property => !says(property),
        };
        for filler in fillers.iter().filter(missing) {
            whole.push_str(&format!("{filler}\r\n"));
        }
    }
    whole.push_str(&format!("END:{name}\r\n"));
}

/// The JSON of an example, which may lack its braces.
pub(super) fn json(text: &str) -> Value {
    let text = text.trim().trim_end_matches(',');
    let whole = if text.starts_with('{') { text.to_owned() } else { format!("{{{text}}}") };
    serde_json::from_str(&whole).unwrap()
}

/// Members of JMAP, which are no part of the calendar.
const OF_SERVERS: &[&str] = &["id", "calendarIds", "isDraft", "isOrigin"];

/// A group with the object of an example.
pub(super) fn group(json: &Value, version: Version) -> Value {
    let mut json = json.clone();
    drop_ellipses(&mut json);
    if json["@type"] != "Group" {
        json = json!({"@type": "Group", "version": version.to_string(), "entries": [json]});
    }
    for entry in json["entries"].as_array_mut().into_iter().flatten() {
        let entry = entry.as_object_mut().unwrap();
        let kind = entry.entry("@type").or_insert_with(|| json!("Event")).clone();
        OF_SERVERS.iter().for_each(|name| drop(entry.remove(*name)));
        fill(entry, "uid", json!("filler"));
        fill(entry, "updated", json!("1970-01-01T00:00:00Z"));
        if kind == "Event" {
            fill(entry, "start", json!("1970-01-01T00:00:00"));
        }
        for alert in entry.get_mut("alerts").and_then(Value::as_object_mut).into_iter().flatten() {
            fill(alert.1.as_object_mut().unwrap(), "trigger", json!({"offset": "PT0S"}));
        }
    }
    json
}

fn fill(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.entry(name).or_insert(value);
}

fn drop_ellipses(json: &mut Value) {
    match json {
        Value::Object(members) => {
            members.remove("...");
            members.values_mut().for_each(drop_ellipses);
        }
        Value::Array(elements) => elements.iter_mut().for_each(drop_ellipses),
        _ => {}
    }
}

/// Of our group the object that is given, without what was filled in.
pub(super) fn object(mut group: Value, given: &Value) -> Value {
    if given["@type"] == "Group" {
        return group;
    }
    group["entries"][0].take()
}

/// What a converter or a server may write as it likes: keys, the times of its own changes, defaults, and what is
/// private to it.
const FREE: &[&str] = &[
    "JSID:",
    "CREATED:",
    "DTSTAMP:",
    "LAST-MODIFIED:",
    "PRIORITY:0",
    "PRODID:",
    "SEQUENCE:0",
    "TRANSP:OPAQUE",
    "X-JMAP-",
];

/// A text without what is free.
pub(super) fn comparable(text: &str) -> String {
    let text = text.replace("\r\n ", "").replace("\r\n\t", "");
    let mut within = Vec::new();
    let mut kept = String::new();
    for line in text.lines() {
        within.extend(line.strip_prefix("BEGIN:"));
        // The UIDs of these are often random.
        let inner =
            ["VALARM", "VLOCATION", "PARTICIPANT"].map(Some).contains(&within.last().copied());
        if !(FREE.iter().any(|free| line.starts_with(free)) || inner && line.starts_with("UID:")) {
            kept.push_str(&without_private(line));
            kept.push_str("\r\n");
        }
        if line.starts_with("END:") {
            within.pop();
        }
    }
    kept
}

/// A line without the parameters JSID and X-JMAP-.
fn without_private(line: &str) -> String {
    let mut quoted = false;
    let mut at_end = |c: char, end: char| {
        quoted ^= c == '"';
        c == end && !quoted
    };
    let Some(colon) = line.find(|c| at_end(c, ':')) else { return line.to_owned() };
    let (head, value) = line.split_at(colon);
    let mut parts: Vec<&str> = head.split(|c| at_end(c, ';')).collect();
    parts.retain(|part| !part.starts_with("JSID=") && !part.starts_with("X-JMAP-"));
    parts.join(";") + value
}
