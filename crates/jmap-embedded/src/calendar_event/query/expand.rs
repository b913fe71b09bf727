//! Queries for occurrences (JMAP Calendars, section 5.10: `expandRecurrences`).

use jmap_calendars::{CalendarEvent, EventCondition};
use jmap_core::{Filter, MethodError, MethodErrorKind};
use jscalendar::{Event, FoundZone, Occurrence, Series, TimeZones, UtcDateTime, Zone};

use super::condition::questions;
use super::found::Found;
use crate::kept::{self, Who};
use crate::occurrence;
use crate::store::Work;
use crate::texts::Texts;

/// The longest time that can be asked about, in days.
pub(crate) const MOST_DAYS: u32 = 3_660;

/// How many occurrences are looked at most, of one event and of all that are found.
pub(crate) const MOST_OCCURRENCES: usize = 200_000;

/// The error where there are more.
pub(crate) fn too_many() -> MethodError {
    MethodError::new("cannotCalculateOccurrences")
        .description(format!("there are more than {MOST_OCCURRENCES}"))
}

/// The occurrences that a condition matches: all of it holds of each of them.
pub(super) fn occurrences(
    filter: Option<&Filter<EventCondition>>,
    zone: &FoundZone,
    work: &Work<'_>,
    who: &Who,
) -> Result<Vec<Found>, MethodError> {
    let Some(Filter::Condition(condition)) = filter else {
        return Err(invalid("the filter must be one condition with after and before"));
    };
    let window = Window::of(condition, zone)?;
    let mut found = Vec::new();
    for candidate in work.candidates(who, filter, zone)? {
        let event = kept::seen::<CalendarEvent>(candidate.id.as_str(), work, who)?;
        let Some(event) = event.filter(|event| is_in(event, condition)) else { continue };
        window.add(&event, condition, candidate, &mut found)?;
    }
    Ok(found)
}

fn is_in(event: &CalendarEvent, condition: &EventCondition) -> bool {
    condition.in_calendar.as_ref().is_none_or(|id| event.calendar_ids.contains(id.as_str()))
}

struct Window<'z> {
    after: UtcDateTime,
    before: UtcDateTime,
    zone: &'z FoundZone,
}

impl<'z> Window<'z> {
    fn of(condition: &EventCondition, zone: &'z FoundZone) -> Result<Self, MethodError> {
        let instant = |at| UtcDateTime::from_unix_seconds(zone.instant_of(at));
        let (after, before) =
            (condition.after.and_then(instant), condition.before.and_then(instant));
        let Some((after, before)) = after.zip(before) else {
            return Err(invalid("after and before must be there"));
        };
        let seconds = before.unix_seconds() - after.unix_seconds();
        if seconds > i64::from(MOST_DAYS) * 86_400 {
            return Err(MethodError::new("expandDurationTooLarge"));
        }
        Ok(Self { after, before, zone })
    }

    /// Adds the occurrences of an event that match.
    fn add(
        &self,
        event: &CalendarEvent,
        condition: &EventCondition,
        candidate: Found,
        found: &mut Vec<Found>,
    ) -> Result<(), MethodError> {
        // Nobody can tell when it is.
        let Ok(series) = Series::new(&event.event, &TimeZones::new()) else { return Ok(()) };
        let base_matches = questions(condition).hold(|| Texts::of(&event.event));
        let occurrences = series.occurrences().floating_in(self.zone.clone());
        for (number, occurrence) in occurrences.between(self.after, self.before).enumerate() {
            if number.max(found.len()) >= MOST_OCCURRENCES {
                return Err(too_many());
            }
            let ends = occurrence.end().seconds(Some(self.zone));
            let matches = match occurrence.is_override() {
                true => questions(condition).hold(|| Texts::of(&occurrence.object())),
                false => base_matches,
            };
            if matches && ends > self.after.unix_seconds() {
                found.push(self.found(event, &occurrence, &candidate));
            }
        }
        Ok(())
    }

    fn found(
        &self,
        event: &CalendarEvent,
        occurrence: &Occurrence<'_, Event>,
        candidate: &Found,
    ) -> Found {
        let recurrence_id = occurrence.recurrence_id();
        Found {
            id: match recurrence_id {
                Some(id) => occurrence::identified(event, id),
                None => candidate.id.clone(),
            },
            start: occurrence.start_seconds(Some(self.zone)),
            uid: candidate.uid.clone(),
            recurrence_id: match recurrence_id {
                Some(id) => id.to_string(),
                None => candidate.recurrence_id.clone(),
            },
            created: candidate.created.clone(),
            updated: candidate.updated.clone(),
            is_doubtful: false,
        }
    }
}

fn invalid(why: &str) -> MethodError {
    let mut error = MethodError::new(MethodErrorKind::InvalidArguments).description(why);
    error.arguments = vec!["filter".to_owned()];
    error
}
