//! A rule as sets of numbers, with what it leaves out taken from the start.

mod days;
mod period;
mod read;
mod times;
mod unit;

use crate::LocalDateTime;
use crate::date::civil::{DAY, days_from_civil};

use self::days::{Days, Skip, Weekdays};
pub(super) use self::period::Period;
use self::times::Times;
use self::unit::{Unit, week_first};
use super::calendar::Month;

/// One way to read a rule.
///
/// A period is a unit of the frequency, known by its number; consecutive ones have consecutive
/// numbers. A candidate is a moment that passes all filters of the rule but `bySetPosition`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pattern {
    unit: Unit,
    interval: i64,
    first_period: i64,
    /// The last one that can be written.
    last_period: i64,
    days: Days,
    times: Times,
    /// `bySetPosition`; sorted.
    positions: Vec<i64>,
    /// The time of day, if there is one alone; with periods of less than a day, the seconds from the beginning of each
    /// that has one. Follows from the rest.
    only_time: Option<i64>,
    /// Whether every period has candidates. Follows from the rest.
    is_dense: bool,
}

/// The days of the month that was looked at last.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    first: i64,
    end: i64,
    days: u64,
    /// The month that was gone through last, with its index.
    month: Option<(i64, Month)>,
}

/// The last day that can be written.
const LAST_DAY: i64 = days_from_civil(9999, 12, 31);

impl Pattern {
    /// The period to which the start belongs.
    pub(super) fn first_period(&self) -> i64 {
        self.first_period
    }

    /// The period of a moment, given in seconds from 1970 on. One of a day that does not exist, and was moved by
    /// `skip`, can be of the period before or after.
    pub(super) fn period(&self, at: i64) -> i64 {
        let (day, second) = (at.div_euclid(DAY), at.rem_euclid(DAY));
        self.unit.period(day, second, self.days.week_start, &self.days.calendar)
    }

    /// Whether `skip` can move a day out of its period.
    pub(super) fn can_move(&self) -> bool {
        self.days.skip != Skip::Omit
    }

    /// The next period that counts. `None` if there is no other that can be written.
    pub(super) fn next_period(&self, period: i64) -> Option<i64> {
        period.checked_add(self.interval).filter(|next| *next <= self.last_period)
    }

    /// The first period from `period` on that counts.
    pub(super) fn period_from(&self, period: i64) -> Option<i64> {
        let from_first = period.checked_sub(self.first_period)?;
        if from_first <= 0 {
            return Some(self.first_period);
        }
        let missing = (self.interval - from_first % self.interval) % self.interval;
        period.checked_add(missing).filter(|next| *next <= self.last_period)
    }

    /// A period that counts, and that nothing from `at` on is before.
    pub(super) fn period_near(&self, at: i64) -> Option<i64> {
        self.period_from(self.period(at) - i64::from(self.can_move()))
    }

    /// How many periods that count are from `from` on and before `to`; both count.
    pub(super) fn periods_between(&self, from: i64, to: i64) -> u64 {
        ((to - from) / self.interval).unsigned_abs()
    }

    /// The period that counts, so many after `period`, which counts.
    pub(super) fn nth_period_from(&self, period: i64, nth: u64) -> Option<i64> {
        let distance = i64::try_from(nth).ok()?.checked_mul(self.interval)?;
        period.checked_add(distance).filter(|next| *next <= self.last_period)
    }

    /// Forgets the periods after that of `at`.
    pub(super) fn end_with(&mut self, at: i64) {
        let last = self.period(at) + i64::from(self.can_move());
        self.last_period = self.last_period.min(last);
    }

    /// The first moment of a period, in seconds from 1970 on.
    pub(super) fn begin(&self, period: i64) -> i64 {
        match self.unit {
            Unit::Year => self.days.calendar.year(period).first * DAY,
            Unit::Month => self.days.calendar.month(period).first * DAY,
            Unit::Week => week_first(period, self.days.week_start) * DAY,
            _ => period * self.unit.seconds(),
        }
    }

    /// Whether a moment of a period that counts is an instance if it [passes](Self::passes).
    pub(super) fn is_decided_by_filters(&self) -> bool {
        self.positions.is_empty() && !self.can_move()
    }

