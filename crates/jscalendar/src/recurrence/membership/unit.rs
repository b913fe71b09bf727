//! The periods of a frequency.

use std::ops::RangeInclusive;

use crate::Frequency;
use crate::date::civil::{DAY, civil_from_days, days_from_civil, days_in_month, weekday_from_days};

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
    pub(super) fn period(self, day: i64, second_of_day: i64, week_start: u8) -> i64 {
        if let Some(per_day) = self.per_day() {
            return day * per_day + second_of_day / (DAY / per_day);
        }
        let (year, month, _) = civil_from_days(day);
        match self {
            Self::Year => year,
            Self::Month => year * 12 + i64::from(month) - 1,
            Self::Week => (day - first_week_start(week_start)).div_euclid(7),
            _ => day,
        }
    }

    /// The days of a period; the day to which it belongs if it is shorter.
    pub(super) fn days(self, period: i64, week_start: u8) -> RangeInclusive<i64> {
        match self {
            Self::Year => days_from_civil(period, 1, 1)..=days_from_civil(period, 12, 31),
            Self::Month => {
                let (year, month) = (period.div_euclid(12), period.rem_euclid(12) as u8 + 1);
                let first = days_from_civil(year, month, 1);
                first..=first + i64::from(days_in_month(year, month)) - 1
            }
            Self::Week => {
                let first = first_week_start(week_start) + period * 7;
                first..=first + 6
            }
            _ => {
                let day = period.div_euclid(self.per_day().unwrap_or(1));
                day..=day
            }
        }
    }

    /// How many periods a day has, if they are shorter than a day.
    pub(super) fn per_day(self) -> Option<i64> {
        match self {
            Self::Hour => Some(24),
            Self::Minute => Some(24 * 60),
            Self::Second => Some(DAY),
            _ => None,
        }
    }
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
        for day in (-719_528..2_932_897).step_by(97) {
            for unit in [
                Unit::Second,
                Unit::Minute,
                Unit::Hour,
                Unit::Day,
                Unit::Week,
                Unit::Month,
                Unit::Year,
            ] {
                for week_start in 0..7 {
                    let period = unit.period(day, 12_345, week_start);
                    let days = unit.days(period, week_start);
                    assert!(days.contains(&day), "{unit:?} {day} {week_start}");
                    let of = |day| unit.period(day, 12_345, week_start);
                    if unit > Unit::Day {
                        assert_eq!((of(*days.start()), of(*days.end())), (period, period));
                        assert_eq!(of(days.end() + 1), period + 1);
                    }
                    if unit == Unit::Week {
                        assert_eq!(weekday_from_days(*days.start()), week_start);
                    }
                }
            }
        }
    }
}
