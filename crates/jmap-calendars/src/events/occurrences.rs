//! [`Occurrences`]: what happens in a time.

use std::sync::Arc;

use jmap_core::Operation;
use jscalendar::{
    Event, LocalDateTime, Moment, Occurrence, ParticipationStatus, Series, SeriesError, TimeZoneId,
    TimeZones, UtcDateTime, Zone,
};

use crate::StoredEvent;

/// A time, on the clocks of a time zone.
///
/// ```
/// use jmap_calendars::Window;
///
/// let march = Window::new(
///     "2026-03-01T00:00:00".parse()?,
///     "2026-04-01T00:00:00".parse()?,
///     "Europe/Berlin".parse()?,
/// );
/// assert_eq!(march.instants().unwrap().0.to_string(), "2026-02-28T23:00:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Window {
    /// When it begins.
    pub after: LocalDateTime,
    /// When it is over.
    pub before: LocalDateTime,
    /// The time zone of both, and of floating events.
    pub time_zone: TimeZoneId,
}

impl Window {
    /// From one moment to another one, in a time zone.
    pub fn new(after: LocalDateTime, before: LocalDateTime, time_zone: TimeZoneId) -> Self {
        Self { after, before, time_zone }
    }

    /// From one instant to another one, on the clocks of a time zone; `None` if it is not known.
    pub fn between(from: UtcDateTime, to: UtcDateTime, time_zone: TimeZoneId) -> Option<Self> {
        let zone = TimeZones::new().find(&time_zone)?;
        Some(Self::new(from.to_local(&zone)?, to.to_local(&zone)?, time_zone))
    }

    /// The instants at which it begins and is over; `None` if the time zone is not known.
    pub fn instants(&self) -> Option<(UtcDateTime, UtcDateTime)> {
        let zone = TimeZones::new().find(&self.time_zone)?;
        let instant = |at| UtcDateTime::from_unix_seconds(zone.instant_of(at));
        instant(self.after).zip(instant(self.before))
    }
}

/// What happens in a time; from [`Search::occurrences`](crate::Search::occurrences).
///
/// ```no_run
/// use jmap_calendars::{CalendarsExt, Window};
///
/// # async fn example(client: jmap_core::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let march = Window::new("2026-03-01T00:00:00".parse()?, "2026-04-01T00:00:00".parse()?, "Europe/Berlin".parse()?);
/// let found = client.events().search().text("planning").occurrences(march).await?;
/// println!("{} occurrences", found.list.len());
/// for (event, why) in &found.failed {
///     println!("nobody can tell when {:?} is: {why}", event.uid);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Occurrences {
    /// In the order of their starts.
    pub list: Vec<EventOccurrence>,
    /// The events of which nobody can tell when they are, and why.
    pub failed: Vec<(StoredEvent, SeriesError)>,
}

/// An occurrence of an event: the only one, or one of a series.
///
/// ```no_run
/// use jmap_calendars::EventOccurrence;
/// use jscalendar::ParticipationStatus;
///
/// # async fn example(standup: EventOccurrence) -> Result<(), jmap_core::Error> {
/// println!("{} to {}", standup.start.local, standup.end.local);
/// // Changes this one, and leaves the others alone.
/// standup.edit(|event| event.title = Some("Breakfast".to_owned())).await?;
/// standup.respond(ParticipationStatus::Tentative).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EventOccurrence {
    /// The event as it is in this occurrence.
    pub event: Event,
    /// When it starts.
    pub start: Moment,
    /// When it ends.
    pub end: Moment,
    /// Which occurrence it is, if there can be others.
    pub recurrence_id: Option<LocalDateTime>,
    /// The event that it belongs to.
    pub stored: Arc<StoredEvent>,
}

impl Occurrences {
    /// The occurrences of these events in a time; `None` if its time zone is not known.
    pub(super) fn of(events: Vec<StoredEvent>, window: &Window) -> Option<Self> {
        let (from, to) = window.instants()?;
        let zone = TimeZones::new().find(&window.time_zone)?;
        let mut found = Self::default();
        let mut starts: Vec<(i64, EventOccurrence)> = Vec::new();
        for stored in events {
            let stored = Arc::new(stored);
            let series = match Series::new(&stored.event.event, &TimeZones::new()) {
                Ok(series) => series,
                Err(error) => {
                    found.failed.push((StoredEvent::clone(&stored), error));
                    continue;
                }
            };
            let within = series.occurrences().floating_in(zone.clone()).between(from, to);
            starts.extend(within.map(|it| {
                (it.start_seconds(Some(&zone)), EventOccurrence::of(&it, Arc::clone(&stored)))
            }));
        }
        starts.sort_by_key(|(start, _)| *start);
        found.list = starts.into_iter().map(|(_, occurrence)| occurrence).collect();
        Some(found)
    }
}

impl EventOccurrence {
    fn of(occurrence: &Occurrence<'_, Event>, stored: Arc<StoredEvent>) -> Self {
        Self {
            event: occurrence.object(),
            start: occurrence.start(),
            end: occurrence.end(),
            recurrence_id: occurrence.recurrence_id(),
            stored,
        }
    }

    /// Changes this occurrence, and no other one; what comes back is the event that it belongs to.
    ///
    /// # Errors
    ///
    /// Those of [`StoredEvent::edit_occurrence`], or of [`StoredEvent::edit`] if it is the only one.
    pub fn edit(&self, change: impl FnOnce(&mut Event)) -> Operation<StoredEvent> {
        match self.recurrence_id {
            Some(id) => self.stored.edit_occurrence(id, change),
            None => self.stored.edit(|event| change(&mut event.event)),
        }
    }

    /// Changes this occurrence and all that follow; what comes back is the event that they belong to then.
    ///
    /// # Errors
    ///
    /// Those of [`StoredEvent::edit_following`], or of [`StoredEvent::edit`] if it is the only one.
    pub fn edit_following(&self, change: impl FnOnce(&mut Event)) -> Operation<StoredEvent> {
        match self.recurrence_id {
            Some(id) => self.stored.edit_following(id, change),
            None => self.edit(change),
        }
    }

    /// Answers an invitation to this occurrence, and no other one.
    ///
    /// # Errors
    ///
    /// Those of [`StoredEvent::respond`].
    pub fn respond(&self, status: ParticipationStatus) -> Operation<StoredEvent> {
        match self.recurrence_id {
            Some(id) => self.stored.respond_occurrence(id, status),
            None => self.stored.respond(status),
        }
    }

    /// Takes this occurrence out; the event itself if it is the only one.
    ///
    /// # Errors
    ///
    /// Those of [`StoredEvent::remove_occurrence`] and [`StoredEvent::remove`].
    pub fn remove(&self) -> Operation<()> {
        match self.recurrence_id {
            Some(id) => {
                let removed = self.stored.remove_occurrence(id);
                Operation::new(async move { removed.await.map(|_| ()) })
            }
            None => self.stored.remove(),
        }
    }
}
