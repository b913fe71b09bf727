//! The days that a rule takes.

use crate::date::civil::weekday_from_days;
use crate::recurrence::calendar::{Calendar, Month, Year};

/// The filters of a rule that are about days. Days are counted from 1 January 1970.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Days {
    pub(super) calendar: Calendar,
    pub(super) months: Option<Months>,
    pub(super) month_days: Option<FromBothEnds<u64>>,
    /// Sorted.
    pub(super) year_days: Option<Vec<i64>>,
    pub(super) weeks: Option<FromBothEnds<u64>>,
    pub(super) weekdays: Option<Weekdays>,
    /// Monday is 0.
    pub(super) week_start: u8,
    pub(super) skip: Skip,
}

/// Months by their numbers: bit 1 is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Months {
    pub(super) regular: u32,
    pub(super) leap: u32,
}

/// A set of numbers: bit 1 of the first part stands for 1, bit 1 of the second for -1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FromBothEnds<T> {
    pub(super) start: T,
    pub(super) end: T,
}

/// Days of the week, bit 0 being Monday.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Weekdays {
    /// Those that are taken wherever they are.
    pub(super) all: u8,
    /// Those that are taken at one place, with the place: 1 is the first, -1 the last; sorted.
    pub(super) nth: Vec<(i8, u8)>,
    /// Whether the places are within the year; otherwise within the month.
    pub(super) of_year: bool,
}

/// What becomes of days and leap months that do not exist (RFC 7529, section 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skip {
    Omit,
    Backward,
    Forward,
}

/// The days of a month that are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Taken {
    /// Bit 1 is the first.
    pub(super) days: u64,
    /// The last day of the month before, in place of one that does not exist.
    before: bool,
    /// The first day of the month after.
    after: bool,
}

impl Days {
    /// Whether every day is taken.
    pub(super) fn takes_all(&self) -> bool {
        self.takes_by_weekday() && self.weekdays.is_none()
    }

    /// Whether days are taken by their weekday alone, wherever they are.
    pub(super) fn takes_by_weekday(&self) -> bool {
        self.months.is_none()
            && self.month_days.is_none()
            && self.year_days.is_none()
            && self.weeks.is_none()
            && self.weekdays.as_ref().is_none_or(|weekdays| weekdays.nth.is_empty())
    }

    /// Whether the weekday of a day is taken, wherever it is.
    pub(super) fn takes_weekday(&self, day: i64) -> bool {
        self.weekdays.as_ref().is_none_or(|days| days.all >> weekday_from_days(day) & 1 == 1)
    }

    /// The weekdays that are taken, bit 0 being `first`.
    pub(super) fn weekdays_from(&self, first: u8) -> u8 {
        let all = self.weekdays.as_ref().map_or(0x7f, |weekdays| weekdays.all);
        (all >> first | all << (7 - first)) & 0x7f
    }

    /// How many days are taken in every month, where that is the same for all.
    pub(super) fn in_every_month(&self) -> Option<u64> {
        // The shortest month has 28 days.
        const ALWAYS: u64 = (1 << 29) - 1;
        let plain = self.calendar.is_gregorian()
            && self.year_days.is_none()
            && self.weeks.is_none()
            && self.weekdays.is_none();
        let listed = self.month_days.filter(|_| plain)?;
        let one_sided = listed.start == 0 || listed.end == 0;
        let always = (listed.start | listed.end) & !ALWAYS == 0;
        (one_sided && always).then(|| (listed.start | listed.end).count_ones().into())
    }

    /// The most days that a month can have, or more.
    pub(super) fn most_in_month(&self) -> u64 {
        let listed =
            self.month_days.map_or(31, |days| days.start.count_ones() + days.end.count_ones());
        let on_weekdays = self
            .weekdays
            .as_ref()
            .map_or(31, |weekdays| 5 * weekdays.all.count_ones() + weekdays.places());
        // `skip` can give one before and one after it.
        let moved = if self.skip == Skip::Omit { 0 } else { 2 };
        u64::from(listed.min(on_weekdays) + moved)
    }

    /// The most days that a year can have, or more.
    pub(super) fn most_in_year(&self) -> u64 {
        let months = self
            .months
            .map_or(13, |months| u64::from(months.regular.count_ones() + months.leap.count_ones()));
        months * self.most_in_month()
    }

    /// Appends the days of a year that are taken, in their order.
    pub(super) fn append_year(&self, number: i64, days: &mut Vec<i64>) {
        let year = self.calendar.year(number);
        if let (Calendar::Gregorian, Some(months)) = (&self.calendar, self.months) {
            let mut left = months.regular;
            while left != 0 {
                let index = number * 12 + i64::from(left.trailing_zeros()) - 1;
                self.append(&self.calendar.month(index), &year, days);
                left &= left - 1;
            }
            return;
        }
        for month in self.calendar.months(&year) {
            self.append(&month, &year, days);
        }
    }

