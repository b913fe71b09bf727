//! What becomes of messages that come (JMAP Calendars, section 5.9.4; RFC 5546, section 3.2).

use jmap_calendars::{Calendar, CalendarEvent};
use jmap_core::json_model::pointer;
use jmap_core::server::patched;
use jmap_core::{Id, Json, PatchObject, Version};
use jscalendar::{
    Event, EventStatus, LocalDateTime, Method, Participant, Series, TimeZones, same_address,
};

use super::invitation::person;
use crate::calendar_event::shared::is_own;
use crate::kept::{self, Change, Refusal, Who};
use crate::occurrence;
use crate::store::{StoreError, Work};

/// Applies a message to the account of its recipient, and says whether it changed something.
pub(super) fn apply(
    method: &Method,
    mut message: Event,
    work: &Work<'_>,
    who: &Who,
) -> Result<bool, Refusal> {
    message.method = None;
    message.version = Some(Version::V2_0);
    let Some(uid) = message.uid.clone() else { return Ok(false) };
    let inbox = Inbox { work, who, uid };
    match method {
        Method::Request if is_by_organizer(&message, who) => inbox.request(message),
        Method::Cancel if is_by_organizer(&message, who) => inbox.cancel(&message),
        Method::Reply => inbox.reply(&message),
        _ => Ok(false),
    }
}

/// Whether the organizer sent a message, or somebody for them.
fn is_by_organizer(message: &Event, who: &Who) -> bool {
    is_by(message.organizer_calendar_address.as_deref(), message.sent_by.as_deref(), who)
}

/// Whether it is this address that a message came from, or that of who says to send for it.
fn is_by(address: Option<&str>, sent_by: Option<&str>, who: &Who) -> bool {
    let sender = who.message.as_ref().map_or("", |sender| &sender.address);
    let is_sender = |address: &str| same_address(address, sender);
    let sent_by = sent_by.map(|mail| format!("mailto:{mail}"));
    address.is_some_and(is_sender) || sent_by.as_deref().is_some_and(is_sender)
}

struct Inbox<'i> {
    work: &'i Work<'i>,
    who: &'i Who,
    uid: String,
}

impl Inbox<'_> {
    fn request(&self, message: Event) -> Result<bool, Refusal> {
        let id = message.recurrence_id;
        if let Some(known) = self.known(id)? {
            return self.replace(known, message);
        }
        match (id, self.known(None)?) {
            (Some(id), Some(series)) => self.replace_occurrence(series, id, message),
            _ => self.create(message),
        }
    }

    /// The event with this uid, or the occurrence if it stands alone.
    fn known(&self, id: Option<LocalDateTime>) -> Result<Option<CalendarEvent>, StoreError> {
        let id = id.map(|id| id.to_string()).unwrap_or_default();
        match self.work.event_by_uid(&self.who.account, &self.uid, &id)? {
            Some(id) => kept::existing(&id, self.work, self.who),
            None => Ok(None),
        }
    }

    fn create(&self, mut message: Event) -> Result<bool, Refusal> {
        let Some(calendar) = self.default_calendar()? else { return Ok(false) };
        message.alerts.clear();
        let mut event = CalendarEvent::from(message);
        event.calendar_ids.insert(calendar);
        event.use_default_alerts = Some(true);
        let id = kept::new_id::<CalendarEvent>();
        event.id = Some(Id::any(id.as_str()));
        kept::keep(Change { id, before: None, after: Some(event) }, self.work, self.who)?;
        Ok(true)
    }

    fn default_calendar(&self) -> Result<Option<Id<Calendar>>, StoreError> {
        let calendars = kept::all_seen::<Calendar>(self.work, self.who)?;
        let default = calendars.iter().find(|it| it.is_default == Some(true));
        Ok(default.or_else(|| calendars.first()).and_then(|it| it.id.clone()))
    }

    /// A later state of an event.
    fn replace(&self, known: CalendarEvent, message: Event) -> Result<bool, Refusal> {
        if is_stale(&known, &message) || !is_of_organizer(&known, &message) {
            return Ok(false);
        }
        let mut after = known.clone();
        after.event = message;
        after.created = after.created.or(known.created);
        keep_own(&known.event, &mut after.event);
        self.change(known, after)
    }

    /// A later state of one occurrence.
    fn replace_occurrence(
        &self,
        series: CalendarEvent,
        id: LocalDateTime,
        message: Event,
    ) -> Result<bool, Refusal> {
        if is_stale(&series, &message) || !is_of_organizer(&series, &message) {
            return Ok(false);
        }
        let mut with = series.clone();
        // One that the rule does not have, or that was taken out.
        let excluded = |patch: &PatchObject| patch.0.contains_key("excluded");
        if with.recurrence_overrides.get(&id).is_some_and(excluded) {
            with.event.recurrence_overrides.remove(&id);
        }
        if occurrence::of(&with, id).is_none() {
            with.event.recurrence_overrides.insert(id, PatchObject::new());
        }
        let Ok(known) = Series::new(&with.event, &TimeZones::new()) else { return Ok(false) };
        let patch = known.edit_occurrence(id, |event| {
            let mut wanted = message;
            keep_own(event, &mut wanted);
            // These are about the event as a whole.
            (wanted.created, wanted.updated) = (event.created, event.updated);
            (wanted.sequence, wanted.prod_id) = (event.sequence, event.prod_id.clone());
            wanted.recurrence_id_time_zone = event.recurrence_id_time_zone.clone();
            wanted.privacy = event.privacy.clone();
            *event = wanted;
        });
        let Ok(patch) = patch else { return Ok(false) };
        let after = patched(&with, &patch)?;
        self.change(series, after)
    }

    fn cancel(&self, message: &Event) -> Result<bool, Refusal> {
        if let Some(known) = self.known(message.recurrence_id)? {
            if is_stale(&known, message) || !is_of_organizer(&known, message) {
                return Ok(false);
            }
            let mut after = known.clone();
            after.status = Some(EventStatus::Cancelled);
            (after.sequence, after.updated) = (message.sequence, message.updated);
            return self.change(known, after);
        }
        let (Some(id), Some(series)) = (message.recurrence_id, self.known(None)?) else {
            return Ok(false);
        };
        if occurrence::of(&series, id).is_none() || !is_of_organizer(&series, message) {
            return Ok(false);
        }
        let after = occurrence::removed(&series, id)?;
        self.change(series, after)
    }

    /// The answers of those who take part.
    fn reply(&self, message: &Event) -> Result<bool, Refusal> {
        let id = message.recurrence_id;
        let Some(known) = self.known(id)?.map_or_else(|| self.known(None), |it| Ok(Some(it)))?
        else {
            return Ok(false);
        };
        let one = id.filter(|_| known.recurrence_id.is_none());
        let mut after = known.clone();
        for answer in message
            .participants
            .values()
            .filter(|it| is_by(it.calendar_address.as_deref(), it.sent_by.as_deref(), self.who))
        {
            if let Some((participant, said)) = answered(&after, one, message, answer) {
                note(&mut after, one, &participant, &said);
            }
        }
        self.change(known, after)
    }

    fn change(&self, before: CalendarEvent, after: CalendarEvent) -> Result<bool, Refusal> {
        if before == after {
            return Ok(false);
        }
        let id = before.id.as_ref().map_or("", Id::as_str).to_owned();
        let change = Change { id, before: Some(before), after: Some(after) };
        kept::keep(change, self.work, self.who)?;
        Ok(true)
    }
}

