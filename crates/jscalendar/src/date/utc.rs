//! `UTCDateTime` of RFC 8984, section 1.4.4.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::scalar::scalar;
use super::text::Text;
use super::{LocalDateTime, ParseError, Zone};

const EXPECTED: &str = "a UTC date-time such as 2024-01-15T10:00:00Z";

/// An instant, written as date and time of day in UTC: `UTCDateTime` of RFC 8984, section 1.4.4.
///
/// The rules for fractions and leap seconds are those of [`LocalDateTime`].
///
/// ```
/// use jscalendar::UtcDateTime;
///
/// let updated: UtcDateTime = "2024-01-15T10:30:00Z".parse()?;
/// assert_eq!(updated.unix_seconds(), 1_705_314_600);
/// assert_eq!(updated.to_string(), "2024-01-15T10:30:00Z");
/// assert!("2024-01-15T10:30:00+00:00".parse::<UtcDateTime>().is_err());
/// # Ok::<(), jscalendar::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDateTime(LocalDateTime);

impl UtcDateTime {
    /// 1 January 1970, 00:00:00.
    pub const UNIX_EPOCH: Self = Self(LocalDateTime { year: 1970, ..LocalDateTime::MIN });

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
        LocalDateTime::new(year, month, day, hour, minute, second).map(Self)
    }

    /// Reads ASCII bytes; the same as `FromStr` without the cost of an error.
    pub fn from_ascii(text: &[u8]) -> Option<Self> {
        LocalDateTime::from_ascii(text.strip_suffix(b"Z")?).map(Self)
    }

    /// The instant when clocks in UTC show this.
    pub const fn from_utc_clock(clock: LocalDateTime) -> Self {
        Self(clock)
    }

    /// What clocks in UTC show at this instant.
    pub const fn to_utc_clock(self) -> LocalDateTime {
        self.0
    }

    /// The instant so many seconds after 1970-01-01T00:00:00Z; `None` outside the years 0 to 9999.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        LocalDateTime::from_clock_seconds(seconds).map(Self)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z; the fraction is left out.
    pub const fn unix_seconds(self) -> i64 {
        self.0.clock_seconds()
    }

    /// What clocks in `zone` show at this instant; `None` outside the years 0 to 9999.
    ///
    /// ```
    /// # if cfg!(not(feature = "tz")) {
    /// #     return Ok(());
    /// # }
    /// use jiff::tz::TimeZone;
    /// use jscalendar::UtcDateTime;
    ///
    /// let zone = TimeZone::get("Europe/Berlin")?;
    /// let instant: UtcDateTime = "2024-07-15T10:00:00Z".parse()?;
    /// assert_eq!(instant.to_local(&zone), Some("2024-07-15T12:00:00".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_local(self, zone: &dyn Zone) -> Option<LocalDateTime> {
        let local = zone.local_at(self.unix_seconds())?;
        local.with_subsec_nanosecond(self.0.nanosecond)
    }

    /// The same instant in the terms of `jiff`; `None` for the last two days of the year 9999,
    /// which `jiff` leaves out.
    pub fn to_timestamp(self) -> Option<Timestamp> {
        let whole = Timestamp::from_second(self.unix_seconds()).ok()?;
        whole.checked_add(jiff::SignedDuration::from_nanos(self.0.nanosecond.into())).ok()
    }

    /// The year, 0 to 9999.
    pub const fn year(self) -> u16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.0.day()
    }

    /// The hour, 0 to 23.
    pub const fn hour(self) -> u8 {
        self.0.hour()
    }

    /// The minute, 0 to 59.
    pub const fn minute(self) -> u8 {
        self.0.minute()
    }

    /// The second, 0 to 60.
    pub const fn second(self) -> u8 {
        self.0.second()
    }

    /// The fraction of the second, in nanoseconds.
    pub const fn subsec_nanosecond(self) -> u32 {
        self.0.subsec_nanosecond()
    }

    /// The same instant without its fraction of a second, as version 2.0 wants it.
    #[must_use]
    pub const fn truncated(self) -> Self {
        Self(self.0.truncated())
    }

    fn text(&self) -> Text<32> {
        let mut text = self.0.text();
        text.push(b'Z');
        text
    }
}

