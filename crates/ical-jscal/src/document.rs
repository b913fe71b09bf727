//! JSON documents that can be exported: a group, an entry alone, or an array of them.

use std::io::{Read, Seek, Write};

use jscalendar::{Diagnostics, Entry, Event, Group, Parsed, Position, Task};
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Error;
use crate::calendar::{self, Place};
use crate::to_ical::Run;

/// Reads a document and hands over each group in it, with its place.
pub(crate) fn read(
    json: &str,
    run: &mut Run<'_>,
    mut each: impl FnMut(Group, Place<'_>, &mut Run<'_>),
) -> Result<(), Error> {
    if !json.trim_ascii_start().starts_with('[') {
        let (group, place) = read_object(json, "", run.diagnostics)?;
        each(group, place, run);
        return Ok(());
    }
    let elements: Vec<&RawValue> = serde_json::from_str(json).map_err(not_jscalendar)?;
    if elements.is_empty() {
        return Err(Error::NotJSCalendar("an empty array".to_owned()));
    }
    for (at, element) in elements.iter().enumerate() {
        let base = at.to_string();
        let (group, place) = read_object(element.get(), &base, run.diagnostics)?;
        each(group, place, run);
    }
    Ok(())
}

/// Reads one object; an entry alone gets a group around it.
fn read_object<'p>(
    json: &str,
    base: &'p str,
    diagnostics: &mut Diagnostics,
) -> Result<(Group, Place<'p>), Error> {
    let found = type_of(json).map_err(not_jscalendar)?;
    let entry = match found.as_deref() {
        Some("Group") => {
            let group = kept(Group::from_json(json)?, base, diagnostics);
            return Ok((group, Place::Group(base)));
        }
        Some("Event") => kept(Event::from_json(json)?, base, diagnostics).into(),
        Some("Task") => kept(Task::from_json(json)?, base, diagnostics).into(),
        Some(other) => {
            return Err(Error::NotJSCalendar(format!("an object of type \"{other}\"")));
        }
        None => return Err(Error::NotJSCalendar("an object without @type".to_owned())),
    };
    Ok((alone(entry), Place::Entry(base)))
}

impl From<jscalendar::Error> for Error {
    fn from(error: jscalendar::Error) -> Self {
        match error {
            // The words around it would say a second time what this is not.
            jscalendar::Error::NotAnObject(error) => not_jscalendar(error),
            other => Self::NotJSCalendar(other.to_string()),
        }
    }
}

fn not_jscalendar(error: serde_json::Error) -> Error {
    Error::NotJSCalendar(error.to_string())
}

/// An entry that stands alone says of which version it is; in a group the group does.
pub(crate) fn alone(mut entry: Entry) -> Group {
    let mut group = Group::default();
    group.version = match &mut entry {
        Entry::Event(event) => event.version.take(),
        Entry::Task(task) => task.version.take(),
        _ => None,
    };
    group.entries.push(entry);
    group
}

fn kept<T>(parsed: Parsed<T>, base: &str, diagnostics: &mut Diagnostics) -> T {
    for mut diagnostic in parsed.diagnostics {
        if let (Position::Pointer(pointer), false) = (&mut diagnostic.position, base.is_empty()) {
            let separator = if pointer.is_empty() { "" } else { "/" };
            *pointer = format!("{base}{separator}{pointer}");
        }
        diagnostics.push(diagnostic);
    }
    parsed.value
}

/// The `@type` of an object. It mostly stands first, and nothing behind it is looked at.
fn type_of(json: &str) -> Result<Option<String>, serde_json::Error> {
    let mut found = None;
    let read = serde_json::Deserializer::from_str(json).deserialize_map(TypeVisitor(&mut found));
    match (read, found) {
        (Err(error), None) => Err(error),
        (_, found) => Ok(found),
    }
}

/// Stops with an error when it has found the type.
struct TypeVisitor<'f>(&'f mut Option<String>);

impl<'de> Visitor<'de> for TypeVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object of JSCalendar")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<std::borrow::Cow<'de, str>>()? {
            let value: &'de RawValue = members.next_value()?;
            if name == "@type" {
                *self.0 = serde_json::from_str(value.get()).ok();
                return match self.0 {
                    Some(_) => Err(A::Error::custom("found")),
                    None => Ok(()),
                };
            }
        }
        Ok(())
    }
}

/// Converts a stream.
pub(crate) fn stream(
    mut input: impl Read + Seek,
    mut output: impl Write,
    run: &mut Run<'_>,
) -> Result<(), Error> {
    let mut json = String::new();
    input.read_to_string(&mut json)?;
    let mut text = String::new();
    let mut failed = None;
    read(&json, run, |group, place, run| {
        calendar::export(&group, place, run, &mut text);
        // Each calendar goes out when it is done.
        failed = failed.take().or_else(|| output.write_all(text.as_bytes()).err());
        text.clear();
    })?;
    failed.map_or(Ok(()), |error| Err(error.into()))
}
