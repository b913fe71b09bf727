//! `CalendarEvent` (JMAP Calendars, section 5).

mod copy;
mod get;
mod index;
mod parse;
mod query;
mod rights;
pub(crate) mod shared;
mod utc;

use jmap_calendars::{Calendar, CalendarEvent, SetEvents};
use jmap_core::json_model::Set as KeySet;
use jmap_core::server::{Context, patched, unchanged};
use jmap_core::{Id, MethodError, PatchObject, SetError, SetResponse, Version};
use jscalendar::{Event, Series, TimeZoneId, TimeZones, same_address};

pub(crate) use self::copy::copy;
pub(crate) use self::get::get;
pub(crate) use self::parse::parse;
pub(crate) use self::query::{
    MOST_DAYS, MOST_OCCURRENCES, longest_expansion, query, query_changes, too_many,
};
use crate::access::Access;
use crate::account::Somebody;
use crate::clock::now;
use crate::kept::{self, Change, Kept, Refusal, Who};
use crate::occurrence::{self, Recurs};
use crate::store::{StoreError, Work};
use crate::{event_notification, schedule};

pub(crate) fn set(
    context: &Context<Somebody>,
    set: SetEvents,
) -> Result<SetResponse<CalendarEvent>, MethodError> {
    let mut who = Who::of(context, set.set.account_id.as_ref());
    who.sends_messages = set.send_scheduling_messages == Some(true);
    kept::set_as(context, &who, set.set)
}

impl Kept for CalendarEvent {
    const LETTER: char = 'E';
    const FIXED: &'static [&'static str] = &["id", "baseEventId", "isOrigin"];
    const OWN: &'static [&'static str] =
        &["keywords", "color", "freeBusyStatus", "useDefaultAlerts", "alerts"];
    const REFERRING: &'static [&'static str] = &["calendarIds"];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    fn is_visible(&self, access: &Access) -> bool {
        rights::is_visible(self, access)
    }

    fn seen_by(self, work: &Work<'_>, who: &Who) -> Result<Self, StoreError> {
        rights::seen(self, work, who)
    }

    fn keep_hidden(&mut self, whole: &Self, seen: &Self) {
        rights::keep_hidden(self, whole, seen);
    }

    fn permit(
        before: Option<&Self>,
        after: Option<&Self>,
        work: &Work<'_>,
        who: &Who,
    ) -> Result<(), Refusal> {
        rights::permit(before, after, work, who)
    }

    fn has_occurrence(&self, id: &str) -> bool {
        id.parse().is_ok_and(|id| occurrence::is_in_rule(&self.event, id))
    }

    fn refer(&mut self, before: Option<&Self>, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        let mut calendars = KeySet::default();
        for id in self.calendar_ids.iter() {
            let was_there = before.is_some_and(|it| it.calendar_ids.contains(id.as_str()));
            let known = who.resolve(id);
            let is_there = match &known {
                Some(id) => was_there || kept::seen::<Calendar>(id.as_str(), work, who)?.is_some(),
                None => false,
            };
            calendars.extend(known.filter(|_| is_there));
        }
        if calendars.iter().count() < self.calendar_ids.iter().count() {
            return Err(SetError::invalid_properties(["calendarIds"])
                .description("there is no such calendar")
                .into());
        }
        self.calendar_ids = calendars;
        Ok(())
    }

    /// JMAP Calendars, section 5.8.
    fn check(&mut self, before: Option<&Self>, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        if before.is_none() {
            utc::refuse_both(self, None)?;
        }
        let now = now();
        self.version = Some(Version::V2_0);
        self.created = self.created.or(now);
        if self.uid.is_none() && before.is_none() {
            self.uid = Some(uuid::Uuid::new_v4().to_string());
        }
        let zone = default_zone(self, work, who)?;
        utc::settle(self, zone)?;
        refuse_wrong(self, before)?;
        let organizer = self.organizer_calendar_address.as_deref();
        let address = work.address_of(&who.account)?;
        let is_own = |it: &str| same_address(it, &address);
        if organizer.is_none() && self.participants.values().any(|it| it.calendar_address.is_some())
        {
            self.organizer_calendar_address = Some(address.clone());
        }
        let is_origin = self.organizer_calendar_address.as_deref().is_none_or(is_own);
        self.is_origin = Some(is_origin);
        if is_origin {
            // An answer that came is no revision.
            if who.message.is_none() {
                count(self, before);
            }
            // It overwrites what the client says: but what changed nothing is not changed.
            if before.is_none_or(|before| before != self) {
                self.updated = now;
            }
            // Nothing is created after it was changed.
            self.created = self.created.min(self.updated);
        }
        Ok(())
    }

    fn kept_id(id: &str) -> &str {
        occurrence::kept_id(id)
    }

    fn part(self, id: &str) -> Option<Self> {
        occurrence::part(self, id)
    }

    fn with_patch(&self, id: &str, patch: &PatchObject) -> Result<Self, Refusal> {
        if let Some((_, recurrence_id)) = occurrence::decoded(id) {
            return occurrence::changed(self, recurrence_id, patch);
        }
        let after = patched(self, patch)?;
        unchanged(self, &after, Self::FIXED)?;
        utc::refuse_both(&after, Some(patch))?;
        Ok(after)
    }

    fn without(&self, id: &str) -> Result<Option<Self>, Refusal> {
        occurrence::without(self, id)
    }

    fn twin(&self, work: &Work<'_>, who: &Who) -> Result<Option<String>, StoreError> {
        let recurrence_id = self.recurrence_id.map(|id| id.to_string()).unwrap_or_default();
        work.event_by_uid(&who.account, self.uid.as_deref().unwrap_or_default(), &recurrence_id)
    }

    fn index(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        if self.hide_attendees != Some(true) {
            return work.index_event(&who.account, id, self);
        }
        // Nobody finds it by people who are hidden, not even the owner of the account.
        let seen = self.clone().seen_by(work, &who.as_owner(work)?)?;
        work.index_event(&who.account, id, &seen)
    }

    fn follow(change: &Change<Self>, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        event_notification::follow(change, work, who)?;
        schedule::follow(change, work, who)
    }

    fn unindex(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        Ok(work.unindex_event(&who.account, id)?)
    }
}