impl FromStr for UtcDateTime {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::from_ascii(text.as_bytes()).ok_or_else(|| ParseError::new(EXPECTED, text))
    }
}

/// Fails for a year before 0, which the standard cannot write.
impl TryFrom<Timestamp> for UtcDateTime {
    type Error = ParseError;

    fn try_from(timestamp: Timestamp) -> Result<Self, ParseError> {
        jiff::tz::Offset::UTC.to_datetime(timestamp).try_into().map(Self)
    }
}

/// Fails for the last two days of the year 9999, which `jiff` leaves out.
impl TryFrom<UtcDateTime> for Timestamp {
    type Error = ParseError;

    fn try_from(instant: UtcDateTime) -> Result<Self, ParseError> {
        instant.to_timestamp().ok_or_else(|| {
            ParseError::new("an instant before 9999-12-30T22:00:01Z", instant.text().as_str())
        })
    }
}

impl fmt::Debug for UtcDateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "UtcDateTime({self})")
    }
}

scalar!(UtcDateTime, EXPECTED);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::any_local;
    use super::*;

    fn utc(text: &str) -> UtcDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_letter_is_an_upper_case_z() {
        for wrong in [
            "",
            "Z",
            "2024-01-15T10:00:00",
            "2024-01-15T10:00:00z",
            "2024-01-15T10:00:00.0Z",
            "2024-01-15T10:00:00ZZ",
        ] {
            assert!(wrong.parse::<UtcDateTime>().is_err(), "{wrong}");
        }
        insta::assert_snapshot!("2024-01-15T10:00:00".parse::<UtcDateTime>().unwrap_err(), @r#"expected a UTC date-time such as 2024-01-15T10:00:00Z, found "2024-01-15T10:00:00""#);
    }

    #[test]
    fn epoch() {
        assert_eq!(UtcDateTime::UNIX_EPOCH, utc("1970-01-01T00:00:00Z"));
        assert_eq!(UtcDateTime::UNIX_EPOCH.unix_seconds(), 0);
        assert_eq!(UtcDateTime::from_unix_seconds(-1), Some(utc("1969-12-31T23:59:59Z")));
        assert_eq!(UtcDateTime::from_unix_seconds(i64::MAX), None);
    }

    #[test]
    fn jiff_ends_a_little_earlier() {
        assert!(utc("9999-12-30T22:00:00.999999999Z").to_timestamp().is_some());
        let error = Timestamp::try_from(utc("9999-12-30T22:00:01Z")).unwrap_err();
        insta::assert_snapshot!(error, @r#"expected an instant before 9999-12-30T22:00:01Z, found "9999-12-30T22:00:01Z""#);
        assert!(UtcDateTime::try_from(Timestamp::MIN).is_err());
        assert!(UtcDateTime::try_from(Timestamp::MAX).is_ok());
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(moment in any_local()) {
            let instant = UtcDateTime::from_utc_clock(moment);
            prop_assert_eq!(instant.to_string(), format!("{moment}Z"));
            prop_assert_eq!(instant.to_string().parse::<UtcDateTime>(), Ok(instant));
            let json = serde_json::to_string(&instant).unwrap();
            prop_assert_eq!(serde_json::from_str::<UtcDateTime>(&json).unwrap(), instant);
        }

        #[test]
        fn timestamps_are_the_same_instant(moment in any_local()) {
            let instant = UtcDateTime::from_utc_clock(moment);
            if let (Some(timestamp), true) = (instant.to_timestamp(), instant.second() < 60) {
                prop_assert_eq!(timestamp.to_string(), instant.to_string());
                prop_assert_eq!(UtcDateTime::try_from(timestamp), Ok(instant));
            }
        }
    }
}
