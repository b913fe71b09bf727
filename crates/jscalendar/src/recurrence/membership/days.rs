//! The days that a rule takes.

use crate::date::civil::{
    civil_from_days, days_from_civil, days_in_month, is_leap_year, weekday_from_days,
};

/// The filters of a rule that are about days. Days are counted from 1 January 1970.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Days {
    /// Bit 1 is January.
    pub(super) months: Option<u16>,
    pub(super) month_days: Option<FromBothEnds<u32>>,
    /// Sorted.
    pub(super) year_days: Option<Vec<i64>>,
    pub(super) weeks: Option<FromBothEnds<u64>>,
    pub(super) weekdays: Option<Weekdays>,
    /// Monday is 0.
    pub(super) week_start: u8,
    pub(super) overflow: Overflow,
}

/// A set of numbers: bit 1 of the first part stands for 1, bit 1 of the second for -1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FromBothEnds<T> {
    pub(super) start: T,
    pub(super) end: T,
}

/// Days of the week, bit 0 being Monday.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Weekdays {
    /// Those that are taken wherever they are.
    pub(super) all: u8,
    /// For each ordinal from -53 to 53 those that are taken there.
    pub(super) nth: Option<Box<[u8; ORDINALS]>>,
    /// Whether the ordinals are within the year; otherwise within the month.
    pub(super) of_year: bool,
}

/// The number of ordinals from -53 to 53.
pub(super) const ORDINALS: usize = 107;

/// Where the ordinal 0 would be.
pub(super) const ORDINAL_ZERO: i64 = 53;

/// What becomes of a day that its month does not have (RFC 7529, section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overflow {
    Omit,
    Backward,
    Forward,
}

/// A day with its place in the calendar.
#[derive(Clone, Copy, Debug)]
struct Date {
    number: i64,
    year: i64,
    month: u8,
    day: u8,
}

impl Days {
    pub(super) fn takes(&self, number: i64) -> bool {
        self.takes_date(Date::new(number))
    }

    /// Those that are taken from `first` to `last`.
    pub(super) fn between(&self, first: i64, last: i64) -> impl Iterator<Item = i64> + '_ {
        let mut date = Date::new(first);
        std::iter::from_fn(move || {
            while date.number <= last {
                if !self.may_take_of(date.month) {
                    date = date.first_of_next_month();
                    continue;
                }
                let this = date;
                date = date.next();
                if self.takes_date(this) {
                    return Some(this.number);
                }
            }
            None
        })
    }

    /// In how many months of a year there may be days that are taken.
    pub(super) fn months_of_year(&self) -> usize {
        (1..=12).filter(|month| self.may_take_of(*month)).count()
    }

    fn takes_date(&self, date: Date) -> bool {
        if !self.takes_day_of_month(date) {
            return false;
        }
        let weekday = 1u8 << weekday_from_days(date.number);
        let is_other =
            |weekdays: &Weekdays| weekdays.all & weekday == 0 && !weekdays.takes_nth(date, weekday);
        if self.weekdays.as_ref().is_some_and(is_other) {
            return false;
        }
        if let Some(year_days) = &self.year_days {
            let (from_start, from_end) = date.of_year();
            if year_days.binary_search(&from_start).is_err()
                && year_days.binary_search(&from_end).is_err()
            {
                return false;
            }
        }
        self.weeks.is_none_or(|weeks| {
            let (from_start, from_end) = week_of_year(date.number, date.year, self.week_start);
            weeks.start >> from_start & 1 == 1 || weeks.end >> from_end & 1 == 1
        })
    }

    fn takes_day_of_month(&self, date: Date) -> bool {
        let Date { day, month, .. } = date;
        let Some(days) = self.month_days else { return self.takes_month(month) };
        let length = date.length_of_month();
        let is_listed = days.start >> day & 1 == 1 || days.end >> (length + 1 - day) & 1 == 1;
        if is_listed && self.takes_month(month) {
            return true;
        }
        let is_too_short = |length: u8| days.start >> length >> 1 != 0;
        match self.overflow {
            Overflow::Omit => false,
            Overflow::Backward => day == length && is_too_short(length) && self.takes_month(month),
            // December, the month before January, has all days.
            Overflow::Forward => {
                day == 1
                    && month > 1
                    && is_too_short(days_in_month(date.year, month - 1))
                    && self.takes_month(month - 1)
            }
        }
    }

    fn takes_month(&self, month: u8) -> bool {
        self.months.is_none_or(|months| months >> month & 1 == 1)
    }

    fn may_take_of(&self, month: u8) -> bool {
        self.takes_month(month)
            || self.overflow == Overflow::Forward && month > 1 && self.takes_month(month - 1)
    }
}

