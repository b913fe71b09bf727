//! Time zones that bring their own rules (RFC 8984, section 4.7.2; RFC 5545, section 3.6.5).

mod matching;
mod rule;
mod timeline;

pub use self::rule::{RuleDay, RuleEnd, YearlyRule};

use self::timeline::Timeline;
use crate::date::{LocalDateTime, Zone};

/// A time zone that is defined by its own observances, as a `VTIMEZONE` or a member of `timeZones`
/// defines it.
///
/// It answers as the zones of a database do, and finds the one that gives the same answers. The
/// work of a question does not depend on how far its date is from the first observance, and grows
/// little with their number.
///
/// ```
/// # if cfg!(not(feature = "tz")) {
/// #     return Ok(());
/// # }
/// use jscalendar::{CustomZone, LocalDateTime, Observance};
///
/// let mut winter = Observance::new("1970-10-25T03:00:00".parse()?, 7200, 3600);
/// winter.rule = Some("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU".parse()?);
/// let mut summer = Observance::new("1970-03-29T02:00:00".parse()?, 3600, 7200);
/// summer.rule = Some("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU".parse()?);
///
/// let zone = CustomZone::new(vec![winter, summer])?;
/// let start: LocalDateTime = "2024-07-15T12:00:00".parse()?;
/// assert_eq!(zone.offset_at(start), 7200);
/// let day = zone.to_instant(start);
/// assert_eq!(zone.matching_iana(day, day + 3600), "Europe/Berlin".parse().ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CustomZone {
    observances: Vec<Observance>,
    timeline: Timeline,
}

/// A rule by which clocks are set: `STANDARD` or `DAYLIGHT` of RFC 5545, or a `TimeZoneRule` of RFC
/// 8984, section 4.7.2.
///
/// All local times of it are read on clocks before the change, that is with
/// [`offset_from`](Self::offset_from).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Observance {
    /// When it is in force for the first time.
    pub start: LocalDateTime,
    /// Seconds east of UTC before it is in force.
    pub offset_from: i32,
    /// Seconds east of UTC while it is in force.
    pub offset_to: i32,
    /// When it comes into force again, year by year.
    pub rule: Option<YearlyRule>,
    /// Further times at which it comes into force.
    pub dates: Vec<LocalDateTime>,
    /// What the time is called, such as `CEST`.
    pub name: Option<String>,
    /// Whether it is daylight saving time.
    pub daylight: bool,
}

/// A moment at which the offset of a zone changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transition {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub instant: i64,
    /// Seconds east of UTC before it.
    pub offset_before: i32,
    /// Seconds east of UTC from it on.
    pub offset_after: i32,
}

/// Why observances do not make a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CustomZoneError {
    /// There is no observance.
    #[error("a time zone needs at least one observance")]
    Empty,
    /// An offset is a day or more.
    #[error("an offset of {seconds} seconds is out of range")]
    Offset {
        /// The offset, in seconds east of UTC.
        seconds: i32,
    },
    /// A recurrence rule is not one by which clocks are set.
    #[error("the rule of a time zone cannot have {part:?}")]
    RulePart {
        /// The beginning of the part at fault.
        part: Box<str>,
    },
    /// More rules are in force at one time than clocks could be set by.
    #[error("too many rules in force at the same time")]
    TooComplex,
}

impl Observance {
    /// An observance that comes into force once; the offsets are seconds east of UTC.
    pub const fn new(start: LocalDateTime, offset_from: i32, offset_to: i32) -> Self {
        Self {
            start,
            offset_from,
            offset_to,
            rule: None,
            dates: Vec::new(),
            name: None,
            daylight: false,
        }
    }
}

impl CustomZone {
    /// A zone of these observances, in any order.
    ///
    /// # Errors
    ///
    /// There must be at least one, with offsets of less than a day, rules by which clocks are set,
    /// and not more than 64 rules in force at the same time.
    pub fn new(observances: Vec<Observance>) -> Result<Self, CustomZoneError> {
        let timeline = Timeline::new(&observances)?;
        Ok(Self { observances, timeline })
    }