/// Whether a message tells what was known before.
fn is_stale(known: &CalendarEvent, message: &Event) -> bool {
    let age = |event: &Event| (event.sequence.unwrap_or(0), event.updated);
    age(message) < age(&known.event)
}

/// Only who organizes an event can change it for others.
fn is_of_organizer(known: &CalendarEvent, message: &Event) -> bool {
    let address = |event: &Event| event.organizer_calendar_address.clone().unwrap_or_default();
    known.is_origin != Some(true) && same_address(&address(&known.event), &address(message))
}

/// What the user has of their own stays as it is.
fn keep_own(known: &Event, message: &mut Event) {
    message.alerts = known.alerts.clone();
    message.keywords = known.keywords.clone();
    message.color = known.color.clone();
    message.free_busy_status = known.free_busy_status.clone();
    for (id, changes) in &known.recurrence_overrides {
        let Some(later) = message.recurrence_overrides.get_mut(id) else { continue };
        let own = changes.0.iter().filter(|(pointer, _)| is_own(pointer));
        own.for_each(|(pointer, json)| _ = later.set(pointer.as_str(), json.clone()));
    }
}

/// What an answer says, and about whom; none if they do not take part, or have said something later.
fn answered(
    event: &CalendarEvent,
    one: Option<LocalDateTime>,
    message: &Event,
    answer: &Participant,
) -> Option<(jscalendar::Id, Said)> {
    let occurrence = one.map(|id| occurrence::of(event, id));
    let seen = match &occurrence {
        Some(occurrence) => &occurrence.as_ref()?.event,
        None => &event.event,
    };
    let (id, known) = person(seen, answer.calendar_address.as_deref()?)?;
    let last = known.legacy.as_ref();
    let last = last.map(|it| (it.schedule_sequence.unwrap_or(0), it.schedule_updated));
    let age = (message.sequence.unwrap_or(0), message.updated);
    // What was said of all occurrences can be taken back for one.
    if one.is_none() && last.is_some_and(|last| age < last) {
        return None;
    }
    let status = answer.participation_status.as_ref()?.to_string();
    let mut said = vec![
        ("participationStatus".to_owned(), Json::from(status.as_str())),
        ("scheduleSequence".to_owned(), Json::from_serialize(&age.0).ok()?),
    ];
    let updated = age.1.map(|it| Json::from(it.to_string().as_str()));
    said.extend(updated.map(|json| ("scheduleUpdated".to_owned(), json)));
    Some((id.clone(), said))
}

/// Members of a participant.
type Said = Vec<(String, Json)>;

/// Notes what a participant said: of all occurrences, or of one.
fn note(
    event: &mut CalendarEvent,
    one: Option<LocalDateTime>,
    participant: &jscalendar::Id,
    said: &Said,
) {
    let whole = format!("participants/{}", pointer::escape(participant.as_str()));
    let mut patch = PatchObject::new();
    for (name, json) in said {
        patch.set(format!("{whole}/{name}"), json.clone());
    }
    let Some(id) = one else {
        if let Ok(after) = patched(event, &patch) {
            *event = after;
        }
        return;
    };
    let changes = event.event.recurrence_overrides.get_or_insert_with(id, PatchObject::new);
    match changes.0.get_mut(&whole) {
        // Somebody who was invited to this occurrence alone.
        Some(person) => *person = person.with_members(said),
        None => changes.0.extend(patch.0),
    }
}
