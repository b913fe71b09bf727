//! [`Clock`]: local times as instants, one after the other.

use super::occurrences::clamped;
use crate::date::civil::DAY;
use crate::{FoundZone, Zone};

/// Reads ascending local times of one time zone as instants, and remembers until when the offset of the last one holds:
/// most occurrences of a series are not the first ones after a change of the clock.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    /// From the last local time on and before `end`, clocks are `offset` seconds ahead of UTC.
    last: i64,
    end: i64,
    offset: i64,
}

/// Times that are further apart are worth no look at the next change of the clock.
const NEAR: i64 = 45 * DAY;

impl Clock {
    /// The instant when clocks show so many seconds from 1970 on, as [`Zone::instant_of`] says.
    pub(super) fn instant_of(&mut self, clock: i64, zone: &FoundZone) -> i64 {
        if clock >= self.last && clock < self.end {
            self.last = clock;
            return clock - self.offset;
        }
        let local = clamped(clock);
        let instant = zone.instant_of(local);
        let is_near = (self.last..self.last + NEAR).contains(&clock);
        // A time that a change skips is an instant after it, with the offset before it.
        let holds = is_near && zone.local_at(instant) == Some(local);
        (self.last, self.offset) = (clock, clock - instant);
        // Up to a change, and for the times that it repeats, the offset before it counts.
        self.end =
            if holds { zone.next_change(instant).saturating_add(self.offset) } else { clock };
        instant
    }
}