impl Recurs for CalendarEvent {
    type Entry = Event;
    const OF_ALL: &'static [&'static str] = &["baseEventId", "calendarIds"];

    fn entry(&self) -> &Event {
        &self.event
    }

    fn entry_mut(&mut self) -> &mut Event {
        &mut self.event
    }

    fn id(&self) -> Option<&Id<Self>> {
        self.id.as_ref()
    }

    fn ids(&mut self) -> (&mut Option<Id<Self>>, &mut Option<Id<Self>>) {
        (&mut self.id, &mut self.base_event_id)
    }

    fn default_alerts(&mut self) -> &mut Option<bool> {
        &mut self.use_default_alerts
    }

    fn settle(&mut self, patch: &PatchObject) -> Result<(), Refusal> {
        utc::refuse_both(self, Some(patch))?;
        utc::settle(self, None)
    }
}

/// Says which properties are missing, or must not be what they are.
fn refuse_wrong(event: &CalendarEvent, before: Option<&CalendarEvent>) -> Result<(), Refusal> {
    let was_draft = before.is_none_or(|before| before.is_draft == Some(true));
    let is_wrong = [
        ("uid", before.is_some_and(|before| before.uid != event.uid)),
        ("calendarIds", event.calendar_ids.is_empty()),
        ("method", event.method.is_some()),
        ("start", event.start.is_none()),
        ("isDraft", event.is_draft == Some(true) && !was_draft),
        ("recurrenceOverrides", event.recurrence_overrides.values().any(says_utc)),
    ];
    let names: Vec<&str> = is_wrong.iter().filter_map(|(name, it)| it.then_some(*name)).collect();
    if !names.is_empty() {
        return Err(SetError::invalid_properties(names).into());
    }
    Series::new(&event.event, &TimeZones::new()).map(|_| ()).map_err(|error| {
        let name = match error {
            jscalendar::SeriesError::NoStart => "start".to_owned(),
            jscalendar::SeriesError::Rule { ref member, .. } => member.clone(),
            jscalendar::SeriesError::Zone { member, .. } => member.to_owned(),
            _ => "recurrenceRule".to_owned(),
        };
        SetError::invalid_properties([name]).description(error.to_string()).into()
    })
}

/// Whether an override has a time in UTC, which it must not (JMAP Calendars, section 5.8).
fn says_utc(changes: &PatchObject) -> bool {
    changes.0.contains_key("utcStart") || changes.0.contains_key("utcEnd")
}

/// The time zone that all calendars of an event have in common, if they have one.
fn default_zone(
    event: &CalendarEvent,
    work: &Work<'_>,
    who: &Who,
) -> Result<Option<TimeZoneId>, StoreError> {
    let mut zones = Vec::new();
    for id in event.calendar_ids.iter() {
        let calendar = kept::existing::<Calendar>(id.as_str(), work, who)?;
        zones.push(calendar.and_then(|calendar| calendar.time_zone));
    }
    let first = zones.first().cloned().flatten();
    Ok(first.filter(|first| zones.iter().all(|zone| zone.as_ref() == Some(first))))
}

/// Counts the change in `sequence`, unless the client did, or only what does not count was changed.
fn count(event: &mut CalendarEvent, before: Option<&CalendarEvent>) {
    let Some(before) = before else { return };
    let (was, is) = (before.sequence.unwrap_or(0), event.sequence.unwrap_or(0));
    if is > was {
        return;
    }
    let counted = |event: &CalendarEvent| {
        let mut counted = rights::counted(event);
        (counted.is_draft, counted.is_origin, counted.sequence) = (None, None, None);
        counted
    };
    event.sequence =
        if counted(event) == counted(before) { before.sequence } else { Some(was + 1) };
}

/// Takes an event out of a calendar that is destroyed; out of the account if it is in no other one.
pub(crate) fn leave(id: &str, calendar: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
    let owner = who.as_owner(work)?;
    let Some(before) = kept::existing::<CalendarEvent>(id, work, &owner)? else { return Ok(()) };
    let mut after = before.clone();
    after.calendar_ids.remove(calendar);
    if after.calendar_ids.is_empty() {
        return kept::remove(id, &before, work, &owner);
    }
    kept::put(id, Some(&before), &after, work, &owner)
}
