//! Zones that differ from a definition for some hours only.
//!
//! Outlook sets clocks at 23:59:59 for midnight, and many definitions change an hour early or late. An object whose
//! times never fall into such hours means the zone that it names all the same.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use jscalendar::{CustomZone, LocalDateTime, TimeZoneId, UtcDateTime, Zone};

use super::instants;

const DAY: i64 = 86_400;

/// Definitions with more changes than this in the years in question are not looked at that closely.
const CHANGES: usize = 2_000;

/// A zone, and at which times of day it may differ from a definition.
#[derive(Debug, Clone)]
pub(super) struct Nearly {
    pub(super) id: TimeZoneId,
    zone: TimeZone,
    /// From and to, in seconds of the day; the end may be on the next day.
    clashes: Vec<(i64, i64)>,
    /// Whether all differences are shorter than a day.
    short: bool,
}

impl Nearly {
    /// Compares in these years; `None` if there is no such zone.
    pub(super) fn new(rules: &CustomZone, id: &TimeZoneId, years: (i16, i16)) -> Option<Self> {
        let zone = id.to_jiff()?;
        let (from, to) = instants(rules, years);
        let clashes = clashes(rules, &zone, from, to);
        let short = clashes.is_some();
        let mut clashes = clashes.unwrap_or_default();
        clashes.sort_unstable();
        clashes.dedup();
        Some(Self { id: id.clone(), zone, clashes, short })
    }

    /// Whether both mean the same by these times, and, if `daily`, by these times of day on any day.
    pub(super) fn serves(&self, rules: &CustomZone, times: &[LocalDateTime], daily: bool) -> bool {
        let same = |time: &LocalDateTime| self.zone.instant_of(*time) == rules.instant_of(*time);
        times.iter().all(same)
            && (!daily || self.short && times.iter().all(|time| self.is_clear(*time)))
    }

    fn is_clear(&self, time: LocalDateTime) -> bool {
        let second = clock(time).rem_euclid(DAY);
        let within = |(from, to): &(i64, i64)| {
            [second, second + DAY].iter().any(|at| from <= at && at <= to)
        };
        !self.clashes.iter().any(within)
    }
}

/// The times of day of all differences; `None` if one of them lasts a day or more.
fn clashes(rules: &CustomZone, zone: &TimeZone, from: i64, to: i64) -> Option<Vec<(i64, i64)>> {
    let mut changes = changes(rules, zone, from, to)?;
    changes.push(to);
    let offsets = |instant: i64| {
        let theirs = zone.to_offset(Timestamp::from_second(instant).ok()?).seconds();
        Some((i64::from(rules.offset_at_instant(instant)), i64::from(theirs)))
    };
    let mut found = Vec::new();
    let mut since = from;
    // What the clocks of both show around the difference that is going on.
    let mut open: Option<(i64, i64)> = None;
    for change in changes {
        let (own, theirs) = offsets(since)?;
        if own != theirs {
            // Clocks that are set just then may show other times by the difference of the offsets.
            let margin = (own - theirs).abs();
            let (begin, end) =
                (since + own.min(theirs) - margin, change + own.max(theirs) + margin);
            open = Some((open.map_or(begin, |(begin, _)| begin), end));
        } else if let Some((begin, end)) = open.take() {
            found.push(time_of_day(begin, end)?);
        }
        since = change;
    }
    if let Some((begin, end)) = open {
        found.push(time_of_day(begin, end)?);
    }
    Some(found)
}

/// When either zone is changed in the span, in order.
fn changes(rules: &CustomZone, zone: &TimeZone, from: i64, to: i64) -> Option<Vec<i64>> {
    let year = |instant: i64| UtcDateTime::from_unix_seconds(instant).map(UtcDateTime::year);
    let own = rules.transitions(year(from)?, year(to)?).into_iter().map(|change| change.instant);
    let theirs = zone.following(Timestamp::from_second(from).ok()?);
    let theirs = theirs.map(|change| change.timestamp().as_second()).take_while(|at| *at < to);
    let within = own.take(CHANGES).filter(|at| from < *at && *at < to);
    let mut all: Vec<i64> = within.chain(theirs.take(CHANGES)).collect();
    if all.len() >= CHANGES {
        return None;
    }
    all.sort_unstable();
    all.dedup();
    Some(all)
}

fn time_of_day(begin: i64, end: i64) -> Option<(i64, i64)> {
    let start = begin.rem_euclid(DAY);
    (end - begin < DAY).then_some((start, start + end - begin))
}

fn clock(time: LocalDateTime) -> i64 {
    UtcDateTime::from_utc_clock(time).unix_seconds()
}

#[cfg(test)]
#[cfg(feature = "tz")]
mod tests {
    use proptest::prelude::*;

    use super::super::vtimezone::tests::{BERLIN, zone};
    use super::*;

    fn local(text: &str) -> LocalDateTime {
        text.parse().unwrap()
    }

    /// Whether Berlin serves for a definition like it, but with the spring change at `hour`.
    fn serves(hour: &str, times: &[&str], daily: bool) -> bool {
        let rules = zone(&BERLIN.replace("0329T02", &format!("0329T{hour}"))).unwrap();
        let times: Vec<_> = times.iter().map(|time| local(time)).collect();
        let berlin = "Europe/Berlin".parse().unwrap();
        Nearly::new(&rules, &berlin, (2020, 2030)).unwrap().serves(&rules, &times, daily)
    }

    #[test]
    fn a_change_an_hour_late() {
        assert!(serves("03", &["2024-05-01T09:00:00", "2024-05-01T10:00:00"], true));
        assert!(!serves("03", &["2024-05-01T03:30:00"], true));
        assert!(serves("03", &["2024-05-01T03:30:00"], false));
        assert!(!serves("03", &["2024-03-31T03:30:00"], false));
        assert!(!serves("21", &["2024-05-01T12:00:00"], true));
        assert!(serves("21", &["2024-05-01T00:30:00"], true));
    }

    #[test]
    fn differences_that_last() {
        let rules = zone(&BERLIN.replace("BYMONTH=3", "BYMONTH=4")).unwrap();
        let berlin = Nearly::new(&rules, &"Europe/Berlin".parse().unwrap(), (2020, 2030)).unwrap();
        let noon = local("2024-07-01T12:00:00");
        assert!(berlin.serves(&rules, &[noon], false));
        assert!(!berlin.serves(&rules, &[noon], true));
        assert!(!berlin.serves(&rules, &[local("2024-04-15T12:00:00")], false));
        assert!(Nearly::new(&rules, &"Foo/Bar".parse().unwrap(), (2020, 2030)).is_none());
    }

    proptest! {
        /// What is said to be clear every day is the same on every day.
        #[test]
        fn a_clear_time_is_the_same_every_day(spring in 0..24_u8, autumn in 0..24_u8, second in 0..86_400_i64) {
            let body = BERLIN.replace("0329T02", &format!("0329T{spring:02}")).replace("1025T03", &format!("1025T{autumn:02}"));
            let rules = zone(&body).unwrap();
            let berlin = Nearly::new(&rules, &"Europe/Berlin".parse().unwrap(), (2020, 2022)).unwrap();
            let first = clock(local("2020-01-01T00:00:00")) + second;
            let at = |day: i64| UtcDateTime::from_unix_seconds(first + day * DAY).unwrap().to_utc_clock();
            if berlin.serves(&rules, &[at(0)], true) {
                for day in 0..1096 {
                    prop_assert_eq!(berlin.zone.instant_of(at(day)), rules.instant_of(at(day)), "{}", at(day));
                }
            }
        }
    }
}
