//! The calendars of ICU4X.

use std::fmt;

use icu_calendar::types::RataDie;
use icu_calendar::{AnyCalendar, AnyCalendarKind, Date, Ref};

use super::{Month, Year};

/// 1 January 1970, counted from 1 January of the year 1.
const EPOCH: i64 = 719_163;

/// The mean length of a lunar month, in days.
const LUNATION: f64 = 29.530_588_85;

/// A calendar that is not the Gregorian.
#[derive(Clone)]
pub(crate) struct Calendar {
    calendar: AnyCalendar,
    months: Months,
}

/// How months are counted through the years.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Months {
    /// So many in every year.
    Fixed(i64),
    /// They follow the moon: counted by its phases, from a day in the middle of one.
    Lunar { middle: f64 },
}

impl Calendar {
    /// The calendar that CLDR calls so, in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        use AnyCalendarKind as Kind;
        let (kind, months) = match name.to_ascii_lowercase().as_str() {
            "buddhist" => (Kind::Buddhist, Some(12)),
            "chinese" => (Kind::Chinese, None),
            "coptic" => (Kind::Coptic, Some(13)),
            "dangi" => (Kind::Dangi, None),
            "ethiopic" => (Kind::Ethiopian, Some(13)),
            "ethiopic-amete-alem" | "ethioaa" => (Kind::EthiopianAmeteAlem, Some(13)),
            "hebrew" => (Kind::Hebrew, None),
            "indian" => (Kind::Indian, Some(12)),
            "islamic" | "islamic-rgsa" => (Kind::HijriSimulatedMecca, None),
            "islamic-civil" | "islamicc" => (Kind::HijriTabularTypeIIFriday, None),
            "islamic-tbla" => (Kind::HijriTabularTypeIIThursday, None),
            "islamic-umalqura" => (Kind::HijriUmmAlQura, None),
            "iso8601" => (Kind::Iso, Some(12)),
            "japanese" => (Kind::Japanese, Some(12)),
            "persian" => (Kind::Persian, Some(12)),
            "roc" => (Kind::Roc, Some(12)),
            _ => return None,
        };
        let calendar = AnyCalendar::new(kind);
        let months = months.map_or_else(|| Months::lunar(&calendar), Months::Fixed);
        Some(Self { calendar, months })
    }

    pub(crate) fn year(&self, number: i64) -> Year {
        let first = self.first_day(number);
        let date = self.date(first);
        let is_long = matches!(self.months, Months::Lunar { .. }) && date.months_in_year() > 12;
        let mut year = Year { number, first, length: date.days_in_year().into(), leap: 0 };
        if is_long {
            year.leap = self.leap(&year);
        }
        year
    }

    pub(crate) fn year_number(&self, day: i64) -> i64 {
        self.date(day).year().extended_year().into()
    }

    pub(crate) fn month_of(&self, day: i64) -> Month {
        let date = self.date(day);
        let month = date.month();
        Month {
            year: date.year().extended_year().into(),
            number: month.number(),
            is_leap: month.to_input().is_leap(),
            first: day - i64::from(date.day_of_month().0) + 1,
            length: date.days_in_month(),
        }
    }

    pub(crate) fn month(&self, index: i64) -> Month {
        match self.months {
            Months::Fixed(per_year) => {
                let mut day = self.first_day(index.div_euclid(per_year));
                for _ in 0..index.rem_euclid(per_year) {
                    day = self.month_of(day).end();
                }
                self.month_of(day)
            }
            Months::Lunar { middle } => {
                self.month_of((middle + index as f64 * LUNATION).round() as i64)
            }
        }
    }

    pub(crate) fn index(&self, month: &Month) -> i64 {
        match self.months {
            Months::Fixed(per_year) => month.year * per_year + i64::from(month.number) - 1,
            Months::Lunar { middle } => {
                (((month.first + 14) as f64 - middle) / LUNATION).round() as i64
            }
        }
    }

    /// The first day of a year.
    fn first_day(&self, number: i64) -> i64 {
        // Guess by the length of a year, then go from year to year.
        let now = self.date(0);
        let years = number - i64::from(now.year().extended_year());
        let mut day = (years as f64 * self.mean_year()) as i64;
        loop {
            let date = self.date(day);
            let first = day - i64::from(date.day_of_year().0) + 1;
            match i64::from(date.year().extended_year()) - number {
                0 => return first,
                1.. => day = first - 1,
                _ => day = first + i64::from(date.days_in_year()),
            }
        }
    }

    /// The mean length of a year, in days.
    fn mean_year(&self) -> f64 {
        use AnyCalendarKind as Kind;
        match self.calendar.kind() {
            Kind::HijriSimulatedMecca
            | Kind::HijriTabularTypeIIFriday
            | Kind::HijriTabularTypeIIThursday
            | Kind::HijriUmmAlQura => 12.0 * LUNATION,
            _ => 365.242_5,
        }
    }

    /// The number of the month before the leap month.
    fn leap(&self, year: &Year) -> u8 {
        let mut day = year.first;
        while day < year.end() {
            let month = self.month_of(day);
            if month.is_leap {
                return month.number;
            }
            day = month.end();
        }
        0
    }

    fn date(&self, day: i64) -> Date<Ref<'_, AnyCalendar>> {
        Date::from_rata_die(RataDie::new(day + EPOCH), Ref(&self.calendar))
    }
}

