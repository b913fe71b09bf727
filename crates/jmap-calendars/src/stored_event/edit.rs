//! Changes to an event, as patches: all of it, one occurrence, one and all that follow.

use jmap_core::json_model::PatchRules;
use jmap_core::{Error, Json, MethodName, Operation, PatchObject, Version};
use jscalendar::{EditError, Event, LocalDateTime, Series, TimeZones};

use super::StoredEvent;
use super::send::Send;
use crate::CalendarEvent;

impl StoredEvent {
    /// Changes it, with all its occurrences.
    ///
    /// If the start moves, what is different about single occurrences moves with it, and so does the end of the rule.
    ///
    /// # Errors
    ///
    /// Those of the call, and what the server has against it. [`Error::Unwritable`] for an occurrence that a query with
    /// `expandRecurrences` found (change it through its series), and for an event that is
    /// [damaged](CalendarEvent::is_damaged).
    pub fn edit(&self, change: impl FnOnce(&mut CalendarEvent)) -> Operation<Self> {
        self.send(self.changed(change))
    }

    /// Changes one occurrence, known by its recurrence id: when it starts by the rule, in the event's time zone.
    ///
    /// An occurrence that is changed back to what it was is like all others again.
    ///
    /// # Errors
    ///
    /// Those of [`edit`](Self::edit); [`Error::Unwritable`] if there is no such occurrence, or if the change is about
    /// something that is the same for all occurrences.
    pub fn edit_occurrence(
        &self,
        recurrence_id: LocalDateTime,
        change: impl FnOnce(&mut Event),
    ) -> Operation<Self> {
        self.send(self.changed_occurrence(recurrence_id, change))
    }

    /// Changes an occurrence and all that follow; what comes back is the event that they belong to then.
    ///
    /// Where nobody else takes part, the event ends before the occurrence, and another one goes on from there. People who
    /// were invited to one event stay invited to one: it is changed, and the occurrences before are made to stay what they
    /// were, unless the change is about the start, the time zone or the rule (JMAP Calendars, section 5.8.2).
    ///
    /// # Errors
    ///
    /// Those of [`edit_occurrence`](Self::edit_occurrence); [`Error::Unwritable`] if the rules cannot go on from another
    /// start.
    pub fn edit_following(
        &self,
        recurrence_id: LocalDateTime,
        change: impl FnOnce(&mut Event),
    ) -> Operation<Self> {
        self.send(self.changed_following(recurrence_id, change))
    }

    fn changed(&self, change: impl FnOnce(&mut CalendarEvent)) -> Result<Send, Error> {
        self.check()?;
        let mut after = self.event.clone();
        if self.series_can_be_told() {
            let edited = self.edited(|series| {
                Ok(series.edit_all(|event| {
                    std::mem::swap(&mut after.event, event);
                    change(&mut after);
                    std::mem::swap(&mut after.event, event);
                }))
            })?;
            after.event = edited.event;
        } else {
            // Where nobody can tell when it is, nothing can move with its start.
            change(&mut after);
        }
        Ok(Send::of(after))
    }

    fn changed_occurrence(
        &self,
        recurrence_id: LocalDateTime,
        change: impl FnOnce(&mut Event),
    ) -> Result<Send, Error> {
        self.check()?;
        let mut after = self.edited(|series| series.edit_occurrence(recurrence_id, change))?;
        let duration = after.duration;
        // One server takes an occurrence that starts at another time to last as long as the day.
        if let Some(changes) = after.recurrence_overrides.get_mut(&recurrence_id)
            && changes.0.contains_key("start")
            && !changes.0.contains_key("duration")
            && let Some(duration) = duration
        {
            changes.set("duration", duration.to_string().as_str());
        }
        Ok(Send::of(after))
    }

    fn changed_following(
        &self,
        recurrence_id: LocalDateTime,
        change: impl FnOnce(&mut Event),
    ) -> Result<Send, Error> {
        self.check()?;
        let mut following = None;
        let uid = crate::events::new_uid();
        let mut change = Some(change);
        let after = self.edited(|series| {
            if self.has_participants() {
                let kept = keep_earlier(series, recurrence_id, &mut |event| {
                    if let Some(change) = change.take() {
                        change(event);
                    }
                })?;
                if let Some(patch) = kept {
                    return Ok(patch);
                }
            }
            let split = series.edit_following(recurrence_id, &uid, |event| {
                if let Some(change) = change.take() {
                    change(event);
                }
            })?;
            following = split.following;
            Ok(split.patch)
        })?;
        let mut send = Send::of(after);
        send.create = following.map(|event| self.beside(event));
        Ok(send)
    }

    pub(super) fn without_occurrence(&self, recurrence_id: LocalDateTime) -> Result<Send, Error> {
        self.check()?;
        let after = self.edited(|series| series.delete_occurrence(recurrence_id))?;
        Ok(Send::of(after))
    }

    /// `None` if nothing is left.
    pub(super) fn without_following(
        &self,
        recurrence_id: LocalDateTime,
    ) -> Result<Option<Send>, Error> {
        self.check()?;
        let mut is_over = false;
        let after = self.edited(|series| {
            let patch = series.delete_following(recurrence_id)?;
            is_over = patch.is_none();
            Ok(patch.unwrap_or_default())
        })?;
        Ok((!is_over).then(|| Send::of(after)))
    }

