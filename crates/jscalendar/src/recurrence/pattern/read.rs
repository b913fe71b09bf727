//! Reading a rule.

use json_model::Part as _;

use super::days::{Days, FromBothEnds, Months, Skip, Weekdays};
use super::times::Times;
use super::unit::Unit;
use super::{LAST_DAY, Pattern, day_of};
use crate::date::civil::{DAY, weekday_from_days};
use crate::recurrence::calendar::{Calendar, Month};
use crate::recurrence::{Reading, RuleError};
use crate::{LocalDateTime, NDay, RecurrenceRule, Weekday};

/// More positions than a year has days are more than anybody means.
const MAX_POSITIONS: usize = 2 * 366;

/// The highest place of a weekday in a year.
const MAX_NTH: i64 = 53;

type Result<T> = std::result::Result<T, RuleError>;

impl Pattern {
    /// The rule in one reading.
    pub(in crate::recurrence) fn new(
        rule: &RecurrenceRule,
        start: LocalDateTime,
        reading: Reading,
    ) -> Result<Self> {
        let mut pattern = Self::as_written(rule, start, reading)?;
        match reading {
            Reading::Standard => pattern.days.fill_by_standard(pattern.unit, day_of(start)),
            Reading::Rrule => pattern.days.fill_by_rrule(pattern.unit, day_of(start)),
        }
        pattern.settle_skip();
        pattern.widen(start);
        pattern.is_dense = pattern.find_dense();
        pattern.only_time = pattern.find_only_time();
        Ok(pattern)
    }

    fn as_written(rule: &RecurrenceRule, start: LocalDateTime, reading: Reading) -> Result<Self> {
        readable(rule)?;
        let unit = rule.frequency.as_ref().and_then(Unit::new);
        let unit = unit.ok_or_else(|| RuleError::new("frequency", "a unit of time"))?;
        let interval = interval(rule.interval)?;
        ends(rule)?;
        let calendar = Calendar::named(rule.rscale.as_deref())
            .ok_or_else(|| RuleError::new("rscale", "a calendar that is known here"))?;
        let week_start = rule.first_day_of_week.as_ref().map_or(Some(0), weekday_index);
        let week_start =
            week_start.ok_or_else(|| RuleError::new("firstDayOfWeek", "a day of the week"))?;
        let (second, day) = (second_of_day(start), day_of(start));
        let days = Days {
            months: months(&rule.by_month, calendar.is_gregorian())?,
            month_days: month_days(&rule.by_month_day, calendar.is_gregorian())?,
            year_days: year_days(&rule.by_year_day, calendar.is_gregorian())?,
            weeks: weeks(&rule.by_week_no, calendar.is_gregorian())?,
            weekdays: weekdays(rule, unit, reading)?,
            week_start,
            skip: skip(rule)?,
            calendar,
        };
        Ok(Self {
            interval,
            last_period: unit.period(LAST_DAY, DAY - 1, week_start, &days.calendar),
            first_period: unit.period(day, second, week_start, &days.calendar),
            times: times(rule, unit, start)?,
            positions: positions(&rule.by_set_position)?,
            is_dense: false,
            only_time: None,
            unit,
            days,
        })
    }

    /// Forgets `skip` where nothing can be missing.
    fn settle_skip(&mut self) {
        // Only years and months have days that others lack (RFC 7529, section 4.1).
        let always = |days: u64| days >> 29 == 0;
        let Days { months, month_days, year_days, calendar, .. } = &self.days;
        let listed = month_days.unwrap_or_default();
        let plain = calendar.is_gregorian()
            && always(listed.start | listed.end)
            && year_days.iter().flatten().all(|day| day.abs() <= 365);
        let no_leap_month = months.is_none_or(|months| months.leap == 0);
        if self.unit < Unit::Month || plain && no_leap_month {
            self.days.skip = Skip::Omit;
        }
    }

    /// Makes months the periods where it is all the same: they are quicker to go through and to count than shorter ones
    /// that filters take from unevenly.
    fn widen(&mut self, start: LocalDateTime) {
        let every = self.interval == 1 && self.positions.is_empty();
        if every && self.unit < Unit::Month && self.constant().is_none() {
            self.unit = Unit::Month;
            self.first_period = self.period(start.clock_seconds());
            self.last_period = self.period(LAST_DAY * DAY);
        }
    }
}

