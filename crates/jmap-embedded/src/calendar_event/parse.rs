//! `CalendarEvent/parse` (JMAP Calendars, section 5.13).

use ical_jscal::{FromIcal, Mode};
use jmap_calendars::{
    CalendarEvent, EventProperty, ParseEvents, ParseEventsResponse, ParsedEvents,
};
use jmap_core::server::Context;
use jmap_core::{MethodError, Version};
use jscalendar::Entry;

use crate::account::Somebody;
use crate::blobs;
use crate::kept::{self, Who};
use crate::store::Work;

pub(crate) fn parse(
    context: &Context<Somebody>,
    parse: ParseEvents,
) -> Result<ParseEventsResponse, MethodError> {
    let who = Who::of(context, parse.account_id.as_ref());
    kept::check_properties::<CalendarEvent>(parse.properties.as_deref())?;
    let mut response = ParseEventsResponse::default();
    for id in parse.blob_ids {
        let known = context.resolve(&id);
        let found = known.and_then(|known| {
            let read = |work: &Work<'_>| blobs::read(known.as_str(), work, &who);
            context.user().store.read(read).transpose()
        });
        let Some(content) = found.transpose()? else {
            response.not_found.push(id);
            continue;
        };
        match events(&content, parse.properties.as_deref()) {
            Some(events) => _ = response.parsed.insert(id, ParsedEvents(events)),
            None => response.not_parsable.push(id),
        }
    }
    Ok(response)
}

/// The events in a text, if it is one of iCalendar.
fn events(content: &[u8], properties: Option<&[EventProperty]>) -> Option<Vec<CalendarEvent>> {
    // What has no other place comes only when it is asked for.
    let is_whole = properties.is_some_and(|it| it.contains(&EventProperty::ICalendar));
    let mut options = FromIcal::new();
    options.mode = if is_whole { Mode::Lossless } else { Mode::Clean };
    let groups = options.groups(content).ok()?.value;
    let names = properties.map(kept::names_of::<CalendarEvent>);
    let entries = groups.into_iter().flat_map(|group| group.entries);
    let events = entries.filter_map(|entry| match entry {
        Entry::Event(mut event) => {
            event.version = Some(Version::V2_0);
            // An event of JMAP has none (section 5.1), whatever the text was sent for.
            event.method = None;
            kept::picked(CalendarEvent::from(*event), names.as_deref())
        }
        _ => None,
    });
    Some(events.collect())
}
