//! The periods of a frequency.

use crate::Frequency;
use crate::date::civil::{DAY, weekday_from_days};
use crate::recurrence::calendar::Calendar;

/// The frequency, from short to long.
///
/// A period is a unit of the frequency, known by its number; consecutive ones have consecutive
/// numbers. Days are counted from 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    pub(super) fn new(frequency: &Frequency) -> Option<Self> {
        match frequency {
            Frequency::Yearly => Some(Self::Year),
            Frequency::Monthly => Some(Self::Month),
            Frequency::Weekly => Some(Self::Week),
            Frequency::Daily => Some(Self::Day),
            Frequency::Hourly => Some(Self::Hour),
            Frequency::Minutely => Some(Self::Minute),
            Frequency::Secondly => Some(Self::Second),
            _ => None,
        }
    }

    /// The period of a moment.
    pub(super) fn period(self, day: i64, second: i64, week_start: u8, calendar: &Calendar) -> i64 {
        match self {
            Self::Year => calendar.year_number(day),
            Self::Month => calendar.index(&calendar.month_of(day)),
            Self::Week => (day - first_week_start(week_start)).div_euclid(7),
            _ => day * self.per_day() + second / self.seconds(),
        }
    }

    /// How many periods a day has; 1 if they are not shorter than a day.
    pub(super) fn per_day(self) -> i64 {
        DAY / self.seconds()
    }

    /// How long a period is, in seconds; that of a day if they are not shorter.
    pub(super) fn seconds(self) -> i64 {
        match self {
            Self::Second => 1,
            Self::Minute => 60,
            Self::Hour => 3_600,
            _ => DAY,
        }
    }
}

/// The first day of a week of that number.
pub(super) fn week_first(period: i64, week_start: u8) -> i64 {
    first_week_start(week_start) + period * 7
}

/// The first such day of the week from 1970 on; Monday is 0.
fn first_week_start(week_start: u8) -> i64 {
    i64::from((week_start + 7 - weekday_from_days(0)) % 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_in_its_period() {
        let calendar = Calendar::Gregorian;
        for day in (-719_528..2_932_897).step_by(97) {
            for week_start in 0..7 {
                let week = Unit::Week.period(day, 0, week_start, &calendar);
                let first = week_first(week, week_start);
                assert!((first..first + 7).contains(&day), "{day} {week_start}");
                assert_eq!(weekday_from_days(first), week_start);
            }
            let year = calendar.year(Unit::Year.period(day, 0, 0, &calendar));
            assert!((year.first..year.end()).contains(&day), "{day}");
            let index = Unit::Month.period(day, 0, 0, &calendar);
            let month = calendar.month(index);
            assert!((month.first..month.end()).contains(&day), "{day}");
            assert_eq!(Unit::Month.period(month.end(), 0, 0, &calendar), index + 1);
            assert_eq!(Unit::Minute.period(day, 12_345, 0, &calendar), day * 1_440 + 205);
        }
    }
}