impl RecurrenceRule {
    /// Says what the rule takes from `start` about days that can be missing, so that another start of the same series
    /// does not change it: the first instance after one on 31 January may be on 1 March.
    pub(crate) fn made_explicit(&mut self, start: LocalDateTime) {
        let Some(calendar) = Calendar::named(self.rscale.as_deref()) else { return };
        let frequency = self.frequency.as_ref().and_then(Unit::new);
        let of_year = frequency == Some(Unit::Year) && self.by_year_day.is_empty();
        if self.skip.is_none() || !self.by_week_no.is_empty() {
            return;
        }
        let no_day = self.by_month_day.is_empty() && self.by_day.is_empty();
        let month = calendar.month_of(day_of(start));
        if of_year && self.by_month.is_empty() && (no_day || !self.by_month_day.is_empty()) {
            let leap = if month.is_leap { "L" } else { "" };
            self.by_month.push(format!("{}{leap}", month.number));
        }
        if no_day && (of_year || frequency == Some(Unit::Month)) {
            self.by_month_day.push(day_of(start) - month.first + 1);
        }
    }
}

impl Days {
    /// Takes from the start what RFC 8984, section 4.3.3, takes from it.
    fn fill_by_standard(&mut self, unit: Unit, start: i64) {
        let no_day = self.month_days.is_none() && self.weekdays.is_none();
        match unit {
            Unit::Week if self.weekdays.is_none() => self.weekdays = Some(weekday_of(start)),
            Unit::Month if no_day => self.month_days = Some(self.day_of_month(start)),
            Unit::Year if self.year_days.is_none() => {
                let by_day = self.month_days.is_some() || self.weekdays.is_none();
                if self.months.is_none() && self.weeks.is_none() && by_day {
                    self.months = Some(self.month_of_year(start));
                }
                if no_day && self.weeks.is_none() {
                    self.month_days = Some(self.day_of_month(start));
                } else if no_day {
                    self.weekdays = Some(weekday_of(start));
                }
            }
            _ => {}
        }
    }

    /// Takes from the start what most readers of `RRULE` take from it: a day only if the rule says
    /// nothing at all of days, and a month only together with the day.
    fn fill_by_rrule(&mut self, unit: Unit, start: i64) {
        let any_day = self.month_days.is_some()
            || self.year_days.is_some()
            || self.weeks.is_some()
            || self.weekdays.is_some();
        match unit {
            _ if any_day => {}
            Unit::Week => self.weekdays = Some(weekday_of(start)),
            Unit::Month => self.month_days = Some(self.day_of_month(start)),
            Unit::Year => {
                self.months = self.months.or_else(|| Some(self.month_of_year(start)));
                self.month_days = Some(self.day_of_month(start));
            }
            _ => {}
        }
    }

    fn day_of_month(&self, day: i64) -> FromBothEnds<u64> {
        FromBothEnds { start: 1 << (day - self.calendar.month_of(day).first + 1), end: 0 }
    }

    fn month_of_year(&self, day: i64) -> Months {
        let Month { number, is_leap, .. } = self.calendar.month_of(day);
        let bit = 1 << number;
        if is_leap { Months { regular: 0, leap: bit } } else { Months { regular: bit, leap: 0 } }
    }
}

fn second_of_day(at: LocalDateTime) -> i64 {
    at.clock_seconds() - day_of(at) * DAY
}

fn weekday_of(day: i64) -> Weekdays {
    Weekdays { all: 1 << weekday_from_days(day), ..Weekdays::default() }
}

/// A member that could not be read is kept among the unknown ones.
fn readable(rule: &RecurrenceRule) -> Result<()> {
    match rule.extra.keys().find(|name| rule.knows(name) && !rule.is_set(name)) {
        Some(name) => Err(RuleError::new(name, "a value of the right type")),
        None => Ok(()),
    }
}

fn interval(interval: Option<u64>) -> Result<i64> {
    match interval.unwrap_or(1) {
        0 => Err(RuleError::new("interval", "a number from 1 on")),
        // Further than all that can be written is far enough.
        interval => Ok(i64::try_from(interval).unwrap_or(i64::MAX)),
    }
}