    /// Appends the days of a month that are taken, in their order.
    pub(super) fn append_month(&self, month: &Month, days: &mut Vec<i64>) {
        self.append(month, &self.year_of(month), days);
    }

    /// The year of a month; without its days, if no filter is about them.
    pub(super) fn year_of(&self, month: &Month) -> Year {
        let nth_of_year =
            self.weekdays.as_ref().is_some_and(|days| days.of_year && !days.nth.is_empty());
        if self.calendar.is_gregorian()
            && self.year_days.is_none()
            && self.weeks.is_none()
            && !nth_of_year
        {
            return Year { number: month.year, first: month.first, length: 0, leap: 0 };
        }
        self.calendar.year(month.year)
    }

    fn append(&self, month: &Month, year: &Year, days: &mut Vec<i64>) {
        let taken = self.taken(month, year);
        if taken.before {
            days.push(month.first - 1);
        }
        let mut left = taken.days;
        while left != 0 {
            days.push(month.first - 1 + i64::from(left.trailing_zeros()));
            left &= left - 1;
        }
        if taken.after {
            days.push(month.end());
        }
    }

    /// The days of a month that are taken.
    pub(super) fn taken(&self, month: &Month, year: &Year) -> Taken {
        if !self.takes_month(month, year) {
            return Taken::default();
        }
        let mut taken = match self.month_days {
            None => Taken { days: all_of(month), ..Taken::default() },
            Some(listed) => self.month_days(listed, month),
        };
        if let Some(listed) = &self.year_days {
            let of_year = self.year_days(listed, month, year);
            let any_day = self.month_days.is_none();
            taken.days &= of_year.days;
            taken.before = of_year.before && (any_day || taken.before);
            taken.after = of_year.after && (any_day || taken.after);
        }
        if let Some(weeks) = self.weeks {
            taken.days &= self.weeks(weeks, taken.days, month, year);
            taken.before &= self.in_weeks(weeks, month.first - 1);
            taken.after &= self.in_weeks(weeks, month.end());
        }
        if let Some(weekdays) = &self.weekdays {
            taken.days &= weekdays.days(month, year);
            // The weekday is asked of the day that is taken in the end (RFC 7529, section 4.1).
            taken.before &= self.on_weekday(weekdays, month.first - 1);
            taken.after &= self.on_weekday(weekdays, month.end());
        }
        taken
    }

    fn takes_month(&self, month: &Month, year: &Year) -> bool {
        let Some(months) = self.months else { return true };
        let bit = 1u32 << month.number;
        if month.is_leap {
            return months.leap & bit != 0;
        }
        // A leap month that the year does not have.
        let missing = months.leap & !(1 << year.leap);
        months.regular & bit != 0
            || match self.skip {
                Skip::Omit => false,
                Skip::Backward => missing & bit != 0,
                Skip::Forward => missing << 1 & bit != 0,
            }
    }

    fn month_days(&self, listed: FromBothEnds<u64>, month: &Month) -> Taken {
        let length = u32::from(month.length);
        let from_end = (listed.end << (62 - length)).reverse_bits();
        let mut days = (listed.start | from_end) & all_of(month);
        let beyond_start = listed.start >> length >> 1 != 0;
        let beyond_end = listed.end >> length >> 1 != 0;
        let (mut before, mut after) = (false, false);
        match self.skip {
            Skip::Omit => {}
            Skip::Backward => {
                days |= u64::from(beyond_start) << length;
                before = beyond_end;
            }
            Skip::Forward => {
                days |= u64::from(beyond_end) << 1;
                after = beyond_start;
            }
        }
        Taken { days, before, after }
    }

    fn year_days(&self, listed: &[i64], month: &Month, year: &Year) -> Taken {
        let mut taken = Taken::default();
        let mut take = |day: i64| {
            if (month.first..month.end()).contains(&day) {
                taken.days |= 1 << (day - month.first + 1);
            }
        };
        let first = month.first - year.first + 1;
        let range = |from: i64| {
            let start = listed.partition_point(|number| *number < from);
            let end = listed.partition_point(|number| *number < from + i64::from(month.length));
            listed.get(start..end).unwrap_or_default()
        };
        range(first).iter().for_each(|number| take(year.first + number - 1));
        range(first - year.length - 1).iter().for_each(|number| take(year.end() + number));
        let beyond_start = listed.last().is_some_and(|last| *last > year.length);
        let beyond_end = listed.first().is_some_and(|first| *first < -year.length);
        match self.skip {
            Skip::Omit => {}
            Skip::Backward => {
                if beyond_start {
                    take(year.end() - 1);
                }
                taken.before = beyond_end && month.first == year.first;
            }
            Skip::Forward => {
                if beyond_end {
                    take(year.first);
                }
                taken.after = beyond_start && month.end() == year.end();
            }
        }
        taken
    }

