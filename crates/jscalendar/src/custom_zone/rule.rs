//! The recurrence rules by which clocks are set.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Weekday;

use super::CustomZoneError;
use crate::date::civil::{DAY, days_from_civil, days_in_month, is_leap_year, weekday_from_days};
use crate::date::error::shortened;
use crate::date::{LocalDateTime, UtcDateTime};

/// The part of RFC 5545's recurrence rules (section 3.3.10) by which clocks are set: some days of
/// some months, every year or every so many years.
///
/// ```
/// use jscalendar::YearlyRule;
///
/// let rule: YearlyRule = "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU".parse()?;
/// let start = "2007-03-11T02:00:00".parse()?;
/// assert_eq!(rule.occurrences_in(2024, start), ["2024-03-10T02:00:00".parse()?]);
/// assert!("FREQ=MONTHLY;BYDAY=1SU".parse::<YearlyRule>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct YearlyRule {
    /// Years from one to the next, at least 1; counted from the year of the start.
    pub interval: u32,
    /// `BYMONTH`: months from 1 to 12.
    pub months: Vec<u8>,
    /// `BYDAY`: weekdays.
    pub days: Vec<RuleDay>,
    /// `BYMONTHDAY`: days of the month from 1 to 31, or from -1 (the last) to -31. Together with
    /// weekdays, a date has to be in both.
    pub month_days: Vec<i8>,
    /// `BYYEARDAY`: days of the year from 1 to 366, or from -1 (the last) to -366. A date has to be in
    /// this list as well.
    pub year_days: Vec<i16>,
    /// `BYHOUR`: the hour, where it is not that of the start.
    pub hour: Option<u8>,
    /// `BYMINUTE`: the minute, where it is not that of the start.
    pub minute: Option<u8>,
    /// `BYSECOND`: the second, where it is not that of the start.
    pub second: Option<u8>,
    /// Where it ends.
    pub end: RuleEnd,
}

/// A weekday of [`YearlyRule`].
#[allow(clippy::exhaustive_structs, reason = "the grammar is closed, and users build this value")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleDay {
    /// The first (1) to the fifth (5) of the month, or the last (-1) to the fifth from the end
    /// (-5); `None` for all.
    pub ordinal: Option<i8>,
    /// The weekday.
    pub weekday: Weekday,
}

/// Where a [`YearlyRule`] ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleEnd {
    /// Nowhere.
    #[default]
    Never,
    /// With the last time that is not after this instant.
    Until(UtcDateTime),
    /// After so many times, the start being the first.
    Count(u32),
}

impl YearlyRule {
    /// Every year on the date of the start.
    pub const fn new() -> Self {
        Self {
            interval: 1,
            months: Vec::new(),
            days: Vec::new(),
            month_days: Vec::new(),
            year_days: Vec::new(),
            hour: None,
            minute: None,
            second: None,
            end: RuleEnd::Never,
        }
    }

    /// The times of one year, in their order, for a rule that starts at `start`.
    ///
    /// Where the rule ends is not looked at: `UNTIL` cannot be compared without an offset. A rule
    /// with numbers out of range has no times.
    pub fn occurrences_in(&self, year: u16, start: LocalDateTime) -> Vec<LocalDateTime> {
        let Ok(rule) = Compiled::new(self, start) else { return Vec::new() };
        let earliest = start.clock_seconds();
        let times = rule.clocks_in(year.into()).filter(|clock| *clock >= earliest);
        times.filter_map(LocalDateTime::from_clock_seconds).collect()
    }
}

impl Default for YearlyRule {
    fn default() -> Self {
        Self::new()
    }
}

/// A rule made ready for questions.
///
/// Which days of a year it takes depends on nothing but the weekday of 1 January and whether there
/// is a 29 February, so fourteen short lists answer for all years.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    pub(super) first_year: i64,
    pub(super) interval: i64,
    second_of_day: i64,
    /// Days of the year, counted from 0, of all fourteen kinds of year one after the other.
    days: Vec<u16>,
    /// Where the list of each kind ends.
    ends: [u16; KINDS],
}

const KINDS: usize = 14;

