//! [`UtcDate`] (RFC 8620, section 1.4).

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use jiff::Timestamp;

/// A moment, in JSON `"2014-10-30T06:12:00Z"`: the type `UTCDate` (RFC 8620, section 1.4).
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use jmap_core::UtcDate;
///
/// let date: UtcDate = "1970-01-01T00:01:00.5Z".parse()?;
/// assert_eq!(date.to_system_time(), UNIX_EPOCH + Duration::from_millis(60_500));
/// assert_eq!(date.to_string(), "1970-01-01T00:01:00.5Z");
/// assert!("1970-01-01T01:01:00+01:00".parse::<UtcDate>().is_err());
/// # Ok::<(), jmap_core::InvalidUtcDate>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDate(Timestamp);

/// A text is no moment in the form of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a date and time in UTC, as in \"2014-10-30T06:12:00Z\"")]
#[non_exhaustive]
pub struct InvalidUtcDate;

impl UtcDate {
    /// The moment as the standard library has it.
    pub fn to_system_time(self) -> SystemTime {
        self.0.into()
    }
}

impl TryFrom<SystemTime> for UtcDate {
    type Error = InvalidUtcDate;

    /// # Errors
    ///
    /// If the year has more than four digits.
    fn try_from(time: SystemTime) -> Result<Self, InvalidUtcDate> {
        let timestamp = Timestamp::try_from(time).map_err(|_| InvalidUtcDate)?;
        timestamp.to_string().parse()
    }
}

impl FromStr for UtcDate {
    type Err = InvalidUtcDate;

    fn from_str(text: &str) -> Result<Self, InvalidUtcDate> {
        let octets = text.as_bytes();
        let has_form = octets.first().is_some_and(u8::is_ascii_digit)
            && octets.get(10) == Some(&b'T')
            && octets.get(19).is_some_and(|octet| b".Z".contains(octet))
            && octets.ends_with(b"Z");
        if !has_form {
            return Err(InvalidUtcDate);
        }
        text.parse().map(Self).map_err(|_| InvalidUtcDate)
    }
}

impl fmt::Display for UtcDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl serde::Serialize for UtcDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

json_model::text_value!(UtcDate, "a date and time in UTC");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_section_1_4() {
        for text in ["2014-10-30T06:12:00Z", "0001-01-01T00:00:00.000000001Z"] {
            assert_eq!(text.parse::<UtcDate>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2014-10-30",
            "2014-10-30T06:12Z",
            "2014-10-30t06:12:00z",
            "2014-10-30 06:12:00Z",
            "2014-10-30T06:12:00",
            "2014-10-30T06:12:00+00:00Z",
            "2014-10-30T06:12:00+00:00",
            "2014-02-30T06:12:00Z",
            "+002014-10-30T06:12:00Z",
            "２014-10-30T06:12:00Z",
        ] {
            assert!(text.parse::<UtcDate>().is_err(), "{text}");
        }
    }
}
