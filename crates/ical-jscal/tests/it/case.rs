//! What the tests by cases share: a component with a few lines that are the same in all of them, and what is different
//! about it when there are more.

use ical_jscal::{FromIcal, ToIcal};
use jscalendar::Version;
use serde_json::{Value, json};

/// A component to which a case adds lines or members.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    component: &'static str,
    lines: &'static str,
    version: Version,
}

/// An event that says nothing about when it is.
pub(crate) const BARE: Case = Case::new("VEVENT", "");
/// An event at ten in the morning in Berlin.
pub(crate) const EVENT: Case = Case::new("VEVENT", "\nDTSTART;TZID=Europe/Berlin:20240115T100000");
/// An hour on five days.
pub(crate) const SERIES: Case = Case::new(
    "VEVENT",
    "\nDTSTART;TZID=Europe/Berlin:20240115T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=5",
);
/// A task that says nothing about when it is.
pub(crate) const TASK: Case = Case::new("VTODO", "");

const ALWAYS: &str = "UID:u1\nDTSTAMP:20240101T000000Z";

impl Case {
    pub(crate) const fn new(component: &'static str, lines: &'static str) -> Self {
        Self { component, lines, version: Version::V2_0 }
    }

    /// The same, imported to JSCalendar 1.0.
    pub(crate) const fn v1(self) -> Self {
        Self { version: Version::V1_0, ..self }
    }

    /// The component with `lines`. A line that is `BEGIN:VEVENT` or `BEGIN:VTODO` ends it and begins another one.
    fn component(&self, lines: &str) -> String {
        let Self { component, lines: own, .. } = self;
        let lines = lines.trim_matches('\n');
        let lines = if lines.is_empty() { String::new() } else { format!("\n{lines}") };
        let lines = lines
            .replace("\nBEGIN:VEVENT", &format!("\nEND:{component}\nBEGIN:VEVENT"))
            .replace("\nBEGIN:VTODO", &format!("\nEND:{component}\nBEGIN:VTODO"));
        format!("BEGIN:{component}\n{ALWAYS}{own}{lines}\nEND:{component}")
    }

    /// A calendar that holds the component with `lines`, after `before`.
    pub(crate) fn text_after(&self, before: &str, lines: &str) -> String {
        calendar(&format!("{before}\n{}", self.component(lines)))
    }

    pub(crate) fn text(&self, lines: &str) -> String {
        self.text_after("", lines)
    }

    /// How the object of the component with `lines` differs from that without them: a JSON merge patch.
    pub(crate) fn import(&self, lines: &str) -> Value {
        self.import_after("", lines)
    }

    pub(crate) fn import_after(&self, before: &str, lines: &str) -> Value {
        let with = self.read(&self.text_after(before, lines)).0["entries"][0].take();
        difference(&simple(self.json()), &simple(with))
    }

    /// The codes of what importing `lines` reports.
    pub(crate) fn codes(&self, lines: &str) -> Vec<String> {
        self.read(&self.text(lines)).1
    }

    /// The group that a text becomes, and the codes of what is reported.
    pub(crate) fn read(&self, text: &str) -> (Value, Vec<String>) {
        let (json, codes) = self.json_text(text);
        (serde_json::from_str(&json).unwrap(), codes)
    }

    fn json_text(&self, text: &str) -> (String, Vec<String>) {
        let mut options = FromIcal::new();
        options.version = self.version;
        let json = options.json(text).unwrap();
        let codes = json.diagnostics.iter().map(|found| found.code.to_owned()).collect();
        (json.value, codes)
    }

    /// The object of the component, without its hatch.
    fn json(&self) -> Value {
        let group = self.read(&self.text("")).0;
        let Some(entry) = group["entries"].get(0) else {
            // An event without a start is none.
            return json!({"@type": "Event", "uid": "u1", "updated": "2024-01-01T00:00:00Z"});
        };
        let mut entry = entry.clone();
        entry.as_object_mut().unwrap().remove("iCalendar");
        entry
    }

    /// How the component of the object with `members` differs from that without them: the lines that there are more,
    /// and with a `-` those that there are fewer. A member that is null is taken away.
    pub(crate) fn export(&self, members: Value) -> Vec<String> {
        self.export_reporting(members).0
    }

    /// The same, with the codes of what is reported.
    pub(crate) fn export_reporting(&self, members: Value) -> (Vec<String>, Vec<String>) {
        let mut entry = self.json();
        for (name, value) in members.as_object().unwrap() {
            match value {
                Value::Null => drop(entry.as_object_mut().unwrap().remove(name)),
                value => entry[name] = value.clone(),
            }
        }
        let (text, codes) = write(&entry);
        (subtract(body(&text), body(&write(&self.json()).0)), codes)
    }

