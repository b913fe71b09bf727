//! The rules of a [`TimeZone`] in the terms of [`CustomZone`](crate::CustomZone).

use crate::{NDay, Observance, RecurrenceRule, TimeZone, TimeZoneRule, UtcDateTime};

pub(super) fn observances(zone: &TimeZone) -> Option<Vec<Observance>> {
    let standard = zone.standard.iter().map(|rule| (rule, false));
    let daylight = zone.daylight.iter().map(|rule| (rule, true));
    let each: Option<Vec<_>> =
        standard.chain(daylight).map(|(rule, daylight)| of_rule(rule, daylight)).collect();
    Some(each?.into_iter().flatten().collect())
}

/// One for each of its recurrence rules, or just one.
fn of_rule(rule: &TimeZoneRule, daylight: bool) -> Option<Vec<Observance>> {
    let from = offset(rule.offset_from.as_deref()?)?;
    let mut first = Observance::new(rule.start?, from, offset(rule.offset_to.as_deref()?)?);
    first.daylight = daylight;
    let rules = rule.recurrence_rules.iter().map(|rule| rule_text(rule)?.parse().ok());
    let rules: Vec<_> = rules.collect::<Option<_>>()?;
    let mut observances = vec![first; rules.len().max(1)];
    for (observance, rule) in observances.iter_mut().zip(rules) {
        observance.rule = Some(rule);
    }
    if let Some(first) = observances.first_mut() {
        first.name = rule.names.iter().next().cloned();
        first.dates = rule.recurrence_overrides.keys().copied().collect();
    }
    Some(observances)
}

/// Seconds of `+0100`, `-03:30`, `+012345`.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits.replace(':', "")),
        ("-", digits) => (-1, digits.replace(':', "")),
        _ => return None,
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<i32>().ok());
    Some(sign * (part(0)? * 3600 + part(2)? * 60 + part(4).unwrap_or(0)))
}

/// The rule in the form of RFC 5545, in which time zones have theirs; `None` if it has parts that none has.
fn rule_text(rule: &RecurrenceRule) -> Option<String> {
    use std::fmt::Write as _;

    let RecurrenceRule { frequency, interval, by_day, by_month, by_month_day, by_year_day, .. } =
        rule;
    let unusual = rule.rscale.is_some()
        || !(rule.by_week_no.is_empty() && rule.by_set_position.is_empty())
        || !rule.extra.is_empty();
    if unusual {
        return None;
    }
    let mut text = format!("FREQ={}", frequency.as_ref()?.as_str().to_ascii_uppercase());
    let mut part = |name: &str, values: Vec<String>| {
        if !values.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(text, ";{name}={}", values.join(","));
        }
    };
    part("INTERVAL", interval.iter().map(u64::to_string).collect());
    part("COUNT", rule.count.iter().map(u64::to_string).collect());
    part("UNTIL", rule.until.iter().map(|it| basic(UtcDateTime::from_utc_clock(*it))).collect());
    part("BYMONTH", by_month.clone());
    part("BYMONTHDAY", by_month_day.iter().map(i64::to_string).collect());
    part("BYYEARDAY", by_year_day.iter().map(i64::to_string).collect());
    part("BYDAY", by_day.iter().map(weekday).collect::<Option<_>>()?);
    part("BYHOUR", rule.by_hour.iter().map(u64::to_string).collect());
    part("BYMINUTE", rule.by_minute.iter().map(u64::to_string).collect());
    part("BYSECOND", rule.by_second.iter().map(u64::to_string).collect());
    Some(text)
}

fn weekday(day: &NDay) -> Option<String> {
    let nth = day.nth_of_period.map(|nth| nth.to_string()).unwrap_or_default();
    Some(format!("{nth}{}", day.day.as_ref()?.as_str().to_ascii_uppercase()))
}

/// The form of iCalendar: `20260301T090000Z`.
fn basic(instant: UtcDateTime) -> String {
    instant.truncated().to_string().replace(['-', ':'], "")
}