    /// The observances, as they were given.
    pub fn observances(&self) -> &[Observance] {
        &self.observances
    }

    /// The observances, as they were given.
    pub fn into_observances(self) -> Vec<Observance> {
        self.observances
    }

    /// Seconds east of UTC when clocks show `local`.
    ///
    /// A time that occurs twice or never has the offset in force before the transition (RFC 8984,
    /// section 1.4.5). Before the first observance it is that observance's
    /// [`offset_from`](Observance::offset_from).
    pub fn offset_at(&self, local: LocalDateTime) -> i32 {
        self.timeline.offset_at_clock(local.clock_seconds())
    }

    /// Seconds east of UTC, so many seconds after 1970-01-01T00:00:00Z.
    pub fn offset_at_instant(&self, instant: i64) -> i32 {
        self.timeline.offset_at(instant)
    }

    /// The instant when clocks show `local`, in seconds since 1970-01-01T00:00:00Z.
    pub fn to_instant(&self, local: LocalDateTime) -> i64 {
        local.clock_seconds() - i64::from(self.offset_at(local))
    }

    /// What clocks show so many seconds after 1970-01-01T00:00:00Z; `None` outside the years 0 to
    /// 9999.
    pub fn from_instant(&self, instant: i64) -> Option<LocalDateTime> {
        let offset = self.offset_at_instant(instant);
        LocalDateTime::from_clock_seconds(instant.checked_add(offset.into())?)
    }

    /// The changes of the offset in these years, both included, in UTC and in their order.
    ///
    /// At most about 20,000 are returned, the first ones.
    pub fn transitions(&self, from_year: u16, to_year: u16) -> Vec<Transition> {
        self.timeline.transitions_in_years(from_year.into(), to_year.into())
    }

    /// The offset of a zone that never changes it, in seconds east of UTC.
    pub fn fixed_offset(&self) -> Option<i32> {
        let offset = self.observances.first()?.offset_to;
        let same = |observance: &Observance| {
            observance.offset_from == offset && observance.offset_to == offset
        };
        self.observances.iter().all(same).then_some(offset)
    }
}

/// Two zones are equal when their observances are, in the same order.
impl PartialEq for CustomZone {
    fn eq(&self, other: &Self) -> bool {
        self.observances == other.observances
    }
}

impl Eq for CustomZone {}

impl Zone for CustomZone {
    fn instant_of(&self, local: LocalDateTime) -> i64 {
        self.to_instant(local)
    }

