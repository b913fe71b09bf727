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

#[cfg(all(test, feature = "tz"))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::TimeZones;

    /// With changes of all kinds: of an hour, of half an hour, in Ramadan, and of a day.
    const ZONES: [&str; 7] = [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Apia",
        "Europe/Dublin",
        "Etc/UTC",
    ];

    proptest! {
        #[test]
        fn a_clock_is_the_zone(
            zone in proptest::sample::select(&ZONES),
            start in -4_000_000_000..7_000_000_000i64,
            steps in proptest::collection::vec((0..8u32, 1..5_000i64, 1..40usize), 1..40),
        ) {
            let zone = TimeZones::new().find(&zone.parse().unwrap()).unwrap();
            let (mut clock, mut at) = (Clock::default(), start);
            for (scale, step, times) in steps {
                // From seconds to months.
                let step = step * 4_i64.pow(scale);
                for _ in 0..times {
                    let local = clamped(at);
                    if local.clock_seconds() != at {
                        return Ok(());
                    }
                    prop_assert_eq!(clock.instant_of(at, &zone), zone.instant_of(local), "{}", local);
                    at += step;
                }
            }
        }
    }

    #[test]
    fn every_minute_around_a_change() {
        let changes = [
            ("Europe/Berlin", "2026-03-29T00:00:00"),
            ("Europe/Berlin", "2026-10-25T00:00:00"),
            ("America/New_York", "2026-03-08T00:00:00"),
            ("America/New_York", "2026-11-01T00:00:00"),
            ("Australia/Lord_Howe", "2026-04-05T00:00:00"),
            ("Australia/Lord_Howe", "2026-10-04T00:00:00"),
            ("Africa/Casablanca", "2026-02-15T00:00:00"),
            ("Africa/Casablanca", "2026-03-22T00:00:00"),
            ("Pacific/Apia", "2011-12-29T12:00:00"),
        ];
        for (name, start) in changes {
            let zone = TimeZones::new().find(&name.parse().unwrap()).unwrap();
            let start: crate::LocalDateTime = start.parse().unwrap();
            for step in [60, 420, 1_800, 3_600] {
                let mut clock = Clock::default();
                for at in (0..2 * DAY).step_by(step).map(|after| start.clock_seconds() + after) {
                    let local = clamped(at);
                    assert_eq!(
                        clock.instant_of(at, &zone),
                        zone.instant_of(local),
                        "{name} {local}"
                    );
                }
            }
        }
    }
}
