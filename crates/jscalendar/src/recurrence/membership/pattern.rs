//! A rule as sets of numbers, with what it leaves out taken from the start.

use json_model::Part as _;

use super::days::{Days, FromBothEnds, ORDINAL_ZERO, ORDINALS, Overflow, Weekdays};
use super::times::Times;
use super::unit::Unit;
use crate::date::civil::{DAY, days_from_civil, weekday_from_days};
use crate::{LocalDateTime, RecurrenceRule, Skip, Weekday};

/// More positions than a year has days are more than anybody means.
const MAX_POSITIONS: usize = 2 * 366;

/// One way to read a rule.
///
/// A period is a unit of the frequency, known by its number; consecutive ones have consecutive
/// numbers. A candidate is a moment that passes all filters of the rule but `bySetPosition`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    unit: Unit,
    interval: u64,
    first_period: i64,
    /// The last one that can be written.
    last_period: i64,
    days: Days,
    times: Times,
    /// `bySetPosition`; sorted.
    positions: Vec<i64>,
}

/// A candidate: its period, and how many there are before it in that period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) period: i64,
    pub(super) rank: u64,
}

impl Pattern {
    /// The ways in which the rule can be read, the one of the standard first. `None` if the rule is
    /// not valid, or not one of the Gregorian calendar.
    pub(super) fn readings(rule: &RecurrenceRule, start: LocalDateTime) -> Option<Vec<Self>> {
        let read = Self::new(rule, start)?;
        let mut standard = read.clone();
        standard.fill_by_standard(start);
        let mut custom = read;
        custom.fill_by_custom(start);
        let mut readings = vec![standard];
        if !readings.contains(&custom) {
            readings.push(custom);
        }
        readings.iter_mut().try_for_each(|reading| reading.settle_overflow(rule.skip.as_ref()))?;
        Some(readings)
    }

    /// The period to which the start belongs.
    pub(super) fn first_period(&self) -> i64 {
        self.first_period
    }

    /// The period of a candidate.
    pub(super) fn period(&self, at: LocalDateTime) -> i64 {
        let period = self.unit.period(day_of(at), second_of_day(at), self.days.week_start);
        // The first of a month stands for a day that the month before does not have.
        if self.is_shifted() && at.day() == 1 { period - 1 } else { period }
    }

    /// The next period that counts. `None` if there is no other that can be written.
    ///
    /// With frequencies of less than a day, periods of days, hours and minutes that the rule does
    /// not take are passed over: there can be a hundred thousand of them in a day.
    pub(super) fn next_period(&self, period: i64) -> Option<i64> {
        let interval = i64::try_from(self.interval).ok()?;
        let next = period.checked_add(interval).filter(|next| *next <= self.last_period)?;
        let Some(useless) = self.useless_from(next) else { return Some(next) };
        let missing = useless - next.rem_euclid(useless);
        let intervals = missing / interval + i64::from(missing % interval != 0);
        Some(next + intervals * interval).filter(|next| *next <= self.last_period)
    }

    /// How many periods the day, hour or minute has in which this period is, if the rule takes
    /// nothing of it.
    fn useless_from(&self, period: i64) -> Option<i64> {
        let per_day = self.unit.per_day()?;
        if !self.days.takes(period.div_euclid(per_day)) {
            return Some(per_day);
        }
        let second = period.rem_euclid(per_day) * (DAY / per_day);
        if self.times.hours >> (second / 3_600) & 1 == 0 {
            return Some(per_day / 24);
        }
        (self.times.minutes >> (second / 60 % 60) & 1 == 0 && self.unit == Unit::Second)
            .then_some(60)
    }

    /// How many days and positions have to be looked at in a period.
    pub(super) fn steps(&self) -> usize {
        let days = match self.unit {
            Unit::Year => 31 * self.days.months_of_year(),
            Unit::Month => 31,
            Unit::Week => 7,
            _ => 1,
        };
        days + self.positions.len()
    }

    /// How many periods so many instances take at least, and a period that the last of them is not before: as if every
    /// period, and every day, held as many as any can.
    pub(super) fn at_least(&self, count: u64) -> (u64, i64) {
        let times = self.times.len().max(1);
        let (most, days) = match self.unit.per_day() {
            None => ((self.steps() as u64).saturating_mul(times), 0),
            Some(per_day) => {
                let per_day = per_day.unsigned_abs();
                (
                    (DAY.unsigned_abs() / per_day).min(times),
                    (count / times).saturating_sub(1).saturating_mul(per_day),
                )
            }
        };
        let periods = count / most.max(1);
        let from_first = periods.saturating_mul(self.interval).max(days);
        let from_first = i64::try_from(from_first).unwrap_or(i64::MAX);
        (periods, self.first_period.saturating_add(from_first))
    }

