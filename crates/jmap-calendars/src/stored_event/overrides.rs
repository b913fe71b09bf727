//! What overrides have to say beside what is different, for servers that take it for something else.

use jmap_core::json_model::ToJson;
use jmap_core::{Json, PatchObject};
use jscalendar::{Event, LocalDateTime, Series, TimeZones};

use super::StoredEvent;
use crate::{CalendarEvent, Dialect};

impl StoredEvent {
    /// Completes the overrides that are other than before.
    pub(super) fn complete_overrides(&self, after: &mut CalendarEvent) {
        let completed: Vec<(LocalDateTime, PatchObject)> = after
            .recurrence_overrides
            .iter()
            .filter_map(|(id, changes)| Some((*id, self.completed(*id, changes, after)?)))
            .collect();
        after.event.recurrence_overrides.extend(completed);
    }

    /// `None` if nothing has to be added.
    fn completed(
        &self,
        id: LocalDateTime,
        changes: &PatchObject,
        after: &CalendarEvent,
    ) -> Option<PatchObject> {
        let is_old = self.event.recurrence_overrides.get(&id) == Some(changes);
        let mut completed = changes.clone();
        add_duration(&mut completed, is_old, &self.event, after);
        if !is_old && Dialect::of(&self.client().session()).repeats_people() {
            self.add_people(&mut completed, id, after);
        }
        (completed != *changes).then_some(completed)
    }

    /// An answer names the organizer; what the organizer changes names everybody, or nobody is told of it.
    fn add_people(&self, changes: &mut PatchObject, id: LocalDateTime, after: &CalendarEvent) {
        let Some(organizer) = &after.organizer_calendar_address else { return };
        let is_about_people = |pointer: &String| is_participants(pointer);
        let is_organizer = self.event.is_origin == Some(true);
        let is_excluded = changes.0.contains_key("excluded");
        if is_excluded || !(is_organizer || changes.0.keys().any(is_about_people)) {
            return;
        }
        changes.set("organizerCalendarAddress", organizer.as_str());
        if is_organizer && let Some(everybody) = everybody(&after.event, id) {
            changes.0.retain(|pointer, _| !is_participants(pointer));
            changes.set("participants", everybody);
        }
    }
}

/// Gives an override with a start the duration as well: one server takes such an occurrence to last as long as the day. One
/// that only repeats the duration of the event follows it.
fn add_duration(
    changes: &mut PatchObject,
    is_old: bool,
    before: &CalendarEvent,
    after: &CalendarEvent,
) {
    let Some(duration) = after.duration.filter(|_| changes.0.contains_key("start")) else { return };
    let repeats = |said: &Json| {
        let before = before.duration.map(|it| Json::from(it.to_string().as_str()));
        before.as_ref() == Some(said)
    };
    let is_due = match changes.0.get("duration") {
        Some(said) => is_old && repeats(said),
        None => !is_old,
    };
    if is_due {
        changes.set("duration", duration.to_string().as_str());
    }
}

fn is_participants(pointer: &str) -> bool {
    pointer
        .strip_prefix("participants")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// All who take part in an occurrence, as they do there.
fn everybody(event: &Event, id: LocalDateTime) -> Option<Json> {
    let zones = TimeZones::new();
    let series = Series::new(event, &zones).ok()?;
    let participants = series.occurrence(id)?.object().participants;
    let version = event.version.unwrap_or_default();
    Json::from_serialize(&participants.versioned(version)).ok()
}