impl Compiled {
    pub(super) fn new(rule: &YearlyRule, start: LocalDateTime) -> Result<Self, CustomZoneError> {
        let pattern = Pattern::new(rule, start)?;
        let mut days = Vec::with_capacity(KINDS);
        let mut ends = [0; KINDS];
        for (kind, end) in ends.iter_mut().enumerate() {
            pattern.push_days(kind, &mut days);
            // At most 14 * 366 = 5,124 days.
            *end = days.len() as u16;
        }
        let hour = rule.hour.unwrap_or_else(|| start.hour());
        let minute = rule.minute.unwrap_or_else(|| start.minute());
        let second = rule.second.unwrap_or_else(|| start.second().min(59));
        Ok(Self {
            first_year: start.year().into(),
            interval: rule.interval.into(),
            second_of_day: i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second),
            days,
            ends,
        })
    }

    /// Whether there is no year with an occurrence.
    pub(super) fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The occurrences of a year, in seconds on the local clock and in their order.
    pub(super) fn clocks_in(&self, year: i64) -> impl Iterator<Item = i64> {
        let (first, days) = self.days_in(year);
        days.iter().map(move |day| (first + i64::from(*day)) * DAY + self.second_of_day)
    }

    /// The last occurrence of a year that is not after `clock`, in seconds on the local clock.
    pub(super) fn last_clock_in(&self, year: i64, clock: i64) -> Option<i64> {
        let (first, days) = self.days_in(year);
        let clock_of = |day: &u16| (first + i64::from(*day)) * DAY + self.second_of_day;
        let after = days.partition_point(|day| clock_of(day) <= clock);
        after.checked_sub(1).and_then(|index| days.get(index)).map(clock_of)
    }

    /// The first day of a year, counted from 1970, and the days of it that are taken.
    fn days_in(&self, year: i64) -> (i64, &[u16]) {
        let first = days_from_civil(year, 1, 1);
        let takes = year >= self.first_year && (year - self.first_year) % self.interval == 0;
        (first, if takes { self.days_of(kind_of(year, first)) } else { &[] })
    }

    fn days_of(&self, kind: usize) -> &[u16] {
        let end = |kind: usize| self.ends.get(kind).map_or(0, |end| usize::from(*end));
        let start = kind.checked_sub(1).map_or(0, end);
        self.days.get(start..end(kind)).unwrap_or_default()
    }
}

fn kind_of(year: i64, first_day: i64) -> usize {
    usize::from(weekday_from_days(first_day)) + if is_leap_year(year) { 7 } else { 0 }
}

/// A rule with its lists in a form that is quick to ask; in every set of days bit 1 is the first.
struct Pattern {
    /// Bit 1 is January.
    months: u16,
    /// Ordinals and weekdays, without repetition; ordinal 0 stands for all of the month, weekday 0 for Monday.
    weekdays: Vec<(i8, u8)>,
    /// Days counted from the first, and those counted from the last.
    month_days: Option<(u32, u32)>,
    /// Sorted; empty for all.
    year_days: Vec<i16>,
}

impl Pattern {
    fn new(rule: &YearlyRule, start: LocalDateTime) -> Result<Self, CustomZoneError> {
        check_numbers(rule)?;
        let weekdays = numbered_weekdays(&rule.days);
        let mut month_days =
            (!rule.month_days.is_empty()).then(|| month_day_sets(&rule.month_days));
        let mut year_days = rule.year_days.clone();
        year_days.sort_unstable();
        let mut months = rule.months.iter().fold(0, |set, month| set | 1 << month);
        let only_months = weekdays.is_empty() && month_days.is_none() && year_days.is_empty();
        if only_months {
            month_days = Some((1 << start.day(), 0));
        }
        if months == 0 {
            months = if only_months { 1 << start.month() } else { ALL_MONTHS };
        }
        Ok(Self { months, weekdays, month_days, year_days })
    }

