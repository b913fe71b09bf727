//! Changes to an event, as patches: all of it, one occurrence, one and all that follow.

use jmap_core::json_model::PatchRules;
use jmap_core::{Error, Json, MethodName, Operation, PatchObject, Version};
use jscalendar::{Diagnostics, EditError, Event, LocalDateTime, Series, TimeZones};

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
        let version = self.version();
        let mut after = self.event.clone();
        let mut lost = Diagnostics::default();
        if self.series_can_be_told() {
            let edited = self.edited(|series| {
                Ok(series.edit_all(|event| {
                    std::mem::swap(&mut after.event, event);
                    change(&mut after);
                    lost = after.lost_in(version);
                    std::mem::swap(&mut after.event, event);
                }))
            })?;
            after.event = edited.event;
        } else {
            // Where nobody can tell when it is, nothing can move with its start.
            change(&mut after);
        }
        Ok(Send { after, lost, create: None })
    }

    fn changed_occurrence(
        &self,
        recurrence_id: LocalDateTime,
        change: impl FnOnce(&mut Event),
    ) -> Result<Send, Error> {
        self.check()?;
        let mut lost = Diagnostics::default();
        let after = self.edited(|series| {
            series.edit_occurrence(recurrence_id, |event| {
                change(event);
                lost = self.lost(event);
            })
        })?;
        Ok(Send { after, lost, create: None })
    }

    fn changed_following(
        &self,
        recurrence_id: LocalDateTime,
        change: impl FnOnce(&mut Event),
    ) -> Result<Send, Error> {
        self.check()?;
        let (mut following, mut lost) = (None, Diagnostics::default());
        let uid = crate::events::new_uid();
        let after = self.edited(|series| {
            let mut changes = PatchObject::new();
            let split = series.edit_following(recurrence_id, &uid, |event| {
                let before = event.clone();
                change(event);
                lost = self.lost(event);
                changes = before.patch_to(event, self.version());
            })?;
            if split.following.is_some() && self.has_participants() {
                let after = applied(series.entry(), &changes, self.version()).ok();
                let kept = |after| series.keep_before(recurrence_id, after, MOST_KEPT);
                if let Some(patch) = after.and_then(kept) {
                    return Ok(patch);
                }
            }
            following = split.following;
            Ok(split.patch)
        })?;
        Ok(Send { after, lost, create: following.map(|event| self.beside(event)) })
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
        let after = applied(&entry, &patch, version).map_err(|error| self.unwritable(error))?;
        let mut after = CalendarEvent { event: after, ..self.event.clone() };
        self.complete_overrides(&mut after);
        Ok(after)
    }

    /// The event as it is in one occurrence.
    pub(super) fn occurrence(&self, recurrence_id: LocalDateTime) -> Result<Event, Error> {
        let series = Series::new(&self.event.event, &TimeZones::new());
        let series = series.map_err(|error| self.unwritable(error))?;
        let occurrence = series.occurrence(recurrence_id);
        let missing = || self.unwritable(EditError::NoOccurrence(recurrence_id));
        Ok(occurrence.ok_or_else(missing)?.object())
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
    fn beside(&self, mut event: Event) -> CalendarEvent {
        (event.created, event.updated, event.sequence) = (None, None, None);
        let mut beside = CalendarEvent { event, ..self.event.clone() };
        beside.forget_server();
        (beside.utc_start, beside.utc_end) = (None, None);
        beside
    }

    /// What of an event the server cannot be told.
    fn lost(&self, event: &Event) -> Diagnostics {
        event.clone().into_version(self.version()).diagnostics
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

/// How many occurrences are made to stay what they were, at most: more than a year of a daily event. Each is an override
/// that the server and all who take part carry from then on.
const MOST_KEPT: usize = 400;

/// An event with a patch of this version applied.
fn applied(event: &Event, patch: &PatchObject, version: Version) -> Result<Event, String> {
    let before = Json::parse(&event.to_json(version).value).map_err(|error| error.to_string())?;
    let after = patch.apply(&before, PatchRules::V2_0).map_err(|error| error.to_string())?;
    let mut after = Event::from_json(after.as_str()).map_err(|error| error.to_string())?.value;
    after.version = Some(version);
    Ok(after)
}
