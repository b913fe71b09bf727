//! The calendars in which rules count: where their years and months begin.
//!
//! Days are counted from 1 January 1970 in all of them.

#[cfg(feature = "icu")]
mod other;

use crate::date::civil::{civil_from_days, days_from_civil, days_in_month, is_leap_year};

/// A calendar, by its CLDR name (RFC 7529, section 4.2).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Calendar {
    Gregorian,
    #[cfg(feature = "icu")]
    Other(other::Calendar),
}

/// A year of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Year {
    pub(super) number: i64,
    /// Its first day.
    pub(super) first: i64,
    /// How many days it has.
    pub(super) length: i64,
    /// The number of the month that a leap month follows in this year; 0 if there is none.
    pub(super) leap: u8,
}

/// A month of a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Month {
    pub(super) year: i64,
    /// From 1; a leap month has the number of the month before it.
    pub(super) number: u8,
    pub(super) is_leap: bool,
    /// Its first day.
    pub(super) first: i64,
    /// How many days it has, at most 32.
    pub(super) length: u8,
}

impl Year {
    /// The day after its last.
    pub(super) const fn end(&self) -> i64 {
        self.first + self.length
    }
}

impl Month {
    /// The day after its last.
    pub(super) const fn end(&self) -> i64 {
        self.first + self.length as i64
    }
}

impl Calendar {
    /// The calendar of this name, Gregorian without one. `None` if it is not known.
    pub(super) fn named(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::Gregorian),
            Some(name) if name.eq_ignore_ascii_case("gregorian") => Some(Self::Gregorian),
            #[cfg(feature = "icu")]
            Some(name) => other::Calendar::named(name).map(Self::Other),
            #[cfg(not(feature = "icu"))]
            Some(_) => None,
        }
    }

    pub(super) fn is_gregorian(&self) -> bool {
        *self == Self::Gregorian
    }

    /// The year of that number.
    pub(super) fn year(&self, number: i64) -> Year {
        match self {
            Self::Gregorian => Year {
                number,
                first: days_from_civil(number, 1, 1),
                length: if is_leap_year(number) { 366 } else { 365 },
                leap: 0,
            },
            #[cfg(feature = "icu")]
            Self::Other(calendar) => calendar.year(number),
        }
    }

    /// The number of the year that a day is in.
    pub(super) fn year_number(&self, day: i64) -> i64 {
        match self {
            Self::Gregorian => civil_from_days(day).0,
            #[cfg(feature = "icu")]
            Self::Other(calendar) => calendar.year_number(day),
        }
    }

    /// The month that a day is in.
    pub(super) fn month_of(&self, day: i64) -> Month {
        match self {
            Self::Gregorian => {
                let (year, number, _) = civil_from_days(day);
                gregorian_month(year, number)
            }
            #[cfg(feature = "icu")]
            Self::Other(calendar) => calendar.month_of(day),
        }
    }

    /// The month of that index. Consecutive months have consecutive indices.
    pub(super) fn month(&self, index: i64) -> Month {
        match self {
            Self::Gregorian => {
                gregorian_month(index.div_euclid(12), index.rem_euclid(12) as u8 + 1)
            }
            #[cfg(feature = "icu")]
            Self::Other(calendar) => calendar.month(index),
        }
    }

    /// The month after another one.
    pub(super) fn month_after(&self, month: &Month) -> Month {
        match self {
            Self::Gregorian => {
                let (year, number) = match month.number {
                    12 => (month.year + 1, 1),
                    number => (month.year, number + 1),
                };
                let length = days_in_month(year, number);
                Month { year, number, is_leap: false, first: month.end(), length }
            }
            #[cfg(feature = "icu")]
            Self::Other(calendar) => calendar.month_of(month.end()),
        }
    }

    /// The index of a month.
    pub(super) fn index(&self, month: &Month) -> i64 {
        match self {
            Self::Gregorian => month.year * 12 + i64::from(month.number) - 1,
            #[cfg(feature = "icu")]
            Self::Other(calendar) => calendar.index(month),
        }
    }

    /// The months of a year.
    pub(super) fn months(&self, year: &Year) -> impl Iterator<Item = Month> + use<'_> {
        let (mut day, end, number) = (year.first, year.end(), year.number);
        let mut gregorian = 0;
        std::iter::from_fn(move || {
            if day >= end {
                return None;
            }
            let month = match self {
                Self::Gregorian => {
                    gregorian += 1;
                    Month {
                        year: number,
                        number: gregorian,
                        is_leap: false,
                        first: day,
                        length: days_in_month(number, gregorian),
                    }
                }
                #[cfg(feature = "icu")]
                Self::Other(calendar) => calendar.month_of(day),
            };
            day = month.end();
            Some(month)
        })
    }
}

fn gregorian_month(year: i64, number: u8) -> Month {
    let first = days_from_civil(year, number, 1);
    Month { year, number, is_leap: false, first, length: days_in_month(year, number) }
}