    /// Whether the rule without `count` and `until` takes this moment, which is not before the start.
    pub(super) fn takes(&self, at: LocalDateTime) -> bool {
        if !self.times.takes(at) || !self.days.takes(day_of(at)) {
            return false;
        }
        let period = self.period(at);
        let from_first = period.checked_sub(self.first_period).and_then(|n| u64::try_from(n).ok());
        if from_first.is_none_or(|periods| periods % self.interval != 0) {
            return false;
        }
        self.positions.is_empty()
            || self.ranks(self.candidates(period)).binary_search(&self.place(at).rank).is_ok()
    }

    /// Where a candidate stands.
    pub(super) fn place(&self, at: LocalDateTime) -> Place {
        let period = self.period(at);
        let times = self.times_in(period);
        let day = day_of(at);
        let before = self.days_in(period).take_while(|other| *other < day).count() as u64;
        Place { period, rank: before * times.len() + times.before(at) }
    }

    /// How many candidates of the first period are not after the start.
    pub(super) fn candidates_up_to(&self, start: LocalDateTime) -> u64 {
        let times = self.times_in(self.first_period);
        let day = day_of(start);
        let up_to = |other: i64| match other == day {
            true => times.before(start) + u64::from(times.takes(start)),
            false => times.len(),
        };
        self.days_in(self.first_period).take_while(|other| *other <= day).map(up_to).sum()
    }

    /// How many candidates of a period the rule takes, not counting the first `passed` ones, and
    /// the rank of the `nth` (counted from 1) of them.
    pub(super) fn taken(&self, period: i64, passed: u64, nth: u64) -> (u64, Option<u64>) {
        let candidates = self.candidates(period);
        if self.positions.is_empty() {
            let taken = candidates.saturating_sub(passed);
            return (taken, (nth <= taken).then(|| passed + nth - 1));
        }
        let mut ranks = self.ranks(candidates);
        ranks.retain(|rank| *rank >= passed);
        let index = usize::try_from(nth - 1).ok();
        (ranks.len() as u64, index.and_then(|index| ranks.get(index)).copied())
    }

    /// The ranks that `bySetPosition` takes of so many candidates; sorted.
    fn ranks(&self, candidates: u64) -> Vec<u64> {
        let rank = |position: &i64| match *position > 0 {
            true => Some(position.unsigned_abs() - 1),
            false => candidates.checked_sub(position.unsigned_abs()),
        };
        let mut ranks: Vec<u64> =
            self.positions.iter().filter_map(rank).filter(|rank| *rank < candidates).collect();
        ranks.sort_unstable();
        ranks.dedup();
        ranks
    }

    fn candidates(&self, period: i64) -> u64 {
        let times = self.times_in(period).len();
        if times == 0 { 0 } else { self.days_in(period).count() as u64 * times }
    }

    fn days_in(&self, period: i64) -> impl Iterator<Item = i64> + '_ {
        let shift = i64::from(self.is_shifted());
        let span = self.unit.days(period, self.days.week_start);
        self.days.between(span.start() + shift, span.end() + shift)
    }

    fn times_in(&self, period: i64) -> Times {
        let mut times = self.times;
        let Some(per_day) = self.unit.per_day() else { return times };
        let second = period.rem_euclid(per_day) * (DAY / per_day);
        times.hours &= 1 << (second / 3_600);
        if self.unit <= Unit::Minute {
            times.minutes &= 1 << (second / 60 % 60);
        }
        if self.unit == Unit::Second {
            times.seconds &= 1 << (second % 60);
        }
        times
    }

    /// Whether the days of a month go from the second to the first of the next month.
    ///
    /// That is so where days a month does not have become the first of the next one: it belongs to
    /// the month that lacks the day. `settle_overflow` makes sure that nothing else takes it.
    fn is_shifted(&self) -> bool {
        self.unit == Unit::Month && self.days.overflow == Overflow::Forward
    }
}

