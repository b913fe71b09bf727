//! Days and seconds of the proleptic Gregorian calendar, in plain integers.

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// Whether the year has a 29 February.
pub(crate) const fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The number of days of a month from 1 to 12.
pub(crate) const fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1 January 1970 to the given date.
///
/// The year is counted from 1 March, so that the leap day is its last day and the months before it
/// have a fixed pattern.
pub(crate) const fn days_from_civil(year: i64, month: u8, day: u8) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month as i64 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date, as year, month and day, so many days after 1 January 1970.
pub(crate) const fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u8;
    let month =
        if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u8;
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// The weekday of a day counted from 1 January 1970: Monday is 0.
pub(crate) const fn weekday_from_days(days: i64) -> u8 {
    (days + 3).rem_euclid(7) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_jiff_on_every_day() {
        let mut date = jiff::civil::date(0, 1, 1);
        let mut days = days_from_civil(0, 1, 1);
        loop {
            let expected = (i64::from(date.year()), date.month() as u8, date.day() as u8);
            assert_eq!(civil_from_days(days), expected);
            assert_eq!(days_from_civil(expected.0, expected.1, expected.2), days);
            assert_eq!(weekday_from_days(days), date.weekday().to_monday_zero_offset() as u8);
            assert_eq!(days_in_month(expected.0, expected.1), date.days_in_month() as u8);
            let Ok(next) = date.tomorrow() else { break };
            date = next;
            days += 1;
        }
        assert_eq!(civil_from_days(days), (9999, 12, 31));
    }
}