    fn push_days(&self, kind: usize, days: &mut Vec<u16>) {
        let (year, year_length) = if kind < 7 { (2023, 365) } else { (2024, 366) };
        let mut first = 0;
        for month in 1..=12 {
            let length = days_in_month(year, month);
            if self.months & 1 << month != 0 {
                let mut taken = self.days_of_month(((kind as u16 + first) % 7) as u8, length);
                while taken != 0 {
                    let day = first + taken.trailing_zeros() as u16 - 1;
                    if self.takes_year_day(day as i16, year_length) {
                        days.push(day);
                    }
                    taken &= taken - 1;
                }
            }
            first += u16::from(length);
        }
    }

    fn takes_year_day(&self, day: i16, year_length: i16) -> bool {
        let listed = |number: i16| self.year_days.binary_search(&number).is_ok();
        self.year_days.is_empty() || listed(day + 1) || listed(day - year_length)
    }

    /// The days that are taken of a month that begins with the given weekday.
    fn days_of_month(&self, first_weekday: u8, length: u8) -> u32 {
        let all = (u32::MAX >> (31 - length)) & !1;
        let weekdays = match self.weekdays.as_slice() {
            [] => all,
            some => some.iter().fold(0, |days, (ordinal, weekday)| {
                let first = 1 + (weekday + 7 - first_weekday) % 7;
                days | nth_weekdays(*ordinal, first, length)
            }),
        };
        let month_days = self.month_days.map_or(all, |(from_first, from_last)| {
            // Day n from the last is day `length + 1 - n`; reversing the bits makes 31 - n of n.
            let reversed = u64::from(from_last.reverse_bits()) << (length + 1);
            from_first | (reversed >> 31) as u32
        });
        all & weekdays & month_days
    }
}

/// Bits 1 to 12.
const ALL_MONTHS: u16 = 0x1ffe;

/// The days of one weekday, whose first is given, that have the ordinal.
fn nth_weekdays(ordinal: i8, first: u8, length: u8) -> u32 {
    let count = (length - first) / 7 + 1;
    let index = match ordinal {
        0 => return EVERY_SEVENTH << first,
        1.. => ordinal.unsigned_abs(),
        _ => (count + 1).saturating_sub(ordinal.unsigned_abs()),
    };
    if (1..=count).contains(&index) { 1 << (first + 7 * (index - 1)) } else { 0 }
}

/// Bits 0, 7, 14, 21 and 28.
const EVERY_SEVENTH: u32 = 0x1020_4081;

fn numbered_weekdays(days: &[RuleDay]) -> Vec<(i8, u8)> {
    let number = |day: &RuleDay| {
        (day.ordinal.unwrap_or(0), day.weekday.to_monday_zero_offset().unsigned_abs())
    };
    let mut weekdays: Vec<(i8, u8)> = days.iter().map(number).collect();
    weekdays.sort_unstable();
    weekdays.dedup();
    weekdays
}

fn month_day_sets(days: &[i8]) -> (u32, u32) {
    days.iter().fold((0, 0), |(from_start, from_end), day| match *day > 0 {
        true => (from_start | 1 << day.unsigned_abs(), from_end),
        false => (from_start, from_end | 1 << day.unsigned_abs()),
    })
}

fn check_numbers(rule: &YearlyRule) -> Result<(), CustomZoneError> {
    let fault = |name: &str, number: i64| Err(rule_part(&format!("{name}={number}")));
    if rule.interval == 0 {
        return fault("INTERVAL", 0);
    }
    if let Some(month) = rule.months.iter().find(|month| !(1..=12).contains(*month)) {
        return fault("BYMONTH", (*month).into());
    }
    if let Some(day) = rule.month_days.iter().find(|day| !(1..=31).contains(&day.unsigned_abs())) {
        return fault("BYMONTHDAY", (*day).into());
    }
    if let Some(day) = rule.year_days.iter().find(|day| !(1..=366).contains(&day.unsigned_abs())) {
        return fault("BYYEARDAY", (*day).into());
    }
    // Without months the standard counts weekdays within the year, which no time zone does.
    let farthest = if rule.months.is_empty() { 0 } else { 5 };
    let out_of_range = |ordinal: &i8| *ordinal == 0 || ordinal.unsigned_abs() > farthest;
    if let Some(ordinal) = rule.days.iter().filter_map(|day| day.ordinal).find(out_of_range) {
        return fault("BYDAY", ordinal.into());
    }
    for (name, number, largest) in
        [("BYHOUR", rule.hour, 23), ("BYMINUTE", rule.minute, 59), ("BYSECOND", rule.second, 59)]
    {
        if let Some(number) = number.filter(|number| *number > largest) {
            return fault(name, number.into());
        }
    }
    Ok(())
}