fn ends(rule: &RecurrenceRule) -> Result<()> {
    match (rule.count, rule.until) {
        (Some(0), _) => Err(RuleError::new("count", "a number from 1 on")),
        (Some(_), Some(_)) => Err(RuleError::new("until", "either count or until")),
        _ => Ok(()),
    }
}

fn skip(rule: &RecurrenceRule) -> Result<Skip> {
    match &rule.skip {
        None | Some(crate::Skip::Omit) => Ok(Skip::Omit),
        Some(crate::Skip::Backward) => Ok(Skip::Backward),
        Some(crate::Skip::Forward) => Ok(Skip::Forward),
        Some(_) => Err(RuleError::new("skip", "omit, backward or forward")),
    }
}

// The lists: `None` where there is none.

fn months(texts: &[String], gregorian: bool) -> Result<Option<Months>> {
    let mut months = Months::default();
    for (index, text) in texts.iter().enumerate() {
        let (digits, set) = match text.strip_suffix(['L', 'l']) {
            Some(digits) if !gregorian => (digits, &mut months.leap),
            _ => (text.as_str(), &mut months.regular),
        };
        let last = if gregorian { 12 } else { 13 };
        let number = digits.parse().ok().filter(|_| !digits.starts_with(['+', '0']));
        let number = number.filter(|number: &u8| (1..=last).contains(number));
        let expected = if gregorian {
            "a month from 1 to 12"
        } else {
            "a month from 1 to 13, with an L behind it if it is a leap month"
        };
        *set |= 1 << number.ok_or_else(|| at("byMonth", index, expected))?;
    }
    Ok((!texts.is_empty()).then_some(months))
}

fn month_days(numbers: &[i64], gregorian: bool) -> Result<Option<FromBothEnds<u64>>> {
    match gregorian {
        true => from_both_ends("byMonthDay", numbers, 31, "a day from 1 to 31 or -31 to -1"),
        false => from_both_ends("byMonthDay", numbers, 32, "a day from 1 to 32 or -32 to -1"),
    }
}

fn year_days(numbers: &[i64], gregorian: bool) -> Result<Option<Vec<i64>>> {
    match gregorian {
        true => sorted("byYearDay", numbers, 366, "a day from 1 to 366 or -366 to -1"),
        false => sorted("byYearDay", numbers, 385, "a day from 1 to 385 or -385 to -1"),
    }
}

fn weeks(numbers: &[i64], gregorian: bool) -> Result<Option<FromBothEnds<u64>>> {
    match gregorian {
        true => from_both_ends("byWeekNo", numbers, 53, "a week from 1 to 53 or -53 to -1"),
        false => from_both_ends("byWeekNo", numbers, 56, "a week from 1 to 56 or -56 to -1"),
    }
}

fn positions(numbers: &[i64]) -> Result<Vec<i64>> {
    let expected = "a position from either end, not 0";
    let positions = sorted("bySetPosition", numbers, i64::MAX, expected)?.unwrap_or_default();
    if positions.len() > MAX_POSITIONS {
        return Err(at("bySetPosition", MAX_POSITIONS, "not so many positions"));
    }
    Ok(positions)
}

fn from_both_ends(
    member: &str,
    numbers: &[i64],
    max: i64,
    expected: &'static str,
) -> Result<Option<FromBothEnds<u64>>> {
    let mut set = FromBothEnds::default();
    for (index, number) in numbers.iter().enumerate() {
        match number {
            _ if !is_position(*number, max) => return Err(at(member, index, expected)),
            1.. => set.start |= 1 << number,
            _ => set.end |= 1 << -number,
        }
    }
    Ok((!numbers.is_empty()).then_some(set))
}

fn sorted(
    member: &str,
    numbers: &[i64],
    max: i64,
    expected: &'static str,
) -> Result<Option<Vec<i64>>> {
    if let Some(index) = numbers.iter().position(|number| !is_position(*number, max)) {
        return Err(at(member, index, expected));
    }
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    Ok((!numbers.is_empty()).then_some(numbers))
}

