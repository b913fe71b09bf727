//! When an object starts and ends.

use super::{Moment, SeriesError};
use crate::date::civil::DAY;
use crate::kind::{Own, Timed};
use crate::{Duration, FoundZone, LocalDateTime, TimeZoneId, TimeZones, UtcDateTime, Zone};

/// The start, the length and the time zones of an object.
#[derive(Clone, Debug)]
pub(super) struct Timing {
    /// On the clock of the time zone; the due time of a task that has no start.
    pub(super) start: LocalDateTime,
    zone: Option<(TimeZoneId, FoundZone)>,
    end_zone: Option<(TimeZoneId, FoundZone)>,
    length: Length,
    is_date: bool,
}

#[derive(Clone, Copy, Debug)]
enum Length {
    Duration(Duration),
    /// From start to due time, in seconds on the clock: a task of 9 to 5 is that on every day.
    Clock(i64),
}

impl Timing {
    /// Times without a zone are those of `floating`, if it is given.
    pub(super) fn new<T: Timed>(
        entry: &T,
        floating: Option<&TimeZoneId>,
        zones: &TimeZones,
    ) -> Result<Self, SeriesError> {
        let Own { start, due, end_zone, length } = entry.own();
        let common = entry.common();
        let start = start.or(due).ok_or(SeriesError::NoStart)?;
        let length = match due {
            Some(due) => Length::Clock((due.clock_seconds() - start.clock_seconds()).max(0)),
            None => Length::Duration(length.unwrap_or_default()),
        };
        let zone = find("timeZone", common.time_zone.as_ref().or(floating), zones)?;
        let whole_days = match length {
            Length::Duration(length) => !length.has_time_part() || length.is_zero(),
            Length::Clock(seconds) => seconds % DAY == 0,
        };
        Ok(Self {
            is_date: *common.show_without_time == Some(true)
                && zone.is_none()
                && start.is_midnight()
                && whole_days,
            end_zone: if zone.is_some() { find("endTimeZone", end_zone, zones)? } else { None },
            start,
            zone,
            length,
        })
    }

    /// The time zone of the start.
    pub(super) fn zone(&self) -> Option<&dyn Zone> {
        self.zone.as_ref().map(|(_, zone)| zone as &dyn Zone)
    }

    /// The time zone of the start, as it was found.
    pub(super) fn found_zone(&self) -> Option<&FoundZone> {
        self.zone.as_ref().map(|(_, zone)| zone)
    }

    /// The start of an occurrence that starts at `local`, which is `instant` if that is known.
    pub(super) fn start_at(&self, local: LocalDateTime, instant: Option<i64>) -> Moment {
        match (instant, &self.zone) {
            (Some(instant), Some((id, _))) => self.zoned(local, id, instant),
            _ => self.moment(local, self.zone.as_ref()),
        }
    }

    /// The end of an occurrence that starts at `start`; the last moment that can be written, if it is later.
    pub(super) fn end_of(&self, start: LocalDateTime) -> Moment {
        let end = match self.length {
            Length::Duration(length) => start.checked_add(length, self.zone()),
            Length::Clock(seconds) => {
                LocalDateTime::from_clock_seconds(start.clock_seconds() + seconds)
            }
        };
        let end = end.unwrap_or(LocalDateTime::MAX);
        match (&self.zone, &self.end_zone) {
            (Some((_, zone)), Some((_, there))) => {
                let local = there.local_at(zone.instant_of(end)).unwrap_or(end);
                self.moment(local, self.end_zone.as_ref())
            }
            _ => self.moment(end, self.zone.as_ref()),
        }
    }

    /// At most how many seconds of the clock are between start and end, in any time zone.
    pub(super) fn longest(&self) -> i64 {
        let length = match self.length {
            Length::Clock(seconds) => seconds,
            Length::Duration(length) => {
                let days = i64::try_from(length.nominal_days()).unwrap_or(i64::MAX);
                let seconds = i64::try_from(length.exact_seconds()).unwrap_or(i64::MAX);
                days.saturating_mul(DAY).saturating_add(seconds)
            }
        };
        length.saturating_add(2 * DAY)
    }

    /// The start that an occurrence has on the clock of this time zone, if it has it in another one.
    pub(super) fn local(&self, start: &Moment) -> LocalDateTime {
        let there = self.zone().zip(start.instant);
        there
            .and_then(|(zone, instant)| zone.local_at(instant.unix_seconds()))
            .unwrap_or(start.local)
    }

    fn moment(&self, local: LocalDateTime, zone: Option<&(TimeZoneId, FoundZone)>) -> Moment {
        match zone {
            Some((id, zone)) => self.zoned(local, id, zone.instant_of(local)),
            None => Moment { local, zone: None, instant: None, is_date: self.is_date },
        }
    }

    fn zoned(&self, local: LocalDateTime, zone: &TimeZoneId, instant: i64) -> Moment {
        let instant = UtcDateTime::from_unix_seconds(instant);
        Moment { local, zone: Some(zone.clone()), instant, is_date: self.is_date }
    }
}

fn find(
    member: &'static str,
    id: Option<&TimeZoneId>,
    zones: &TimeZones,
) -> Result<Option<(TimeZoneId, FoundZone)>, SeriesError> {
    let Some(id) = id else { return Ok(None) };
    match zones.find(id) {
        Some(zone) => Ok(Some((id.clone(), zone))),
        None => Err(SeriesError::Zone { member, zone: id.clone() }),
    }
}