fn rule_part(part: &str) -> CustomZoneError {
    CustomZoneError::RulePart { part: shortened(part) }
}

/// Reads the value of an `RRULE` property (RFC 5545, section 3.3.10).
///
/// `UNTIL` is taken as UTC even where it says nothing, and as the end of a day where it is a date.
/// `WKST` is read over.
impl FromStr for YearlyRule {
    type Err = CustomZoneError;

    fn from_str(text: &str) -> Result<Self, CustomZoneError> {
        let mut rule = Self::new();
        let mut position = None;
        let mut yearly = false;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| rule_part(part))?;
            let name = name.to_ascii_uppercase();
            let read = match name.as_str() {
                "FREQ" => value.eq_ignore_ascii_case("YEARLY").then(|| yearly = true),
                "INTERVAL" => value.parse().ok().map(|interval| rule.interval = interval),
                "BYMONTH" => {
                    list(value, |month| month.parse().ok()).map(|months| rule.months = months)
                }
                "BYDAY" => list(value, rule_day).map(|days| rule.days = days),
                "BYMONTHDAY" => {
                    list(value, |day| day.parse().ok()).map(|days| rule.month_days = days)
                }
                "BYYEARDAY" => {
                    list(value, |day| day.parse().ok()).map(|days| rule.year_days = days)
                }
                "BYHOUR" => value.parse().ok().map(|hour| rule.hour = Some(hour)),
                "BYMINUTE" => value.parse().ok().map(|minute| rule.minute = Some(minute)),
                "BYSECOND" => value.parse().ok().map(|second| rule.second = Some(second)),
                "BYSETPOS" => value.parse().ok().map(|number: i8| position = Some(number)),
                "UNTIL" => until(value).map(|until| rule.end = RuleEnd::Until(until)),
                "COUNT" => value.parse().ok().map(|count| rule.end = RuleEnd::Count(count)),
                "WKST" => Some(()),
                _ => None,
            };
            read.ok_or_else(|| rule_part(part))?;
        }
        if !yearly {
            return Err(rule_part(text));
        }
        if let Some(position) = position {
            rule.set_position(position)?;
        }
        check_numbers(&rule)?;
        Ok(rule)
    }
}

impl YearlyRule {
    /// Takes the n-th of all Sundays of March for the n-th Sunday of March; no other position
    /// occurs.
    fn set_position(&mut self, position: i8) -> Result<(), CustomZoneError> {
        match self.days.as_mut_slice() {
            [day]
                if day.ordinal.is_none()
                    && self.months.len() == 1
                    && self.month_days.is_empty()
                    && self.year_days.is_empty() =>
            {
                day.ordinal = Some(position);
                Ok(())
            }
            _ => Err(rule_part(&format!("BYSETPOS={position}"))),
        }
    }
}

/// No rule of a time zone has more members than a year has days.
fn list<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let members: Option<Vec<T>> = value.split(',').take(367).map(read).collect();
    members.filter(|members| members.len() <= 366)
}

fn rule_day(text: &str) -> Option<RuleDay> {
    let (ordinal, weekday) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let ordinal = if ordinal.is_empty() { None } else { Some(ordinal.parse().ok()?) };
    let index = WEEKDAYS.iter().position(|name| name.eq_ignore_ascii_case(weekday))?;
    Some(RuleDay { ordinal, weekday: Weekday::from_monday_zero_offset(index as i8).ok()? })
}

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

