//! Lengths of time: `Duration` and `SignedDuration` (RFC 8984, sections 1.4.6 and 1.4.7).

mod signed;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::num::NonZeroU8;
use std::str::FromStr;

pub use self::signed::SignedDuration;

use crate::date::ParseError;
use crate::date::scalar::scalar;
use crate::date::text::{Text, parse_fraction};

const EXPECTED: &str = "a duration such as P1D or PT1H30M";

/// A length of time that is not negative: `Duration` of RFC 8984, section 1.4.6.
///
/// It has two halves that cannot be converted into each other: weeks and days are *nominal* (the
/// same time of day on another date, however long that day is), hours, minutes and seconds are
/// *exact*. It keeps its parts as they were written, and two durations are equal when their nominal
/// days and their exact seconds are:
///
/// ```
/// use jscalendar::Duration;
///
/// let film: Duration = "PT90M".parse()?;
/// assert_eq!(film.to_string(), "PT90M");
/// assert_eq!(film, "PT1H30M".parse()?);
/// assert_eq!("P1W".parse::<Duration>()?, "P7D".parse()?);
/// assert_ne!("P1D".parse::<Duration>()?, "PT24H".parse()?);
/// // A minute has to stand between hours and seconds, and there is no sign.
/// assert!("PT1H5S".parse::<Duration>().is_err());
/// assert!("-PT5M".parse::<Duration>().is_err());
/// # Ok::<(), jscalendar::ParseError>(())
/// ```
///
/// The order compares nominal days first and exact seconds after them. It serves sorted
/// collections; which of `P1D` and `PT25H` is longer only a date and a zone can tell.
///
/// Each part fits in 32 bits, and a fraction of a second (version 1.0 only) in nanoseconds; longer
/// ones do not parse.
#[derive(Clone, Copy)]
pub struct Duration {
    weeks: u32,
    days: u32,
    hours: u32,
    minutes: u32,
    seconds: u32,
    nanosecond: u32,
    /// Which parts are written. At least one is, so that an `Option` takes no more room.
    written: NonZeroU8,
}

/// The parts of a [`Duration`] as they are written; `None` for a part that is not.
///
/// ```
/// use jscalendar::{Duration, DurationParts};
///
/// let parts = DurationParts { hours: Some(1), seconds: Some(5), ..DurationParts::default() };
/// // The standard does not let seconds follow hours, so the minutes are written as well.
/// assert_eq!(Duration::from_parts(parts).map(|length| length.to_string()).as_deref(), Some("PT1H0M5S"));
/// ```
#[allow(clippy::exhaustive_structs, reason = "the grammar is closed, and users build this value")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DurationParts {
    /// Weeks of seven nominal days.
    pub weeks: Option<u32>,
    /// Nominal days.
    pub days: Option<u32>,
    /// Exact hours.
    pub hours: Option<u32>,
    /// Exact minutes.
    pub minutes: Option<u32>,
    /// Exact seconds.
    pub seconds: Option<u32>,
    /// The fraction of a second in nanoseconds, below 1,000,000,000.
    pub nanosecond: u32,
}

const WEEKS: NonZeroU8 = NonZeroU8::MIN;
const DAYS: NonZeroU8 = bit(1);
const HOURS: NonZeroU8 = bit(2);
const MINUTES: NonZeroU8 = bit(3);
const SECONDS: NonZeroU8 = bit(4);
const TIME: u8 = HOURS.get() | MINUTES.get() | SECONDS.get();

const fn bit(index: u8) -> NonZeroU8 {
    match NonZeroU8::new(1 << index) {
        Some(bit) => bit,
        None => NonZeroU8::MIN,
    }
}

impl Duration {
    /// `PT0S`, the default of most members.
    pub const ZERO: Self = Self {
        weeks: 0,
        days: 0,
        hours: 0,
        minutes: 0,
        seconds: 0,
        nanosecond: 0,
        written: SECONDS,
    };

    /// So many nominal days and exact seconds, written as days, hours, minutes and seconds without
    /// zeros.
    ///
    /// ```
    /// use jscalendar::Duration;
    ///
    /// assert_eq!(Duration::new(1, 5_400).to_string(), "P1DT1H30M");
    /// assert_eq!(Duration::new(0, 3_605).to_string(), "PT1H0M5S");
    /// assert_eq!(Duration::new(7, 0).to_string(), "P7D");
    /// assert_eq!(Duration::new(0, 0), Duration::ZERO);
    /// ```
    pub const fn new(days: u32, seconds: u32) -> Self {
        let exact = Self {
            days,
            hours: seconds / 3_600,
            minutes: seconds / 60 % 60,
            seconds: seconds % 60,
            ..Self::ZERO
        };
        Self { written: exact.shortest(), ..exact }
    }

