//! `utcStart` and `utcEnd`: computed for reading, turned into local times when written (JMAP Calendars, section 5.8).

use jmap_calendars::CalendarEvent;
use jmap_core::{Map, PatchObject, SetError};
use jscalendar::{
    Duration, DurationParts, FoundZone, LocalDateTime, TimeZoneId, TimeZones, UtcDateTime, Zone,
};

use crate::kept::Refusal;

/// Says when an event is in UTC, of a series its start; a floating one is taken in the time zone `floating`.
pub(super) fn show(event: &mut CalendarEvent, floating: &FoundZone) {
    let mut single = event.event.clone();
    (single.recurrence_rule, single.recurrence_overrides) = (None, Map::new());
    let Ok(mut occurrences) = single.occurrences() else { return };
    let Some(only) = occurrences.next() else { return };
    let at = UtcDateTime::from_unix_seconds;
    event.utc_start = at(only.start_seconds(Some(floating)));
    event.utc_end = at(only.end().seconds(Some(floating)));
}

/// Turns `utcStart` and `utcEnd` into `start`, `timeZone` and `duration`; a floating event happens in `default_zone`.
pub(super) fn settle(
    event: &mut CalendarEvent,
    default_zone: Option<TimeZoneId>,
) -> Result<(), Refusal> {
    let (start, end) = (event.utc_start.take(), event.utc_end.take());
    if start.is_none() && end.is_none() {
        return Ok(());
    }
    let zone = match &event.time_zone {
        Some(zone) => zone.clone(),
        None => default_zone.unwrap_or_else(TimeZoneId::utc),
    };
    let found = TimeZones::new().find(&zone).ok_or_else(|| invalid("timeZone"))?;
    if let Some(start) = start {
        event.start = start.to_local(&found);
        event.time_zone = Some(zone);
    }
    if let (Some(end), Some(start)) = (end, event.start) {
        let days = event.show_without_time == Some(true);
        let duration = between(start, end, &found, days);
        event.duration = Some(duration.ok_or_else(|| invalid("utcEnd"))?);
    }
    Ok(())
}

/// Says if the same is said twice: in a new event, or in a patch that made it what it is.
pub(super) fn refuse_both(
    event: &CalendarEvent,
    patch: Option<&PatchObject>,
) -> Result<(), Refusal> {
    let says = |name: &str, is_set: bool| match patch {
        Some(patch) => patch.0.get(name).is_some_and(|value| !value.is_null()),
        None => is_set,
    };
    if event.utc_start.is_some() && says("start", event.start.is_some()) {
        return Err(SetError::invalid_properties(["utcStart", "start"]).into());
    }
    if event.utc_end.is_some() && says("duration", event.duration.is_some()) {
        return Err(SetError::invalid_properties(["utcEnd", "duration"]).into());
    }
    Ok(())
}

/// The time from a start to an end: whole days if it is shown without times, otherwise as clocks count it.
fn between(
    start: LocalDateTime,
    end: UtcDateTime,
    zone: &FoundZone,
    days: bool,
) -> Option<Duration> {
    let mut parts = DurationParts::default();
    let local = end.to_local(zone)?;
    if days && start.is_midnight() && local.is_midnight() {
        let day = |at: LocalDateTime| UtcDateTime::from_utc_clock(at).unix_seconds() / 86_400;
        parts.days = Some(u32::try_from(day(local) - day(start)).ok()?);
    } else {
        let seconds = u32::try_from(end.unix_seconds() - zone.instant_of(start)).ok()?;
        let some = |number: u32| Some(number).filter(|number| *number > 0);
        parts.hours = some(seconds / 3_600);
        parts.minutes = some(seconds / 60 % 60);
        // Of no time at all there has to be a part, too.
        parts.seconds = Some(seconds % 60).filter(|rest| *rest > 0 || seconds == 0);
    }
    Duration::from_parts(parts)
}

fn invalid(name: &str) -> SetError {
    SetError::invalid_properties([name])
}
