//! The properties, grouped as the conversion draft groups them, each with its two directions side by side.
//!
//! [`import`] and the export in [`crate::entry`] are the tables: which function does which property.

pub(crate) mod alarm;
pub(crate) mod change;
pub(crate) mod extension;
pub(crate) mod link;
pub(crate) mod people;
pub(crate) mod place;
pub(crate) mod recurrence;
pub(crate) mod relation;
pub(crate) mod status;
pub(crate) mod text;
pub(crate) mod time;

use content_line::{Component, Line};
use jscalendar::{Diagnostics, Event, Version};

use crate::Mode;
use crate::allowance::Allowance;
use crate::draft::{Context, Draft, TaskFields};
use crate::out::Source;
use crate::time_zone::Zones;

/// Imports one property of a VEVENT or VTODO. Those that make the entry's clock are done before ([`time::anchor`]).
pub(crate) fn import<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, cx: &mut Context<'_>) {
    if line.value().is_empty() {
        draft.hatch.keep(line);
        return;
    }
    let mut name = [0_u8; LONGEST];
    match upper(line.name(), &mut name) {
        b"ATTACH" => link::import_attach(line, draft, cx),
        b"ATTENDEE" => people::import_attendee(line, draft, cx),
        b"CATEGORIES" => text::import_categories(line, draft),
        b"CLASS" => status::import_class(line, draft),
        b"COLOR" => text::import_color(line, draft, cx),
        b"COMMENT" => people::import_comment(line, draft, cx),
        b"CONCEPT" => text::import_concept(line, draft),
        b"CONFERENCE" => place::import_conference(line, draft),
        b"CREATED" => change::import_created(line, draft, cx),
        b"DESCRIPTION" => text::import_description(line, draft),
        b"DTEND" | b"DURATION" => time::import_end(line, draft, cx),
        b"DTSTAMP" => change::import_dtstamp(line, draft, cx),
        b"DTSTART" => time::import_start(line, draft, cx),
        b"DUE" => time::import_due(line, draft, cx),
        b"ESTIMATED-DURATION" => time::import_estimated_duration(line, draft, cx),
        b"EXDATE" => recurrence::import_exdate(line, draft, cx),
        b"EXRULE" => recurrence::import_exrule(line, draft, cx),
        b"GEO" => place::import_geo(line, draft, cx),
        b"IMAGE" => link::import_image(line, draft, cx),
        b"JSPROP" => extension::import_jsprop(line, draft),
        b"LAST-MODIFIED" => change::import_last_modified(line, draft, cx),
        b"LINK" => link::import_link(line, draft, cx),
        b"LOCATION" => place::import_location(line, draft),
        b"ORGANIZER" => people::import_organizer(line, draft, cx),
        b"PERCENT-COMPLETE" => status::import_percent_complete(line, draft, cx),
        b"PRIORITY" => status::import_priority(line, draft, cx),
        b"RDATE" => recurrence::import_rdate(line, draft, cx),
        b"RECURRENCE-ID" => time::import_recurrence_id(line, draft, cx),
        b"RELATED-TO" => relation::import_related_to(line, draft),
        b"REQUEST-STATUS" => status::import_request_status(line, draft, cx),
        b"RRULE" => recurrence::import_rrule(line, draft, cx),
        b"SEQUENCE" => change::import_sequence(line, draft, cx),
        b"SHOW-WITHOUT-TIME" => time::import_show_without_time(line, draft, cx),
        b"STATUS" => status::import_status(line, draft),
        b"STYLED-DESCRIPTION" => text::import_styled_description(line, draft),
        b"SUMMARY" => text::import_summary(line, draft),
        b"TRANSP" => status::import_transp(line, draft),
        b"UID" => change::import_uid(line, draft),
        b"URL" => link::import_url(line, draft, cx),
        _ => draft.hatch.keep(line),
    }
}

/// Imports one component inside a VEVENT or VTODO.
pub(crate) fn import_component<'a>(
    component: &'a Component<'a>,
    draft: &mut Draft<'a>,
    cx: &mut Context<'_>,
) {
    let mut name = [0_u8; LONGEST];
    match upper(&component.name, &mut name) {
        b"PARTICIPANT" => people::import_participant(component, draft, cx),
        b"VALARM" => alarm::import_valarm(component, draft, cx),
        b"VLOCATION" => place::import_vlocation(component, draft, cx),
        _ => draft.hatch.keep_component(component),
    }
}

/// The longest name of the table.
const LONGEST: usize = 18;

/// `name` in upper case; nothing if it is longer than every known name.
pub(crate) fn upper<'b, const N: usize>(name: &str, buffer: &'b mut [u8; N]) -> &'b [u8] {
    let Some(slot) = buffer.get_mut(..name.len()) else { return b"" };
    slot.copy_from_slice(name.as_bytes());
    slot.make_ascii_uppercase();
    slot
}

/// What a single line says to an object with the clock of `source`: the typed members that importing it alone gives.
pub(crate) fn meaning(line: &Line<'_>, source: &Source<'_>, zones: &Zones) -> (Event, TaskFields) {
    let mut ignored = Diagnostics::with_limit(0);
    let mut cx = Context {
        version: Version::V2_0,
        mode: Mode::Lossless,
        now: None,
        zones,
        method: None,
        diagnostics: &mut ignored,
        allowance: &mut Allowance::new(),
    };
    let mut draft = Draft::new(source.kind, source.span);
    draft.clock = if line.is("RECURRENCE-ID") { &source.series } else { &source.clock }.clone();
    draft.entry.start = source.start;
    draft.entry.recurrence_id = *source.common.recurrence_id;
    draft.task.due = source.due;
    time::alone(line, &mut draft, &cx);
    if !alarm::alone(line, &mut draft) {
        import(line, &mut draft, &mut cx);
    }
    let id_zone =
        draft.occurrence.as_ref().and_then(|occurrence| occurrence.id.clock.id().cloned());
    let (mut event, task) = draft.into_meaning(&mut cx);
    if !source.is_override {
        event.recurrence_id_time_zone = id_zone;
    }
    (event, task)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_the_buffer() {
        let mut buffer = [0; LONGEST];
        assert_eq!(upper("styled-Description", &mut buffer), b"STYLED-DESCRIPTION");
        assert_eq!(upper("X-A-NAME-THAT-IS-TOO-LONG", &mut buffer), b"");
    }
}
