//! Custom time zones of 1.0 on the way to 2.0, which knows IANA names only.

use std::cell::RefCell;
use std::rc::Rc;

use crate::kind::{Own, OwnMut, Timed};
use crate::report::Report;
use crate::{
    CustomZone, Group, LocalDateTime, Map, NDay, Observance, RecurrenceRule, TimeZone, TimeZoneId,
    TimeZoneRule, UtcDateTime,
};

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
        let Some(zone) = self.outer.get(custom) else { return by_name(custom) };
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
    let custom_zone = CustomZone::new(observances(zone)?).ok()?;
    let named = by_name(custom)
        .filter(|name| name.to_jiff().is_some_and(|zone| custom_zone.agrees_with(&zone, from, to)));
    named.or_else(|| custom_zone.matching_iana(from, to))
}

/// `Europe/Berlin` for `/example.com/20260101/Europe/Berlin`, as some programs name their zones.
fn by_name(custom: &TimeZoneId) -> Option<TimeZoneId> {
    let name = custom.as_str();
    name.match_indices('/').find_map(|(at, _)| {
        name.get(at + 1..)?.parse::<TimeZoneId>().ok().filter(TimeZoneId::is_iana)
    })
}

fn observances(zone: &TimeZone) -> Option<Vec<Observance>> {
    let standard = zone.standard.iter().map(|rule| (rule, false));
    let daylight = zone.daylight.iter().map(|rule| (rule, true));
    standard.chain(daylight).map(|(rule, daylight)| observance(rule, daylight)).collect()
}

fn observance(rule: &TimeZoneRule, daylight: bool) -> Option<Observance> {
    let from = offset(rule.offset_from.as_deref()?)?;
    let mut observance = Observance::new(rule.start?, from, offset(rule.offset_to.as_deref()?)?);
    observance.daylight = daylight;
    observance.dates = rule.recurrence_overrides.keys().copied().collect();
    observance.rule = match rule.recurrence_rules.as_slice() {
        [] => None,
        [only] => Some(rule_text(only)?.parse().ok()?),
        _ => return None,
    };
    Some(observance)
}

/// Seconds of `+0100`, `-03:30`, `+012345`.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits.replace(':', "")),
        ("-", digits) => (-1, digits.replace(':', "")),
        _ => return None,
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<i32>().ok());
    Some(sign * (part(0)? * 3600 + part(2)? * 60 + part(4).unwrap_or(0)))
}

/// The rule in the form of RFC 5545, in which time zones have theirs; `None` if it has parts that none has.
fn rule_text(rule: &RecurrenceRule) -> Option<String> {
    use std::fmt::Write as _;

    let RecurrenceRule { frequency, interval, by_day, by_month, by_month_day, by_year_day, .. } =
        rule;
    let unusual = rule.rscale.is_some()
        || !(rule.by_week_no.is_empty() && rule.by_set_position.is_empty())
        || !rule.extra.is_empty();
    if unusual {
        return None;
    }
    let mut text = format!("FREQ={}", frequency.as_ref()?.as_str().to_ascii_uppercase());
    let mut part = |name: &str, values: Vec<String>| {
        if !values.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(text, ";{name}={}", values.join(","));
        }
    };
    part("INTERVAL", interval.iter().map(u64::to_string).collect());
    part("COUNT", rule.count.iter().map(u64::to_string).collect());
    part("UNTIL", rule.until.iter().map(|it| basic(UtcDateTime::from_utc_clock(*it))).collect());
    part("BYMONTH", by_month.clone());
    part("BYMONTHDAY", by_month_day.iter().map(i64::to_string).collect());
    part("BYYEARDAY", by_year_day.iter().map(i64::to_string).collect());
    part("BYDAY", by_day.iter().map(weekday).collect::<Option<_>>()?);
    part("BYHOUR", rule.by_hour.iter().map(u64::to_string).collect());
    part("BYMINUTE", rule.by_minute.iter().map(u64::to_string).collect());
    part("BYSECOND", rule.by_second.iter().map(u64::to_string).collect());
    Some(text)
}

fn weekday(day: &NDay) -> Option<String> {
    let nth = day.nth_of_period.map(|nth| nth.to_string()).unwrap_or_default();
    Some(format!("{nth}{}", day.day.as_ref()?.as_str().to_ascii_uppercase()))
}

/// The form of iCalendar: `20260301T090000Z`.
fn basic(instant: UtcDateTime) -> String {
    instant.truncated().to_string().replace(['-', ':'], "")
}