fn until(text: &str) -> Option<UtcDateTime> {
    let (date, time) = text.split_once(['T', 't']).unwrap_or((text, "235959"));
    let time = time.strip_suffix(['Z', 'z']).unwrap_or(time);
    let number = |part: Option<&str>| {
        part.filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()
    };
    if date.len() != 8 || time.len() != 6 {
        return None;
    }
    let year = number(date.get(..4))?;
    let part = |text: &str, range| {
        number(text.get::<std::ops::Range<usize>>(range)).and_then(|part| u8::try_from(part).ok())
    };
    let (month, day) = (part(date, 4..6)?, part(date, 6..8)?);
    let (hour, minute, second) = (part(time, 0..2)?, part(time, 2..4)?, part(time, 4..6)?);
    UtcDateTime::new(year, month, day, hour, minute, second).ok()
}

/// Writes the value of an `RRULE` property (RFC 5545, section 3.3.10).
impl fmt::Display for YearlyRule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FREQ=YEARLY")?;
        if self.interval != 1 {
            write!(formatter, ";INTERVAL={}", self.interval)?;
        }
        write_list(formatter, "BYMONTH", &self.months)?;
        write_list(formatter, "BYMONTHDAY", &self.month_days)?;
        write_list(formatter, "BYYEARDAY", &self.year_days)?;
        write_list(formatter, "BYDAY", &self.days)?;
        for (name, number) in
            [("BYHOUR", self.hour), ("BYMINUTE", self.minute), ("BYSECOND", self.second)]
        {
            if let Some(number) = number {
                write!(formatter, ";{name}={number}")?;
            }
        }
        match self.end {
            RuleEnd::Never => Ok(()),
            RuleEnd::Until(until) => write!(
                formatter,
                ";UNTIL={:04}{:02}{:02}T{:02}{:02}{:02}Z",
                until.year(),
                until.month(),
                until.day(),
                until.hour(),
                until.minute(),
                until.second(),
            ),
            RuleEnd::Count(count) => write!(formatter, ";COUNT={count}"),
        }
    }
}

fn write_list(
    formatter: &mut fmt::Formatter<'_>,
    name: &str,
    members: &[impl fmt::Display],
) -> fmt::Result {
    for (index, member) in members.iter().enumerate() {
        match index {
            0 => write!(formatter, ";{name}={member}")?,
            _ => write!(formatter, ",{member}")?,
        }
    }
    Ok(())
}