/// Reading a rule.
impl Pattern {
    /// The rule as it is written.
    fn new(rule: &RecurrenceRule, start: LocalDateTime) -> Option<Self> {
        let unit = Unit::new(rule.frequency.as_ref()?)?;
        let interval = rule.interval.unwrap_or(1);
        let ends = rule.count != Some(0) && (rule.count.is_none() || rule.until.is_none());
        let is_gregorian =
            rule.rscale.as_ref().is_none_or(|name| name.eq_ignore_ascii_case("gregorian"));
        // A member that could not be read is kept among the unknown ones.
        let is_read = !rule.extra.keys().any(|name| rule.knows(name) && !rule.is_set(name));
        if interval == 0 || !ends || !is_gregorian || !is_read {
            return None;
        }
        let week_start = rule.first_day_of_week.as_ref().map_or(Some(0), weekday_index)?;
        let days = Days {
            months: months(&rule.by_month)?,
            month_days: from_both_ends(&rule.by_month_day, 31)?
                .map(|days| FromBothEnds { start: days.start as u32, end: days.end as u32 }),
            year_days: sorted(&rule.by_year_day, 366)?,
            weeks: from_both_ends(&rule.by_week_no, 53)?,
            weekdays: weekdays(rule, unit)?,
            week_start,
            overflow: Overflow::Omit,
        };
        let positions = sorted(&rule.by_set_position, i64::MAX)?.unwrap_or_default();
        if positions.len() > MAX_POSITIONS {
            return None;
        }
        Some(Self {
            unit,
            interval,
            last_period: unit.period(days_from_civil(9999, 12, 31), DAY - 1, week_start),
            first_period: unit.period(day_of(start), second_of_day(start), week_start),
            days,
            times: times(rule, unit, start)?,
            positions,
        })
    }

    /// Takes from the start what RFC 8984, section 4.3.3, takes from it.
    fn fill_by_standard(&mut self, start: LocalDateTime) {
        let Days { months, month_days, year_days, weeks, weekdays, .. } = &mut self.days;
        let no_day = month_days.is_none() && weekdays.is_none();
        match self.unit {
            Unit::Week if weekdays.is_none() => *weekdays = Some(weekday_of(start)),
            Unit::Month if no_day => *month_days = Some(day_of_month(start)),
            Unit::Year if year_days.is_none() => {
                if months.is_none()
                    && weeks.is_none()
                    && (month_days.is_some() || weekdays.is_none())
                {
                    *months = Some(1 << start.month());
                }
                if no_day && weeks.is_none() {
                    *month_days = Some(day_of_month(start));
                } else if no_day {
                    *weekdays = Some(weekday_of(start));
                }
            }
            _ => {}
        }
    }

    /// Takes from the start what most readers of `RRULE` take from it: a day only if the rule says
    /// nothing at all of days, and a month only together with the day.
    fn fill_by_custom(&mut self, start: LocalDateTime) {
        let Days { months, month_days, year_days, weeks, weekdays, .. } = &mut self.days;
        if month_days.is_some() || year_days.is_some() || weeks.is_some() || weekdays.is_some() {
            return;
        }
        match self.unit {
            Unit::Week => *weekdays = Some(weekday_of(start)),
            Unit::Month => *month_days = Some(day_of_month(start)),
            Unit::Year => {
                months.get_or_insert(1 << start.month());
                *month_days = Some(day_of_month(start));
            }
            _ => {}
        }
    }

    /// Says what becomes of days that do not exist, if any can come up. `None` where the standards
    /// differ or do not say: for days of the year, for days counted from the end, and together with
    /// weeks or weekdays.
    fn settle_overflow(&mut self, skip: Option<&Skip>) -> Option<()> {
        let overflow = match skip {
            None | Some(Skip::Omit) => return Some(()),
            Some(Skip::Backward) => Overflow::Backward,
            Some(Skip::Forward) => Overflow::Forward,
            Some(_) => return None,
        };
        let always_there = (1 << 29) - 1;
        let Days { month_days, year_days, weeks, weekdays, .. } = &self.days;
        let listed = month_days.unwrap_or_default();
        let is_odd = |days: &Vec<i64>| days.iter().any(|day| day.abs() == 366);
        let can_miss =
            (listed.start | listed.end) > always_there || year_days.as_ref().is_some_and(is_odd);
        if self.unit < Unit::Month || !can_miss {
            return Some(());
        }
        let is_plain = year_days.is_none() && weeks.is_none() && weekdays.is_none();
        if !is_plain || listed.end > always_there {
            return None;
        }
        // Otherwise the first of a month could be a candidate of two periods.
        let takes_first = listed.start & 2 != 0 || listed.end != 0;
        if self.unit == Unit::Month && overflow == Overflow::Forward && takes_first {
            return None;
        }
        self.days.overflow = overflow;
        Some(())
    }
}