    /// So many exact seconds, written as hours, minutes and seconds; `None` when the hours need
    /// more than 32 bits.
    pub fn from_exact_seconds(seconds: u64) -> Option<Self> {
        let hours = u32::try_from(seconds / 3_600).ok()?;
        let rest = Self::new(0, (seconds % 3_600) as u32);
        let exact = Self { hours, ..rest };
        Some(Self { written: exact.shortest(), ..exact })
    }

    /// A duration with just these parts.
    ///
    /// `None` when there is no part at all, or the fraction reaches a second or has no seconds to
    /// stand behind. Minutes are added, as zero, between hours and seconds.
    pub fn from_parts(parts: DurationParts) -> Option<Self> {
        let DurationParts { weeks, days, hours, minutes, seconds, nanosecond } = parts;
        if nanosecond >= 1_000_000_000 || (nanosecond > 0 && seconds.is_none()) {
            return None;
        }
        let minutes =
            if hours.is_some() && seconds.is_some() { minutes.or(Some(0)) } else { minutes };
        let written =
            [(weeks, WEEKS), (days, DAYS), (hours, HOURS), (minutes, MINUTES), (seconds, SECONDS)]
                .iter()
                .filter(|(part, _)| part.is_some())
                .fold(0, |written, (_, bit)| written | bit.get());
        Some(Self {
            weeks: weeks.unwrap_or(0),
            days: days.unwrap_or(0),
            hours: hours.unwrap_or(0),
            minutes: minutes.unwrap_or(0),
            seconds: seconds.unwrap_or(0),
            nanosecond,
            written: NonZeroU8::new(written)?,
        })
    }

    /// The parts as they are written.
    pub fn parts(self) -> DurationParts {
        let part = |bit, number| self.writes(bit).then_some(number);
        DurationParts {
            weeks: part(WEEKS, self.weeks),
            days: part(DAYS, self.days),
            hours: part(HOURS, self.hours),
            minutes: part(MINUTES, self.minutes),
            seconds: part(SECONDS, self.seconds),
            nanosecond: self.nanosecond,
        }
    }

    /// Weeks and days together, in days.
    pub const fn nominal_days(self) -> u64 {
        self.weeks as u64 * 7 + self.days as u64
    }

    /// Hours, minutes and whole seconds together, in seconds.
    pub const fn exact_seconds(self) -> u64 {
        self.hours as u64 * 3_600 + self.minutes as u64 * 60 + self.seconds as u64
    }

    /// The fraction of a second, in nanoseconds.
    pub const fn subsec_nanosecond(self) -> u32 {
        self.nanosecond
    }

    /// Whether no time passes.
    pub const fn is_zero(self) -> bool {
        self.nominal_days() == 0 && self.exact_seconds() == 0 && self.nanosecond == 0
    }

    /// Whether hours, minutes or seconds are written, be they zero: `P1DT0S` has a time part.
    pub const fn has_time_part(self) -> bool {
        self.written.get() & TIME != 0
    }

    /// The same duration without its fraction of a second, as version 2.0 wants it.
    #[must_use]
    pub const fn without_fraction(self) -> Self {
        Self { nanosecond: 0, ..self }
    }

    /// The same duration with another fraction of a second, in nanoseconds below 1,000,000,000.
    ///
    /// A fraction that is not zero makes the seconds appear, and the minutes where hours stand
    /// before them.
    pub fn with_subsec_nanosecond(self, nanosecond: u32) -> Option<Self> {
        let mut parts = DurationParts { nanosecond, ..self.parts() };
        if nanosecond > 0 {
            parts.seconds = Some(self.seconds);
        }
        Self::from_parts(parts)
    }

    /// What is compared: nominal days, exact seconds and the fraction.
    const fn key(self) -> (u64, u64, u32) {
        (self.nominal_days(), self.exact_seconds(), self.nanosecond)
    }

    const fn writes(self, bit: NonZeroU8) -> bool {
        self.written.get() & bit.get() != 0
    }

    /// The parts that have to be written when none is wanted for its own sake.
    const fn shortest(self) -> NonZeroU8 {
        let mut written = 0;
        if self.weeks > 0 {
            written |= WEEKS.get();
        }
        if self.days > 0 {
            written |= DAYS.get();
        }
        if self.hours > 0 {
            written |= HOURS.get();
        }
        if self.minutes > 0 || (self.hours > 0 && self.seconds > 0) {
            written |= MINUTES.get();
        }
        if self.seconds > 0 {
            written |= SECONDS.get();
        }
        match NonZeroU8::new(written) {
            Some(written) => written,
            None => SECONDS,
        }
    }