    /// The first period from `period` on, which counts, that can have candidates: with frequencies of a week or less
    /// the days and times that the rule does not take are passed over. There can be a hundred thousand of them in a
    /// day.
    ///
    /// Every step is taken from `steps`; `None` also if these are used up.
    pub(super) fn useful_from(
        &self,
        mut period: i64,
        seen: &mut Seen,
        steps: &mut u32,
    ) -> Option<i64> {
        if self.is_dense {
            return Some(period);
        }
        loop {
            *steps = steps.checked_sub(1)?;
            let first = self.first_day(period);
            let day = self.next_day(first, seen, steps)?;
            let begin = self.unit.period(day, 0, self.days.week_start, &self.days.calendar);
            if begin > period {
                period = self.period_from(begin)?;
                continue;
            }
            if self.unit >= Unit::Day {
                return Some(period);
            }
            let per_day = self.unit.per_day();
            let second = period.rem_euclid(per_day) * self.unit.seconds();
            let useful = match self.times.next_from(second) {
                Some(second) => day * per_day + second / self.unit.seconds(),
                None => (day + 1) * per_day,
            };
            if useful == period {
                return Some(period);
            }
            period = self.period_from(useful)?;
        }
    }

    /// Appends the days of a period that have candidates, in their order.
    fn append_days(&self, period: i64, seen: &mut Seen, days: &mut Vec<i64>) {
        match self.unit {
            Unit::Year => self.days.append_year(period, days),
            Unit::Month => self.append_month(period, seen, days),
            Unit::Week => self.append_week(period, seen, days),
            _ => {
                let day = self.first_day(period);
                if self.takes_day(day, seen) {
                    days.push(day);
                }
            }
        }
        if self.can_move() {
            // A day that was moved can be one that is taken anyway.
            days.dedup();
        }
    }

    fn append_month(&self, index: i64, seen: &mut Seen, days: &mut Vec<i64>) {
        let month = match &seen.month {
            Some((last, month)) if last + 1 == index => self.days.calendar.month_after(month),
            _ => self.days.calendar.month(index),
        };
        seen.month = Some((index, month));
        self.days.append_month(&month, days);
    }

    fn append_week(&self, period: i64, seen: &mut Seen, days: &mut Vec<i64>) {
        let first = week_first(period, self.days.week_start);
        if !self.days.takes_by_weekday() {
            days.extend((first..first + 7).filter(|day| self.takes_day(*day, seen)));
            return;
        }
        let mut left = self.days.weekdays_from(self.days.week_start);
        while left != 0 {
            days.push(first + i64::from(left.trailing_zeros()));
            left &= left - 1;
        }
    }

    /// The times of day of a period, and the only one if there is known to be no other.
    fn times_in(&self, period: i64) -> (Times, Option<i64>) {
        let mut times = self.times;
        if self.unit >= Unit::Day {
            return (times, self.only_time);
        }
        let second = period.rem_euclid(self.unit.per_day()) * self.unit.seconds();
        if let Some(within) = self.only_time {
            // A period that is looked at has one.
            let only = second + within;
            return (Times::at(only), Some(only));
        }
        times.hours &= 1 << (second / 3_600);
        if self.unit <= Unit::Minute {
            times.minutes &= 1 << (second / 60 % 60);
        }
        if self.unit == Unit::Second {
            times.seconds &= 1 << (second % 60);
        }
        (times, None)
    }

    /// Whether `bySetPosition` chooses among the candidates.
    fn has_positions(&self) -> bool {
        !self.positions.is_empty()
    }

    /// Appends the places, counted from 0, that `bySetPosition` takes of so many candidates; in their order.
    fn append_ranks(&self, candidates: u64, ranks: &mut Vec<u64>) {
        let rank = |position: &i64| match *position > 0 {
            true => Some(position.unsigned_abs() - 1),
            false => candidates.checked_sub(position.unsigned_abs()),
        };
        ranks.extend(self.positions.iter().filter_map(rank).filter(|rank| *rank < candidates));
        ranks.sort_unstable();
        ranks.dedup();
    }

    /// How many instances every period has, where that is the same for all.
    pub(super) fn constant(&self) -> Option<u64> {
        let days = match self.unit {
            _ if self.days.takes_all() && self.unit <= Unit::Day => 1,
            Unit::Week if self.days.takes_by_weekday() => {
                self.days.weekdays.as_ref().map_or(7, |days| days.all.count_ones()).into()
            }
            Unit::Month if self.days.months.is_none() => self.days.in_every_month()?,
            _ => return None,
        };
        let all = Times::ALL;
        let times = match self.unit {
            Unit::Hour if self.times.hours == all.hours => self.times_in(0).0.len(),
            Unit::Minute if self.times.hours == all.hours && self.times.minutes == all.minutes => {
                self.times_in(0).0.len()
            }
            Unit::Second if self.times == all => 1,
            Unit::Hour | Unit::Minute | Unit::Second => return None,
            _ => self.times.len(),
        };
        let candidates = days * times;
        if !self.has_positions() {
            return Some(candidates);
        }
        let mut ranks = Vec::new();
        self.append_ranks(candidates, &mut ranks);
        Some(ranks.len() as u64)
    }

