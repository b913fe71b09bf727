//! Occurrences as events of their own: how they are seen, changed and taken out of their series.

use jmap_calendars::CalendarEvent;
use jmap_core::json_model::Part;
use jmap_core::server::{patched, unchanged};
use jmap_core::{Id, Json, PatchObject, SetError};
use jscalendar::{Event, LocalDateTime, Occurrence, Series, TimeZones};

use super::{synthetic, utc};
use crate::kept::{self, Refusal};

/// The occurrence of a series, with its own id. Its rule and its overrides are null.
pub(crate) fn of(base: &CalendarEvent, recurrence_id: LocalDateTime) -> Option<CalendarEvent> {
    let series = Series::new(&base.event, &TimeZones::new()).ok()?;
    let occurrence = series.occurrence(recurrence_id)?;
    // An event that happens once has an id already.
    occurrence.recurrence_id()?;
    Some(seen(base, &occurrence))
}

/// An event as it is in one occurrence, with the id of that.
pub(crate) fn seen(base: &CalendarEvent, occurrence: &Occurrence<'_, Event>) -> CalendarEvent {
    let mut event = occurrence.object();
    let own_alerts = event.legacy.as_mut().and_then(|legacy| legacy.use_default_alerts.take());
    // What an override says about the members of JMAP changes nothing.
    event.extra.retain(|name, _| !is_outer(name));
    let id = occurrence.recurrence_id().map(|id| identified(base, id));
    let mut seen = base.clone();
    if let Some(id) = id {
        seen.base_event_id = seen.id.replace(id);
    }
    seen.use_default_alerts = own_alerts.or(seen.use_default_alerts);
    seen.event = event;
    seen
}

/// The id of an occurrence.
pub(crate) fn identified(base: &CalendarEvent, recurrence_id: LocalDateTime) -> Id<CalendarEvent> {
    let base = base.id.as_ref().map_or("", Id::as_str);
    Id::any(synthetic::encoded(base, recurrence_id))
}

/// A series with a change of one of its occurrences (JMAP Calendars, section 5.8.2).
pub(crate) fn changed(
    base: &CalendarEvent,
    recurrence_id: LocalDateTime,
    patch: &PatchObject,
) -> Result<CalendarEvent, Refusal> {
    let before = of(base, recurrence_id).ok_or_else(kept::not_found)?;
    let mut instance = patched(&before, patch)?;
    unchanged(&before, &instance, OF_ALL)?;
    utc::refuse_both(&instance, Some(patch))?;
    utc::settle(&mut instance, None)?;
    // These are about the event as a whole.
    (instance.created, instance.updated) = (before.created, before.updated);
    let sequence = std::mem::replace(&mut instance.event.sequence, before.sequence);

    let series = Series::new(&base.event, &TimeZones::new()).map_err(|_| kept::not_found())?;
    let event = std::mem::take(&mut instance.event);
    let change = series.edit_occurrence(recurrence_id, |it| *it = event).map_err(refused)?;
    let mut after = patched(base, &change)?;
    if sequence > before.sequence {
        after.sequence = sequence;
    }
    if instance.use_default_alerts != before.use_default_alerts
        || overrides_alerts(base, recurrence_id)
    {
        let own = instance
            .use_default_alerts
            .filter(|_| instance.use_default_alerts != base.use_default_alerts);
        set_default_alerts(&mut after, recurrence_id, own);
    }
    Ok(after)
}

/// A series without one of its occurrences.
pub(crate) fn removed(
    base: &CalendarEvent,
    recurrence_id: LocalDateTime,
) -> Result<CalendarEvent, Refusal> {
    of(base, recurrence_id).ok_or_else(kept::not_found)?;
    let series = Series::new(&base.event, &TimeZones::new()).map_err(|_| kept::not_found())?;
    let change = series.delete_occurrence(recurrence_id).map_err(refused)?;
    Ok(patched(base, &change)?)
}

/// What is the same for all occurrences, so that a change of one must leave it alone.
const OF_ALL: &[&str] = &[
    "id",
    "baseEventId",
    "calendarIds",
    "isDraft",
    "isOrigin",
    "mayInviteSelf",
    "mayInviteOthers",
    "hideAttendees",
    "uid",
    "method",
    "organizerCalendarAddress",
    "privacy",
    "prodId",
    "recurrenceId",
    "recurrenceIdTimeZone",
    "recurrenceRule",
    "recurrenceOverrides",
    "sentBy",
];

fn refused(error: jscalendar::EditError) -> Refusal {
    let name = match &error {
        jscalendar::EditError::NotOverridable(pointer) => {
            pointer.split('/').next().unwrap_or_default().to_owned()
        }
        _ => "recurrenceId".to_owned(),
    };
    SetError::invalid_properties([name]).description(error.to_string()).into()
}

fn overrides_alerts(base: &CalendarEvent, id: LocalDateTime) -> bool {
    base.recurrence_overrides.get(&id).is_some_and(|it| it.0.contains_key(DEFAULT_ALERTS))
}

/// An override may say whether the default alerts are used, which is no member of the event itself.
fn set_default_alerts(event: &mut CalendarEvent, id: LocalDateTime, own: Option<bool>) {
    match own {
        Some(own) => {
            let changes = event.event.recurrence_overrides.get_or_insert_with(id, PatchObject::new);
            changes.set(DEFAULT_ALERTS, Json::from(own));
        }
        None => {
            if let Some(changes) = event.event.recurrence_overrides.get_mut(&id) {
                changes.0.remove(DEFAULT_ALERTS);
            }
        }
    }
}

const DEFAULT_ALERTS: &str = "useDefaultAlerts";

/// Whether a member is one of JMAP's, and not of the event in it.
pub(crate) fn is_outer(name: &str) -> bool {
    CalendarEvent::MEMBERS.iter().any(|member| member.name == name)
}