    /// The longest form has five numbers of ten digits, nine digits of fraction and nine other
    /// characters.
    fn text(&self) -> Text<80> {
        let mut text = Text::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut Text<80>) {
        text.push(b'P');
        self.write_part(text, WEEKS, self.weeks, b'W');
        self.write_part(text, DAYS, self.days, b'D');
        if !self.has_time_part() {
            return;
        }
        text.push(b'T');
        self.write_part(text, HOURS, self.hours, b'H');
        self.write_part(text, MINUTES, self.minutes, b'M');
        if self.writes(SECONDS) {
            text.number(self.seconds.into());
            text.fraction(self.nanosecond);
            text.push(b'S');
        }
    }

    fn write_part(&self, text: &mut Text<80>, bit: NonZeroU8, number: u32, unit: u8) {
        if self.writes(bit) {
            text.number(number.into());
            text.push(unit);
        }
    }

    fn from_ascii(text: &[u8]) -> Option<Self> {
        let mut rest = text.strip_prefix(b"P")?;
        let mut parts = DurationParts {
            weeks: part(&mut rest, b'W')?,
            days: part(&mut rest, b'D')?,
            ..Default::default()
        };
        if let Some(mut time) = rest.strip_prefix(b"T") {
            parts.hours = part(&mut time, b'H')?;
            parts.minutes = part(&mut time, b'M')?;
            (parts.seconds, parts.nanosecond) = seconds(&mut time)?;
            let apart = parts.hours.is_some() && parts.minutes.is_none() && parts.seconds.is_some();
            let empty = parts.hours.or(parts.minutes).or(parts.seconds).is_none();
            if apart || empty {
                return None;
            }
            rest = time;
        }
        if rest.is_empty() { Self::from_parts(parts) } else { None }
    }
}

/// Takes a number and its unit from the front, if that unit comes next. `None` for a number that
/// does not fit.
fn part(rest: &mut &[u8], unit: u8) -> Option<Option<u32>> {
    let (digits, after) = split_digits(rest);
    let Some(after) = after.strip_prefix(&[unit]) else { return Some(None) };
    *rest = after;
    number(digits).map(Some)
}

/// Takes seconds with or without a fraction from the front, if they come next.
fn seconds(rest: &mut &[u8]) -> Option<(Option<u32>, u32)> {
    let (digits, after) = split_digits(rest);
    let Some(after) = after.strip_prefix(b".") else { return Some((part(rest, b'S')?, 0)) };
    let (fraction, after) = split_digits(after);
    *rest = after.strip_prefix(b"S")?;
    Some((Some(number(digits)?), parse_fraction(fraction)?))
}

fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, &[]))
}

fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits
        .iter()
        .try_fold(0u32, |number, digit| number.checked_mul(10)?.checked_add((digit - b'0').into()))
}

