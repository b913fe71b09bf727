//! When somebody is busy, told from the events that the user can see (JMAP Calendars, section 2.2).

use jmap_core::{Client, Error, Id};
use jscalendar::{
    Event, EventStatus, FoundZone, FreeBusyStatus, Participant, ParticipationStatus, Privacy,
    Series, TimeZoneId, TimeZones, UtcDateTime,
};

use crate::identities::Identities;
use crate::{
    BusyPeriod, BusyStatus, Calendar, CalendarsExt, IncludeInAvailability, StoredEvent, Window,
    merge,
};

/// Of whom it is told.
pub(super) struct Subject {
    /// With the account of the events.
    pub(super) client: Client,
    pub(super) identities: Identities,
    /// Whether it is the user: of other people's calendars only they know which count.
    pub(super) is_user: bool,
    /// That of the principal, if it is known.
    pub(super) time_zone: Option<TimeZoneId>,
}

impl Subject {
    pub(super) async fn periods(
        &self,
        from: UtcDateTime,
        to: UtcDateTime,
    ) -> Result<Vec<BusyPeriod>, Error> {
        let Some(window) = Window::between(from, to, TimeZoneId::utc()) else {
            return Ok(Vec::new());
        };
        let calendars = self.client.calendars().list().await?;
        let search = self.client.events().search().after(window.after).before(window.before);
        let mut periods = Vec::new();
        for stored in search.find().await? {
            let of_event: Vec<_> = calendars.iter().filter(|it| has(it, &stored)).collect();
            self.add(&stored.event.event, &of_event, (from, to), &mut periods);
        }
        Ok(merge(periods))
    }

    /// Adds the times of an event. One of which nobody can tell when it is has none.
    fn add(
        &self,
        event: &Event,
        calendars: &[&Calendar],
        (from, to): (UtcDateTime, UtcDateTime),
        periods: &mut Vec<BusyPeriod>,
    ) {
        let zones = TimeZones::new();
        let Ok(series) = Series::new(event, &zones) else { return };
        let Some(zone) = self.zone(calendars, &zones) else { return };
        for occurrence in series.occurrences().floating_in(zone.clone()).between(from, to) {
            let changed = occurrence.is_override().then(|| occurrence.object());
            let event = changed.as_ref().unwrap_or(event);
            let attendance = self.identities.participant(event).map(status_of);
            if !takes_time(event) || !self.counts(calendars, attendance) {
                continue;
            }
            let start = occurrence.start_seconds(Some(&zone)).max(from.unix_seconds());
            let end = occurrence.end().seconds(Some(&zone)).min(to.unix_seconds());
            periods.push(BusyPeriod {
                utc_start: UtcDateTime::from_unix_seconds(start),
                utc_end: UtcDateTime::from_unix_seconds(end),
                busy_status: Some(busy_status(event, attendance)),
                ..BusyPeriod::default()
            });
        }
    }

    /// The zone in which floating times are meant: that of the calendar, of the principal, or UTC.
    fn zone(&self, calendars: &[&Calendar], zones: &TimeZones) -> Option<FoundZone> {
        let own = calendars.iter().find_map(|calendar| calendar.time_zone.as_ref());
        let own = own.or(self.time_zone.as_ref());
        own.and_then(|id| zones.find(id)).or_else(|| zones.find(&TimeZoneId::utc()))
    }

    /// Whether the user wants events of one of these calendars to count.
    fn counts(&self, calendars: &[&Calendar], attendance: Option<&ParticipationStatus>) -> bool {
        use IncludeInAvailability as Include;
        let attends = matches!(
            attendance,
            Some(ParticipationStatus::Accepted | ParticipationStatus::Tentative)
        );
        let includes = |calendar: &&Calendar| match calendar.include_in_availability.as_ref() {
            Some(Include::None) => false,
            Some(Include::Attending) => attends,
            _ => true,
        };
        let is_subscribed = |calendar: &&&Calendar| calendar.is_subscribed != Some(false);
        !self.is_user || calendars.iter().filter(is_subscribed).any(includes)
    }
}

fn has(calendar: &Calendar, event: &StoredEvent) -> bool {
    let is_in = |id: &Id<Calendar>| event.calendar_ids.contains(id.as_str());
    calendar.id.as_ref().is_some_and(is_in)
}

fn takes_time(event: &Event) -> bool {
    event.free_busy_status != Some(FreeBusyStatus::Free)
        && event.status != Some(EventStatus::Cancelled)
        && event.privacy != Some(Privacy::Secret)
}

/// A participant who said nothing has yet to.
fn status_of(participant: &Participant) -> &ParticipationStatus {
    participant.participation_status.as_ref().unwrap_or(&ParticipationStatus::NeedsAction)
}

fn busy_status(event: &Event, attendance: Option<&ParticipationStatus>) -> BusyStatus {
    let is_confirmed = matches!(event.status, None | Some(EventStatus::Confirmed));
    match attendance {
        _ if event.status == Some(EventStatus::Tentative) => BusyStatus::Tentative,
        Some(ParticipationStatus::Tentative) => BusyStatus::Tentative,
        Some(ParticipationStatus::Accepted) if is_confirmed => BusyStatus::Confirmed,
        _ => BusyStatus::Unavailable,
    }
}
