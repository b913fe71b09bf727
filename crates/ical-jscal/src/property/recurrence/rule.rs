//! The RECUR value (RFC 5545, section 3.3.10; RFC 7529) and `RecurrenceRule`, both directions.

use std::fmt::Write;

use jscalendar::{Frequency, LocalDateTime, NDay, RecurrenceRule, Skip, Weekday};

use crate::draft::Clock;
use crate::value::{Form, Moment};

/// Reads a rule. Parts with names that nobody registered are left out; the caller keeps the text.
///
/// # Errors
///
/// What is wrong with it, if it is no rule or one that JSCalendar cannot say.
pub(crate) fn parse(text: &str, clock: &Clock) -> Result<RecurrenceRule, &'static str> {
    let mut rule = RecurrenceRule::default();
    for part in text.split(';').map(str::trim_ascii).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').ok_or("a rule with a part that has no value")?;
        read_part(&mut rule, name, value, clock).ok_or("a rule with a part that cannot be read")?;
    }
    if rule.frequency.as_ref().is_none_or(Frequency::is_other) {
        return Err("a rule without a frequency that is known");
    }
    if rule.count.is_some() && rule.until.is_some() {
        return Err("a rule with both COUNT and UNTIL");
    }
    Ok(rule)
}

fn read_part(rule: &mut RecurrenceRule, name: &str, value: &str, clock: &Clock) -> Option<()> {
    match name.to_ascii_uppercase().as_str() {
        "FREQ" => rule.frequency = Some(Frequency::from(value.to_ascii_lowercase())),
        "INTERVAL" => rule.interval = Some(positive(value)?).filter(|interval| *interval != 1),
        "COUNT" => rule.count = Some(positive(value)?),
        "UNTIL" => rule.until = Some(until(value, clock)?),
        "WKST" => {
            rule.first_day_of_week = Some(weekday(value)?).filter(|day| *day != Weekday::Monday)
        }
        "RSCALE" => {
            rule.rscale = Some(value.to_ascii_lowercase()).filter(|rscale| rscale != "gregorian")
        }
        "SKIP" => {
            let skip = Skip::from(value.to_ascii_lowercase());
            if skip.is_other() {
                return None;
            }
            rule.skip = Some(skip).filter(|skip| *skip != Skip::Omit);
        }
        "BYDAY" => rule.by_day = list(value, nday)?,
        "BYMONTHDAY" => rule.by_month_day = list(value, |day| signed(day, 31))?,
        "BYMONTH" => rule.by_month = list(value, month)?,
        "BYYEARDAY" => rule.by_year_day = list(value, |day| signed(day, 366))?,
        "BYWEEKNO" => rule.by_week_no = list(value, |week| signed(week, 53))?,
        "BYHOUR" => rule.by_hour = list(value, |hour| unsigned(hour, 23))?,
        "BYMINUTE" => rule.by_minute = list(value, |minute| unsigned(minute, 59))?,
        "BYSECOND" => rule.by_second = list(value, |second| unsigned(second, 60))?,
        "BYSETPOS" => rule.by_set_position = list(value, |position| signed(position, 366))?,
        _ => {}
    }
    Some(())
}

fn list<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.split(',').map(str::trim_ascii).map(read).collect()
}

fn positive(value: &str) -> Option<u64> {
    value.parse().ok().filter(|number| (1..1 << 53).contains(number))
}

fn signed(value: &str, limit: i64) -> Option<i64> {
    value.parse().ok().filter(|number: &i64| *number != 0 && (-limit..=limit).contains(number))
}

fn unsigned(value: &str, limit: u64) -> Option<u64> {
    value.parse().ok().filter(|number| *number <= limit)
}

/// A month of any calendar: leap months have an `L` behind their number.
fn month(value: &str) -> Option<String> {
    let digits = value.strip_suffix(['L', 'l']).unwrap_or(value);
    let number: u8 = digits.parse().ok().filter(|number| (1..=13).contains(number))?;
    Some(if digits.len() < value.len() { format!("{number}L") } else { number.to_string() })
}

fn weekday(value: &str) -> Option<Weekday> {
    Some(Weekday::from(value.to_ascii_lowercase())).filter(|day| !day.is_other())
}

fn nday(value: &str) -> Option<NDay> {
    let (number, day) = value.split_at_checked(value.len().checked_sub(2)?)?;
    let day = weekday(day)?;
    if number.is_empty() {
        return Some(NDay::new(day));
    }
    let number = signed(number.strip_prefix('+').unwrap_or(number), 53)?;
    Some(NDay::nth(number, day))
}