    /// The most instances that a period can have, or more.
    pub(super) fn most(&self) -> u64 {
        let days = match self.unit {
            Unit::Year => self.days.most_in_year(),
            Unit::Month => self.days.most_in_month(),
            Unit::Week => 7,
            _ => 1,
        };
        let candidates = days * self.times.len().min(self.unit.seconds().unsigned_abs());
        match self.has_positions() {
            true => candidates.min(self.positions.len() as u64),
            false => candidates,
        }
    }

    /// How much work a period is, compared with one of a plain rule: the lists of usual rules are short.
    pub(super) fn work(&self) -> u32 {
        const USUAL: u32 = 8;
        let year_days = self.days.year_days.as_ref().map_or(0, Vec::len) as u32;
        let places = self.days.weekdays.as_ref().map_or(0, Weekdays::places);
        // They are gone through for each month.
        let places = if self.unit == Unit::Year { places * 12 } else { places };
        let lists = self.positions.len() as u32 + year_days + places;
        let calendar = if self.days.calendar.is_gregorian() { 1 } else { 16 };
        calendar * (1 + lists / USUAL)
    }

    /// Whether the rule without `count` and `until` can give this moment by its filters alone.
    pub(super) fn passes(&self, at: i64, seen: &mut Seen) -> bool {
        self.times.takes(at.rem_euclid(DAY))
            && (self.can_move() || self.takes_day(at.div_euclid(DAY), seen))
    }

    /// The first day of a period.
    fn first_day(&self, period: i64) -> i64 {
        match self.unit {
            Unit::Week => week_first(period, self.days.week_start),
            _ => period.div_euclid(self.unit.per_day()),
        }
    }

    fn find_only_time(&self) -> Option<i64> {
        let mut within = self.times;
        if self.unit < Unit::Day {
            within.hours = 1;
        }
        if self.unit < Unit::Hour {
            within.minutes = 1;
        }
        if self.unit < Unit::Minute {
            within.seconds = 1;
        }
        within.only()
    }

    fn find_dense(&self) -> bool {
        let all = Times::ALL;
        let Times { hours, minutes, seconds } = self.times;
        let times = match self.unit {
            Unit::Hour => hours == all.hours,
            Unit::Minute => hours == all.hours && minutes == all.minutes,
            Unit::Second => hours == all.hours && minutes == all.minutes && seconds == all.seconds,
            _ => true,
        };
        let days = match self.unit {
            Unit::Year | Unit::Month => true,
            Unit::Week => self.days.takes_by_weekday(),
            _ => self.days.takes_all(),
        };
        days && times
    }

    fn takes_day(&self, day: i64, seen: &mut Seen) -> bool {
        if self.days.takes_by_weekday() {
            return self.days.takes_weekday(day);
        }
        if !(seen.first..seen.end).contains(&day) {
            self.look_at(day, seen);
        }
        seen.days >> (day - seen.first + 1) & 1 == 1
    }

    /// The first day from `day` on that is taken.
    fn next_day(&self, mut day: i64, seen: &mut Seen, steps: &mut u32) -> Option<i64> {
        if self.days.takes_all() {
            return Some(day);
        }
        while day <= LAST_DAY {
            if !(seen.first..seen.end).contains(&day) {
                *steps = steps.checked_sub(1)?;
                self.look_at(day, seen);
            }
            let left = seen.days >> (day - seen.first + 1);
            if left != 0 {
                return Some(day + i64::from(left.trailing_zeros()));
            }
            day = seen.end;
        }
        None
    }

    fn look_at(&self, day: i64, seen: &mut Seen) {
        let month = self.days.calendar.month_of(day);
        let days = self.days.taken(&month, &self.days.year_of(&month)).days;
        (seen.first, seen.end, seen.days) = (month.first, month.end(), days);
    }
}

fn day_of(at: LocalDateTime) -> i64 {
    days_from_civil(at.year().into(), at.month(), at.day())
}