    /// Refuses what must not be changed like this.
    fn check(&self) -> Result<(), Error> {
        if self.event.base_id().is_some() {
            return Err(self.unwritable("it is an occurrence: change it through its series"));
        }
        if self.event.is_damaged() {
            return Err(self.unwritable("it has no start: the server damaged it"));
        }
        Ok(())
    }

    /// The event with a change made to its series.
    fn edited(
        &self,
        change: impl FnOnce(&Series<'_, Event>) -> Result<PatchObject, EditError>,
    ) -> Result<CalendarEvent, Error> {
        let version = self.version();
        let entry = self.entry();
        let series = Series::new(&entry, &TimeZones::new()).map_err(|it| self.unwritable(it))?;
        let patch = change(&series).map_err(|error| self.unwritable(error))?;
        let before =
            Json::parse(&entry.to_json(version).value).map_err(|it| self.unwritable(it))?;
        let after =
            patch.apply(&before, PatchRules::V2_0).map_err(|error| self.unwritable(error))?;
        let after = Event::from_json(after.as_str()).map_err(|error| self.unwritable(error))?;
        Ok(CalendarEvent { event: after.value, ..self.event.clone() })
    }

    /// The event in the words of the version that the server takes: what a [`Series`] makes patches for.
    fn entry(&self) -> Event {
        let mut entry = self.event.event.clone();
        entry.version = Some(self.version());
        entry
    }

    fn series_can_be_told(&self) -> bool {
        Series::new(&self.event.event, &TimeZones::new()).is_ok()
    }

    /// What turns the event into `after`, for the server.
    pub(super) fn patch_to(&self, after: &CalendarEvent) -> PatchObject {
        let version = self.version();
        let same = |event: &CalendarEvent| {
            // As the text of this version is read, so that both are compared alike.
            let text = event.event.to_json(version).value;
            let mut same = event.clone();
            if let Ok(read) = Event::from_json(&text) {
                same.event = read.value;
            }
            same
        };
        same(&self.event).patch_to(&same(after), version)
    }

    /// A new event in the same calendars, with what belongs to all of the old one.
    fn beside(&self, event: Event) -> CalendarEvent {
        CalendarEvent {
            id: None,
            is_origin: None,
            utc_start: None,
            utc_end: None,
            event,
            ..self.event.clone()
        }
    }

    pub(super) fn version(&self) -> Version {
        self.client().version::<CalendarEvent>()
    }

    pub(super) fn has_participants(&self) -> bool {
        self.event.participants.values().any(|it| it.calendar_address.is_some())
    }

    pub(super) fn unwritable(&self, message: impl ToString) -> Error {
        let message = message.to_string();
        Error::Unwritable { method: MethodName::new("CalendarEvent", "set"), message }
    }
}

/// How many occurrences are made to stay what they were, at most.
const MOST_KEPT: usize = 400;

/// The patch that changes an event from one occurrence on, and makes those before stay what they were; `None` if that
/// cannot be said: the change moves the event, there are too many before, or it is about what no override may change.
fn keep_earlier(
    series: &Series<'_, Event>,
    recurrence_id: LocalDateTime,
    change: &mut dyn FnMut(&mut Event),
) -> Result<Option<PatchObject>, EditError> {
    series.occurrence(recurrence_id).ok_or(EditError::NoOccurrence(recurrence_id))?;
    let before = series.entry();
    let mut after = before.clone();
    change(&mut after);
    let moves = before.start != after.start
        || before.time_zone != after.time_zone
        || before.recurrence_rule != after.recurrence_rule
        || before.recurrence_overrides != after.recurrence_overrides;
    let is_earlier = |id: &Option<LocalDateTime>| id.is_some_and(|id| id < recurrence_id);
    let earlier: Vec<_> = series
        .occurrences()
        .take(MOST_KEPT + 1)
        .filter(|it| is_earlier(&it.recurrence_id()))
        .collect();
    if moves || earlier.len() > MOST_KEPT {
        return Ok(None);
    }
    for occurrence in earlier {
        let Some(id) = occurrence.recurrence_id() else { continue };
        let kept = Series::new(&after, &TimeZones::new())
            .map_err(|_| EditError::Rules)?
            .edit_occurrence(id, |event| *event = occurrence.object());
        let Ok(patch) = kept else { return Ok(None) };
        let version = after.version.unwrap_or_default();
        let Some(next) = applied(&after, &patch, version) else { return Ok(None) };
        after = next;
    }
    Ok(Some(before.patch_to(&after, before.version.unwrap_or_default())))
}

fn applied(event: &Event, patch: &PatchObject, version: Version) -> Option<Event> {
    let before = Json::parse(&event.to_json(version).value).ok()?;
    let after = patch.apply(&before, PatchRules::V2_0).ok()?;
    let mut after = Event::from_json(after.as_str()).ok()?.value;
    after.version = Some(version);
    Some(after)
}
