//! Rules for recurrence rules.

use std::fmt::Display;

use super::check::Check;
use super::rule::{COUNT_AND_UNTIL, OUT_OF_RANGE, WRONG_VALUE};
use crate::{Frequency, NDay, RecurrenceRule, Skip, Weekday};

pub(super) fn rule(rule: &RecurrenceRule, check: &mut Check) {
    check.names(rule, &[], &[]);
    check.demand(&rule.extra, rule.frequency.is_some(), "frequency");
    if let Some(frequency) = &rule.frequency {
        check.value("frequency", frequency.as_str(), Frequency::REGISTERED);
    }
    if let Some(skip) = &rule.skip {
        check.value("skip", skip.as_str(), Skip::REGISTERED);
    }
    if let Some(day) = &rule.first_day_of_week {
        check.value("firstDayOfWeek", day.as_str(), Weekday::REGISTERED);
    }
    if rule.rscale.as_deref().is_some_and(|it| it.contains(|c: char| c.is_ascii_uppercase())) {
        check.fails(WRONG_VALUE, "rscale", "the name of a calendar is in lower case");
    }
    check.whole_second("until", rule.until);
    if rule.count.is_some() && rule.until.is_some() {
        check.fails(COUNT_AND_UNTIL, "until", "a rule has count or until, not both");
    }
    check.range("interval", rule.interval, 1, u64::MAX);
    check.range("count", rule.count, 1, u64::MAX);
    days(&rule.by_day, check);
    lists(rule, check);
}

fn days(days: &[NDay], check: &mut Check) {
    check.at("byDay", |check| {
        for (index, day) in days.iter().enumerate() {
            check.at(&index.to_string(), |check| {
                check.names(day, &[], &[]);
                check.demand(&day.extra, day.day.is_some(), "day");
                if let Some(day) = &day.day {
                    check.value("day", day.as_str(), Weekday::REGISTERED);
                }
                if day.nth_of_period == Some(0) {
                    check.fails(OUT_OF_RANGE, "nthOfPeriod", "there is no day number 0");
                }
            });
        }
    });
}

fn lists(rule: &RecurrenceRule, check: &mut Check) {
    // Years of other calendars have more days, weeks and months.
    let gregorian = rule.rscale.as_deref().is_none_or(|it| it.eq_ignore_ascii_case("gregorian"));
    let (days, year_days, weeks) = if gregorian { (31, 366, 53) } else { (40, 400, 60) };
    each(check, "byMonthDay", &rule.by_month_day, |day| *day != 0 && day.abs() <= days);
    each(check, "byYearDay", &rule.by_year_day, |day| *day != 0 && day.abs() <= year_days);
    each(check, "byWeekNo", &rule.by_week_no, |week| *week != 0 && week.abs() <= weeks);
    each(check, "byMonth", &rule.by_month, |month| is_month(month, gregorian));
    each(check, "byHour", &rule.by_hour, |hour| *hour <= 23);
    each(check, "byMinute", &rule.by_minute, |minute| *minute <= 59);
    each(check, "bySecond", &rule.by_second, |second| *second <= 60);
    each(check, "bySetPosition", &rule.by_set_position, |position| *position != 0);
}

fn each<T: Display>(check: &mut Check, name: &str, list: &[T], is_right: impl Fn(&T) -> bool) {
    check.at(name, |check| {
        for (index, value) in list.iter().enumerate().filter(|(_, value)| !is_right(value)) {
            check.fails(OUT_OF_RANGE, &index.to_string(), format!("{value} is out of range"));
        }
    });
}

/// `1` to `12`; in calendars with leap months those have an `L` behind their number, and there may be 13.
fn is_month(text: &str, gregorian: bool) -> bool {
    let digits = if gregorian { text } else { text.strip_suffix('L').unwrap_or(text) };
    let last = if gregorian { 12 } else { 13 };
    let canonical = !digits.starts_with(['0', '+']);
    canonical && digits.parse::<u8>().is_ok_and(|month| (1..=last).contains(&month))
}
