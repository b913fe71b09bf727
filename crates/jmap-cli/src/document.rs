//! JSON documents of JSCalendar: one object, or an array of them.

use jscalendar::{
    Diagnostics, Entry, Event, Group, Parsed, Position, Task, Version, detect_version,
};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::calendar::{self, Calendar};
use crate::check::times;
use crate::report::Failure;

/// One object of a document.
pub(crate) struct Document {
    /// The pointer to it, empty if it is the whole document.
    base: String,
    /// The version that it follows.
    version: Version,
    object: Object,
    /// What was odd about reading it.
    diagnostics: Diagnostics,
}

enum Object {
    Event(Box<Event>),
    Task(Box<Task>),
    Group(Box<Group>),
}

impl From<Object> for Calendar {
    fn from(object: Object) -> Self {
        match object {
            Object::Event(event) => Self::alone(Entry::Event(event)),
            Object::Task(task) => Self::alone(Entry::Task(task)),
            Object::Group(group) => (*group).into(),
        }
    }
}

impl Document {
    /// All objects of a text.
    pub(crate) fn read(json: &str) -> Result<Vec<Self>, Failure> {
        if !json.trim_ascii_start().starts_with('[') {
            return Ok(vec![Self::one(json, String::new())?]);
        }
        let elements: Vec<&RawValue> =
            serde_json::from_str(json).map_err(|error| no_jscalendar("", error))?;
        if elements.is_empty() {
            return Err(no_jscalendar("", "an empty array"));
        }
        elements
            .into_iter()
            .enumerate()
            .map(|(at, element)| Self::one(element.get(), at.to_string()))
            .collect()
    }

    fn one(json: &str, base: String) -> Result<Self, Failure> {
        let value: Value =
            serde_json::from_str(json).map_err(|error| no_jscalendar(&base, error))?;
        let version = detect_version(&value);
        let (object, diagnostics) = match value.get("@type").and_then(Value::as_str) {
            Some("Event") => read(Event::from_json(json), Object::Event),
            Some("Task") => read(Task::from_json(json), Object::Task),
            Some("Group") => read(Group::from_json(json), Object::Group),
            Some(other) => {
                return Err(no_jscalendar(&base, format!("an object of type {other:?}")));
            }
            None => return Err(no_jscalendar(&base, "an object without @type")),
        }
        .map_err(|error| no_jscalendar(&base, error))?;
        Ok(Self { base, version, object, diagnostics })
    }

    /// In which ways it breaks the rules of its version.
    pub(crate) fn violations(self) -> Diagnostics {
        let found = match &self.object {
            Object::Event(event) => event.validate(self.version),
            Object::Task(task) => task.validate(self.version),
            Object::Group(group) => group.validate(self.version),
        };
        // Most of what reading noticed is noticed again by checking, in better words.
        let mut read = Diagnostics::new();
        let known = |position: &Position| found.iter().any(|other| other.position == *position);
        for diagnostic in
            self.diagnostics.into_iter().filter(|diagnostic| !known(&diagnostic.position))
        {
            read.push(diagnostic);
        }
        read.append(found);
        times::check(&self.object.into(), &mut read);
        below(&self.base, read)
    }

    /// The object as a calendar, with the pointer to it; what was odd about reading it goes to `diagnostics`.
    pub(crate) fn into_calendar(self, diagnostics: &mut Diagnostics) -> (String, Calendar) {
        diagnostics.append(below(&self.base, self.diagnostics));
        (self.base, self.object.into())
    }

    fn rewrite(self, version: Version, diagnostics: &mut Diagnostics) -> String {
        let written = match &self.object {
            Object::Event(event) => event.to_json(version),
            Object::Task(task) => task.to_json(version),
            Object::Group(group) => group.to_json(version),
        };
        diagnostics.append(below(&self.base, self.diagnostics));
        diagnostics.append(below(&self.base, written.diagnostics));
        written.value
    }
}

/// The same objects as compact JSON of `version`.
pub(crate) fn rewrite(json: &str, version: Version) -> Result<(String, Diagnostics), Failure> {
    let documents = Document::read(json)?;
    let alone = documents.iter().all(|document| document.base.is_empty());
    let mut diagnostics = Diagnostics::new();
    let written: Vec<String> =
        documents.into_iter().map(|document| document.rewrite(version, &mut diagnostics)).collect();
    let joined = written.join(",");
    Ok((if alone { joined } else { format!("[{joined}]") }, diagnostics))
}

fn read<T>(
    parsed: Result<Parsed<T>, jscalendar::Error>,
    object: impl FnOnce(Box<T>) -> Object,
) -> Result<(Object, Diagnostics), jscalendar::Error> {
    let parsed = parsed?;
    Ok((object(Box::new(parsed.value)), parsed.diagnostics))
}

/// Moves pointers below `base`.
pub(crate) fn below(base: &str, mut diagnostics: Diagnostics) -> Diagnostics {
    if base.is_empty() {
        return diagnostics;
    }
    for diagnostic in diagnostics.since_mut(0) {
        if let Position::Pointer(pointer) = &mut diagnostic.position {
            *pointer = calendar::below(base, pointer);
        }
    }
    diagnostics
}

fn no_jscalendar(base: &str, why: impl std::fmt::Display) -> Failure {
    let place =
        if base.is_empty() { String::new() } else { format!("element {base} of the array: ") };
    Failure::new("not-jscalendar", format!("not JSCalendar: {place}{why}"))
}