/// UNTIL on the clock of the series. A UTC time is converted, everything else is taken as it stands.
fn until(value: &str, clock: &Clock) -> Option<LocalDateTime> {
    let moment = Moment::parse(value)?;
    if clock.form == Some(Form::Date) {
        // A series of dates ends on a date, whatever time stands beside it.
        return Some(moment.local.at_midnight());
    }
    match (moment.utc(), clock.rules()) {
        (Some(utc), Some(rules)) => rules.local_at(utc.unix_seconds()),
        _ => Some(moment.local),
    }
}

/// Whether UNTIL is a date.
pub(crate) fn has_date_until(text: &str) -> bool {
    text.split(';').filter_map(|part| part.split_once('=')).any(|(name, value)| {
        name.trim_ascii().eq_ignore_ascii_case("UNTIL")
            && Moment::parse(value).is_some_and(|moment| moment.form == Form::Date)
    })
}

/// Writes a rule, or nothing if iCalendar cannot say it.
pub(crate) fn write(rule: &RecurrenceRule, clock: &Clock) -> Option<String> {
    if !rule.extra.is_empty() || (rule.count.is_some() && rule.until.is_some()) {
        return None;
    }
    let mut out = String::with_capacity(64);
    let skip = rule.skip.as_ref().filter(|skip| **skip != Skip::Omit);
    match &rule.rscale {
        Some(rscale) if rscale != "gregorian" => {
            // It becomes part of the line, so it must be a name.
            let plain = !rscale.is_empty()
                && rscale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            plain.then(|| write!(out, "RSCALE={};", rscale.to_ascii_uppercase()))?.ok()?;
        }
        _ if skip.is_some() => out.push_str("RSCALE=GREGORIAN;"),
        _ => {}
    }
    let frequency = rule.frequency.as_ref().filter(|frequency| !frequency.is_other())?;
    write!(out, "FREQ={}", frequency.as_str().to_ascii_uppercase()).ok()?;
    if let Some(interval) = rule.interval.filter(|interval| *interval != 1) {
        write!(out, ";INTERVAL={}", in_range(interval, 1, u64::MAX >> 11)?).ok()?;
    }
    if let Some(count) = rule.count {
        write!(out, ";COUNT={}", in_range(count, 1, u64::MAX >> 11)?).ok()?;
    }
    if let Some(until) = rule.until {
        out.push_str(";UNTIL=");
        write_until(until.truncated(), clock, &mut out);
    }
    write_list(&mut out, "BYMONTH", &rule.by_month, |month| self::month(month))?;
    write_list(&mut out, "BYWEEKNO", &rule.by_week_no, |week| bounded(*week, 53))?;
    write_list(&mut out, "BYYEARDAY", &rule.by_year_day, |day| bounded(*day, 366))?;
    write_list(&mut out, "BYMONTHDAY", &rule.by_month_day, |day| bounded(*day, 31))?;
    write_list(&mut out, "BYDAY", &rule.by_day, day_text)?;
    write_list(&mut out, "BYHOUR", &rule.by_hour, |hour| in_range(*hour, 0, 23))?;
    write_list(&mut out, "BYMINUTE", &rule.by_minute, |minute| in_range(*minute, 0, 59))?;
    write_list(&mut out, "BYSECOND", &rule.by_second, |second| in_range(*second, 0, 60))?;
    write_list(&mut out, "BYSETPOS", &rule.by_set_position, |position| bounded(*position, 366))?;
    if let Some(day) = rule.first_day_of_week.as_ref().filter(|day| **day != Weekday::Monday) {
        write!(out, ";WKST={}", known_day(day)?).ok()?;
    }
    if let Some(skip) = skip {
        let known = (!skip.is_other()).then(|| skip.as_str().to_ascii_uppercase())?;
        write!(out, ";SKIP={known}").ok()?;
    }
    Some(out)
}

fn write_list<T, W: std::fmt::Display>(
    out: &mut String,
    name: &str,
    items: &[T],
    text: impl Fn(&T) -> Option<W>,
) -> Option<()> {
    for (at, item) in items.iter().enumerate() {
        if at == 0 {
            write!(out, ";{name}={}", text(item)?).ok()?;
        } else {
            write!(out, ",{}", text(item)?).ok()?;
        }
    }
    Some(())
}

fn bounded(number: i64, limit: i64) -> Option<i64> {
    (number != 0 && (-limit..=limit).contains(&number)).then_some(number)
}