fn day_of(at: LocalDateTime) -> i64 {
    days_from_civil(at.year().into(), at.month(), at.day())
}

fn second_of_day(at: LocalDateTime) -> i64 {
    at.clock_seconds() - day_of(at) * DAY
}

fn day_of_month(at: LocalDateTime) -> FromBothEnds<u32> {
    FromBothEnds { start: 1 << at.day(), end: 0 }
}

fn weekday_of(at: LocalDateTime) -> Weekdays {
    Weekdays { all: 1 << weekday_from_days(day_of(at)), nth: None, of_year: false }
}

// The lists: `None` if one is not valid, `Some(None)` if it is not there.

fn months(texts: &[String]) -> Option<Option<u16>> {
    let mut months = 0;
    for text in texts {
        // A leap month, such as "5L", does not occur in the Gregorian calendar.
        let month: u8 = text.parse().ok().filter(|_| !text.starts_with(['+', '0']))?;
        months |= (1..=12).contains(&month).then_some(1 << month)?;
    }
    Some((!texts.is_empty()).then_some(months))
}

fn from_both_ends(numbers: &[i64], max: i64) -> Option<Option<FromBothEnds<u64>>> {
    let mut set = FromBothEnds::default();
    for number in numbers {
        match number {
            _ if !is_position(*number, max) => return None,
            1.. => set.start |= 1 << number,
            _ => set.end |= 1 << -number,
        }
    }
    Some((!numbers.is_empty()).then_some(set))
}

fn sorted(numbers: &[i64], max: i64) -> Option<Option<Vec<i64>>> {
    if !numbers.iter().all(|number| is_position(*number, max)) {
        return None;
    }
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    Some((!numbers.is_empty()).then_some(numbers))
}

fn is_position(number: i64, max: i64) -> bool {
    number != 0 && number >= -max && number <= max
}

fn weekdays(rule: &RecurrenceRule, unit: Unit) -> Option<Option<Weekdays>> {
    let mut weekdays =
        Weekdays { all: 0, nth: None, of_year: unit == Unit::Year && rule.by_month.is_empty() };
    for day in &rule.by_day {
        if day.extra.keys().any(|name| day.knows(name) && !day.is_set(name)) {
            return None;
        }
        let weekday = 1 << weekday_index(day.day.as_ref()?)?;
        let Some(ordinal) = day.nth_of_period else {
            weekdays.all |= weekday;
            continue;
        };
        // RFC 5545, section 3.3.10, forbids ordinals in other units and together with weeks.
        if unit < Unit::Month || !rule.by_week_no.is_empty() || !is_position(ordinal, ORDINAL_ZERO)
        {
            return None;
        }
        let nth = weekdays.nth.get_or_insert_with(|| Box::new([0; ORDINALS]));
        *nth.get_mut(usize::try_from(ordinal + ORDINAL_ZERO).ok()?)? |= weekday;
    }
    Some((!rule.by_day.is_empty()).then_some(weekdays))
}

fn weekday_index(weekday: &Weekday) -> Option<u8> {
    match weekday {
        Weekday::Monday => Some(0),
        Weekday::Tuesday => Some(1),
        Weekday::Wednesday => Some(2),
        Weekday::Thursday => Some(3),
        Weekday::Friday => Some(4),
        Weekday::Saturday => Some(5),
        Weekday::Sunday => Some(6),
        _ => None,
    }
}

/// A part of the time of day that the rule leaves out is that of the start, unless the frequency is
/// that part or a shorter one: then the rule takes all of them.
fn times(rule: &RecurrenceRule, unit: Unit, start: LocalDateTime) -> Option<Times> {
    let set = |numbers: &[u64], max: u64, of_start: u8, all: u64, part: Unit| {
        if !numbers.is_empty() {
            let valid = numbers.iter().all(|number| *number <= max);
            return valid.then(|| numbers.iter().fold(0, |set, number| set | 1 << number));
        }
        Some(if unit > part { 1 << of_start } else { all })
    };
    let all = Times::ALL;
    // No clock shows the second 60, so it is allowed and never comes.
    Some(Times {
        hours: set(&rule.by_hour, 23, start.hour(), all.hours.into(), Unit::Hour)? as u32,
        minutes: set(&rule.by_minute, 59, start.minute(), all.minutes, Unit::Minute)?,
        seconds: set(&rule.by_second, 60, start.second(), all.seconds, Unit::Second)? & all.seconds,
    })
}
