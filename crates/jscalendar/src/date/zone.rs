//! Time zones as far as arithmetic needs them, and the sums of dates and durations (RFC 8984,
//! sections 1.4.5 and 1.4.6).

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::civil::DAY;
use super::{LocalDateTime, UtcDateTime};
use crate::duration::{Duration, SignedDuration};

/// The rules of a time zone: what clocks there show at an instant, and the reverse.
///
/// Implemented for the zones of `jiff` and for [`CustomZone`](crate::CustomZone); a zone of your
/// own works everywhere too.
pub trait Zone {
    /// The instant when clocks in the zone show `local`, as seconds since 1970-01-01T00:00:00Z.
    ///
    /// A time that occurs twice or never is taken with the offset in force before the transition
    /// (RFC 8984, section 1.4.5). The fraction of `local` does not matter.
    fn instant_of(&self, local: LocalDateTime) -> i64;

    /// What clocks show so many seconds after 1970-01-01T00:00:00Z; `None` outside the years 0 to
    /// 9999.
    fn local_at(&self, instant: i64) -> Option<LocalDateTime>;
}

impl Zone for TimeZone {
    fn instant_of(&self, local: LocalDateTime) -> i64 {
        let offset = match self.to_ambiguous_timestamp(local.to_civil()).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
        };
        local.clock_seconds() - i64::from(offset.seconds())
    }

    fn local_at(&self, instant: i64) -> Option<LocalDateTime> {
        let within = instant.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        let offset = self.to_offset(Timestamp::from_second(within).ok()?);
        LocalDateTime::from_clock_seconds(instant.checked_add(offset.seconds().into())?)
    }
}

