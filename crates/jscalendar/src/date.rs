//! Dates with a time of day: `LocalDateTime` and `UTCDateTime` (RFC 8984, sections 1.4.4 and
//! 1.4.5), and their arithmetic.

pub(crate) mod civil;
pub(crate) mod error;
pub(crate) mod scalar;
pub(crate) mod text;
#[cfg(feature = "time")]
mod time_interop;
mod utc;
mod zone;

use std::fmt;
use std::num::NonZeroU8;
use std::str::FromStr;

use jiff::civil::DateTime;

pub use self::error::ParseError;
pub use self::utc::UtcDateTime;
pub use self::zone::Zone;

use self::civil::{DAY, civil_from_days, days_from_civil, days_in_month};
use self::scalar::scalar;
use self::text::{Text, parse_fraction};

const EXPECTED: &str = "a local date-time such as 2024-01-15T10:00:00";

/// A date and a time of day without a zone: `LocalDateTime` of RFC 8984, section 1.4.5.
///
/// What instant it is depends on a time zone that is said elsewhere, usually in the `timeZone` of
/// the object; without one it floats. Choose [`UtcDateTime`] for an instant.
///
/// A fraction of a second is allowed in version 1.0 only; it must not be zero or end in zeros, and
/// is kept in nanoseconds. The second may be 60 (RFC 3339, section 5.6); arithmetic and conversions
/// take such a leap second for the 59th.
///
/// ```
/// use jscalendar::LocalDateTime;
///
/// let start: LocalDateTime = "2024-01-15T10:30:00".parse()?;
/// assert_eq!((start.year(), start.month(), start.hour()), (2024, 1, 10));
/// assert_eq!(start.to_string(), "2024-01-15T10:30:00");
/// assert!(start < LocalDateTime::new(2024, 1, 15, 10, 30, 1)?);
/// assert!("2024-01-15T10:30:00.50".parse::<LocalDateTime>().is_err());
/// # Ok::<(), jscalendar::ParseError>(())
/// ```
// The order of the fields is the order of time; the month is a `NonZeroU8` so that an `Option`
// takes no more room.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime {
    year: u16,
    month: NonZeroU8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
}

impl LocalDateTime {
    /// The first moment that can be written.
    pub const MIN: Self = Self {
        year: 0,
        month: NonZeroU8::MIN,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
    };

    /// The last whole second that can be written.
    pub const MAX: Self = Self {
        year: 9999,
        month: match NonZeroU8::new(12) {
            Some(month) => month,
            None => NonZeroU8::MAX,
        },
        day: 31,
        hour: 23,
        minute: 59,
        second: 59,
        nanosecond: 0,
    };

    /// A whole second.
    ///
    /// # Errors
    ///
    /// Names the first part that is out of range: the year goes from 0 to 9999, the second from 0
    /// to 60.
    pub fn new(
        year: u16,
        month: u8,
        day: u8,
        hour: u8,
        minute: u8,
        second: u8,
    ) -> Result<Self, ParseError> {
        let invalid =
            |expected, number: u16| ParseError::new(expected, Text::<5>::of(number).as_str());
        if year > 9999 {
            return Err(invalid("a year from 0 to 9999", year));
        }
        let month = match NonZeroU8::new(month) {
            Some(month) if month.get() <= 12 => month,
            _ => return Err(invalid("a month from 1 to 12", month.into())),
        };
        if day == 0 || day > days_in_month(year.into(), month.get()) {
            return Err(invalid("a day of that month", day.into()));
        }
        if hour > 23 {
            return Err(invalid("an hour from 0 to 23", hour.into()));
        }
        if minute > 59 {
            return Err(invalid("a minute from 0 to 59", minute.into()));
        }
        if second > 60 {
            return Err(invalid("a second from 0 to 60", second.into()));
        }
        Ok(Self { year, month, day, hour, minute, second, nanosecond: 0 })
    }

    /// Reads ASCII bytes; the same as `FromStr` without the cost of an error.
    ///
    /// ```
    /// use jscalendar::LocalDateTime;
    ///
    /// assert!(LocalDateTime::from_ascii(b"2024-01-15T10:30:00").is_some());
    /// assert!(LocalDateTime::from_ascii(b"2024-01-15").is_none());
    /// ```
    pub fn from_ascii(text: &[u8]) -> Option<Self> {
        if let Ok(whole) = text.try_into() {
            return Self::from_whole(whole);
        }
        let (whole, rest) = text.split_first_chunk::<19>()?;
        let nanosecond = parse_fraction(rest.strip_prefix(b".")?)?;
        Some(Self { nanosecond, ..Self::from_whole(whole)? })
    }