/// As in `BYDAY`: `-1SU`.
impl fmt::Display for RuleDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ordinal) = self.ordinal {
            write!(formatter, "{ordinal}")?;
        }
        let index = usize::from(self.weekday.to_monday_zero_offset().unsigned_abs());
        formatter.write_str(WEEKDAYS.get(index).copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dates(rule: &str, start: &str, year: u16) -> String {
        let rule: YearlyRule = rule.parse().unwrap();
        let times = rule.occurrences_in(year, start.parse().unwrap());
        times.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_rules_of_real_zones() {
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "1970-03-29T02:00:00", 2024), @"2024-03-31T02:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYDAY=1SU;BYMONTH=11", "2007-11-04T02:00:00", 2024), @"2024-11-03T02:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU", "2007-03-11T02:00:00", 2024), @"2024-03-10T02:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY;WKST=MO;INTERVAL=1;BYMONTH=3;BYDAY=SU;BYSETPOS=-1", "1970-03-29T02:00:00", 2024), @"2024-03-31T02:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYMINUTE=0;BYHOUR=2;BYDAY=-1SU;BYMONTH=10", "1967-10-29T03:30:00", 2024), @"2024-10-27T02:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY", "1921-04-01T00:00:00", 1925), @"1925-04-01T00:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYMONTH=4,10;BYMONTHDAY=-1", "1921-04-30T00:00:00", 1925), @"1925-04-30T00:00:00 1925-10-31T00:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYMONTH=3;BYDAY=5SU", "1970-03-29T02:00:00", 2023), @"");
        insta::assert_snapshot!(dates("FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=SU", "1970-03-29T02:00:00", 2022), @"2022-03-06T02:00:00 2022-03-13T02:00:00 2022-03-20T02:00:00 2022-03-27T02:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=SU", "1970-03-29T02:00:00", 2023), @"");
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYMONTH=3;BYDAY=SU", "1970-03-15T02:00:00", 1970), @"1970-03-15T02:00:00 1970-03-22T02:00:00 1970-03-29T02:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "1972-02-29T02:00:00", 1900), @"");
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYYEARDAY=-92,-93,-94,-95,-96,-97,-98;BYDAY=SU", "1927-09-25T02:00:00", 1928), @"1928-09-30T02:00:00");
        insta::assert_snapshot!(dates("FREQ=YEARLY;BYYEARDAY=60,366", "1970-01-01T00:00:00", 1972), @"1972-02-29T00:00:00 1972-12-31T00:00:00");
    }

    #[test]
    fn other_rules_are_refused() {
        let error = |rule: &str| rule.parse::<YearlyRule>().unwrap_err().to_string();
        insta::assert_snapshot!(error("FREQ=MONTHLY;BYDAY=1SU"), @r#"the rule of a time zone cannot have "FREQ=MONTHLY""#);
        insta::assert_snapshot!(error("BYDAY=1SU"), @r#"the rule of a time zone cannot have "BYDAY=1SU""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYWEEKNO=1"), @r#"the rule of a time zone cannot have "BYWEEKNO=1""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYDAY=1XX"), @r#"the rule of a time zone cannot have "BYDAY=1XX""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYDAY=1SU"), @r#"the rule of a time zone cannot have "BYDAY=1""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYMONTH=13"), @r#"the rule of a time zone cannot have "BYMONTH=13""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYYEARDAY=-32768"), @r#"the rule of a time zone cannot have "BYYEARDAY=-32768""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYMONTHDAY=0"), @r#"the rule of a time zone cannot have "BYMONTHDAY=0""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYMONTHDAY=-128"), @r#"the rule of a time zone cannot have "BYMONTHDAY=-128""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYMONTH=3;BYDAY=-128SU"), @r#"the rule of a time zone cannot have "BYDAY=-128""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;INTERVAL=0"), @r#"the rule of a time zone cannot have "INTERVAL=0""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYHOUR=24"), @r#"the rule of a time zone cannot have "BYHOUR=24""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;UNTIL=2024"), @r#"the rule of a time zone cannot have "UNTIL=2024""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;BYDAY=SU,MO;BYMONTH=3;BYSETPOS=1"), @r#"the rule of a time zone cannot have "BYSETPOS=1""#);
        insta::assert_snapshot!(error("FREQ=YEARLY;FOO"), @r#"the rule of a time zone cannot have "FOO""#);
        insta::assert_snapshot!(error(""), @r#"the rule of a time zone cannot have """#);
        assert!(error(&format!("FREQ=YEARLY;BYMONTH={}1", "1,".repeat(400))).len() < 100);
    }

    #[test]
    fn the_end_of_a_rule() {
        let end = |rule: &str| rule.parse::<YearlyRule>().unwrap().end;
        let instant = |text: &str| RuleEnd::Until(text.parse().unwrap());
        assert_eq!(end("FREQ=YEARLY;UNTIL=20061029T010000Z"), instant("2006-10-29T01:00:00Z"));
        assert_eq!(end("FREQ=YEARLY;UNTIL=20061029T010000"), instant("2006-10-29T01:00:00Z"));
        assert_eq!(end("FREQ=YEARLY;UNTIL=20061029"), instant("2006-10-29T23:59:59Z"));
        assert_eq!(end("FREQ=YEARLY;COUNT=16"), RuleEnd::Count(16));
    }

    fn any_rule() -> impl Strategy<Value = YearlyRule> {
        let months = proptest::collection::vec(1..=12u8, 0..3);
        let day =
            (prop_oneof![Just(None), (1..=5i8).prop_map(Some), (-5..=-1i8).prop_map(Some)], 0..7i8);
        let month_day = prop_oneof![1..=31i8, -31..=-1i8];
        let time = (proptest::option::of(0..24u8), proptest::option::of(0..60u8));
        let lists = (
            months,
            proptest::collection::vec(day, 0..3),
            proptest::collection::vec(month_day, 0..8),
            prop_oneof![
                3 => Just(Vec::new()),
                1 => proptest::collection::vec(prop_oneof![1..=366i16, -366..=-1i16], 1..60),
            ],
        );
        let end = prop_oneof![
            Just(RuleEnd::Never),
            (1..50u32).prop_map(RuleEnd::Count),
            (0..4_000_000_000i64).prop_map(|seconds| RuleEnd::Until(
                UtcDateTime::from_unix_seconds(seconds).unwrap()
            )),
        ];
        (1..4u32, lists, time, end).prop_map(
            |(interval, (months, days, month_days, year_days), (hour, minute), end)| {
                let no_ordinals = months.is_empty();
                let day = |(ordinal, index): (Option<i8>, i8)| RuleDay {
                    ordinal: ordinal.filter(|_| !no_ordinals),
                    weekday: Weekday::from_monday_zero_offset(index).unwrap(),
                };
                let days = days.into_iter().map(day).collect();
                let lists = YearlyRule { months, days, month_days, year_days, ..YearlyRule::new() };
                YearlyRule { interval, hour, minute, end, ..lists }
            },
        )
    }

    /// Asks of every day of the year whether the rule takes it, in the words of the standard.
    fn slowly(rule: &YearlyRule, year: u16, start: LocalDateTime) -> Vec<LocalDateTime> {
        let first = jiff::civil::date(year as i16, 1, 1);
        let takes = |date: &jiff::civil::Date| {
            let (month, day, length) = (date.month() as u8, date.day(), date.days_in_month());
            let no_day =
                rule.days.is_empty() && rule.month_days.is_empty() && rule.year_days.is_empty();
            let months = match (rule.months.is_empty(), no_day) {
                (false, _) => rule.months.contains(&month),
                (true, true) => month == start.month(),
                (true, false) => true,
            };
            let nth = |wanted: &RuleDay| {
                let ordinals = [Some((day - 1) / 7 + 1), Some(-((length - day) / 7 + 1)), None];
                date.weekday() == wanted.weekday && ordinals.contains(&wanted.ordinal)
            };
            let weekdays = rule.days.is_empty() || rule.days.iter().any(nth);
            let month_days = rule.month_days.is_empty()
                || rule
                    .month_days
                    .iter()
                    .any(|wanted| *wanted == day || *wanted == day - length - 1);
            let (of_year, left) = (date.day_of_year(), date.days_in_year() - date.day_of_year());
            let year_days = rule.year_days.is_empty()
                || rule.year_days.iter().any(|wanted| *wanted == of_year || *wanted == -left - 1);
            let same_day = !no_day || day as u8 == start.day();
            months && weekdays && month_days && year_days && same_day
        };
        if year < start.year() || u32::from(year - start.year()) % rule.interval != 0 {
            return Vec::new();
        }
        let time = |date: jiff::civil::Date| {
            let hour = rule.hour.unwrap_or_else(|| start.hour());
            let minute = rule.minute.unwrap_or_else(|| start.minute());
            LocalDateTime::new(
                year,
                date.month() as u8,
                date.day() as u8,
                hour,
                minute,
                start.second(),
            )
            .unwrap()
        };
        let days =
            first.series(jiff::Span::new().days(1)).take_while(|date| date.year() == first.year());
        days.filter(takes).map(time).filter(|moment| *moment >= start).collect()
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(rule in any_rule()) {
            prop_assert_eq!(rule.to_string().parse::<YearlyRule>(), Ok(rule));
        }

        #[test]
        fn every_day_is_asked(rule in any_rule(), year in 1968..2060u16, month in 1..=12u8, day in 1..=28u8) {
            let start = LocalDateTime::new(1970, month, day, 2, 30, 0).unwrap();
            prop_assert_eq!(rule.occurrences_in(year, start), slowly(&rule, year, start));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "FREQ=YEARLY(;(BYMONTH|BYDAY|BYMONTHDAY|UNTIL|COUNT|INTERVAL|BYSETPOS)=[-+0-9,SUMOTZ]{0,9}){0,3}") {
            if let Ok(rule) = text.parse::<YearlyRule>() {
                let _ = rule.occurrences_in(9999, LocalDateTime::MIN);
            }
        }
    }
}
