//! `Principal/getAvailability` (JMAP Calendars, section 2.2): when somebody is busy.

use jmap_calendars::capability::Calendars;
use jmap_calendars::{
    BusyPeriod, BusyStatus, Calendar, CalendarEvent, GetAvailability, GetAvailabilityResponse,
    IncludeInAvailability, merge,
};
use jmap_core::capability::Capability;
use jmap_core::server::Context;
use jmap_core::{Id, Json, MethodError, MethodErrorKind};
use jmap_sharing::Principal;
use jscalendar::{
    Duration, Event, EventStatus, FoundZone, FreeBusyStatus, Occurrence, ParticipationStatus,
    Privacy, Series, TimeZones, UtcDateTime, same_address,
};
use rusqlite::params;

use crate::access::Access;
use crate::account::Somebody;
use crate::kept::{self, Who};
use crate::occurrence;
use crate::principal;
use crate::store::{StoreError, Work};

/// The longest time that can be asked about: a leap year.
pub(crate) const LONGEST: Duration = Duration::new(366, 0);

pub(crate) fn get(
    context: &Context<Somebody>,
    get: GetAvailability,
) -> Result<GetAvailabilityResponse, MethodError> {
    let mut question = Question::of(&get)?;
    question.shows_details &= context.uses(Calendars::URI);
    kept::check_properties::<CalendarEvent>(get.event_properties.as_deref())?;
    let names = get.event_properties.as_deref().map(kept::names_of::<CalendarEvent>);
    context.user().store.read(|work| {
        let user = context.user();
        let asked = get.id.as_ref().map_or("", principal::account_of);
        let subject = work.owner_of(&user.store, asked)?;
        let subject = subject.ok_or_else(|| MethodError::new("notFound"))?;
        if !work.may_ask(&user.account, &subject.account)? {
            return Err(MethodErrorKind::Forbidden.into());
        }
        let mut periods = Vec::new();
        let mut accounts = work.visited(&subject.account)?;
        accounts.push((subject.account.to_string(), true));
        for (account, _) in accounts {
            let of = Of::new(&account, &subject, user, work)?;
            of.add(&question, names.as_deref(), &mut periods, work)?;
        }
        let mut response = GetAvailabilityResponse::default();
        response.list = merge(periods);
        response.list.iter_mut().for_each(say_null);
        Ok(response)
    })
}

/// A time, and whether the events are wanted.
struct Question {
    from: UtcDateTime,
    to: UtcDateTime,
    shows_details: bool,
}

impl Question {
    fn of(get: &GetAvailability) -> Result<Self, MethodError> {
        let (Some(from), Some(to)) = (get.utc_start, get.utc_end) else {
            return Err(MethodErrorKind::InvalidArguments.into());
        };
        if from >= to {
            let mut error = MethodError::new(MethodErrorKind::InvalidArguments);
            error.arguments = vec!["utcEnd".to_owned()];
            return Err(error);
        }
        if from.checked_add(LONGEST).is_some_and(|latest| to > latest) {
            return Err(MethodError::new("tooLarge"));
        }
        Ok(Self { from, to, shows_details: get.show_details == Some(true) })
    }
}

/// The calendars of an account, as far as they make somebody busy and somebody else may know.
struct Of<'a> {
    account: &'a str,
    /// Who is asked about.
    subject: Who,
    /// Who asks.
    user: Who,
    access: Access,
    calendars: Vec<Calendar>,
    /// Where floating events are.
    zone: Option<FoundZone>,
}

impl<'a> Of<'a> {
    fn new(
        account: &'a str,
        subject: &Somebody,
        user: &Somebody,
        work: &Work<'_>,
    ) -> Result<Self, StoreError> {
        let (subject, user) = (Who::new(subject.clone(), account), Who::new(user.clone(), account));
        let access = work.access(account, &user.user.account)?;
        let mut calendars = kept::all_seen::<Calendar>(work, &subject)?;
        calendars.retain(|calendar| {
            let id = calendar.id.as_ref().map_or("", Id::as_str);
            calendar.is_subscribed == Some(true)
                && calendar.include_in_availability != Some(IncludeInAvailability::None)
                && access.may(id, |it| it.may_read_free_busy)
        });
        let id = principal::id_of(&subject.user.account);
        let principal = kept::seen::<Principal>(id.as_str(), work, &subject)?;
        let zone = principal.and_then(|it| it.time_zone?.parse().ok());
        let zone = zone.and_then(|zone| TimeZones::new().find(&zone));
        Ok(Self { account, subject, user, access, calendars, zone })
    }