    /// The same moment with another fraction of a second, in nanoseconds below 1,000,000,000.
    pub fn with_subsec_nanosecond(self, nanosecond: u32) -> Option<Self> {
        (nanosecond < 1_000_000_000).then_some(Self { nanosecond, ..self })
    }

    /// The year, 0 to 9999.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month.get()
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// The hour, 0 to 23.
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub const fn minute(self) -> u8 {
        self.minute
    }

    /// The second, 0 to 60.
    pub const fn second(self) -> u8 {
        self.second
    }

    /// The fraction of the second, in nanoseconds.
    pub const fn subsec_nanosecond(self) -> u32 {
        self.nanosecond
    }

    /// Whether the time of day is 00:00:00, with no fraction, as a date alone would have it.
    pub const fn is_midnight(self) -> bool {
        self.hour == 0 && self.minute == 0 && self.second == 0 && self.nanosecond == 0
    }

    /// The same date at 00:00:00.
    #[must_use]
    pub const fn at_midnight(self) -> Self {
        Self { hour: 0, minute: 0, second: 0, nanosecond: 0, ..self }
    }

    /// The same moment without its fraction of a second, as version 2.0 wants it.
    #[must_use]
    pub const fn truncated(self) -> Self {
        Self { nanosecond: 0, ..self }
    }

    /// The same moment in the terms of `jiff`. A leap second becomes the 59th.
    ///
    /// ```
    /// use jscalendar::LocalDateTime;
    ///
    /// let start: LocalDateTime = "2024-01-15T10:30:00".parse()?;
    /// assert_eq!(start.to_civil(), jiff::civil::date(2024, 1, 15).at(10, 30, 0, 0));
    /// # Ok::<(), jscalendar::ParseError>(())
    /// ```
    pub const fn to_civil(self) -> DateTime {
        // `constant` would panic on a part that is out of range; the invariant of this type
        // excludes it.
        DateTime::constant(
            self.year as i16,
            self.month.get() as i8,
            self.day as i8,
            self.hour as i8,
            self.minute as i8,
            self.counted_second() as i8,
            self.nanosecond as i32,
        )
    }

    /// Seconds from 1970-01-01T00:00:00 on the same clock.
    pub(crate) const fn clock_seconds(self) -> i64 {
        let days = days_from_civil(self.year as i64, self.month.get(), self.day);
        days * DAY
            + self.hour as i64 * 3_600
            + self.minute as i64 * 60
            + self.counted_second() as i64
    }

    /// The whole second so many seconds after 1970-01-01T00:00:00 on the same clock; `None` outside
    /// the years 0 to 9999.
    pub(crate) fn from_clock_seconds(seconds: i64) -> Option<Self> {
        let (year, month, day) = civil_from_days(seconds.div_euclid(DAY));
        let second_of_day = seconds.rem_euclid(DAY);
        let year = u16::try_from(year).ok().filter(|year| *year <= 9999)?;
        Some(Self {
            year,
            month: NonZeroU8::new(month)?,
            day,
            hour: (second_of_day / 3_600) as u8,
            minute: (second_of_day / 60 % 60) as u8,
            second: (second_of_day % 60) as u8,
            nanosecond: 0,
        })
    }

    const fn counted_second(self) -> u8 {
        if self.second > 59 { 59 } else { self.second }
    }

    #[inline]
    fn from_whole(text: &[u8; 19]) -> Option<Self> {
        let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1] =
            *text
        else {
            return None;
        };
        // A byte that is no digit becomes a number above 9, which sets one of the high bits looked
        // at in the end.
        let mut wrong = 0;
        let mut pair = |tens: u8, ones: u8| {
            let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
            wrong |= u8::from(tens > 9) | u8::from(ones > 9);
            tens.wrapping_mul(10).wrapping_add(ones)
        };
        let year = u16::from(pair(y0, y1)) * 100 + u16::from(pair(y2, y3));
        let (month, day) = (pair(m0, m1), pair(d0, d1));
        let (hour, minute, second) = (pair(h0, h1), pair(n0, n1), pair(s0, s1));
        if wrong != 0 || month > 12 || hour > 23 || minute > 59 || second > 60 || day == 0 {
            return None;
        }
        if day > 28 && day > days_in_month(year.into(), month) {
            return None;
        }
        Some(Self { year, month: NonZeroU8::new(month)?, day, hour, minute, second, nanosecond: 0 })
    }

    fn text(&self) -> Text<32> {
        let [y0, y1] = two_digits((self.year / 100) as u8);
        let [y2, y3] = two_digits((self.year % 100) as u8);
        let ([m0, m1], [d0, d1]) = (two_digits(self.month.get()), two_digits(self.day));
        let ([h0, h1], [n0, n1]) = (two_digits(self.hour), two_digits(self.minute));
        let [s0, s1] = two_digits(self.second);
        let mut text = Text::new();
        text.append(&[
            y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1,
        ]);
        text.fraction(self.nanosecond);
        text
    }
}