fn in_range(number: u64, from: u64, to: u64) -> Option<u64> {
    (from..=to).contains(&number).then_some(number)
}

fn known_day(day: &Weekday) -> Option<String> {
    (!day.is_other()).then(|| day.as_str().to_ascii_uppercase())
}

fn day_text(day: &NDay) -> Option<String> {
    if !day.extra.is_empty() {
        return None;
    }
    let name = known_day(day.day.as_ref()?)?;
    match day.nth_of_period {
        None => Some(name),
        Some(number) => Some(format!("{}{name}", bounded(number, 53)?)),
    }
}

/// UNTIL in the form that the start has: a date, a floating time, or UTC (RFC 5545, section 3.3.10).
fn write_until(until: LocalDateTime, clock: &Clock, out: &mut String) {
    let moment = match (clock.form, clock.rules()) {
        (Some(Form::Date), _) => Moment { local: until, form: Form::Date },
        (_, Some(rules)) => {
            let instant = jscalendar::UtcDateTime::from_unix_seconds(rules.instant_of(until));
            match instant {
                Some(utc) => Moment { local: utc.to_utc_clock(), form: Form::Utc },
                None => Moment { local: until, form: Form::Local },
            }
        }
        _ => Moment { local: until, form: Form::Local },
    };
    moment.write(out);
}

/// Whether two texts are one rule: the same parts in any order, defaults aside, the order within lists aside.
pub(crate) fn same_text(one: &str, two: &str) -> bool {
    one.eq_ignore_ascii_case(two)
        || parts(&one.to_ascii_uppercase()) == parts(&two.to_ascii_uppercase())
}

fn parts(upper: &str) -> Vec<(&str, Vec<&str>)> {
    const DEFAULTS: &[&str] = &["INTERVAL=1", "WKST=MO", "RSCALE=GREGORIAN", "SKIP=OMIT"];
    let said = upper
        .split(';')
        .map(str::trim_ascii)
        .filter(|part| !part.is_empty() && !DEFAULTS.contains(part));
    let mut parts: Vec<(&str, Vec<&str>)> = said
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let mut values: Vec<&str> = value.split(',').map(canonical).collect();
            values.sort_unstable();
            (name, values)
        })
        .collect();
    parts.sort_unstable();
    parts
}

/// `+1MO` and `1MO`, `01` and `1` are the same.
fn canonical(item: &str) -> &str {
    let item = item.strip_prefix('+').unwrap_or(item);
    let short = item.trim_start_matches('0');
    if short.is_empty() || item.len() > 3 { item } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(text: &str) -> Option<String> {
        let clock = Clock { form: Some(Form::Local), zone: None };
        write(&parse(text, &clock).ok()?, &clock)
    }

    #[test]
    fn rules_both_ways() {
        for text in [
            "FREQ=WEEKLY;INTERVAL=2;COUNT=6;BYDAY=MO,TH",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=8;SKIP=FORWARD",
            "RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD",
            "FREQ=DAILY;UNTIL=20240201T100000",
        ] {
            assert_eq!(round(text).as_deref(), Some(text));
        }
        assert_eq!(
            round("freq=monthly;byday=-1fr;interval=1;wkst=mo").as_deref(),
            Some("FREQ=MONTHLY;BYDAY=-1FR")
        );
    }

    #[test]
    fn what_no_rule_can_say_is_refused() {
        for bad in [
            "FREQ=FORTNIGHTLY",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;COUNT=0",
            "FREQ=DAILY;COUNT=2;UNTIL=20240101",
            "COUNT=2",
            "FREQ=DAILY;BYDAY=0MO",
            "FREQ=DAILY;BYDAY=XX",
            "FREQ=DAILY;BYHOUR=24",
            "FREQ=DAILY;BYDAY=é",
            "FREQ",
            "FREQ=DAILY;BYMONTH=",
        ] {
            assert_eq!(round(bad), None, "{bad}");
        }
    }

    #[test]
    fn text_is_compared_by_meaning() {
        assert!(same_text("FREQ=DAILY;COUNT=2", "count=02;freq=daily;interval=1"));
        assert!(same_text("FREQ=MONTHLY;BYDAY=1MO,2TU", "FREQ=MONTHLY;BYDAY=2TU,+1MO"));
        assert!(!same_text("FREQ=DAILY;COUNT=20", "FREQ=DAILY;COUNT=2"));
        assert!(!same_text("FREQ=DAILY;X-A=1", "FREQ=DAILY"));
    }
}