impl Months {
    /// Indices count from the month of 1 January 2000.
    fn lunar(calendar: &AnyCalendar) -> Self {
        let day = 10_957;
        let date = Date::from_rata_die(RataDie::new(day + EPOCH), Ref(calendar));
        let first = day - i64::from(date.day_of_month().0) + 1;
        Self::Lunar { middle: first as f64 + 14.0 }
    }
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.calendar.kind() == other.calendar.kind()
    }
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.calendar.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::civil::days_from_civil;

    const NAMES: [&str; 17] = [
        "buddhist",
        "chinese",
        "coptic",
        "dangi",
        "ethioaa",
        "ethiopic",
        "hebrew",
        "indian",
        "islamic",
        "islamic-civil",
        "islamic-rgsa",
        "islamic-tbla",
        "islamic-umalqura",
        "iso8601",
        "japanese",
        "persian",
        "roc",
    ];

    #[test]
    fn months_follow_each_other() {
        for name in NAMES {
            let calendar = Calendar::named(name).unwrap();
            let (mut day, end) = (days_from_civil(1600, 1, 1), days_from_civil(2400, 1, 1));
            let mut index = calendar.index(&calendar.month_of(day));
            while day < end {
                let month = calendar.month_of(day);
                assert_eq!(calendar.index(&month), index, "{name} {month:?}");
                assert_eq!(calendar.month(index), month, "{name} {index}");
                assert_eq!(calendar.month_of(month.end() - 1), month, "{name}");
                (day, index) = (month.end(), index + 1);
            }
        }
    }

    #[test]
    fn years_follow_each_other_and_are_made_of_months() {
        for name in NAMES {
            let calendar = Calendar::named(name).unwrap();
            let first = calendar.year_number(days_from_civil(1600, 1, 1));
            let last = calendar.year_number(days_from_civil(2400, 1, 1));
            for number in first..=last {
                let year = calendar.year(number);
                assert_eq!(calendar.year(number + 1).first, year.end(), "{name} {number}");
                assert_eq!(calendar.year_number(year.first), number, "{name}");
                assert_eq!(calendar.year_number(year.end() - 1), number, "{name}");
                let mut day = year.first;
                let mut leap = 0;
                while day < year.end() {
                    let month = calendar.month_of(day);
                    assert_eq!(month.year, number, "{name} {month:?}");
                    if month.is_leap {
                        leap = month.number;
                    }
                    day = month.end();
                }
                assert_eq!((day, leap), (year.end(), year.leap), "{name} {number}");
            }
        }
    }

    #[test]
    fn all_that_can_be_written_is_in_a_month_and_a_year() {
        for name in NAMES {
            let calendar = Calendar::named(name).unwrap();
            for day in (days_from_civil(0, 1, 1)..=days_from_civil(9999, 12, 31)).step_by(1_999) {
                let month = calendar.month_of(day);
                assert!((month.first..month.end()).contains(&day), "{name} {day}");
                let index = calendar.index(&month);
                assert_eq!(calendar.month(index), month, "{name} {day}");
                let next = calendar.month_of(month.end());
                assert_eq!(calendar.index(&next), index + 1, "{name} {day}");
                let year = calendar.year(calendar.year_number(day));
                assert!((year.first..year.end()).contains(&day), "{name} {day}");
            }
        }
    }
}