    fn add(
        &self,
        question: &Question,
        names: Option<&[String]>,
        periods: &mut Vec<BusyPeriod>,
        work: &Work<'_>,
    ) -> Result<(), StoreError> {
        if self.calendars.is_empty() {
            return Ok(());
        }
        for id in work.events_between(self.account, question.from, question.to)? {
            let Some(event) = kept::existing::<CalendarEvent>(&id, work, &self.subject)? else {
                continue;
            };
            if event.privacy == Some(Privacy::Secret) {
                continue;
            }
            let calendars = self.calendars.iter().filter(|calendar| {
                calendar.id.as_ref().is_some_and(|id| event.calendar_ids.contains(id.as_str()))
            });
            let calendars: Vec<&Calendar> = calendars.collect();
            if calendars.is_empty() {
                continue;
            }
            let details = self.details(&event, question, work)?;
            let zone = self.zone_of(&calendars);
            let Ok(series) = Series::new(&event.event, &TimeZones::new()) else { continue };
            let mut occurrences = series.occurrences();
            if let Some(zone) = zone.clone() {
                occurrences = occurrences.floating_in(zone);
            }
            for occurrence in occurrences.between(question.from, question.to) {
                let zone = zone.as_ref().map(|zone| zone as &dyn jscalendar::Zone);
                let Some(mut period) = self.period(&occurrence, &calendars, zone) else { continue };
                if !is_within(&period, question) {
                    continue;
                }
                if let Some(details) = &details {
                    period.event = shown(details, &occurrence, names);
                    period.account_id = Some(Id::any(self.account));
                }
                periods.push(period);
            }
        }
        Ok(())
    }

    /// The event as the one who asks sees it, if that is wanted and allowed.
    fn details(
        &self,
        event: &CalendarEvent,
        question: &Question,
        work: &Work<'_>,
    ) -> Result<Option<CalendarEvent>, StoreError> {
        let is_public = matches!(event.privacy, None | Some(Privacy::Public));
        let is_readable = event
            .calendar_ids
            .iter()
            .any(|id| self.access.may(id.as_str(), |it| it.may_read_items));
        if !question.shows_details || !is_public || !is_readable {
            return Ok(None);
        }
        kept::seen(event.id.as_ref().map_or("", Id::as_str), work, &self.user)
    }

    /// The time zone of floating events: that of a calendar, or of the one who is asked about.
    fn zone_of(&self, calendars: &[&Calendar]) -> Option<FoundZone> {
        let zone = calendars.iter().find_map(|calendar| calendar.time_zone.as_ref());
        zone.and_then(|zone| TimeZones::new().find(zone)).or_else(|| self.zone.clone())
    }

    /// When an occurrence makes busy, if it does.
    fn period(
        &self,
        occurrence: &Occurrence<'_, Event>,
        calendars: &[&Calendar],
        zone: Option<&dyn jscalendar::Zone>,
    ) -> Option<BusyPeriod> {
        let changed = occurrence.is_override().then(|| occurrence.object());
        let event = changed.as_ref().unwrap_or_else(|| occurrence.entry());
        let address = &self.subject.user.address;
        let is_subject = |it: &&jscalendar::Participant| {
            it.calendar_address.as_deref().is_some_and(|it| same_address(it, address))
        };
        let own = event.participants.values().find(is_subject);
        let answer = own.and_then(|own| own.participation_status.as_ref());
        let attends =
            matches!(answer, Some(ParticipationStatus::Accepted | ParticipationStatus::Tentative));
        let counts = |calendar: &&Calendar| {
            attends || calendar.include_in_availability == Some(IncludeInAvailability::All)
        };
        let is_busy = matches!(event.free_busy_status, None | Some(FreeBusyStatus::Busy));
        let is_cancelled = event.status == Some(EventStatus::Cancelled);
        if !is_busy || is_cancelled || !calendars.iter().any(counts) {
            return None;
        }
        let mut period = BusyPeriod::default();
        period.utc_start = UtcDateTime::from_unix_seconds(occurrence.start_seconds(zone));
        period.utc_end = UtcDateTime::from_unix_seconds(occurrence.end().seconds(zone));
        period.busy_status = Some(status(event.status.as_ref(), answer));
        Some(period)
    }
}

/// A period without an event says so.
fn say_null(period: &mut BusyPeriod) {
    let nulls = ["event", "accountId"].map(|name| (name.to_owned(), Json::null()));
    period.extra.extend(nulls);
}

fn status(event: Option<&EventStatus>, answer: Option<&ParticipationStatus>) -> BusyStatus {
    match (event, answer) {
        (Some(EventStatus::Tentative), _) | (_, Some(ParticipationStatus::Tentative)) => {
            BusyStatus::Tentative
        }
        (None | Some(EventStatus::Confirmed), Some(ParticipationStatus::Accepted)) => {
            BusyStatus::Confirmed
        }
        _ => BusyStatus::Unavailable,
    }
}

fn is_within(period: &BusyPeriod, question: &Question) -> bool {
    period.utc_end > Some(question.from) && period.utc_start < Some(question.to)
}

/// The occurrence of an event that somebody may see.
fn shown(
    event: &CalendarEvent,
    occurrence: &Occurrence<'_, Event>,
    names: Option<&[String]>,
) -> Option<CalendarEvent> {
    let shown = match occurrence.recurrence_id() {
        Some(id) => occurrence::of(event, id)?,
        None => event.clone(),
    };
    kept::picked(shown, names)
}

impl Work<'_> {
    /// The events of an account of which the tables know that they can be in a time.
    fn events_between(
        &self,
        account: &str,
        from: UtcDateTime,
        to: UtcDateTime,
    ) -> Result<Vec<String>, StoreError> {
        let mut query = self.transaction.prepare_cached(
            "SELECT id FROM event WHERE account = ?1 AND starts < ?3 AND (ends IS NULL OR ends > ?2)",
        )?;
        // A day more: the tables have floating events in UTC.
        let (from, to) = (from.unix_seconds() - 86_400, to.unix_seconds() + 86_400);
        let ids = query.query_map(params![account, from, to], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }
}