impl LocalDateTime {
    /// The instant when clocks in `zone` show this; `None` outside the years 0 to 9999.
    ///
    /// A time that occurs twice or never is taken with the offset in force before the transition
    /// (RFC 8984, section 1.4.5).
    ///
    /// ```
    /// # if cfg!(not(feature = "tz")) {
    /// #     return Ok(());
    /// # }
    /// use jiff::tz::TimeZone;
    /// use jscalendar::LocalDateTime;
    ///
    /// let melbourne = TimeZone::get("Australia/Melbourne")?;
    /// let skipped: LocalDateTime = "2020-10-04T02:30:00".parse()?;
    /// assert_eq!(skipped.to_utc(&melbourne), Some("2020-10-03T16:30:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_utc(self, zone: &dyn Zone) -> Option<UtcDateTime> {
        let clock = Self::from_clock_seconds(zone.instant_of(self))?;
        Some(UtcDateTime::from_utc_clock(Self { nanosecond: self.nanosecond, ..clock }))
    }

    /// This moment moved on by a duration; `None` when the result is outside the years 0 to 9999.
    ///
    /// Weeks and days are added to the date; hours, minutes and seconds are then added as time that
    /// passes in `zone`. Without a zone every day has 24 hours (RFC 8984, section 1.4.6).
    ///
    /// ```
    /// # if cfg!(not(feature = "tz")) {
    /// #     return Ok(());
    /// # }
    /// use jiff::tz::TimeZone;
    /// use jscalendar::LocalDateTime;
    ///
    /// let berlin = TimeZone::get("Europe/Berlin")?;
    /// let noon: LocalDateTime = "2024-03-30T12:00:00".parse()?;
    /// // Summer time begins in that night.
    /// assert_eq!(noon.checked_add("P1D".parse()?, Some(&berlin)), Some("2024-03-31T12:00:00".parse()?));
    /// assert_eq!(noon.checked_add("PT24H".parse()?, Some(&berlin)), Some("2024-03-31T13:00:00".parse()?));
    /// assert_eq!(noon.checked_add("PT24H".parse()?, None), Some("2024-03-31T12:00:00".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn checked_add(self, duration: Duration, zone: Option<&dyn Zone>) -> Option<Self> {
        let date = self.clock_seconds().checked_add(nominal_seconds(duration)?)?;
        // The day must exist before the zone can be asked about it.
        let start =
            zone.map_or(Some(date), |zone| Some(zone.instant_of(Self::from_clock_seconds(date)?)))?;
        let (carry, nanosecond) = carried(self.nanosecond + duration.subsec_nanosecond());
        let end = start.checked_add(exact_seconds(duration)?)?.checked_add(carry)?;
        Some(Self { nanosecond, ..local_at(end, zone)? })
    }

    /// This moment moved back by a duration; `None` when the result is outside the years 0 to 9999.
    ///
    /// Hours, minutes and seconds are taken away first, as time that passes in `zone`, then weeks
    /// and days from the date. A result that never occurs in the zone is moved on by the length of
    /// the gap (RFC 8984, section 1.4.6).
    pub fn checked_sub(self, duration: Duration, zone: Option<&dyn Zone>) -> Option<Self> {
        let start = zone.map_or_else(|| self.clock_seconds(), |zone| zone.instant_of(self));
        let (borrow, nanosecond) = borrowed(self.nanosecond, duration.subsec_nanosecond());
        let end = start.checked_sub(exact_seconds(duration)?)?.checked_sub(borrow)?;
        let date = local_at(end, zone)?.clock_seconds().checked_sub(nominal_seconds(duration)?)?;
        let local = Self::from_clock_seconds(date)?;
        let existing = zone.map_or(Some(local), |zone| zone.local_at(zone.instant_of(local)))?;
        Some(Self { nanosecond, ..existing })
    }

    /// This moment moved by a signed duration; see [`checked_add`](Self::checked_add) and
    /// [`checked_sub`](Self::checked_sub).
    pub fn checked_add_signed(
        self,
        offset: SignedDuration,
        zone: Option<&dyn Zone>,
    ) -> Option<Self> {
        match offset.is_negative() {
            true => self.checked_sub(offset.duration(), zone),
            false => self.checked_add(offset.duration(), zone),
        }
    }

    /// The time that passes from this moment to `end`, in hours, minutes and seconds; `None` when
    /// `end` comes first.
    ///
    /// Each moment is taken in its own zone; one without a zone is taken in the other's. Leap
    /// seconds are not counted.
    ///
    /// ```
    /// # if cfg!(not(feature = "tz")) {
    /// #     return Ok(());
    /// # }
    /// use jiff::tz::TimeZone;
    /// use jscalendar::LocalDateTime;
    ///
    /// let berlin = TimeZone::get("Europe/Berlin")?;
    /// let start: LocalDateTime = "2024-03-31T00:00:00".parse()?;
    /// let end: LocalDateTime = "2024-04-01T00:00:00".parse()?;
    /// let day = start.until(Some(&berlin), end, Some(&berlin));
    /// assert_eq!(day.map(|day| day.to_string()).as_deref(), Some("PT23H"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn until(
        self,
        zone: Option<&dyn Zone>,
        end: Self,
        end_zone: Option<&dyn Zone>,
    ) -> Option<Duration> {
        let instant = |local: Self, zone: Option<&dyn Zone>| {
            zone.map_or_else(|| local.clock_seconds(), |zone| zone.instant_of(local))
        };
        let (start_instant, end_instant) =
            (instant(self, zone.or(end_zone)), instant(end, end_zone.or(zone)));
        let (borrow, nanosecond) = borrowed(end.nanosecond, self.nanosecond);
        let seconds = end_instant.checked_sub(start_instant)?.checked_sub(borrow)?;
        Duration::from_exact_seconds(u64::try_from(seconds).ok()?)?
            .with_subsec_nanosecond(nanosecond)
    }
}

impl UtcDateTime {
    /// This instant moved on by a duration, a day taken as 24 hours; `None` when the result is
    /// outside the years 0 to 9999.
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        self.to_utc_clock().checked_add(duration, None).map(Self::from_utc_clock)
    }

    /// This instant moved back by a duration, a day taken as 24 hours; `None` when the result is
    /// outside the years 0 to 9999.
    pub fn checked_sub(self, duration: Duration) -> Option<Self> {
        self.to_utc_clock().checked_sub(duration, None).map(Self::from_utc_clock)
    }
}

fn local_at(instant: i64, zone: Option<&dyn Zone>) -> Option<LocalDateTime> {
    match zone {
        Some(zone) => zone.local_at(instant),
        None => LocalDateTime::from_clock_seconds(instant),
    }
}

fn nominal_seconds(duration: Duration) -> Option<i64> {
    i64::try_from(duration.nominal_days()).ok()?.checked_mul(DAY)
}

fn exact_seconds(duration: Duration) -> Option<i64> {
    i64::try_from(duration.exact_seconds()).ok()
}

/// Splits nanoseconds below two seconds.
fn carried(nanosecond: u32) -> (i64, u32) {
    if nanosecond < 1_000_000_000 { (0, nanosecond) } else { (1, nanosecond - 1_000_000_000) }
}

