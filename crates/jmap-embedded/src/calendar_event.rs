//! `CalendarEvent` (JMAP Calendars, section 5).

mod index;
mod query;

use std::time::{SystemTime, UNIX_EPOCH};

use jmap_calendars::{Calendar, CalendarEvent, GetEvents, SetEvents};
use jmap_core::object::Object;
use jmap_core::server::Context;
use jmap_core::{
    ChangesArguments, ChangesResponse, GetResponse, Id, MethodError, MethodErrorKind, SetError,
    SetResponse, Version,
};
use jscalendar::{Series, TimeZones, UtcDateTime};

pub(crate) use self::query::query;
use crate::account::Somebody;
use crate::kept::{self, Kept, Refusal, Who};
use crate::store::{Kind, Work};

pub(crate) async fn get(
    context: Context<Somebody>,
    get: GetEvents,
) -> Result<GetResponse<CalendarEvent>, MethodError> {
    if get.recurrence_overrides_after.is_some() || get.recurrence_overrides_before.is_some() {
        return Err(MethodError::new(MethodErrorKind::InvalidArguments)
            .description("windows of overrides are not there yet"));
    }
    kept::get(&context, get.get)
}

pub(crate) async fn changes(
    context: Context<Somebody>,
    changes: ChangesArguments<CalendarEvent>,
) -> Result<ChangesResponse<CalendarEvent>, MethodError> {
    kept::changes(&context, changes)
}

pub(crate) async fn set(
    context: Context<Somebody>,
    set: SetEvents,
) -> Result<SetResponse<CalendarEvent>, MethodError> {
    let who = Who::of(&context, set.set.account_id.as_ref());
    kept::set(&context, &who, set.set)
}

impl Kept for CalendarEvent {
    const LETTER: char = 'E';
    const FIXED: &'static [&'static str] = &["id", "baseEventId", "isOrigin"];

    fn set_id(&mut self, id: Id<Self>) {
        self.id = Some(id);
    }

    /// JMAP Calendars, section 5.8.
    fn check(&mut self, before: Option<&Self>, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        let now = now();
        self.version = Some(Version::V2_0);
        self.created = self.created.or(now);
        if self.uid.is_none() && before.is_none() {
            self.uid = Some(uuid::Uuid::new_v4().to_string());
        }
        refuse_wrong(self, before)?;
        for calendar in self.calendar_ids.iter() {
            if work.object(&who.account, Calendar::TYPE, calendar.as_str())?.is_none() {
                return Err(SetError::invalid_properties(["calendarIds"])
                    .description("there is no such calendar")
                    .into());
            }
        }
        let organizer = self.organizer_calendar_address.as_deref();
        let is_own = |address: &str| address.eq_ignore_ascii_case(&who.user.address);
        if organizer.is_none() && self.participants.values().any(|it| it.calendar_address.is_some())
        {
            self.organizer_calendar_address = Some(who.user.address.to_string());
        }
        let is_origin = self.organizer_calendar_address.as_deref().is_none_or(is_own);
        self.is_origin = Some(is_origin);
        if is_origin {
            count(self, before);
            // It overwrites what the client says: but what changed nothing is not changed.
            if before.is_none_or(|before| before != self) {
                self.updated = now;
            }
        }
        Ok(())
    }

    fn index(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        work.index_event(&who.account, id, self)
    }

    fn unindex(&self, id: &str, work: &Work<'_>, who: &Who) -> Result<(), Refusal> {
        Ok(work.unindex_event(&who.account, id)?)
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
        // Not there yet.
        ("utcStart", event.utc_start.is_some()),
        ("utcEnd", event.utc_end.is_some()),
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

/// Counts the change in `sequence`, unless the client did, or only what does not count was changed.
fn count(event: &mut CalendarEvent, before: Option<&CalendarEvent>) {
    let Some(before) = before else { return };
    let (was, is) = (before.sequence.unwrap_or(0), event.sequence.unwrap_or(0));
    if is > was {
        return;
    }
    let mut same = event.clone();
    same.calendar_ids = before.calendar_ids.clone();
    same.is_draft = before.is_draft;
    same.is_origin = before.is_origin;
    same.use_default_alerts = before.use_default_alerts;
    same.updated = before.updated;
    same.sequence = before.sequence;
    same.color = before.color.clone();
    same.keywords = before.keywords.clone();
    same.free_busy_status = before.free_busy_status.clone();
    same.alerts = before.alerts.clone();
    if same != *before {
        event.sequence = Some(was + 1);
    } else {
        event.sequence = before.sequence;
    }
}

/// Takes an event out of a calendar that is destroyed; out of the account if it is in no other one.
pub(crate) fn leave(work: &Work<'_>, who: &Who, id: &str, calendar: &str) -> Result<(), Refusal> {
    let Some(json) = work.object(&who.account, CalendarEvent::TYPE, id)? else { return Ok(()) };
    let Some(mut event) = kept::parsed::<CalendarEvent>(&json) else { return Ok(()) };
    event.calendar_ids.remove(calendar);
    if event.calendar_ids.is_empty() {
        work.unindex_event(&who.account, id)?;
        work.remove(&who.account, CalendarEvent::TYPE, id)?;
        return Ok(());
    }
    let json = kept::json_of(&event)?;
    work.put(&who.account, CalendarEvent::TYPE, id, &json, Kind::Updated)?;
    event.index(id, work, who)
}

/// The time, unless the clock of the machine is beyond the year 9999.
fn now() -> Option<UtcDateTime> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UtcDateTime::from_unix_seconds(i64::try_from(since.as_secs()).ok()?)
}
