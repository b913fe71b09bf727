//! Whether a condition holds: of an event with all its occurrences, or of one of these.

use jmap_calendars::{CalendarEvent, EventCondition};
use jscalendar::{FoundZone, Series, TimeZones, UtcDateTime, Zone};

use crate::calendar_event::texts::Texts;
use crate::calendar_event::words::Wanted;

/// Whether all that a condition says is true of an event, each of it perhaps of another occurrence.
pub(super) fn matches(event: &CalendarEvent, condition: &EventCondition, zone: &FoundZone) -> bool {
    let calendar = condition.in_calendar.as_ref();
    calendar.is_none_or(|id| event.calendar_ids.contains(id.as_str()))
        && condition.uid.as_ref().is_none_or(|uid| event.uid.as_ref() == Some(uid))
        && is_within(event, condition, zone)
        && has_texts(condition, || Texts::of_series(event))
}

/// Whether all that a condition says of texts is true.
pub(super) fn has_texts(condition: &EventCondition, texts: impl FnOnce() -> Texts) -> bool {
    let wanted = by_column(condition);
    let any = condition.text.as_deref().map(Wanted::of);
    if any.is_none() && wanted.iter().all(|(_, question)| question.is_none()) {
        return true;
    }
    let texts = texts();
    let of = |column: &str| match column {
        "title" => &texts.title,
        "description" => &texts.description,
        "location" => &texts.location,
        "owner" => &texts.owner,
        _ => &texts.attendee,
    };
    any.is_none_or(|any| any.is_in(&texts.all()))
        && wanted.iter().all(|(column, question)| {
            question.is_none_or(|question| Wanted::of(question).is_in(of(column)))
        })
}

/// The questions about single columns of the index.
pub(super) fn by_column(condition: &EventCondition) -> [(&'static str, Option<&str>); 5] {
    [
        ("title", condition.title.as_deref()),
        ("description", condition.description.as_deref()),
        ("location", condition.location.as_deref()),
        ("owner", condition.owner.as_deref()),
        ("attendee", condition.attendee.as_deref()),
    ]
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