/// The difference of two fractions and the second it borrows.
fn borrowed(from: u32, taken: u32) -> (i64, u32) {
    if from >= taken { (0, from - taken) } else { (1, from + 1_000_000_000 - taken) }
}

#[cfg(feature = "tz")]
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::any_local;
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn local(text: &str) -> LocalDateTime {
        text.parse().unwrap()
    }

    fn duration(text: &str) -> Duration {
        text.parse().unwrap()
    }

    fn add(start: &str, length: &str, zone: Option<&dyn Zone>) -> String {
        local(start)
            .checked_add(duration(length), zone)
            .map_or_else(|| "none".into(), |end| end.to_string())
    }

    fn sub(start: &str, length: &str, zone: Option<&dyn Zone>) -> String {
        local(start)
            .checked_sub(duration(length), zone)
            .map_or_else(|| "none".into(), |end| end.to_string())
    }

    #[test]
    fn elapsed_time_over_a_change() {
        let berlin = zone("Europe/Berlin");
        let elapsed = |start, end| {
            local(start)
                .until(Some(&berlin), local(end), Some(&berlin))
                .map(|length| length.to_string())
        };
        // T11 and T12 of the conversion cases.
        assert_eq!(elapsed("2024-03-31T00:00:00", "2024-04-01T00:00:00").as_deref(), Some("PT23H"));
        assert_eq!(elapsed("2024-10-27T00:00:00", "2024-10-28T00:00:00").as_deref(), Some("PT25H"));
        assert_eq!(elapsed("2024-01-15T10:00:00", "2024-01-16T10:00:00").as_deref(), Some("PT24H"));
        assert_eq!(elapsed("2024-01-15T10:00:00", "2024-01-15T10:00:00").as_deref(), Some("PT0S"));
        assert_eq!(elapsed("2024-01-15T10:00:00", "2024-01-15T09:59:59"), None);
        assert_eq!(
            elapsed("2024-01-15T10:00:00.75", "2024-01-15T10:00:01.5").as_deref(),
            Some("PT0.75S")
        );
        assert_eq!(elapsed("2024-01-15T10:00:00.75", "2024-01-15T10:00:00.5"), None);
    }

    #[test]
    fn elapsed_time_between_zones() {
        let (berlin, tokyo) = (zone("Europe/Berlin"), zone("Asia/Tokyo"));
        let (start, end) = (local("2024-01-15T10:00:00"), local("2024-01-15T20:00:00"));
        assert_eq!(start.until(Some(&berlin), end, Some(&tokyo)), Some(duration("PT2H")));
        assert_eq!(start.until(Some(&berlin), end, None), Some(duration("PT10H")));
        assert_eq!(start.until(None, end, Some(&tokyo)), Some(duration("PT10H")));
        assert_eq!(start.until(None, end, None), Some(duration("PT10H")));
        let all = LocalDateTime::MIN.until(None, local("9999-12-31T23:59:59"), None).unwrap();
        assert_eq!(all.to_string(), "PT87658199H59M59S");
    }

    #[test]
    fn days_are_nominal_and_hours_are_exact() {
        let berlin = zone("Europe/Berlin");
        // T13 and T14.
        assert_eq!(add("2024-03-30T12:00:00", "P1D", Some(&berlin)), "2024-03-31T12:00:00");
        assert_eq!(add("2024-03-30T12:00:00", "PT24H", Some(&berlin)), "2024-03-31T13:00:00");
        assert_eq!(
            add(
                "2024-03-30T12:00:00",
                "P1W1DT1H0.5S".replace("T1H0", "T1H0M0").as_str(),
                Some(&berlin)
            ),
            "2024-04-07T13:00:00.5"
        );
        assert_eq!(sub("2024-03-31T12:00:00", "P1D", Some(&berlin)), "2024-03-30T12:00:00");
        assert_eq!(sub("2024-03-31T13:00:00", "PT24H", Some(&berlin)), "2024-03-30T12:00:00");
    }

    #[test]
    fn a_time_that_occurs_never_or_twice() {
        let berlin = zone("Europe/Berlin");
        let utc = |text| local(text).to_utc(&berlin).unwrap().to_string();
        // T25 and T26.
        assert_eq!(utc("2024-03-31T02:30:00"), "2024-03-31T01:30:00Z");
        assert_eq!(utc("2024-10-27T02:30:00"), "2024-10-27T00:30:00Z");
        // RFC 8984, section 1.4.5.
        let pacific = zone("America/Los_Angeles");
        assert_eq!(
            local("2020-11-01T01:30:00").to_utc(&pacific).unwrap().to_string(),
            "2020-11-01T08:30:00Z"
        );
        let melbourne = zone("Australia/Melbourne");
        assert_eq!(
            local("2020-10-04T02:30:00").to_utc(&melbourne).unwrap().to_string(),
            "2020-10-03T16:30:00Z"
        );
    }

    #[test]
    fn sums_that_end_in_a_gap_or_a_fold() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(add("2024-03-30T02:30:00", "P1D", Some(&berlin)), "2024-03-31T03:30:00");
        assert_eq!(add("2024-03-30T02:30:00", "P1DT1H", Some(&berlin)), "2024-03-31T04:30:00");
        assert_eq!(sub("2024-04-01T02:30:00", "P1D", Some(&berlin)), "2024-03-31T03:30:00");
        assert_eq!(add("2024-10-27T02:30:00", "PT1H", Some(&berlin)), "2024-10-27T02:30:00");
        assert_eq!(add("2024-10-27T02:30:00", "PT2H", Some(&berlin)), "2024-10-27T03:30:00");
    }

    #[test]
    fn fractions_carry_and_borrow() {
        assert_eq!(add("2024-01-15T10:00:00.75", "PT0.5S", None), "2024-01-15T10:00:01.25");
        assert_eq!(sub("2024-01-15T10:00:00.25", "PT0.5S", None), "2024-01-15T09:59:59.75");
    }

    #[test]
    fn results_that_cannot_be_written_are_none() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(add("9999-12-31T23:59:59", "PT1S", None), "none");
        assert_eq!(add("9999-12-31T23:59:59", "P1D", Some(&berlin)), "none");
        assert_eq!(sub("0000-01-01T00:00:00", "PT1S", None), "none");
        assert_eq!(sub("0000-01-01T00:00:00", "P1D", Some(&berlin)), "none");
        assert_eq!(
            add(
                "2024-01-15T10:00:00",
                "P4294967295W4294967295DT4294967295H4294967295M4294967295S",
                Some(&berlin)
            ),
            "none"
        );
        assert_eq!(local("9999-12-31T23:59:59").to_utc(&zone("America/New_York")), None);
        assert_eq!(add("9999-12-31T23:00:00", "PT30M", Some(&berlin)), "9999-12-31T23:30:00");
    }

    #[test]
    fn signed_sums() {
        let start = local("2024-01-15T10:00:00");
        assert_eq!(
            start.checked_add_signed("-PT15M".parse().unwrap(), None),
            Some(local("2024-01-15T09:45:00"))
        );
        assert_eq!(
            start.checked_add_signed("PT15M".parse().unwrap(), None),
            Some(local("2024-01-15T10:15:00"))
        );
    }

    #[test]
    fn instants_count_whole_days() {
        let instant: UtcDateTime = "2024-02-28T12:00:00Z".parse().unwrap();
        assert_eq!(instant.checked_add(duration("P2D")), "2024-03-01T12:00:00Z".parse().ok());
        assert_eq!(instant.checked_sub(duration("P1DT12H")), "2024-02-27T00:00:00Z".parse().ok());
    }

    proptest! {
        #[test]
        fn jiff_agrees_on_every_local_time(moment in any_local(), index in 0..4usize) {
            let zone = zone(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"][index]);
            let expected = zone.to_ambiguous_timestamp(moment.to_civil()).compatible();
            if let Ok(expected) = expected {
                let instant = zone.instant_of(moment);
                prop_assert_eq!(instant, expected.as_duration().as_nanos().div_euclid(1_000_000_000) as i64);
                let back = zone.to_datetime(Timestamp::from_second(instant).unwrap());
                prop_assert_eq!(zone.local_at(instant), LocalDateTime::try_from(back).ok());
            }
        }

        #[test]
        fn adding_the_elapsed_time_gives_the_end(start in any_local(), end in any_local()) {
            let berlin = zone("Europe/Berlin");
            if let Some(length) = start.until(Some(&berlin), end, Some(&berlin)) {
                let existing = berlin.local_at(berlin.instant_of(end)).and_then(|local| local.with_subsec_nanosecond(end.subsec_nanosecond()));
                prop_assert_eq!(start.checked_add(length, Some(&berlin)), existing);
            }
        }
    }
}