impl Weekdays {
    fn takes_nth(&self, date: Date, weekday: u8) -> bool {
        let Some(nth) = &self.nth else { return false };
        let (from_start, from_end) = if self.of_year { date.of_year() } else { date.of_month() };
        [(from_start + 6) / 7, (from_end - 6) / 7].iter().any(|ordinal| {
            usize::try_from(ordinal + ORDINAL_ZERO)
                .ok()
                .and_then(|index| nth.get(index))
                .is_some_and(|weekdays| weekdays & weekday != 0)
        })
    }
}

impl Date {
    fn new(number: i64) -> Self {
        let (year, month, day) = civil_from_days(number);
        Self { number, year, month, day }
    }

    fn next(self) -> Self {
        if self.day == self.length_of_month() {
            return self.first_of_next_month();
        }
        Self { number: self.number + 1, day: self.day + 1, ..self }
    }

    fn first_of_next_month(self) -> Self {
        let number = self.number + i64::from(self.length_of_month() - self.day) + 1;
        match self.month {
            12 => Self { number, year: self.year + 1, month: 1, day: 1 },
            _ => Self { number, month: self.month + 1, day: 1, ..self },
        }
    }

    fn length_of_month(self) -> u8 {
        days_in_month(self.year, self.month)
    }

    /// The day of the month, counted from 1 and, from the end, from -1.
    fn of_month(self) -> (i64, i64) {
        let from_start = i64::from(self.day);
        (from_start, from_start - i64::from(self.length_of_month()) - 1)
    }

    /// The day of the year, counted from 1 and, from the end, from -1.
    fn of_year(self) -> (i64, i64) {
        let length = if is_leap_year(self.year) { 366 } else { 365 };
        let from_start = self.number - days_from_civil(self.year, 1, 1) + 1;
        (from_start, from_start - length - 1)
    }
}

/// The week of the year, counted from 1, and counted from 1 from the end.
///
/// A week belongs to the year that has at least four of its days (ISO 8601), so the days at the
/// turn of the year can be in a week of the year before or after.
fn week_of_year(number: i64, year: i64, week_start: u8) -> (i64, i64) {
    let this = first_week(year, week_start);
    let next = first_week(year + 1, week_start);
    let (first, end) = match number {
        _ if number < this => (first_week(year - 1, week_start), this),
        _ if number >= next => (next, first_week(year + 2, week_start)),
        _ => (this, next),
    };
    ((number - first) / 7 + 1, (end - 1 - number) / 7 + 1)
}

/// The day on which the first week of a year begins.
fn first_week(year: i64, week_start: u8) -> i64 {
    // The week that has 4 January.
    let day = days_from_civil(year, 1, 4);
    day - i64::from((weekday_from_days(day) + 7 - week_start) % 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_those_of_iso_8601() {
        let mut date = jiff::civil::date(1999, 1, 1);
        while date.year() < 2030 {
            let number = days_from_civil(date.year().into(), date.month() as u8, date.day() as u8);
            let (week, from_end) = week_of_year(number, date.year().into(), 0);
            let iso = date.iso_week_date();
            assert_eq!(week, i64::from(iso.week()), "{date}");
            assert_eq!(week + from_end - 1, i64::from(iso.weeks_in_year()), "{date}");
            date = date.tomorrow().unwrap();
        }
    }

    #[test]
    fn weeks_can_begin_on_any_day() {
        // 2024-12-29 is a Sunday, and four days of its week are in 2025.
        let number = days_from_civil(2024, 12, 29);
        assert_eq!(week_of_year(number, 2024, 0), (52, 1));
        assert_eq!(week_of_year(number, 2024, 6), (1, 53));
    }
}