    /// What comes back of `lines`.
    pub(crate) fn round(&self, lines: &str) -> Vec<String> {
        let round = |text: &str| ToIcal::new().json(&self.json_text(text).0).unwrap().value;
        let text = round(&self.text(lines));
        assert_eq!(round(&text), text, "the second time");
        subtract(body(&text), body(&round(&self.text(""))))
    }

    /// Asserts that `lines` come back as they are, in whatever order.
    #[track_caller]
    pub(crate) fn stays(&self, lines: &str) {
        let mut expected: Vec<&str> = lines.trim_matches('\n').split('\n').collect();
        let mut found = self.round(lines);
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected);
    }

    /// Asserts that `lines` become `members`, and come back. If no hatch is needed, it is seen that they come back
    /// without any.
    #[track_caller]
    pub(crate) fn both(&self, lines: &str, members: Value) {
        assert_eq!(self.import(lines), members, "{lines}");
        self.stays(lines);
        if members.get("iCalendar").is_none() {
            let mut found = self.export(members);
            let mut expected: Vec<&str> = lines.split('\n').collect();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "without the hatch");
        }
    }
}

/// A calendar that holds `lines`.
pub(crate) fn calendar(lines: &str) -> String {
    let lines = lines.trim_matches('\n');
    let end = if lines.is_empty() { "" } else { "\n" };
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//t//EN\n{lines}{end}END:VCALENDAR\n")
        .replace('\n', "\r\n")
}

/// An event of JSON alone: with what all have, and `members`.
pub(crate) fn object(kind: &str, members: Value) -> Value {
    let mut entry = json!({
        "@type": kind, "version": "2.0", "uid": "u1", "updated": "2024-01-01T00:00:00Z",
    });
    entry.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    entry
}

/// The text of an object, and the codes of what is reported.
pub(crate) fn write(json: &Value) -> (String, Vec<String>) {
    let text = ToIcal::new().json(&json.to_string()).unwrap();
    (text.value, text.diagnostics.iter().map(|found| found.code.to_owned()).collect())
}

/// The lines of a text, unfolded, without those of the calendar and its zones.
pub(crate) fn body(text: &str) -> Vec<String> {
    let unfolded = text.replace("\r\n ", "");
    let mut zone = false;
    let mut lines = Vec::new();
    for line in unfolded.split_terminator("\r\n") {
        zone |= line == "BEGIN:VTIMEZONE";
        let calendar = ["BEGIN:VCALENDAR", "END:VCALENDAR", "VERSION:2.0", "PRODID:"];
        if !zone && !calendar.iter().any(|start| line.starts_with(start)) {
            lines.push(line.to_owned());
        }
        zone &= line != "END:VTIMEZONE";
    }
    lines
}

/// The lines of each component in a text that are directly in the calendar.
pub(crate) fn components(text: &str, name: &str) -> Vec<Vec<String>> {
    let unfolded = text.replace("\r\n ", "");
    let (begin, end) = (format!("BEGIN:{name}\r\n"), format!("END:{name}\r\n"));
    unfolded
        .split(&begin)
        .skip(1)
        .map(|rest| rest.split(&end).next().unwrap())
        .map(|lines| lines.split_terminator("\r\n").map(str::to_owned).collect())
        .collect()
}

/// The lines of `with` that are not in `without`, and with a `-` those that are only in `without`.
pub(crate) fn subtract(with: Vec<String>, without: Vec<String>) -> Vec<String> {
    let mut more = with;
    let mut fewer = Vec::new();
    for line in without {
        match more.iter().position(|other| *other == line) {
            Some(at) => drop(more.remove(at)),
            None => fewer.push(format!("-{line}")),
        }
    }
    more.extend(fewer);
    more
}

/// A value without the types and names that say nothing here, and without hatches that are empty then.
pub(crate) fn simple(mut value: Value) -> Value {
    simplify(&mut value);
    value
}

fn simplify(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if members.get("@type").is_some_and(|name| name == "ICalComponent") {
                members.remove("name");
            }
            members.remove("@type");
            members.values_mut().for_each(simplify);
            if members.get("iCalendar").is_some_and(|hatch| *hatch == json!({})) {
                members.remove("iCalendar");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(simplify),
        _ => {}
    }
}

/// The members of `with` that differ from those of `without`; null for those that are gone.
pub(crate) fn difference(without: &Value, with: &Value) -> Value {
    let (without, with) = (without.as_object().unwrap(), with.as_object().unwrap());
    let changed = with.iter().filter(|(name, value)| without.get(*name) != Some(*value));
    let mut members: serde_json::Map<_, _> =
        changed.map(|(name, value)| (name.clone(), value.clone())).collect();
    for name in without.keys().filter(|name| !with.contains_key(*name)) {
        members.insert(name.clone(), Value::Null);
    }
    Value::Object(members)
}