const fn two_digits(number: u8) -> [u8; 2] {
    [b'0' + number / 10, b'0' + number % 10]
}

impl FromStr for LocalDateTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::from_ascii(text.as_bytes()).ok_or_else(|| ParseError::new(EXPECTED, text))
    }
}

impl From<LocalDateTime> for DateTime {
    fn from(local: LocalDateTime) -> Self {
        local.to_civil()
    }
}

/// Fails for a year before 0, which the standard cannot write.
impl TryFrom<DateTime> for LocalDateTime {
    type Error = ParseError;

    fn try_from(civil: DateTime) -> Result<Self, ParseError> {
        let year = u16::try_from(civil.year())
            .map_err(|_| ParseError::new("a year from 0 to 9999", &civil.year().to_string()))?;
        let time = [civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second()];
        let [month, day, hour, minute, second] = time.map(i8::unsigned_abs);
        let whole = Self::new(year, month, day, hour, minute, second)?;
        Ok(Self { nanosecond: civil.subsec_nanosecond().unsigned_abs(), ..whole })
    }
}

impl fmt::Debug for LocalDateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LocalDateTime({self})")
    }
}

scalar!(LocalDateTime, EXPECTED);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn local(text: &str) -> LocalDateTime {
        text.parse().unwrap()
    }

    pub(super) fn any_local() -> impl Strategy<Value = LocalDateTime> {
        let fraction = prop_oneof![4 => Just(0), 1 => 0..1_000_000_000u32];
        let second = prop_oneof![9 => 0..60u8, 1 => Just(60)];
        let year = prop_oneof![3 => 1970..2100u16, 1 => 0..=9999u16];
        (year, 1..=12u8, 1..=31u8, 0..24u8, 0..60u8, second, fraction).prop_map(
            |(year, month, day, hour, minute, second, nanosecond)| {
                let day = day.min(days_in_month(year.into(), month));
                let whole = LocalDateTime::new(year, month, day, hour, minute, second).unwrap();
                whole.with_subsec_nanosecond(nanosecond).unwrap()
            },
        )
    }

    #[test]
    fn an_option_takes_no_more_room() {
        assert_eq!(size_of::<LocalDateTime>(), 12);
        assert_eq!(size_of::<Option<LocalDateTime>>(), 12);
    }

    #[test]
    fn refuses_what_the_standard_refuses() {
        for wrong in [
            "",
            "2024-01-15",
            "2024-01-15T10:00",
            "2024-01-15T10:00:00Z",
            "2024-01-15T10:00:00+01:00",
            "2024-01-15t10:00:00",
            "2024-01-15 10:00:00",
            "2024-01-15T10:00:00.",
            "2024-01-15T10:00:00.0",
            "2024-01-15T10:00:00.50",
            "2024-01-15T10:00:00,5",
            "2024-01-15T10:00:00.1234567891",
            "2024-00-15T10:00:00",
            "2024-13-15T10:00:00",
            "2024-01-00T10:00:00",
            "2023-02-29T10:00:00",
            "1900-02-29T10:00:00",
            "2024-01-15T24:00:00",
            "2024-01-15T10:60:00",
            "2024-01-15T10:00:61",
            "2O24-01-15T10:00:00",
            "2024-01-15T10:00:0é",
            "-024-01-15T10:00:00",
            "+2024-01-15T10:00:0",
        ] {
            assert!(wrong.parse::<LocalDateTime>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn accepts_the_ends_of_the_range() {
        for right in [
            "0000-01-01T00:00:00",
            "9999-12-31T23:59:59",
            "2000-02-29T00:00:00",
            "2016-12-31T23:59:60",
        ] {
            assert_eq!(local(right).to_string(), right);
        }
    }

    #[test]
    fn new_names_the_part_that_is_wrong() {
        let error = |result: Result<LocalDateTime, ParseError>| result.unwrap_err().to_string();
        insta::assert_snapshot!(error(LocalDateTime::new(10_000, 1, 1, 0, 0, 0)), @r#"expected a year from 0 to 9999, found "10000""#);
        insta::assert_snapshot!(error(LocalDateTime::new(2024, 13, 1, 0, 0, 0)), @r#"expected a month from 1 to 12, found "13""#);
        insta::assert_snapshot!(error(LocalDateTime::new(2023, 2, 29, 0, 0, 0)), @r#"expected a day of that month, found "29""#);
        insta::assert_snapshot!(error(LocalDateTime::new(2023, 2, 1, 24, 0, 0)), @r#"expected an hour from 0 to 23, found "24""#);
        insta::assert_snapshot!(error(LocalDateTime::new(2023, 2, 1, 0, 60, 0)), @r#"expected a minute from 0 to 59, found "60""#);
        insta::assert_snapshot!(error(LocalDateTime::new(2023, 2, 1, 0, 0, 61)), @r#"expected a second from 0 to 60, found "61""#);
    }

    #[test]
    fn midnight_and_fractions() {
        let moment = local("2024-01-15T00:00:00.25");
        assert_eq!(moment.subsec_nanosecond(), 250_000_000);
        assert!(!moment.is_midnight());
        assert!(moment.truncated().is_midnight());
        assert_eq!(local("2024-01-15T10:20:30").at_midnight(), moment.truncated());
        assert!(moment.with_subsec_nanosecond(1_000_000_000).is_none());
    }

    #[test]
    fn errors_in_json_say_what_was_expected() {
        let error = |json| serde_json::from_str::<LocalDateTime>(json).unwrap_err().to_string();
        insta::assert_snapshot!(error(r#""2024-01-15""#), @r#"expected a local date-time such as 2024-01-15T10:00:00, found "2024-01-15" at line 1 column 12"#);
        insta::assert_snapshot!(error("5"), @"invalid type: integer `5`, expected a local date-time such as 2024-01-15T10:00:00 at line 1 column 1");
    }

    #[test]
    fn years_before_zero_are_refused() {
        let civil = jiff::civil::date(-1, 1, 1).at(0, 0, 0, 0);
        insta::assert_snapshot!(LocalDateTime::try_from(civil).unwrap_err(), @r#"expected a year from 0 to 9999, found "-1""#);
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(moment in any_local()) {
            prop_assert_eq!(moment.to_string().parse::<LocalDateTime>(), Ok(moment));
            let json = serde_json::to_string(&moment).unwrap();
            prop_assert_eq!(&json, &format!("\"{moment}\""));
            prop_assert_eq!(serde_json::from_str::<LocalDateTime>(&json).unwrap(), moment);
        }

        #[test]
        fn what_parses_prints_itself(text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,10})?") {
            if let Ok(moment) = text.parse::<LocalDateTime>() {
                prop_assert_eq!(moment.to_string(), text);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,30}") {
            let _ = text.parse::<LocalDateTime>();
        }

        #[test]
        fn jiff_agrees(moment in any_local()) {
            let civil = moment.to_civil();
            if moment.second() < 60 {
                prop_assert_eq!(LocalDateTime::try_from(civil), Ok(moment));
            }
            let timestamp = civil.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp());
            if let Ok(timestamp) = timestamp {
                // Of an instant before 1970 jiff counts the second after it, we count the one before.
                let seconds = timestamp.as_nanosecond().div_euclid(1_000_000_000);
                prop_assert_eq!(i128::from(moment.clock_seconds()), seconds);
            }
        }

        #[test]
        fn order_is_the_order_of_the_text(one in any_local(), two in any_local()) {
            prop_assert_eq!(one.cmp(&two), one.to_string().cmp(&two.to_string()));
        }

        #[test]
        fn clock_seconds_are_inverse(seconds in -62_167_219_200i64..=253_402_300_799) {
            prop_assert_eq!(LocalDateTime::from_clock_seconds(seconds).map(LocalDateTime::clock_seconds), Some(seconds));
        }
    }

    #[test]
    fn clock_seconds_end_with_the_years() {
        assert_eq!(LocalDateTime::from_clock_seconds(-62_167_219_200), Some(LocalDateTime::MIN));
        assert_eq!(LocalDateTime::from_clock_seconds(-62_167_219_201), None);
        assert_eq!(LocalDateTime::from_clock_seconds(253_402_300_800), None);
        assert_eq!(LocalDateTime::from_clock_seconds(i64::MIN), None);
        assert_eq!(LocalDateTime::from_clock_seconds(i64::MAX), None);
    }
}