impl Default for Duration {
    fn default() -> Self {
        Self::ZERO
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Duration {}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Duration {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl Hash for Duration {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl FromStr for Duration {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::from_ascii(text.as_bytes()).ok_or_else(|| ParseError::new(EXPECTED, text))
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Duration({self})")
    }
}

scalar!(Duration, EXPECTED);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn duration(text: &str) -> Duration {
        text.parse().unwrap()
    }

    pub(super) fn any_duration() -> impl Strategy<Value = Duration> {
        let part = || prop_oneof![2 => Just(None), 1 => Just(Some(0)), 3 => (0..100u32).prop_map(Some), 1 => any::<u32>().prop_map(Some)];
        let fraction = prop_oneof![3 => Just(0), 1 => 0..1_000_000_000u32];
        (part(), part(), part(), part(), part(), fraction).prop_filter_map(
            "has a part",
            |(weeks, days, hours, minutes, seconds, nanosecond)| {
                let nanosecond = if seconds.is_some() { nanosecond } else { 0 };
                Duration::from_parts(DurationParts {
                    weeks,
                    days,
                    hours,
                    minutes,
                    seconds,
                    nanosecond,
                })
            },
        )
    }

    #[test]
    fn an_option_takes_no_more_room() {
        assert_eq!(size_of::<Duration>(), 28);
        assert_eq!(size_of::<Option<Duration>>(), 28);
    }

    #[test]
    fn keeps_what_is_written() {
        for text in [
            "PT0S",
            "P0D",
            "P1W",
            "P7D",
            "P1W2D",
            "P1DT0S",
            "PT90M",
            "PT1H30M",
            "PT1H0M5S",
            "PT36H",
            "PT1M",
            "PT0.5S",
            "P1W2DT3H4M5.000000006S",
            "PT1H",
            "PT1M5S",
            "P0W",
            "P4294967295W4294967295DT4294967295H4294967295M4294967295.999999999S",
        ] {
            assert_eq!(duration(text).to_string(), text);
        }
    }

    #[test]
    fn refuses_what_the_grammar_refuses() {
        for wrong in [
            "",
            "P",
            "PT",
            "1D",
            "P1",
            "P1DT",
            "PT1",
            "P1Y",
            "P1M",
            "P1H",
            "PT1D",
            "PT1W",
            "PT1H5S",
            "P1D1W",
            "PT1M1H",
            "PT1S1M",
            "-P1D",
            "+P1D",
            "p1d",
            "P-1D",
            "P1.5D",
            "PT1.5H",
            "PT1.5M",
            "PT1.0S",
            "PT1.50S",
            "PT.5S",
            "PT1.S",
            "P1D ",
            " P1D",
            "PT1H1H",
            "PD",
            "PTS",
            "P1DT1H30",
            "P4294967296D",
            "P9999999999999W",
            "PT99999999999999999999999999S",
            "PT1.1234567891S",
            "P١D",
        ] {
            assert!(wrong.parse::<Duration>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn leading_zeros_are_read_but_not_kept() {
        assert_eq!(duration("PT005M").to_string(), "PT5M");
        assert_eq!(duration("P00000000000001D").to_string(), "P1D");
    }

    #[test]
    fn equality_is_about_days_and_seconds() {
        for (one, two) in [
            ("PT90M", "PT1H30M"),
            ("P1W", "P7D"),
            ("P1DT0S", "P1D"),
            ("PT0S", "P0D"),
            ("PT60S", "PT1M"),
            ("P1W1D", "P8D"),
        ] {
            assert_eq!(duration(one), duration(two));
            assert_eq!(BTreeSet::from([duration(one), duration(two)]).len(), 1);
        }
        for (one, two) in [("P1D", "PT24H"), ("PT1S", "PT1.5S"), ("P1W", "P1D")] {
            assert_ne!(duration(one), duration(two));
        }
    }

    #[test]
    fn questions() {
        assert!(duration("P0DT0S").is_zero());
        assert!(!duration("PT0.1S").is_zero());
        assert!(duration("P1DT0S").has_time_part());
        assert!(!duration("P1W1D").has_time_part());
        assert_eq!(duration("P1W2DT3H4M5.5S").nominal_days(), 9);
        assert_eq!(duration("P1W2DT3H4M5.5S").exact_seconds(), 11_045);
        assert_eq!(duration("P1W2DT3H4M5.5S").subsec_nanosecond(), 500_000_000);
        assert_eq!(duration("P1W2DT3H4M5.5S").without_fraction().to_string(), "P1W2DT3H4M5S");
    }

    #[test]
    fn constructors() {
        assert_eq!(Duration::new(0, 0).to_string(), "PT0S");
        assert_eq!(Duration::new(u32::MAX, u32::MAX).to_string(), "P4294967295DT1193046H28M15S");
        assert_eq!(
            Duration::from_exact_seconds(0).map(|length| length.to_string()).as_deref(),
            Some("PT0S")
        );
        assert_eq!(
            Duration::from_exact_seconds(90_000).map(|length| length.to_string()).as_deref(),
            Some("PT25H")
        );
        assert!(Duration::from_exact_seconds(u64::MAX).is_none());
        assert!(Duration::from_parts(DurationParts::default()).is_none());
        let lost = DurationParts { hours: Some(1), nanosecond: 5, ..DurationParts::default() };
        assert!(Duration::from_parts(lost).is_none());
        assert_eq!(
            duration("PT1H").with_subsec_nanosecond(5).unwrap().to_string(),
            "PT1H0M0.000000005S"
        );
        assert_eq!(duration("P1D").with_subsec_nanosecond(0).unwrap().to_string(), "P1D");
    }

    #[test]
    fn messages() {
        insta::assert_snapshot!("PT1H5S".parse::<Duration>().unwrap_err(), @r#"expected a duration such as P1D or PT1H30M, found "PT1H5S""#);
        insta::assert_snapshot!(serde_json::from_str::<Duration>("true").unwrap_err(), @"invalid type: boolean `true`, expected a duration such as P1D or PT1H30M at line 1 column 4");
        insta::assert_debug_snapshot!(duration("PT90M"), @"Duration(PT90M)");
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(length in any_duration()) {
            let text = length.to_string();
            let again: Duration = text.parse().unwrap();
            prop_assert_eq!(again.parts(), length.parts());
            let json = serde_json::to_string(&length).unwrap();
            prop_assert_eq!(serde_json::from_str::<Duration>(&json).unwrap().parts(), length.parts());
        }

        #[test]
        fn any_text_is_read_or_refused(text in "P?([0-9]{1,11}[WDHMST.]){0,5}") {
            if let Ok(length) = text.parse::<Duration>() {
                prop_assert_eq!(length.to_string().parse::<Duration>(), Ok(length));
            }
        }

        #[test]
        fn order_agrees_with_equality(one in any_duration(), two in any_duration()) {
            prop_assert_eq!(one.cmp(&two) == Ordering::Equal, one == two);
        }
    }
}
