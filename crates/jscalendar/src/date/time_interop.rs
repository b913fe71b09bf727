//! Conversions from and to the instants of the `time` crate.

use super::{LocalDateTime, ParseError, UtcDateTime};

/// A leap second becomes the 59th.
impl From<UtcDateTime> for time::UtcDateTime {
    fn from(instant: UtcDateTime) -> Self {
        let nanoseconds = i128::from(instant.unix_seconds()) * 1_000_000_000
            + i128::from(instant.subsec_nanosecond());
        // `time` covers the years -9999 to 9999, so that every instant of ours is one of its own.
        Self::from_unix_timestamp_nanos(nanoseconds).unwrap_or(Self::UNIX_EPOCH)
    }
}

/// A leap second becomes the 59th.
impl From<UtcDateTime> for time::OffsetDateTime {
    fn from(instant: UtcDateTime) -> Self {
        time::UtcDateTime::from(instant).into()
    }
}

/// Fails outside the years 0 to 9999, which the standard cannot write.
impl TryFrom<time::UtcDateTime> for UtcDateTime {
    type Error = ParseError;

    fn try_from(instant: time::UtcDateTime) -> Result<Self, ParseError> {
        LocalDateTime::from_clock_seconds(instant.unix_timestamp())
            .and_then(|clock| clock.with_subsec_nanosecond(instant.nanosecond()))
            .map(Self::from_utc_clock)
            .ok_or_else(|| ParseError::new("a year from 0 to 9999", &instant.year().to_string()))
    }
}

/// Fails outside the years 0 to 9999, which the standard cannot write.
impl TryFrom<time::OffsetDateTime> for UtcDateTime {
    type Error = ParseError;

    fn try_from(instant: time::OffsetDateTime) -> Result<Self, ParseError> {
        time::UtcDateTime::from(instant).try_into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::any_local;
    use super::*;

    proptest! {
        #[test]
        fn the_way_there_and_back(moment in any_local()) {
            let instant = UtcDateTime::from_utc_clock(moment);
            let there = time::OffsetDateTime::from(instant);
            prop_assert_eq!(there.unix_timestamp(), instant.unix_seconds());
            prop_assert_eq!(there.year(), i32::from(instant.year()));
            if instant.second() < 60 {
                prop_assert_eq!(UtcDateTime::try_from(there), Ok(instant));
                prop_assert_eq!(UtcDateTime::try_from(time::UtcDateTime::from(instant)), Ok(instant));
            }
        }
    }

    #[test]
    fn an_offset_is_taken_off() {
        let offset = time::UtcOffset::from_hms(2, 0, 0).unwrap();
        let there = time::OffsetDateTime::UNIX_EPOCH.to_offset(offset);
        assert_eq!(UtcDateTime::try_from(there), Ok(UtcDateTime::UNIX_EPOCH));
    }

    #[test]
    fn years_before_zero_are_refused() {
        let early = time::UtcDateTime::from_unix_timestamp(-62_167_219_201).unwrap();
        insta::assert_snapshot!(UtcDateTime::try_from(early).unwrap_err(), @r#"expected a year from 0 to 9999, found "-1""#);
    }
}
