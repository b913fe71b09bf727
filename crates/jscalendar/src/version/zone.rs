//! Custom time zones of 1.0 on the way to 2.0, which knows IANA names only.

use std::cell::RefCell;
use std::rc::Rc;

use crate::kind::{Own, OwnMut, Timed};
use crate::report::Report;
use crate::{Group, LocalDateTime, Map, TimeZone, TimeZoneId};

/// Rules for ever are compared for so long: a zone that other rules hold for shows it well before.
const LONG: i64 = 20 * YEAR;
const YEAR: i64 = 31_556_952;

/// The custom zones that an entry can name: its own, and behind them those of the group around it.
#[derive(Clone, Default)]
pub(super) struct Zones {
    own: Map<TimeZoneId, TimeZone>,
    outer: Rc<Map<TimeZoneId, TimeZone>>,
    /// Answers for zones of the group: its entries mostly share them.
    found: Rc<RefCell<Found>>,
}

type Found = Map<(TimeZoneId, Span), Option<TimeZoneId>>;

/// The first and the last second of a span of whole years.
type Span = (i64, i64);

impl Zones {
    pub(super) fn of_group(group: &Group) -> Self {
        let zones = group.legacy.as_ref().map(|legacy| legacy.time_zones.clone());
        Self { outer: Rc::new(zones.unwrap_or_default()), ..Self::default() }
    }

    /// The zones that `entry` sees: its own definitions come first (RFC 8984, section 4.7.2).
    pub(super) fn with<T: Timed>(&self, entry: &T) -> Self {
        let own = entry.common().legacy.as_ref().map(|legacy| legacy.time_zones.clone());
        Self { own: own.unwrap_or_default(), ..self.clone() }
    }

    /// Replaces custom zones by IANA zones that mean the same; where there is none, times become floating.
    pub(super) fn replace<T: Timed>(&self, entry: &mut T, report: &mut Report) {
        let span = span(entry);
        let common = entry.common_mut();
        self.replace_one(common.time_zone, span, "timeZone", report);
        self.replace_one(common.recurrence_id_time_zone, span, "recurrenceIdTimeZone", report);
        if let OwnMut { end_zone: Some(zone), .. } = entry.own_mut() {
            self.replace_one(zone, span, "endTimeZone", report);
        }
    }

    fn replace_one(
        &self,
        zone: &mut Option<TimeZoneId>,
        span: Span,
        name: &str,
        report: &mut Report,
    ) {
        let Some(custom) = zone.take_if(|zone| zone.is_custom()) else { return };
        *zone = self.iana(&custom, span);
        match zone {
            Some(zone) => {
                report.note("zone-replaced", name, format!("{zone} has the rules of {custom}"));
            }
            None => {
                let message = format!("no IANA time zone is known to be {custom}; the time floats");
                report.error("zone-lost", name, message);
            }
        }
    }

    fn iana(&self, custom: &TimeZoneId, span: Span) -> Option<TimeZoneId> {
        if let Some(zone) = self.own.get(custom) {
            return matching(custom, zone, span);
        }
        let Some(zone) = self.outer.get(custom) else { return custom.iana_ending() };
        let key = (custom.clone(), span);
        if let Some(found) = self.found.borrow().get(&key) {
            return found.clone();
        }
        let found = matching(custom, zone, span);
        self.found.borrow_mut().insert(key, found.clone());
        found
    }
}

/// The instants that an entry is about, roughly: local times are read as UTC, and years are filled up.
fn span<T: Timed>(entry: &T) -> Span {
    let common = entry.common();
    let Own { start, due, .. } = entry.own();
    let mut times: Vec<i64> = [start, due, *common.recurrence_id]
        .into_iter()
        .flatten()
        .chain(common.recurrence_overrides.keys().copied())
        .map(LocalDateTime::clock_seconds)
        .collect();
    let until = common.recurrence_rule.as_ref().map(|rule| rule.until);
    let first = times.iter().min().copied();
    match until {
        Some(Some(until)) => times.push(until.clock_seconds()),
        Some(None) => times.extend(first.map(|first| first + LONG)),
        None => {}
    }
    let (Some(first), Some(last)) = (first, times.iter().max()) else { return (0, LONG) };
    ((first - 1).div_euclid(YEAR) * YEAR, (last + 1).div_euclid(YEAR) * YEAR + YEAR)
}

/// The IANA zone with the same rules; the one that the custom name ends with if it is that.
fn matching(custom: &TimeZoneId, zone: &TimeZone, (from, to): Span) -> Option<TimeZoneId> {
    let custom_zone = zone.to_custom()?;
    let named = custom
        .iana_ending()
        .filter(|name| name.to_jiff().is_some_and(|zone| custom_zone.agrees_with(&zone, from, to)));
    named.or_else(|| custom_zone.matching_iana(from, to))
}