    fn local_at(&self, instant: i64) -> Option<LocalDateTime> {
        self.from_instant(instant)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::date::UtcDateTime;

    fn local(text: &str) -> LocalDateTime {
        text.parse().unwrap()
    }

    /// Start, hours before, hours after, and a rule or nothing; what has the larger offset is
    /// daylight saving time.
    pub(super) fn zone_of(observances: &[(&str, f64, f64, &str)]) -> CustomZone {
        let seconds = |hours: f64| (hours * 3600.0) as i32;
        let observance = |(start, from, to, rule): &(&str, f64, f64, &str)| Observance {
            rule: (!rule.is_empty()).then(|| rule.parse().unwrap()),
            daylight: to > from,
            ..Observance::new(local(start), seconds(*from), seconds(*to))
        };
        CustomZone::new(observances.iter().map(observance).collect()).unwrap()
    }

    pub(super) fn berlin() -> CustomZone {
        zone_of(&[
            ("1970-10-25T03:00:00", 2.0, 1.0, "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
            ("1970-03-29T02:00:00", 1.0, 2.0, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
        ])
    }

    #[cfg(feature = "tz")]
    pub(super) fn new_york() -> CustomZone {
        zone_of(&[
            (
                "1967-04-30T02:00:00",
                -5.0,
                -4.0,
                "FREQ=YEARLY;BYMONTH=4;BYDAY=-1SU;UNTIL=19730429T070000Z",
            ),
            (
                "1967-10-29T02:00:00",
                -4.0,
                -5.0,
                "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z",
            ),
            ("1974-01-06T02:00:00", -5.0, -4.0, ""),
            ("1975-02-23T02:00:00", -5.0, -4.0, ""),
            ("1976-04-25T02:00:00", -5.0, -4.0, "FREQ=YEARLY;BYMONTH=4;BYDAY=-1SU;COUNT=11"),
            (
                "1987-04-05T02:00:00",
                -5.0,
                -4.0,
                "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z",
            ),
            ("2007-03-11T02:00:00", -5.0, -4.0, "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
            ("2007-11-04T02:00:00", -4.0, -5.0, "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
        ])
    }

    fn utc(instant: i64) -> String {
        UtcDateTime::from_unix_seconds(instant)
            .map_or_else(|| "none".into(), |instant| instant.to_string())
    }

    #[test]
    fn times_that_occur_twice_or_never() {
        let zone = berlin();
        for (clock, instant) in [
            ("2024-03-31T01:59:59", "2024-03-31T00:59:59Z"),
            ("2024-03-31T02:00:00", "2024-03-31T01:00:00Z"),
            ("2024-03-31T02:30:00", "2024-03-31T01:30:00Z"),
            ("2024-03-31T02:59:59", "2024-03-31T01:59:59Z"),
            ("2024-03-31T03:00:00", "2024-03-31T01:00:00Z"),
            ("2024-10-27T01:59:59", "2024-10-26T23:59:59Z"),
            ("2024-10-27T02:30:00", "2024-10-27T00:30:00Z"),
            ("2024-10-27T02:59:59", "2024-10-27T00:59:59Z"),
            ("2024-10-27T03:00:00", "2024-10-27T02:00:00Z"),
        ] {
            assert_eq!(utc(zone.to_instant(local(clock))), instant, "{clock}");
        }
    }

    #[test]
    fn before_everything_the_first_offset_counts() {
        assert_eq!(berlin().offset_at(local("1970-03-29T01:59:59")), 3600);
        assert_eq!(berlin().offset_at(LocalDateTime::MIN), 3600);
        assert_eq!(berlin().offset_at_instant(i64::MIN), 3600);
        assert_eq!(berlin().offset_at_instant(i64::MAX), 3600);
        let late = zone_of(&[("2020-01-01T00:00:00", 5.0, 6.0, "")]);
        assert_eq!(late.offset_at(local("2019-12-31T23:59:59")), 18_000);
        assert_eq!(late.offset_at(local("2020-01-01T01:00:00")), 21_600);
    }

    #[test]
    fn outlooks_zones_begin_in_1601() {
        let zone = zone_of(&[
            ("1601-01-01T03:00:00", 2.0, 1.0, "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
            ("1601-01-01T02:00:00", 1.0, 2.0, "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
        ]);
        assert_eq!(zone.offset_at(local("1601-01-02T00:00:00")), 3600);
        assert_eq!(zone.offset_at(local("2024-07-15T10:00:00")), 7200);
        assert_eq!(zone.offset_at(local("9999-12-31T23:59:59")), 3600);
    }

    #[test]
    fn single_dates_and_their_order() {
        let mut winter = Observance::new(local("2000-10-29T03:00:00"), 7200, 3600);
        winter.dates = vec![local("2002-10-27T03:00:00"), local("2001-10-28T03:00:00")];
        let mut summer = Observance::new(local("2001-03-25T02:00:00"), 3600, 7200);
        summer.dates = vec![local("2002-03-31T02:00:00")];
        let zone = CustomZone::new(vec![winter, summer]).unwrap();
        let changes: Vec<_> = zone
            .transitions(0, 9999)
            .iter()
            .map(|change| (utc(change.instant), change.offset_after))
            .collect();
        insta::assert_compact_debug_snapshot!(changes, @r#"[("2000-10-29T01:00:00Z", 3600), ("2001-03-25T01:00:00Z", 7200), ("2001-10-28T01:00:00Z", 3600), ("2002-03-31T01:00:00Z", 7200), ("2002-10-27T01:00:00Z", 3600)]"#);
    }

    #[test]
    fn rules_end() {
        let zone = zone_of(&[
            ("1970-03-29T02:00:00", 1.0, 2.0, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=3"),
            (
                "1970-10-25T03:00:00",
                2.0,
                1.0,
                "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=19731028T010000Z",
            ),
        ]);
        assert_eq!(zone.transitions(1970, 2000).len(), 6);
        assert_eq!(zone.offset_at(local("1972-07-01T00:00:00")), 7200);
        assert_eq!(zone.offset_at(local("1973-07-01T00:00:00")), 3600);
        let once = zone_of(&[
            ("1970-03-29T02:00:00", 1.0, 2.0, "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;COUNT=1"),
            (
                "1970-10-25T03:00:00",
                2.0,
                1.0,
                "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=19600101T000000Z",
            ),
        ]);
        assert_eq!(once.transitions(0, 9999).len(), 2);
    }

    #[test]
    fn never_or_always_the_same_offset() {
        assert_eq!(berlin().fixed_offset(), None);
        assert_eq!(zone_of(&[("1970-01-01T00:00:00", 2.0, 2.0, "")]).fixed_offset(), Some(7200));
        assert_eq!(zone_of(&[("1970-01-01T00:00:00", 1.0, 2.0, "")]).fixed_offset(), None);
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        let error = |observances| CustomZone::new(observances).unwrap_err().to_string();
        insta::assert_snapshot!(error(Vec::new()), @"a time zone needs at least one observance");
        let day = Observance::new(LocalDateTime::MIN, 0, 86_400);
        insta::assert_snapshot!(error(vec![day]), @"an offset of 86400 seconds is out of range");
        let least = Observance::new(LocalDateTime::MIN, i32::MIN, 0);
        insta::assert_snapshot!(error(vec![least]), @"an offset of -2147483648 seconds is out of range");
        let mut rule = YearlyRule::new();
        rule.months = vec![200];
        let month = Observance { rule: Some(rule), ..Observance::new(LocalDateTime::MIN, 0, 0) };
        insta::assert_snapshot!(error(vec![month]), @r#"the rule of a time zone cannot have "BYMONTH=200""#);
        let endless = Observance {
            rule: Some(YearlyRule::new()),
            ..Observance::new(LocalDateTime::MIN, 0, 0)
        };
        insta::assert_snapshot!(error(vec![endless; 65]), @"too many rules in force at the same time");
        let mut long = YearlyRule::new();
        long.end = RuleEnd::Count(u32::MAX);
        let counted = Observance { rule: Some(long), ..Observance::new(LocalDateTime::MIN, 0, 0) };
        insta::assert_snapshot!(error(vec![counted; 3]), @"too many rules in force at the same time");
    }

    #[test]
    fn a_rule_without_any_date_is_read_over() {
        let zone =
            zone_of(&[("1970-01-01T00:00:00", 1.0, 2.0, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")]);
        assert_eq!(zone.transitions(0, 9999).len(), 1);
        let rare = zone_of(&[
            ("1970-01-01T00:00:00", 1.0, 2.0, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
            ("1970-01-02T00:00:00", 2.0, 1.0, "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1"),
        ]);
        assert_eq!(rare.offset_at(local("2024-03-01T00:00:00")), 7200);
        assert_eq!(rare.offset_at(local("2023-03-01T00:00:00")), 3600);
    }

    #[test]
    fn ten_thousand_observances_are_no_burden() {
        let year = |index: usize| Observance {
            rule: Some(
                format!(
                    "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL={:04}0401T000000Z",
                    1001 + index % 8000
                )
                .parse()
                .unwrap(),
            ),
            ..Observance::new(
                LocalDateTime::new(1000 + (index % 8000) as u16, 3, 1, 2, 0, 0).unwrap(),
                0,
                (index % 1000) as i32,
            )
        };
        let zone = CustomZone::new((0..10_000).map(year).collect()).unwrap();
        let before = std::time::Instant::now();
        let sum: i64 =
            (0..1000).map(|index| i64::from(zone.offset_at_instant(index * 10_000_000))).sum();
        assert!(sum > 0);
        assert!(before.elapsed().as_millis() < 500, "{:?}", before.elapsed());
    }

    #[cfg(feature = "tz")]
    #[test]
    fn the_history_of_new_york() {
        let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
        let at = |text: &str| text.parse::<UtcDateTime>().unwrap().unix_seconds();
        assert!(new_york().agrees_with(
            &zone,
            at("1967-01-01T00:00:00Z"),
            at("2150-01-01T00:00:00Z")
        ));
    }

    proptest! {
        #[cfg(feature = "tz")]
        #[test]
        fn jiff_agrees_on_every_local_time(seconds in -86_400_000i64..6_000_000_000) {
            let (own, zone) = (new_york(), jiff::tz::TimeZone::get("America/New_York").unwrap());
            let clock = LocalDateTime::from_clock_seconds(seconds).unwrap();
            prop_assert_eq!(own.instant_of(clock), zone.instant_of(clock));
            prop_assert_eq!(own.local_at(seconds), zone.local_at(seconds));
        }

        #[test]
        fn near_a_change_both_readings_agree(index in 0..300usize, distance in -10_000i64..10_000) {
            let zone = berlin();
            let change = zone.transitions(1980, 2130)[index];
            let instant = change.instant + distance;
            let expected = if distance < 0 { change.offset_before } else { change.offset_after };
            prop_assert_eq!(zone.offset_at_instant(instant), expected);
            // What clocks show leads back to the instant, but for the second pass through a
            // repeated hour.
            let back = zone.to_instant(zone.from_instant(instant).unwrap());
            let repeated = i64::from((change.offset_before - change.offset_after).max(0));
            prop_assert_eq!(back, if (0..repeated).contains(&distance) { instant - repeated } else { instant });
        }

        #[test]
        fn no_zone_panics(
            starts in proptest::collection::vec((0..=9999u16, 1..=12u8, 1..=28u8, -86_399..86_400i32, -86_399..86_400i32, "FREQ=YEARLY(;BYMONTH=[1-9])?(;BYDAY=SU)?(;BYMONTHDAY=-?[1-3][0-9])?(;INTERVAL=[1-9]{1,9})?(;COUNT=[1-9]{1,3}|;UNTIL=[0-9]{4}0101)?"), 1..6),
            instant in prop_oneof![any::<i64>(), -70_000_000_000i64..300_000_000_000],
        ) {
            let observances = starts.iter().map(|(year, month, day, from, to, rule)| Observance {
                rule: rule.parse().ok(),
                ..Observance::new(LocalDateTime::new(*year, *month, *day, 2, 0, 0).unwrap(), *from, *to)
            });
            let Ok(zone) = CustomZone::new(observances.collect()) else { return Ok(()) };
            let offset = zone.offset_at_instant(instant);
            prop_assert!(offset.abs() < 86_400);
            let _ = zone.transitions(1990, 2010);
            if let Some(clock) = zone.from_instant(instant) {
                // The reading leads to this instant or to an earlier one with the same reading.
                let back = zone.to_instant(clock);
                prop_assert!(back <= instant, "{back} after {instant}");
                prop_assert_eq!(zone.from_instant(back), Some(clock));
            }
        }
    }
}