fn is_position(number: i64, max: i64) -> bool {
    number != 0 && number >= -max && number <= max
}

fn weekdays(rule: &RecurrenceRule, unit: Unit, reading: Reading) -> Result<Option<Weekdays>> {
    let of_year = unit == Unit::Year && rule.by_month.is_empty();
    let mut weekdays = Weekdays { of_year, ..Weekdays::default() };
    for (index, day) in rule.by_day.iter().enumerate() {
        let weekday = 1 << weekday(day, index)?;
        match day.nth_of_period {
            Some(nth) if nth_counts(nth, index, rule, unit, reading)? => {
                weekdays.nth.push((nth as i8, weekday));
            }
            _ => weekdays.all |= weekday,
        }
    }
    weekdays.nth.sort_unstable();
    weekdays.nth.dedup();
    Ok((!rule.by_day.is_empty()).then_some(weekdays))
}

fn weekday(day: &NDay, index: usize) -> Result<u8> {
    let unread = day.extra.keys().any(|name| day.knows(name) && !day.is_set(name));
    let weekday = day.day.as_ref().and_then(weekday_index).filter(|_| !unread);
    weekday.ok_or_else(|| at("byDay", index, "a day of the week"))
}

/// Whether the place of a weekday means something.
///
/// RFC 5545, section 3.3.10, forbids it in rules of weeks and less, and together with weeks; most readers of `RRULE`
/// pass over it in the former.
fn nth_counts(
    nth: i64,
    index: usize,
    rule: &RecurrenceRule,
    unit: Unit,
    reading: Reading,
) -> Result<bool> {
    let wrong = |expected| Err(RuleError::new(format!("byDay/{index}/nthOfPeriod"), expected));
    match () {
        () if !is_position(nth, MAX_NTH) => wrong("a place from 1 to 53 or -53 to -1"),
        () if reading == Reading::Rrule => Ok(unit >= Unit::Month),
        () if unit < Unit::Month => wrong("a rule of months or years"),
        () if !rule.by_week_no.is_empty() => wrong("a rule without byWeekNo"),
        () => Ok(true),
    }
}

fn weekday_index(weekday: &Weekday) -> Option<u8> {
    match weekday {
        Weekday::Monday => Some(0),
        Weekday::Tuesday => Some(1),
        Weekday::Wednesday => Some(2),
        Weekday::Thursday => Some(3),
        Weekday::Friday => Some(4),
        Weekday::Saturday => Some(5),
        Weekday::Sunday => Some(6),
        _ => None,
    }
}

/// A part of the time of day that the rule leaves out is that of the start, unless the frequency is
/// that part or a shorter one: then the rule takes all of them.
fn times(rule: &RecurrenceRule, unit: Unit, start: LocalDateTime) -> Result<Times> {
    let all = Times::ALL;
    let from_start = |part: Unit, start: u8, all: u64| if unit > part { 1 << start } else { all };
    let hours = from_start(Unit::Hour, start.hour(), all.hours.into());
    let minutes = from_start(Unit::Minute, start.minute(), all.minutes);
    let seconds = from_start(Unit::Second, start.second().min(59), all.seconds);
    Ok(Times {
        hours: clock("byHour", &rule.by_hour, 23, "an hour from 0 to 23")?.unwrap_or(hours) as u32,
        minutes: clock("byMinute", &rule.by_minute, 59, "a minute from 0 to 59")?
            .unwrap_or(minutes),
        // No clock shows the second 60, so it is allowed and never comes.
        seconds: clock("bySecond", &rule.by_second, 60, "a second from 0 to 60")?
            .unwrap_or(seconds)
            & all.seconds,
    })
}

fn clock(member: &str, numbers: &[u64], max: u64, expected: &'static str) -> Result<Option<u64>> {
    if let Some(index) = numbers.iter().position(|number| *number > max) {
        return Err(at(member, index, expected));
    }
    let set = numbers.iter().fold(0, |set, number| set | 1 << number);
    Ok((!numbers.is_empty()).then_some(set))
}

fn at(member: &str, index: usize, expected: &'static str) -> RuleError {
    RuleError::new(format!("{member}/{index}"), expected)
}
