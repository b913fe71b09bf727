//! Events as iCalendar text (feature `ical`).

use ical_jscal::{FromIcal, Mode, ToIcal};
use jmap_core::{Error, MethodName};
use jscalendar::{Entry, Event, Parsed};

/// The events of a text, in words that every server knows: what only iCalendar can say is left out, and listed.
pub(crate) fn events(text: &str) -> Result<Parsed<Vec<Event>>, Error> {
    let mut options = FromIcal::new();
    options.mode = Mode::Clean;
    let converted = options.groups(text).map_err(unwritable)?;
    let entries = converted.value.into_iter().flat_map(|group| group.entries);
    let events = entries.filter_map(|entry| match entry {
        Entry::Event(event) => Some(*event),
        _ => None,
    });
    Ok(Parsed::new(events.collect(), converted.diagnostics))
}

/// An event as a VCALENDAR.
pub(crate) fn text(event: &Event) -> Parsed<String> {
    // Only `Mode::Strict` has errors.
    let mut options = ToIcal::new();
    options.mode = Mode::Lossless;
    match options.text(event) {
        Ok(converted) => Parsed::new(converted.value, converted.diagnostics),
        Err(_) => Parsed::default(),
    }
}

fn unwritable(error: ical_jscal::Error) -> Error {
    let method = MethodName::new("CalendarEvent", "set");
    Error::Unwritable { method, message: error.to_string() }
}