    /// Those of `days` that are in one of the weeks.
    fn weeks(&self, listed: FromBothEnds<u64>, days: u64, month: &Month, year: &Year) -> u64 {
        let mut taken = 0;
        let mut left = days;
        while left != 0 {
            let number = left.trailing_zeros();
            let day = month.first - 1 + i64::from(number);
            // A week is taken as a whole.
            let weekday = (weekday_from_days(day) + 7 - self.week_start) % 7;
            let of_week = (1u64 << (number + 7 - u32::from(weekday))) - 1;
            if self.is_in(listed, day, year) {
                taken |= left & of_week;
            }
            left &= !of_week;
        }
        taken
    }

    fn in_weeks(&self, listed: FromBothEnds<u64>, day: i64) -> bool {
        let year = self.calendar.year(self.calendar.year_number(day));
        self.is_in(listed, day, &year)
    }

    fn is_in(&self, listed: FromBothEnds<u64>, day: i64, year: &Year) -> bool {
        let (from_start, from_end) = week_of_year(&self.calendar, day, year, self.week_start);
        listed.start >> from_start & 1 == 1 || listed.end >> from_end & 1 == 1
    }

    fn on_weekday(&self, weekdays: &Weekdays, day: i64) -> bool {
        let month = self.calendar.month_of(day);
        let year = self.calendar.year(month.year);
        weekdays.days(&month, &year) >> (day - month.first + 1) & 1 == 1
    }
}

impl Weekdays {
    /// How many are taken at one place.
    pub(super) fn places(&self) -> u32 {
        self.nth.iter().map(|(_, days)| days.count_ones()).sum()
    }

    /// The days of a month on these weekdays.
    fn days(&self, month: &Month, year: &Year) -> u64 {
        let first = weekday_from_days(month.first);
        let week = u64::from((self.all >> first | self.all << (7 - first)) & 0x7f);
        let weeks = week | week << 7 | week << 14 | week << 21 | week << 28;
        let mut days = weeks << 1;
        for (nth, weekdays) in &self.nth {
            let (first, end) =
                if self.of_year { (year.first, year.end()) } else { (month.first, month.end()) };
            let mut left = *weekdays;
            while left != 0 {
                let day = nth_weekday(*nth, left.trailing_zeros() as u8, first, end);
                if (month.first..month.end()).contains(&day) {
                    days |= 1 << (day - month.first + 1);
                }
                left &= left - 1;
            }
        }
        days & all_of(month)
    }
}

/// All days of a month; bit 1 is the first.
const fn all_of(month: &Month) -> u64 {
    ((1 << month.length) - 1) << 1
}

/// The day that is the nth such weekday from `first` on, or before `end`; it may be outside.
fn nth_weekday(nth: i8, weekday: u8, first: i64, end: i64) -> i64 {
    let ahead = |from: u8| i64::from((weekday + 7 - from) % 7);
    match nth > 0 {
        true => first + ahead(weekday_from_days(first)) + 7 * (i64::from(nth) - 1),
        false => end + ahead(weekday_from_days(end)) + 7 * i64::from(nth),
    }
}

/// The week of the year, counted from 1, and counted from 1 from the end. `year` is that of the day.
///
/// A week belongs to the year that has at least four of its days (ISO 8601), so the days at the
/// turn of the year can be in a week of the year before or after.
fn week_of_year(calendar: &Calendar, day: i64, year: &Year, week_start: u8) -> (i64, i64) {
    let first_of = |number| first_week(&calendar.year(number), week_start);
    let (mut first, mut end) = (first_week(year, week_start), first_of(year.number + 1));
    if day < first {
        (first, end) = (first_of(year.number - 1), first);
    } else if day >= end {
        (first, end) = (end, first_of(year.number + 2));
    }
    ((day - first) / 7 + 1, (end - 1 - day) / 7 + 1)
}

/// The day on which the first week of a year begins.
fn first_week(year: &Year, week_start: u8) -> i64 {
    // The week that has the fourth day of the year.
    let day = year.first + 3;
    day - i64::from((weekday_from_days(day) + 7 - week_start) % 7)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::civil::days_from_civil;

    #[test]
    fn weeks_are_those_of_iso_8601() {
        let calendar = Calendar::Gregorian;
        let mut date = jiff::civil::date(1999, 1, 1);
        while date.year() < 2030 {
            let day = days_from_civil(date.year().into(), date.month() as u8, date.day() as u8);
            let year = calendar.year(date.year().into());
            let (week, from_end) = week_of_year(&calendar, day, &year, 0);
            let iso = date.iso_week_date();
            assert_eq!(week, i64::from(iso.week()), "{date}");
            assert_eq!(week + from_end - 1, i64::from(iso.weeks_in_year()), "{date}");
            date = date.tomorrow().unwrap();
        }
    }

    #[test]
    fn weeks_can_begin_on_any_day() {
        // 2024-12-29 is a Sunday, and four days of its week are in 2025.
        let day = days_from_civil(2024, 12, 29);
        let year = Calendar::Gregorian.year(2024);
        assert_eq!(week_of_year(&Calendar::Gregorian, day, &year, 0), (52, 1));
        assert_eq!(week_of_year(&Calendar::Gregorian, day, &year, 6), (1, 53));
    }
}
