//! Whether a condition holds: of an event with all its occurrences, or of one of these.

use jmap_calendars::{CalendarEvent, EventCondition};
use jscalendar::{FoundZone, Series, TimeZones, UtcDateTime, Zone};

use crate::texts::{Questions, Texts};

/// Whether all that a condition says is true of an event, each of it perhaps of another occurrence.
pub(super) fn matches(event: &CalendarEvent, condition: &EventCondition, zone: &FoundZone) -> bool {
    let calendar = condition.in_calendar.as_ref();
    calendar.is_none_or(|id| event.calendar_ids.contains(id.as_str()))
        && condition.uid.as_ref().is_none_or(|uid| event.uid.as_ref() == Some(uid))
        && is_within(event, condition, zone)
        && questions(condition).hold(|| Texts::of_series(&event.event))
}

/// What a condition says of texts.
pub(super) fn questions(condition: &EventCondition) -> Questions<'_> {
    Questions {
        any: condition.text.as_deref(),
        title: condition.title.as_deref(),
        description: condition.description.as_deref(),
        location: condition.location.as_deref(),
        owner: condition.owner.as_deref(),
        attendee: condition.attendee.as_deref(),
    }
}

/// Whether some occurrence ends after the one moment, and some starts before the other one.
fn is_within(event: &CalendarEvent, condition: &EventCondition, zone: &FoundZone) -> bool {
    if condition.after.is_none() && condition.before.is_none() {
        return true;
    }
    let instant = |at| UtcDateTime::from_unix_seconds(zone.instant_of(at));
    let Ok(series) = Series::new(&event.event, &TimeZones::new()) else { return false };
    let occurrences = || series.occurrences().floating_in(zone.clone());
    let is_after = condition.after.and_then(instant).is_none_or(|after| {
        let seconds = after.unix_seconds();
        occurrences().after(after).any(|it| it.end().seconds(Some(zone)) > seconds)
    });
    let is_before = condition.before.and_then(instant).is_none_or(|before| {
        occurrences().next().is_some_and(|it| it.start_seconds(Some(zone)) < before.unix_seconds())
    });
    is_after && is_before
}
